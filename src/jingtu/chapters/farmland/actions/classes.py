"""Writes of classes: evaluations by the rules, triggering events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jingtu.chapters.farmland.actions.safe_use import open_exceedances
from jingtu.chapters.farmland.facts import classes as facts
from jingtu.chapters.farmland.facts import evaluating, pairs
from jingtu.chapters.farmland.facts.descent import heirs
from jingtu.chapters.farmland.facts.routine import units_of_batch
from jingtu.chapters.farmland.models import Evaluation, Trigger, TriggerUnit, Unit
from jingtu.chapters.farmland.models.classes import TriggerKind
from jingtu.chapters.farmland.models.units import ROMAN
from jingtu.chapters.farmland.workflow import TRIGGER
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Batch
from jingtu.evidence.workflow import BATCH
from jingtu.land import facts as land
from jingtu.registers import clock, copying, ledger, workflow
from jingtu.registers.findings import keep_columns
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Document, Move
from jingtu.registers.reach import Reach
from jingtu.registers.tasks import defer, work
from jingtu.registers.turns import take_turn

FOLLOW = "farmland.follow_batch"
EVALUATE_COUNTY = "farmland.evaluate_county"
AT_ONCE = 20_000
SERIAL_DIGITS = 4


# --- evaluating -----------------------------------------------------------------------------------------------


def ask_to_evaluate(region: str, *, by: Reach, on: date) -> bool:
    """Evaluate a county at once, or every county of a city or the province one after another in the background.

    Returns whether it was done at once. Raises ``DeedRefused`` where there is nothing to go by.
    """
    counties = evaluating.counties_with_units(region)
    if counties == [region] and (units := evaluating.units_to_evaluate(region)):
        evaluate(units, region, by=by, on=on)
        return True
    if counties in ([], [region]):
        raise ledger.DeedRefused(_("该地区没有可以评价的耕地单元：单元内没有成对的样品，类别也已划定。"))
    with ledger.deed("farmland.evaluation.asked", by=by, on=on, register=facts.EVALUATION, region=region) as doing:
        doing.data = {"counties": counties}
        doing.sentence = _("请求按证据重新评价，%(count)d 个县（市、区）逐一在后台评价") % {"count": len(counties)}
    for county in counties:
        defer(EVALUATE_COUNTY, region=county, on=on.isoformat())
    return False


@work(EVALUATE_COUNTY)
def evaluate_county(region: str, on: str) -> None:
    """Evaluate a county that a city or the province asked for, if there is anything to go by."""
    if units := evaluating.units_to_evaluate(region):
        evaluate(units, region, by=Reach.system(), on=date.fromisoformat(on))


def evaluate(units: Sequence[int], region: str, *, by: Reach, on: date) -> list[Evaluation]:
    """Evaluate units by all evidence; where evidence, class and rules are unchanged, nothing is written."""
    with ledger.deed("farmland.evaluation.drawn", by=by, on=on, register=facts.EVALUATION, region=region) as doing:
        take_turn(facts.EVALUATION, region)
        made = []
        for start in range(0, len(units), AT_ONCE):
            made += _evaluate(units[start : start + AT_ONCE], doing)
        differ = sum(each.proposed_class not in ("", each.standing_class) for each in made)
        review = sum(each.needs_review for each in made)
        doing.data = {"units": len(units), "new": len(made), "differing": differ, "review": review}
        doing.sentence = _(
            "评价 %(units)d 个耕地单元：%(new)d 个有新的评价，其中 %(differ)d 个与现行类别不同、%(review)d 个须人工研判"
        ) % {"units": len(units), "new": len(made), "differ": differ, "review": review}
    return made


def _evaluate(units: Sequence[int], doing: Deed) -> list[Evaluation]:
    """Replace the evaluations of those units of which there is something new to say."""
    current = facts.current_evaluations(units)
    evaluated = evaluating.evaluate(units, doing.on)
    fresh = [each for each in evaluated if each.unit not in current or current[each.unit].digest != each.digest]
    if not fresh:
        return []
    Evaluation.objects.filter(unit_id__in=[each.unit for each in fresh], is_current=True).update(is_current=False)
    rows = [_row(each) for each in fresh]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    fixed = {"is_current": True, "evaluated_on": doing.on, "recorded_at": doing.recorded_at}
    copying.insert(Evaluation._meta.db_table, columns, fixed)
    made = Evaluation.objects.filter(unit_id__in=columns["unit_id"], is_current=True).select_related("unit")
    by_unit = {each.unit_id: each for each in made}
    findings, owners = evaluating.findings_of_round(fresh, [by_unit[each.unit].unit.number for each in fresh])
    keys, regions = [by_unit[each.unit].pk for each in fresh], [each.region for each in fresh]
    keep_columns(
        facts.EVALUATION, findings, [keys[at] for at in owners], [regions[at] for at in owners], doing.recorded_at
    )
    return list(by_unit.values())


def _row(each: evaluating.Evaluated) -> dict[str, Any]:
    found = each.summary
    return {
        "unit_id": each.unit,
        "region_id": each.region,
        "soil_class": found.soil_class,
        "proposed_class": found.proposed_class,
        "standing_class": each.standing_class,
        "needs_review": found.needs_review,
        "reason_code": found.reason,
        "rule_code": "+".join(found.rules),
        "certainty": found.certainty,
        "soil_points": found.soil_points,
        "crop_points": found.crop_points,
        "crop_exceeding": found.crop_exceeding,
        "digest": each.digest,
    }


@work(FOLLOW)
def follow_batch(batch_id: int) -> None:
    """What a reviewed (or returned) batch changes: evaluations of its units, triggering events, exceeding crops.

    Run again it changes nothing: unchanged evidence makes no evaluation, and no event or case is raised twice.
    """
    batch = Batch.objects.get(pk=batch_id)
    found = list(pairs.pairs_of_batch(batch_id).order_by("code"))
    by, on = Reach.system(), _last_move_on(batch)
    paired = heirs(pair.unit_id for pair in found if pair.unit_id)
    for kind, units in ((TriggerKind.PAIRED, paired), (TriggerKind.ROUTINE, units_of_batch(batch_id) - paired)):
        wanted = evaluating.with_evidence(sorted(units)) if units else []
        made = evaluate(wanted, batch.region_id, by=by, on=on) if wanted else []
        _trigger_by_evidence(made, kind, batch, by=by, on=on)
    if found:
        open_exceedances([pair.pk for pair in found], by=by, on=on)


evidence.follow(FOLLOW)


def _last_move_on(batch: Batch) -> date:
    moves = Move.objects.filter(register=BATCH.register, subject_id=batch.pk).order_by("-id")
    return moves.values_list("on", flat=True).first() or clock.today()


def _trigger_by_evidence(made: Sequence[Evaluation], kind: str, batch: Batch, *, by: Reach, on: date) -> None:
    """Evidence that proposes another class than stands obliges to look: one event a county and batch."""
    differ = differing(made)
    known = facts.triggered([each.unit_id for each in differ], kind)
    new = [each for each in differ if each.unit_id not in known]
    for region in sorted({each.region_id for each in new}):
        own = [each for each in new if each.region_id == region]
        told = _("检测批次 %(batch)s 审核通过后，%(count)d 个耕地单元的评价与现行类别不同：%(units)s。") % {
            "batch": batch.number,
            "count": len(own),
            "units": told_of(own),
        }
        raise_trigger(kind, region, [each.unit for each in own], on, told, by=by, on=on)


def differing(made: Iterable[Evaluation]) -> list[Evaluation]:
    """Those of the evaluations that propose another class than stands and need no person first."""
    return [each for each in made if each.proposed_class not in ("", each.standing_class) and not each.needs_review]


def told_of(evaluations: Iterable[Evaluation]) -> str:
    """Units with the class that stands and the one that is proposed."""
    return "、".join(
        f"{each.unit.number}（{ROMAN.get(each.standing_class, '—')}→{ROMAN[each.proposed_class]}）"
        for each in evaluations
    )


# --- triggering events ----------------------------------------------------------------------------------------


def raise_trigger(
    kind: str, region: str, units: Sequence[Unit], happened_on: date, told: str, *, by: Reach, on: date
) -> Trigger:
    """Enter an event that obliges to look at the class of units again."""
    if not units:
        raise ledger.DeedRefused(_("触发事件须至少涉及一个耕地单元。"))
    if happened_on > on:
        raise ledger.DeedRefused(_("发生日期 %(on)s 晚于业务日期，请核对。") % {"on": happened_on})
    with ledger.deed("farmland.trigger.raised", by=by, on=on, register=facts.TRIGGER, region=region) as doing:
        trigger = Trigger.objects.create(
            number=next_number("CF", Trigger, region, on),
            kind=kind,
            region_id=region,
            happened_on=happened_on,
            told=told,
            is_demonstration=land.is_demonstration(by.organisation_id) or all(u.is_demonstration for u in units),
            recorded_at=doing.recorded_at,
        )
        TriggerUnit.objects.bulk_create([TriggerUnit(trigger=trigger, unit=unit) for unit in units])
        workflow.begin(TRIGGER, trigger, doing)
        doing.subject_id = str(trigger.pk)
        doing.data = {"units": [unit.number for unit in units]}
        doing.sentence = _("登记触发事件 %(number)s（%(kind)s），涉及 %(count)d 个耕地单元") % {
            "number": trigger.number,
            "kind": TriggerKind(kind).label,
            "count": len(units),
        }
    return trigger


def next_number(letters: str, model: Any, region: str, on: date) -> str:
    """The next number of a county's year, one at a time."""
    start = f"{letters}{on.year}-{region}-"
    take_turn(model._meta.label, start)
    last = model.objects.filter(number__startswith=start).order_by("-number").values_list("number", flat=True).first()
    serial = int(last[len(start) :]) if last else 0
    return f"{start}{serial + 1:0{SERIAL_DIGITS}d}"


def move_trigger(
    arrow: str, trigger: Trigger, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Trigger:
    """Move a triggering event along an arrow."""
    moved: Trigger = workflow.move(
        TRIGGER, trigger, arrow, by=by, on=on, region=trigger.region_id, reason=reason, documents=documents
    )
    return moved
