"""What a sheet must hold: one column a row, kept as a CSV file beside the register that takes the sheet.

Columns of the file: ``name,label,aliases,guidance,kind,unit,codes,required,example``.

* ``aliases``: other headings in use, separated by ``;``.
* ``codes``: the closed list of a choice, ``code=label;code=label``, or ``@name`` for a code list of the law floor.
* ``required``: ``yes`` or ``no``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from jingtu.plain.text import fold, match_key
from jingtu.plain.units import canonical_unit
from jingtu.sheets.codes import code_list, find_code


class Kind(StrEnum):
    """What a column holds, and therefore what type its cells become."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    INTEGER = "integer"
    REPORTED = "reported"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    REGION = "region"
    LON = "lon"
    LAT = "lat"
    POLYGON = "polygon"
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, with the words an officer reads about it."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    guidance: str = ""
    kind: Kind = Kind.TEXT
    unit: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    required: bool = False
    example: str = ""
    code_list: str = ""

    def headings(self) -> tuple[str, ...]:
        """Every heading under which this column is recognised."""
        return (self.label, self.name, *self.aliases)

    def heading(self) -> str:
        """Heading of the blank workbook: label and unit."""
        return f"{self.label}({self.unit})" if self.unit else self.label

    def code_of(self, text: str) -> str | None:
        """The code meant by a cell of a choice column, by code or by label; ``None`` when it is neither."""
        if self.code_list:
            return find_code(self.code_list, text)
        key = match_key(text)
        for code, label in self.codes:
            if key in (match_key(code), match_key(label)):
                return code
        return None


@dataclass(frozen=True)
class SheetSpec:
    """A whole sheet: its name, its title, its columns in printed order.

    >>> spec = parse_spec("demo", "name,label,kind,required\\nsample,样品编号,code,yes\\n")
    >>> spec.column("sample").label, [c.name for c in spec.required()]
    ('样品编号', ['sample'])
    """

    name: str
    title: str
    columns: tuple[Column, ...]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def _by_key(self) -> dict[str, Column]:
        return {match_key(heading): column for column in self.columns for heading in column.headings()}

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` when the sheet has none."""
        return self._by_name[name]

    def find(self, heading: str) -> Column | None:
        """The column a heading of a file stands for."""
        return self._by_key.get(match_key(heading))

    def match(self, heading: str) -> str | None:
        """Name of the column a heading stands for."""
        column = self.find(heading)
        return column.name if column else None

    def expected(self) -> str:
        """The headings a file must have, in words."""
        return "、".join(column.label for column in self.required() or self.columns)

    @cached_property
    def geometry(self) -> str:
        """The heading of the column of geometries; blank when the sheet has none."""
        return next((column.label for column in self.columns if column.kind in (Kind.POLYGON, Kind.POINT)), "")

    def required(self) -> tuple[Column, ...]:
        """The columns that must be there and filled."""
        return tuple(column for column in self.columns if column.required)


def load_spec(path: Path | Traversable, title: str = "") -> SheetSpec:
    """Read a sheet specification; the sheet is named after the file."""
    return parse_spec(path.name.removesuffix(".csv"), path.read_text(encoding="utf-8-sig"), title)


def parse_spec(name: str, text: str, title: str = "") -> SheetSpec:
    """Build a specification from the text of its CSV; raises ``ValueError`` naming the faulty line."""
    rows = list(csv.DictReader(io.StringIO(text)))
    columns = tuple(_column(name, number, row) for number, row in enumerate(rows, start=2))
    _refuse_doubles(name, columns)
    return SheetSpec(name, title or name, columns)


def _column(sheet: str, number: int, row: dict[str, str | None]) -> Column:
    cell = {key: (value or "").strip() for key, value in row.items() if key}
    try:
        return Column(
            name=cell["name"],
            label=cell["label"] or cell["name"],
            aliases=tuple(_parts(cell.get("aliases", ""))),
            guidance=cell.get("guidance", ""),
            kind=Kind(cell.get("kind") or "text"),
            unit=canonical_unit(cell["unit"]) if cell.get("unit") else "",
            codes=_codes(cell.get("codes", "")),
            code_list=cell.get("codes", "").removeprefix("@") if cell.get("codes", "").startswith("@") else "",
            required=_is_yes(cell.get("required", "")),
            example=cell.get("example", ""),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"sheet {sheet}, line {number}: {error}") from error


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in fold(text).split(";") if part.strip())


def _is_yes(text: str) -> bool:
    if text.lower() not in ("", "yes", "no"):
        raise ValueError(f"required must be yes or no, not {text!r}")
    return text.lower() == "yes"


def _codes(text: str) -> tuple[tuple[str, str], ...]:
    if text.startswith("@"):
        return code_list(text[1:])
    pairs = (part.partition("=") for part in _parts(text))
    return tuple((code.strip(), label.strip() or code.strip()) for code, _, label in pairs)


def _refuse_doubles(sheet: str, columns: tuple[Column, ...]) -> None:
    owner: dict[str, str] = {}
    for column in columns:
        for heading in column.headings():
            other = owner.setdefault(match_key(heading), column.name)
            if other != column.name:
                raise ValueError(f"sheet {sheet}: heading {heading!r} stands for both {other} and {column.name}")
