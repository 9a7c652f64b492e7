"""The pictures of a risk report as SVG: contribution bars, tornado, and those of the draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from jingtu.assess.risk_sensitivity import Sensitivity
from jingtu.cli.drawing import COLOURS, WIDE, bar, line, picture, text
from jingtu.cli.risk_curves import EFFECTS, cumulative, frequency
from jingtu.cli.risk_report import Report
from jingtu.plain.numbers import significant

MOST_BARS: Final = 15
_LINE: Final = 26


def figures(report: Report) -> dict[str, str]:
    """All pictures of a report by name; those with nothing to show are left out."""
    found = {f"contribution-{effect}": contribution(report.shares[effect], effect) for effect in EFFECTS}
    found |= {f"tornado-{effect}": tornado(report.tornado, effect) for effect in EFFECTS}
    if report.drawn:
        for effect in EFFECTS:
            own = [curve for curve in report.drawn.curves if curve.effect == effect]
            found |= {f"frequency-{effect}": frequency(own, effect), f"cumulative-{effect}": cumulative(own, effect)}
    return {name: drawn for name, drawn in found.items() if drawn}


def contribution(parts: Sequence[tuple[str, str, float]], effect: str) -> str:
    """Stacked bars: one bar a chemical, one colour a route, the share of the whole in each part."""
    chemicals = list(dict.fromkeys(chemical for chemical, _, _ in parts))
    routes = list(dict.fromkeys(route for _, route, share in parts if share > 0))
    if not chemicals or not routes:
        return ""
    held = {(chemical, route): share for chemical, route, share in parts}
    left, wide = 130, WIDE - 130 - 20
    drawn = []
    for number, chemical in enumerate(chemicals):
        top, x = 44 + number * _LINE, float(left)
        drawn.append(text(left - 8, top + 15, chemical, "end"))
        for route in routes:
            share = held.get((chemical, route), 0.0)
            width, colour = share * wide, COLOURS[routes.index(route) % len(COLOURS)]
            drawn.append(bar(x, top, width, 20, colour))
            if share >= 0.06:
                drawn.append(text(x + width / 2, top + 15, f"{share:.0%}", "middle", "#fff"))
            x += width
    bottom = 44 + len(chemicals) * _LINE + 14
    for number, route in enumerate(routes):
        down = bottom + number * 20
        drawn += [bar(left, down, 12, 12, COLOURS[number % len(COLOURS)]), text(left + 18, down + 11, route, "start")]
    return picture(bottom + 20 * len(routes) + 8, f"{EFFECTS[effect]}：各途径的贡献率（风险最高的点位）", drawn)


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
        drawn.append(text(middle - reach - 52, top + 15, label, "end"))
        start = middle if value > 0 else middle - width
        drawn.append(bar(start, top, width, 18, COLOURS[0] if value > 0 else COLOURS[1]))
        beside, anchor = (start + width + 5, "start") if value > 0 else (start - 5, "end")
        drawn.append(text(beside, top + 14, significant(value), anchor))
    bottom = 44 + len(shown) * _LINE
    drawn.append(line(middle, 38, middle, bottom, "#444"))
    return picture(bottom + 14, f"{EFFECTS[effect]}：敏感性比（各污染物中最大的）", drawn)


def strongest(values: np.ndarray) -> float:
    """The ratio largest in size over the chemicals, with its sign; 0 where nothing was assessed."""
    known = values[np.isfinite(values)]
    return float(known[np.abs(known).argmax()]) if len(known) else 0.0
