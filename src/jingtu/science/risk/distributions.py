"""What a parameter may be when it is not one number: six kinds of distribution.

A distribution answers one question, the value below which a share of all cases lies (``quantile``); draws are
quantiles of random shares between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from jingtu.science.risk.parameters import Floats

_ABOVE_ZERO: Final = float(np.finfo(np.float64).tiny)
_EDGE: Final = 2.0**-53  # a share of exactly 0 has no value under a distribution without lower end


class Distribution(Protocol):
    """A parameter that varies: between which values, and where a share of the cases ends."""

    @property
    def low(self) -> float:
        """No value lies below."""

    @property
    def high(self) -> float:
        """No value lies above."""

    def quantile(self, share: Floats) -> Floats:
        """The values below which these shares of the cases lie; shares between 0 and 1, any shape."""


@dataclass(frozen=True)
class Fixed:
    """One number, however often it is drawn.

    >>> Fixed(3.0).quantile(np.array([0.1, 0.9])).tolist()
    [3.0, 3.0]
    """

    value: float

    @property
    def low(self) -> float:
        """The number."""
        return self.value

    @property
    def high(self) -> float:
        """The number."""
        return self.value

    def quantile(self, share: Floats) -> Floats:
        """The number, in the shape of the shares."""
        return np.full(np.shape(share), self.value)


@dataclass(frozen=True)
class Uniform:
    """Every value between two is as likely.

    >>> Uniform(10, 20).quantile(np.array([0.25])).tolist()
    [12.5]
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """The ends must be in order."""
        if not self.low < self.high:
            raise ValueError("均匀分布的 low 应当小于 high。")

    def quantile(self, share: Floats) -> Floats:
        """Straight between the ends."""
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True)
class Triangular:
    """Most likely at the mode, falling straight to both ends.

    *Source*: inverse of the distribution function in closed form; tests compare it with ``scipy.stats.triang``.

    >>> Triangular(0, 1, 4).quantile(np.array([0.25])).round(6).tolist()
    [1.0]
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        """The mode lies between the ends."""
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError("三角分布应当 low ≤ mode ≤ high，且 low 小于 high。")

    def quantile(self, share: Floats) -> Floats:
        """Up to the mode from below, from there from above."""
        width, rise = self.high - self.low, self.mode - self.low
        up = self.low + np.sqrt(share * (width * rise))
        down = self.high - np.sqrt((1 - share) * (width * (self.high - self.mode)))
        return np.asarray(np.where(share * width < rise, up, down))


@dataclass(frozen=True)
class Normal:
    """Normal with the given mean and standard deviation before it is cut at both ends.

    *Source*: truncation by the distribution function; tests compare it with ``scipy.stats.truncnorm``.

    >>> Normal(60, 10, low=20).quantile(np.array([0.5])).round(3).tolist()
    [60.0]
    """

    mean: float
    deviation: float
    low: float = -np.inf
    high: float = np.inf

    def __post_init__(self) -> None:
        """A spread, and ends in order."""
        _check_spread("正态分布", self.deviation, self.low, self.high)

    def quantile(self, share: Floats) -> Floats:
        """The standard normal's quantile between the cuts, scaled."""
        first, last = self._kept
        return np.clip(self.mean + self.deviation * _standard(share, first, last), self.low, self.high)

    @cached_property
    def _kept(self) -> tuple[float, float]:
        ends = (np.array([self.low, self.high]) - self.mean) / self.deviation
        return _kept(ends, "正态分布")


@dataclass(frozen=True)
class Lognormal:
    """Lognormal with the given arithmetic mean and standard deviation before it is cut at both ends.

    *Source*: σ² = ln(1 + (s/m)²), µ = ln m − σ²/2; tests compare it with ``scipy.stats.lognorm``.

    >>> Lognormal(10, 5).quantile(np.array([0.5])).round(4).tolist()
    [8.9443]
    """

    mean: float
    deviation: float
    low: float = _ABOVE_ZERO
    high: float = np.inf

    def __post_init__(self) -> None:
        """A positive mean, a spread, and ends in order."""
        _check_spread("对数正态分布", self.deviation, self.low, self.high)
        if self.mean <= 0 or self.low < 0:
            raise ValueError("对数正态分布的 mean 应当大于零，low 不能小于零。")

    def quantile(self, share: Floats) -> Floats:
        """The exponential of the normal's quantile between the cuts."""
        first, last = self._kept
        spread = self._spread
        middle = np.log(self.mean) - spread**2 / 2
        found = np.exp(middle + spread * _standard(share, first, last))
        return np.asarray(np.clip(found, self.low, self.high))

    @property
    def _spread(self) -> float:
        return float(np.sqrt(np.log1p((self.deviation / self.mean) ** 2)))

    @cached_property
    def _kept(self) -> tuple[float, float]:
        spread = self._spread
        with np.errstate(divide="ignore"):
            ends = (np.log(np.array([self.low, self.high])) - np.log(self.mean) + spread**2 / 2) / spread
        return _kept(ends, "对数正态分布")


@dataclass(frozen=True)
class Empirical:
    """One of the given values, each as likely.

    >>> Empirical((3.0, 1.0, 2.0)).quantile(np.array([0.0, 0.5, 0.99])).tolist()
    [1.0, 2.0, 3.0]
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """At least one value."""
        if not self.values:
            raise ValueError("经验分布应当至少有一个值。")

    @property
    def low(self) -> float:
        """The smallest value."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest value."""
        return max(self.values)

    def quantile(self, share: Floats) -> Floats:
        """The value whose turn it is when they stand in order."""
        count = len(self.values)
        place = np.minimum((np.asarray(share) * count).astype(np.intp), count - 1)
        return np.asarray(self._ordered[place])

    @cached_property
    def _ordered(self) -> Floats:
        return np.sort(np.array(self.values, dtype=np.float64))


def middle(distribution: Distribution) -> float:
    """The value below which half of the cases lie.

    >>> middle(Uniform(10, 20))
    15.0
    """
    return float(distribution.quantile(np.array(0.5)))


def _standard(share: Floats, first: float, last: float) -> Floats:
    """Quantiles of the standard normal between two shares of it."""
    return np.asarray(ndtri(np.maximum(first + (last - first) * np.asarray(share), _EDGE)), dtype=np.float64)


def _kept(ends: Floats, name: str) -> tuple[float, float]:
    first, last = (float(share) for share in ndtr(ends))
    if not first < last:
        raise ValueError(f"{name}在 low 和 high 之间几乎没有可能的值；请核对 mean、sd 和两端。")
    return first, last


def _check_spread(name: str, deviation: float, low: float, high: float) -> None:
    if not (deviation > 0 and np.isfinite(deviation)):
        raise ValueError(f"{name}的 sd 应当大于零。")
    if not low < high:
        raise ValueError(f"{name}的 low 应当小于 high。")
