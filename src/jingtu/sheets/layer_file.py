"""A GeoPackage to take away: a sheet's columns under their headings, the surfaces, and how QGIS shall draw them."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jingtu.sheets.spec import SheetSpec

_STAMP: Final = "2021-01-01T00:00:00.000Z"  # a fixed stamp keeps equal layers equal byte for byte
_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
  f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT, ui TEXT, update_time DATETIME);
"""
_REGISTERED: Final = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id)"
    " VALUES ('layer_styles', 'attributes', 'layer_styles', ?, 0)"
)
_STYLE: Final = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,"
    " styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', ?)"
)


def layer_file(
    spec: SheetSpec,
    rows: Sequence[Mapping[str, str]],
    surfaces: Sequence[BaseGeometry],
    name: str,
    style: str = "",
) -> bytes:
    """A layer in CGCS2000 degrees that the sheet reads back without a difference; ``style`` is a QML document.

    The same rows are the same bytes. Every attribute is text, as a sheet's cells are.
    """
    import pyogrio  # only who takes a layer away needs it
    from pyogrio.raw import write

    columns = [column for column in spec.columns if column.label != spec.geometry]
    fields = [np.array([row.get(column.name, "") for row in rows], dtype=object) for column in columns]
    shapes = shapely.to_wkb(np.array(list(surfaces), dtype=object))
    with tempfile.TemporaryDirectory(prefix="jingtu-layer-") as folder:
        path = Path(folder) / "layer.gpkg"
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})
        write(
            str(path), shapes, fields, [column.label for column in columns], layer=name, driver="GPKG",
            geometry_type="MultiPolygon", promote_to_multi=True, crs="EPSG:4490", geometry_name="geom",
        )  # fmt: skip
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        if style:
            _add_style(path, name, style)
        return path.read_bytes()


def _add_style(path: Path, name: str, style: str) -> None:
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(_STYLES)
        opened.execute(_REGISTERED, [_STAMP])
        opened.execute(_STYLE, [name, name, style, _STAMP])
        opened.commit()
