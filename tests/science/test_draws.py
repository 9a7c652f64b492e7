"""Distributions against SciPy, ranks that go together, and tallies against all draws kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jingtu.science.risk import (
    Block,
    Distribution,
    Empirical,
    Fixed,
    Lognormal,
    Normal,
    Tally,
    Triangular,
    Uniform,
    drawn_shares,
    rank_correlations,
    rank_factor,
)
from jingtu.science.risk.tally import FRACTION_DIGITS

SHARES = np.linspace(0.001, 0.999, 41)
SPREAD = np.sqrt(np.log1p((5 / 10) ** 2))
SCALE = 10 * np.exp(-(SPREAD**2) / 2)


def cut_lognormal(share: np.ndarray, low: float, high: float) -> np.ndarray:
    whole = stats.lognorm(SPREAD, scale=SCALE)
    first, last = whole.cdf([low, high])
    return whole.ppf(first + share * (last - first))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Uniform(2, 5), stats.uniform(2, 3).ppf),
        (Triangular(1, 2, 6), stats.triang(0.2, 1, 5).ppf),
        (Triangular(1, 1, 6), stats.triang(0, 1, 5).ppf),
        (Triangular(1, 6, 6), stats.triang(1, 1, 5).ppf),
        (Normal(60, 10), stats.norm(60, 10).ppf),
        (Normal(60, 10, 45, 70), stats.truncnorm(-1.5, 1, 60, 10).ppf),
        (Lognormal(10, 5), stats.lognorm(SPREAD, scale=SCALE).ppf),
        (Lognormal(10, 5, 4, 20), lambda share: cut_lognormal(share, 4, 20)),
    ],
)
def test_quantiles_are_scipy_s(ours: Distribution, theirs: object) -> None:
    assert ours.quantile(SHARES) == pytest.approx(theirs(SHARES), rel=1e-9)  # type: ignore[operator]


def test_lognormal_takes_arithmetic_mean_and_deviation() -> None:
    whole = stats.lognorm(SPREAD, scale=SCALE)
    assert (whole.mean(), whole.std()) == pytest.approx((10, 5))


def test_a_fixed_and_an_empirical_value() -> None:
    assert Fixed(7).quantile(SHARES).tolist() == [7.0] * len(SHARES)
    kept = Empirical((4.0, 1.0, 9.0, 9.0))
    drawn = kept.quantile(np.random.default_rng(1).random(40_000))
    assert {value: round(float((drawn == value).mean()), 2) for value in (1.0, 4.0, 9.0)} == {1: 0.25, 4: 0.25, 9: 0.5}


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 50), st.floats(0.1, 30), st.floats(0, 1), st.floats(0, 1))
def test_no_quantile_leaves_the_ends(mean: float, deviation: float, one: float, other: float) -> None:
    low, high = mean * 0.7, mean * 1.4
    for made in (Normal(mean, deviation, low, high), Lognormal(mean, deviation, low, high)):
        first, second = made.quantile(np.array(sorted((one, other))))
        assert low <= first <= second <= high


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        (Uniform, (5, 5), "low 应当小于 high"),
        (Triangular, (1, 7, 6), "low ≤ mode ≤ high"),
        (Normal, (5, 0), "sd 应当大于零"),
        (Normal, (5, 1, 6, 2), "low 应当小于 high"),
        (Lognormal, (-5, 1), "mean 应当大于零"),
        (Empirical, ((),), "至少有一个值"),
    ],
)
def test_a_distribution_that_cannot_be(kind: type, values: tuple[float, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        kind(*values)


def test_ends_between_which_there_is_nothing() -> None:
    with pytest.raises(ValueError, match="几乎没有可能的值"):
        Normal(5, 1, 100, 200).quantile(SHARES)


@pytest.mark.parametrize("rank", [-0.8, -0.3, 0.5, 0.95])
def test_ranks_go_together_as_asked(rank: float) -> None:
    shares = drawn_shares(np.random.default_rng(7), 200_000, 1, rank_factor([[1, rank], [rank, 1]]))
    first, second = Lognormal(10, 5).quantile(shares[1]), Triangular(0, 1, 9).quantile(shares[2])
    assert stats.spearmanr(first, second).statistic == pytest.approx(rank, abs=0.005)
    assert stats.spearmanr(shares[0], second).statistic == pytest.approx(0, abs=0.01)
    assert stats.kstest(second, stats.triang(1 / 9, 0, 9).cdf).pvalue > 0.001  # each keeps its own distribution


def test_ranks_that_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="互相矛盾"):
        rank_factor([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])


def test_what_moves_with_a_result() -> None:
    random = np.random.default_rng(3)
    one, other = random.random(5000), random.random(5000)
    found = rank_correlations({"one": one, "other": other, "same": np.ones(5000)}, {"r": one**3 + 0.1 * other})["r"]
    assert found["one"] == pytest.approx(stats.spearmanr(one, one**3 + 0.1 * other).statistic)
    assert found["same"] == 0


def tallied(values: np.ndarray, size: int, limit: float = 1.0) -> Tally:
    tally = Tally((0.5, 0.95))
    for start in range(0, len(values), size):
        tally.add(Block.of(values[start : start + size], limit))
    return tally


def test_a_tally_says_what_all_draws_would() -> None:
    values = np.random.default_rng(5).lognormal(-13, 1.5, 100_003)
    tally = tallied(values, 4096, 1e-6)
    assert (tally.count, tally.above) == (len(values), int((values > 1e-6).sum()))
    assert (tally.least, tally.most) == (values.min(), values.max())
    assert tally.mean == pytest.approx(values.mean(), rel=1e-12)
    assert tally.deviation == pytest.approx(values.std(ddof=1), rel=1e-12)
    shares = np.array([0.0, 0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0])
    exact = np.quantile(values, shares)
    assert tally.quantile(shares) == pytest.approx(exact, rel=2.0**-FRACTION_DIGITS)


def test_shares_below_are_those_of_all_draws() -> None:
    values = np.random.default_rng(9).lognormal(-13, 1.5, 50_000)
    tally = tallied(values, 4096)
    limits = np.concatenate([[0.0, values.min() / 2], np.quantile(values, [0.01, 0.3, 0.9]), [values.max() * 2]])
    exact = [(values < limit).mean() for limit in limits]
    assert tally.share_below(limits) == pytest.approx(exact, abs=1e-3)
    inside = np.array([0.05, 0.5, 0.95])
    assert tally.share_below(tally.quantile(inside)) == pytest.approx(inside, abs=1e-9)


def test_what_stays_the_same_has_one_quantile() -> None:
    tally = tallied(np.full(5000, 3.7e-7), 1000)
    assert tally.quantile(np.array([0.0, 0.5, 1.0])).tolist() == [3.7e-7] * 3
    assert tally.deviation < 1e-20 and tally.quantile_error(1) == 0


def test_nothing_at_all_is_zero() -> None:
    values = np.concatenate([np.zeros(6000), np.full(4000, 2.0)])
    tally = tallied(np.random.default_rng(1).permutation(values), 3000)
    assert tally.quantile(np.array([0.3]))[0] == 0 and tally.quantile(np.array([0.7]))[0] == pytest.approx(2, rel=1e-3)
    assert len(tally.bins.counts) < 200_000  # a zero does not stretch the bins over every power of two


def test_the_errors_are_as_large_as_the_results_differ() -> None:
    random, means, quantiles = np.random.default_rng(11), [], []
    for _ in range(200):
        tally = tallied(random.lognormal(0, 1, 20_000), 1000)
        means.append(tally.mean)
        quantiles.append(float(tally.quantile(np.array([0.95]))[0]))
    assert tally.mean_error == pytest.approx(np.std(means), rel=0.3)
    assert tally.quantile_error(1) == pytest.approx(np.std(quantiles), rel=0.5)


def test_the_course_is_kept_at_doublings() -> None:
    values = np.random.default_rng(2).random(11_500)
    tally = tallied(values, 1000)
    assert [step.count for step in tally.course] == [1000, 2000, 4000, 8000, 11_500]
    assert tally.course[2].quantiles[0] == pytest.approx(np.quantile(values[:4000], 0.5), rel=2e-3)
    assert np.isnan(tallied(values, 20_000).quantile_error(0))  # one block tells nothing about its error
