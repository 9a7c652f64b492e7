"""Ordinary kriging with the nearest points only: small systems, solved many at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from jingtu.plain.blocks import blocks
from jingtu.science.kriging import THREADS, CrossValidation, Floats, Kriged, covariances, twins
from jingtu.science.variogram import Variogram, checked_places

Numbers = NDArray[np.intp]

_CELLS: Final = 2048
_SETS: Final = 64
_MIXING_SEED: Final = 20210915
_TABLE_UP_TO: Final = 4096


@dataclass(frozen=True, eq=False)
class Near:
    """Kriging from the ``neighbours`` nearest places of each cell."""

    places_m: Floats
    values: Floats
    variogram: Variogram
    neighbours: int

    @cached_property
    def tree(self) -> cKDTree:
        """The places, to be searched by distance."""
        return cKDTree(self.places_m)

    @cached_property
    def table(self) -> Floats | None:
        """Covariances of all places, where there are few enough to keep them."""
        return covariances(self.places_m, self.variogram) if len(self.values) <= _TABLE_UP_TO else None

    def estimate(self, targets_m: ArrayLike) -> Kriged:
        """Estimates and kriging variances.

        *Source*: Chilès and Delfiner 2012, 3.6 (moving neighbourhood). ``targets_m`` has shape (cells, 2).

        >>> from jingtu.science.variogram import Variogram
        >>> three = near([[0, 0], [10, 0], [900, 900]], [1, 3, 50], Variogram("exponential", 1, 5), 2)
        >>> found = three.estimate([[5, 0]])
        >>> found.estimate.round(6).tolist(), found.variance.round(4).tolist()
        ([2.0], [0.8319])
        """
        targets = np.asarray(targets_m, dtype=np.float64)
        found = Kriged(np.empty(len(targets)), np.empty(len(targets)))

        def solve(part: slice) -> None:
            found.estimate[part], found.variance[part] = self._solve(*self.tree.query(targets[part], self.neighbours))

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(solve, blocks(len(targets), _CELLS)))
        return found

    def leave_one_out(self) -> CrossValidation:
        """Every place from its nearest others."""
        away, chosen = self.tree.query(self.places_m, self.neighbours + 1)
        estimate, variance = np.empty(len(self.values)), np.empty(len(self.values))
        for part in blocks(len(self.values), _CELLS):
            estimate[part], variance[part] = self._solve(away[part, 1:], chosen[part, 1:])
        return CrossValidation(estimate, self.values - estimate, variance)

    @cached_property
    def mixing(self) -> NDArray[np.uint64]:
        """A random number for each place; their sum modulo 2⁶⁴ tells sets of places apart."""
        random = np.random.default_rng(_MIXING_SEED)
        return random.integers(0, np.iinfo(np.uint64).max, len(self.values), dtype=np.uint64, endpoint=True)

    def _alike(self, chosen: Numbers) -> tuple[Numbers, Numbers]:
        """Cells with the same neighbours: the first cell of each set, and the set of each cell."""
        _, first, group = np.unique(self.mixing[chosen].sum(axis=1), return_index=True, return_inverse=True)
        return first, group

    def _solve(self, away: Floats, chosen: Numbers) -> tuple[Floats, Floats]:
        """The bordered systems of some cells: cells with the same neighbours share one, as most do on a fine grid."""
        by_number = np.argsort(chosen, axis=1)
        chosen = np.take_along_axis(chosen, by_number, axis=1)
        count, size = chosen.shape
        right = np.ones((count, size + 1))
        right[:, :size] = self.variogram.covariance(np.take_along_axis(away, by_number, axis=1))
        solved = np.empty_like(right)
        first, group = self._alike(chosen)
        for cells in _batches(group):
            systems = self._left(chosen[first[group[cells[:, 0]]]])
            solved[cells] = np.linalg.solve(systems, right[cells].swapaxes(1, 2)).swapaxes(1, 2)
        return self._answer(solved, right, self.values[chosen])

    def _answer(self, solved: Floats, right: Floats, values: Floats) -> tuple[Floats, Floats]:
        estimate = np.einsum("ij,ij->i", solved[:, :-1], values)
        variance = self.variogram.sill - np.einsum("ij,ij->i", solved, right)
        return estimate, np.maximum(variance, 0)

    def _left(self, chosen: Numbers) -> Floats:
        """Covariances among the neighbours, with a row and a column of ones."""
        count, size = chosen.shape
        left = np.ones((count, size + 1, size + 1))
        left[:, :size, :size] = self._among(chosen)
        left[:, size, size] = 0
        return left

    def _among(self, chosen: Numbers) -> Floats:
        if self.table is not None:
            return self.table[chosen[:, :, None], chosen[:, None, :]]
        scaled = self.places_m[chosen] / self.variogram.range_m
        squared = np.square(scaled[:, :, None, 0] - scaled[:, None, :, 0])
        squared += np.square(scaled[:, :, None, 1] - scaled[:, None, :, 1])
        self.variogram.covariance_into(squared, np.empty_like(squared))
        return squared


def _batches(group: Numbers) -> Iterator[Numbers]:
    """Cells to be solved together, shape (sets, cells a set): few enough sets at a time for the processor's cache.

    Sets of like size go together; a set smaller than the others repeats its last cell.
    """
    order, counts = np.argsort(group, kind="stable"), np.bincount(group)
    starts = np.cumsum(counts) - counts
    width = 2 ** np.ceil(np.log2(counts)).astype(np.intp)
    for widest in np.unique(width):
        sets = np.flatnonzero(width == widest)
        for part in blocks(len(sets), _SETS):
            within = np.minimum(np.arange(widest), counts[sets[part], None] - 1)
            yield order[starts[sets[part], None] + within]


def near(places_m: ArrayLike, values: ArrayLike, variogram: Variogram, neighbours: int) -> Near:
    """Set up ordinary kriging with the nearest points.

    ``places_m`` has shape (places, 2), in metres in one plane, no two the same; there must be more places than
    ``neighbours``. Raises ``ValueError``.
    """
    places, known = checked_places(places_m, values)
    if not 2 <= neighbours < len(places):
        raise ValueError(f"邻近点数应在 2 和 {len(places) - 1} 之间，现为 {neighbours}。")
    if twins(places):
        raise ValueError("有坐标完全相同的点，克里金方程无解；请先合并或删去。")
    return Near(places, known, variogram, neighbours)
