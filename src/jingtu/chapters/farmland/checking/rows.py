"""A sheet of the chapter row by row, and what a clerk must mend in a cell."""

from __future__ import annotations

from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from jingtu.plain.issues import Issue, Severity
from jingtu.sheets.reading import Reading

CLERK: Final = "经办人"


def rows_of(reading: Reading, wanted: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The sheet row by row, ``_row`` being the number in the file; wanted columns that it leaves out are blank."""
    names = list(reading.columns)
    columns = [reading.columns[name] for name in names]
    blank = dict.fromkeys(wanted)
    return [
        {**blank, **dict(zip(names, values, strict=True)), "_row": row}
        for row, values in zip(reading.rows, zip(*columns, strict=True), strict=True)
    ]


def fault(
    code: str, row: dict[str, Any], column: str, message: str, cure: str, *, warn: bool = False, clause: str = ""
) -> Issue:
    """What a clerk must mend (or, as a warning, look at) in one cell."""
    severity = Severity.WARNING if warn else Severity.BLOCKING
    found = row.get(column)
    value = _where(row, found) if isinstance(found, BaseGeometry) else str(found or "")
    return Issue(code, severity, message, cure, row=row["_row"], column=column, value=value, who=CLERK, clause=clause)


def _where(row: dict[str, Any], ground: BaseGeometry) -> str:
    """A surface by the name its row has and a place on it: nobody reads a boundary in coordinates."""
    place = ground.representative_point()
    name = row.get("number") or row.get("name") or ""
    return f"{name} 东经 {place.x:.5f}°，北纬 {place.y:.5f}°".strip()
