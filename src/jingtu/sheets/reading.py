"""What reading a sheet hands back, and the choices a reader may make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from shapely.geometry.base import BaseGeometry

from jingtu.plain.issues import Issue, Severity
from jingtu.plain.reported import Reported, ReportedColumn

Typed: TypeAlias = str | Decimal | int | float | date | datetime | Reported | BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of a reading: which worksheet, how large a file may be, how many like issues are listed.

    ``geometry`` heads the column of geometries, where a sheet has one; then vector files are read too.
    """

    sheet: str = ""
    max_file_bytes: int = 64 * 1024 * 1024
    max_unpacked_bytes: int = 1024 * 1024 * 1024
    max_unpack_ratio: int = 200
    issues_per_kind: int = 1000
    geometry: str = ""


@dataclass(slots=True)
class Reading:
    """A sheet as read, column by column.

    ``columns`` holds typed cells (blank text, code, choice and region cells are ``""``; other blanks ``None``;
    a cell that could not be read is blank and has an issue), ``raw`` the text as it stood in the file, ``rows`` the
    row numbers of the file. ``issues`` must be dealt with, ``notes`` only inform. ``faulty`` holds the places
    (0-based) of rows that may not be taken, complete even when the list of issues was cut short.
    """

    file: str = ""
    sheet: str = ""
    columns: dict[str, list[Typed]] = field(default_factory=dict)
    raw: dict[str, list[str]] = field(default_factory=dict)
    reported: dict[str, ReportedColumn] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    faulty: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.rows)

    def is_clean(self) -> bool:
        """Whether nothing stops acceptance."""
        return not any(issue.severity is Severity.BLOCKING for issue in self.issues)

    def add(self, issue: Issue) -> None:
        """File an issue where it belongs: notes apart from what must be dealt with."""
        (self.notes if issue.severity is Severity.NOTE else self.issues).append(issue)

    def without(self, rows: Collection[int]) -> Reading:
        """The reading as it would be had these rows of the file never stood in it."""
        left = [place for place, row in enumerate(self.rows) if row not in rows]
        new = {place: number for number, place in enumerate(left)}
        return Reading(
            file=self.file,
            sheet=self.sheet,
            columns={name: [cells[place] for place in left] for name, cells in self.columns.items()},
            raw={name: [cells[place] for place in left] for name, cells in self.raw.items()},
            reported={name: _taken(column, new) for name, column in self.reported.items()},
            rows=[self.rows[place] for place in left],
            issues=[issue for issue in self.issues if issue.row not in rows],
            notes=self.notes,
            units=self.units,
            headings=self.headings,
            faulty={new[place] for place in self.faulty if place in new},
        )

    def good_places(self) -> Sequence[int]:
        """Places (0-based) of the rows without a blocking issue."""
        return [place for place in range(len(self.rows)) if place not in self.faulty]


def _taken(column: ReportedColumn, new: Mapping[int, int]) -> ReportedColumn:
    faults = {new[place]: text for place, text in column.faults.items() if place in new}
    return ReportedColumn([column.items[place] for place in new], faults)
