"""A map as GeoTIFF, written by the GDAL that comes with pyogrio, through GeoDjango's raster class.

GeoDjango's GDAL classes want settings that name the libraries, and nothing else of Django: no database, no apps.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from jingtu.cli.krige_file import Floats
from jingtu.cli.krige_work import Mapped

NO_DATA: Final = -9999.0
_SPREAD: Final = "kriging standard error mg/kg"
_FLOAT32: Final = 6
_LOCAL: Final = 'LOCAL_CS["local plane coordinates",UNIT["metre",1]]'


def bands(found: Mapped) -> list[tuple[str, Floats]]:
    """The bands of a map and what each holds, in the order in which they are written."""
    names = ("median mg/kg", "kriging standard error of ln") if found.logged else ("estimate mg/kg", _SPREAD)
    held = list(zip(names, (found.estimate_mg_kg, found.spread), strict=True))
    if found.exceedance:
        told = f"probability above {found.exceedance.threshold.value:g} mg/kg"
        errors = "lognormal" if found.logged else "normal"
        held.append((f"{told}, {errors} errors", found.exceedance.normal))
        if found.exceedance.indicator:
            held.append((f"{told}, indicator kriging", found.exceedance.indicator.probability))
    return held


def geotiff(found: Mapped) -> bytes:
    """All bands as 32-bit floats, north up, with the coordinate system where it is known."""
    raster_class = _raster_class()
    grid, held = found.map.grid, bands(found)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.tif"
        raster = raster_class(
            {
                "driver": "GTiff",
                "name": str(path),
                "width": grid.columns,
                "height": grid.rows,
                "datatype": _FLOAT32,
                "srid": found.points.plane.reference or _LOCAL,
                "origin": (grid.west_m, grid.north_m),
                "scale": (grid.cell_m, -grid.cell_m),
                "nr_of_bands": len(held),
                "papsz_options": {"compress": "deflate", "tiled": "no"},
                "bands": [_band(grid.rows, grid.columns, values) for _, values in held],
            }
        )
        for band, (told, _) in zip(raster.bands, held, strict=True):
            band.metadata = {"DEFAULT": {"DESCRIPTION": told}}
        raster.metadata = {"DEFAULT": {"AREA_OR_POINT": "Area", "TIFFTAG_SOFTWARE": "jingtu"}}
        del raster, band
        return path.read_bytes()


def _band(rows: int, columns: int, values: Floats) -> dict[str, Any]:
    return {"data": values.astype(np.float32).reshape(rows, columns), "nodata_value": NO_DATA}


def _raster_class() -> Any:
    from django.conf import settings

    from jingtu.config.libraries import gdal_library, geos_library

    if not settings.configured:
        settings.configure(GDAL_LIBRARY_PATH=gdal_library(), GEOS_LIBRARY_PATH=geos_library())
    from django.contrib.gis.gdal import GDALRaster

    return GDALRaster
