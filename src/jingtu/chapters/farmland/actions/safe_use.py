"""Writes of safe use: habits of cropping, plans, measures on units, exceeding crops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jingtu import law
from jingtu.chapters.farmland.facts import safe_use as facts
from jingtu.chapters.farmland.facts.safe_use import Done
from jingtu.chapters.farmland.models import Cropping, Exceedance, Measure, SafeUsePlan
from jingtu.chapters.farmland.workflow import EXCEEDANCE, MEASURE, SAFE_USE_PLAN
from jingtu.land import facts as land
from jingtu.registers import ledger, workflow
from jingtu.registers.ledger import Deed, DeedRefused
from jingtu.registers.models import Document, Dossier
from jingtu.registers.reach import Reach

CROPPING = "farmland.cropping"

# --- main crops and habits ------------------------------------------------------------------------------------


def enter_croppings(
    rows: Sequence[Mapping[str, Any]], doing: Deed, *, dossier: Dossier | None = None, demonstration: bool = False
) -> dict[str, int]:
    """Add what counties grow in a year, or bring it up to date, inside the deed that took the sheet."""
    made, changed = 0, 0
    for row in rows:
        said = {name: row[name] for name in ("varieties", "area_mu", "habits", "surveyed_on")}
        key = {"region_id": row["region_code"], "year": row["year"], "crop": row["crop"], "season": row["season"]}
        more = {"dossier": dossier, "is_demonstration": demonstration}
        _there, is_new = Cropping.objects.update_or_create(
            **key, defaults=said | more, create_defaults=said | more | {"recorded_at": doing.recorded_at}
        )
        made, changed = made + is_new, changed + (not is_new)
    return {"made": made, "changed": changed}


def enter_cropping(row: Mapping[str, Any], *, by: Reach, on: date) -> Cropping:
    """Enter one crop of a county's year by hand; what is there already is refused, since it is changed on its page."""
    key = {"region_id": row["region_code"], "year": row["year"], "crop": row["crop"], "season": row["season"]}
    if Cropping.objects.filter(**key).exists():
        raise DeedRefused(_("该县本年度这一季的这种作物已经登记，请在其记录页修改。"))
    with ledger.deed("farmland.cropping.entered", by=by, on=on, register=CROPPING, region=row["region_code"]) as doing:
        enter_croppings([row], doing, demonstration=land.is_demonstration(by.organisation_id))
        cropping = Cropping.objects.get(**key)
        doing.subject_id = str(cropping.pk)
        doing.sentence = _("登记主要作物与种植习惯：%(cropping)s") % {"cropping": cropping}
    return cropping


# --- plans ----------------------------------------------------------------------------------------------------


def draft_plan(region: str, year: int, title: str, summary: str, *, by: Reach, on: date) -> SafeUsePlan:
    """Draft the safe-use plan of a county or city for a year: one a year."""
    if SafeUsePlan.objects.filter(region_id=region, year=year).exists():
        raise DeedRefused(_("%(year)d 年度的安全利用方案已经建立，请在其记录页继续编制。") % {"year": year})
    with ledger.deed(
        "farmland.safe_use_plan.drafted", by=by, on=on, register=SAFE_USE_PLAN.register, region=region
    ) as doing:
        plan = SafeUsePlan.objects.create(
            region_id=region,
            year=year,
            title=title,
            summary=summary,
            is_demonstration=land.is_demonstration(by.organisation_id),
            recorded_at=doing.recorded_at,
        )
        workflow.begin(SAFE_USE_PLAN, plan, doing)
        doing.subject_id, doing.sentence = str(plan.pk), _("编制%(title)s") % {"title": title}
    return plan


def move_plan(
    arrow: str, plan: SafeUsePlan, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> SafeUsePlan:
    """Move a plan; the day it is issued is the day of that move."""

    def effect(record: SafeUsePlan, _doing: Deed) -> None:
        if arrow == "issue":
            record.issued_on = on
            record.save(update_fields=["issued_on"])

    moved: SafeUsePlan = workflow.move(
        SAFE_USE_PLAN, plan, arrow,
        by=by, on=on, region=plan.region_id, reason=reason, documents=documents, effect=effect,
    )  # fmt: skip
    return moved


# --- measures -------------------------------------------------------------------------------------------------


def enter_measures(
    measures: Sequence[Done], doing: Deed, *, dossier: Dossier | None = None, demonstration: bool = False
) -> list[Measure]:
    """Insert measures inside a deed, each with the warnings that chemistry gives for its unit."""
    warnings = facts.measure_warnings(measures, doing.on)
    made = [
        Measure(
            **{name: getattr(each, name) for name in Done.__dataclass_fields__},
            region_id=each.unit.region_id,
            plan=facts.plan_of(each.unit.region_id, each.year),
            warnings=list(warnings[place]),
            dossier=dossier,
            is_demonstration=demonstration,
            recorded_at=doing.recorded_at,
        )
        for place, each in enumerate(measures)
    ]
    Measure.objects.bulk_create(made)
    workflow.begin_many(MEASURE, [each.pk for each in made], doing)
    return made


def record_measure(done: Done, *, by: Reach, on: date) -> Measure:
    """Record a measure on a unit; a code outside the preferred families needs a reason, the area must fit the unit."""
    if refusals := facts.measure_refusals([done], on)[0]:
        raise DeedRefused("".join(str(sentence) for _field, sentence in refusals))
    with ledger.deed(
        "farmland.measure.recorded", by=by, on=on, register=MEASURE.register, region=done.unit.region_id
    ) as doing:
        (measure,) = enter_measures([done], doing, demonstration=land.is_demonstration(by.organisation_id))
        doing.subject_id = str(measure.pk)
        doing.data = {"code": done.code, "area_mu": str(done.area_mu), "warnings": measure.warnings}
        doing.sentence = _("登记措施“%(measure)s”：单元 %(unit)s，%(area)s 亩") % {
            "measure": law.codes("measure").label(done.code),
            "unit": done.unit,
            "area": f"{done.area_mu:.2f}",
        }
    return measure


def move_measure(
    arrow: str, measure: Measure, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Measure:
    """Move a measure; acceptance carries its day."""

    def effect(record: Measure, _doing: Deed) -> None:
        if arrow == "accept":
            record.accepted_on = on
            record.save(update_fields=["accepted_on"])

    moved: Measure = workflow.move(
        MEASURE, measure, arrow,
        by=by, on=on, region=measure.region_id, reason=reason, documents=documents, effect=effect,
    )  # fmt: skip
    return moved


# --- exceeding crops ------------------------------------------------------------------------------------------


def open_exceedances(pairs: Sequence[int], *, by: Reach, on: date) -> list[Exceedance]:
    """Open a case for every complete pair among these whose crop exceeds its limit and that has none yet.

    Called when a batch is reviewed; called again it opens nothing twice.
    """
    opened = []
    for pair, analytes in facts.exceeding(pairs, on):
        with ledger.deed(
            "farmland.exceedance.opened", by=by, on=on, register=EXCEEDANCE.register, region=pair.region_id
        ) as doing:
            case = Exceedance.objects.create(
                pair=pair, region_id=pair.region_id, crop=pair.crop, analytes=list(analytes), found_on=on,
                recorded_at=doing.recorded_at,
            )  # fmt: skip
            workflow.begin(EXCEEDANCE, case, doing)
            doing.subject_id = str(case.pk)
            doing.sentence = _("点对 %(pair)s 的农产品超标（%(analytes)s），立案处置") % {
                "pair": pair,
                "analytes": "、".join(law.analytes()[code].name_zh for code in analytes),
            }
        opened.append(case)
    return opened


def tell_handling(
    case: Exceedance, handling: str, amount_kg: Decimal, handled_on: date, *, by: Reach, on: date
) -> Exceedance:
    """Write down what became of the grain, how much it was and when; the case is then put forward for closing."""
    if not case.found_on <= handled_on <= on:
        raise DeedRefused(_("处置日期须不早于发现日期 %(found)s、不晚于业务日期。") % {"found": case.found_on})
    if case.state != "open":
        raise DeedRefused(_("本记录已不在待处置状态，处置情况不能再改。"))
    said = {"subject_id": str(case.pk), "data": {"handling": handling, "amount_kg": str(amount_kg)}}
    with ledger.deed(
        "farmland.exceedance.told", by=by, on=on, register=EXCEEDANCE.register, region=case.region_id, **said
    ) as doing:
        Exceedance.objects.filter(pk=case.pk).update(handling=handling, amount_kg=amount_kg, handled_on=handled_on)
        doing.sentence = _("填写超标农产品处置情况：%(case)s，%(amount)s 千克") % {"case": case, "amount": amount_kg}
    case.refresh_from_db()
    return case


def move_exceedance(
    arrow: str, case: Exceedance, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Exceedance:
    """Put a case forward for closing, close it, or open it again."""

    def effect(record: Exceedance, _doing: Deed) -> None:
        record.closed_on = on if arrow == "close" else None
        record.save(update_fields=["closed_on"])

    moved: Exceedance = workflow.move(
        EXCEEDANCE, case, arrow,
        by=by, on=on, region=case.region_id, reason=reason, documents=documents, effect=effect,
    )  # fmt: skip
    return moved
