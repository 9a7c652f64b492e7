"""Pictures of draws on a logarithmic axis: how often which risk came out, and how often less than that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from jingtu.cli.drawing import COLOURS, WIDE, bar, line, picture, text
from jingtu.cli.risk_draws_report import CLASS_COUNT, CURVE, Curve
from jingtu.plain.numbers import significant

EFFECTS: Final = {"cancer": "致癌风险", "hazard": "危害指数"}
MOST_CURVES: Final = 9
MOST_DECADES: Final = 8
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, WIDE - 20.0, 44.0, 344.0
_LEVEL: Final = "#b00020"


@dataclass(frozen=True, slots=True)
class Axes:
    """Risks to the right by powers of ten, shares upwards to ``most``."""

    low: int
    high: int
    most: float = 1.0

    def across(self, value: float) -> float:
        """Where a risk stands."""
        place = (math.log10(max(value, 10.0**self.low)) - self.low) / (self.high - self.low)
        return _LEFT + min(place, 1.0) * (_RIGHT - _LEFT)

    def down(self, share: float) -> float:
        """Where a share stands."""
        return _BOTTOM - share / self.most * (_BOTTOM - _TOP)

    def path(self, points: Sequence[tuple[float, float]], colour: str) -> str:
        """A line through risks and shares."""
        told = " ".join(f"{self.across(risk):.1f},{self.down(share):.1f}" for risk, share in points)
        return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2"/>'


def cumulative(curves: Sequence[Curve], effect: str) -> str:
    """The share of draws below each risk, with the acceptable level and the result without draws."""
    shown = _shown(curves)
    if not shown:
        return ""
    axes = Axes(*_decades(shown))
    drawn = _frame(axes, shown, (0.05, 0.25, 0.5, 0.75, 0.95))
    for number, curve in enumerate(shown):
        drawn.append(axes.path(list(zip(curve.values, CURVE, strict=True)), COLOURS[number]))
        if curve.expected is not None and curve.expected > 0:
            share = float(np.interp(curve.expected, curve.values, CURVE))
            x, y = axes.across(curve.expected), axes.down(share)
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[number]}"/>')
    words = f"{EFFECTS[effect]}（圆点：按采用值计算的结果）"
    return _finished(f"{EFFECTS[effect]}：随机模拟的累积概率", words, drawn, shown)


def frequency(curves: Sequence[Curve], effect: str) -> str:
    """The share of draws in each class of risk; classes are as wide on the axis for one result."""
    shown = _shown(curves)
    if not shown:
        return ""
    most = max(share for curve in shown for _, _, share in curve.classes)
    axes = Axes(*_decades(shown), most=most * 1.05)
    drawn = _frame(axes, shown, [round(most * part / 4, 3) for part in (1, 2, 3, 4)])
    for number, curve in enumerate(shown):
        steps = [point for low, high, share in curve.classes for point in ((low, share), (high, share))]
        whole = [(steps[0][0], 0.0), *steps, (steps[-1][0], 0.0)]
        drawn.append(axes.path(whole, COLOURS[number]))
    words = f"{EFFECTS[effect]}（每种污染物从最小到最大分为对数等宽的 {CLASS_COUNT} 级）"
    return _finished(f"{EFFECTS[effect]}：随机模拟的频率分布", words, drawn, shown)


def _shown(curves: Sequence[Curve]) -> list[Curve]:
    return [curve for curve in curves if max(curve.values) > 0][:MOST_CURVES]


def _decades(curves: Sequence[Curve]) -> tuple[int, int]:
    """Whole powers of ten around what is drawn and the acceptable level, not too many below the top."""
    level = math.log10(curves[0].limit)
    most = max(max(curve.values) for curve in curves)
    least = min(value for curve in curves for value in curve.values if value > 0)
    high = max(math.ceil(math.log10(most) + 1e-9), math.ceil(level))
    low = min(math.floor(math.log10(least)), math.floor(level), high - 1)
    return max(low, high - MOST_DECADES), high


def _frame(axes: Axes, shown: Sequence[Curve], shares: Sequence[float]) -> list[str]:
    drawn = [line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "#444"), line(_LEFT, _TOP, _LEFT, _BOTTOM, "#444")]
    for power in range(axes.low, axes.high + 1):
        x = axes.across(10.0**power)
        drawn += [line(x, _TOP, x, _BOTTOM, "#e3e3e3"), text(x, _BOTTOM + 16, f"1e{power}", "middle")]
    for share in shares:
        drawn.append(line(_LEFT, axes.down(share), _RIGHT, axes.down(share), "#e3e3e3"))
        drawn.append(text(_LEFT - 6, axes.down(share) + 4, f"{share * 100:.3g}%", "end"))
    limit = shown[0].limit
    x = axes.across(limit)
    side = "start" if x < WIDE * 0.2 else ("end" if x > WIDE * 0.8 else "middle")
    label = text(x, _TOP - 5, f"可接受水平 {significant(limit)}", side, _LEVEL)
    return [*drawn, line(x, _TOP, x, _BOTTOM, _LEVEL, "6 3"), label]


def _finished(title: str, words: str, drawn: list[str], shown: Sequence[Curve]) -> str:
    """The picture with the words below its axis and the key to its colours."""
    drawn.append(text((_LEFT + _RIGHT) / 2, _BOTTOM + 36, words, "middle"))
    for number, curve in enumerate(shown):
        x, y = _LEFT + (number % 3) * 225, _BOTTOM + 44 + (number // 3) * 20
        drawn += [bar(x, y, 12, 12, COLOURS[number]), text(x + 18, y + 11, curve.label, "start")]
    return picture(int(_BOTTOM + 44 + 20 * (1 + (len(shown) - 1) // 3) + 10), title, drawn)
