"""Which surface each of many points lies in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Shapes = NDArray[np.object_]
_THREADS: Final = 2
_AT_ONCE: Final = 20_000


def containing(outlines: Shapes, x: Floats, y: Floats) -> Numbers:
    """Number of the outline each point lies in, -1 where it lies in none; the first of several.

    *Source*: a uniform grid of about one surface a cell finds the points within the box of each surface; GEOS
    (Shapely) decides, a point on the border lies in the surface. Outlines and points (points,) are in the same
    coordinates.

    >>> import shapely
    >>> squares = shapely.box(np.array([0.0, 1.0]), 0.0, np.array([1.0, 2.0]), 1.0)
    >>> containing(squares, np.array([0.5, 1.0, 9.0]), np.array([0.5, 0.5, 0.5])).tolist()
    [0, 0, -1]
    """
    found = np.full(len(x), -1, dtype=np.intp)
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    outline, point = _within_boxes(shapely.bounds(outlines), x[placed], y[placed])
    point = placed[point]
    inside = _decide(outlines, outline, x[point], y[point])
    outline, point = outline[inside], point[inside]
    found[point[::-1]] = outline[::-1]
    return found


def _within_boxes(boxes: Floats, x: Floats, y: Floats) -> tuple[Numbers, Numbers]:
    """Pairs of box and point of which the box holds the point, in the order of the boxes.

    Points lie row by row in a grid, so that the points of the cells a box meets are one run in each row.
    """
    if not len(x) or np.isnan(boxes).all():
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    across, up = (_Axis(boxes[:, [at, at + 2]], values) for at, values in enumerate((x, y)))
    cell = up.of(y) * across.cells + across.of(x)
    order = np.sort(cell * len(cell) + np.arange(len(cell))) % len(cell)  # ten times as fast as argsort
    count = np.bincount(cell, minlength=across.cells * up.cells)
    first = np.concatenate([[0], count.cumsum()])
    near = _with_points(across, up, count.reshape(up.cells, across.cells))
    west, east, south, north = across.low[near], across.high[near], up.low[near], up.high[near]
    box = np.repeat(np.arange(len(near)), north - south + 1)
    row = _runs(south, north - south + 1) * across.cells
    start, end = first[row + west[box]], first[row + east[box] + 1]
    some = np.flatnonzero(end > start)
    length = end[some] - start[some]
    outline, point = np.repeat(near[box[some]], length), order[_runs(start[some], length)]
    for at, values in enumerate((x, y)):
        own = values[point]
        kept = np.flatnonzero((own >= boxes[outline, at]) & (own <= boxes[outline, at + 2]))
        outline, point = outline[kept], point[kept]
    return outline, point


def _with_points(across: _Axis, up: _Axis, count: Numbers) -> Numbers:
    """Boxes that meet a cell with a point, from how many points each cell has (up, across), summed from one corner."""
    sums = np.zeros((up.cells + 1, across.cells + 1), dtype=np.int32)
    np.cumsum(count.cumsum(axis=0), axis=1, out=sums[1:, 1:])
    total, row = sums.ravel(), across.cells + 1
    south, north = up.low * row, (up.high + 1) * row
    west, east = across.low, across.high + 1
    points = total[north + east] - total[north + west] - total[south + east] + total[south + west]
    return np.flatnonzero((points > 0) & across.meets & up.meets)


class _Axis:
    """One axis of the grid: how many cells, the cells that each box meets.

    Cells are as wide as a box on average, but no more than there is use for.
    """

    def __init__(self, boxes: Floats, values: Floats) -> None:
        self._from, extent = values.min(), float(np.ptp(values))
        width = max(float(np.nanmean(boxes[:, 1] - boxes[:, 0])), extent / (1 + len(values)))
        self._width = width or 1.0
        self.cells = int(extent / self._width) + 1
        low, high = ((ends - self._from) / self._width for ends in boxes.T)
        self.meets = (np.floor(high) >= 0) & (np.floor(low) < self.cells)
        self.low, self.high = (self._held(ends) for ends in (low, high))

    def of(self, values: Floats) -> Numbers:
        """The cell of each value."""
        return self._held((values - self._from) / self._width)

    def _held(self, place: Floats) -> Numbers:
        return np.asarray(np.clip(np.nan_to_num(np.floor(place)), 0, self.cells - 1), dtype=np.intp)


def _runs(start: Numbers, length: Numbers) -> Numbers:
    """The numbers from each start on, so many of each, one run after another."""
    ends = np.cumsum(length)
    numbers: Numbers = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - length - start, length)
    return numbers


def _decide(outlines: Shapes, outline: Numbers, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Whether each outline holds its point; GEOS works without the interpreter's lock, so in threads."""
    found = np.empty(len(outline), dtype=np.bool_)

    def judge(start: int) -> None:
        part = slice(start, start + _AT_ONCE)
        found[part] = shapely.intersects_xy(outlines[outline[part]], x[part], y[part])

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(judge, range(0, len(outline), _AT_ONCE)))
    return found
