"""Faults put into a clean workbook of results, one kind each, with the issue that each must raise."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jingtu.demonstration.cast import DATA
from jingtu.demonstration.workbooks import HEADING_ROWS, Row


@dataclass(frozen=True)
class Fault:
    """One line of ``data/faults.csv``: which row is touched, how, and what the checker must say."""

    number: int
    sample: int
    analyte: str
    deed: str
    changes: str
    column: str
    expected_code: str
    severity: str
    what: str


@dataclass(frozen=True)
class Injected:
    """A fault at its row of the file."""

    fault: Fault
    row: int


@cache
def faults() -> tuple[Fault, ...]:
    """The list of faults."""
    with (DATA / "faults.csv").open(encoding="utf-8") as file:
        return tuple(Fault(int(row.pop("number")), int(row.pop("sample")), **row) for row in csv.DictReader(file))


def inject(rows: Sequence[Row], analytes: Sequence[str]) -> tuple[list[Row], list[Injected]]:
    """Put every fault into a copy of the rows; ``analytes`` gives the code of each row."""
    spoilt, injected = [dict(row) for row in rows], []
    samples = list(dict.fromkeys(str(row["sample_code"]) for row in rows))
    places = {
        (str(row["sample_code"]), code): place for place, (row, code) in enumerate(zip(rows, analytes, strict=True))
    }
    for fault in faults():
        place = places[samples[fault.sample - 1], fault.analyte]
        if fault.deed == "copy":
            spoilt.append(dict(rows[place]))
            place = len(spoilt) - 1
        spoilt[place].update(_changes(fault))
        injected.append(Injected(fault, place + HEADING_ROWS + 1))
    return list(spoilt), injected


def _changes(fault: Fault) -> dict[str, str]:
    return dict(part.split("=", 1) for part in fault.changes.split(";") if part)
