"""The registers of safe use: habits of cropping, plans, measures, exceeding crops, effect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import django_filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.assess import certainty
from jingtu.assess import measures as advice
from jingtu.chapters.farmland.actions import safe_use as actions
from jingtu.chapters.farmland.models import Cropping, EffectEvaluation, Exceedance, Measure, SafeUsePlan, Season
from jingtu.chapters.farmland.models.safe_use import Inputs, Variant
from jingtu.chapters.farmland.screens import safe_use as screens
from jingtu.chapters.farmland.workflow import EXCEEDANCE, FARMING, MEASURE, SAFE_USE_PLAN, clerk
from jingtu.registers.arrows import Workflow
from jingtu.registers.declare import Column, FormLine, Panel, Register, Related, Section, register
from jingtu.registers.filters import RegionFilter
from jingtu.registers.reach import ReachBy

CHAPTER = "farmland"
MU = _("亩")
SEASONS = {value: str(label) for value, label in Season.choices}


def labels(name: str) -> dict[str, str]:
    """The labels of a code list of the law floor."""
    return {each.code: each.label_zh for each in law.codes(name)}


def state_labels(flow: Workflow) -> dict[str, str]:
    """The states of a workflow in words."""
    return {name: str(state.label) for name, state in flow.states.items()}


CAUTIONS = (
    "lime_high_ph", "lime_ph_unknown", "flooding_arsenic", "still_tested", "third_needs_strict", "variant_needed",
)  # fmt: skip
VARIANTS = {value: str(label) for value, label in Variant.choices}
CROPS, MEASURES, HANDLINGS = labels("crop"), labels("measure"), labels("grain_handling")
WARNINGS = {code: advice.caution_name(code) for code in CAUTIONS}
GROUND = law.clause("practice#measure-warnings")
TOLD = {
    code: f"{name}（{GROUND.citation}，{certainty.label(str(GROUND.certainty))}）" for code, name in WARNINGS.items()
}
PLAN_STATES, MEASURE_STATES, CASE_STATES = (state_labels(each) for each in (SAFE_USE_PLAN, MEASURE, EXCEEDANCE))
ANALYTES = {each.code: f"{each.name_zh}({each.symbol})" for each in law.analytes()}
EDITORS = clerk("edit", "county", "city", departments=FARMING)


@register
class CroppingRegister(Register):
    """What counties grow in a year and how."""

    name = "farmland.cropping"
    model = Cropping
    chapter = CHAPTER
    title = _("主要作物与种植习惯")
    noun = _("主要作物")
    clause = "T03"
    columns = (
        Column("crop", _("作物"), "link", choices=CROPS),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("year", _("年度"), "plain"),
        Column("season", _("季别"), choices=SEASONS),
        Column("varieties", _("主要品种")),
        Column("area_mu", _("种植面积"), "number", unit=MU),
        Column("surveyed_on", _("调查日期"), "date"),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "year": django_filters.NumberFilter(label=_("年度")),
        "crop": django_filters.ChoiceFilter(label=_("作物"), choices=list(CROPS.items())),
    }
    search = ("varieties", "region__name")
    panels = (
        Panel(
            _("作物"),
            (
                Column("crop", _("作物"), choices=CROPS),
                Column("region", _("县（市、区）")),
                Column("year", _("年度"), "plain"),
                Column("season", _("季别"), choices=SEASONS),
                Column("area_mu", _("种植面积"), "number", unit=MU),
            ),
        ),
        Panel(
            _("品种与习惯"),
            (
                Column("varieties", _("主要品种")),
                Column("habits", _("种植习惯")),
                Column("surveyed_on", _("调查日期"), "date"),
            ),
        ),
    )
    sections = (
        Section(
            _("品种与习惯"),
            (
                FormLine("varieties", _("按面积由大到小。")),
                FormLine("area_mu"),
                FormLine("habits", _("轮作方式、灌溉、施肥、秸秆去向等。")),
                FormLine("surveyed_on"),
            ),
        ),
    )
    rights = EDITORS
    openings = (screens.ADD_CROPPING,)
    sheets = ("farmland.cropping",)
    from_on = "surveyed_on"
    recorded_at = "recorded_at"
    empty = _("还没有登记主要作物与种植习惯。方案须以此为依据，请导入或逐条登记。")

    def refusals(self, record: Cropping, on: date) -> Iterator[tuple[str, str]]:
        """Surveyed by now, on some ground."""
        if record.surveyed_on > on:
            yield "surveyed_on", gettext("调查日期晚于业务日期，请核对。")
        if record.area_mu <= 0:
            yield "area_mu", gettext("种植面积须大于 0。")


@register
class SafeUsePlanRegister(Register):
    """Plans of counties and cities for the safe use of polluted farmland."""

    name = "farmland.safe_use_plan"
    model = SafeUsePlan
    chapter = CHAPTER
    title = _("安全利用方案")
    noun = _("安全利用方案")
    clause = "T03"
    columns = (
        Column("title", _("方案名称"), "link"),
        Column("region", _("行政区"), path="region__name"),
        Column("year", _("年度"), "plain"),
        Column("document_number", _("印发文号")),
        Column("issued_on", _("印发日期"), "date"),
        Column("standing", _("状态"), "state", choices=PLAN_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "year": django_filters.NumberFilter(label=_("年度")),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(PLAN_STATES.items())),
    }
    search = ("title", "document_number")
    panels = (
        Panel(
            _("方案"),
            (
                Column("title", _("方案名称")),
                Column("region", _("行政区")),
                Column("year", _("年度"), "plain"),
                Column("document_number", _("印发文号")),
                Column("issued_on", _("印发日期"), "date"),
                Column("summary", _("主要内容")),
            ),
        ),
    )
    sections = (
        Section(
            _("方案"),
            (
                FormLine("title"),
                FormLine("summary", _("单元与面积、作物、拟采取的措施、协同监测、技术指导和培训。")),
                FormLine("document_number", _("照印发文件上的文号填写；印发前须填写。")),
            ),
        ),
    )
    related = (Related(_("本方案下的措施"), "farmland.measure", "plan_id"),)
    rights = EDITORS
    workflow = SAFE_USE_PLAN
    deeds = {each.name: partial(actions.move_plan, each.name) for each in SAFE_USE_PLAN.arrows}
    openings = (screens.DRAFT_PLAN,)
    recorded_at = "recorded_at"
    empty = _("还没有安全利用方案。有安全利用类耕地的市、县每年编制一份。")

    def not_editable(self, record: SafeUsePlan) -> str | None:
        """What was issued or withdrawn stays as it is."""
        closed = record.state in ("issued", "withdrawn")
        return gettext("方案已印发或已撤回，不能再修改。") if closed else None


@register
class MeasureRegister(Register):
    """What was done on units for safe use."""

    name = "farmland.measure"
    model = Measure
    chapter = CHAPTER
    title = _("措施落实")
    noun = _("措施")
    clause = "T03"
    columns = (
        Column("code", _("措施"), "link", choices=MEASURES),
        Column("unit", _("单元编号"), path="unit__number"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("year", _("年度"), "plain"),
        Column("season", _("季别"), choices=SEASONS),
        Column("area_mu", _("实施面积"), "number", unit=MU),
        Column("carried_out_on", _("实施日期"), "date"),
        Column("warnings", _("提示"), "list", choices=WARNINGS),
        Column("standing", _("状态"), "state", choices=MEASURE_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "year": django_filters.NumberFilter(label=_("年度")),
        "code": django_filters.ChoiceFilter(label=_("措施"), choices=list(MEASURES.items())),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(MEASURE_STATES.items())),
    }
    search = ("unit__number", "carried_out_by")
    panels = (
        Panel(
            _("措施"),
            (
                Column("code", _("措施"), choices=MEASURES),
                Column("variant", _("少耕免耕或休耕"), choices=VARIANTS),
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("plan", _("安全利用方案"), "record:farmland.safe_use_plan"),
                Column("year", _("年度"), "plain"),
                Column("season", _("季别"), choices=SEASONS),
                Column("area_mu", _("实施面积"), "number", unit=MU),
            ),
        ),
        Panel(
            _("实施与验收"),
            (
                Column("carried_out_on", _("实施日期"), "date"),
                Column("carried_out_by", _("实施主体")),
                Column("material", _("农资")),
                Column("reason", _("选用理由")),
                Column("warnings", _("提示"), "list", choices=TOLD),
                Column("accepted_on", _("验收日期"), "date"),
                Column("dossier", _("导入卷宗"), "dossier"),
            ),
        ),
    )
    workflow = MEASURE
    deeds = {each.name: partial(actions.move_measure, each.name) for each in MEASURE.arrows}
    sheets = ("farmland.measure",)
    from_on = "carried_out_on"
    recorded_at = "recorded_at"
    empty = _("还没有登记措施。请在耕地单元的记录页登记，或导入措施落实表。")


@register
class ExceedanceRegister(Register):
    """Crops above their limit, and what becomes of the grain."""

    name = "farmland.exceedance"
    model = Exceedance
    chapter = CHAPTER
    title = _("超标农产品处置")
    noun = _("超标农产品")
    clause = "T03"
    columns = (
        Column("pair", _("点对编号"), "link", path="pair__code"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("crop", _("作物"), choices=CROPS),
        Column("analytes", _("超标项目"), "list", choices=ANALYTES),
        Column("found_on", _("发现日期"), "date"),
        Column("handling", _("处置方式"), choices=HANDLINGS),
        Column("amount_kg", _("涉及数量"), "number", unit="kg"),
        Column("standing", _("状态"), "state", choices=CASE_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "crop": django_filters.ChoiceFilter(label=_("作物"), choices=list(CROPS.items())),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(CASE_STATES.items())),
    }
    search = ("pair__code",)
    panels = (
        Panel(
            _("超标情况"),
            (
                Column("pair", _("协同监测点对"), "record:farmland.pair"),
                Column("unit", _("耕地单元"), path="pair__unit"),
                Column("region", _("县（市、区）")),
                Column("crop", _("作物"), choices=CROPS),
                Column("analytes", _("超标项目"), "list", choices=ANALYTES),
                Column("found_on", _("发现日期"), "date"),
            ),
        ),
        Panel(
            _("处置"),
            (
                Column("handling", _("处置方式"), choices=HANDLINGS),
                Column("amount_kg", _("涉及数量"), "number", unit="kg"),
                Column("handled_on", _("处置日期"), "date"),
                Column("closed_on", _("办结日期"), "date"),
            ),
        ),
    )
    workflow = EXCEEDANCE
    deeds = {each.name: partial(actions.move_exceedance, each.name) for each in EXCEEDANCE.arrows}
    tools = (screens.TELL_HANDLING,)
    reach = ReachBy(region="region_id")
    from_on = "found_on"
    recorded_at = "recorded_at"
    empty = _("还没有超标农产品。协同监测结果审核通过后，超标的点对在此立案。")


OUTCOMES = {
    "reached": _("达到效果"),
    "not_reached": _("未达到效果"),
    "not_yet": _("尚未连续达到"),
    "not_judged": _("无法判定"),
}


@register
class EffectEvaluationRegister(Register):
    """Whether safe use on units worked, season by season."""

    name = "farmland.effect_evaluation"
    model = EffectEvaluation
    chapter = CHAPTER
    title = _("安全利用效果评价")
    noun = _("效果评价")
    clause = "T03"
    columns = (
        Column("unit", _("单元编号"), "link", path="unit__number"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("year", _("年度"), "plain"),
        Column("season", _("季别"), choices=SEASONS),
        Column("pair_count", _("点对数"), "number"),
        Column("mean_index", _("平均单项指数"), "number"),
        Column("exceeding_percent", _("超标率"), "number", unit="%"),
        Column("outcome", _("当季结论"), choices=OUTCOMES),
        Column("overall", _("总体结论"), choices=OUTCOMES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "year": django_filters.NumberFilter(label=_("年度")),
        "outcome": django_filters.ChoiceFilter(label=_("当季结论"), choices=list(OUTCOMES.items())),
    }
    search = ("unit__number", "evaluated_by")
    panels = (
        Panel(
            _("评价"),
            (
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("year", _("年度"), "plain"),
                Column("season", _("季别"), choices=SEASONS),
                Column("evaluated_on", _("评价日期"), "date"),
                Column("evaluated_by", _("评价单位")),
                Column("outcome", _("当季结论"), choices=OUTCOMES),
                Column("overall", _("总体结论"), choices=OUTCOMES),
            ),
        ),
        Panel(
            _("依据"),
            (
                Column("pair_count", _("点对数"), "number"),
                Column("mean_index", _("平均单项指数"), "number"),
                Column("exceeding_percent", _("超标率"), "number", unit="%"),
                Column("yield_change_percent", _("产量变化"), "number", unit="%"),
                Column("inputs", _("投入品检测"), choices=dict(Inputs.choices)),
            ),
        ),
    )
    from_on = "evaluated_on"
    recorded_at = "recorded_at"
    empty = _("还没有效果评价。请在耕地单元的记录页按季作出（NY/T 3343-2018）。")
