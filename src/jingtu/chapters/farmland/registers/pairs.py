"""The register of paired samples: soil and crop of one place and season."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.facts.pairs import in_state
from jingtu.chapters.farmland.models import Pair, Season
from jingtu.chapters.farmland.screens import pairs as screens
from jingtu.chapters.farmland.workflow import BOTH
from jingtu.land.models import Role
from jingtu.registers.arrows import State
from jingtu.registers.declare import Column, Layer, Panel, Register, register
from jingtu.registers.filters import RegionFilter
from jingtu.registers.reach import ReachBy, Right

SEASONS = {value: str(label) for value, label in Season.choices}
CROPS = {code.code: code.label_zh for code in law.codes("crop")}
STATES = {
    "missing_soil": State(_("缺土壤样品，不是点对"), "returned"),
    "missing_crop": State(_("缺农产品样品，不是点对"), "returned"),
    "apart": State(_("两半相距过远或日期相差过大，不是点对"), "returned"),
    "quality_failed": State(_("一半质控不合格，不是点对"), "returned"),
    "sampled": State(_("已采样，待送检")),
    "handed": State(_("已送检，待结果")),
    "analysed": State(_("已出结果，待审核"), "soon"),
    "complete": State(_("成对，可作证据"), "done"),
}
STATE_LABELS = {name: str(state.label) for name, state in STATES.items()}
FAULTS = {"pair.too_far": _("两处采样位置相距过远"), "pair.days_apart": _("两次采样日期相差过大"), "": ""}


def _so_far(rows: QuerySet[Pair], _name: str, state: str) -> QuerySet[Pair]:
    return in_state(rows, state)


@register
class PairRegister(Register):
    """Places sampled in a season, and how far each is from being evidence."""

    name = "farmland.pair"
    model = Pair
    chapter = "farmland"
    title = _("协同监测点对")
    noun = _("点对")
    clause = "T05"
    columns = (
        Column("code", _("点对编号"), "link"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("unit", _("耕地单元"), path="unit__number"),
        Column("year", _("年度"), "plain"),
        Column("season", _("季别"), choices=SEASONS),
        Column("crop", _("作物"), choices=CROPS),
        Column("soil_on", _("土壤采样日期"), "date"),
        Column("harvested_on", _("收获采样日期"), "date"),
        Column("completed_on", _("成对日期"), "date", path="progress__completed_on"),
        Column("progress", _("进度"), "state", path="progress__state", choices=STATE_LABELS),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "unit": django_filters.CharFilter(field_name="unit__number", label=_("单元编号")),
        "year": django_filters.NumberFilter(label=_("年度")),
        "season": django_filters.ChoiceFilter(label=_("季别"), choices=Season.choices),
        "crop": django_filters.ChoiceFilter(label=_("作物"), choices=list(CROPS.items())),
        "progress": django_filters.ChoiceFilter(method=_so_far, label=_("进度"), choices=list(STATE_LABELS.items())),
    }
    search = (
        *("code", "unit__number", "soil_sample__code", "crop_sample__code"),
        *("soil_sample__label", "crop_sample__label"),
    )
    panels = (
        Panel(
            _("点对"),
            (
                Column("code", _("点对编号")),
                Column("region", _("县（市、区）")),
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("year", _("年度"), "plain"),
                Column("season", _("季别"), choices=SEASONS),
                Column("crop", _("作物"), choices=CROPS),
                Column("variety", _("品种")),
                Column("progress", _("进度"), "state", path="progress__state", choices=STATE_LABELS),
                Column("completed_on", _("成对日期"), "date", path="progress__completed_on"),
                Column("fault", _("不能成对的原因"), choices=FAULTS),
            ),
        ),
        Panel(
            _("土壤样品"),
            (
                Column("soil_sample", _("土壤样品编码")),
                Column("soil_label", _("采样标签号"), path="soil_sample__label"),
                Column("soil_on", _("土壤采样日期"), "date"),
                Column("soil_lon", _("经度"), "degrees", unit="°", path="soil_place__x"),
                Column("soil_lat", _("纬度"), "degrees", unit="°", path="soil_place__y"),
                Column("depth_top_cm", _("采样深度上"), "number", unit="cm"),
                Column("depth_bottom_cm", _("采样深度下"), "number", unit="cm"),
            ),
        ),
        Panel(
            _("农产品样品"),
            (
                Column("crop_sample", _("农产品样品编码")),
                Column("crop_label", _("采样标签号"), path="crop_sample__label"),
                Column("harvested_on", _("收获采样日期"), "date"),
                Column("crop_lon", _("经度"), "degrees", unit="°", path="crop_place__x"),
                Column("crop_lat", _("纬度"), "degrees", unit="°", path="crop_place__y"),
            ),
        ),
        Panel(
            _("采样组"),
            (
                Column("leader", _("采样组长")),
                Column("sampler", _("采样人")),
                Column("dossier", _("导入卷宗"), "dossier"),
            ),
        ),
    )
    rights = (Right(Role.CLERK, "import", levels=("county", "city", "province"), departments=BOTH),)
    sheets = ("farmland.pair",)
    openings = (screens.HAND_OVER,)
    states = STATES
    layer = Layer(geometry="soil_place", label="code", state="progress__state", min_zoom=7)
    reach = ReachBy(region="region_id")
    ordering = "code"
    recorded_at = "recorded_at"
    empty = _("还没有协同监测点对。请导入协同监测点对表。")
