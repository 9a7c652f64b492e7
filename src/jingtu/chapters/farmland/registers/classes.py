"""The registers of classes: evaluations, triggering events, adjustments and their items."""

from __future__ import annotations

from functools import partial
from typing import Any

import django_filters
from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.assess.adjusting import CAUTION_NAMES, caution_told
from jingtu.assess.unit_sentences import REASONS
from jingtu.chapters.farmland.actions import adjustments
from jingtu.chapters.farmland.actions import classes as actions
from jingtu.chapters.farmland.models import (
    Adjustment,
    AdjustmentItem,
    Change,
    Evaluation,
    LandClass,
    Lineage,
    Trigger,
    TriggerUnit,
)
from jingtu.chapters.farmland.models.classes import TriggerKind
from jingtu.chapters.farmland.models.units import ROMAN
from jingtu.chapters.farmland.screens import classes as screens
from jingtu.chapters.farmland.workflow import ADJUSTMENT, TRIGGER
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Column, Panel, Register, Related, register
from jingtu.registers.filters import RegionFilter
from jingtu.registers.reach import Reach, ReachBy

CHAPTER = "farmland"
CLASSES = {value: f"{ROMAN[value]} {label}" for value, label in LandClass.choices}
CERTAINTIES = {code.code: code.label_zh for code in law.codes("certainty")}
CAUTIONS_TOLD = {code: caution_told(code, law.plan().period_to) for code in CAUTION_NAMES}
KINDS = {value: f"{value} {label}" for value, label in TriggerKind.choices}
TRIGGER_STATES = {name: str(state.label) for name, state in TRIGGER.states.items()}
ADJUSTMENT_STATES = {name: str(state.label) for name, state in ADJUSTMENT.states.items()}
YES_NO = (("1", _("是")), ("0", _("否")))
HANDLED = {
    "waiting": _("待研判"),
    "divided": _("已拆分"),
    "ended": _("单元已终止"),
    "replaced": _("已有新的评价"),
    "adjusting": _("已列入类别调整"),
}
COMPARED = {"none": _("未提出类别"), "same": _("一致"), "differs": _("不同")}


@register
class EvaluationRegister(Register):
    """What the rules say of units from their evidence; what they cannot decide waits for a person, with the reason."""

    name = "farmland.evaluation"
    model = Evaluation
    chapter = CHAPTER
    title = _("类别评价")
    noun = _("类别评价")
    clause = "T05"
    columns = (
        Column("unit", _("耕地单元"), "link", path="unit__number"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("standing_class", _("评价时类别"), choices=CLASSES),
        Column("soil_class", _("土壤类别"), choices=CLASSES, shown=False),
        Column("proposed_class", _("建议类别"), choices=CLASSES),
        Column("compared", _("建议与评价时类别"), choices=COMPARED, shown=False),
        Column("reason_code", _("原因"), choices=REASONS),
        Column("handled", _("研判进展"), choices=HANDLED),
        Column("needs_review", _("须人工研判"), "bool", shown=False),
        Column("rule_code", _("适用规则"), shown=False),
        Column("certainty", _("依据可靠程度"), choices=CERTAINTIES),
        Column("evaluated_on", _("评价日期"), "date"),
        Column("newest", _("最新"), "bool", shown=False),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "newest": django_filters.ChoiceFilter(label=_("最新"), choices=YES_NO),
        "needs_review": django_filters.ChoiceFilter(label=_("须人工研判"), choices=YES_NO),
        "handled": django_filters.ChoiceFilter(label=_("研判进展"), choices=list(HANDLED.items())),
        "compared": django_filters.ChoiceFilter(label=_("建议与评价时类别"), choices=list(COMPARED.items())),
        "reason_code": django_filters.ChoiceFilter(label=_("原因"), choices=list(REASONS.items())),
        "proposed_class": django_filters.ChoiceFilter(label=_("建议类别"), choices=list(CLASSES.items())),
    }
    search = ("unit__number",)
    panels = (
        Panel(
            _("评价"),
            (
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("region", _("县（市、区）")),
                Column("evaluated_on", _("评价日期"), "date"),
                Column("newest", _("最新"), "bool"),
                Column("standing_class", _("评价时类别"), choices=CLASSES),
                Column("soil_class", _("土壤类别"), choices=CLASSES),
                Column("proposed_class", _("建议类别"), choices=CLASSES),
                Column("needs_review", _("须人工研判"), "bool"),
                Column("reason_code", _("原因"), choices=REASONS),
                Column("handled", _("研判进展"), choices=HANDLED),
            ),
        ),
        Panel(
            _("依据"),
            (
                Column("rule_code", _("适用规则")),
                Column("certainty", _("依据可靠程度"), choices=CERTAINTIES),
                Column("soil_points", _("土壤点数"), "number"),
                Column("crop_points", _("农产品点数"), "number"),
                Column("crop_exceeding", _("农产品超标点数"), "number"),
            ),
        ),
    )
    related = (
        Related(
            _("拆分后的单元"), "farmland.lineage", "ancestor__evaluations", ("descendant", "change", "on", "shared")
        ),
        Related(
            _("单元的点对"), "farmland.pair", "unit__evaluations",
            ("code", "year", "season", "crop", "completed_on", "progress"),
        ),
        Related(
            _("据以提出的调整"), "farmland.adjustment_item", "evaluation_id",
            ("unit", "adjustment", "from_class", "to_class"),
        ),
    )  # fmt: skip
    openings = (screens.EVALUATE,)
    tools = (screens.SPLIT,)
    reach = ReachBy(region="region_id")
    from_on = "evaluated_on"
    recorded_at = "recorded_at"
    empty = _("还没有类别评价。协同监测结果审核通过后自动评价，也可按地区重新评价。")

    def rows(self, reach: Reach, clock: Clock) -> QuerySet[Any]:
        """The evaluations, each with whether it was the newest of its unit on the asked day, and how it compares."""
        later = Evaluation.objects.filter(
            unit=OuterRef("unit"), pk__gt=OuterRef("pk"), evaluated_on__lte=clock.on, recorded_at__lt=clock.known_until
        )
        compared = Case(
            When(proposed_class="", then=Value("none")),
            When(Q(proposed_class=F("standing_class")), then=Value("same")),
            default=Value("differs"),
            output_field=CharField(),
        )
        # not ``~Exists``: NOT EXISTS (…) IS NULL is read by the database as NOT (EXISTS (…) IS NULL)
        newest = Case(When(Exists(later), then=Value(False)), default=Value(True), output_field=BooleanField())
        rows = super().rows(reach, clock).annotate(newest=newest, compared=compared)
        return rows.annotate(handled=_handled(clock))


def _handled(clock: Clock) -> Case:
    """What became by the asked day of an evaluation that a person must look at; blank for all others."""
    known = {"recorded_at__lt": clock.known_until}
    heirs = Lineage.objects.filter(ancestor=OuterRef("unit"), on__lte=clock.on, **known)
    taken_up = AdjustmentItem.objects.filter(
        unit=OuterRef("unit"), recorded_at__gte=OuterRef("recorded_at"), adjustment__proposed_on__lte=clock.on, **known
    ).exclude(adjustment__state__in=("withdrawn", "refused"))
    return Case(
        When(needs_review=False, then=Value("")),
        When(Exists(heirs.filter(change=Change.SPLIT)), then=Value("divided")),
        When(unit__standing_version__isnull=True, then=Value("ended")),
        When(newest=False, then=Value("replaced")),
        When(Exists(taken_up), then=Value("adjusting")),
        default=Value("waiting"),
        output_field=CharField(),
    )


@register
class TriggerRegister(Register):
    """Events that oblige to look at the class of units again, and what came of each."""

    name = "farmland.trigger"
    model = Trigger
    chapter = CHAPTER
    title = _("调整触发事件")
    noun = _("触发事件")
    clause = "T05"
    columns = (
        Column("number", _("触发事件编号"), "link"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("kind", _("触发类型"), choices=KINDS),
        Column("happened_on", _("发生日期"), "date"),
        Column("standing", _("状态"), "state", choices=TRIGGER_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "kind": django_filters.ChoiceFilter(label=_("触发类型"), choices=list(KINDS.items())),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(TRIGGER_STATES.items())),
    }
    search = ("number", "told")
    panels = (
        Panel(
            _("触发事件"),
            (
                Column("number", _("触发事件编号")),
                Column("kind", _("触发类型"), choices=KINDS),
                Column("region", _("县（市、区）")),
                Column("happened_on", _("发生日期"), "date"),
                Column("told", _("情况说明")),
            ),
        ),
    )
    related = (
        Related(_("所涉耕地单元"), "farmland.trigger_unit", "trigger_id"),
        Related(_("类别调整"), "farmland.adjustment", "trigger_id"),
    )
    workflow = TRIGGER
    deeds = {"take_up": adjustments.take_up} | {
        name: partial(actions.move_trigger, name) for name in ("keep", "withdraw")
    }
    openings = (screens.RAISE,)
    tools = (screens.BY_HAND,)
    reach = ReachBy(region="region_id")
    recorded_at = "recorded_at"
    empty = _("还没有触发事件。用途变更、例行监测、协同监测、安全利用效果、治理修复效果和突发事件在此登记。")


@register
class TriggerUnitRegister(Register):
    """The units that an event concerns."""

    name = "farmland.trigger_unit"
    model = TriggerUnit
    chapter = CHAPTER
    title = _("触发事件所涉单元")
    noun = _("所涉单元")
    columns = (
        Column("unit", _("耕地单元"), "link", path="unit__number"),
        Column("trigger", _("触发事件"), path="trigger__number"),
        Column("kind", _("触发类型"), path="trigger__kind", choices=KINDS),
    )
    search = ("unit__number",)
    panels = (
        Panel(
            _("所涉单元"),
            (
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("trigger", _("触发事件"), "record:farmland.trigger"),
            ),
        ),
    )
    reach = ReachBy(region="trigger__region_id")
    recorded_at = "trigger__recorded_at"
    ordering = "unit__number"
    in_menu = False


@register
class AdjustmentRegister(Register):
    """Proposals to class units anew: from the county to the city to the province, then to the national platform."""

    name = "farmland.adjustment"
    model = Adjustment
    chapter = CHAPTER
    title = _("类别调整")
    noun = _("类别调整")
    clause = "T05"
    columns = (
        Column("number", _("调整编号"), "link"),
        Column("title", _("标题")),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("trigger", _("触发事件"), path="trigger__number"),
        Column("proposed_on", _("拟定日期"), "date"),
        Column("decided_on", _("审定日期"), "date"),
        Column("standing", _("状态"), "state", choices=ADJUSTMENT_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(ADJUSTMENT_STATES.items())),
    }
    search = ("number", "title")
    panels = (
        Panel(
            _("类别调整"),
            (
                Column("number", _("调整编号")),
                Column("title", _("标题")),
                Column("region", _("县（市、区）")),
                Column("trigger", _("触发事件"), "record:farmland.trigger"),
                Column("proposed_on", _("拟定日期"), "date"),
                Column("decided_on", _("审定日期"), "date"),
                Column("balance", _("各类面积增减")),
            ),
        ),
    )
    related = (
        Related(
            _("调整明细"),
            "farmland.adjustment_item",
            "adjustment_id",
            ("unit", "from_class", "to_class", "area_mu", "rule", "reason", "cautions"),
        ),
    )
    workflow = ADJUSTMENT
    deeds = {arrow.name: partial(adjustments.move, arrow.name) for arrow in ADJUSTMENT.arrows}
    openings = (screens.DRAFT, screens.PACK)
    tools = (screens.PUT_IN, screens.TAKE_OUT)
    reach = ReachBy(region="region_id")
    from_on = "proposed_on"
    recorded_at = "recorded_at"
    empty = _("还没有类别调整。县级按评价或触发事件拟定，市级审核，省级审定。")


@register
class AdjustmentItemRegister(Register):
    """The units of adjustments: from which class to which, on what grounds."""

    name = "farmland.adjustment_item"
    model = AdjustmentItem
    chapter = CHAPTER
    title = _("调整明细")
    noun = _("调整明细")
    columns = (
        Column("unit", _("耕地单元"), "link", path="unit__number"),
        Column("adjustment", _("类别调整"), path="adjustment__number"),
        Column("from_class", _("调整前类别"), choices=CLASSES),
        Column("to_class", _("调整后类别"), choices=CLASSES),
        Column("area_mu", _("面积"), "number", unit=_("亩")),
        Column("rule", _("适用规则"), path="evaluation__rule_code"),
        Column("reason", _("理由")),
        Column("cautions", _("提示"), "list", choices=CAUTION_NAMES),
    )
    filters = {
        "region": RegionFilter(field_name="adjustment__region", label=_("行政区")),
        "to_class": django_filters.ChoiceFilter(label=_("调整后类别"), choices=list(CLASSES.items())),
    }
    search = ("unit__number", "adjustment__number")
    panels = (
        Panel(
            _("调整明细"),
            (
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("adjustment", _("类别调整"), "record:farmland.adjustment"),
                Column("from_class", _("调整前类别"), choices=CLASSES),
                Column("to_class", _("调整后类别"), choices=CLASSES),
                Column("area_mu", _("面积"), "number", unit=_("亩")),
                Column("evaluation", _("类别评价"), "record:farmland.evaluation"),
                Column("reason", _("理由")),
                Column("cautions", _("提示"), "list", choices=CAUTIONS_TOLD),
            ),
        ),
    )
    reach = ReachBy(region="adjustment__region_id")
    recorded_at = "recorded_at"
    ordering = "unit__number"
    in_menu = False
