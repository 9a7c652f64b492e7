"""All upper confidence limits of a sample side by side, and which of them to use, with reasons.

The choice follows the tables of EPA's ProUCL guide: distribution first, then skewness and sample size. It is advice:
reasons are given as codes, the words stand where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from jingtu.science import ucl, ucl_bootstrap, ucl_censored, ucl_gamma, ucl_lognormal
from jingtu.science.censored import CensoredSample, kaplan_meier
from jingtu.science.censored_fit import lognormal_ml
from jingtu.science.goodness_of_fit import Fit, fits

FEWEST: Final = 3
FEWEST_DETECTS: Final = 4
FEWEST_ADVISED: Final = 8
LARGEST_BOOTSTRAP: Final = 2000

Method = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: method, confidence, value in the unit of the data; NaN and why when the method does not apply."""

    method: str
    confidence: float
    value: float
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The limits, the one advised (``None`` when there is none), the fit it rests on, and reason codes."""

    limits: tuple[Limit, ...]
    advised: Limit | None
    distribution: str
    fits: tuple[Fit, ...]
    reasons: tuple[str, ...]

    def limit(self, method: str) -> Limit:
        """The limit of one method at the confidence asked for; ``KeyError`` when it was not computed."""
        found = next((limit for limit in self.limits if limit.method == method), None)
        if found is None:
            raise KeyError(method)
        return found


def choose(sample: CensoredSample, confidence: float = 0.95) -> Choice:
    """Every limit that is defined for a sample, and the one to use.

    *Source*: EPA ProUCL 5.1 technical guide, 2.5 (tables 2-9 to 2-12) for complete samples, 4.5 and 4.8 for samples
    with non-detects.

    >>> from jingtu.science.censored import censored_sample
    >>> found = choose(censored_sample([9.8, 11.7, 12.1, 13.3, 15.4, 16.2, 17.9, 18.8, 21.6], [True] * 9))
    >>> found.distribution, found.advised.method, round(found.advised.value, 2)
    ('normal', 'student', 17.57)
    """
    obstacle = _obstacle(sample)
    if obstacle:
        return Choice((), None, "", (), (obstacle,))
    tests = tuple(fits(sample.detects)) if len(sample.detects) > FEWEST_DETECTS else ()
    methods = _methods(sample)
    limits = tuple(_limit(name, method, confidence) for name, method in methods.items())
    distribution = fitting_distribution(tests)
    wanted, level, reasons = _wanted(sample, distribution, confidence)
    advised = _limit(wanted, methods[wanted], level) if wanted in methods else None
    if advised is None or advised.obstacle:
        fallback = "chebyshev" if sample.is_complete else "km_chebyshev"
        advised, reasons = _limit(fallback, methods[fallback], confidence), (*reasons, "ucl.fallback")
    if advised.value > sample.detects.max():
        reasons = (*reasons, "ucl.above_maximum")
    if len(sample) < FEWEST_ADVISED:
        reasons = (*reasons, "ucl.few_values")
    if len(sample) > LARGEST_BOOTSTRAP:
        reasons = (*reasons, "ucl.no_bootstrap")
    return Choice(limits, advised, distribution, tests, reasons)


def _obstacle(sample: CensoredSample) -> str:
    """Why no limit can be given at all; blank when one can."""
    if len(sample) < FEWEST:
        return "ucl.too_few_values"
    if not bool(sample.detected.any()):
        return "ucl.nothing_detected"
    if not sample.is_complete and len(sample.detects) < FEWEST_DETECTS:
        return "ucl.too_few_detects"
    if np.ptp(sample.values) == 0:
        return "ucl.no_spread"
    return ""


def fitting_distribution(tests: tuple[Fit, ...], level: float = 0.05) -> str:
    """The first of normal, gamma, lognormal that at least one of its tests does not refuse; ``none`` otherwise.

    *Source*: EPA ProUCL 5.1 technical guide, 2.3 (approximate fit: one of two tests holds).

    >>> fitting_distribution((Fit("normal", "a", 0.9, 0.01), Fit("gamma", "b", 0.2, 0.3)))
    'gamma'
    """
    for name in ("normal", "gamma", "lognormal"):
        if any(test.distribution == name and test.holds(level) for test in tests):
            return name
    return "none" if tests else ""


def _limit(name: str, method: Method, confidence: float) -> Limit:
    try:
        return Limit(name, confidence, method(confidence))
    except (ValueError, np.linalg.LinAlgError) as error:
        return Limit(name, confidence, float("nan"), str(error))


def _methods(sample: CensoredSample) -> dict[str, Method]:
    return _complete_methods(sample) if sample.is_complete else _censored_methods(sample)


def _complete_methods(sample: CensoredSample) -> dict[str, Method]:
    values = sample.values
    found: dict[str, Method] = {
        "student": partial(ucl.student_ucl, values),
        "modified_t": partial(ucl.modified_t_ucl, values),
        "clt": partial(ucl.clt_ucl, values),
        "adjusted_clt": partial(ucl.adjusted_clt_ucl, values),
        "chebyshev": partial(ucl.chebyshev_ucl, values),
        "land": partial(ucl_lognormal.land_ucl, values),
        "lognormal_chebyshev": partial(ucl_lognormal.lognormal_chebyshev_ucl, values),
        "gamma": partial(ucl_gamma.gamma_ucl, values),
        "adjusted_gamma": partial(ucl_gamma.adjusted_gamma_ucl, values),
    }
    if len(values) <= LARGEST_BOOTSTRAP:
        found |= {
            "bootstrap_percentile": partial(ucl_bootstrap.percentile_bootstrap_ucl, values),
            "bootstrap_bca": partial(ucl_bootstrap.bca_bootstrap_ucl, values),
            "bootstrap_t": partial(ucl_bootstrap.t_bootstrap_ucl, values),
        }
    return found


def _censored_methods(sample: CensoredSample) -> dict[str, Method]:
    found: dict[str, Method] = {
        "km_student": partial(ucl_censored.km_student_ucl, sample),
        "km_clt": partial(ucl_censored.km_clt_ucl, sample),
        "km_chebyshev": partial(ucl_censored.km_chebyshev_ucl, sample),
        "km_land": partial(ucl_censored.km_land_ucl, sample),
        "km_gamma": partial(ucl_censored.km_gamma_ucl, sample),
        "km_adjusted_gamma": partial(ucl_censored.km_gamma_ucl, sample, adjusted=True),
        "lognormal_ml": lambda confidence: lognormal_ml(sample).ucl(confidence),
    }
    if len(sample) <= LARGEST_BOOTSTRAP:
        found |= {
            "km_bootstrap_percentile": partial(ucl_censored.km_percentile_bootstrap_ucl, sample),
            "km_bootstrap_bca": partial(ucl_censored.km_bca_bootstrap_ucl, sample),
            "km_bootstrap_t": partial(ucl_censored.km_t_bootstrap_ucl, sample),
        }
    return found


def _wanted(sample: CensoredSample, distribution: str, confidence: float) -> tuple[str, float, tuple[str, ...]]:
    """Method, confidence and reasons for a sample that looks like ``distribution``."""
    n, prefix = len(sample), "" if sample.is_complete else "km_"
    censored = () if sample.is_complete else ("ucl.kaplan_meier",)
    if distribution == "normal":
        return f"{prefix}student", confidence, (*censored, "ucl.normal")
    if distribution == "gamma":
        if n < 15 and _gamma_shape(sample) <= 1:
            return f"{prefix}bootstrap_t", confidence, (*censored, "ucl.gamma", "ucl.gamma_small")
        name = "adjusted_gamma" if n < 50 else "gamma"
        return prefix + name, confidence, (*censored, "ucl.gamma")
    spread = _log_spread(sample)
    if distribution == "lognormal":
        method, level = _for_lognormal(spread, n, confidence)
        return prefix + method, level, (*censored, "ucl.lognormal", _spread_reason(spread))
    method, level = _for_any(spread, n, confidence)
    reason = "ucl.no_distribution" if distribution else "ucl.fit_untested"
    return prefix + method, level, (*censored, reason, _spread_reason(spread))


def _gamma_shape(sample: CensoredSample) -> float:
    if sample.is_complete:
        return ucl_gamma.gamma_fit(sample.values).shape_corrected
    found = kaplan_meier(sample)
    return float(found.mean / found.sd) ** 2


def _log_spread(sample: CensoredSample) -> float:
    """Standard deviation of the logarithms of the detected contents, the guide's measure of skewness."""
    positive = sample.detects[sample.detects > 0]
    return float(np.log(positive).std(ddof=1)) if len(positive) > 1 else float("inf")


def _spread_reason(spread: float) -> str:
    return "ucl.skew_mild" if spread < 0.5 else "ucl.skew_moderate" if spread < 1 else "ucl.skew_high"


def _for_lognormal(spread: float, n: int, confidence: float) -> tuple[str, float]:
    """The guide's table for lognormal data: Land's limit where it is stable, else Chebyshev's with rising level."""
    if spread < 1:
        return "land", confidence
    steps = (
        (1.5, (25,), (confidence,)),
        (2.0, (20, 50), (0.975, confidence)),
        (2.5, (20, 50, 70), (0.99, 0.975, confidence)),
        (3.0, (30, 70, 100), (0.99, 0.975, confidence)),
    )
    for edge, sizes, levels in steps:
        if spread < edge:
            for size, level in zip(sizes, levels, strict=True):
                if n < size:
                    return "chebyshev", max(level, confidence)
            return "land", confidence
    return ("chebyshev", 0.99) if n < 150 else ("land", confidence)


def _for_any(spread: float, n: int, confidence: float) -> tuple[str, float]:
    """The guide's table for data of no known distribution."""
    if spread < 0.5:
        return "student", confidence
    if spread < 1:
        return ("bootstrap_bca" if n <= LARGEST_BOOTSTRAP else "clt"), confidence
    if spread < 2:
        return ("chebyshev", max(0.975, confidence)) if n < 20 else ("chebyshev", confidence)
    return ("chebyshev", 0.99) if n < 50 else ("chebyshev", max(0.975, confidence))
