"""Summary of one analyte: number, spread and shape, with and without non-detects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from jingtu.science.censored import CensoredSample, kaplan_meier, quantile

Floats = NDArray[np.float64]
_NAN = float("nan")
_NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of a sample; every quantity but counts, ``cv``, ``skewness`` and ``log_sd`` in the unit of the data.

    ``mean``, ``sd`` and the quantiles are Kaplan-Meier estimates where there are non-detects; ``skewness``, the
    geometric mean and ``log_sd`` are of the detected contents only. NaN where nothing can be said.
    """

    count: int
    detected: int
    lowest: float
    highest: float
    lowest_limit: float
    highest_limit: float
    mean: float
    sd: float
    cv: float
    median: float
    lower_quartile: float
    upper_quartile: float
    p95: float
    skewness: float
    geometric_mean: float
    log_sd: float

    @property
    def censored_share(self) -> float:
        """Share of non-detects, 0 to 1."""
        return 1 - self.detected / self.count


def summarise(sample: CensoredSample) -> Summary:
    """Number, location, spread and shape of a sample.

    *Source*: EPA ProUCL 5.1 technical guide, 1.13 and 4.4; Helsel 2012, 6. Quantiles of complete samples by linear
    interpolation (type 7), of censored samples from the Kaplan-Meier distribution.

    >>> from jingtu.science.censored import censored_sample
    >>> found = summarise(censored_sample([1, 2, 3, 4, 10], [True] * 5))
    >>> found.mean, found.median, round(found.sd, 4), found.lowest_limit
    (4.0, 3.0, 3.5355, nan)
    """
    detects = sample.detects
    mean, sd = _location(sample)
    median, lower, upper, p95 = (_level(sample, level) for level in (0.5, 0.25, 0.75, 0.95))
    positive = detects[detects > 0]
    whole = len(positive) == len(detects) > 0
    return Summary(
        len(sample),
        len(detects),
        _or_nan(detects, np.min),
        _or_nan(detects, np.max),
        _or_nan(sample.limits, np.min),
        _or_nan(sample.limits, np.max),
        mean,
        sd,
        sd / mean if mean > 0 else _NAN,
        median,
        lower,
        upper,
        p95,
        _skewness(detects) if len(detects) > 2 and np.ptp(detects) > 0 else _NAN,
        float(np.exp(np.log(positive).mean())) if whole else _NAN,
        float(np.log(positive).std(ddof=1)) if whole and len(positive) > 1 else _NAN,
    )


def _skewness(values: Floats) -> float:
    """Skewness, without the noise of a symmetric sample."""
    found = float(stats.skew(values, bias=False))
    return found if abs(found) > _NOISE else 0.0


def _location(sample: CensoredSample) -> tuple[float, float]:
    """Mean and standard deviation: plain, divided by n - 1, for a complete sample, else Kaplan-Meier."""
    if sample.is_complete:
        return float(sample.values.mean()), float(sample.values.std(ddof=1)) if len(sample) > 1 else _NAN
    if not bool(sample.detected.any()):
        return _NAN, _NAN
    found = kaplan_meier(sample)
    return float(found.mean), float(found.sd)


def _level(sample: CensoredSample, level: float) -> float:
    return float(np.quantile(sample.values, level)) if sample.is_complete else quantile(sample, level)


def _or_nan(values: Floats, choose: Callable[[Floats], np.float64]) -> float:
    return float(choose(values)) if len(values) else _NAN
