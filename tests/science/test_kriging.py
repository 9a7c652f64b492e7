"""Kriging against published answers, against PyKrige, and against itself."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pykrige.ok import OrdinaryKriging

from jingtu.science.kriging import grid_over, leave_one_out, ordinary, probability_above
from jingtu.science.kriging_neighbours import near
from jingtu.science.variogram import (
    MODELS,
    Variogram,
    best_fit,
    experimental_variogram,
    fit_variogram,
)

Floats = NDArray[np.float64]
MEUSE = Path(__file__).with_name("meuse_zinc.csv")
PUBLISHED = Variogram("spherical", partial_sill=134000, range_m=800, nugget=24200)


def meuse() -> tuple[Floats, Floats]:
    with open(MEUSE, encoding="utf-8", newline="") as stream:
        table = np.array([[float(cell) for cell in row] for row in list(csv.reader(stream))[1:]])
    return table[:, :2], table[:, 2]


def made_up(count: int, seed: int = 7) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    places = rng.uniform(0, 1000, (count, 2))
    return places, np.sin(places[:, 0] / 150) + np.cos(places[:, 1] / 220) + rng.normal(0, 0.1, count)


def test_zinc_at_the_meuse_as_published() -> None:
    """gstat's answers for the whole of the data set: to every digit that was printed."""
    places, zinc = meuse()
    asked = [[181170, 333250], [178673, 330066]]
    system = ordinary(places, zinc, PUBLISHED)
    found = system.estimate_with_variance(asked)
    assert found.estimate.round(7).tolist() == [269.669992, 534.3340464]
    assert found.variance == pytest.approx([48488.71582, 101806.26212], abs=6e-6)
    assert system.estimate(asked).estimate == pytest.approx(found.estimate, rel=1e-12)


def test_the_variogram_of_the_meuse_as_published() -> None:
    """Pairs and semivariances of gstat's ``variogram(log(zinc) ~ 1, meuse)`` and its spherical fit."""
    places, zinc = meuse()
    found = experimental_variogram(places, np.log(zinc))
    assert found.pairs.tolist() == [57, 299, 419, 457, 547, 533, 574, 564, 589, 543, 500, 477, 452, 457, 415]
    assert found.lag_m[:2] == pytest.approx([79.29244, 163.97367], abs=1e-5)
    assert found.semivariance[:2] == pytest.approx([0.1234479, 0.2162185], abs=1e-7)
    fitted = fit_variogram(found, "spherical").variogram
    assert (fitted.nugget, fitted.partial_sill, fitted.range_m) == pytest.approx((0.0507, 0.5906, 897.0), abs=0.05)
    assert best_fit(found)[0].variogram.model == "spherical"


@pytest.mark.parametrize("model", MODELS)
def test_pykrige_says_the_same(model: str) -> None:
    places, values = made_up(120)
    ours = Variogram(model, 1.2, 180.0, 0.15)
    times = {"spherical": 1.0, "exponential": 3.0, "gaussian": 7 / 4}[model]
    theirs = OrdinaryKriging(
        *places.T,
        values,
        variogram_model=model,
        variogram_parameters={"psill": 1.2, "range": 180.0 * times, "nugget": 0.15},
    )
    cells = grid_over(places, 70).centres()
    for found, backend, options in (
        (ordinary(places, values, ours).estimate_with_variance(cells), "vectorized", {}),
        (near(places, values, ours, 12).estimate(cells), "loop", {"n_closest_points": 12}),
    ):
        estimate, variance = theirs.execute("points", *cells.T, backend=backend, **options)
        assert found.estimate == pytest.approx(np.asarray(estimate), abs=1e-9)
        assert found.variance == pytest.approx(np.asarray(variance), abs=1e-9)


def test_leaving_one_out_is_what_it_says() -> None:
    places, values = made_up(60)
    model = Variogram("exponential", 1.0, 200.0, 0.05)
    quick = leave_one_out(ordinary(places, values, model))
    for place in (0, 17, 59):
        others = np.arange(60) != place
        slow = ordinary(places[others], values[others], model).estimate_with_variance(places[[place]])
        assert quick.estimate[place] == pytest.approx(slow.estimate[0], rel=1e-9)
        assert quick.variance[place] == pytest.approx(slow.variance[0], rel=1e-9)
    by_neighbours = near(places, values, model, 59).leave_one_out()
    assert by_neighbours.error == pytest.approx(quick.error, rel=1e-8)
    assert quick.mean_error == pytest.approx(float(np.mean(values - quick.estimate)))
    assert quick.rmse < values.std()


def test_cells_that_share_their_neighbours_are_solved_as_if_they_did_not() -> None:
    """A fine grid over few points shares most of its systems; cells asked for one by one have nothing to share."""
    places, values = made_up(30)
    cells = np.vstack([grid_over(places, 12).centres(), places])
    few = near(places, values, Variogram("spherical", 1.0, 400.0, 0.1), 6)
    first, _ = few._alike(few.tree.query(cells[:2048], 6)[1])
    assert len(first) < 300
    shared = few.estimate(cells)
    for at in range(0, len(cells), 41):
        alone = few.estimate(cells[at : at + 1])
        assert shared.estimate[at] == pytest.approx(alone.estimate[0], abs=1e-11)
        assert shared.variance[at] == pytest.approx(alone.variance[0], abs=1e-11)
    assert shared.estimate[-30:] == pytest.approx(values, abs=1e-11)


def test_where_a_sample_lies_it_is_returned() -> None:
    places, values = made_up(80)
    for found in (
        ordinary(places, values, Variogram("spherical", 1, 300, 0.4)).estimate_with_variance(places),
        near(places, values, Variogram("spherical", 1, 300, 0.4), 8).estimate(places),
    ):
        assert found.estimate == pytest.approx(values, abs=1e-9)
        assert found.variance == pytest.approx(np.zeros(80), abs=1e-9)


def test_blocks_threads_and_the_table_of_covariances_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    places, values = made_up(70)
    model = Variogram("gaussian", 1.0, 150.0, 0.1)
    cells = grid_over(places, 40).centres()
    whole, few = ordinary(places, values, model), near(places, values, model, 9)
    before = (whole.estimate(cells), whole.estimate_with_variance(cells), few.estimate(cells))
    for name, size in (("_CELLS", 37), ("_POINTS", 3), ("_PANEL", 11), ("THREADS", 3)):
        monkeypatch.setattr(f"jingtu.science.kriging.{name}", size)
    monkeypatch.setattr("jingtu.science.kriging_neighbours._CELLS", 23)
    monkeypatch.setattr("jingtu.science.kriging_neighbours._TABLE_UP_TO", 0)
    again = near(places, values, model, 9)
    assert again.table is None
    after = (whole.estimate(cells), whole.estimate_with_variance(cells), again.estimate(cells))
    for one, other in zip(before, after, strict=True):
        assert other.estimate == pytest.approx(one.estimate, abs=1e-12)
        assert other.variance == pytest.approx(one.variance, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(MODELS), st.floats(0.01, 1000), st.integers(0, 10_000), st.floats(-50, 50))
def test_units_cancel_and_order_is_irrelevant(model: str, times: float, seed: int, shift: float) -> None:
    places, values = made_up(25, seed)
    order = np.random.default_rng(seed).permutation(25)
    cells = [[100.0, 900.0], [500.0, 500.0], [1400.0, -300.0]]
    plain = ordinary(places, values, Variogram(model, 1.0, 200.0, 0.1)).estimate_with_variance(cells)
    scaled = ordinary(
        places[order], values[order] * times + shift, Variogram(model, times**2, 200.0, 0.1 * times**2)
    ).estimate_with_variance(cells)
    assert scaled.estimate == pytest.approx(plain.estimate * times + shift, rel=1e-7, abs=1e-7)
    assert scaled.variance == pytest.approx(plain.variance * times**2, rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 3.0))
def test_more_pollutant_is_never_less_likely_above_a_threshold(seed: int, more: float) -> None:
    places, values = made_up(20, seed)
    model = Variogram("exponential", 1.0, 200.0, 0.1)
    cells = grid_over(places, 250).centres()
    low, high = (ordinary(places, dose, model).estimate_with_variance(cells) for dose in (values, values + more))
    below, above = (probability_above(one.estimate, one.variance, 1.0) for one in (low, high))
    assert (above >= below).all()
    assert ((below >= 0) & (above <= 1)).all()


def test_what_cannot_be_interpolated_is_refused_in_a_sentence() -> None:
    model = Variogram("gaussian", 1.0, 5000.0)
    for places, values, told in (
        ([[0, 0]], [1.0], "只有一个点"),
        ([[0, 0], [1, 1], [0, 0]], [1.0, 2.0, 3.0], "坐标完全相同"),
        ([[0, 0], [1, float("nan")]], [1.0, 2.0], "空缺"),
        (made_up(300)[0], made_up(300)[1], "奇异"),
    ):
        with pytest.raises(ValueError, match=told):
            ordinary(places, values, model)
    with pytest.raises(ValueError, match="没有差异"):
        fit_variogram(experimental_variogram(made_up(30)[0], np.ones(30)), "spherical")
    with pytest.raises(ValueError, match="邻近点数"):
        near(*made_up(10), model, 10)
    with pytest.raises(ValueError, match="变程"):
        Variogram("spherical", 1.0, 0.0)
