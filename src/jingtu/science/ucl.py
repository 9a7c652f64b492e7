"""Upper confidence limits of the mean of a complete sample: every value a number, none below a detection limit.

Each function takes a one-dimensional array of contents in any one unit and gives the limit in that unit. The
confidence is one-sided: 0.95 for the 95 % limit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


def complete_sample(values: ArrayLike, fewest: int = 2) -> Floats:
    """The values as an array; ``ValueError`` when there are fewer than ``fewest`` or one is not a finite number.

    >>> complete_sample([1, 2.5]).tolist()
    [1.0, 2.5]
    """
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1 or len(sample) < fewest:
        raise ValueError(f"at least {fewest} values in one row are needed, found shape {sample.shape}")
    if not bool(np.isfinite(sample).all()):
        raise ValueError("every value must be a finite number")
    return sample


def student_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Student's limit: mean plus t times the standard error.

    *Source*: EPA ProUCL 5.1 technical guide, 2.4.2; HJ 25.5-2018 uses it for the effect of remediation. Exact for
    normal data, too low for strongly skewed data. Values of shape (n,), n of at least 2, in any one unit.

    >>> round(student_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 2)
    320.33
    """
    sample = complete_sample(values)
    spread = float(sample.std(ddof=1))
    return float(sample.mean() + stats.t.ppf(confidence, len(sample) - 1) * spread / np.sqrt(len(sample)))
