"""Ranges within which a soil result is common or possible: the office's own settings, not law.

They catch slips of units. Outside the common range is a warning; outside the possible range the file is not taken.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "sheets" / "plausible.csv"


@dataclass(frozen=True)
class Range:
    """Common and possible values of an analyte, in its standard unit."""

    common_to: Decimal | None
    possible_from: Decimal
    possible_to: Decimal


@cache
def ranges() -> dict[str, Range]:
    """The ranges by analyte."""
    with TABLE.open(encoding="utf-8") as file:
        return {
            row["analyte"]: Range(
                Decimal(row["common_to"]) if row["common_to"] else None,
                Decimal(row["possible_from"]),
                Decimal(row["possible_to"]),
            )
            for row in csv.DictReader(file)
        }
