"""Indices against hand calculations and their own laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingtu.science.deviation import pair_mean, relative_deviation_pct
from jingtu.science.indices import exceedance_multiple, half_limit, nemerow_index, single_index

positive = st.floats(min_value=1e-6, max_value=1e6)


def test_nemerow_by_hand() -> None:
    single = [0.5, 1.5, 1.0]
    assert nemerow_index(single) == pytest.approx(np.sqrt((1.0**2 + 1.5**2) / 2))


def test_nemerow_of_nothing_is_nothing() -> None:
    assert np.isnan(nemerow_index([[np.nan, np.nan]])).all()


@given(st.lists(positive, min_size=1, max_size=8))
def test_nemerow_lies_between_mean_and_maximum(single: list[float]) -> None:
    index = float(nemerow_index(single))
    assert np.mean(single) * (1 - 1e-9) <= index <= max(single) * (1 + 1e-9)


@given(positive, positive)
def test_exceedance_is_the_index_less_one_where_above(content: float, limit: float) -> None:
    multiple, index = float(exceedance_multiple(content, limit)), float(single_index(content, limit))
    assert np.isnan(multiple) if index <= 1 else multiple == pytest.approx(index - 1)


def test_a_base_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        single_index([1.0], 0.0)


@given(positive, positive)
def test_relative_deviation_does_not_know_sides(first: float, second: float) -> None:
    there, back = relative_deviation_pct(first, second), relative_deviation_pct(second, first)
    assert float(there) == float(back)
    assert 0 <= float(there) <= 100


def test_missing_stays_missing() -> None:
    assert np.isnan(relative_deviation_pct([np.nan], [1.0])).all()
    assert np.isnan(single_index([np.nan], 1.0)).all()
    assert half_limit([0.4]).tolist() == [0.2]
    assert pair_mean([1.0], [3.0]).tolist() == [2.0]
