"""Faults of ``faults.csv`` put into clean files at places drawn from a seed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jingtu.demonstration.workbooks import HEADING_ROWS, Row, filled
from jingtu.sheets.spec import SheetSpec

TABLE = Path(__file__).parent / "faults.csv"
FAULTS_A_FILE = 7


@dataclass(frozen=True)
class Fault:
    """One kind of fault: where, how, and what the checker must say."""

    sheet: str
    fault: str
    column: str
    deed: str
    values: tuple[str, ...]
    code: str
    severity: str
    also: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Injected:
    """A fault at its place in a file: the row among the data, and the heading under which it must be told."""

    fault: Fault
    row: int
    column: str
    code: str


@cache
def faults(sheet: str) -> tuple[Fault, ...]:
    """The kinds of fault of a sheet."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["sheet"] == sheet]
    return tuple(
        Fault(**{**row, "values": tuple(row["values"].split("|")), "also": tuple(filter(None, row["also"].split(";")))})
        for row in rows
    )


def spoil(
    spec: SheetSpec, rows: Sequence[Row], kinds: Sequence[Fault], chance: random.Random
) -> tuple[list[Row], list[Injected]]:
    """Each kind of fault once, each in a row of its own (never the first: it is what the others are held to)."""
    spoilt = [dict(row) for row in rows]
    places = chance.sample(range(1, len(rows)), len(kinds))
    injected, dropped = [], []
    for place, fault in zip(places, kinds, strict=True):
        code, _at, column = fault.code.partition("@")
        told_at = place
        if fault.deed == "drop":
            dropped.append(place)
            told_at = 0
        elif fault.deed == "copy":
            spoilt.append(dict(spoilt[place]))
            told_at = len(spoilt) - 1
        else:
            _change(spoilt, place, fault, chance)
        injected.append(Injected(fault, told_at, spec.column(column or fault.column).heading(), code))
    gone = sorted(dropped)
    kept = [row for place, row in enumerate(spoilt) if place not in gone]
    moved = [
        Injected(each.fault, each.row - sum(at < each.row for at in gone), each.column, each.code) for each in injected
    ]
    return list(kept), moved


def _change(rows: list[dict[str, str | date]], place: int, fault: Fault, chance: random.Random) -> None:
    row, value = rows[place], chance.choice(fault.values)
    if fault.deed == "set":
        row[fault.column] = value
        if fault.code == "evidence.limit.missing":
            row["detection_limit"] = ""
        if fault.code == "monitoring.receipt.reason":
            row["message"] = ""
    elif fault.deed == "swap":
        row[fault.column], row[value] = row[value], row[fault.column]
    elif fault.deed == "same":
        row[fault.column] = row[value]
    elif fault.deed == "add":
        row[fault.column] = f"{float(str(row[fault.column])) + float(value):.6f}"
    elif fault.deed == "other":
        others = [each[fault.column] for each in rows if str(each[fault.column])[:4] != str(row[fault.column])[:4]]
        row[fault.column] = chance.choice(others or [each[fault.column] for each in rows if each is not row])
    else:
        raise ValueError(f"no such deed: {fault.deed}")


def as_csv(spec: SheetSpec, rows: Sequence[Row]) -> bytes:
    """The rows as a text file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.heading() for column in spec.columns])
    writer.writerows([[row.get(column.name, "") for column in spec.columns] for row in rows])
    return out.getvalue().encode("utf-8")


def written(spec: SheetSpec, rows: Sequence[Row], form: str) -> tuple[bytes, int]:
    """The file, and how many rows stand above its first row of data."""
    return (as_csv(spec, rows), 1) if form == "csv" else (filled(spec, rows), HEADING_ROWS)
