"""Samples with values below a detection limit: Kaplan-Meier estimates, and drawing such samples again.

A censored sample is two arrays of shape (n,): ``values`` holds the content where it was detected and the detection
limit where it was not, ``detected`` says which. All in any one unit. Nothing is put in the place of a non-detect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CensoredSample:
    """Contents and detection limits in one row; ``detected`` tells them apart."""

    values: Floats
    detected: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def detects(self) -> Floats:
        """The contents that were detected."""
        return self.values[self.detected]

    @property
    def limits(self) -> Floats:
        """The detection limits of those that were not."""
        return self.values[~self.detected]

    @property
    def is_complete(self) -> bool:
        """Whether every value was detected."""
        return bool(self.detected.all())

    def without(self, place: int) -> CensoredSample:
        """The sample with one value left out."""
        return CensoredSample(np.delete(self.values, place), np.delete(self.detected, place))

    def logs(self) -> CensoredSample:
        """The same sample in natural logarithms; ``ValueError`` when a value is not above zero."""
        if bool((self.values <= 0).any()):
            raise ValueError("a logarithm needs contents and limits above zero")
        return CensoredSample(np.log(self.values), self.detected)


def censored_sample(values: ArrayLike, detected: ArrayLike) -> CensoredSample:
    """A censored sample; ``ValueError`` when shapes differ, a value is not finite, or nothing is there.

    >>> sample = censored_sample([1, 2, 2.5], [False, True, True])
    >>> sample.limits.tolist(), sample.detects.tolist()
    ([1.0], [2.0, 2.5])
    """
    numbers, marks = np.asarray(values, dtype=np.float64), np.asarray(detected, dtype=bool)
    if numbers.ndim != 1 or numbers.shape != marks.shape or len(numbers) == 0:
        raise ValueError(f"values and marks must be one row of the same length: {numbers.shape}, {marks.shape}")
    if not bool(np.isfinite(numbers).all()):
        raise ValueError("every value and every detection limit must be a finite number")
    return CensoredSample(numbers, marks)


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """Kaplan-Meier estimate; numbers of one sample, or arrays over draws.

    ``standard_error`` carries the correction d/(d-1) for the number of detects d; NaN with fewer than two.
    """

    mean: Floats
    sd: Floats
    standard_error: Floats


def kaplan_meier(sample: CensoredSample) -> KaplanMeier:
    """Mean, standard deviation and standard error of the mean, without a value put in for non-detects.

    *Source*: Helsel 2012, 6 and 9; Beal 2010 (a macro for environmental data with non-detects); EPA ProUCL 5.1
    technical guide, 4.4. What lies below the lowest detect is put at the lowest detect. Raises ``ValueError`` when
    nothing was detected.

    >>> found = kaplan_meier(censored_sample([1, 2, 3, 4], [False, True, False, True]))
    >>> float(found.mean), round(float(found.sd), 4)
    (2.5, 0.866)
    """
    if not bool(sample.detected.any()):
        raise ValueError("nothing was detected: there is no mean to estimate")
    found = kaplan_meier_of_draws(sample, np.ones((1, len(sample)), dtype=np.int64))
    return KaplanMeier(found.mean[0], found.sd[0], found.standard_error[0])


def kaplan_meier_of_draws(sample: CensoredSample, weights: NDArray[np.int64]) -> KaplanMeier:
    """The estimates of many draws at once; ``weights`` of shape (draws, n) say how often each value was drawn.

    *Source*: as :func:`kaplan_meier`. NaN for a draw without any detect.

    >>> sample = censored_sample([1, 2, 3, 4], [False, True, False, True])
    >>> kaplan_meier_of_draws(sample, np.array([[1, 1, 1, 1], [4, 0, 0, 0]])).mean.tolist()
    [2.5, nan]
    """
    order = np.argsort(sample.values, kind="stable")
    points, starts = np.unique(sample.values[order], return_index=True)
    drawn = weights[:, order].astype(np.float64)
    risk = np.cumsum(np.add.reduceat(drawn, starts, axis=1), axis=1)
    hits = np.add.reduceat(drawn * sample.detected[order], starts, axis=1)
    keep = np.divide(risk - hits, risk, out=np.ones_like(risk), where=risk > 0)
    below_or_at = _product_above(keep)
    share = below_or_at * (1 - keep)
    lowest = np.argmax(hits > 0, axis=1)
    rows = np.arange(len(weights))
    share[rows, lowest] += below_or_at[rows, 0] * keep[rows, 0]
    mean = share @ points
    variance = np.maximum(share @ points**2 - mean**2, 0.0)
    if len(weights) == 1:
        variance = share @ (points - mean[0]) ** 2
    error = _standard_error(points, risk, hits, below_or_at, lowest)
    empty = hits.sum(axis=1) == 0
    return KaplanMeier(*(np.where(empty, np.nan, part) for part in (mean, np.sqrt(variance), error)))


def _product_above(keep: Floats) -> Floats:
    """Distribution function at each point: product of what is kept at all points above it."""
    above = np.ones_like(keep)
    above[:, :-1] = np.cumprod(keep[:, :0:-1], axis=1)[:, ::-1]
    return above


def _standard_error(
    points: Floats, risk: Floats, hits: Floats, below_or_at: Floats, lowest: NDArray[np.intp]
) -> Floats:
    """Standard error of the mean by areas under the distribution function from the lowest detect up."""
    steps = below_or_at[:, :-1] * np.diff(points)
    steps = np.where(np.arange(len(points) - 1) >= lowest[:, None], steps, 0.0)
    area = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
    spare = risk * (risk - hits)
    terms = np.divide(area**2 * hits, spare, out=np.zeros_like(area), where=spare > 0)
    detects = hits.sum(axis=1)
    correction = np.divide(detects, detects - 1, out=np.full_like(detects, np.nan), where=detects > 1)
    return np.asarray(np.sqrt(terms.sum(axis=1) * correction))


def distribution_function(sample: CensoredSample) -> tuple[Floats, Floats]:
    """Detected contents, ascending and distinct, and the share of the population at or below each.

    *Source*: Helsel 2012, 5.

    >>> points, share = distribution_function(censored_sample([1, 2, 3, 4], [False, True, False, True]))
    >>> points.tolist(), share.tolist()
    ([2.0, 4.0], [0.75, 1.0])
    """
    points, hits = np.unique(sample.detects, return_counts=True)
    risk = np.searchsorted(np.sort(sample.values), points, side="right")
    keep = 1 - hits / risk
    return points, _product_above(keep[None, :])[0] if len(points) else np.array([])


def quantile(sample: CensoredSample, level: float) -> float:
    """The lowest detected content at or below which a share ``level`` of the population lies; NaN below the detects.

    *Source*: Helsel 2012, 6.

    >>> quantile(censored_sample([1, 2, 3, 4], [False, True, False, True]), 0.5)
    2.0
    """
    points, share = distribution_function(sample)
    place = int(np.searchsorted(share, level - 1e-12))
    if place >= len(points):
        return float("nan")
    at_lowest = np.count_nonzero(sample.values <= points[0])
    hidden = 1 - np.count_nonzero(sample.detects == points[0]) / at_lowest
    return float("nan") if level < share[0] * hidden else float(points[place])
