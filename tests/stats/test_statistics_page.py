"""The examples of docs/statistics.md hold, and the modules it names exist."""

from __future__ import annotations

import doctest
import importlib
import re

from jingtu.config.instance import CHECKOUT

PAGE = CHECKOUT / "docs" / "statistics.md"


def test_examples_hold() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 10
    assert outcome.failed == 0


def test_modules_exist() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## 作为程序库")[2]
    names = [name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert len(names) == 15
    for name in names:
        importlib.import_module(f"jingtu.science.{name}")
