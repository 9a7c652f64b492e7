"""What is kept of a stream of draws: counts in narrow bins, moments, and how each block came out.

Draws come in blocks and are not kept. Quantiles come from bins whose width is a fixed share of the value, so that the
memory does not grow with the number of draws; every other figure is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu.science.risk.parameters import Floats

Counts = NDArray[np.int64]

# A double's leading bits are its exponent and the first binary digits of its fraction: cut off below the tenth digit
# they number bins that are at most 1/1024 of the value wide, without a logarithm.
FRACTION_DIGITS: Final = 10
_CUT: Final = 52 - FRACTION_DIGITS
_NOTHING: Final = (1023 - 100) << FRACTION_DIGITS  # the bin of 2⁻¹⁰⁰ holds what is smaller, zero included


@dataclass(frozen=True, slots=True)
class Bins:
    """Counts of values by bin: ``start`` is the number of the first bin."""

    start: int
    counts: Counts

    @property
    def total(self) -> int:
        """How many values were counted."""
        return int(self.counts.sum())

    def joined(self, other: Bins) -> Bins:
        """Both counts together.

        >>> counted(np.array([1.0, 2.0])).joined(counted(np.array([8.0]))).total
        3
        """
        start = min(self.start, other.start)
        size = max(self.start + len(self.counts), other.start + len(other.counts)) - start
        both = np.zeros(size, dtype=np.int64)
        for one in (self, other):
            both[one.start - start : one.start - start + len(one.counts)] += one.counts
        return Bins(start, both)

    def quantile(self, share: Floats) -> Floats:
        """Values below which these shares lie, straight within a bin.

        >>> counted(np.linspace(0, 1, 10_001)).quantile(np.array([0.5])).round(3).tolist()
        [0.5]
        """
        upto = np.cumsum(self.counts)
        wanted = np.asarray(share, dtype=np.float64) * upto[-1]
        place = np.minimum(np.searchsorted(upto, wanted), len(upto) - 1)
        inside = self.counts[place]
        part = np.where(inside > 0, (wanted - (upto[place] - inside)) / np.maximum(inside, 1), 0)
        low, high = _edge(self.start + place), _edge(self.start + place + 1)
        return np.where(self.start + place <= _NOTHING, 0.0, low + (high - low) * part)

    def share_below(self, values: Floats) -> Floats:
        """Share of what was counted that lies below these values, none negative; straight within a bin.

        >>> counted(np.linspace(0, 1, 10_001)).share_below(np.array([0.0, 0.25, 2.0])).round(3).tolist()
        [0.0, 0.25, 1.0]
        """
        given = np.ascontiguousarray(values, dtype=np.float64)
        number = np.maximum(given.view(np.int64) >> _CUT, _NOTHING)
        place = np.clip(number - self.start, 0, len(self.counts) - 1)
        part = (given - _edge(number)) / (_edge(number + 1) - _edge(number))
        part = np.where(number < self.start, 0, np.where(number >= self.start + len(self.counts), 1, part))
        before = np.cumsum(self.counts)[place] - self.counts[place]
        return np.asarray((before + np.clip(part, 0, 1) * self.counts[place]) / self.total, dtype=np.float64)


def counted(values: Floats) -> Bins:
    """Values, none negative, counted by bin."""
    number = np.maximum(np.ascontiguousarray(values).view(np.int64) >> _CUT, _NOTHING)
    start = int(number.min())
    return Bins(start, np.bincount(number - start))


@dataclass(frozen=True, slots=True)
class Block:
    """One row of one block of draws: how it is spread."""

    bins: Bins
    count: int
    mean: float
    squares: float  # sum of squared deviations from the mean
    least: float
    most: float
    above: int

    @classmethod
    def of(cls, values: Floats, limit: float) -> Block:
        """A block of draws of one quantity; ``above`` counts those over the limit."""
        mean = float(values.mean())
        off = values - mean
        # no dot product: the linear algebra library would start threads of its own for it, beside ours
        squares = float(np.square(off).sum())
        over = int(np.count_nonzero(values > limit))
        return cls(counted(values), len(values), mean, squares, float(values.min()), float(values.max()), over)


@dataclass(frozen=True, slots=True)
class Step:
    """How far it had come after a number of draws: mean and watched quantiles so far."""

    count: int
    mean: float
    quantiles: tuple[float, ...]


@dataclass(slots=True)
class Tally:
    """Blocks of one quantity, added up; ``watched`` are the quantiles whose course is kept.

    >>> tally = Tally()
    >>> for values in (np.array([1.0, 2.0]), np.array([3.0])):
    ...     tally.add(Block.of(values, 1.5))
    >>> tally.count, tally.mean, tally.deviation, tally.above, tally.most
    (3, 2.0, 1.0, 2, 3.0)
    """

    watched: tuple[float, ...] = ()
    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    least: float = np.inf
    most: float = -np.inf
    above: int = 0
    bins: Bins = field(default_factory=lambda: Bins(0, np.zeros(1, dtype=np.int64)))
    blocks: list[tuple[int, tuple[float, ...]]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def add(self, block: Block) -> None:
        """Take a block in. The course is kept after 1, 2, 4, 8 … blocks."""
        whole, off = self.count + block.count, block.mean - self.mean
        self.squares += block.squares + off**2 * self.count * block.count / whole
        self.mean += off * block.count / whole
        self.bins = self.bins.joined(block.bins) if self.count else block.bins
        self.count, self.above = whole, self.above + block.above
        self.least, self.most = min(self.least, block.least), max(self.most, block.most)
        self.blocks.append((block.count, tuple(block.bins.quantile(np.array(self.watched)))))
        if len(self.blocks).bit_count() == 1:
            self.steps.append(self._step())

    @property
    def course(self) -> tuple[Step, ...]:
        """Mean and watched quantiles after 1, 2, 4, 8 … blocks and at the end."""
        return (*(step for step in self.steps if step.count < self.count), self._step())

    @property
    def deviation(self) -> float:
        """Standard deviation of the draws."""
        return float(np.sqrt(self.squares / (self.count - 1))) if self.count > 1 else 0.0

    @property
    def mean_error(self) -> float:
        """Standard error of the mean."""
        return float(self.deviation / np.sqrt(self.count))

    def quantile(self, share: Floats) -> Floats:
        """Values below which these shares lie, never outside what was drawn."""
        return np.clip(self.bins.quantile(share), self.least, self.most)

    def share_below(self, values: Floats) -> Floats:
        """Share of the draws below these values."""
        return self.bins.share_below(values)

    def quantile_error(self, number: int) -> float:
        """Standard error of a watched quantile from how it differs between blocks; NaN from fewer than two blocks.

        *Source*: batch means: the spread of the blocks' quantiles over the root of their number. A last block
        smaller than the others is left out.
        """
        full = [quantiles[number] for count, quantiles in self.blocks if count == self.blocks[0][0]]
        return float(np.std(full, ddof=1) / np.sqrt(len(full))) if len(full) > 1 else float("nan")

    def _step(self) -> Step:
        return Step(self.count, self.mean, tuple(float(one) for one in self.quantile(np.array(self.watched))))


def _edge(number: NDArray[np.int64]) -> Floats:
    return (np.asarray(number, dtype=np.int64) << _CUT).view(np.float64)
