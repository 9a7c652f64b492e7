"""Hot spots and sample numbers against closed forms and against one another."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu.science.duplicates import excess_probability, pooled_relative_sd
from jingtu.science.hotspot import lattice_probability, layout_probability, random_probability, spacing_for
from jingtu.science.sample_number import number_for_decision, number_for_mean


def test_a_small_circle_is_hit_by_its_area() -> None:
    assert lattice_probability("square", 10, 4) == pytest.approx(math.pi * 16 / 100)
    assert lattice_probability("triangular", 10, 4) == pytest.approx(math.pi * 16 / (100 * math.sqrt(3) / 2))


@pytest.mark.parametrize(("lattice", "reach"), [("square", math.sqrt(0.5)), ("triangular", 1 / math.sqrt(3))])
def test_no_gap_is_left_from_the_reach_on(lattice: str, reach: float) -> None:
    assert lattice_probability(lattice, 1, reach) == 1.0
    assert lattice_probability(lattice, 1, reach * 0.999) == pytest.approx(1, abs=1e-3)


def test_small_ellipses_are_hit_by_their_area_and_round_ones_like_circles() -> None:
    assert lattice_probability("square", 10, 4, 0.5) == pytest.approx(math.pi * 8 / 100, abs=0.003)
    near = lattice_probability("triangular", 10, 5.5, 0.9999)
    assert near == pytest.approx(lattice_probability("triangular", 10, 5.5), abs=0.003)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["square", "triangular"]), st.floats(0.05, 0.9), st.floats(1.0, 1.5))
def test_a_larger_spot_is_never_harder_to_hit(lattice: str, radius: float, times: float) -> None:
    assert lattice_probability(lattice, 1, radius * times) >= lattice_probability(lattice, 1, radius) - 1e-12


def test_the_spacing_found_gives_the_probability_asked_for() -> None:
    for lattice in ("square", "triangular"):
        assert lattice_probability(lattice, spacing_for(lattice, 15, 0.9), 15) == pytest.approx(0.9, abs=1e-3)


def test_a_layout_as_it_is_agrees_with_the_lattice_it_comes_from() -> None:
    steps = np.arange(5, 100, 10.0)
    points = [(x, y) for x in steps for y in steps]
    ring = [(0, 0), (100, 0), (100, 100), (0, 100)]
    assert layout_probability(points, ring, 4) == pytest.approx(lattice_probability("square", 10, 4), abs=0.003)
    assert layout_probability([], ring, 4) == 0
    assert layout_probability(points, [(0, 0), (100, 0), (0, 100)], 100) == 1
    assert random_probability(1, 10000, 10) == pytest.approx(math.pi / 100)


def test_more_precision_asks_for_more_samples() -> None:
    assert number_for_mean(25, 10) == 27
    assert number_for_mean(0.3, 0.1) > number_for_mean(0.3, 0.2)
    assert number_for_decision(10, 10, 0.05, 0.2) < number_for_decision(10, 10, 0.05, 0.05)
    with pytest.raises(ValueError):
        number_for_mean(1, 0)


def test_duplicates_without_error_make_every_excess_certain() -> None:
    assert pooled_relative_sd([1, 2], [1, 2]) == 0
    assert excess_probability([20, 20.1, 19], 20, 0, 4).tolist() == [0.5, 1.0, 0.0]
    with pytest.raises(ValueError):
        pooled_relative_sd([0], [0])
