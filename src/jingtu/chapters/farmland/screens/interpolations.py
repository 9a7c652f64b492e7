"""What is shown of interpolations: asking for one, its page with pictures and figures, files, pictures on the map."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu import law
from jingtu.assess import estimate_limits
from jingtu.chapters.farmland.actions import interpolations as actions
from jingtu.chapters.farmland.facts import interpolations as facts
from jingtu.chapters.farmland.facts import rasters
from jingtu.chapters.farmland.models import Interpolation
from jingtu.chapters.farmland.screens import interpolation_pictures as pictures
from jingtu.chapters.farmland.screens.safe_use import code_choices, day_field
from jingtu.land import facts as land
from jingtu.plain.numbers import plain
from jingtu.registers import clock, progress
from jingtu.registers.declare import Download, Measure, Overlay, Tool
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.pages import Asked, Page, page
from jingtu.registers.reach import Reach

MODELS: Final = {
    "spherical": gettext_lazy("球状"),
    "exponential": gettext_lazy("指数"),
    "gaussian": gettext_lazy("高斯"),
}
STAGES: Final = {
    "": gettext_lazy("等待开始"),
    "reading": gettext_lazy("读取样品和结果"),
    "kriging": gettext_lazy("拟合变异函数并插值"),
    "keeping": gettext_lazy("保存结果"),
    "done": gettext_lazy("完成"),
}
BOM: Final = "utf-8-sig"


# --- asking ---------------------------------------------------------------------------------------------------


def ask_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """Where, what, which land, as of when, held against which limit."""
    today = clock.today()
    regions = [(each.code, each.full_name) for each in land.regions_within(reach.prefix)]
    uses = code_choices("land_use")
    return {
        "region": forms.ChoiceField(label=_("行政区"), choices=regions, initial=reach.region_code),
        "analyte": forms.ChoiceField(label=_("检测项目"), choices=facts.analyte_choices(today)),
        "land_uses": forms.MultipleChoiceField(
            label=_("土地利用"), choices=uses, required=False, widget=forms.SelectMultiple(attrs={"size": len(uses)}),
            help_text=_("不选即不限；按住 Ctrl 可选几种。"),
        ),
        "as_of_on": day_field(_("数据截至"), help_text=_("采用这一天已采样、已出结果且未退回的土壤样品。")),
        "known_on": day_field(_("按此日所知"), help_text=_("只采用到这一天为止已登记入库的。")),
        "is_logged": forms.BooleanField(
            label=_("含量取对数"), required=False, help_text=_("含量偏斜大时使用；估计值是中位数。")
        ),
        "limit_use": forms.ChoiceField(
            label=_("界限按土地利用"), choices=[("", _("取各点适用筛选值中最严的")), *uses], required=False,
            help_text=_("超标概率以 GB 15618 筛选值为界。各点 pH 和用途不同，取最严的不会低估概率；也可指定一档。"),
        ),
        "limit_band": forms.TypedChoiceField(
            label=_("界限按 pH 档"), choices=[("", _("取各点适用筛选值中最严的")), *band_choices(today)],
            required=False, coerce=int, empty_value=None,
        ),
    }  # fmt: skip


def band_choices(on: date) -> list[tuple[int, str]]:
    """The pH bands of GB 15618 in words."""
    found: list[tuple[int, str]] = []
    for number, (low, high) in enumerate(estimate_limits.bands(on)):
        if low is None and high is not None:
            words = _("pH ≤ %(high)s") % {"high": plain(high)}
        elif high is None and low is not None:
            words = _("pH > %(low)s") % {"low": plain(low)}
        else:
            words = f"{plain(low)} < pH ≤ {plain(high)}" if low is not None and high is not None else ""
        found.append((number, words))
    return found


def ask(_record: None, *, by: Reach, on: date, land_uses: Sequence[str], **said: Any) -> tuple[str, int]:
    """Ask for an interpolation; its page shows how far it is."""
    wanted = actions.Wanted(land_uses=tuple(land_uses), **said)
    return facts.REGISTER, actions.ask(wanted, by=by, on=on).pk


def no_fields(_record: Any, _reach: Reach) -> dict[str, forms.Field]:
    """Nothing to ask."""
    return {}


def replay(asked: Interpolation, *, by: Reach, on: date) -> tuple[str, int]:
    """Make it again and compare."""
    return facts.REGISTER, actions.replay(asked, by=by, on=on).pk


def _not_drawn(asked: Interpolation) -> str | None:
    return None if asked.outcome == "drawn" else str(_("没有成图，无从重算。"))


ASK = Tool(
    "ask", gettext_lazy("作含量插值"), actions.ASKING, ask_fields, ask,
    hint=gettext_lazy("由已入库的土壤结果估计采样点之间的含量，供布点和判断范围参考；不作为分类依据。"),
)  # fmt: skip
REPLAY = Tool(
    "replay", gettext_lazy("重算核对"), actions.ASKING, no_fields, replay, closed=_not_drawn,
    hint=gettext_lazy("按原来的问题从记录重新计算，比较输入和结果的摘要。"),
)  # fmt: skip


# --- files ----------------------------------------------------------------------------------------------------


def _cells(asked: Interpolation) -> rasters.Cells:
    if asked.outcome != "drawn":
        raise DeedRefused(str(_("没有成图，没有可以下载的文件。")))
    return rasters.cells_of(asked)


def take_geotiff(asked: Interpolation, _reach: Reach) -> tuple[str, bytes]:
    """The cells as they were kept."""
    _cells(asked)
    return rasters.filename(asked, "tif"), facts.kept_file(asked)


def take_picture(asked: Interpolation, _reach: Reach) -> tuple[str, bytes]:
    """All measures with points, legend and notice."""
    return rasters.filename(asked, "png"), pictures.sheet(asked, _cells(asked))


def take_table(asked: Interpolation, _reach: Reach) -> tuple[str, bytes]:
    """The cells as rows, each of which says that it is an estimate."""
    cells, out = _cells(asked), io.StringIO(newline="")
    writer, nature = csv.writer(out), [str(pictures.NOTICE)]
    heading = [_("东 (m)"), _("北 (m)"), _("经度"), _("纬度")]
    heading += [pictures.title_of(asked, name) for name in cells.measures]
    invented = asked.is_demonstration
    writer.writerow([*heading, _("说明"), *([_("数据性质")] if invented else [])])
    nature += [_("演示数据")] if invented else []
    writer.writerows([*row, *nature] for row in rasters.rows_of(cells))
    return rasters.filename(asked, "csv"), out.getvalue().encode(BOM)


FILES = (
    Download("geotiff", gettext_lazy("下载栅格（GeoTIFF）"), take_geotiff),
    Download("picture", gettext_lazy("下载图（PNG，带图例）"), take_picture),
    Download("table", gettext_lazy("下载格点（CSV）"), take_table),
)


# --- on the map -----------------------------------------------------------------------------------------------


def _ready(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(outcome="drawn").select_related("raster", "region")


def _box(asked: Interpolation) -> tuple[float, float, float, float]:
    return pictures.web_box(rasters.cells_of(asked))


def measures(asked: Interpolation) -> list[Measure]:
    """What may be shown of a drawn interpolation, the probability first if there is one."""
    cells = rasters.cells_of(asked)
    names = sorted(cells.measures, key=["above", "content", "spread"].index)
    return [Measure(name, pictures.title_of(asked, name), _bands(cells, name)) for name in names]


def _bands(cells: rasters.Cells, measure: str) -> list[tuple[str, str, str]]:
    return [(band.letter, band.words, colour) for band, colour in pictures.legend(cells, measure)]


def picture(asked: Interpolation, measure: str) -> bytes:
    """A measure over the map; LookupError for one that there is not."""
    cells = rasters.cells_of(asked)
    if measure not in cells.measures:
        raise LookupError(measure)
    return pictures.overlay(cells, measure)


OVERLAY = Overlay(gettext_lazy("含量插值（估计）"), pictures.NOTICE, _ready, _box, measures, picture)


# --- the page -------------------------------------------------------------------------------------------------


def fill(asked: Asked) -> dict[str, Any]:
    """One interpolation: how far it is, or its pictures, figures and doubts."""
    found: Interpolation = asked.record
    told = {
        "heading": _("%(region)s土壤%(analyte)s含量插值") % {
            "region": found.region, "analyte": law.analytes()[found.analyte].name_zh,
        },
        "found": found, "notice": pictures.NOTICE,
    }  # fmt: skip
    if found.outcome == "waiting":
        return told | _progress(found)
    return told if found.outcome == "refused" else told | _shown(found)


def _progress(found: Interpolation) -> dict[str, Any]:
    known = progress.of(actions.progress_key(found.pk))
    return {
        "stage": STAGES[known.stage if known else ""],
        "done": known.done if known else 0,
        "total": actions.STEPS,
    }


def _shown(found: Interpolation) -> dict[str, Any]:
    report = found.report
    model = report["variogram"]
    sill = model["nugget"] + model["partial_sill"]
    return {
        "measures": measures(found), "report": report, "model": MODELS[model["model"]],
        "nugget_percent": round(100 * model["nugget"] / sill), "skill_percent": round(
            100 * report["cross_validation"]["skill"]
        ),
        "limit": _limit(found), "uses": _uses(found), "variogram": _variogram(report),
    }  # fmt: skip


def _limit(found: Interpolation) -> dict[str, str]:
    """What the probability is one of, with the text it comes from."""
    if not found.report["limit"]:
        return {}
    how = (
        _("指定：%(use)s，%(band)s") % {
            "use": law.codes("land_use").label(found.limit_use),
            "band": dict(band_choices(found.as_of_on))[found.limit_band],
        }
        if found.limit_use and found.limit_band is not None
        else _("各点按各自的 pH 和土地利用适用的筛选值中最严的一个，不会低估概率")
    )  # fmt: skip
    clause = found.report["limit"]["clause"]
    return {"value": plain(found.limit_mg_kg or 0), "how": how, "basis": law.cite(clause)}


def _uses(found: Interpolation) -> str:
    return "、".join(law.codes("land_use").label(each) for each in found.land_uses) or _("不限")


WIDE, HIGH, LEFT, FOOT = 420, 190, 46, 26


def _variogram(report: dict[str, Any]) -> dict[str, Any]:
    """The experimental variogram as places of a picture, and the model as a line."""
    seen, model = report["experimental"], facts.variogram_of(report)
    longest = max(seen["lag_m"]) * 1.05
    line = [longest * step / 60 for step in range(1, 61)]
    heights = model.semivariance(line).tolist()
    most = max(*seen["semivariance"], *heights) * 1.08

    def at(lag: float, height: float) -> tuple[float, float]:
        return round(LEFT + lag / longest * (WIDE - LEFT), 1), round((HIGH - FOOT) * (1 - height / most), 1)

    dots = zip(seen["lag_m"], seen["semivariance"], seen["pairs"], strict=True)
    return {
        "dots": [(*at(lag, height), pairs) for lag, height, pairs in dots],
        "line": " ".join("{},{}".format(*at(*each)) for each in zip(line, heights, strict=True)),
        "wide": WIDE, "high": HIGH, "left": LEFT, "floor": HIGH - FOOT, "text_y": HIGH - 8, "longest": round(longest),
        "most": f"{most:.3g}",
    }  # fmt: skip


MAP_PAGE = page(
    Page("farmland.interpolation", gettext_lazy("插值图和精度"), "farmland/interpolation.html", fill,
         clause="T05", about=facts.REGISTER)
)  # fmt: skip
