"""Tables of a risk report, and how a cell is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jingtu.plain.numbers import significant

_NONE: Final = "—"
Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the report: title, headings, rows; numbers stay numbers until they are shown."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: int = 3


def shown(cell: Cell, digits: int = 3) -> str:
    """A cell as it is read: counts in full, other numbers in a few digits, a dash for what was not assessed."""
    if cell is None or cell == "":
        return _NONE
    if isinstance(cell, int):
        return f"{cell:,}"
    return cell if isinstance(cell, str) else significant(cell, digits)


def known_value(number: float) -> float | None:
    """A number, or nothing where it was not assessed."""
    return None if np.isnan(number) else float(number)


def width(text: str) -> int:
    """How wide a text is on a screen, Chinese letters counting two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
