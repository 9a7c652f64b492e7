"""How likely a layout of points hits a hot spot of a given size, and how close points must lie to hit it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

SQUARE: Final = "square"
TRIANGULAR: Final = "triangular"
LATTICES: Final = (SQUARE, TRIANGULAR)
_CELLS: Final = 120
_ANGLES: Final = 24
_HEIGHT: Final = np.sqrt(3) / 2


def lattice_probability(lattice: str, spacing_m: float, semi_major_m: float, shape: float = 1.0) -> float:
    """Probability that a regular lattice of points, laid at random, hits an elliptical hot spot.

    *Source*: Gilbert 1987, *Statistical Methods for Environmental Pollution Monitoring*, chapter 10; Singer and
    Wickman 1969. ``spacing_m`` is the distance of neighbouring points, ``semi_major_m`` the long half axis, ``shape``
    the short over the long axis (1 is a circle). Centre and direction are uniform. Circles are exact; ellipses are
    summed over a fine raster of the unit cell and over directions, to about 0.002. Raises ``ValueError``.

    >>> round(lattice_probability("square", 40, 20), 4), round(lattice_probability("triangular", 40, 20), 4)
    (0.7854, 0.9069)
    >>> lattice_probability("square", 10, 8)
    1.0
    """
    _check(lattice, spacing_m, semi_major_m, shape)
    if shape == 1:
        return _circle(lattice, semi_major_m / spacing_m)
    return _ellipse(lattice, semi_major_m / spacing_m, shape)


def _check(lattice: str, spacing_m: float, semi_major_m: float, shape: float) -> None:
    if lattice not in LATTICES:
        raise ValueError(f"unknown lattice {lattice!r}; known: {LATTICES}")
    if not (spacing_m > 0 and semi_major_m > 0 and 0 < shape <= 1):
        raise ValueError("spacing and half axis must be above zero, shape above zero and at most one")


def _circle(lattice: str, radius: float) -> float:
    """Share of the unit cell within ``radius`` (in spacings) of a point: a disc less its overlaps with the next."""
    neighbours, cell, reach = (4, 1.0, np.sqrt(0.5)) if lattice == SQUARE else (6, _HEIGHT, 1 / np.sqrt(3))
    if radius >= reach:
        return 1.0
    disc = np.pi * radius**2
    if radius > 0.5:
        half_lens = radius**2 * np.arccos(0.5 / radius) - 0.5 * np.sqrt(radius**2 - 0.25)
        disc -= neighbours * half_lens
    return float(disc / cell)


def _ellipse(lattice: str, semi_major: float, shape: float) -> float:
    step = (np.arange(_CELLS) + 0.5) / _CELLS
    u, v = (axis.ravel() for axis in np.meshgrid(step, step))
    x, y = (u, v) if lattice == SQUARE else (u + v / 2, v * _HEIGHT)
    turn = np.pi if lattice == SQUARE else np.pi / 3
    angles = (np.arange(_ANGLES) + 0.5) * (turn / 2 if lattice == SQUARE else turn) / _ANGLES
    return float(np.mean([_hit_share(lattice, x, y, semi_major, shape, angle) for angle in angles]))


def _hit_share(lattice: str, x: Floats, y: Floats, semi_major: float, shape: float, angle: float) -> float:
    """Share of the cell whose ellipse, turned by ``angle``, holds at least one point."""
    reach = int(np.ceil(semi_major / _HEIGHT)) + 2
    hit = np.zeros(len(x), dtype=bool)
    cos, sin = np.cos(angle), np.sin(angle)
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            px, py = (i, j) if lattice == SQUARE else (i + j / 2, j * _HEIGHT)
            if np.hypot(px - x.mean(), py - y.mean()) > semi_major + 1:
                continue
            dx, dy = x - px, y - py
            along, across = dx * cos + dy * sin, dy * cos - dx * sin
            hit |= along**2 + (across / shape) ** 2 <= semi_major**2
    return float(hit.mean())


def spacing_for(lattice: str, semi_major_m: float, probability: float, shape: float = 1.0) -> float:
    """The widest spacing of a lattice, in metres, that still hits a hot spot with a probability.

    *Source*: as :func:`lattice_probability`, solved for the spacing.

    >>> round(spacing_for("square", 20, 0.7853981), 1)
    40.0
    """
    if not 0 < probability < 1:
        raise ValueError("a probability lies between zero and one")
    _check(lattice, 1.0, semi_major_m, shape)

    def excess(spacing: float) -> float:
        return lattice_probability(lattice, spacing, semi_major_m, shape) - probability

    short = semi_major_m * shape / 2
    far = semi_major_m * 2
    while excess(far) > 0:
        far *= 2
    return float(brentq(excess, short, far, xtol=1e-4 * semi_major_m))


def random_probability(count: int, area_m2: float, radius_m: float) -> float:
    """Probability that at least one of ``count`` points set independently at random hits a circular hot spot.

    *Source*: Gilbert 1987, chapter 10: 1 - (1 - πr²/A)ⁿ. The edge of the area is left out of account.

    >>> round(random_probability(6, 10000, 20), 4)
    0.5532
    """
    if count < 0 or area_m2 <= 0 or radius_m <= 0:
        raise ValueError("count must not be negative, area and radius must be above zero")
    share = min(1.0, np.pi * radius_m**2 / area_m2)
    return float(1 - (1 - share) ** count)


def layout_probability(points_m: ArrayLike, boundary_m: ArrayLike, radius_m: float, raster: int = 600) -> float:
    """Probability that a layout as it is hits a circular hot spot whose centre lies anywhere in the area.

    *Source*: the definition: the share of the area within ``radius_m`` of a point. ``points_m`` has shape (points, 2),
    ``boundary_m`` (corners, 2), a simple ring, both in metres in one plane. Summed over a raster of ``raster`` steps
    along the longer side.

    >>> round(layout_probability([[50, 50]], [[0, 0], [100, 0], [100, 100], [0, 100]], 25), 3)
    0.196
    """
    points = np.asarray(points_m, dtype=np.float64).reshape(-1, 2)
    ring = np.asarray(boundary_m, dtype=np.float64).reshape(-1, 2)
    if len(ring) < 3 or radius_m <= 0:
        raise ValueError("a boundary has at least three corners, and the radius must be above zero")
    low, high = ring.min(axis=0), ring.max(axis=0)
    step = float((high - low).max()) / raster
    if step <= 0:
        raise ValueError("the boundary encloses no area")
    axes = [np.arange(low[axis] + step / 2, high[axis], step) for axis in (0, 1)]
    x, y = (axis.ravel() for axis in np.meshgrid(*axes))
    inside = _inside(x, y, ring)
    if not inside.any():
        raise ValueError("the boundary encloses no area")
    if not len(points):
        return 0.0
    distance, _ = cKDTree(points).query(np.column_stack([x[inside], y[inside]]))
    return float((distance <= radius_m).mean())


def ring_area_m2(boundary_m: ArrayLike) -> float:
    """Area inside a simple ring of corners, in square metres (shoelace formula).

    *Source*: plane geometry. Shape (corners, 2), in metres.

    >>> ring_area_m2([[0, 0], [10, 0], [10, 5], [0, 5]])
    50.0
    """
    ring = np.asarray(boundary_m, dtype=np.float64).reshape(-1, 2)
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _inside(x: Floats, y: Floats, ring: Floats) -> NDArray[np.bool_]:
    """Points inside a ring by the even-odd rule."""
    inside = np.zeros(len(x), dtype=bool)
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if ay == by:
            continue
        crosses = (y < ay) != (y < by)
        at = ax + (y - ay) * (bx - ax) / (by - ay)
        inside ^= crosses & (x < at)
    return inside
