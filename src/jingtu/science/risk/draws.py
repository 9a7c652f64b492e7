"""Random shares for many parameters at once, some of which go together by rank; what results go with."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike
from scipy.special import ndtr
from scipy.stats import rankdata

from jingtu.science.risk.parameters import Floats

BLOCK: Final = 16_384  # draws with random numbers of their own, tallied together
CELLS: Final = 262_144  # chemicals × draws worked on at a time: a block of sixteen chemicals; more go in parts
WATCHED: Final = (0.5, 0.95)  # quantiles whose course over the blocks is kept
_KEPT: Final = 31 * 1024 * 1024  # the C library learns from pieces of up to 32 MiB
Key = TypeVar("Key", bound=Hashable)


def rank_factor(ranks: ArrayLike) -> Floats:
    """What independent normal numbers are multiplied with so that their ranks correlate as given.

    *Source*: Gaussian copula; Pearson's correlation for Spearman's is 2 sin(π ρ / 6) (Pearson 1907). Raises
    ``ValueError`` for a matrix that no variables can have.

    >>> rank_factor([[1, 0.5], [0.5, 1]]).round(4).tolist()
    [[1.0, 0.0], [0.5176, 0.8556]]
    """
    normal = 2 * np.sin(np.pi / 6 * np.asarray(ranks, dtype=np.float64))
    np.fill_diagonal(normal, 1)
    try:
        return np.asarray(np.linalg.cholesky(normal))
    except np.linalg.LinAlgError as error:
        raise ValueError("各参数的秩相关系数互相矛盾，没有变量能同时满足；请减小其中一些。") from error


def drawn_shares(random: Generator, count: int, free: int, factor: Floats | None = None) -> Floats:
    """Shares between 0 and 1, one row a parameter: ``free`` rows on their own, then those that go together.

    >>> drawn_shares(np.random.default_rng(1), 4, 2, rank_factor([[1, 0.9], [0.9, 1]])).shape
    (4, 4)
    """
    alone = random.random((free, count))
    if factor is None:
        return alone
    together = np.einsum("ij,jk->ik", factor, random.standard_normal((len(factor), count)))
    return np.concatenate([alone, ndtr(together)])


def rank_correlations(varied: Mapping[str, Floats], results: Mapping[Key, Floats]) -> dict[Key, dict[str, float]]:
    """Spearman's rank correlation of everything that varies with every result; 0 for what stays the same.

    >>> found = rank_correlations({"a": np.array([1.0, 2.0, 3.0])}, {"r": np.array([9.0, 4.0, 1.0])})
    >>> found["r"]["a"]
    -1.0
    """
    ranked = {name: _centred(values) for name, values in varied.items()}
    return {
        key: {name: round(float((own * ranks).sum()), 12) for name, ranks in ranked.items()}
        for key, values in results.items()
        for own in (_centred(values),)
    }


def keep_freed_memory() -> None:
    """Let the C library keep freed arrays for the next block instead of giving them back page by page.

    The GNU C library raises its thresholds to the size of the largest mapped piece freed so far; one large piece,
    never touched, does it. Without, a fresh process spends more time on page faults than on arithmetic.
    """
    np.empty(_KEPT, dtype=np.uint8)


def _centred(values: Floats) -> Floats:
    ranks = rankdata(values)
    off = ranks - ranks.mean()
    length = np.sqrt(np.square(off).sum())
    return np.asarray(off / length if length > 0 else off)
