"""Writes about farmland units: entering them, beginning the next version, ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.checking.ground import area_m2
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.facts.geometry import as_geom, as_ground
from jingtu.chapters.farmland.models import Change, Unit, UnitVersion
from jingtu.registers.ledger import Deed, DeedRefused
from jingtu.registers.models import Dossier
from jingtu.registers.turns import take_turn

SERIAL_DIGITS = 6
COPIED = (
    "geom", "township", "village", "stated_area_mu", "computed_area_m2", "land_use", "crops", "target_analytes",
    "land_class", "pollution_degree",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A unit as a file or a form tells it; without a number it gets the next one of its county."""

    region: str
    begun_on: date
    origin: str
    ground: BaseGeometry
    facts: dict[str, Any] = field(default_factory=dict)
    number: str = ""


def computed_area(ground: BaseGeometry) -> Decimal:
    """The area of a surface on the ellipsoid, in square metres to the hundredth."""
    return Decimal(f"{area_m2(ground):.2f}")


def begin_version(unit: Unit, doing: Deed, *, change: str, from_on: date, **facts_now: Any) -> UnitVersion:
    """Close the standing version of a unit and open the next one; what is not told stays as it was.

    Raises ``DeedRefused`` when the unit has ended or a later version stands already.
    """
    before = _lock_standing(unit, from_on)
    if "geom" in facts_now:
        facts_now["computed_area_m2"] = computed_area(as_ground(facts_now["geom"]))
    kept = {name: facts_now.pop(name, getattr(before, name)) for name in COPIED}
    after = UnitVersion(
        unit=unit,
        region_id=unit.region_id,
        version=before.version + 1,
        change=change,
        from_on=from_on,
        recorded_at=doing.recorded_at,
        **kept,
        **facts_now,
    )
    _close(before, from_on, doing)
    after.save()
    return after


def _lock_standing(unit: Unit, on: date) -> UnitVersion:
    before = unit.versions.select_for_update().order_by("-version").first()
    if before is None or before.until_on is not None:
        raise DeedRefused(_("耕地单元 %(unit)s 已终止，不能再变更。") % {"unit": unit})
    if on < before.from_on:
        raise DeedRefused(
            _("业务日期 %(on)s 早于现行版本的起始日期 %(from_on)s，不能变更。请核对日期。")
            % {"on": on, "from_on": before.from_on}
        )
    return before


def _close(version: UnitVersion, until_on: date, doing: Deed) -> None:
    version.until_on, version.until_recorded_at = until_on, doing.recorded_at
    version.save(update_fields=["until_on", "until_recorded_at"])


def close_unit(unit: Unit, doing: Deed) -> UnitVersion:
    """End a unit on the deed's day; returns its last version."""
    last = _lock_standing(unit, doing.on)
    _close(last, doing.on, doing)
    unit.ended_on = doing.on
    unit.save(update_fields=["ended_on"])
    return last


def draw_numbers(region: str, count: int) -> list[str]:
    """The next numbers of a county: its code and a serial that was never used."""
    take_turn("farmland.unit", region)
    last = Unit.objects.filter(region_id=region).order_by("-number").values_list("number", flat=True).first()
    start = int(last[-SERIAL_DIGITS:]) if last else 0
    if start + count >= 10**SERIAL_DIGITS:
        raise DeedRefused(_("%(region)s 的单元序号已用完。") % {"region": region})
    return [f"{region}{start + step:0{SERIAL_DIGITS}d}" for step in range(1, count + 1)]


def open_units(
    entries: Sequence[Entry],
    doing: Deed,
    *,
    change: str = str(Change.ENTERED),
    dossier: Dossier | None = None,
    demonstration: bool = False,
) -> list[UnitVersion]:
    """Open units with their first version, all at once, in the order given."""
    numbers = _numbers(entries)
    units = Unit.objects.bulk_create(
        [
            Unit(
                number=number,
                region_id=entry.region,
                origin=entry.origin,
                begun_on=entry.begun_on,
                is_demonstration=demonstration,
                recorded_at=doing.recorded_at,
            )
            for number, entry in zip(numbers, entries, strict=True)
        ]
    )
    versions = [
        UnitVersion(
            unit=unit,
            region_id=entry.region,
            version=1,
            change=change,
            from_on=entry.begun_on,
            geom=as_geom(entry.ground),
            computed_area_m2=computed_area(entry.ground),
            dossier=dossier,
            recorded_at=doing.recorded_at,
            **entry.facts,
        )
        for unit, entry in zip(units, entries, strict=True)
    ]
    return UnitVersion.objects.bulk_create(versions)


def _numbers(entries: Sequence[Entry]) -> list[str]:
    wanted: dict[str, int] = {}
    for entry in entries:
        wanted[entry.region] = wanted.get(entry.region, 0) + (not entry.number)
    given = {entry.number for entry in entries}
    drawn = {
        region: iter(number for number in draw_numbers(region, count + len(given)) if number not in given)
        for region, count in wanted.items()
        if count
    }
    return [entry.number or next(drawn[entry.region]) for entry in entries]


def enter_units(
    entries: Sequence[Entry], doing: Deed, *, dossier: Dossier | None = None, demonstration: bool = False
) -> dict[str, int]:
    """Take in units of a file: new numbers are opened, known ones get a version when something differs.

    The class of a known unit is left as it stands: only a decided adjustment changes it.
    """
    known = facts.units_by_number(entry.number for entry in entries if entry.number)
    standing = {each.unit_id: each for each in facts.standing(doing.on).filter(unit__in=known.values())}
    fresh = [entry for entry in entries if entry.number not in known]
    open_units(fresh, doing, dossier=dossier, demonstration=demonstration)
    changed = 0
    for entry in entries:
        if entry.number in known:
            changed += _update(known[entry.number], standing, entry, doing, dossier)
    return {"made": len(fresh), "changed": changed, "same": len(entries) - len(fresh) - changed}


def _update(unit: Unit, standing: dict[int, UnitVersion], entry: Entry, doing: Deed, dossier: Dossier | None) -> bool:
    before, told = standing[unit.pk], dict(entry.facts)
    told.pop("land_class", None)
    differs = {name: value for name, value in told.items() if getattr(before, name) != value}
    moved = not as_ground(before.geom).equals(entry.ground)
    if moved:
        differs["geom"] = as_geom(entry.ground)
    if not differs:
        return False
    change = Change.BOUNDARY if moved else Change.FACTS
    begin_version(unit, doing, change=change, from_on=doing.on, dossier=dossier, **differs)
    return True
