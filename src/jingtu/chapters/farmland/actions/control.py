"""Writes of strict control: zones, patrols and what they found, changes of use, subsidies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.contrib.gis.geos import Point as Place
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.facts import control as facts
from jingtu.chapters.farmland.facts import safe_use, zone_ground
from jingtu.chapters.farmland.facts.control import Changed, Paid, Seen
from jingtu.chapters.farmland.facts.geometry import as_geom
from jingtu.chapters.farmland.models import ControlUse, Patrol, Planting, Subsidy, Unit, UnitVersion, Zone, ZoneUnit
from jingtu.chapters.farmland.models.control import ControlKind
from jingtu.chapters.farmland.workflow import CONTROL_USE, PLANTING, ZONE
from jingtu.land import facts as land
from jingtu.land.models import Department
from jingtu.registers import ledger, workflow
from jingtu.registers.ledger import Deed, DeedRefused
from jingtu.registers.models import Document
from jingtu.registers.reach import Reach
from jingtu.registers.turns import take_turn

PATROL, SUBSIDY = "farmland.patrol", "farmland.subsidy"

# --- zones ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outline:
    """A zone to be drafted: its name, its units, what may not be grown there; a boundary where one was drawn.

    Without a boundary it is that of the units taken together.
    """

    name: str
    units: Sequence[UnitVersion]
    banned_products: Sequence[str]
    boundary: BaseGeometry | None = None


def draft_zone(name: str, units: Sequence[Unit], banned_products: Sequence[str], *, by: Reach, on: date) -> Zone:
    """Draft a zone over strictly controlled units of one county; its boundary is theirs taken together."""
    standing = safe_use.standing_of(units)
    _refuse_unfit(units, standing)
    return _draft(Outline(name, standing, banned_products), by=by, on=on)


def draft_zone_within(
    name: str, boundary: BaseGeometry, banned_products: Sequence[str], *, by: Reach, on: date
) -> Zone:
    """Draft a zone of a boundary; its units are the strictly controlled ones within."""
    found = zone_ground.ground_of(boundary, on)
    if sentences := zone_ground.faults(boundary, found, on):
        raise DeedRefused("".join(sentences))
    return _draft(Outline(name, found.within, banned_products, boundary), by=by, on=on)


def _draft(outline: Outline, *, by: Reach, on: date) -> Zone:
    region = outline.units[0].region_id
    with ledger.deed("farmland.zone.drafted", by=by, on=on, register=ZONE.register, region=region) as doing:
        zone = enter_zone(outline, doing, demonstration=land.is_demonstration(by.organisation_id))
        doing.subject_id = str(zone.pk)
        doing.data = {"units": [each.unit.number for each in outline.units]}
        doing.sentence = _("拟定管控区“%(name)s”，含单元 %(count)d 个") % {
            "name": outline.name,
            "count": len(outline.units),
        }
    return zone


def enter_zone(outline: Outline, doing: Deed, *, demonstration: bool = False) -> Zone:
    """Insert a zone with its units inside a deed; it waits as a draft."""
    region = outline.units[0].region_id
    zone = Zone.objects.create(
        number=_next_number(region, doing.on),
        name=outline.name,
        region_id=region,
        geom=as_geom(outline.boundary) if outline.boundary else _together([each.geom for each in outline.units]),
        banned_products=list(outline.banned_products),
        target_analytes=sorted({code for each in outline.units for code in each.target_analytes}),
        proposed_on=doing.on,
        is_demonstration=demonstration,
        recorded_at=doing.recorded_at,
    )
    ZoneUnit.objects.bulk_create([ZoneUnit(zone=zone, unit=each.unit) for each in outline.units])
    workflow.begin(ZONE, zone, doing)
    return zone


def _refuse_unfit(units: Sequence[Unit], standing: Sequence[UnitVersion]) -> None:
    if not units:
        raise DeedRefused(_("请至少选择一个严格管控类耕地单元。"))
    if len({unit.region_id for unit in units}) > 1:
        raise DeedRefused(_("所选单元不在同一个县（市、区），请分别划定。"))
    if len(standing) < len(units):
        raise DeedRefused(_("所选单元中有已终止的，请重新选择。"))
    if loose := [each.unit.number for each in standing if each.land_class != "III"]:
        raise DeedRefused(
            _("单元 %(units)s 不是严格管控类，不能划入管控区（土壤污染防治法第54条）。") % {"units": "、".join(loose)}
        )
    if taken := zone_ground.zoned(unit.pk for unit in units):
        zone = next(iter(taken.values()))
        raise DeedRefused(
            _("所选单元中有的已在管控区“%(zone)s”（%(number)s）内。") % {"zone": zone, "number": zone.number}
        )


def _next_number(region: str, on: date) -> str:
    take_turn(ZONE.register, region, str(on.year))
    begun = Zone.objects.filter(number__startswith=f"GK{region}-{on.year}-").count()
    return f"GK{region}-{on.year}-{begun + 1:03d}"


def _together(shapes: Sequence[GEOSGeometry]) -> MultiPolygon:
    merged = shapes[0]
    for shape in shapes[1:]:
        merged = merged.union(shape)
    return merged if isinstance(merged, MultiPolygon) else MultiPolygon(merged, srid=merged.srid)


def tell_approval(zone: Zone, approval_number: str, approved_by: str, *, by: Reach, on: date) -> Zone:
    """Write down by which document which government approves; the move itself follows."""
    _only_while(zone, ("proposed",), _("管控区不在待批准状态，不能填写批准文件。"))
    with ledger.deed(
        "farmland.zone.approval_told", by=by, on=on, register=ZONE.register, region=zone.region_id,
        subject_id=str(zone.pk),
    ) as doing:  # fmt: skip
        Zone.objects.filter(pk=zone.pk).update(approval_number=approval_number, approved_by=approved_by)
        doing.sentence = _("填写批准机关 %(by)s、文号 %(number)s") % {"by": approved_by, "number": approval_number}
    zone.refresh_from_db()
    return zone


def tell_board(zone: Zone, board_on: date, place: Place, *, by: Reach, on: date) -> Zone:
    """Write down when and where the sign board was put up: within the zone or at its edge."""
    _only_while(zone, ("approved",), _("管控区尚未批准或标志牌已登记，不能填写标志牌。"))
    if zone.approved_on and not zone.approved_on <= board_on <= on:
        raise DeedRefused(_("标志牌设立日期须不早于批准日期 %(day)s、不晚于业务日期。") % {"day": zone.approved_on})
    if not facts.is_near(zone.geom, place):
        raise DeedRefused(_("标志牌的位置不在管控区内，也不在其边界附近，请核对经纬度。"))
    with ledger.deed(
        "farmland.zone.board_told", by=by, on=on, register=ZONE.register, region=zone.region_id,
        subject_id=str(zone.pk),
    ) as doing:  # fmt: skip
        Zone.objects.filter(pk=zone.pk).update(board_on=board_on, board_place=place)
        doing.sentence = _("登记标志牌：%(zone)s，%(day)s 设立") % {"zone": zone, "day": board_on}
    zone.refresh_from_db()
    return zone


def _only_while(record: Zone, states: Sequence[str], sentence: str) -> None:
    if record.state not in states:
        raise DeedRefused(sentence)


def move_zone(
    arrow: str, zone: Zone, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Zone:
    """Move a zone; the approval carries its day."""

    def effect(record: Zone, _doing: Deed) -> None:
        if arrow == "approve":
            record.approved_on = on
            record.save(update_fields=["approved_on"])

    moved: Zone = workflow.move(
        ZONE, zone, arrow, by=by, on=on, region=zone.region_id, reason=reason, documents=documents, effect=effect
    )
    return moved


# --- patrols and what they found ------------------------------------------------------------------------------


def enter_patrols(patrols: Sequence[Seen], doing: Deed, *, demonstration: bool = False) -> list[Patrol]:
    """Insert patrols inside a deed, each with the edible crops it found."""
    made = [
        Patrol(
            zone=each.zone,
            region_id=each.zone.region_id,
            patrolled_on=each.patrolled_on,
            patrolled_by=each.patrolled_by,
            means=each.means,
            found=each.found,
            is_demonstration=demonstration,
            recorded_at=doing.recorded_at,
        )
        for each in patrols
    ]
    Patrol.objects.bulk_create(made)
    plantings = [
        Planting(
            patrol=patrol, region_id=patrol.region_id, crop=found.crop, area_mu=found.area_mu, place=found.place,
            found_on=patrol.patrolled_on, recorded_at=doing.recorded_at,
        )
        for patrol, seen in zip(made, patrols, strict=True)
        for found in seen.plantings
    ]  # fmt: skip
    Planting.objects.bulk_create(plantings)
    workflow.begin_many(PLANTING, [each.pk for each in plantings], doing)
    return made


def record_patrol(seen: Seen, *, by: Reach, on: date) -> Patrol:
    """Record a patrol through a zone in force; every edible crop found becomes a case of its own."""
    if refusals := facts.patrol_refusals(seen, on):
        raise DeedRefused("".join(str(sentence) for _field, sentence in refusals))
    with ledger.deed("farmland.patrol.recorded", by=by, on=on, register=PATROL, region=seen.zone.region_id) as doing:
        (patrol,) = enter_patrols([seen], doing, demonstration=land.is_demonstration(by.organisation_id))
        doing.subject_id = str(patrol.pk)
        doing.sentence = _("巡查%(zone)s，发现违规种植 %(count)d 处") % {
            "zone": seen.zone,
            "count": len(seen.plantings),
        }
    return patrol


def move_planting(
    arrow: str, planting: Planting, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Planting:
    """Move a planting: put right, verified, or opened again."""

    def effect(record: Planting, _doing: Deed) -> None:
        record.rectified_on = {"rectify": on, "reopen": None}.get(arrow, record.rectified_on)
        record.save(update_fields=["rectified_on"])

    moved: Planting = workflow.move(
        PLANTING, planting, arrow,
        by=by, on=on, region=planting.region_id, reason=reason, documents=documents, effect=effect,
    )  # fmt: skip
    return moved


# --- changes of use and subsidies -----------------------------------------------------------------------------


def enter_control_uses(uses: Sequence[Changed], doing: Deed, *, demonstration: bool = False) -> list[ControlUse]:
    """Insert changes of use inside a deed; they wait to be confirmed."""
    made = [
        ControlUse(
            **{name: getattr(each, name) for name in Changed.__dataclass_fields__},
            region_id=each.unit.region_id,
            is_demonstration=demonstration,
            recorded_at=doing.recorded_at,
        )
        for each in uses
    ]
    ControlUse.objects.bulk_create(made)
    workflow.begin_many(CONTROL_USE, [each.pk for each in made], doing)
    return made


def record_control_use(changed: Changed, *, by: Reach, on: date) -> ControlUse:
    """Record a change of use on a strictly controlled unit."""
    if refusals := facts.control_use_refusals([changed], on)[0]:
        raise DeedRefused("".join(str(sentence) for _field, sentence in refusals))
    with ledger.deed(
        "farmland.control_use.recorded", by=by, on=on, register=CONTROL_USE.register, region=changed.unit.region_id
    ) as doing:
        (use,) = enter_control_uses([changed], doing, demonstration=land.is_demonstration(by.organisation_id))
        doing.subject_id = str(use.pk)
        doing.sentence = _("登记%(kind)s：单元 %(unit)s，%(area)s 亩") % {
            "kind": use.get_kind_display(),
            "unit": changed.unit,
            "area": changed.area_mu,
        }
    return use


def move_control_use(
    arrow: str, use: ControlUse, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> ControlUse:
    """Move a change of use; a return to forest is confirmed by forestry, all else by agriculture."""
    if arrow in ("confirm", "refuse"):
        wanted = Department(Department.FORESTRY if use.kind == ControlKind.FOREST else Department.AGRICULTURE)
        if by.role != "system" and by.department != wanted:
            raise DeedRefused(
                _("“%(kind)s”须由%(department)s部门确认。")
                % {"kind": use.get_kind_display(), "department": wanted.label}
            )

    def effect(record: ControlUse, _doing: Deed) -> None:
        if arrow == "confirm":
            record.confirmed_on = on
            record.save(update_fields=["confirmed_on"])

    moved: ControlUse = workflow.move(
        CONTROL_USE, use, arrow, by=by, on=on, region=use.region_id, reason=reason, documents=documents, effect=effect
    )
    return moved


def enter_subsidies(payments: Sequence[Paid], doing: Deed) -> list[Subsidy]:
    """Insert payments inside a deed."""
    made = [
        Subsidy(
            **{name: getattr(each, name) for name in Paid.__dataclass_fields__},
            region_id=each.control_use.region_id,
            recorded_at=doing.recorded_at,
        )
        for each in payments
    ]
    return Subsidy.objects.bulk_create(made)


def pay_subsidy(paid: Paid, *, by: Reach, on: date) -> Subsidy:
    """Record a payment for a confirmed change of use; a voucher is entered once."""
    if refusals := facts.subsidy_refusals([paid], on)[0]:
        raise DeedRefused("".join(str(sentence) for _field, sentence in refusals))
    with ledger.deed(
        "farmland.subsidy.paid", by=by, on=on, register=SUBSIDY, region=paid.control_use.region_id
    ) as doing:
        (subsidy,) = enter_subsidies([paid], doing)
        doing.subject_id = str(subsidy.pk)
        doing.sentence = _("登记补贴兑付：凭证 %(voucher)s，%(amount)s 元") % {
            "voucher": paid.voucher,
            "amount": paid.amount_yuan,
        }
    return subsidy
