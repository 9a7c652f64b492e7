"""Questions about classes: evaluations that stand, what they propose, what an adjustment comes to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.chapters.farmland.models import (
    Adjustment,
    AdjustmentItem,
    Evaluation,
    Trigger,
    TriggerUnit,
    Unit,
)
from jingtu.chapters.farmland.models.units import Standing
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.numbers import plain
from jingtu.plain.units import exponent_between
from jingtu.registers.models import PackageItem

DIVIDES = ("unit.contiguous_minority", "unit.isolated_third", "unit.no_dominant")  # what a person settles by dividing
EVALUATION, TRIGGER, ADJUSTMENT = "farmland.evaluation", "farmland.trigger", "farmland.adjustment"
ADJUSTMENT_ITEM = "farmland.adjustment_item"
UNDER_WAY = ("draft", "proposed", "reviewed", "returned")


def current_evaluations(units: Iterable[int]) -> dict[int, Evaluation]:
    """The current evaluation of each of these units."""
    return {each.unit_id: each for each in Evaluation.objects.filter(unit_id__in=list(units), is_current=True)}


def waiting_evaluation(unit: Unit) -> Evaluation | None:
    """The current evaluation of a unit, if it waits for a person."""
    return Evaluation.objects.filter(unit=unit, is_current=True, needs_review=True).first()


def newest_evaluation(region: str) -> int | None:
    """The key of the evaluation of a region that was drawn last."""
    rows = Evaluation.objects.filter(region__code__startswith=region_prefix(region), is_current=True)
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def differing(region: str) -> QuerySet[Evaluation]:
    """Current evaluations of a region that propose another class than stands and are not being adjusted already.

    What a person must look at first is not among them: such a unit is put in by hand, with a reason.
    """
    under_way = AdjustmentItem.objects.filter(adjustment__state__in=UNDER_WAY).values("unit_id")
    rows = Evaluation.objects.filter(region__code__startswith=region_prefix(region), is_current=True)
    rows = rows.exclude(proposed_class="").exclude(proposed_class=F("standing_class")).exclude(unit_id__in=under_way)
    rows = rows.filter(needs_review=False, unit__ended_on__isnull=True)
    return rows.select_related("unit").order_by("unit__number")


def differing_of(trigger: Trigger) -> QuerySet[Evaluation]:
    """Those of the current evaluations of an event's units that propose another class than stands."""
    return differing(trigger.region_id).filter(unit__in=units_of(trigger))


def units_of(trigger: Trigger) -> QuerySet[Unit]:
    """The units that an event concerns."""
    return Unit.objects.filter(triggers__trigger=trigger).order_by("number")


def adjustments_of(trigger: Trigger) -> QuerySet[Adjustment]:
    """The adjustments that an event led to, the last one first."""
    return Adjustment.objects.filter(trigger=trigger).order_by("-pk")


def open_triggers(prefix: str) -> QuerySet[Trigger]:
    """Events within a region prefix that wait for a conclusion."""
    return Trigger.objects.filter(region__code__startswith=prefix, state="open").order_by("number")


def under_adjustment(units: Iterable[int]) -> set[int]:
    """Those of the units that stand in an adjustment not yet decided."""
    rows = AdjustmentItem.objects.filter(unit_id__in=list(units), adjustment__state__in=UNDER_WAY)
    return set(rows.values_list("unit_id", flat=True))


def triggered(units: Iterable[int], kind: str) -> set[int]:
    """Those of the units that an open triggering event of a kind concerns already."""
    rows = TriggerUnit.objects.filter(
        unit_id__in=list(units), trigger__kind=kind, trigger__state__in=("open", "adjusting")
    )
    return set(rows.values_list("unit_id", flat=True))


def areas_by_class(region: str) -> dict[str, Decimal]:
    """Stated area of the standing units of a region by class, in mu."""
    rows = Standing.objects.filter(region_code__startswith=region_prefix(region))
    return dict(rows.values_list("land_class").annotate(area=Sum("stated_area_mu")))


def stale_items(adjustment: Adjustment) -> QuerySet[AdjustmentItem]:
    """Items of an adjustment whose unit ended or has a newer version than the one that was to be adjusted."""
    rows = AdjustmentItem.objects.filter(adjustment=adjustment, before__until_on__isnull=False)
    return rows.select_related("unit").order_by("unit__number")


def imbalance(before: dict[str, Decimal], after: dict[str, Decimal], on: date) -> str | None:
    """Why the areas before and after an adjustment do not belong together; ``None`` when they do."""
    old, new = (sum(areas.values(), Decimal(0)) for areas in (before, after))
    most = law.at(on).table("farmland_numbers").one(rule="unit.area_tolerance_pct")
    if abs(new - old) <= old * most.required_number("value").scaleb(-exponent_between("kg/kg", "%")):
        return None
    return _("调整前后总面积不平衡：%(old)s 亩与 %(new)s 亩，相差超过 %(most)s%%（%(basis)s）。") % {
        "old": plain(old),
        "new": plain(new),
        "most": plain(most.required_number("value")),
        "basis": law.cite(most.clause),
    }


def decided_not_uploaded(region: str) -> QuerySet[AdjustmentItem]:
    """Items of decided adjustments that are in no package on its way and were not taken by the receiver."""
    sent = PackageItem.objects.filter(register=ADJUSTMENT_ITEM).exclude(package__state="withdrawn")
    gone = sent.filter(Q(accepted=True) | Q(accepted__isnull=True)).values("subject_id")
    rows = AdjustmentItem.objects.filter(adjustment__state="decided").exclude(pk__in=gone)
    rows = rows.filter(adjustment__region__code__startswith=region_prefix(region))
    return rows.select_related("unit", "adjustment", "before", "evaluation").order_by("unit__number", "pk")


def times_sent(items: Iterable[AdjustmentItem]) -> dict[int, int]:
    """How many times each of these items was put into a package: what was sent back is sent under a new count."""
    keys = [item.pk for item in items]
    rows = PackageItem.objects.filter(register=ADJUSTMENT_ITEM, subject_id__in=keys)
    return dict(rows.values_list("subject_id").annotate(times=Count("pk")))
