"""Which surface a point lies in: as GEOS says of each pair, on borders and corners too."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu.science.containment import containing

whole = st.integers(0, 12).map(float)  # on a coarse grid, so that many points lie on borders and corners
rings = st.lists(st.tuples(whole, whole), min_size=3, max_size=7, unique=True)
places = st.lists(st.tuples(whole | st.floats(-3, 15) | st.just(np.nan), whole), max_size=25)


def one_by_one(outlines: list[shapely.Polygon], x: np.ndarray, y: np.ndarray) -> list[int]:
    return [
        next((number for number, each in enumerate(outlines) if each.intersects(shapely.Point(*place))), -1)
        if np.isfinite(place).all()
        else -1
        for place in zip(x, y, strict=True)
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(rings, max_size=8), places, st.floats(0.01, 1e6))
def test_each_point_lies_where_geos_says(drawn: list, points: list, scale: float) -> None:
    outlines = [each for ring in drawn if (each := shapely.Polygon(np.array(ring) * scale)).is_valid]
    outlines = [*outlines, shapely.Polygon()]  # an empty surface holds nothing
    x, y = np.array(points).reshape(-1, 2).T * scale
    assert containing(np.array(outlines), x, y).tolist() == one_by_one(outlines, x, y)


def test_one_large_surface_among_small_ones_and_holes() -> None:
    ring = shapely.box(0, 0, 1000, 1000).difference(shapely.box(400, 400, 600, 600))
    small = shapely.box(np.arange(400.0, 600.0, 10), 400, np.arange(410.0, 610.0, 10), 410)
    outlines = np.array([ring, *small])
    x, y = np.array([500.0, 405.0, 400.0, 599.0, 1.0]), np.array([500.0, 405.0, 400.0, 410.0, 999.0])
    assert containing(outlines, x, y).tolist() == [-1, 1, 0, 20, 0] == one_by_one(list(outlines), x, y)
