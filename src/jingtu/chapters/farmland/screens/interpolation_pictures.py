"""Pictures of interpolations: laid over the map, and as a sheet of its own with legend and notice.

Bands are told apart by a letter and an edge as well as by a colour whose lightness rises with the value, so that the
pictures hold in print and for the colour-blind.
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from matplotlib import colormaps, font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

from jingtu import law
from jingtu.chapters.farmland.facts.rasters import Band, Cells
from jingtu.chapters.farmland.models import Interpolation
from jingtu.plain.fonts import chinese_font
from jingtu.registers.ledger import DeedRefused
from jingtu.science import planes

NOTICE: Final = gettext_lazy("插值估计，不作为分类依据")
COLOURS: Final = {"content": "YlOrBr", "spread": "Purples", "above": "YlOrRd"}
LIGHTEST, DARKEST = 0.08, 0.82
FINER: Final = 2  # pixels of the web's plane to a cell
PIXELS: Final = 8  # of the picture to a cell
DPI: Final = 100
BELOW_INCHES: Final = 0.5  # room for the numbers and the name of the axis
LETTER_EVERY: Final = 9  # cells between letters
Numbers = NDArray[np.int16]


def colours(measure: str, count: int) -> list[str]:
    """The colours of a measure's bands, light to dark."""
    table = colormaps[COLOURS[measure]]
    return [to_hex(table(at)) for at in np.linspace(LIGHTEST, DARKEST, max(count, 2))[:count]]


def legend(cells: Cells, measure: str) -> list[tuple[Band, str]]:
    """Each band with its colour, the lowest first."""
    bands = cells.bands(measure)
    return list(zip(bands, colours(measure, len(bands)), strict=True))


# --- over the map ---------------------------------------------------------------------------------------------


def overlay(cells: Cells, measure: str) -> bytes:
    """The bands of a measure as a PNG in the plane of web maps, see-through where nothing is said."""
    banded = _on_the_web(cells, measure)
    rows, columns = banded.shape
    size = (columns * PIXELS / FINER / DPI, rows * PIXELS / FINER / DPI)
    figure = Figure(figsize=size, dpi=DPI)
    place = figure.add_axes((0, 0, 1, 1))
    place.set_axis_off()
    _paint(place, banded, cells, measure, LETTER_EVERY * FINER)
    place.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    return _png(figure, transparent=True)


def _on_the_web(cells: Cells, measure: str) -> Numbers:
    """The bands on a grid of web maps over the same box; the nearest cell counts."""
    west, south, east, north = web_box(cells)
    banded, grid = cells.banded(measure), cells.grid
    columns, rows = grid.columns * FINER, grid.rows * FINER
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    middles = np.column_stack([axis.ravel() for axis in np.meshgrid(x, y)])
    degrees = planes.from_web(middles)
    own = planes.onto(cells.zone, degrees[:, 0], degrees[:, 1])
    column = np.floor((own[:, 0] - grid.west_m) / grid.cell_m).astype(int)
    row = np.floor((grid.north_m - own[:, 1]) / grid.cell_m).astype(int)
    inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    found = np.full(len(middles), -1, dtype=np.int16)
    found[inside] = banded[row[inside], column[inside]]
    return found.reshape(rows, columns)


def web_box(cells: Cells) -> tuple[float, float, float, float]:
    """West, south, east, north of the cells in metres of web maps."""
    west, east, south, north = cells.grid.corners()
    corners = [[x, y] for x in (west, east) for y in (south, north)]
    web = planes.web_of(planes.degrees_of(cells.zone, corners))
    return (*web.min(axis=0).tolist(), *web.max(axis=0).tolist())


def _paint(place: Axes, banded: Numbers, cells: Cells, measure: str, every: int, extent: Any = None) -> None:
    """Bands by colour, their edges by a line, a letter here and there."""
    found = colours(measure, len(cells.bands(measure)))
    shown = np.ma.masked_less(banded, 0)
    place.imshow(
        shown, cmap=ListedColormap(found), vmin=-0.5, vmax=len(found) - 0.5, interpolation="nearest", extent=extent,
        aspect="auto",
    )  # fmt: skip
    if len(found) > 1:
        edges, origin = np.arange(len(found) - 1) + 0.5, "upper" if extent else None
        place.contour(shown, levels=edges, colors="#555555", linewidths=0.4, extent=extent, origin=origin)
    rows, columns = banded.shape
    for row in range(every // 2, rows, every):
        for column in range(every // 2, columns, every):
            number = int(banded[row, column])
            if number >= 0:
                _letter(place, _at(column, row, banded.shape, extent), cells.bands(measure)[number].letter)


def _at(column: int, row: int, shape: tuple[int, ...], extent: Any) -> tuple[float, float]:
    if extent is None:
        return column, row
    west, east, south, north = extent
    return west + (column + 0.5) * (east - west) / shape[1], north - (row + 0.5) * (north - south) / shape[0]


def _letter(place: Axes, at: tuple[float, float], letter: str) -> None:
    place.text(
        *at, letter, ha="center", va="center", fontsize=9, fontweight="bold", color="#222222", family="DejaVu Sans",
        path_effects=[withStroke(linewidth=2, foreground="white")], clip_on=True,
    )  # fmt: skip


# --- a sheet of its own ---------------------------------------------------------------------------------------


def sheet(asked: Interpolation, cells: Cells) -> bytes:
    """All measures side by side with points, legends and the notice that they are estimates."""
    family = chinese_font(each.name for each in font_manager.fontManager.ttflist)
    if not family:
        raise DeedRefused(_("服务器上没有中文字体，不能出图。请系统管理员安装 Noto Sans CJK 后再试。"))
    names = list(cells.measures)
    with rc_context({"font.family": [family, "DejaVu Sans"]}):
        west, east, south, north = cells.grid.corners()
        tall = min(2.0, max(0.5, (north - south) / (east - west)))
        figure = Figure(figsize=(5.4 * len(names), 4.8 * tall + 2.2), layout="constrained")
        for place, name in zip(figure.subplots(1, len(names), squeeze=False).ravel(), names, strict=True):
            _panel(place, asked, cells, name)
        figure.suptitle(_title(asked), fontsize=13)
        figure.supxlabel(_foot(asked), fontsize=9, color="#a02020")
        return _png(figure)


def _panel(place: Axes, asked: Interpolation, cells: Cells, measure: str) -> None:
    extent = [edge / 1000 for edge in cells.grid.corners()]
    _paint(place, cells.banded(measure), cells, measure, LETTER_EVERY, extent)
    found = np.array(asked.report["places"])
    points = planes.onto(cells.zone, found[:, 0], found[:, 1]) / 1000
    place.plot(points[:, 0], points[:, 1], "o", ms=2.5, mfc="none", mec="black", mew=0.5)
    west, east, south, north = extent
    place.set(title=title_of(asked, measure), xlabel=_("东 (km)"), ylabel=_("北 (km)"), aspect="equal")
    place.set(xlim=(west, east), ylim=(south, north))
    place.ticklabel_format(useOffset=False, style="plain")
    handles = [Patch(color=colour, label=f"{band.letter}  {band.words}") for band, colour in legend(cells, measure)]
    below = place.transAxes + ScaledTranslation(0, -BELOW_INCHES, place.figure.dpi_scale_trans)
    place.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below, ncols=2, fontsize="small",
        frameon=False,
    )  # fmt: skip


def title_of(asked: Interpolation, measure: str) -> str:
    """What a measure is, with its unit."""
    if measure == "above":
        return str(_("超过 %(limit)s mg/kg 的概率") % {"limit": f"{asked.limit_mg_kg:f}".rstrip("0").rstrip(".")})
    if measure == "spread":
        return str(_("对数的克里金标准差") if asked.is_logged else _("克里金标准差 (mg/kg)"))
    return str(_("估计值（中位数，mg/kg）") if asked.is_logged else _("估计值 (mg/kg)"))


def _title(asked: Interpolation) -> str:
    return str(
        _("%(region)s土壤%(analyte)s含量插值（%(count)d 个点，数据截至 %(on)s）")
        % {
            "region": asked.region, "analyte": law.analytes()[asked.analyte].name_zh, "count": asked.point_count,
            "on": asked.as_of_on,
        }
    )  # fmt: skip


def _foot(asked: Interpolation) -> str:
    notice = _("演示数据；") if asked.is_demonstration else ""
    return str(
        _("%(notice)s%(said)s · 普通克里金 · %(number)s · 空白处离采样点太远，不作估计")
        % {"notice": notice, "said": NOTICE, "number": asked.number}
    )


def _png(figure: Figure, transparent: bool = False) -> bytes:
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png", dpi=DPI, transparent=transparent, metadata={"Software": "jingtu"})
    return out.getvalue()
