"""The pictures of ``jingtu krige``: map panels with the samples on them, and the variogram with its model."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from jingtu import law
from jingtu.cli.krige_file import Floats
from jingtu.cli.krige_work import Mapped
from jingtu.plain.fonts import chinese_font

_DPI: Final = 130
_PANEL_INCHES: Final = 5.2
_HEADROOM: Final = 1.06
_MODEL_ZH: Final = {"spherical": "球状", "exponential": "指数", "gaussian": "高斯"}
# what is written when no Chinese font is installed, rather than empty boxes
_ENGLISH: Final = {
    "估计值 (mg/kg)": "estimate (mg/kg)",
    "克里金标准差 (mg/kg)": "kriging standard error (mg/kg)",
    "中位数估计 (mg/kg)": "median (mg/kg)",
    "对数的克里金标准差": "kriging standard error of the logarithm",
    "超过 {} mg/kg 的概率（对数正态误差）": "probability above {} mg/kg (lognormal errors)",
    "半方差（含量的对数）": "semivariance (logarithm of contents)",
    "超过 {} mg/kg 的概率（正态误差）": "probability above {} mg/kg (normal errors)",
    "超过 {} mg/kg 的概率（指示克里金）": "probability above {} mg/kg (indicator kriging)",
    "东 (km)": "east (km)",
    "北 (km)": "north (km)",
    "采样点": "samples",
    "距离 (m)": "distance (m)",
    "半方差 (mg/kg)²": "semivariance (mg/kg)²",
    "实验变异函数（数字为点对数）": "experimental variogram (numbers of pairs)",
    "{}模型": "{} model",
    "{}的变异函数": "variogram of {}",
    "{}的分布（普通克里金，{} 个点）": "{} by ordinary kriging of {} points",
}


@dataclass(frozen=True, slots=True)
class _Panel:
    title: str
    cells: Floats
    colours: str
    low: float | None
    high: float | None


class _Words:
    """Words of a picture in Chinese, or in English where no font can show them."""

    def __init__(self) -> None:
        self.family = chinese_font(font.name for font in font_manager.fontManager.ttflist)

    def say(self, text: str, *parts: object) -> str:
        return (text if self.family else _ENGLISH[text]).format(*parts)

    def analyte(self, code: str) -> str:
        entry = law.analyte(code)
        return entry.name_zh if self.family else code

    def model(self, name: str) -> str:
        return _MODEL_ZH[name] if self.family else name

    def settings(self) -> Any:
        return {"font.family": [self.family, "DejaVu Sans"] if self.family else ["DejaVu Sans"]}


def map_png(found: Mapped) -> bytes:
    """Panels for the estimate, its standard error and the probabilities, north up, in kilometres."""
    from matplotlib import rc_context

    words = _Words()
    panels = list(_panels(found, words))
    rows = (len(panels) + 1) // 2
    with rc_context(words.settings()):
        west, east, south, north = found.map.grid.corners()
        tall = min(2.0, max(0.5, (north - south) / (east - west)))
        size = (2 * (_PANEL_INCHES + 1), rows * (_PANEL_INCHES * 0.9 * tall + 0.5) + 0.4)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(rows, 2, squeeze=False).ravel()
        for place, panel in zip(axes, panels, strict=False):
            _draw(place, panel, found, words)
        axes[0].legend(loc="upper right", fontsize="small")
        for place in axes[len(panels) :]:
            place.remove()
        name = words.analyte(found.points.analyte)
        figure.suptitle(words.say("{}的分布（普通克里金，{} 个点）", name, len(found.points)))
        return _png(figure)


def _panels(found: Mapped, words: _Words) -> Iterator[_Panel]:
    titles = (
        ("中位数估计 (mg/kg)", "对数的克里金标准差") if found.logged else ("估计值 (mg/kg)", "克里金标准差 (mg/kg)")
    )
    yield _Panel(words.say(titles[0]), found.estimate_mg_kg, "viridis", None, None)
    yield _Panel(words.say(titles[1]), found.spread, "magma", None, None)
    above = found.exceedance
    if above:
        value = f"{above.threshold.value:g}"
        told = "超过 {} mg/kg 的概率（对数正态误差）" if found.logged else "超过 {} mg/kg 的概率（正态误差）"
        yield _Panel(words.say(told, value), above.normal, "RdYlBu_r", 0, 1)
        if above.indicator:
            title = words.say("超过 {} mg/kg 的概率（指示克里金）", value)
            yield _Panel(title, above.indicator.probability, "RdYlBu_r", 0, 1)


def _draw(place: Axes, panel: _Panel, found: Mapped, words: _Words) -> None:
    grid, km = found.map.grid, 1000
    extent = [edge / km for edge in grid.corners()]
    image = place.imshow(
        panel.cells.reshape(grid.rows, grid.columns),
        extent=(extent[0], extent[1], extent[2], extent[3]),
        cmap=panel.colours,
        vmin=panel.low,
        vmax=panel.high,
        interpolation="nearest",
    )
    points = found.points.places_m / km
    place.plot(points[:, 0], points[:, 1], "o", ms=2.5, mfc="none", mec="black", mew=0.5, label=words.say("采样点"))
    place.set(title=panel.title, xlabel=words.say("东 (km)"), ylabel=words.say("北 (km)"))
    place.ticklabel_format(useOffset=False, style="plain")
    place.tick_params(axis="x", labelrotation=30)
    place.figure.colorbar(image, ax=place, shrink=0.85)


def variogram_png(found: Mapped) -> bytes:
    """The experimental variogram with numbers of pairs, and the model that was used."""
    from matplotlib import rc_context

    words = _Words()
    with rc_context(words.settings()):
        figure = Figure(figsize=(7.5, 5), layout="constrained")
        place = figure.subplots()
        longest = 2 * found.variogram.effective_range_m
        if found.fitted:
            seen = found.fitted.experimental
            longest = float(seen.lag_m.max()) * 1.05
            place.plot(
                seen.lag_m, seen.semivariance, "o", color="#1f5fa8", label=words.say("实验变异函数（数字为点对数）")
            )
            for lag, height, pairs in zip(seen.lag_m, seen.semivariance, seen.pairs, strict=True):
                place.annotate(str(pairs), (lag, height), (0, 6), textcoords="offset points", ha="center", fontsize=7)
        unit = "半方差（含量的对数）" if found.logged else "半方差 (mg/kg)²"
        line = np.linspace(longest / 500, longest, 400)
        told = words.say("{}模型", words.model(found.variogram.model))
        place.plot(line, found.variogram.semivariance(line), color="#b03a2e", label=told)
        place.set(xlim=(0, longest), xlabel=words.say("距离 (m)"), ylabel=words.say(unit))
        place.set_ylim(0, place.get_ylim()[1] * _HEADROOM)
        place.set_title(words.say("{}的变异函数", words.analyte(found.points.analyte)))
        place.legend(loc="lower right")
        return _png(figure)


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": "jingtu"})
    return out.getvalue()
