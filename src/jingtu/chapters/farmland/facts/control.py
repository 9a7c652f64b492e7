"""Questions about strict control: zones, what patrols found, what speaks against a change of use or a payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.geos import Point as Place
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.assess import crops
from jingtu.chapters.farmland.facts.safe_use import Refusals, standing_of
from jingtu.chapters.farmland.models import ControlUse, Planting, Subsidy, Unit, Zone
from jingtu.plain.identifiers import region_prefix

NEAR_DEGREES = 0.005  # about half a kilometre: a board stands at the road that leads in
ENDED = ("withdrawn", "refused")


@dataclass(frozen=True)
class Found:
    """An edible crop as found growing: which, how much, where."""

    crop: str
    area_mu: Decimal
    place: Place


@dataclass(frozen=True)
class Seen:
    """A patrol as it was made."""

    zone: Zone
    patrolled_on: date
    patrolled_by: str
    means: str
    found: str
    plantings: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Changed:
    """A change of use as it was carried out on a unit."""

    unit: Unit
    kind: str
    year: int
    area_mu: Decimal
    from_crop: str
    to_crop: str
    done_on: date


@dataclass(frozen=True)
class Paid:
    """Money paid for a change of use."""

    control_use: ControlUse
    amount_yuan: Decimal
    recipient: str
    paid_on: date
    voucher: str


def is_near(area: GEOSGeometry, place: Place) -> bool:
    """Whether a place lies in an area or close to its edge."""
    return bool(area.distance(place) <= NEAR_DEGREES)


def zones_by_number(numbers: Sequence[str]) -> dict[str, Zone]:
    """Zones by their numbers."""
    return {zone.number: zone for zone in Zone.objects.filter(number__in=set(numbers))}


def zones_in(region: str) -> QuerySet[Zone]:
    """The zones of a region and below, the one drafted first first."""
    return Zone.objects.filter(region__code__startswith=region_prefix(region)).order_by("pk")


def control_uses_in(region: str, *states: str) -> QuerySet[ControlUse]:
    """The changes of use of a region and below in some states, the one recorded first first."""
    rows = ControlUse.objects.filter(region__code__startswith=region_prefix(region), state__in=states)
    return rows.select_related("unit").order_by("pk")


def edible_crops_found(region: str, from_on: date, to_on: date) -> QuerySet[Planting]:
    """The edible crops found inside zones of a region and below in a period: what enforcement reads."""
    rows = Planting.objects.filter(region__code__startswith=region_prefix(region), found_on__range=(from_on, to_on))
    return rows.select_related("patrol__zone", "region").order_by("found_on", "pk")


def patrol_refusals(walked: Seen, on: date) -> Refusals:
    """What speaks against a patrol, by field, as sentences."""
    found = []
    if walked.zone.state != "in_force":
        found.append(("zone", _("管控区尚未生效或已取消，不能登记巡查。")))
    if walked.patrolled_on > on:
        found.append(("patrolled_on", _("巡查日期晚于业务日期，请核对。")))
    elif walked.zone.board_on and walked.patrolled_on < walked.zone.board_on:
        found.append(("patrolled_on", _("巡查日期早于管控区立牌的日期 %(day)s。") % {"day": walked.zone.board_on}))
    for grown in walked.plantings:
        found += _planting_refusals(walked.zone, grown, walked.patrolled_on)
    return found


def _planting_refusals(zone: Zone, grown: Found, on: date) -> Refusals:
    found = []
    if not crops.edible(grown.crop, on):
        label = law.codes("crop").label(grown.crop)
        found.append(("crop", _("%(crop)s不是食用农产品，不属违规种植，写在巡查情况里即可。") % {"crop": label}))
    if not zone.geom.covers(grown.place):
        found.append(("lon", _("违规种植的位置不在管控区界线内，请核对经纬度。")))
    if grown.area_mu <= 0:
        found.append(("area_mu", _("面积须大于 0。")))
    return found


def control_use_refusals(uses: Sequence[Changed], on: date) -> list[Refusals]:
    """What speaks against each change of use, by field, as sentences."""
    there = {each.unit_id: each for each in standing_of([each.unit for each in uses], on)}
    taken = _taken_areas(uses)
    found = []
    for each in uses:
        version, own = there.get(each.unit.pk), []
        key = (each.unit.pk, each.year)
        if version is None or version.land_class != "III":
            own.append(("unit", _("单元在这一天不是严格管控类耕地。")))
        elif taken[key] + each.area_mu > version.stated_area_mu:
            own.append(("area_mu", _("本年度管控利用面积合计超过单元面积 %(a)s 亩。") % {"a": version.stated_area_mu}))
        if each.area_mu <= 0:
            own.append(("area_mu", _("面积须大于 0。")))
        if each.done_on > on:
            own.append(("done_on", _("落实日期晚于业务日期，请核对。")))
        taken[key] += each.area_mu
        found.append(own)
    return found


def _taken_areas(uses: Sequence[Changed]) -> dict[tuple[int, int], Decimal]:
    taken = {(each.unit.pk, each.year): Decimal(0) for each in uses}
    rows = ControlUse.objects.filter(unit_id__in={key[0] for key in taken}).exclude(state__in=ENDED)
    for unit, year, area in rows.values_list("unit_id", "year").annotate(area=Sum("area_mu")):
        if (unit, year) in taken:
            taken[unit, year] = area
    return taken


def subsidy_refusals(payments: Sequence[Paid], on: date) -> list[Refusals]:
    """What speaks against each payment, by field, as sentences."""
    vouchers = {each.voucher for each in payments}
    known = set(Subsidy.objects.filter(voucher__in=vouchers).values_list("voucher", flat=True))
    found = []
    for each in payments:
        own = []
        if each.control_use.state != "confirmed":
            own.append(("control_use", _("该管控利用尚未确认，不能登记补贴兑付。")))
        if each.voucher in known:
            own.append(("voucher", _("凭证号 %(voucher)s 已经登记。") % {"voucher": each.voucher}))
        if each.amount_yuan <= 0:
            own.append(("amount_yuan", _("金额须大于 0。")))
        if not each.control_use.done_on <= each.paid_on <= on:
            own.append(("paid_on", _("兑付日期须不早于落实日期、不晚于业务日期。")))
        known.add(each.voucher)
        found.append(own)
    return found


def control_uses_named(keys: Sequence[tuple[str, str, int]]) -> dict[tuple[str, str, int], list[ControlUse]]:
    """Changes of use by unit number, kind and year."""
    wanted = Q(unit__number__in={key[0] for key in keys}) & Q(year__in={key[2] for key in keys})
    found: dict[tuple[str, str, int], list[ControlUse]] = {}
    for use in ControlUse.objects.filter(wanted).exclude(state__in=ENDED).select_related("unit").order_by("pk"):
        found.setdefault((use.unit.number, use.kind, use.year), []).append(use)
    return found
