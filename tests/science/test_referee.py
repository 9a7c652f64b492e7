"""Ours against numbers that R made once: every frozen number is compared, and every script was run as it stands."""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np
import pytest
from tools.referee import FOLDER, FROZEN, digest, scripts

from jingtu.science import goodness_of_fit, outliers, trend, ucl, ucl_bootstrap, ucl_gamma, ucl_lognormal
from jingtu.science.censored import CensoredSample, censored_sample, distribution_function, kaplan_meier
from jingtu.science.censored_fit import gamma_ml, lognormal_ml
from jingtu.science.comparison import (
    one_sample_t,
    paired_t,
    prediction_limit,
    rank_sum,
    signed_rank,
    tolerance_limit,
    welch_t,
)
from jingtu.science.kriging import CrossValidation, Kriged, leave_one_out, ordinary
from jingtu.science.kriging_neighbours import near
from jingtu.science.variogram import Variogram, experimental_variogram

DRAWN = 0.01  # limits by drawing again: 99,999 draws there, 49,999 here
FITTED = 2e-6  # both sides climb the likelihood until it is flat


def rows() -> list[dict[str, str]]:
    with FROZEN.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def held(name: str) -> CensoredSample:
    with (FOLDER / "data.csv").open(encoding="utf-8", newline="") as stream:
        own = [row for row in csv.DictReader(stream) if row["set"] == name]
    return censored_sample([float(row["value"]) for row in own], [row["detected"] == "1" for row in own])


def values(name: str) -> np.ndarray:
    return held(name).values


def pair() -> tuple[np.ndarray, np.ndarray]:
    return values("before"), values("after")


def uncorrected_error(sample: CensoredSample) -> float:
    detects = len(sample.detects)
    return float(kaplan_meier(sample).standard_error) * float(np.sqrt((detects - 1) / detects))


def land_factor(name: str) -> float:
    n, spread = name.removeprefix("n").split("_s")
    return ucl_lognormal.land_factor(float(spread), int(n))


MODEL = Variogram("spherical", partial_sill=134000, range_m=800, nugget=24200)
PLACES = {"place1": [[181170, 333250]], "place2": [[178673, 330066]]}


def meuse() -> tuple[np.ndarray, np.ndarray]:
    with (FOLDER.parent / "meuse_zinc.csv").open(encoding="utf-8", newline="") as stream:
        table = np.array([[float(cell) for cell in row] for row in list(csv.reader(stream))[1:]])
    return table[:, :2], table[:, 2]


def kriged(name: str) -> Kriged:
    return ordinary(*meuse(), MODEL).estimate_with_variance(PLACES[name])


def kriged_of_32(name: str) -> Kriged:
    return near(*meuse(), MODEL, 32).estimate(PLACES[name])


def left_out() -> CrossValidation:
    return leave_one_out(ordinary(*meuse(), MODEL))


def lag(name: str) -> tuple[float, float, float]:
    """Pairs, mean distance and semivariance of one class of the variogram."""
    places, zinc = meuse()
    found, at = experimental_variogram(places, np.log(zinc)), int(name.removeprefix("lag")) - 1
    return float(found.pairs[at]), float(found.lag_m[at]), float(found.semivariance[at])


Answer = tuple[Callable[[str], float], float]
EXACT = 1e-9
ANSWERS: dict[tuple[str, str], Answer] = {
    ("complete.R", "student_ucl"): (lambda s: ucl.student_ucl(values(s)), EXACT),
    ("complete.R", "lognormal_log_mean"): (lambda s: float(ucl_lognormal.logs(values(s)).mean()), EXACT),
    ("complete.R", "shapiro_statistic"): (lambda s: goodness_of_fit.shapiro_wilk(values(s)).statistic, 1e-6),
    ("complete.R", "shapiro_p"): (lambda s: goodness_of_fit.shapiro_wilk(values(s)).p_value, 1e-4),
    ("complete.R", "shapiro_log_statistic"): (
        lambda s: goodness_of_fit.shapiro_wilk(np.log(values(s))).statistic,
        1e-6,
    ),
    ("complete.R", "lilliefors_statistic"): (lambda s: goodness_of_fit.lilliefors(values(s)).statistic, EXACT),
    ("complete.R", "lilliefors_p"): (lambda s: goodness_of_fit.lilliefors(values(s)).p_value, 1e-6),
    ("complete.R", "lilliefors_log_statistic"): (
        lambda s: goodness_of_fit.lilliefors(np.log(values(s))).statistic,
        EXACT,
    ),
    ("complete.R", "lilliefors_log_p"): (lambda s: goodness_of_fit.lilliefors(np.log(values(s))).p_value, 1e-6),
    ("complete.R", "gamma_shape"): (lambda s: ucl_gamma.gamma_fit(values(s)).shape, EXACT),
    ("complete.R", "gamma_ucl"): (lambda s: ucl_gamma.gamma_ucl(values(s)), EXACT),
    ("complete.R", "tolerance_limit"): (lambda s: tolerance_limit(values(s)), 1e-8),
    ("complete.R", "prediction_limit"): (lambda s: prediction_limit(values(s)), EXACT),
    ("complete.R", "grubbs_statistic"): (lambda s: outliers.grubbs(values(s)).statistic, EXACT),
    ("complete.R", "grubbs_critical"): (lambda s: outliers.grubbs(values(s)).critical, EXACT),
    ("censored.R", "km_mean"): (lambda s: float(kaplan_meier(held(s)).mean), EXACT),
    ("censored.R", "km_error_uncorrected"): (lambda s: uncorrected_error(held(s)), EXACT),
    ("censored.R", "km_share_below_second"): (lambda s: float(distribution_function(held(s))[1][0]), EXACT),
    ("censored.R", "lognormal_log_mean"): (lambda s: lognormal_ml(held(s)).log_mean, FITTED),
    ("censored.R", "lognormal_log_sd"): (lambda s: lognormal_ml(held(s)).log_sd, FITTED),
    ("censored.R", "lognormal_log_of_mean_error"): (lambda s: lognormal_ml(held(s)).log_of_mean_error, FITTED),
    ("censored.R", "gamma_shape"): (lambda s: gamma_ml(held(s)).shape, FITTED),
    ("censored.R", "gamma_mean"): (lambda s: gamma_ml(held(s)).mean, FITTED),
    ("land.R", "land_ucl"): (lambda s: ucl_lognormal.land_ucl(values(s)), 1e-7),
    ("land.R", "land_factor"): (land_factor, 1e-7),
    ("trend.R", "mann_kendall_s"): (lambda s: trend.mann_kendall(values(s)).s, EXACT),
    ("trend.R", "mann_kendall_z"): (lambda s: trend.mann_kendall(values(s)).z, EXACT),
    ("trend.R", "mann_kendall_p"): (lambda s: trend.mann_kendall(values(s)).p_value, EXACT),
    ("trend.R", "kendall_tau"): (lambda s: trend.mann_kendall(values(s)).tau, EXACT),
    ("trend.R", "kendall_p"): (lambda s: trend.mann_kendall(values(s)).p_value, EXACT),
    ("trend.R", "sen_slope"): (lambda s: trend.mann_kendall(values(s)).slope, EXACT),
    ("comparison.R", "welch_statistic"): (lambda _: welch_t(*pair()).statistic, EXACT),
    ("comparison.R", "welch_p"): (lambda _: welch_t(*pair()).p_value, EXACT),
    ("comparison.R", "rank_sum_p_normal"): (lambda _: rank_sum(*pair()).p_value, EXACT),
    ("comparison.R", "paired_statistic"): (lambda _: paired_t(*pair()).statistic, EXACT),
    ("comparison.R", "paired_p"): (lambda _: paired_t(*pair()).p_value, EXACT),
    ("comparison.R", "signed_rank_p_exact"): (lambda _: signed_rank(*pair()).p_value, EXACT),
    ("comparison.R", "one_sample_statistic"): (lambda s: one_sample_t(values(s), 6, "less").statistic, EXACT),
    ("comparison.R", "one_sample_p"): (lambda s: one_sample_t(values(s), 6, "less").p_value, EXACT),
    ("kriging.R", "kriged"): (lambda s: float(kriged(s).estimate[0]), EXACT),
    ("kriging.R", "kriged_variance"): (lambda s: float(kriged(s).variance[0]), EXACT),
    ("kriging.R", "kriged_of_32"): (lambda s: float(kriged_of_32(s).estimate[0]), EXACT),
    ("kriging.R", "kriged_of_32_variance"): (lambda s: float(kriged_of_32(s).variance[0]), EXACT),
    ("kriging.R", "left_out_mean_error"): (lambda _: left_out().mean_error, 1e-8),
    ("kriging.R", "left_out_rmse"): (lambda _: left_out().rmse, EXACT),
    ("kriging.R", "left_out_msdr"): (lambda _: left_out().msdr, EXACT),
    ("kriging.R", "pairs"): (lambda s: lag(s)[0], EXACT),
    ("kriging.R", "lag_m"): (lambda s: lag(s)[1], EXACT),
    ("kriging.R", "semivariance"): (lambda s: lag(s)[2], EXACT),
    ("bootstrap.R", "percentile_ucl"): (
        lambda s: ucl_bootstrap.percentile_bootstrap_ucl(values(s), draws=49_999),
        DRAWN,
    ),
    ("bootstrap.R", "bca_ucl"): (lambda s: ucl_bootstrap.bca_bootstrap_ucl(values(s), draws=49_999), DRAWN),
}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['set']}-{row['quantity']}-{row['script']}")
def test_ours_is_what_r_found(row: dict[str, str]) -> None:
    answer, tolerance = ANSWERS[row["script"], row["quantity"]]
    assert float(answer(row["set"])) == pytest.approx(float(row["value"]), rel=tolerance)


def test_every_script_was_run_as_it_stands() -> None:
    kept = {(row["script"], row["script_sha256"]) for row in rows()}
    assert kept == {(script.name, digest(script)) for script in scripts()}, "a script changed: make referee"
    assert all(row["versions"].startswith("R 4.") for row in rows())


def test_every_comparison_has_a_number() -> None:
    assert {(row["script"], row["quantity"]) for row in rows()} == set(ANSWERS)
