"""Contents between sampled places, with what speaks for and against them: or why nothing can be estimated.

An estimate is a help for laying out points and seeing extents. It is no evidence, and nothing that draws conclusions
takes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from jingtu.science.kriging import CrossValidation, Grid, grid_over, probability_above
from jingtu.science.soil_map import Fitted, SoilMap, fitted, soil_map
from jingtu.science.variogram import Floats, Variogram, checked_places

# Webster and Oliver 2007, 5.4: below 50 points a variogram is erratic, a hundred are wanted. 30 is our own floor.
FEWEST_POINTS: Final = 30
WANTED_POINTS: Final = 100
# Our own floor as well: how much smaller than the variance of the data the squared errors of leaving one out must be.
LEAST_SKILL: Final = 0.1
CELLS_ALONG: Final = 100
NEAR_POINTS: Final = 4  # that must lie within the effective range of a cell: a lone one makes no surface around itself
_PASSES: Final = 2  # the first finds where something can be said, the second draws it finer
_STEPS: Final = (1, 2, 5, 10)
_TRUTHFUL: Final = (0.5, 1.5)
_SKEWED: Final = 1.0

FEW, EXTRAPOLATED, TOO_SURE, TOO_UNSURE, SKEWED, BELOW_ZERO = (
    *("few_points", "range_beyond_lags", "variance_too_small", "variance_too_large", "skewed", "below_zero"),
)


class NoEstimate(ValueError):
    """The data allow no estimate; the message says why, and what would help."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """Kriged cells and where they may be believed: ``said`` is true within the points' hull, range and ground.

    With ``logged``, variogram, kriged values and errors are those of natural logarithms of contents.
    """

    values: Floats
    fitted: Fitted
    map: SoilMap
    said: NDArray[np.bool_]
    logged: bool

    @property
    def variogram(self) -> Variogram:
        """The model used: the closest of those fitted."""
        return self.fitted.variogram

    @property
    def checked(self) -> CrossValidation:
        """What is estimated of each place from the others."""
        return self.map.checked

    @property
    def content(self) -> Floats:
        """Estimated contents, NaN where nothing is said; with logarithms the median."""
        found = self.map.kriged.estimate
        return self._where_said(np.exp(found) if self.logged else found)

    @property
    def spread(self) -> Floats:
        """Kriging standard errors, in the unit of the data or of the logarithm, NaN where nothing is said."""
        return self._where_said(np.sqrt(self.map.kriged.variance))

    def above(self, threshold: float) -> Floats:
        """Probability of exceedance by cell, errors taken as normal (of the logarithm: lognormal).

        *Source*: :func:`jingtu.science.kriging.probability_above`.
        """
        bound, kriged = math.log(threshold) if self.logged else threshold, self.map.kriged
        return self._where_said(probability_above(kriged.estimate, kriged.variance, bound))

    @property
    def skill(self) -> float:
        """1 less mean squared error of leaving one out by the variance of the data: 0 is no better than the mean."""
        known = np.log(self.values) if self.logged else self.values
        return float(1 - np.mean(self.checked.error**2) / known.var())

    @property
    def doubts(self) -> list[str]:
        """What an officer should know before believing it, as codes."""
        found = {
            FEW: len(self.values) < WANTED_POINTS,
            EXTRAPOLATED: self.variogram.effective_range_m > float(self.fitted.experimental.lag_m.max()),
            TOO_SURE: self.checked.msdr > _TRUTHFUL[1],
            TOO_UNSURE: self.checked.msdr < _TRUTHFUL[0],
            SKEWED: not self.logged and float(stats.skew(self.values)) > _SKEWED,
            BELOW_ZERO: bool((self.content < 0).any()),
        }
        return [code for code, holds in found.items() if holds]

    def _where_said(self, cells: Floats) -> Floats:
        return np.where(self.said, cells, np.nan)


def estimate(
    places_m: ArrayLike, values: ArrayLike, ground: BaseGeometry | None = None, logged: bool = False
) -> Estimate:
    """Fit, krige and check contents at places; cells outside the points' hull, range or ``ground`` say nothing.

    *Source*: Cressie 1993, 3.2 (ordinary kriging), with the closest of three models. ``places_m`` has shape
    (points, 2), metres in one plane, no two the same; ``values`` are contents; ``ground`` lies in the same plane.
    Raises :class:`NoEstimate` when there are fewer than 30 points, nothing varies, no model fits, or leaving one out
    shows that the places tell nothing of each other.

    >>> import numpy as np
    >>> rng = np.random.default_rng(5)
    >>> places = rng.uniform(0, 1000, (60, 2))
    >>> found = estimate(places, 1 + np.hypot(*places.T) / 500 + rng.normal(0, 0.05, 60))
    >>> found.skill > 0.9, found.map.grid.cell_m, bool(found.said.all())
    (True, 10, False)
    """
    places, known = checked_places(places_m, values)
    _check(known, logged)
    told = np.log(known) if logged else known
    try:
        model = fitted(places, told)
        grid, said = _said(places, model.variogram, ground)
        found = soil_map(places, told, model.variogram, grid)
    except ValueError as error:
        raise NoEstimate(str(error)) from error
    made = Estimate(known, model, found, said, logged)
    if made.skill < LEAST_SKILL:
        raise NoEstimate(
            f"各点之间看不出空间上的联系：由其余各点估计每一点，误差只比直接取平均值小 {max(made.skill, 0.0):.0%}"
            f"（不足 {LEAST_SKILL:.0%}），插值没有依据。请加密布点，或直接使用各点的检测结果。"
        )
    return made


def _check(known: Floats, logged: bool) -> None:
    if len(known) < FEWEST_POINTS:
        raise NoEstimate(
            f"只有 {len(known)} 个点，少于 {FEWEST_POINTS} 个，变异函数不可靠，不作插值。"
            "请补充样品，或放宽地区和土地利用的范围。"
        )
    if np.ptp(known) == 0:
        raise NoEstimate(f"{len(known)} 个点的含量都相同，没有空间变化可以估计。")
    if logged and known.min() <= 0:
        raise NoEstimate("有含量为 0 的结果，不能取对数。请改为不取对数。")


def _said(places: Floats, variogram: Variogram, ground: BaseGeometry | None) -> tuple[Grid, NDArray[np.bool_]]:
    """A grid no larger than what can be said, and its cells among the points, near enough to some, on the ground."""
    tree = cKDTree(places)
    near, _ = tree.query(places, NEAR_POINTS + 1)
    corners = places[near[:, -1] <= variogram.effective_range_m]  # a point on its own widens no hull
    among = shapely.MultiPoint(corners).convex_hull
    among = among if ground is None else among.intersection(ground)
    shapely.prepare(among)
    if not len(corners):
        raise NoEstimate("各点彼此离得太远，超过有效变程，不能插值。请加密布点。")
    for _pass in range(_PASSES):
        grid = grid_over(corners, round_step(float(np.ptp(corners, axis=0).max()) / CELLS_ALONG))
        cells = grid.centres()
        away, _ = tree.query(cells, NEAR_POINTS)
        said = shapely.contains_xy(among, cells[:, 0], cells[:, 1]) & (away[:, -1] <= variogram.effective_range_m)
        if not said.any():
            raise NoEstimate("各点围成的范围里没有一格离采样点足够近，不能插值。请核对采样位置。")
        half = grid.cell_m / 2
        corners = np.vstack([cells[said].min(axis=0) - half, cells[said].max(axis=0) + half])
    return grid, np.asarray(said, dtype=np.bool_)


def round_step(length: float) -> float:
    """The next 1, 2 or 5 times a power of ten: the side of a cell.

    *Source*: none; round numbers are easier to read on a map.

    >>> round_step(33), round_step(0.7), round_step(100)
    (50, 1.0, 100)
    """
    power: float = 10 ** math.floor(math.log10(length))
    return next(step * power for step in _STEPS if step * power >= length)
