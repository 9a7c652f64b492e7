"""Vector files built for tests: two surfaces near Hongtong, one with a hole, one of two parts, in any format."""

from __future__ import annotations

import io
import json
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from pyogrio.raw import write
from pyproj import Transformer
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

HOLED = box(111.70, 36.25, 111.71, 36.26).difference(box(111.702, 36.252, 111.704, 36.254))
PARTED = MultiPolygon([box(111.72, 36.25, 111.73, 36.26), box(111.735, 36.25, 111.74, 36.26)])
SHAPES: tuple[BaseGeometry, ...] = (HOLED, PARTED)
BOWTIE = Polygon([(111.70, 36.25), (111.71, 36.26), (111.71, 36.25), (111.70, 36.26)])
FIELDS = {"单元编号": ["141024000001", "141024000002"], "村": ["演示一村", "演示二村"], "登记面积": [1350.5, 1800.25]}
DRIVERS = {"gpkg": "GPKG", "shp": "ESRI Shapefile", "geojson": "GeoJSON", "gdb": "OpenFileGDB"}


def written(
    kind: str,
    shapes: Sequence[BaseGeometry | None] = SHAPES,
    fields: dict[str, list[object]] | None = None,
    crs: str | None = "EPSG:4490",
    encoding: str | None = None,
) -> bytes:
    """A file of a kind; Shapefile and geodatabase as an archive."""
    columns = fields or {name: list(values) for name, values in FIELDS.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"单元.{kind}"
        data = [np.array(values, dtype=object if isinstance(values[0], str) else None) for values in columns.values()]
        wkb = np.array([None if each is None else each.wkb for each in shapes], dtype=object)
        mixed = "MultiPolygon" if any(each is not None and each.geom_type[0] == "M" for each in shapes) else "Polygon"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cut field names, no coordinate system: what the tests are about
            write(
                str(path), wkb, data, list(columns), geometry_type="Unknown" if kind == "geojson" else mixed, crs=crs,
                driver=DRIVERS[kind], encoding=encoding, promote_to_multi=mixed == "MultiPolygon" and kind != "geojson",
            )  # fmt: skip
        if kind in ("gpkg", "geojson"):
            return path.read_bytes()
        return zipped(
            {str(each.relative_to(folder)): each.read_bytes() for each in Path(folder).rglob("*.*") if each.is_file()}
        )


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def members(archive: bytes) -> dict[str, bytes]:
    """What an archive holds."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def without(archive: bytes, *extensions: str) -> bytes:
    """An archive without the members of these extensions."""
    return zipped({name: content for name, content in members(archive).items() if not name.endswith(extensions)})


def projected(code: int, shapes: Sequence[BaseGeometry] = SHAPES) -> list[BaseGeometry]:
    """The surfaces in a projection of CGCS2000 or WGS 84."""
    base = 4490 if 4490 <= code < 4600 else 4326
    way = Transformer.from_crs(base, code, always_xy=True)
    return [shapely.transform(each, lambda at: np.column_stack(way.transform(at[:, 0], at[:, 1]))) for each in shapes]


def collection(shapes: Sequence[BaseGeometry], crs: str = "") -> bytes:
    """A GeoJSON text, with the old way to name a coordinate system where one is given."""
    features = [
        {"type": "Feature", "properties": {"村": "演示村"}, "geometry": shapely.geometry.mapping(each)}
        for each in shapes
    ]
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    return json.dumps({"type": "FeatureCollection", **named, "features": features}).encode()
