"""How many samples a wanted precision or a wanted certainty of decision asks for."""

from __future__ import annotations

import math

from scipy import stats


def number_for_mean(spread: float, error: float, confidence: float = 0.95) -> int:
    """Samples needed so that the mean lies within ``error`` of the truth with a two-sided confidence.

    *Source*: HJ/T 166-2004 5.2.3.1, N = t²s²/D², and 5.2.3.2, N = t²Cv²/m², which is the same with both divided by the
    mean. ``spread`` is the standard deviation (or coefficient of variation), ``error`` the deviation accepted (or
    relative deviation), in one unit. t follows the number itself, so the smallest N that meets the formula is sought;
    at least 2. Raises ``ValueError``.

    >>> number_for_mean(25, 10), number_for_mean(0.30, 0.20)
    (27, 12)
    """
    _check(spread, error, confidence)
    ratio = (spread / error) ** 2
    z = float(stats.norm.ppf((1 + confidence) / 2))
    number = max(2, math.floor(z**2 * ratio))
    while number < float(stats.t.ppf((1 + confidence) / 2, number - 1)) ** 2 * ratio:
        number += 1
    return number


def number_for_decision(spread: float, distance: float, false_rejection: float, false_acceptance: float) -> int:
    """Samples needed to tell a mean from a limit by a one-sided t test.

    *Source*: EPA QA/G-4 (2006) and QA/G-9S, one-sample t test: n = s²(z₁₋α + z₁₋β)²/Δ² + z²₁₋α/2, rounded up.
    ``spread`` is the standard deviation, ``distance`` the width of the grey region, in one unit; the two rates are the
    accepted probabilities of the wrong decisions. Raises ``ValueError``.

    >>> number_for_decision(10, 10, 0.05, 0.20)
    8
    """
    _check(spread, distance, 1 - false_rejection)
    _check(spread, distance, 1 - false_acceptance)
    alpha, beta = (float(stats.norm.ppf(1 - rate)) for rate in (false_rejection, false_acceptance))
    return max(2, math.ceil((spread / distance) ** 2 * (alpha + beta) ** 2 + alpha**2 / 2))


def _check(spread: float, error: float, confidence: float) -> None:
    if not (spread > 0 and error > 0 and 0 < confidence < 1):
        raise ValueError("spread and error must be above zero, confidence between zero and one")
