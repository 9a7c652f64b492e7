"""What the pages of classes offer beside moves: evaluating, entering events, drafting and packing adjustments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu.chapters.farmland.actions import adjustments
from jingtu.chapters.farmland.actions import classes as actions
from jingtu.chapters.farmland.actions.adjustments import Proposal
from jingtu.chapters.farmland.facts import classes as facts
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.models import Adjustment, Evaluation, LandClass, Trigger
from jingtu.chapters.farmland.models.classes import TriggerKind
from jingtu.chapters.farmland.screens import units as on_units
from jingtu.chapters.farmland.workflow import clerk, reviewer
from jingtu.land import facts as land
from jingtu.registers.declare import Preview, Tool
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

EVERY = ("county", "city", "province")
EVALUATING = (*clerk("evaluate", *EVERY), *reviewer("evaluate", *EVERY))
COUNTY = clerk("propose", "county")


def _counties(reach: Reach) -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in land.regions_within(reach.prefix) if not each.code.endswith("00")]


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


# --- evaluating -----------------------------------------------------------------------------------------------


def evaluate_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """Which region."""
    regions = [(each.code, each.name) for each in land.regions_within(reach.prefix)]
    return {"region": forms.ChoiceField(choices=regions, label=_("行政区"), initial=reach.region_code)}


def evaluate(_record: None, *, by: Reach, on: date, region: str) -> tuple[str, int | None]:
    """Evaluate the units of a region; of a county the newest evaluation is shown, of more the list that fills."""
    done = actions.ask_to_evaluate(region, by=by, on=on)
    return facts.EVALUATION, facts.newest_evaluation(region) if done else None


# --- dividing what the rules could not settle -----------------------------------------------------------------


def split_fields(evaluation: Evaluation, reach: Reach) -> dict[str, forms.Field]:
    """The unit with the points that speak for different classes."""
    return on_units.split_fields(evaluation.unit, reach)


def split(evaluation: Evaluation, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Divide the unit; its evaluation is closed by it and stays to be seen."""
    on_units.split(evaluation.unit, by=by, on=on, **said)
    return facts.EVALUATION, evaluation.pk


def split_preview(evaluation: Evaluation, reach: Reach, on: date, said: Mapping[str, Any]) -> Preview:
    """The pieces of the unit."""
    return on_units.split_preview(evaluation.unit, reach, on, said)


def _not_to_divide(evaluation: Evaluation) -> str | None:
    if not evaluation.needs_review or evaluation.reason_code not in facts.DIVIDES:
        return str(_("只有因点位分布而须人工研判的评价，才在此拆分单元。"))
    if evaluation.unit.ended_on is None and not evaluation.is_current:
        return str(_("该单元已有新的评价，请从最新的评价办理。"))
    return on_units.ended(evaluation.unit)


# --- events ---------------------------------------------------------------------------------------------------


def raise_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """What happened, where, to which units."""
    return {
        "kind": forms.ChoiceField(choices=TriggerKind.choices, label=_("触发类型")),
        "region": forms.ChoiceField(choices=_counties(reach), label=_("县（市、区）")),
        "happened_on": _day(_("发生日期")),
        "numbers": forms.CharField(
            label=_("单元编号"), widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("一行一个，或以逗号、空格分开。"),
        ),
        "told": forms.CharField(label=_("情况说明"), widget=forms.Textarea(attrs={"rows": 4})),
    }  # fmt: skip


def raise_trigger(
    _record: None, *, by: Reach, on: date, kind: str, region: str, happened_on: date, numbers: str, told: str
) -> tuple[str, int]:
    """Enter a triggering event."""
    wanted = numbers.replace(",", " ").replace("，", " ").replace("、", " ").split()
    found = units.units_by_number(wanted)
    strange = [number for number in wanted if number not in found or found[number].region_id != region]
    if strange:
        raise DeedRefused(
            str(_("所选县没有这些耕地单元：%(numbers)s。请核对单元编号。") % {"numbers": "、".join(strange)})
        )
    chosen = [found[number] for number in dict.fromkeys(wanted)]
    return facts.TRIGGER, actions.raise_trigger(kind, region, chosen, happened_on, told, by=by, on=on).pk


# --- adjustments ----------------------------------------------------------------------------------------------


def draft_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """Which county, under which title."""
    return {
        "region": forms.ChoiceField(choices=_counties(reach), label=_("县（市、区）")),
        "title": forms.CharField(label=_("标题"), max_length=120),
    }


def draft(_record: None, *, by: Reach, on: date, region: str, title: str) -> tuple[str, int]:
    """Draft an adjustment of all units whose evaluation differs."""
    found = adjustments.proposals_of(facts.differing(region))
    return facts.ADJUSTMENT, adjustments.draft(region, title, found, by=by, on=on).pk


def by_hand_fields(_trigger: Trigger, _reach: Reach) -> dict[str, forms.Field]:
    """To which class, why."""
    return {
        "title": forms.CharField(label=_("标题"), max_length=120),
        "to_class": forms.ChoiceField(choices=LandClass.choices, label=_("拟调整为")),
        "grounds": forms.CharField(
            label=_("调整理由"), widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("写明依据的材料，例如用途变更文件、效果评估报告、事件调查报告。"),
        ),
    }  # fmt: skip


def by_hand(trigger: Trigger, *, by: Reach, on: date, title: str, to_class: str, grounds: str) -> tuple[str, int]:
    """Draft an adjustment of an event's units to one class."""
    made = adjustments.draft_by_hand(trigger, title, to_class, grounds, by=by, on=on)
    return facts.ADJUSTMENT, made.pk


def _not_open(trigger: Trigger) -> str | None:
    return None if trigger.state == "open" else str(_("该触发事件已有结论或正在调整。"))


def put_in_fields(_adjustment: Adjustment, _reach: Reach) -> dict[str, forms.Field]:
    """Which unit, to which class, why."""
    return {
        "number": forms.CharField(label=_("单元编号"), max_length=12),
        "to_class": forms.ChoiceField(choices=LandClass.choices, label=_("拟调整为")),
        "grounds": forms.CharField(
            label=_("调整理由"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("与当前类别评价的建议一致的可以不填。"),
        ),
    }  # fmt: skip


def put_in(adjustment: Adjustment, *, by: Reach, on: date, number: str, to_class: str, grounds: str) -> tuple[str, int]:
    """Put a unit into a draft, by its evaluation when that proposes the class."""
    unit = _unit(number)
    evaluation = facts.current_evaluations([unit.pk]).get(unit.pk)
    agrees = evaluation if evaluation and evaluation.proposed_class == to_class else None
    adjustments.put_in(adjustment, Proposal(unit, to_class, agrees, grounds), by=by, on=on)
    return facts.ADJUSTMENT, adjustment.pk


def take_out_fields(_adjustment: Adjustment, _reach: Reach) -> dict[str, forms.Field]:
    """Which unit, why."""
    return {
        "number": forms.CharField(label=_("单元编号"), max_length=12),
        "grounds": forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3})),
    }


def take_out(adjustment: Adjustment, *, by: Reach, on: date, number: str, grounds: str) -> tuple[str, int]:
    """Take a unit out of a draft."""
    adjustments.take_out(adjustment, _unit(number), by=by, on=on, reason=grounds)
    return facts.ADJUSTMENT, adjustment.pk


def _unit(number: str) -> Any:
    unit = units.units_by_number([number]).get(number)
    if unit is None:
        raise DeedRefused(str(_("没有编号为“%(number)s”的耕地单元，请核对。") % {"number": number}))
    return unit


def _not_draft(adjustment: Adjustment) -> str | None:
    drafted = adjustment.state in ("draft", "returned")
    return None if drafted else str(_("调整已报出，不能再改明细；如需修改，请由审核人退回。"))


def no_fields(_record: None, _reach: Reach) -> dict[str, forms.Field]:
    """Nothing to ask."""
    return {}


def pack(_record: None, *, by: Reach, on: date) -> tuple[str, int]:
    """Make the upload package of what was decided."""
    return "registers.package", adjustments.pack(by.region_code, by=by, on=on).pk


EVALUATE = Tool(
    "evaluate", _("按证据重新评价"), EVALUATING, evaluate_fields, evaluate,
    clause="土壤污染防治法 第49条",
    hint=_("证据、现行类别和规则都没有变化的单元不产生新的评价。全市、全省的逐县在后台评价，陆续列入本登记册。"),
)  # fmt: skip
SPLIT = Tool(
    "split", _("按点位分布拆分单元"), on_units.RIGHTS, split_fields, split,
    clause="土壤污染防治法 第49条", closed=_not_to_divide, preview=split_preview,
    hint=_("图上标出各点位的级别；拆分后各块按块内点位重新评价，本条研判随之办结。"),
)  # fmt: skip
RAISE = Tool(
    "raise", _("登记触发事件"), clerk("handle", *EVERY), raise_fields, raise_trigger, clause="行动计划二（三）"
)
DRAFT = Tool(
    "draft", _("按评价拟定调整"), COUNTY, draft_fields, draft,
    clause="行动计划二（三）", hint=_("评价建议与现行类别不同、且未在调整中的单元全部列入。"),
)  # fmt: skip
BY_HAND = Tool(
    "by_hand", _("按触发事件拟定调整"), COUNTY, by_hand_fields, by_hand,
    clause="行动计划二（三）", hint=_("不按类别评价、而按其他材料调整时使用；所涉单元全部列入。"), closed=_not_open,
)  # fmt: skip
PUT_IN = Tool("put_in", _("列入单元"), COUNTY, put_in_fields, put_in, closed=_not_draft)
TAKE_OUT = Tool("take_out", _("去掉单元"), COUNTY, take_out_fields, take_out, closed=_not_draft)
PACK = Tool(
    "pack", _("生成上报包"), clerk("plan", "province"), no_fields, pack,
    clause="行动计划二（三）", hint=_("已审定而国家平台尚未接收的调整全部列入；字段映射为草案。"),
)  # fmt: skip
