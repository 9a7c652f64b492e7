"""The examples in the docstrings of the law and of days, calendar and identifiers."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    "jingtu.law.clauses",
    "jingtu.law.codes",
    "jingtu.law.governing_day",
    "jingtu.law.instruments",
    "jingtu.law.regions",
    "jingtu.law.views",
    "jingtu.plain.calendar",
    "jingtu.plain.days",
    "jingtu.plain.identifiers",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
