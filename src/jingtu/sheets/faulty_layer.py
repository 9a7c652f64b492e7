"""A layer of the faulty features of a vector file: as they were handed in, with what is wrong and how to mend it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from jingtu.plain.issues import Issue, blocking
from jingtu.sheets.container import VECTORS, open_container
from jingtu.sheets.faults import FileRefused
from jingtu.sheets.reading import Options
from jingtu.sheets.spec import SheetSpec
from jingtu.sheets.table import text_of
from jingtu.sheets.vector import read_vector
from jingtu.sheets.workbook import RawSheet

NUMBER, FAULT, CURE, BASIS = "原文件序号", "问题", "怎样改", "依据"
_OWN: Final = (NUMBER, FAULT, CURE, BASIS)
_TAKEN: Final = ("fid", "geom")  # what a GeoPackage calls its own columns
_OF_ALL: Final = ("file.", "sheet.")  # faults of the file or its headings, not of one feature
_SURFACES: Final = ("Polygon", "MultiPolygon")


def faulty_layer(spec: SheetSpec, data: bytes, filename: str, issues: Sequence[Issue]) -> bytes | None:
    """The features that must be mended as a GeoPackage in CGCS2000 degrees; ``None`` where no feature can be shown.

    Attributes are text under the headings of the file, so that the mended layer can be handed in as it is.
    """
    sheet, found = _sheet(spec, data, filename), blocking(issues)
    if sheet is None or any(issue.code.startswith(_OF_ALL) for issue in found):
        return None
    faults: dict[int, list[Issue]] = {}
    for issue in found:
        if issue.row is not None:
            faults.setdefault(issue.row, []).append(issue)
    if not faults:
        return None
    rows = {row: sheet.rows[row - sheet.first_row] for row in sorted(faults)}
    fields = {_named(str(heading)): place for place, heading in enumerate(sheet.rows[0][:-1])}
    columns = {name: [text_of(cells[place]) for cells in rows.values()] for name, place in fields.items()}
    columns |= _told(faults)
    return _written(columns, [_shape(text_of(cells[-1])) for cells in rows.values()])


def _sheet(spec: SheetSpec, data: bytes, filename: str) -> RawSheet | None:
    try:
        container = open_container(data, filename, replace(Options(), geometry=spec.geometry))
        if container.kind not in VECTORS:
            return None
        required = {column.name for column in spec.required()}
        return read_vector(container, spec.match, required.issubset, spec.geometry)
    except FileRefused:
        return None


def _named(heading: str) -> str:
    """The heading as a column; what the layer itself or an earlier one of these layers calls so gets another name."""
    return f"原{heading}" if heading.lower() in _TAKEN or heading in _OWN else heading


def _told(faults: dict[int, list[Issue]]) -> dict[str, list[str]]:
    ordered = [faults[row] for row in sorted(faults)]
    parts = ((FAULT, "message"), (CURE, "cure"), (BASIS, "clause"))
    told = {name: ["；".join(_once(getattr(each, part) for each in own)) for own in ordered] for name, part in parts}
    return {NUMBER: [str(row) for row in sorted(faults)]} | told


def _once(words: object) -> list[str]:
    return [word.rstrip("。") for word in dict.fromkeys(words) if word]  # type: ignore[call-overload]


def _shape(text: str) -> BaseGeometry | None:
    try:
        return shapely.from_wkt(text) if text else None
    except (GEOSException, ValueError):
        return None


def _written(columns: dict[str, list[str]], shapes: Sequence[BaseGeometry | None]) -> bytes:
    from pyogrio.raw import write  # only who takes a layer away needs it

    surfaces = all(each is None or each.geom_type in _SURFACES for each in shapes)
    texts = [np.array(cells, dtype=object) for cells in columns.values()]
    with tempfile.TemporaryDirectory(prefix="jingtu-faulty-") as folder:
        path = Path(folder) / "faulty.gpkg"
        write(
            str(path), shapely.to_wkb(np.array(list(shapes), dtype=object)), texts, list(columns), layer="待更正",
            driver="GPKG", geometry_type="MultiPolygon" if surfaces else "Unknown", promote_to_multi=surfaces,
            crs="EPSG:4490", geometry_name="geom",
        )  # fmt: skip
        return path.read_bytes()
