"""Reading the package's own CSV files: one place, cached, through ``importlib.resources``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

LIST_SEPARATOR = ";"
T = TypeVar("T")


class Certainty(StrEnum):
    """How well the source of a value is known; shown wherever the value is used."""

    VERIFIED = "verified"
    MEMORY_HIGH = "memory_high"
    MEMORY_MEDIUM = "memory_medium"
    MEMORY_LOW = "memory_low"
    DESIGN = "design"


def read_text(name: str) -> str:
    """Text of a data file of this package, for example ``plans.csv``."""
    return files("jingtu.law").joinpath("data").joinpath(*name.split("/")).read_text("utf-8")


@cache
def read_records(name: str) -> tuple[dict[str, str], ...]:
    """Records of a CSV data file, every cell as text, in the printed order."""
    return tuple(csv.DictReader(io.StringIO(read_text(name), newline="")))


def names_under(folder: str, suffix: str) -> tuple[str, ...]:
    """Names of the data files of a folder, sorted, without the suffix."""
    found = files("jingtu.law").joinpath("data").joinpath(folder).iterdir()
    return tuple(sorted(f.name.removesuffix(suffix) for f in found if f.name.endswith(suffix)))


def day_or_none(text: str) -> date | None:
    """A stored ISO day, or ``None`` for an empty cell."""
    return date.fromisoformat(text) if text else None


def split(text: str) -> tuple[str, ...]:
    """Items of a stored list cell; an empty cell has none."""
    return tuple(part for part in text.split(LIST_SEPARATOR) if part)


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """The different values in the order of their first appearance."""
    return tuple(dict.fromkeys(values))
