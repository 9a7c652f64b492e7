"""Cells of interpolations as files and as bands: GeoTIFF there and back, rows for tables, bands with their letters."""

from __future__ import annotations

import string
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.contrib.gis.gdal import GDALRaster
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from jingtu import law
from jingtu.chapters.farmland.facts.interpolations import Drawn
from jingtu.chapters.farmland.models import Interpolation
from jingtu.registers import documents
from jingtu.science import estimates, planes
from jingtu.science.kriging import Grid

Floats = NDArray[np.float64]

MEASURES: Final = ("content", "spread", "above")
NO_DATA: Final = -9999.0
FLOAT32: Final = 6
RELATIVE, ABSOLUTE = 1e-3, 1e-4  # within which cells made again count as the same
LIKELY: Final = (0.0, 0.05, 0.2, 0.5, 0.8, 1.0)
MOST_BANDS: Final = 8
FEW_WITH_LIMIT: Final = 0.9
NOT_EVIDENCE: Final = gettext_lazy("ESTIMATE BY KRIGING, NOT EVIDENCE 插值估计，不作为分类依据")
INVENTED: Final = gettext_lazy("DEMONSTRATION DATA 演示数据；")


@dataclass(frozen=True)
class Band:
    """A class of values with its letter; the last one holds its upper end."""

    letter: str
    low: float
    high: float

    @property
    def words(self) -> str:
        """From where to where."""
        return f"{self.low:.3g}–{self.high:.3g}"


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of an interpolation as they were kept: measures by name, from the north-west, NaN where blank."""

    grid: Grid
    zone: int
    measures: dict[str, Floats]

    def bands(self, measure: str) -> list[Band]:
        """Round classes of a measure; those of a probability are always the same."""
        values = self.measures[measure]
        if measure == "above":
            edges = list(LIKELY)
        else:
            low, high = float(np.nanmin(values)), float(np.nanmax(values))
            edges = list(MaxNLocator(MOST_BANDS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
            while len(edges) > 2 and edges[1] <= low:
                edges.pop(0)
            while len(edges) > 2 and edges[-2] >= high:
                edges.pop()
        pairs = zip(string.ascii_uppercase, edges[:-1], edges[1:], strict=False)
        return [Band(letter, round(float(low), 10), round(float(high), 10)) for letter, low, high in pairs]

    def banded(self, measure: str) -> NDArray[np.int16]:
        """The number of each cell's band, -1 where nothing is said; shape (rows, columns)."""
        values, bands = self.measures[measure], self.bands(measure)
        number = np.digitize(np.nan_to_num(values), [band.low for band in bands[1:]])
        shaped = np.where(np.isnan(values), -1, number).astype(np.int16)
        return shaped.reshape(self.grid.rows, self.grid.columns)


def filename(asked: Interpolation, ending: str) -> str:
    """The name of a file to take away; invented data say so."""
    notice = _("演示数据_") if asked.is_demonstration else ""
    name = _("%(number)s-%(analyte)s-插值估计") % {
        "number": asked.number,
        "analyte": law.analytes()[asked.analyte].name_zh,
    }
    return f"{notice}{name}.{ending}"


# --- GeoTIFF --------------------------------------------------------------------------------------------------


def geotiff(asked: Interpolation, made: Drawn) -> bytes:
    """All measures as 32-bit floats, north up, in the plane of the points; each band says what it is."""
    grid, held = made.estimate.map.grid, made.bands
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.tif"
        raster = GDALRaster(
            {
                "driver": "GTiff", "name": str(path), "width": grid.columns, "height": grid.rows, "datatype": FLOAT32,
                "srid": made.zone, "origin": (grid.west_m, grid.north_m), "scale": (grid.cell_m, -grid.cell_m),
                "nr_of_bands": len(held), "papsz_options": {"compress": "deflate", "tiled": "no"},
                "bands": [_band(grid, cells) for cells in held.values()],
            }
        )  # fmt: skip
        for band, name in zip(raster.bands, held, strict=True):
            band.metadata = {"DEFAULT": {"DESCRIPTION": _told(asked, made, name)}}
        said = (str(INVENTED) if asked.is_demonstration else "") + str(NOT_EVIDENCE)
        tags = {"AREA_OR_POINT": "Area", "TIFFTAG_SOFTWARE": "jingtu", "TIFFTAG_IMAGEDESCRIPTION": said}
        raster.metadata = {"DEFAULT": tags}
        del raster, band
        return path.read_bytes()


def _band(grid: Grid, cells: Floats) -> dict[str, Any]:
    filled = np.where(np.isnan(cells), NO_DATA, cells).astype(np.float32)
    return {"data": filled.reshape(grid.rows, grid.columns), "nodata_value": NO_DATA}


def _told(asked: Interpolation, made: Drawn, measure: str) -> str:
    if measure == "above" and made.limit is not None:
        return f"probability of {asked.analyte} above {made.limit.required_number('value_mg_kg')} mg/kg"
    if measure == "spread":
        return "kriging standard error" + (" of ln" if asked.is_logged else " mg/kg")
    return f"{asked.analyte} " + ("median" if asked.is_logged else "estimate") + " mg/kg"


def cells_of(asked: Interpolation) -> Cells:
    """The cells as they were kept, read from the file under its hash."""
    raster = GDALRaster(documents.content(asked.raster))
    told = asked.report["grid"]
    grid = Grid(told["west_m"], told["north_m"], told["cell_m"], told["columns"], told["rows"])
    names = MEASURES[: len(raster.bands)]
    found = {name: _values(band.data()) for name, band in zip(names, raster.bands, strict=True)}
    return Cells(grid, told["zone"], found)


def _values(data: Any) -> Floats:
    cells = np.asarray(data, dtype=np.float64).ravel()
    return np.where(cells == NO_DATA, np.nan, cells)


def agree(kept: Cells, made: Drawn) -> bool:
    """Whether cells made again are the kept ones: the threads of another process fit a variogram a hair differently."""
    again = made.bands
    return (
        kept.grid == made.estimate.map.grid
        and again.keys() == kept.measures.keys()
        and all(np.allclose(kept.measures[n], again[n], RELATIVE, ABSOLUTE, equal_nan=True) for n in again)
    )


def rows_of(cells: Cells) -> Iterator[list[Any]]:
    """The cells that say something: east, north, longitude, latitude, then the measures."""
    said = ~np.isnan(cells.measures["content"])
    middles = cells.grid.centres()[said]
    degrees = planes.degrees_of(cells.zone, middles).round(6)
    columns = [values[said] for values in cells.measures.values()]
    for place, own, *values in zip(middles.tolist(), degrees.tolist(), *columns, strict=True):
        yield [*place, *own, *(float(f"{value:.6g}") for value in values)]


# --- what to mind ---------------------------------------------------------------------------------------------


def warnings_of(asked: Interpolation, made: Drawn) -> Iterator[str]:
    """What an officer should know before believing the picture, in sentences."""
    found, points = made.estimate, made.points
    told = {
        estimates.FEW: _("只有 %(count)d 个点，少于通常要求的 %(wanted)d 个，变异函数不够稳定。")
        % {"count": len(found.values), "wanted": estimates.WANTED_POINTS},
        estimates.EXTRAPOLATED: _("有效变程超过了最大滞后距离，基台和变程是外推的。"),
        estimates.TOO_SURE: _("交叉验证的误差大于给出的标准差（标准化均方误差 %(msdr).2f），不确定度被低估。")
        % {"msdr": found.checked.msdr},
        estimates.TOO_UNSURE: _("交叉验证的误差小于给出的标准差（标准化均方误差 %(msdr).2f），不确定度被高估。")
        % {"msdr": found.checked.msdr},
        estimates.SKEWED: _("含量偏斜大而没有取对数，超标概率只是近似，宜取对数后再作一次。"),
        estimates.BELOW_ZERO: _("有的格子估计值小于 0，是插值方法造成的，应看作接近 0。"),
    }
    yield from (told[code] for code in found.doubts)
    yield from _warnings_of_points(made, points)


def _warnings_of_points(made: Drawn, points: Any) -> Iterator[str]:
    halved = sum(each.limit is not None for each in points.kept)
    waiting = sum(not each.is_reviewed for each in points.kept)
    if halved:
        yield _("%(count)d 个样品未检出，按检出限的一半计（HJ/T 166）。") % {"count": halved}
    if waiting:
        yield _("%(count)d 个样品所在的检测批次已入库而尚未审核。") % {"count": waiting}
    if made.merged:
        yield _("%(count)d 个样品与其他样品位置相同，取了平均。") % {"count": made.merged}
    if points.without_value:
        yield _("范围内另有 %(count)d 个土壤样品没有可用的结果，没有参加插值。") % {"count": points.without_value}
    if made.limit is None:
        yield _("没有适用的筛选值（样品缺 pH 或土地利用），不计算超标概率。")
    elif made.limit_points < FEW_WITH_LIMIT * len(points.kept):
        yield _("只有 %(count)d 个样品有 pH 和土地利用，界限由它们得出。") % {"count": made.limit_points}
