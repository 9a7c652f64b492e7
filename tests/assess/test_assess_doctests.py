"""The examples in the docstrings of the pure floors run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import jingtu.assess
import jingtu.science
import jingtu.sheets
from jingtu.plain import blocks, issues, numbers, reported, text, units


def modules() -> list[ModuleType]:
    found: list[ModuleType] = [blocks, issues, numbers, reported, text, units]
    for package in (jingtu.assess, jingtu.science, jingtu.sheets):
        names = (f"{package.__name__}.{info.name}" for info in pkgutil.iter_modules(package.__path__))
        found += [importlib.import_module(name) for name in names]
    return found


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_examples_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_there_are_examples_to_run() -> None:
    assert sum(doctest.testmod(module).attempted for module in modules()) > 40
