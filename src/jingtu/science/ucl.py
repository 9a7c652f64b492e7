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


def clt_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Limit by the central limit theorem: mean plus the normal quantile times the standard error.

    *Source*: EPA ProUCL 5.1 technical guide, 2.4.4. For large samples only (n of 50 and more when skewed).

    >>> round(clt_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 1)
    310.8
    """
    sample = complete_sample(values)
    return float(sample.mean() + stats.norm.ppf(confidence) * _standard_error(sample))


def adjusted_clt_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Chen's limit: the central limit theorem with a correction for positive skewness.

    *Source*: Chen 1995 (JASA 90, 767-772); EPA ProUCL 5.1 technical guide, 2.4.5. Values of shape (n,), n of at
    least 3.

    >>> round(adjusted_clt_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 1)
    391.8
    """
    sample = complete_sample(values, 3)
    z = float(stats.norm.ppf(confidence))
    correction = _skewness(sample) / (6 * np.sqrt(len(sample))) * (1 + 2 * z**2)
    return float(sample.mean() + (z + correction) * _standard_error(sample))


def modified_t_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Johnson's limit: Student's with a shift of the mean for skewness.

    *Source*: Johnson 1978 (JASA 73, 536-544); EPA ProUCL 5.1 technical guide, 2.4.3. Values of shape (n,), n of at
    least 3.

    >>> round(modified_t_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 1)
    333.0
    """
    sample = complete_sample(values, 3)
    shift = _skewness(sample) * sample.std(ddof=1) / (6 * len(sample))
    return float(student_ucl(sample, confidence) + shift)


def chebyshev_ucl(values: ArrayLike, confidence: float = 0.95) -> float:
    """Chebyshev's limit with the sample's own mean and standard error; holds for any distribution, often far too high.

    *Source*: Singh, Singh and Engelhardt 1997; EPA ProUCL 5.1 technical guide, 2.4.6.

    >>> round(chebyshev_ucl([10, 13, 20, 36, 41, 59, 67, 110, 110, 136, 140, 160, 200, 230, 1300]), 1)
    534.0
    """
    sample = complete_sample(values)
    return float(sample.mean() + chebyshev_factor(confidence) * _standard_error(sample))


def chebyshev_factor(confidence: float) -> float:
    """How many standard errors Chebyshev's inequality, one-sided, puts above the mean.

    *Source*: EPA ProUCL 5.1 technical guide, 2.4.6: root of 1/α - 1.

    >>> round(chebyshev_factor(0.95), 4)
    4.3589
    """
    return float(np.sqrt(1 / (1 - confidence) - 1))


def _standard_error(sample: Floats) -> float:
    return float(sample.std(ddof=1) / np.sqrt(len(sample)))


def _skewness(sample: Floats) -> float:
    return 0.0 if np.ptp(sample) == 0 else float(stats.skew(sample, bias=False))
