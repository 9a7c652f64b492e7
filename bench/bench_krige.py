"""Kriging of a map with variance, beside PyKrige on the same points and cells in the same run.

Run: ``python bench/bench_krige.py [POINTS] [CELLS A SIDE] [REPEATS]`` (2000 1000 for the full size).
Three jobs: all points with variance (PyKrige's vectorised backend, in blocks, since it would hold points × cells
otherwise), the 32 nearest points (PyKrige's C backend), the estimate alone. Numbers are checked against each other.
Both sides may use all cores; the peak of memory is taken before PyKrige begins.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pykrige.ok import OrdinaryKriging

from jingtu.science.kriging import Kriged, grid_over, ordinary
from jingtu.science.kriging_neighbours import near
from jingtu.science.variogram import Variogram

Floats = NDArray[np.float64]

SIDE_M = 10_000.0
NEIGHBOURS = 32
BLOCK = 10_000
VARIOGRAM = Variogram("exponential", partial_sill=0.8, range_m=900.0, nugget=0.2)
FULL = "2000 1000 1"


def made_up_points(count: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(20210915)
    return random.uniform(0, SIDE_M, (count, 2)), random.lognormal(0, 1, count)


def their_kriging(places: Floats, values: Floats) -> OrdinaryKriging:
    """PyKrige's range of the exponential model is three times ours."""
    parameters = {"psill": VARIOGRAM.partial_sill, "range": 3 * VARIOGRAM.range_m, "nugget": VARIOGRAM.nugget}
    return OrdinaryKriging(
        places[:, 0], places[:, 1], values, variogram_model="exponential", variogram_parameters=parameters
    )


def by_pykrige(kriging: OrdinaryKriging, cells: Floats, backend: str, neighbours: int | None) -> Kriged:
    """Point by point in blocks; PyKrige's grid mode would need points × cells at once."""
    parts = []
    for start in range(0, len(cells), BLOCK):
        x, y = cells[start : start + BLOCK].T
        options = {"n_closest_points": neighbours} if neighbours else {}
        parts.append(kriging.execute("points", x, y, backend=backend, **options))
    estimate, variance = (np.concatenate([np.asarray(part[which]) for part in parts]) for which in (0, 1))
    return Kriged(estimate, variance)


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock and seconds of processor; on a busy machine only the second kind can be compared."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:8.2f} ({self.processor:8.2f})"


def timed(run: Callable[[], Kriged], repeats: int) -> tuple[Taken, Kriged]:
    """Medians of the repeats and the last answer."""
    clock, processor = [], []
    for _ in range(repeats):
        start, busy = time.perf_counter(), time.process_time()
        found = run()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    return Taken(statistics.median(clock), statistics.median(processor)), found


def differ(ours: Kriged, theirs: Kriged) -> float:
    """Largest difference of estimates and variances; both sides are given contents and sills near 1."""
    off = float(np.abs(ours.estimate - theirs.estimate).max())
    return max(off, float(np.abs(ours.variance - theirs.variance).max())) if len(ours.variance) else off


def memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(points: int = 500, side: int = 120, repeats: int = 1) -> float:
    places, values = made_up_points(points)
    cells = grid_over([[0, 0], [SIDE_M, SIDE_M]], SIDE_M / side).centres()
    print(f"points {points:,}, cells {len(cells):,}, exponential variogram; seconds on the clock (of processor)")
    together, closest = ordinary(places, values, VARIOGRAM), near(places, values, VARIOGRAM, NEIGHBOURS)
    alone, estimate = timed(lambda: together.estimate(cells), repeats)
    all_points, found = timed(lambda: together.estimate_with_variance(cells), repeats)
    few_points, few = timed(lambda: closest.estimate(cells), repeats)
    peak = memory_mib()
    kriging = their_kriging(places, values)
    their_all, theirs = timed(lambda: by_pykrige(kriging, cells, "vectorized", None), repeats)
    their_few, their_near = timed(lambda: by_pykrige(kriging, cells, "C", NEIGHBOURS), repeats)
    for off in (
        differ(found, theirs),
        differ(few, their_near),
        float(np.abs(estimate.estimate - found.estimate).max()),
    ):
        assert off < 1e-8, off
    print(f"all points, with variance     ours {all_points}   PyKrige vectorised {their_all}")
    print(f"{NEIGHBOURS} neighbours, with variance  ours {few_points}   PyKrige C          {their_few}")
    print(f"estimate alone, all points    ours {alone}")
    print(f"peak memory, ours alone       {peak:8.0f} MiB")
    print(f"ratio, all points             {ratios(their_all, all_points)}")
    print(f"ratio, {NEIGHBOURS} neighbours          {ratios(their_few, few_points)}")
    return their_all.clock / all_points.clock


def ratios(theirs: Taken, ours: Taken) -> str:
    return f"{theirs.clock / ours.clock:8.2f} × on the clock, {theirs.processor / ours.processor:.2f} × of processor"


if __name__ == "__main__":
    main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
