"""Are two groups of contents alike: two samples, paired samples, with and without non-detects; background.

One-sided alternatives are named from the first group: ``greater`` means the first tends to be higher.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from jingtu.science.censored import CensoredSample
from jingtu.science.ucl import complete_sample

Alternative = Literal["two-sided", "less", "greater"]
Floats = NDArray[np.float64]
_EXACT_BELOW: Final = 50


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of two groups: statistic, p value, and the difference first less second in the unit of the data."""

    test: str
    alternative: str
    statistic: float
    p_value: float
    difference: float

    def differs(self, level: float = 0.05) -> bool:
        """Whether the groups differ, in the direction asked, at the level."""
        return self.p_value < level


def welch_t(first: ArrayLike, second: ArrayLike, alternative: Alternative = "two-sided") -> Comparison:
    """Means of two normal samples with spreads of their own.

    *Source*: Welch 1947; EPA ProUCL 5.1 technical guide, 6.6.2. Shapes (n,) and (m,), two values and more each.

    >>> welch_t([5.1, 5.3, 5.2], [4.1, 4.3, 4.2], "greater").differs()
    True
    """
    a, b = complete_sample(first), complete_sample(second)
    found = stats.ttest_ind(a, b, equal_var=False, alternative=alternative)
    return Comparison("welch-t", alternative, float(found.statistic), float(found.pvalue), float(a.mean() - b.mean()))


def rank_sum(first: ArrayLike, second: ArrayLike, alternative: Alternative = "two-sided") -> Comparison:
    """Wilcoxon, Mann and Whitney: does one sample tend to be higher, whatever the distribution.

    *Source*: Mann and Whitney 1947; EPA ProUCL 5.1 technical guide, 6.7.1. p is exact for samples below 50 without
    ties, else normal with correction for ties and continuity (as R does). The difference is Hodges and Lehmann's: the
    median of all differences.

    >>> found = rank_sum([5.1, 5.3, 5.2, 5.6], [4.1, 4.3, 4.2, 4.0], "greater")
    >>> found.differs(), round(found.difference, 2)
    (True, 1.1)
    """
    a, b = complete_sample(first), complete_sample(second)
    tied = len(np.unique(np.concatenate([a, b]))) < len(a) + len(b)
    exact = not tied and max(len(a), len(b)) < _EXACT_BELOW
    found = stats.mannwhitneyu(a, b, alternative=alternative, method="exact" if exact else "asymptotic")
    shift = float(np.median(a[:, None] - b[None, :]))
    return Comparison("wilcoxon-mann-whitney", alternative, float(found.statistic), float(found.pvalue), shift)


def gehan(first: CensoredSample, second: CensoredSample, alternative: Alternative = "two-sided") -> Comparison:
    """Gehan's generalised Wilcoxon test for samples with non-detects at several limits.

    *Source*: Gehan 1965 (Biometrika 52, 203-223); EPA ProUCL 5.1 technical guide, 6.7.2. Variance by permutation
    (Mantel 1967). A pair counts only where it is known which is higher. No difference is estimated: NaN.

    >>> from jingtu.science.censored import censored_sample
    >>> a = censored_sample([5, 6, 7, 8, 9], [True] * 5)
    >>> b = censored_sample([1, 1, 2, 3, 1], [False, False, True, True, True])
    >>> gehan(a, b, "greater").differs()
    True
    """
    values = np.concatenate([first.values, second.values])
    seen = np.concatenate([first.detected, second.detected])
    higher = seen[:, None] & ((values[:, None] > values[None, :]) | (~seen[None, :] & (values[:, None] == values)))
    scores = higher.sum(axis=1).astype(np.float64) - higher.sum(axis=0)
    n, m = len(first), len(second)
    statistic = float(scores[:n].sum())
    variance = n * m * float((scores**2).sum()) / ((n + m) * (n + m - 1))
    z = statistic / float(np.sqrt(variance)) if variance > 0 else 0.0
    return Comparison("gehan", alternative, z, _normal_p(z, alternative), float("nan"))


def _normal_p(z: float, alternative: Alternative) -> float:
    upper = float(stats.norm.sf(z))
    return {"greater": upper, "less": 1 - upper, "two-sided": 2 * min(upper, 1 - upper)}[alternative]


def paired_t(first: ArrayLike, second: ArrayLike, alternative: Alternative = "two-sided") -> Comparison:
    """Mean of the differences of normal pairs.

    *Source*: EPA QA/G-9S, 3.3.3. Same shape (n,), two pairs and more.

    >>> paired_t([5.1, 5.3, 5.2], [5.0, 5.1, 5.1], "greater").differs()
    True
    """
    a, b = _pairs(first, second)
    found = stats.ttest_rel(a, b, alternative=alternative)
    return Comparison("paired-t", alternative, float(found.statistic), float(found.pvalue), float((a - b).mean()))


def signed_rank(first: ArrayLike, second: ArrayLike, alternative: Alternative = "two-sided") -> Comparison:
    """Wilcoxon's signed ranks of the differences of pairs; equal pairs are shared between both signs (Pratt).

    *Source*: Wilcoxon 1945, Pratt 1959; EPA QA/G-9S, 3.3.3.

    >>> signed_rank([5, 6, 7, 8, 9, 10], [4, 4.5, 5, 5.5, 6, 6.5], "greater").differs()
    True
    """
    a, b = _pairs(first, second)
    if not bool((a != b).any()):
        return Comparison("wilcoxon-signed-rank", alternative, 0.0, 1.0, 0.0)
    found = stats.wilcoxon(a, b, zero_method="pratt", alternative=alternative)
    middle = float(np.median(a - b))
    return Comparison("wilcoxon-signed-rank", alternative, float(found.statistic), float(found.pvalue), middle)


def sign_test(first: ArrayLike, second: ArrayLike, alternative: Alternative = "two-sided") -> Comparison:
    """How often the first of a pair is the higher; equal pairs are left out.

    *Source*: EPA QA/G-9S, 3.3.3.

    >>> round(sign_test([5, 6, 7, 8, 9], [4, 4, 5, 5, 6], "greater").p_value, 5)
    0.03125
    """
    a, b = _pairs(first, second)
    higher, unequal = int((a > b).sum()), int((a != b).sum())
    p = float(stats.binomtest(higher, unequal, alternative=alternative).pvalue) if unequal else 1.0
    return Comparison("sign", alternative, float(higher), p, float(np.median(a - b)))


def one_sample_t(values: ArrayLike, standard: float, alternative: Alternative = "two-sided") -> Comparison:
    """Mean of a normal sample against a fixed value.

    *Source*: Student 1908; EPA ProUCL 5.1 technical guide, 6.2.1.

    >>> one_sample_t([5.1, 5.3, 5.2], 6.0, "less").differs()
    True
    """
    sample = complete_sample(values)
    found = stats.ttest_1samp(sample, standard, alternative=alternative)
    return Comparison(
        "one-sample-t", alternative, float(found.statistic), float(found.pvalue), float(sample.mean() - standard)
    )


def _pairs(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    a, b = complete_sample(first), complete_sample(second)
    if a.shape != b.shape:
        raise ValueError(f"pairs need the same number of values on both sides: {a.shape}, {b.shape}")
    return a, b


def tolerance_limit(values: ArrayLike, coverage: float = 0.95, confidence: float = 0.95) -> float:
    """Upper tolerance limit of a normal background: at ``confidence`` it covers a share ``coverage``.

    *Source*: EPA ProUCL 5.1 technical guide, 3.2.1 (95-95 UTL), factor from the noncentral t.

    >>> round(tolerance_limit([float(v) for v in range(1, 11)]), 2)
    14.31
    """
    sample = complete_sample(values)
    root = np.sqrt(len(sample))
    factor = stats.nct.ppf(confidence, len(sample) - 1, stats.norm.ppf(coverage) * root) / root
    return float(sample.mean() + factor * sample.std(ddof=1))


def prediction_limit(values: ArrayLike, confidence: float = 0.95) -> float:
    """Upper prediction limit for one further value of a normal background.

    *Source*: EPA ProUCL 5.1 technical guide, 3.2.2 (95 % UPL).

    >>> round(prediction_limit([float(v) for v in range(1, 11)]), 2)
    11.32
    """
    sample = complete_sample(values)
    t = float(stats.t.ppf(confidence, len(sample) - 1))
    return float(sample.mean() + t * sample.std(ddof=1) * np.sqrt(1 + 1 / len(sample)))


def nonparametric_tolerance_limit(values: ArrayLike, coverage: float = 0.95, confidence: float = 0.95) -> float:
    """The lowest order statistic that covers a share of the background at the confidence; NaN when n is too small.

    *Source*: Conover 1999, 3.3; EPA ProUCL 5.1 technical guide, 3.4.1. For 95-95, 59 values are needed.

    >>> nonparametric_tolerance_limit(range(1, 60)), nonparametric_tolerance_limit(range(1, 59))
    (59.0, nan)
    """
    sample = np.sort(complete_sample(list(values) if isinstance(values, range) else values))
    n = len(sample)
    ranks = np.arange(1, n + 1)
    reached = np.flatnonzero(stats.binom.cdf(ranks - 1, n, coverage) >= confidence)
    return float(sample[reached[0]]) if len(reached) else float("nan")
