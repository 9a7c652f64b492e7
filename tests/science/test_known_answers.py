"""Answers printed elsewhere: EPA's guides, Helsel, Gilbert, NIST, tables of critical values; and what EnvStats gives.

EPA 2009 is the Unified Guidance (EPA 530-R-09-007), ProUCL the technical guide 5.1 and its program; EnvStats 3.1 was
run once on the same numbers, to the digits shown.
"""

from __future__ import annotations

import numpy as np
import pytest

from jingtu.science import goodness_of_fit, outliers, trend, ucl, ucl_censored, ucl_gamma, ucl_lognormal
from jingtu.science.censored import CensoredSample, censored_sample, kaplan_meier
from jingtu.science.censored_fit import gamma_ml, lognormal_ml, plotting_positions, ros_lognormal
from jingtu.science.comparison import prediction_limit, rank_sum, tolerance_limit
from jingtu.science.summaries import summarise

# EPA 2009, examples 10-1, 12-3, 12-4, 15-1
NICKEL = [58.8, 1, 262, 56, 8.7, 19, 81.5, 331, 14, 64.4, 39, 151, 27, 21.4, 578, 3.1, 942, 85.6, 10, 637]
TETRACHLORIDE = [
    *(1.7, 3.2, 7.3, 12.1, 302, 35.1, 15.6, 13.7, 16.2, 7066),
    *(350, 70.1, 199, 41.6, 75.4, 57.9, 275, 6.5, 59.7, 68.4),
]
NAPHTHALENE = [
    *(3.34, 5.39, 5.74, 6.88, 5.85, 5.59, 5.96, 1.47, 2.57, 5.39, 1.91, 1.74, 23.23),
    *(1.82, 2.02, 6.12, 6.05, 5.18, 4.43, 1, 8.64, 5.34, 5.53, 4.42, 35.45),
]
MANGANESE = "<5 12.1 16.9 21.6 <2 <5 7.7 53.6 9.5 45.9 <5 5.3 12.6 106.3 34.5 6.3 11.9 10 <2 77.2 17.9 22.7 3.3 8.4 <2"
# arsenic in an urban stream of Oahu, Tomlinson 2003: Helsel 2012 and ProUCL work it out
ARSENIC = "<1 <1 1.7 <1 <1 <2 3.2 <2 <2 2.8 <2 <2 <2 <2 <2 0.7 0.9 0.5 0.5 <0.9 0.5 0.7 0.6 1.5"


def hidden(text: str) -> CensoredSample:
    words = text.split()
    return censored_sample([float(word.strip("<")) for word in words], ["<" not in word for word in words])


def test_nickel_of_the_unified_guidance() -> None:
    assert round(float(np.mean(NICKEL)), 1) == 169.5
    assert round(float(np.std(NICKEL, ddof=1)), 1) == 259.7
    normal = goodness_of_fit.shapiro_wilk(NICKEL)
    lognormal = goodness_of_fit.shapiro_wilk(np.log(NICKEL))
    assert (round(normal.statistic, 3), round(lognormal.statistic, 3)) == (0.679, 0.979)
    assert lognormal.p_value == pytest.approx(0.91977, abs=5e-6)
    lilliefors = goodness_of_fit.lilliefors(NICKEL)
    assert (lilliefors.statistic, lilliefors.p_value) == pytest.approx((0.3267052, 5.0328e-6), rel=1e-4)


@pytest.mark.parametrize(
    (
        "sample",
        "skewness",
        "unbiased",
        "land",
        "gamma",
        "adjusted",
        "anderson",
        "kolmogorov",
        "tolerance",
        "prediction",
    ),
    [
        (NICKEL, 1.995674, 213.41563, 1251.80, 318.3161, 335.2366, 0.5076725, 0.1842904, 791.8085, 629.7012),
        (TETRACHLORIDE, 4.437681, 224.0706, 1645.477, 1014.3585, 1088.9772, 2.274504, 0.297475, 4182.9243, 3206.2693),
        (NAPHTHALENE, 3.197721, 6.1322907, 8.9762826, 8.7008415, 8.8835654, 1.596315, 0.2586969, 23.353290, 19.317488),
    ],
    ids=["nickel", "tetrachloride", "naphthalene"],
)
def test_complete_samples_as_envstats_has_them(
    sample: list[float],
    skewness: float,
    unbiased: float,
    land: float,
    gamma: float,
    adjusted: float,
    anderson: float,
    kolmogorov: float,
    tolerance: float,
    prediction: float,
) -> None:
    assert summarise(censored_sample(sample, [True] * len(sample))).skewness == pytest.approx(skewness, rel=1e-6)
    assert ucl_lognormal.unbiased_mean(sample).mean == pytest.approx(unbiased, rel=1e-6)
    assert ucl_lognormal.land_ucl(sample) == pytest.approx(land, rel=1e-6)
    assert ucl_gamma.gamma_ucl(sample) == pytest.approx(gamma, rel=1e-6)
    assert ucl_gamma.adjusted_gamma_ucl(sample) == pytest.approx(adjusted, rel=1e-6)
    tests = goodness_of_fit.gamma_tests(sample)
    assert [test.statistic for test in tests] == pytest.approx([anderson, kolmogorov], rel=1e-6)
    assert tolerance_limit(sample) == pytest.approx(tolerance, rel=1e-6)
    assert prediction_limit(sample) == pytest.approx(prediction, rel=1e-6)


def test_manganese_of_the_unified_guidance() -> None:
    sample = hidden(MANGANESE)
    # EPA 2009 counts what lies below the lowest detect at the lowest limit, as if <2 were 2; ProUCL and Beal do not
    at_limit = kaplan_meier(censored_sample(np.log(sample.values), sample.detected | (sample.values == 2)))
    assert (round(float(at_limit.mean), 4), round(float(at_limit.sd), 4)) == (2.3093, 1.1816)
    found = kaplan_meier(sample)
    assert (found.mean, found.sd, found.standard_error) == pytest.approx((20.14, 25.129918, 5.1637074), rel=1e-6)
    detects = np.sort(plotting_positions(sample)[sample.detected])
    assert detects[[0, 1, 2, -2, -1]].round(3).tolist() == [0.245, 0.318, 0.356, 0.924, 0.962]
    imputed = np.log(ros_lognormal(sample))
    assert (imputed.mean(), imputed.std(ddof=1)) == pytest.approx((2.277175, 1.261431), abs=1e-6)
    fit, gamma = lognormal_ml(sample), gamma_ml(sample)
    assert (fit.log_mean, fit.log_sd) == pytest.approx((2.2159047, 1.3562912), rel=1e-5)
    assert fit.ucl() == pytest.approx(43.702404, rel=1e-5)
    assert (gamma.mean, gamma.shape**-0.5) == pytest.approx((19.664797, 1.252936), rel=1e-5)


def test_arsenic_of_helsel_and_proucl() -> None:
    sample = hidden(ARSENIC)
    found = kaplan_meier(sample)
    printed = [round(float(number), 3) for number in (found.mean, found.sd, found.standard_error)]
    assert printed == [0.949, 0.713, 0.165]
    assert [
        round(limit(sample), 3)
        for limit in (ucl_censored.km_student_ucl, ucl_censored.km_clt_ucl, ucl_censored.km_chebyshev_ucl)
    ] == [1.231, 1.22, 1.667]
    assert round(ucl_censored.km_chebyshev_ucl(sample, 0.975), 3) == 1.977
    assert round(float(ros_lognormal(sample).mean()), 3) == 0.972
    assert round(lognormal_ml(sample).mean, 3) == 0.945


@pytest.mark.parametrize(
    ("n", "spreads", "printed"),
    [
        (3, (0.1, 0.5, 1.0), (2.750, 6.495, 13.05)),
        (5, (0.1, 0.5, 1.0, 2.0), (2.035, 2.947, 4.905, 9.387)),
        (7, (0.1, 0.5, 1.0, 2.0), (1.886, 2.465, 3.698, 6.747)),
        (10, (0.1, 0.5, 0.9, 1.0, 2.0), (1.802, 2.220, 2.902, 3.103, 5.396)),
    ],
)
def test_lands_table(n: int, spreads: tuple[float, ...], printed: tuple[float, ...]) -> None:
    """Gilbert 1987, table A12, which EPA 1992 prints again; its last digit is not always right."""
    assert [ucl_lognormal.land_factor(spread, n) for spread in spreads] == pytest.approx(printed, rel=1e-3)


def test_grice_and_bain_as_proucl_prints_them() -> None:
    printed = {5: 0.0086, 8: 0.0195, 9: 0.0231, 12: 0.029, 15: 0.0324, 19: 0.0369, 25: 0.0395, 30: 0.041, 50: 0.0452}
    assert {n: ucl_gamma.adjusted_level(1 - 0.95, n) for n in printed} == printed
    assert ucl_gamma.adjusted_level(1 - 0.975, 20) == 0.0159
    with pytest.raises(ValueError, match="confidence"):
        ucl_gamma.adjusted_level(0.001, 20)


@pytest.mark.parametrize(
    ("n", "tabled"),
    [  # Dixon 1951 and Rorabacher 1991: one end at 10, 5, 1 %
        (3, (0.886, 0.941, 0.988)),
        (5, (0.557, 0.642, 0.780)),
        (8, (0.479, 0.554, 0.683)),
        (10, (0.409, 0.477, 0.597)),
        (12, (0.490, 0.546, 0.642)),
        (15, (0.472, 0.525, 0.616)),
        (20, (0.401, 0.450, 0.535)),
        (25, (0.360, 0.406, 0.489)),
    ],
)
def test_dixons_table_for_one_end(n: int, tabled: tuple[float, ...]) -> None:
    found = [outliers.dixon_critical(n, level, 1) for level in (0.1, 0.05, 0.01)]
    assert found == pytest.approx(tabled, abs=0.0035)  # the tables were computed by hand: a few thousandths off


@pytest.mark.parametrize(
    ("n", "tabled"),
    [(3, 0.970), (5, 0.710), (7, 0.569), (8, 0.608), (10, 0.530), (11, 0.619), (14, 0.586), (20, 0.489), (25, 0.443)],
)
def test_dixons_table_for_both_ends(n: int, tabled: float) -> None:
    """King 1953, as in GB/T 4883 at 95 %."""
    assert outliers.dixon_critical(n) == pytest.approx(tabled, abs=0.002)


def test_tetrachloride_is_an_outlier_by_epas_reading_of_dixon() -> None:
    one = outliers.dixon(np.log(TETRACHLORIDE), sides=1)
    assert (round(one.statistic, 4), round(one.critical, 3), one.stands_out) == (0.4509, 0.450, True)
    assert not outliers.dixon(np.log(TETRACHLORIDE)).stands_out


def test_naphthalene_has_two_outliers_by_rosner() -> None:
    steps = outliers.rosner(NAPHTHALENE, most=3)
    assert [step.statistic for step in steps] == pytest.approx([3.930957, 4.160223, 2.043427], rel=1e-6)
    assert [round(step.critical, 2) for step in steps] == [2.82, 2.80, 2.78]
    assert [step.value for step in outliers.rosner_outliers(steps)] == [35.45, 23.23]
    with pytest.raises(ValueError, match="at least 15"):
        outliers.rosner(NAPHTHALENE[:14])


@pytest.mark.parametrize(
    ("n", "level", "sides", "tabled"),
    [
        *((8, 0.05, 1, 2.032), (10, 0.05, 1, 2.176), (20, 0.05, 1, 2.557), (50, 0.01, 1, 3.336), (3, 0.05, 1, 1.153)),
        *((10, 0.05, 2, 2.290), (20, 0.05, 2, 2.709), (30, 0.01, 2, 3.236)),
    ],
)
def test_grubbs_table(n: int, level: float, sides: int, tabled: float) -> None:
    """Grubbs and Beck 1972, GB/T 4883."""
    assert outliers.grubbs_critical(n, level, sides) == pytest.approx(tabled, abs=0.0011)


@pytest.mark.parametrize(
    ("series", "z", "slope", "limits"),
    [
        ([10, 22, 21, 30, 22, 30, 40, 40], 2.533202, 3.9, (0.8943484, 6.491401)),
        ([5, 5, 6, 7, 7, 7, 8, 9, 9, 10, 12, 11], 4.031279, 0.5714286, (0.5, 0.6699829)),
        ([9.1, 8.7, 8.9, 7.5, 7.7, 6.1, 6.3, 5.0, 5.2, 4.1], -3.219938, -0.575, (-0.6922362, -0.4554347)),
        ([1, 3, 2, 5, 4], 1.224745, 0.875, (float("nan"), float("nan"))),
    ],
)
def test_trends_with_ties_as_envstats_has_them(
    series: list[float], z: float, slope: float, limits: tuple[float, float]
) -> None:
    found = trend.mann_kendall(series)
    assert (found.z, found.slope) == pytest.approx((z, slope), rel=1e-6)
    assert (found.slope_low, found.slope_high) == pytest.approx(limits, rel=1e-6, nan_ok=True)


def test_trend_over_uneven_times() -> None:
    falling = [9.1, 8.7, 8.9, 7.5, 7.7, 6.1, 6.3, 5.0, 5.2, 4.1]
    found = trend.mann_kendall(falling, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    printed = (-2.8299, -1.175, -1.4, -0.7176557)
    assert (found.z, found.slope, found.slope_low, found.slope_high) == pytest.approx(printed, rel=1e-5)


def test_rank_sum_is_exact_as_in_r() -> None:
    first = [1.1, 2.2, 3.3, 4.1, 5.7, 6.6, 7.9, 8.2, 9.9, 10.4, 12.1]
    second = [2.5, 3.9, 5.1, 8.8, 9.1, 11.3, 13.2, 14.4, 15.5, 16.8, 17.1, 18.9]
    assert rank_sum(first, second).p_value == pytest.approx(0.03174373, rel=1e-6)
    assert rank_sum(first, second, "less").p_value == pytest.approx(0.01587187, rel=1e-6)


def test_the_simple_limits_by_hand() -> None:
    """Mean 30, deviation 20, four values: no table but t and z enters."""
    sample = [10.0, 20.0, 30.0, 60.0]
    mean, error, skewness = 30.0, 21.602469 / 2, 1.190340
    assert ucl.student_ucl(sample) == pytest.approx(mean + 2.353363 * error, rel=1e-6)
    assert ucl.clt_ucl(sample) == pytest.approx(mean + 1.644854 * error, rel=1e-6)
    assert ucl.modified_t_ucl(sample) == pytest.approx(mean + skewness * 21.602469 / 24 + 2.353363 * error, rel=1e-6)
    chen = skewness * (1 + 2 * 1.644854**2) / 12
    assert ucl.adjusted_clt_ucl(sample) == pytest.approx(mean + (1.644854 + chen) * error, rel=1e-6)
    assert ucl.chebyshev_ucl(sample) == pytest.approx(mean + np.sqrt(19) * error, rel=1e-6)
