"""Upper confidence limits of the mean by drawing the sample again: percentile, BCa and bootstrap-t.

Draws come from a generator with a stated seed, so that the same file gives the same number every day.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from jingtu.science.ucl import complete_sample

DRAWS: Final = 4999
SEED: Final = 20210622

Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def draw_weights(n: int, draws: int = DRAWS, seed: int = SEED) -> NDArray[np.int64]:
    """How often each of ``n`` values is drawn, shape (draws, n); each row sums to n.

    *Source*: Efron and Tibshirani 1993, 6.2 (resampling with replacement is a multinomial draw).

    >>> draw_weights(4, 3).sum(axis=1).tolist()
    [4, 4, 4]
    """
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    weights.setflags(write=False)
    return weights


def percentile_bootstrap_ucl(
    values: ArrayLike, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED
) -> float:
    """Percentile of the means of the draws.

    *Source*: Efron and Tibshirani 1993, 13.3; EPA ProUCL 5.1 technical guide, 2.4.11.1.

    >>> 250 < percentile_bootstrap_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]) < 340
    True
    """
    sample = complete_sample(values)
    return float(np.quantile(draw_weights(len(sample), draws, seed) @ sample / len(sample), confidence))


def bca_bootstrap_ucl(values: ArrayLike, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED) -> float:
    """Percentile corrected for bias and acceleration.

    *Source*: Efron and Tibshirani 1993, 14.3; EPA ProUCL 5.1 technical guide, 2.4.11.2.

    >>> 270 < bca_bootstrap_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]) < 480
    True
    """
    sample = complete_sample(values, 3)
    means = draw_weights(len(sample), draws, seed) @ sample / len(sample)
    without = (sample.sum() - sample) / (len(sample) - 1)
    return bca_point(float(sample.mean()), means, without, confidence)


def bca_point(estimate: float, drawn: Floats, without: Floats, confidence: float) -> float:
    """The BCa point of drawn estimates; ``without`` are the estimates with each value left out in turn.

    *Source*: Efron and Tibshirani 1993, equations 14.10, 14.14 and 14.15.

    >>> bca_point(0.0, np.linspace(-1, 1, 2001), np.zeros(5), 0.95).__round__(3)
    0.9
    """
    share = (np.count_nonzero(drawn < estimate) + np.count_nonzero(drawn == estimate) / 2) / len(drawn)
    if share in (0.0, 1.0):
        return float(np.quantile(drawn, confidence))
    bias = float(stats.norm.ppf(share))
    apart = without.mean() - without
    square = float((apart**2).sum())
    acceleration = float((apart**3).sum()) / (6 * square**1.5) if square > 0 else 0.0
    z = bias + float(stats.norm.ppf(confidence))
    level = float(stats.norm.cdf(bias + z / (1 - acceleration * z)))
    return float(np.quantile(drawn, min(max(level, 0.0), 1.0)))


def t_bootstrap_ucl(values: ArrayLike, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED) -> float:
    """Bootstrap-t: Student's limit with the t quantile of the draws themselves.

    *Source*: Efron 1982; EPA ProUCL 5.1 technical guide, 2.4.11.3. Draws without spread are left out.

    >>> t_bootstrap_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]) > 320
    True
    """
    sample = complete_sample(values, 3)
    n, weights = len(sample), draw_weights(len(sample), draws, seed)
    means = weights @ sample / n
    variance = np.maximum(weights @ sample**2 - n * means**2, 0.0) / (n - 1)
    error = float(sample.std(ddof=1) / np.sqrt(n))
    return t_point(float(sample.mean()), error, means, np.sqrt(variance / n), confidence)


def t_point(estimate: float, error: float, drawn: Floats, drawn_errors: Floats, confidence: float) -> float:
    """The bootstrap-t limit of an estimate from drawn estimates and their standard errors.

    *Source*: EPA ProUCL 5.1 technical guide, 2.4.11.3.

    >>> t_point(5.0, 0.0, np.array([5.0]), np.array([0.0]), 0.95)
    5.0
    """
    usable = drawn_errors > error * 1e-9
    if error == 0 or not bool(usable.any()):
        return estimate
    pivots = (drawn[usable] - estimate) / drawn_errors[usable]
    return float(estimate - np.quantile(pivots, 1 - confidence) * error)
