"""The pictures of a risk report as SVG: contribution bars, tornado, cumulative curves, course of the quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np

from jingtu.assess.risk_sensitivity import Sensitivity
from jingtu.cli.risk_draws_report import CURVE, Curve
from jingtu.cli.risk_report import Report
from jingtu.plain.numbers import significant

# told apart also by those who do not see red and green alike, and in grey
COLOURS: Final = ("#0b5394", "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#7f6000", "#999999", "#d55e00", "#5b3a8e")
MOST_BARS: Final = 15
MOST_CURVES: Final = 9
EFFECTS: Final = {"cancer": "致癌风险", "hazard": "危害指数"}
_WIDE: Final = 760
_LINE: Final = 26


def figures(report: Report) -> dict[str, str]:
    """All pictures of a report by name; those with nothing to show are left out."""
    found = {f"contribution-{effect}": contribution(report.shares[effect], effect) for effect in EFFECTS}
    found |= {f"tornado-{effect}": tornado(report.tornado, effect) for effect in EFFECTS}
    if report.drawn:
        for effect in EFFECTS:
            found[f"distribution-{effect}"] = cumulative([c for c in report.drawn.curves if c.effect == effect], effect)
    return {name: picture for name, picture in found.items() if picture}


def contribution(parts: Sequence[tuple[str, str, float]], effect: str) -> str:
    """Stacked bars: one bar a chemical, one colour a route, the share of the whole in each part."""
    chemicals = list(dict.fromkeys(chemical for chemical, _, _ in parts))
    routes = list(dict.fromkeys(route for _, route, share in parts if share > 0))
    if not chemicals or not routes:
        return ""
    held = {(chemical, route): share for chemical, route, share in parts}
    left, wide = 130, _WIDE - 130 - 20
    drawn = []
    for number, chemical in enumerate(chemicals):
        top, x = 44 + number * _LINE, float(left)
        drawn.append(_text(left - 8, top + 15, chemical, "end"))
        for route in routes:
            share = held.get((chemical, route), 0.0)
            width, colour = share * wide, COLOURS[routes.index(route) % len(COLOURS)]
            drawn.append(_bar(x, top, width, 20, colour))
            if share >= 0.06:
                drawn.append(_text(x + width / 2, top + 15, f"{share:.0%}", "middle", "#fff"))
            x += width
    bottom = 44 + len(chemicals) * _LINE + 14
    for number, route in enumerate(routes):
        down = bottom + number * 20
        drawn += [_bar(left, down, 12, 12, COLOURS[number % len(COLOURS)]), _text(left + 18, down + 11, route, "start")]
    return _svg(bottom + 20 * len(routes) + 8, f"{EFFECTS[effect]}：各途径的贡献率（风险最高的点位）", drawn)


def tornado(ranked: Sequence[Sensitivity], effect: str) -> str:
    """The parameters on which an effect hangs most, largest on top; to the right the result grows with it."""
    values = [(one, strongest(one.cancer if effect == "cancer" else one.hazard)) for one in ranked]
    shown = sorted((pair for pair in values if pair[1]), key=lambda pair: -abs(pair[1]))[:MOST_BARS]
    if not shown:
        return ""
    middle, reach = 490.0, 200.0
    most = max(abs(value) for _, value in shown)
    drawn = []
    for number, (one, value) in enumerate(shown):
        top, width = 44 + number * _LINE, abs(value) / most * reach
        label = one.symbol if one.symbol == one.name_zh else f"{one.symbol} {one.name_zh}"
        drawn.append(_text(middle - reach - 52, top + 15, label, "end"))
        start = middle if value > 0 else middle - width
        drawn.append(_bar(start, top, width, 18, COLOURS[0] if value > 0 else COLOURS[1]))
        beside, anchor = (start + width + 5, "start") if value > 0 else (start - 5, "end")
        drawn.append(_text(beside, top + 14, significant(value), anchor))
    bottom = 44 + len(shown) * _LINE
    drawn.append(_line(middle, 38, middle, bottom, "#444"))
    return _svg(bottom + 14, f"{EFFECTS[effect]}：敏感性比（各污染物中最大的）", drawn)


def strongest(values: np.ndarray) -> float:
    """The ratio largest in size over the chemicals, with its sign; 0 where nothing was assessed."""
    known = values[np.isfinite(values)]
    return float(known[np.abs(known).argmax()]) if len(known) else 0.0


def cumulative(curves: Sequence[Curve], effect: str) -> str:
    """Cumulative curves of the draws on a logarithmic axis, with the acceptable level and the result without draws."""
    shown = [curve for curve in curves if max(curve.values) > 0][:MOST_CURVES]
    if not shown:
        return ""
    low, high = _decades(shown)
    left, right, top, bottom = 70.0, _WIDE - 20.0, 44.0, 344.0

    def across(value: float) -> float:
        place = (math.log10(max(value, 10.0**low)) - low) / (high - low)
        return left + min(place, 1.0) * (right - left)

    def down(share: float) -> float:
        return bottom - share * (bottom - top)

    drawn = _grid(low, high, across, down, (left, right, top, bottom))
    limit = shown[0].limit
    drawn.append(_line(across(limit), top, across(limit), bottom, "#b00020", "6 3"))
    drawn.append(_text(across(limit), top - 5, f"可接受水平 {significant(limit)}", _side(across(limit)), "#b00020"))
    for number, curve in enumerate(shown):
        colour = COLOURS[number]
        points = " ".join(f"{across(v):.1f},{down(s):.1f}" for s, v in zip(CURVE, curve.values, strict=True))
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if curve.expected is not None and curve.expected > 0:
            share = float(np.interp(curve.expected, curve.values, CURVE))
            drawn.append(f'<circle cx="{across(curve.expected):.1f}" cy="{down(share):.1f}" r="4" fill="{colour}"/>')
        key = bottom + 44 + (number // 3) * 20
        drawn.append(_bar(left + (number % 3) * 225, key, 12, 12, colour))
        drawn.append(_text(left + (number % 3) * 225 + 18, key + 11, curve.label, "start"))
    drawn.append(_text((left + right) / 2, bottom + 36, f"{EFFECTS[effect]}（圆点：按采用值计算的结果）", "middle"))
    title = f"{EFFECTS[effect]}：随机模拟的累积概率"
    return _svg(int(bottom + 44 + 20 * (1 + (len(shown) - 1) // 3) + 10), title, drawn)


def _side(x: float) -> str:
    """How a label over a place is anchored so that it stays inside the picture."""
    return "start" if x < _WIDE * 0.2 else ("end" if x > _WIDE * 0.8 else "middle")


def _decades(curves: Sequence[Curve]) -> tuple[int, int]:
    """Whole powers of ten around what is drawn, at most eight of them below the top."""
    high = math.ceil(math.log10(max(max(curve.values) for curve in curves)) + 1e-9)
    least = min(value for curve in curves for value in curve.values if value > 0)
    low = min(math.floor(math.log10(least)), high - 1)
    level = math.log10(curves[0].limit)
    low, high = min(low, math.floor(level)), max(high, math.ceil(level))
    return max(low, high - 8), high


def _grid(low: int, high: int, across, down, frame: tuple[float, float, float, float]) -> list[str]:  # type: ignore[no-untyped-def]
    left, right, top, bottom = frame
    drawn = [_line(left, bottom, right, bottom, "#444"), _line(left, top, left, bottom, "#444")]
    for power in range(low, high + 1):
        x = across(10.0**power)
        drawn += [_line(x, top, x, bottom, "#e3e3e3"), _text(x, bottom + 16, f"1e{power}", "middle")]
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        drawn += [_line(left, down(share), right, down(share), "#e3e3e3")]
        drawn.append(_text(left - 6, down(share) + 4, f"{share:.0%}", "end"))
    return drawn


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" fill="{colour}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, dashes: str = "") -> str:
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"{broken}/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _svg(height: int, title: str, parts: Sequence[str]) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" width="{_WIDE}" height="{height}" '
        f'font-family="Noto Sans CJK SC, sans-serif" font-size="12">\n<rect width="{_WIDE}" height="{height}" '
        f'fill="#fff"/>\n<text x="{_WIDE / 2:.0f}" y="22" text-anchor="middle" font-size="14" fill="#222">'
        f"{escape(title)}</text>\n{inside}\n</svg>\n"
    )
