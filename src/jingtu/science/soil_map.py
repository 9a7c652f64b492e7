"""A map of contents with its uncertainty: variogram, kriged cells, cross-validation, probability of exceedance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jingtu.science.kriging import CrossValidation, Grid, Kriged, leave_one_out, ordinary
from jingtu.science.kriging_neighbours import near
from jingtu.science.variogram import (
    MATHERON,
    MODELS,
    Experimental,
    Fit,
    Variogram,
    best_fit,
    experimental_variogram,
)

Floats = NDArray[np.float64]

ALL_POINTS_UP_TO: Final = 2000
NEIGHBOURS: Final = 32


@dataclass(frozen=True, eq=False)
class Fitted:
    """The experimental variogram and the models fitted to it, the closest first."""

    experimental: Experimental
    fits: tuple[Fit, ...]

    @property
    def variogram(self) -> Variogram:
        """The closest model."""
        return self.fits[0].variogram


@dataclass(frozen=True, eq=False)
class SoilMap:
    """Kriged cells, and what kriging says of each place from the others; ``neighbours`` is 0 for all points."""

    grid: Grid
    kriged: Kriged
    checked: CrossValidation
    neighbours: int


@dataclass(frozen=True, eq=False)
class IndicatorMap:
    """Probability of being above a threshold by indicator kriging.

    ``above`` counts the places above it, ``clipped`` the cells whose estimate left 0 to 1 and was brought back.
    """

    fitted: Fitted
    probability: Floats
    above: int
    clipped: int


def fitted(
    places_m: ArrayLike,
    values: ArrayLike,
    models: Sequence[str] = MODELS,
    cutoff_m: float | None = None,
    lags: int = 15,
    estimator: str = MATHERON,
) -> Fitted:
    """The experimental variogram with the models fitted to it.

    *Source*: :func:`jingtu.science.variogram.experimental_variogram`, :func:`jingtu.science.variogram.best_fit`.
    """
    found = experimental_variogram(places_m, values, cutoff_m, lags, estimator)
    return Fitted(found, best_fit(found, models))


def soil_map(
    places_m: ArrayLike, values: ArrayLike, variogram: Variogram, grid: Grid, neighbours: int | None = None
) -> SoilMap:
    """Ordinary kriging of every cell, with variance and leave-one-out errors.

    *Source*: Cressie 1993, 3.2. ``neighbours`` 0 takes all points; when not given, all up to 2,000 points and the 32
    nearest beyond.

    >>> import numpy as np
    >>> from jingtu.science.kriging import grid_over
    >>> places = np.random.default_rng(3).uniform(0, 100, (40, 2))
    >>> found = soil_map(places, places[:, 0], Variogram("gaussian", 900, 60, 1), grid_over(places, 50))
    >>> found.kriged.estimate.round(0).tolist(), bool(abs(found.checked.mean_error) < 0.2)
    ([25.0, 75.0, 25.0, 75.0], True)
    """
    known = np.asarray(values, dtype=np.float64)
    size = (0 if len(known) <= ALL_POINTS_UP_TO else NEIGHBOURS) if neighbours is None else neighbours
    cells = grid.centres()
    if size:
        few = near(places_m, known, variogram, size)
        return SoilMap(grid, few.estimate(cells), few.leave_one_out(), size)
    system = ordinary(places_m, known, variogram)
    return SoilMap(grid, system.estimate_with_variance(cells), leave_one_out(system), 0)


def indicator_map(
    places_m: ArrayLike,
    values: ArrayLike,
    threshold: float,
    grid: Grid,
    models: Sequence[str] = MODELS,
    neighbours: int | None = None,
) -> IndicatorMap:
    """Probability of being above a threshold, without any assumption on how contents are distributed.

    *Source*: Journel 1983, indicator kriging: the indicator (1 above, 0 not above) is kriged with a variogram of its
    own; estimates outside 0 to 1 are brought back to the nearer end. Raises ``ValueError`` when no place or every
    place is above.
    """
    indicator = (np.asarray(values, dtype=np.float64) > threshold).astype(np.float64)
    above = int(indicator.sum())
    if above in (0, len(indicator)):
        raise ValueError("全部点都在界限的同一侧，指示克里金没有可用的变异。")
    own = fitted(places_m, indicator, models)
    found = soil_map(places_m, indicator, own.variogram, grid, neighbours).kriged.estimate
    inside = np.clip(found, 0, 1)
    return IndicatorMap(own, inside, above, int((np.abs(found - inside) > 1e-9).sum()))
