"""A table out of a vector file: attributes are columns, the geometry is a column of WKT in degrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import GEOSException

from jingtu.plain.issues import Issue
from jingtu.sheets.container import Container
from jingtu.sheets.faults import Place, issue, refuse
from jingtu.sheets.heading import Heading, Label, Matcher, read_label
from jingtu.sheets.projection import to_degrees
from jingtu.sheets.vector_process import read_layers
from jingtu.sheets.workbook import RawSheet

_EXACT: Final = -1


def read_vector(container: Container, match: Matcher, complete: Callable[[set[str]], bool], geometry: str) -> RawSheet:
    """The one layer of a file whose attributes ``match`` understands, its field names as the first row.

    ``geometry`` heads the column of geometries. Rows are numbered as features are, from one.
    Raises :class:`FileRefused`.
    """
    layers = [each for each in read_layers(container) if any(each["shapes"])]
    if not layers:
        raise refuse("file.vector.empty", Place(container.name))
    scored = [(_heading(each, match, geometry), each) for each in layers]
    whole = [layer for heading, layer in scored if complete(heading.keys())]
    if len(whole) > 1:
        raise refuse("file.sheet.ambiguous", Place(container.name), "、".join(each["name"] for each in whole))
    chosen = whole[0] if whole else max(scored, key=lambda pair: pair[0].score)[1]
    name = chosen["name"] if len(layers) > 1 else ""
    texts, notes = _texts(chosen, Place(container.name, name))
    container.notes += notes
    rows = [[*row, text] for row, text in zip(_rows(chosen), texts, strict=True)]
    return RawSheet(name, [[*chosen["fields"], geometry], *rows], first_row=0)


def _heading(layer: dict[str, Any], match: Matcher, geometry: str) -> Heading:
    return heading_of_fields([*layer["fields"], geometry], match)


def heading_of_fields(fields: list[str], match: Matcher) -> Heading:
    """The heading that field names make; the first of two fields of one meaning has it."""
    labels, seen = [], set()
    for field in fields:
        label = read_label(field, match)
        labels.append(Label(field) if label.key in seen else label)
        seen.add(label.key)
    return Heading(0, 1, tuple(labels))


def _rows(layer: dict[str, Any]) -> list[list[Any]]:
    return layer["rows"] or [[] for _shape in layer["shapes"]]


def _texts(layer: dict[str, Any], place: Place) -> tuple[list[str], list[Issue]]:
    try:
        shapes = shapely.from_wkb([bytes.fromhex(each) if each else None for each in layer["shapes"]])
    except (GEOSException, ValueError) as error:
        raise refuse("file.vector.damaged", place) from error
    shapes, notes = to_degrees(np.asarray(shapes, dtype=object), layer["crs"], place)
    notes.append(issue("note.vector.rows", place, str(len(shapes))))
    written = shapely.to_wkt(shapes, rounding_precision=_EXACT)
    return [text or "" for text in written], notes
