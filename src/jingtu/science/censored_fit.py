"""Distributions fitted to samples with non-detects: lognormal and gamma by maximum likelihood, robust ROS.

Contents and limits are above zero and in any one unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from jingtu.science.censored import CensoredSample

Floats = NDArray[np.float64]
Loss = Callable[[Floats], float]

_FINE: Final = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}


@dataclass(frozen=True, slots=True)
class LognormalFit:
    """Mean and standard deviation of the natural logarithms, and the error of the log of the mean."""

    log_mean: float
    log_sd: float
    log_of_mean_error: float

    @property
    def mean(self) -> float:
        """Mean in the unit of the data: exp(μ + σ²/2)."""
        return float(np.exp(self.log_mean + self.log_sd**2 / 2))

    def ucl(self, confidence: float = 0.95) -> float:
        """Cox's limit of the mean: normal quantile on the logarithm of the mean.

        *Source*: Zhou and Gao 1997; Helsel 2012, 9.2.
        """
        z = float(stats.norm.ppf(confidence))
        return float(np.exp(self.log_mean + self.log_sd**2 / 2 + z * self.log_of_mean_error))


@dataclass(frozen=True, slots=True)
class CensoredGammaFit:
    """Shape (no unit) and scale (unit of the data)."""

    shape: float
    scale: float

    @property
    def mean(self) -> float:
        """Mean in the unit of the data."""
        return self.shape * self.scale


def lognormal_ml(sample: CensoredSample) -> LognormalFit:
    """Fit a lognormal distribution by maximum likelihood, non-detects as all that lies below their limit.

    *Source*: Cohen 1959; Helsel 2012, 6.2. Errors from the observed information. ``ValueError`` with fewer than
    three different detects, where the likelihood is flat.

    >>> from jingtu.science.censored import censored_sample
    >>> fit = lognormal_ml(censored_sample([1, 2, 3, 4, 8, 1], [True, True, True, True, True, False]))
    >>> round(fit.log_mean, 3), round(fit.log_sd, 3)
    (0.798, 0.864)
    """
    log = _fittable(sample).logs()

    def loss(place: Floats) -> float:
        mean, sd = place[0], float(np.exp(place[1]))
        seen = stats.norm.logpdf(log.detects, mean, sd).sum()
        return -float(seen + stats.norm.logcdf(log.limits, mean, sd).sum())

    start = np.array([log.detects.mean(), np.log(log.detects.std(ddof=1))])
    place = _lowest(loss, start)
    sd = float(np.exp(place[1]))
    covariance = np.linalg.inv(_curvature(loss, place))
    slope = np.array([1.0, sd**2])
    return LognormalFit(float(place[0]), sd, float(np.sqrt(slope @ covariance @ slope)))


def gamma_ml(sample: CensoredSample) -> CensoredGammaFit:
    """Fit a gamma distribution by maximum likelihood, non-detects as all that lies below their limit.

    *Source*: Krishnamoorthy, Mathew and Mukherjee 2008; Helsel 2012, 6.2.

    >>> from jingtu.science.censored import censored_sample
    >>> fit = gamma_ml(censored_sample([1, 2, 3, 4, 8, 1], [True, True, True, True, True, False]))
    >>> round(fit.shape, 2), round(fit.mean, 2)
    (1.46, 3.09)
    """
    _fittable(sample)

    def loss(place: Floats) -> float:
        shape, scale = float(np.exp(place[0])), float(np.exp(place[1] - place[0]))
        seen = stats.gamma.logpdf(sample.detects, shape, scale=scale).sum()
        return -float(seen + stats.gamma.logcdf(sample.limits, shape, scale=scale).sum())

    spread = float(sample.detects.var(ddof=1))
    mean = float(sample.detects.mean())
    place = _lowest(loss, np.array([np.log(mean**2 / spread), np.log(mean)]))
    return CensoredGammaFit(float(np.exp(place[0])), float(np.exp(place[1] - place[0])))


def _fittable(sample: CensoredSample) -> CensoredSample:
    if bool((sample.values <= 0).any()):
        raise ValueError("contents and limits must be above zero")
    if len(np.unique(sample.detects)) < 3:
        raise ValueError("a fit needs at least three different detected contents")
    return sample


def _lowest(loss: Loss, start: Floats) -> Floats:
    found = optimize.minimize(loss, start, method="Nelder-Mead", options=_FINE)
    if not found.success or not bool(np.isfinite(found.x).all()):
        raise ValueError("the likelihood has no maximum for these values")
    return np.asarray(found.x, dtype=np.float64)


def _curvature(loss: Loss, place: Floats, step: float = 1e-4) -> Floats:
    """Second derivatives of the loss by central differences."""
    size = len(place)
    out = np.zeros((size, size))
    unit = np.eye(size) * step
    for i in range(size):
        for j in range(size):
            corners = [loss(place + a * unit[i] + b * unit[j]) * a * b for a in (1, -1) for b in (1, -1)]
            out[i, j] = sum(corners) / (4 * step**2)
    return out


def ros_lognormal(sample: CensoredSample) -> Floats:
    """The sample with each non-detect replaced by what the regression of the detects predicts for its place.

    *Source*: Helsel and Cohn 1988; Hirsch and Stedinger 1987 for the plotting positions; Helsel 2012, 6.3. For
    summary statistics of the whole sample only: the numbers put in belong to no single result. Order of the sample
    is kept. ``ValueError`` when a non-detect is above every detect or fewer than three different detects exist.

    >>> from jingtu.science.censored import censored_sample
    >>> ros_lognormal(censored_sample([1, 2, 4, 8, 16], [False, True, True, True, True])).round(3).tolist()
    [0.502, 2.0, 4.0, 8.0, 16.0]
    """
    log = _fittable(sample).logs()
    if len(log.limits) and log.limits.max() > log.detects.max():
        raise ValueError("a detection limit above every detected content leaves its non-detect without a place")
    positions = plotting_positions(log)
    quantiles = stats.norm.ppf(positions)
    line = stats.linregress(quantiles[log.detected], log.detects)
    predicted = np.exp(line.intercept + line.slope * quantiles)
    return np.asarray(np.where(sample.detected, sample.values, predicted))


def plotting_positions(sample: CensoredSample) -> Floats:
    """Share of the population below each value, by Hirsch and Stedinger, in the order of the sample.

    *Source*: Hirsch and Stedinger 1987 (Water Resources Research 23, 715-727), Weibull positions.

    >>> from jingtu.science.censored import censored_sample
    >>> plotting_positions(censored_sample([1, 2, 4], [False, True, True])).round(4).tolist()
    [0.1667, 0.5556, 0.7778]
    """
    limits = np.concatenate([[-np.inf], np.unique(sample.limits)])
    edges = np.append(limits, np.inf)
    detects = sample.detects
    between = -np.diff([np.count_nonzero(detects >= edge) for edge in edges])
    below = np.array([np.count_nonzero(detects < c) + np.count_nonzero(sample.limits <= c) for c in limits])
    exceed = np.zeros(len(limits) + 1)
    for j in range(len(limits) - 1, -1, -1):
        whole = between[j] + below[j]
        exceed[j] = exceed[j + 1] + (between[j] / whole * (1 - exceed[j + 1]) if whole else 0.0)
    exceed[0] = 1.0
    positions = np.empty(len(sample))
    for j, limit in enumerate(limits):
        inside = np.flatnonzero(sample.detected & (sample.values >= limit) & (sample.values < edges[j + 1]))
        rank = _ranks(sample.values[inside])
        positions[inside] = (1 - exceed[j]) + rank / (len(inside) + 1) * (exceed[j] - exceed[j + 1])
        hidden = np.flatnonzero(~sample.detected & (sample.values == limit))
        positions[hidden] = np.arange(1, len(hidden) + 1) / (len(hidden) + 1) * (1 - exceed[j])
    return positions


def _ranks(values: Floats) -> Floats:
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(1, len(values) + 1)
    return ranks
