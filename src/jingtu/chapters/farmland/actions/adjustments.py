"""Writes of adjustments: drafted from evaluations, proposed, reviewed, decided, uploaded."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jingtu.chapters.farmland.actions.classes import evaluate, next_number
from jingtu.chapters.farmland.actions.units import begin_version
from jingtu.chapters.farmland.facts import classes as facts
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.facts.adjusting import cautions_of
from jingtu.chapters.farmland.models import Adjustment, AdjustmentItem, Change, Evaluation, Trigger, Unit, UnitVersion
from jingtu.chapters.farmland.models.units import ROMAN
from jingtu.chapters.farmland.workflow import ADJUSTMENT, TRIGGER
from jingtu.plain.numbers import plain
from jingtu.registers import ledger, outbox, workflow
from jingtu.registers.ledger import Deed, DeedRefused
from jingtu.registers.models import Document, Package
from jingtu.registers.outbox import Item
from jingtu.registers.reach import Reach
from jingtu.registers.tasks import defer, work

EVALUATE = "farmland.evaluate_units"
UPLOAD_TARGET = "全国土壤环境信息平台"
UPLOAD_KIND = "耕地土壤环境质量类别动态调整"
UPLOAD_FIELD_MAP = "farmland-draft-2021-1"
UPLOAD_COLUMNS = (
    "对象编码", "单元编码", "县级行政区代码", "调整前类别", "调整后类别", "面积（亩）", "调整编号", "触发类型",
    "拟定日期", "审定日期", "适用规则", "理由", "第几次上报",
)  # fmt: skip
BLANK_CLASS = "—"
MOST_TITLE = 120


@dataclass(frozen=True)
class Proposal:
    """One unit that is to be classed anew, on an evaluation or for a reason."""

    unit: Unit
    to_class: str
    evaluation: Evaluation | None = None
    reason: str = ""


def proposals_of(evaluations: Sequence[Evaluation]) -> list[Proposal]:
    """What evaluations propose."""
    return [Proposal(each.unit, each.proposed_class, each) for each in evaluations]


def draft(
    region: str, title: str, proposals: Sequence[Proposal], *, by: Reach, on: date, trigger: Trigger | None = None
) -> Adjustment:
    """Draft an adjustment of a county; a triggering event that led to it is taken up with it."""
    if not proposals:
        raise DeedRefused(_("没有可列入的耕地单元：没有与现行类别不同、且未在调整中的评价。"))
    with ledger.deed("farmland.adjustment.drafted", by=by, on=on, register=facts.ADJUSTMENT, region=region) as doing:
        adjustment = Adjustment.objects.create(
            number=next_number("TZ", Adjustment, region, on),
            title=title,
            region_id=region,
            trigger=trigger,
            proposed_on=on,
            is_demonstration=all(each.unit.is_demonstration for each in proposals),
            recorded_at=doing.recorded_at,
        )
        _add_items(adjustment, proposals, doing)
        workflow.begin(ADJUSTMENT, adjustment, doing)
        if trigger is not None:
            workflow.move(TRIGGER, trigger, "take_up", by=by, on=on, region=region)
        doing.subject_id = str(adjustment.pk)
        doing.data = {"items": _told(adjustment)}
        doing.sentence = _("拟定类别调整 %(number)s，%(count)d 个耕地单元") % {
            "number": adjustment.number,
            "count": len(proposals),
        }
    return adjustment


def _add_items(adjustment: Adjustment, proposals: Sequence[Proposal], doing: Deed) -> None:
    keys = [each.unit.pk for each in proposals]
    standing = {version.unit_id: version for version in units.standing(doing.on).filter(unit_id__in=keys)}
    busy = facts.under_adjustment(keys)
    AdjustmentItem.objects.bulk_create(
        [_item(adjustment, each, standing.get(each.unit.pk), busy, doing) for each in proposals]
    )
    _hold(adjustment, doing)


def _item(
    adjustment: Adjustment, each: Proposal, before: UnitVersion | None, busy: set[int], doing: Deed
) -> AdjustmentItem:
    if before is None or before.region_id != adjustment.region_id:
        raise DeedRefused(_("耕地单元 %(unit)s 在本县没有现行版本，不能列入调整。") % {"unit": each.unit})
    if each.unit.pk in busy:
        raise DeedRefused(_("耕地单元 %(unit)s 已列入另一项未审定的调整。") % {"unit": each.unit})
    if each.to_class == before.land_class:
        raise DeedRefused(_("耕地单元 %(unit)s 的现行类别已是所提的类别。") % {"unit": each.unit})
    return AdjustmentItem(
        adjustment=adjustment,
        unit=each.unit,
        before=before,
        evaluation=each.evaluation,
        from_class=before.land_class,
        to_class=each.to_class,
        area_mu=before.stated_area_mu,
        reason=each.reason,
        recorded_at=doing.recorded_at,
    )


def take_up(trigger: Trigger, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()) -> Trigger:
    """Draft an adjustment of the event's units as their evaluations propose."""
    found = proposals_of(facts.differing_of(trigger))
    if not found:
        raise DeedRefused(
            _(
                "所涉单元没有与现行类别不同、且未在调整中的评价。依据其他材料调整的，请用“按触发事件拟定调整”并写明理由。"
            )
        )
    title = reason.strip() or _("%(number)s 引起的类别调整") % {"number": trigger.number}
    draft(trigger.region_id, title[:MOST_TITLE], found, by=by, on=on, trigger=trigger)
    trigger.refresh_from_db()
    return trigger


def draft_by_hand(trigger: Trigger, title: str, to_class: str, reason: str, *, by: Reach, on: date) -> Adjustment:
    """Draft an adjustment of all units of an event to one class, for a stated reason."""
    found = [Proposal(unit, to_class, reason=reason) for unit in facts.units_of(trigger)]
    return draft(trigger.region_id, title, found, by=by, on=on, trigger=trigger)


def put_in(adjustment: Adjustment, proposal: Proposal, *, by: Reach, on: date) -> Adjustment:
    """Put a unit into a draft, or propose another class for one that is in it; without an evaluation say why."""
    if adjustment.state not in ("draft", "returned"):
        raise DeedRefused(_("调整已报出，不能再改明细；如需修改，请由审核人退回。"))
    if not proposal.evaluation and not proposal.reason.strip():
        raise DeedRefused(_("不按类别评价提出的，须写明理由。"))
    with ledger.deed(
        "farmland.adjustment.amended", by=by, on=on, register=facts.ADJUSTMENT, region=adjustment.region_id,
        subject_id=str(adjustment.pk), reason=proposal.reason,
    ) as doing:  # fmt: skip
        adjustment.items.filter(unit=proposal.unit).delete()
        _add_items(adjustment, [proposal], doing)
        doing.sentence = _("%(number)s 列入 %(unit)s，拟调为%(to)s") % {
            "number": adjustment.number,
            "unit": proposal.unit,
            "to": ROMAN[proposal.to_class],
        }
    return adjustment


def take_out(adjustment: Adjustment, unit: Unit, *, by: Reach, on: date, reason: str) -> Adjustment:
    """Take a unit out of a draft."""
    if adjustment.state not in ("draft", "returned"):
        raise DeedRefused(_("调整已报出，不能再改明细；如需修改，请由审核人退回。"))
    with ledger.deed(
        "farmland.adjustment.amended", by=by, on=on, register=facts.ADJUSTMENT, region=adjustment.region_id,
        subject_id=str(adjustment.pk), reason=reason,
    ) as doing:  # fmt: skip
        gone, _each = adjustment.items.filter(unit=unit).delete()
        if not gone:
            raise DeedRefused(_("耕地单元 %(unit)s 不在本项调整中。") % {"unit": unit})
        doing.sentence = _("%(number)s 去掉 %(unit)s") % {"number": adjustment.number, "unit": unit}
    return adjustment


# --- moving ---------------------------------------------------------------------------------------------------


def move(
    arrow: str, adjustment: Adjustment, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Adjustment:
    """Move an adjustment along an arrow; deciding begins the units' next versions, ending it frees its trigger."""
    effect = {"propose": _propose, "decide": _decide, "refuse": _free, "withdraw": _free}.get(arrow)
    moved: Adjustment = workflow.move(
        ADJUSTMENT, adjustment, arrow,
        by=by, on=on, region=adjustment.region_id, reason=reason, documents=documents, effect=effect,
    )  # fmt: skip
    return moved


def _check(adjustment: Adjustment, doing: Deed) -> None:
    """What is proposed must still be what stands: a unit may have been divided or drawn anew meanwhile."""
    stale = [str(item.unit) for item in facts.stale_items(adjustment)]
    if stale:
        raise DeedRefused(
            _("%(units)s 在列入调整后已有新的版本或已终止。请先在明细中去掉后重新列入。")
            % {"units": "、".join(stale[:5])}
        )
    doing.data = {"items": _told(adjustment)}


def _propose(adjustment: Adjustment, doing: Deed) -> None:
    """What is proposed goes up with what is held against it, unit by unit."""
    _check(adjustment, doing)
    if told := _hold(adjustment, doing):
        doing.data |= {"cautions": told}
        doing.sentence += _("；%(count)d 个单元附有提示") % {"count": len(told)}


def _hold(adjustment: Adjustment, doing: Deed) -> dict[str, list[str]]:
    """Write beside each item what is held against it by now; the sentences by unit."""
    held = cautions_of(adjustment, doing.on, len(doing.documents))
    items = list(adjustment.items.select_related("unit"))
    for item in items:
        item.cautions = [each.code for each in held[item.pk]]
    AdjustmentItem.objects.bulk_update(items, ["cautions"])
    return {item.unit.number: [each.sentence for each in held[item.pk]] for item in items if held[item.pk]}


def _decide(adjustment: Adjustment, doing: Deed) -> None:
    """Begin the next version of each unit, with the areas by class before and after; the whole must not change."""
    _check(adjustment, doing)
    before = facts.areas_by_class(adjustment.region_id)
    items = list(adjustment.items.select_related("unit").order_by("unit__number"))
    for item in items:
        begin_version(
            item.unit, doing,
            change=Change.ADJUSTED, from_on=doing.on, land_class=item.to_class, adjustment_item=item,
        )  # fmt: skip
    after = facts.areas_by_class(adjustment.region_id)
    if refusal := facts.imbalance(before, after, doing.on):
        raise DeedRefused(refusal)
    adjustment.decided_on = doing.on
    adjustment.save(update_fields=["decided_on"])
    doing.data |= {"area_mu_before": _areas(before), "area_mu_after": _areas(after)}
    doing.sentence += _("；面积平衡：%(balance)s") % {"balance": balance(before, after)}
    _move_trigger(adjustment, "adjusted", doing)
    keys = [item.unit_id for item in items]
    defer(EVALUATE, units=keys, region=adjustment.region_id, on=doing.on.isoformat())


def _free(adjustment: Adjustment, doing: Deed) -> None:
    """A triggering event whose adjustment came to nothing waits for another conclusion."""
    _move_trigger(adjustment, "reopen", doing)


def _move_trigger(adjustment: Adjustment, arrow: str, doing: Deed) -> None:
    trigger = adjustment.trigger
    if trigger is not None and trigger.state == "adjusting":
        workflow.move_unasked(
            TRIGGER, trigger, arrow, on=doing.on, region=trigger.region_id, reason=doing.reason or adjustment.number
        )


def _told(adjustment: Adjustment) -> list[dict[str, str]]:
    rows = adjustment.items.order_by("unit__number").values_list("unit__number", "from_class", "to_class", "area_mu")
    return [
        {"unit": number, "from": old, "to": new, "area_mu": plain(Decimal(area))} for number, old, new, area in rows
    ]


def _areas(areas: dict[str, Decimal]) -> dict[str, str]:
    return {own or BLANK_CLASS: plain(area) for own, area in sorted(areas.items())}


def balance(before: dict[str, Decimal], after: dict[str, Decimal]) -> str:
    """Areas by class before and after, and the whole, in mu."""
    told = [
        f"{ROMAN.get(own, BLANK_CLASS)} {plain(before.get(own, Decimal(0)))}→{plain(after.get(own, Decimal(0)))}"
        for own in sorted({*before, *after})
    ]
    whole = f"合计 {plain(sum(before.values(), Decimal(0)))}→{plain(sum(after.values(), Decimal(0)))} 亩"
    return "，".join([*told, whole])


@work(EVALUATE)
def evaluate_units(units: list[int], region: str, on: str) -> None:
    """Evaluate units again whose class was decided: what stands is part of what an evaluation says."""
    evaluate(units, region, by=Reach.system(), on=date.fromisoformat(on))


# --- uploading ------------------------------------------------------------------------------------------------


def pack(region: str, *, by: Reach, on: date) -> Package:
    """Make the upload package of what was decided and not taken by the national platform yet."""
    items = list(facts.decided_not_uploaded(region))
    if not items:
        raise DeedRefused(_("没有已审定而未上传的类别调整，不能生成上报包。"))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(UPLOAD_COLUMNS)
    sent = facts.times_sent(items)
    writer.writerows([*_package_row(item), sent.get(item.pk, 0) + 1] for item in items)
    packed = [Item(key_of(item), facts.ADJUSTMENT_ITEM, item.pk) for item in items]
    return outbox.make(
        out.getvalue().encode("utf-8-sig"), f"类别动态调整-{on:%Y%m%d}.csv", packed,
        target=UPLOAD_TARGET, kind=UPLOAD_KIND, field_map=UPLOAD_FIELD_MAP, by=by, on=on,
    )  # fmt: skip


def key_of(item: AdjustmentItem) -> str:
    """The name of an adjusted unit for the receiver: its number and the version that the adjustment began."""
    return f"{item.unit.number}V{item.before.version + 1}"


def _package_row(item: AdjustmentItem) -> list[Any]:
    adjustment = item.adjustment
    return [
        key_of(item), f"{item.unit.number}{ROMAN[item.to_class]}", adjustment.region_id,
        item.from_class, item.to_class, plain(item.area_mu), adjustment.number,
        adjustment.trigger.kind if adjustment.trigger else "",
        adjustment.proposed_on, adjustment.decided_on, item.evaluation.rule_code if item.evaluation else "",
        item.reason,
    ]  # fmt: skip
