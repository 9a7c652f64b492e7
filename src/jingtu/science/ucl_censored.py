"""Upper confidence limits of the mean for samples with non-detects, on Kaplan-Meier estimates.

Each function takes a :class:`~jingtu.science.censored.CensoredSample` and gives the limit in its unit. For a sample
without non-detects the Kaplan-Meier mean is the plain mean.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from jingtu.science.censored import CensoredSample, kaplan_meier, kaplan_meier_of_draws
from jingtu.science.ucl import chebyshev_factor
from jingtu.science.ucl_bootstrap import DRAWS, SEED, bca_point, draw_weights, t_point
from jingtu.science.ucl_gamma import adjusted_level, corrected_shape, gamma_ucl_from_shape
from jingtu.science.ucl_lognormal import land_ucl_from_logs


def km_student_ucl(sample: CensoredSample, confidence: float = 0.95) -> float:
    """Student's limit on the Kaplan-Meier mean and its corrected standard error.

    *Source*: Beal 2010; EPA ProUCL 5.1 technical guide, 4.5.1 (95 % KM (t) UCL).

    >>> from jingtu.science.censored import censored_sample
    >>> round(km_student_ucl(censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])), 2)
    6.25
    """
    return _at_factor(sample, float(stats.t.ppf(confidence, len(sample) - 1)))


def km_clt_ucl(sample: CensoredSample, confidence: float = 0.95) -> float:
    """Limit by the central limit theorem on the Kaplan-Meier mean.

    *Source*: EPA ProUCL 5.1 technical guide, 4.5.1 (95 % KM (z) UCL).

    >>> from jingtu.science.censored import censored_sample
    >>> round(km_clt_ucl(censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])), 2)
    5.69
    """
    return _at_factor(sample, float(stats.norm.ppf(confidence)))


def km_chebyshev_ucl(sample: CensoredSample, confidence: float = 0.95) -> float:
    """Chebyshev's limit on the Kaplan-Meier mean.

    *Source*: EPA ProUCL 5.1 technical guide, 4.5.1 (95 % KM Chebyshev UCL).

    >>> from jingtu.science.censored import censored_sample
    >>> round(km_chebyshev_ucl(censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])), 2)
    8.81
    """
    return _at_factor(sample, chebyshev_factor(confidence))


def _at_factor(sample: CensoredSample, factor: float) -> float:
    found = kaplan_meier(sample)
    if not np.isfinite(found.standard_error):
        raise ValueError("a limit needs at least two detected contents")
    return float(found.mean + factor * found.standard_error)


def km_land_ucl(sample: CensoredSample, confidence: float = 0.95) -> float:
    """Land's limit with the Kaplan-Meier mean and standard deviation of the logarithms.

    *Source*: EPA ProUCL 5.1 technical guide, 4.5.1.3 (95 % H-UCL (KM-Log)). The
    deviation is Kaplan-Meier's own, as ProUCL takes it.

    >>> from jingtu.science.censored import censored_sample
    >>> km_land_ucl(censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])) > 6.49
    True
    """
    logs = sample.logs()
    found = kaplan_meier(logs)
    return land_ucl_from_logs(float(found.mean), float(found.sd), len(logs), confidence)


def km_gamma_ucl(sample: CensoredSample, confidence: float = 0.95, adjusted: bool = False) -> float:
    """Gamma limit with the shape that Kaplan-Meier mean and variance give.

    *Source*: EPA ProUCL 5.1 technical guide, 4.5.1.2: shape = mean²/variance, corrected for bias, with
    Kaplan-Meier's own variance (divided by n); ``adjusted`` takes the level of Grice and Bain.

    >>> from jingtu.science.censored import censored_sample
    >>> sample = censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])
    >>> km_gamma_ucl(sample) < km_gamma_ucl(sample, adjusted=True)
    True
    """
    found, n = kaplan_meier(sample), len(sample)
    if found.sd == 0:
        raise ValueError("all values are the same: no gamma distribution can be fitted")
    shape = corrected_shape(float(found.mean / found.sd) ** 2, n)
    level = adjusted_level(1 - confidence, n) if adjusted else 1 - confidence
    return gamma_ucl_from_shape(float(found.mean), shape, n, level)


def km_percentile_bootstrap_ucl(
    sample: CensoredSample, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED
) -> float:
    """Percentile of the Kaplan-Meier means of the draws; draws without a detect are left out.

    *Source*: EPA ProUCL 5.1 technical guide, 4.5.1 (95 % KM (percentile bootstrap) UCL).

    >>> from jingtu.science.censored import censored_sample
    >>> 4 < km_percentile_bootstrap_ucl(censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])) < 7
    True
    """
    means = kaplan_meier_of_draws(sample, draw_weights(len(sample), draws, seed)).mean
    return float(np.nanquantile(means, confidence))


def km_bca_bootstrap_ucl(
    sample: CensoredSample, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED
) -> float:
    """BCa percentile of the Kaplan-Meier means of the draws.

    *Source*: EPA ProUCL 5.1 technical guide, 4.5.1 (95 % KM (BCA) UCL).

    >>> from jingtu.science.censored import censored_sample
    >>> 4 < km_bca_bootstrap_ucl(censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])) < 8
    True
    """
    means = kaplan_meier_of_draws(sample, draw_weights(len(sample), draws, seed)).mean
    leave_one_out = 1 - np.eye(len(sample), dtype=np.int64)
    without = kaplan_meier_of_draws(sample, leave_one_out).mean
    return bca_point(
        float(kaplan_meier(sample).mean), means[np.isfinite(means)], without[np.isfinite(without)], confidence
    )


def km_t_bootstrap_ucl(sample: CensoredSample, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED) -> float:
    """Bootstrap-t on the Kaplan-Meier mean and standard error.

    *Source*: EPA ProUCL 5.1 technical guide, 4.5.1 (95 % KM (bootstrap-t) UCL).

    >>> from jingtu.science.censored import censored_sample
    >>> km_t_bootstrap_ucl(censored_sample([1, 2, 3, 4, 8], [False, True, True, True, True])) > 4
    True
    """
    found = kaplan_meier(sample)
    drawn = kaplan_meier_of_draws(sample, draw_weights(len(sample), draws, seed))
    usable = np.isfinite(drawn.mean) & np.isfinite(drawn.standard_error)
    return t_point(
        float(found.mean), float(found.standard_error), drawn.mean[usable], drawn.standard_error[usable], confidence
    )
