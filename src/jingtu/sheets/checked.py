"""A kind of file that may be handed in, as far as the file alone can tell: its specification and its checks.

What must be asked of a database is not here, so that a laboratory can check a file before it has an account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jingtu.plain.issues import Issue
from jingtu.sheets.reading import Options, Reading
from jingtu.sheets.sheet import read_sheet
from jingtu.sheets.spec import SheetSpec, load_spec


@dataclass(frozen=True)
class FileSheet:
    """A sheet by its dotted name: title, specification, and ``check(reading, on)`` for the day of handing in."""

    name: str
    title: str
    spec_path: Path
    check: Callable[[Reading, date], list[Issue]]

    @property
    def spec(self) -> SheetSpec:
        """The sheet's specification."""
        return load_spec(self.spec_path, self.title)

    def is_whole(self, reading: Reading) -> bool:
        """Whether every required column was found, so that the checks can ask their questions."""
        required = {column.name for column in self.spec.required()}
        return bool(reading.rows) and required <= reading.columns.keys()

    def read_and_check(self, data: bytes, filename: str, on: date, options: Options | None = None) -> Reading:
        """Read a file and check it as far as no database is needed; what is wrong joins the reading's issues."""
        reading = read_sheet(self.spec, data, filename, options)
        if self.is_whole(reading):
            for issue in self.check(reading, on):
                reading.add(issue)
        return reading


def placed(issues: Iterable[Issue], reading: Reading) -> list[Issue]:
    """The issues of a check with file, worksheet and the heading under which the file has the column."""
    return [
        replace(issue, file=reading.file, sheet=reading.sheet, column=reading.headings.get(issue.column, issue.column))
        for issue in issues
    ]
