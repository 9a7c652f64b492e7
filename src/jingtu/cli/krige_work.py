"""The work of ``jingtu krige``: from points and wishes to variogram, map, cross-validation and probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from jingtu.cli.krige_file import Floats, Points
from jingtu.cli.krige_threshold import Threshold
from jingtu.science.estimates import round_step
from jingtu.science.kriging import Grid, grid_over, probability_above
from jingtu.science.soil_map import Fitted, IndicatorMap, SoilMap, fitted, indicator_map, soil_map
from jingtu.science.variogram import FEWEST_PLACES, Variogram

_CELLS_ALONG: Final = 150
_MARGIN_CELLS: Final = 3
_MOST_CELLS: Final = 25_000_000
_FEWEST_ABOVE: Final = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for beside the file; ``given`` is a variogram that is not to be fitted."""

    models: Sequence[str]
    given: Variogram | None
    cutoff_m: float | None
    lags: int
    estimator: str
    cell_m: float | None
    neighbours: int | None
    threshold: Threshold | None
    logged: bool = False


@dataclass(frozen=True, eq=False)
class Exceedance:
    """Probabilities of being above the threshold by cell, in both ways; why there is no indicator map.

    ``hidden`` counts non-detects whose limit lies above the threshold: they tell the indicator nothing.
    """

    threshold: Threshold
    normal: Floats
    indicator: IndicatorMap | None
    hidden: int
    why_not: str


@dataclass(frozen=True, eq=False)
class Mapped:
    """All that was found; ``fitted`` is missing when the variogram was given and the points are too few to show one.

    With ``logged`` variogram, kriged values and errors are those of natural logarithms of contents.
    """

    points: Points
    fitted: Fitted | None
    variogram: Variogram
    was_given: bool
    map: SoilMap
    exceedance: Exceedance | None
    logged: bool

    @property
    def estimate_mg_kg(self) -> Floats:
        """Estimated contents; with logarithms the median, since a logarithm's mean is that of the median."""
        estimate = self.map.kriged.estimate
        return np.exp(estimate) if self.logged else estimate

    @property
    def spread(self) -> Floats:
        """Kriging standard errors, in mg/kg or of the logarithm."""
        return np.asarray(np.sqrt(self.map.kriged.variance))


def work(points: Points, wanted: Wanted) -> Mapped:
    """Fit, krige, check, compare; raises ``ValueError`` with a sentence when the data allow no map."""
    _check(points, wanted)
    values = np.log(points.values) if wanted.logged else points.values
    shown = _fitted(points, values, wanted)
    variogram = wanted.given or (shown.variogram if shown else None)
    if variogram is None:
        raise ValueError("没有可用的变异函数。")
    grid = _grid(points, wanted.cell_m)
    found = soil_map(points.places_m, values, variogram, grid, wanted.neighbours)
    above = _exceedance(points, wanted, found) if wanted.threshold else None
    return Mapped(points, shown, variogram, wanted.given is not None, found, above, wanted.logged)


def _check(points: Points, wanted: Wanted) -> None:
    count = len(points)
    if count == 1:
        raise ValueError(f"只有一个点（{points.subjects[0]}）有结果和坐标，不能插值。")
    if np.ptp(points.values) == 0:
        raise ValueError(f"{count} 个点的含量都是 {points.values[0]:g} mg/kg，没有空间变化可以估计。")
    if wanted.logged and points.values.min() <= 0:
        raise ValueError("有含量为 0 的结果，不能取对数；请改写成“<检出限”，或去掉 --log。")
    if wanted.given is None and count < FEWEST_PLACES:
        raise ValueError(
            f"只有 {count} 个点，少于 {FEWEST_PLACES} 个，拟合不出变异函数；"
            "请补充样品，或用 --model、--range、--partial-sill、--nugget 直接给出。"
        )
    if wanted.neighbours and wanted.neighbours >= count:
        raise ValueError(f"--neighbours {wanted.neighbours} 不小于点数 {count}；请减小，或写 all 用全部点。")


def _fitted(points: Points, values: Floats, wanted: Wanted) -> Fitted | None:
    """The variogram of the data; with a given model it is only shown, and may be missing."""
    try:
        return fitted(points.places_m, values, wanted.models, wanted.cutoff_m, wanted.lags, wanted.estimator)
    except ValueError:
        if wanted.given is None:
            raise
        return None


def _grid(points: Points, cell_m: float | None) -> Grid:
    """The grid over the points; its cells are a round number of metres when nothing else was asked for."""
    span = float(np.ptp(points.places_m, axis=0).max())
    cell = cell_m or round_step(span / _CELLS_ALONG)
    grid = grid_over(points.places_m, cell, _MARGIN_CELLS * cell)
    if len(grid) > _MOST_CELLS:
        raise ValueError(
            f"格网边长 {cell:g} 米需要 {len(grid):,} 格，超过 {_MOST_CELLS:,} 格；请加大 --cell，并核对坐标的单位。"
        )
    return grid


def _exceedance(points: Points, wanted: Wanted, found: SoilMap) -> Exceedance | None:
    threshold = wanted.threshold
    if threshold is None:
        return None
    bound = math.log(threshold.value) if wanted.logged else threshold.value
    normal = probability_above(found.kriged.estimate, found.kriged.variance, bound)
    told = ~(points.limits > threshold.value)
    hidden = int((~told).sum())
    places, values = points.places_m[told], points.values[told]
    above = int((values > threshold.value).sum())
    if min(above, len(values) - above) < _FEWEST_ABOVE:
        why = f"超过界限的点有 {above} 个，不超过的有 {len(values) - above} 个，有一方少于 {_FEWEST_ABOVE} 个"
        return Exceedance(threshold, normal, None, hidden, why)
    try:
        indicator = indicator_map(places, values, threshold.value, found.grid, wanted.models, wanted.neighbours)
    except ValueError as error:
        return Exceedance(threshold, normal, None, hidden, str(error).rstrip("。"))
    return Exceedance(threshold, normal, indicator, hidden, "")
