"""Statistics of soil data against printed answers, second opinions and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jingtu.science import outliers, signals, trend, ucl, ucl_bootstrap, ucl_choice, ucl_gamma, ucl_lognormal
from jingtu.science.censored import CensoredSample, censored_sample, distribution_function, kaplan_meier, quantile
from jingtu.science.censored_fit import gamma_ml, lognormal_ml, ros_lognormal
from jingtu.science.comparison import gehan, rank_sum
from jingtu.science.goodness_of_fit import gamma_tests, lilliefors
from jingtu.science.summaries import summarise
from jingtu.science.ucl_censored import km_student_ucl

LEAD = [
    *("<1", "<1", "2", "2.5", "2.8", "<3", "3.4", "3.9", "<4", "<4", "<4", "4.5", "4.9", "5.5", "5.5", "5.5", "<6"),
    *("6.7", "6.9", "7.4", "<9", "9.5", "<10", "<10", "10", "15", "49", "200", "9060"),
]
CHROMIUM = [10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]


def lead() -> CensoredSample:
    return censored_sample([float(text.strip("<")) for text in LEAD], ["<" not in text for text in LEAD])


def test_lead_by_kaplan_meier_as_printed() -> None:
    found = kaplan_meier(lead())
    assert (len(lead()), len(lead().limits)) == (29, 10)
    assert round(float(found.mean), 2) == 325.34
    assert float(found.sd) == pytest.approx(1651.10, abs=0.0051)  # 1651.09499, printed as 1651.095 and then 1651.10
    assert round(float(found.standard_error), 2) == 315.00
    assert round(km_student_ucl(lead()), 1) == 861.2


def test_chromium_as_printed() -> None:
    assert round(ucl_lognormal.unbiased_mean(CHROMIUM).mean, 3) == 159.855
    assert round(ucl_lognormal.land_ucl(CHROMIUM), 1) == 496.6
    assert round(ucl.student_ucl(CHROMIUM), 2) == 320.33


@pytest.mark.parametrize(
    ("log_sd", "n", "printed"),
    [(1.0, 10, 3.103), (1.0, 15, 2.744), (0.5, 15, 2.068), (0.1, 10, 1.802)],
)
def test_lands_factor_as_tabled(log_sd: float, n: int, printed: float) -> None:
    assert round(ucl_lognormal.land_factor(log_sd, n), 3) == pytest.approx(printed, abs=0.0015)


def test_lands_limit_covers_what_it_promises() -> None:
    rng = np.random.default_rng(7)
    truth = float(np.exp(0.5))
    covered = [ucl_lognormal.land_ucl(rng.lognormal(0.0, 1.0, 8)) >= truth for _ in range(600)]
    assert 0.92 < np.mean(covered) < 0.98


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_second_opinions_agree(seed: int) -> None:
    ros = pytest.importorskip("statsmodels.imputation.ros")
    diagnostic = pytest.importorskip("statsmodels.stats.diagnostic")
    frames = pytest.importorskip("pandas")
    rng = np.random.default_rng(seed)
    values, limits = rng.lognormal(1, 1, 40).round(2) + 0.01, rng.choice([1.0, 2.0, 4.0], 40)
    sample = censored_sample(np.where(values < limits, limits, values), values >= limits)
    frame = frames.DataFrame({"value": sample.values, "hidden": ~sample.detected})
    theirs = np.sort(ros.impute_ros("value", "hidden", df=frame))
    assert np.allclose(np.sort(ros_lognormal(sample)), theirs, rtol=1e-9)
    assert lilliefors(values).statistic == pytest.approx(diagnostic.lilliefors(values)[0], rel=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_likelihood_fits_agree_with_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.gamma(2.0, 3.0, 60)
    sample = censored_sample(np.where(values < 2, 2.0, values), values >= 2)
    data = stats.CensoredData(uncensored=sample.detects, left=sample.limits)
    shape, _, scale = stats.gamma.fit(data, floc=0)
    ours = gamma_ml(sample)
    assert (ours.shape, ours.scale) == pytest.approx((shape, scale), rel=1e-3)
    sd, _, median = stats.lognorm.fit(data, floc=0)
    found = lognormal_ml(sample)
    assert (found.log_sd, np.exp(found.log_mean)) == pytest.approx((sd, median), rel=1e-3)


def test_kaplan_meier_agrees_with_the_flipped_survival_curve() -> None:
    sample = lead()
    points, share = distribution_function(sample)
    flipped = stats.ecdf(stats.CensoredData(uncensored=-sample.detects, right=-sample.limits))
    assert np.allclose(flipped.sf.evaluate(-points - 1e-9), share)
    assert quantile(sample, 0.5) == 4.5 or quantile(sample, 0.5) in points


def test_gamma_limit_by_its_formula() -> None:
    fit = ucl_gamma.gamma_fit(CHROMIUM)
    degrees = 2 * 15 * fit.shape_corrected
    expected = degrees * np.mean(CHROMIUM) / stats.chi2.ppf(0.05, degrees)
    assert ucl_gamma.gamma_ucl(CHROMIUM) == pytest.approx(expected)
    assert [test.holds() for test in gamma_tests(stats.gamma.ppf(np.linspace(0.02, 0.98, 30), 1.5))] == [True, True]


def test_grubbs_and_rosner_as_printed_by_nist() -> None:
    rosner54 = [
        -0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65, 1.69, 1.70,
        1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.10, 2.14, 2.15, 2.23, 2.24, 2.26, 2.35, 2.37, 2.40,
        2.47, 2.54, 2.62, 2.64, 2.90, 2.92, 2.92, 2.93, 3.21, 3.26, 3.30, 3.59, 3.68, 4.30, 4.64, 5.34, 5.42, 6.01,
    ]  # fmt: skip
    steps = outliers.rosner(rosner54)
    assert [round(step.statistic, 3) for step in steps[:3]] == [3.119, 2.943, 3.179]
    assert [round(step.critical, 3) for step in steps[:3]] == [3.159, 3.151, 3.144]
    assert [step.value for step in outliers.rosner_outliers(steps)] == [6.01, 5.42, 5.34]


def test_methods_are_advised_by_shape_and_size() -> None:
    rng = np.random.default_rng(5)
    normal = censored_sample(rng.normal(100, 5, 20), [True] * 20)
    assert ucl_choice.choose(normal).advised.method == "student"  # type: ignore[union-attr]
    wide = censored_sample(10 ** np.linspace(-3, 5, 24) * (1 + np.arange(24) % 3 * 40), [True] * 24)
    advised = ucl_choice.choose(wide)
    assert advised.distribution != "normal"
    few = ucl_choice.choose(censored_sample([1.0, 2.0, 3.0], [False, True, True]))
    assert (few.advised, few.reasons) == (None, ("ucl.too_few_detects",))
    assert ucl_choice.choose(censored_sample([1.0, 1.0, 1.0], [False] * 3)).reasons == ("ucl.nothing_detected",)


def test_gehan_without_non_detects_is_the_rank_sum_in_large_samples() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(0.3, 1, 60), rng.normal(0, 1, 50)
    ours = gehan(censored_sample(a, [True] * 60), censored_sample(b, [True] * 50), "greater")
    theirs = stats.mannwhitneyu(a, b, alternative="greater", method="asymptotic", use_continuity=False)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=0.02)
    assert rank_sum(a, b).difference == pytest.approx(float(np.median(a[:, None] - b)))


def test_trend_against_kendalls_tau() -> None:
    rng = np.random.default_rng(4)
    series = np.arange(12) * 0.5 + rng.normal(0, 1, 12)
    found = trend.mann_kendall(series)
    assert found.s == round(float(stats.kendalltau(range(12), series).statistic) * 66)
    low, high = stats.theilslopes(series)[2:]
    assert found.slope == pytest.approx(stats.theilslopes(series)[0])
    assert low >= found.slope_low - 0.2
    assert high <= found.slope_high + 0.2
    assert trend.mann_kendall([3.0] * 6).direction() == "none"


def test_signals_speak_and_keep_silent() -> None:
    rng = np.random.default_rng(9)
    assert signals.digit_preference(rng.integers(1, 10, 500).tolist()).p_value > 0.001
    table = rng.lognormal(0, 1, (30, 6)).round(3)
    assert signals.copied_vectors(table) == []
    table[17] = table[4]
    assert signals.copied_vectors(table) == [(4, 17)]
    once, again = rng.lognormal(0, 0.1, 20), rng.lognormal(0, 0.1, 20)
    assert signals.variance_ratio(rng.lognormal(0, 1, 20), once, again).p_value > 0.05


contents = st.lists(st.floats(0.01, 1000), min_size=6, max_size=25).filter(lambda row: np.ptp(row) > 0.01 * max(row))


@settings(max_examples=40, deadline=None)
@given(contents, st.randoms(use_true_random=False))
def test_order_is_irrelevant_and_units_cancel(row: list[float], rng: object) -> None:
    marks = [value >= np.quantile(row, 0.3) for value in row]
    order = list(range(len(row)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    first = kaplan_meier(censored_sample(row, marks))
    again = kaplan_meier(censored_sample([row[i] * 1000 for i in order], [marks[i] for i in order]))
    assert float(again.mean) == pytest.approx(float(first.mean) * 1000, rel=1e-9)
    for limit in (ucl.student_ucl, ucl.chebyshev_ucl, ucl_gamma.gamma_ucl, ucl_lognormal.land_ucl):
        assert limit([row[i] * 1000 for i in order]) == pytest.approx(limit(row) * 1000, rel=1e-6)
        assert limit(row) >= np.mean(row) * (1 - 1e-9) or limit is ucl_lognormal.land_ucl


@settings(max_examples=40, deadline=None)
@given(contents)
def test_without_non_detects_kaplan_meier_is_the_plain_mean(row: list[float]) -> None:
    sample = censored_sample(row, [True] * len(row))
    assert float(kaplan_meier(sample).mean) == pytest.approx(np.mean(row))
    assert float(kaplan_meier(sample).sd) == pytest.approx(np.std(row), abs=1e-9)
    assert summarise(sample).sd == pytest.approx(np.std(row, ddof=1), abs=1e-9)
    assert quantile(sample, 1.0) == max(row)
    assert km_student_ucl(sample) == pytest.approx(ucl.student_ucl(row))


@settings(max_examples=25, deadline=None)
@given(contents)
def test_limits_grow_with_confidence_and_repeat(row: list[float]) -> None:
    for limit in (ucl.student_ucl, ucl.clt_ucl, ucl.chebyshev_ucl, ucl_gamma.gamma_ucl, ucl_lognormal.land_ucl):
        assert limit(row, 0.99) >= limit(row, 0.95) >= limit(row, 0.9)
    assert ucl_bootstrap.percentile_bootstrap_ucl(row, draws=200) == ucl_bootstrap.percentile_bootstrap_ucl(
        row, draws=200
    )


@pytest.mark.parametrize("bad", [[1.0], [1.0, float("nan")], [[1.0, 2.0]]])
def test_impossible_samples_are_refused(bad: list[object]) -> None:
    with pytest.raises(ValueError):
        ucl.student_ucl(bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        ucl_lognormal.land_ucl([0.0, 1.0, 2.0])
