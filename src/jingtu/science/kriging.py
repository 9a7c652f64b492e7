"""Ordinary kriging with all points: estimate, variance and leave-one-out errors from one Cholesky factor.

Cells are worked off in blocks, so that memory stays bounded whatever the size of the map; covariances are filled in
pieces that fit the processor's cache, by several threads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg
from scipy.spatial import cKDTree
from scipy.stats import norm

from jingtu.plain.blocks import blocks
from jingtu.science.variogram import Variogram, checked_places

Floats = NDArray[np.float64]

MOST_TOGETHER: Final = 8000
THREADS: Final = max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
_CELLS: Final = 2048
_POINTS: Final = 16
_PANEL: Final = 512


@dataclass(frozen=True, eq=False)
class Kriged:
    """Estimates and kriging variances (squared units); ``variance`` is empty when it was not asked for."""

    estimate: Floats
    variance: Floats


@dataclass(frozen=True, eq=False)
class Ordinary:
    """The kriging system of some places: what is the same for every cell is computed once.

    ``weight`` are the dual weights: an estimate is ``mean`` plus their product with the covariances; ``ones`` solves
    the system for a right side of ones.
    """

    places_m: Floats
    values: Floats
    variogram: Variogram
    factor: Floats
    mean: float
    weight: Floats
    ones: Floats

    @cached_property
    def inverse_factor(self) -> Floats:
        """The inverse of the Cholesky factor, lower triangular."""
        inverse, _ = linalg.lapack.dtrtri(self.factor, lower=1)
        return np.ascontiguousarray(np.tril(inverse))

    @cached_property
    def scaled(self) -> Floats:
        """Places in range parameters, as two rows."""
        return np.ascontiguousarray((self.places_m / self.variogram.range_m).T)

    def estimate(self, targets_m: ArrayLike) -> Kriged:
        """Estimates alone, by dual weights: one product per cell and place.

        *Source*: Chilès and Delfiner 2012, 3.4.2 (dual kriging). ``targets_m`` has shape (cells, 2).
        """
        targets = _targets(targets_m)
        out = np.empty(len(targets))
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda part: self._estimate_block(targets[part], out[part]), blocks(len(targets), _CELLS)))
        return Kriged(out, np.empty(0))

    def _estimate_block(self, targets: Floats, out: Floats) -> None:
        cells = _scaled_cells(targets, self.variogram)
        out[:] = self.mean
        squared, spare = (np.empty((_POINTS, len(targets))) for _ in range(2))
        for part in blocks(len(self.values), _POINTS):
            size = part.stop - part.start
            self._covariances(part, cells, squared[:size], spare[:size])
            out += self.weight[part] @ squared[:size]

    def _covariances(self, part: slice, cells: Floats, squared: Floats, spare: Floats) -> None:
        """Covariances of some places (rows) with cells (columns), into ``squared``."""
        np.subtract(self.scaled[0, part, None], cells[0], out=squared)
        squared *= squared
        np.subtract(self.scaled[1, part, None], cells[1], out=spare)
        spare *= spare
        squared += spare
        self.variogram.covariance_into(squared, spare)

    def estimate_with_variance(self, targets_m: ArrayLike) -> Kriged:
        """Estimates and kriging variances.

        *Source*: Cressie 1993, 3.2: C(0) − cᵀK⁻¹c + (1 − 1ᵀK⁻¹c)² / 1ᵀK⁻¹1; cᵀK⁻¹c is the squared length of L⁻¹c,
        taken in panels of rows, of which each needs only the covariances above its last row.

        >>> from jingtu.science.variogram import Variogram
        >>> found = ordinary([[0, 0], [10, 0]], [1, 3], Variogram("exponential", 1, 5)).estimate_with_variance(
        ...     [[5, 0], [10, 0]])
        >>> found.estimate.round(6).tolist(), found.variance.round(4).tolist()
        ([2.0, 3.0], [0.8319, 0.0])
        """
        targets = _targets(targets_m)
        found = Kriged(np.empty(len(targets)), np.empty(len(targets)))
        rows = np.vstack([self.weight, self.ones])
        held = np.empty((len(self.values), min(_CELLS, len(targets))))
        with ThreadPoolExecutor(THREADS) as pool:
            for part in blocks(len(targets), _CELLS):
                covariance = held[:, : part.stop - part.start]
                self._fill(pool, targets[part], covariance)
                dual, one = rows @ covariance
                found.estimate[part] = self.mean + dual
                known = self._explained(covariance)
                found.variance[part] = self.variogram.sill - known + (1 - one) ** 2 / self.ones.sum()
        np.maximum(found.variance, 0, out=found.variance)
        return found

    def _fill(self, pool: ThreadPoolExecutor, targets: Floats, covariance: Floats) -> None:
        cells = _scaled_cells(targets, self.variogram)

        def fill(parts: list[slice]) -> None:
            squared, spare = (np.empty((_POINTS, len(targets))) for _ in range(2))
            for part in parts:
                size = part.stop - part.start
                self._covariances(part, cells, squared[:size], spare[:size])
                covariance[part] = squared[:size]

        every = list(blocks(len(self.values), _POINTS))
        list(pool.map(fill, [every[at::THREADS] for at in range(THREADS)]))

    def _explained(self, covariance: Floats) -> Floats:
        """What the places explain of the variance of each cell: the squared length of L⁻¹c."""
        total = np.zeros(covariance.shape[1])
        for part in blocks(len(covariance), _PANEL):
            product = self.inverse_factor[part, : part.stop] @ covariance[: part.stop]
            total += np.einsum("ij,ij->j", product, product)
        return total


def ordinary(places_m: ArrayLike, values: ArrayLike, variogram: Variogram) -> Ordinary:
    """Set up ordinary kriging with all points.

    *Source*: Matheron 1963; Cressie 1993, 3.2. ``places_m`` has shape (places, 2), in metres in one plane, no two the
    same. Raises ``ValueError`` when the system has no solution.
    """
    places, known = checked_places(places_m, values)
    if len(places) > MOST_TOGETHER:
        raise ValueError(f"有 {len(places)} 个点，超过 {MOST_TOGETHER} 个，不能用全部点一起插值，请用邻近点。")
    same = twins(places)
    if same:
        raise ValueError(f"有 {len(same)} 对点的坐标完全相同，克里金方程无解；请先合并或删去。")
    factor = _factor(places, variogram)
    solved = linalg.cho_solve((factor, True), np.column_stack([known, np.ones(len(known))]))
    ones = np.ascontiguousarray(solved[:, 1])
    mean = float(solved[:, 0].sum() / ones.sum())
    weight = np.ascontiguousarray(solved[:, 0] - mean * ones)
    return Ordinary(places, known, variogram, factor, mean, weight, ones)


def _factor(places: Floats, variogram: Variogram) -> Floats:
    try:
        return np.asarray(linalg.cholesky(covariances(places, variogram), lower=True, overwrite_a=True))
    except linalg.LinAlgError as error:
        raise ValueError("协方差矩阵接近奇异，方程解不出；请给出大于 0 的块金值，或改用球状、指数模型。") from error


def covariances(places: Floats, variogram: Variogram) -> Floats:
    """Covariances of places with each other, sill on the diagonal."""
    scaled = places / variogram.range_m
    squared = np.square(scaled[:, None, 0] - scaled[None, :, 0])
    squared += np.square(scaled[:, None, 1] - scaled[None, :, 1])
    variogram.covariance_into(squared, np.empty_like(squared))
    return squared


def twins(places_m: ArrayLike) -> list[tuple[int, int]]:
    """Pairs of places that are the same.

    >>> twins([[0, 0], [1, 1], [0, 0]])
    [(0, 2)]
    """
    pairs = cKDTree(np.asarray(places_m, dtype=np.float64)).query_pairs(0.0)
    return sorted((int(one), int(other)) for one, other in pairs)


def _targets(targets_m: ArrayLike) -> Floats:
    targets = np.asarray(targets_m, dtype=np.float64)
    if targets.ndim != 2 or targets.shape[1] != 2 or not np.isfinite(targets).all():
        raise ValueError("待估点应是“点数 × 2”的坐标数组，不能有空缺。")
    return targets


def _scaled_cells(targets: Floats, variogram: Variogram) -> Floats:
    return np.ascontiguousarray((targets / variogram.range_m).T)


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """What kriging says of each place from all others; errors are known less estimated."""

    estimate: Floats
    error: Floats
    variance: Floats

    @property
    def mean_error(self) -> float:
        """Mean error: near 0 when nothing is systematically too high or low."""
        return float(self.error.mean())

    @property
    def rmse(self) -> float:
        """Root of the mean squared error, in the unit of the data."""
        return float(np.sqrt(np.mean(self.error**2)))

    @property
    def msdr(self) -> float:
        """Mean squared deviation ratio: near 1 when the variances tell the truth about the errors."""
        return float(np.mean(self.error**2 / self.variance))


def leave_one_out(system: Ordinary) -> CrossValidation:
    """Estimate every place from all others, with the same variogram.

    *Source*: Dubrule 1983: with B = K⁻¹ − K⁻¹11ᵀK⁻¹ / 1ᵀK⁻¹1 the error at place i is (Bz)ᵢ / Bᵢᵢ and its variance
    1 / Bᵢᵢ, so that nothing is solved anew. Bz are the dual weights.
    """
    diagonal = np.einsum("ij,ij->j", system.inverse_factor, system.inverse_factor)
    own = diagonal - system.ones**2 / system.ones.sum()
    error = system.weight / own
    return CrossValidation(system.values - error, error, 1 / own)


def probability_above(estimate: ArrayLike, variance: ArrayLike, threshold: float) -> Floats:
    """Probability that the content is above a threshold, errors taken as normal.

    *Source*: Goovaerts 1997, 7.2 (multi-Gaussian approach without transformation). Where the variance is 0 the content
    is known.

    >>> probability_above([1.0, 2.0, 3.0], [1.0, 1.0, 0.0], 2.0).round(4).tolist()
    [0.1587, 0.5, 1.0]
    """
    value, spread = np.asarray(estimate, dtype=np.float64), np.sqrt(np.asarray(variance, dtype=np.float64))
    away = np.divide(threshold - value, spread, out=np.where(value > threshold, -np.inf, np.inf), where=spread > 0)
    return np.asarray(norm.sf(away))


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells from north to south, west to east; coordinates of the outer corner, in metres."""

    west_m: float
    north_m: float
    cell_m: float
    columns: int
    rows: int

    def __len__(self) -> int:
        return self.columns * self.rows

    def centres(self) -> Floats:
        """Centres of the cells, row by row from the north-west, shape (cells, 2)."""
        x = self.west_m + (np.arange(self.columns) + 0.5) * self.cell_m
        y = self.north_m - (np.arange(self.rows) + 0.5) * self.cell_m
        return np.column_stack([axis.ravel() for axis in np.meshgrid(x, y)])

    def corners(self) -> Iterator[float]:
        """West, east, south, north."""
        yield from (self.west_m, self.west_m + self.columns * self.cell_m)
        yield from (self.north_m - self.rows * self.cell_m, self.north_m)


def grid_over(places_m: ArrayLike, cell_m: float, margin_m: float = 0.0) -> Grid:
    """The smallest grid of cells that covers places and a margin around them, laid on whole multiples of a cell.

    >>> grid_over([[12, 5], [47, 31]], 10)
    Grid(west_m=10.0, north_m=40.0, cell_m=10, columns=4, rows=4)
    """
    places = np.asarray(places_m, dtype=np.float64)
    if not cell_m > 0:
        raise ValueError("格网边长必须大于 0。")
    low = np.floor((places.min(axis=0) - margin_m) / cell_m)
    high = np.maximum(np.ceil((places.max(axis=0) + margin_m) / cell_m), low + 1)
    columns, rows = (int(size) for size in high - low)
    return Grid(float(low[0] * cell_m), float(high[1] * cell_m), cell_m, columns, rows)
