"""Splitting, merging, redrawing and ending units; nothing is deleted, and the ground is accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.actions.units import (
    Entry,
    begin_version,
    close_unit,
    computed_area,
    open_units,
)
from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.checking.units import overlaps, setting
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.facts.geometry import as_geom, as_ground
from jingtu.chapters.farmland.models import Change, LandClass, Lineage, Origin, Unit, UnitVersion
from jingtu.registers import documents, ledger
from jingtu.registers.ledger import Deed, DeedRefused
from jingtu.registers.reach import Reach

UNIT = "farmland.unit"
Attached = tuple[str, bytes] | None
INHERITED = ("township", "village", "land_use", "crops", "target_analytes", "land_class", "pollution_degree")
TO_THE_HUNDREDTH = Decimal("0.0001")  # stated areas carry four places
CLASSES = dict(LandClass.choices)


def split(
    unit: Unit, parts: Sequence[BaseGeometry], *, by: Reach, on: date, reason: str, file: Attached = None
) -> list[UnitVersion]:
    """Divide a unit into parts that cover it: it ends, each part is a new unit of its class with the facts it had.

    The stated area is divided as the drawn areas are. Raises ``DeedRefused`` when the parts overlap, leave a gap or
    reach beyond it by more than the tolerance.
    """
    with _deed(unit, "split", by, on, reason, file) as doing:
        before = _standing(unit, on)
        whole = as_ground(before.geom)
        require_parts(whole, parts, on)
        close_unit(unit, doing)
        entries = [
            _entry(before, part, share, on)
            for part, share in zip(parts, shares_of(before.stated_area_mu, parts), strict=True)
        ]
        made = open_units(entries, doing, change=Change.SPLIT, demonstration=unit.is_demonstration)
        _keep_lineage([(unit, each.unit, whole, part) for each, part in zip(made, parts, strict=True)], "split", doing)
        _tell(doing, [before], made, _("拆分为"))
    return made


def merge(units: Sequence[Unit], *, by: Reach, on: date, reason: str, file: Attached = None) -> UnitVersion:
    """Join units of one county and class into a new one; they end, their stated areas add up."""
    first = units[0]
    with _deed(first, "merge", by, on, reason, file) as doing:
        before = [_standing(unit, on) for unit in units]
        _require_alike(before)
        grounds = [as_ground(each.geom) for each in before]
        whole = shapely.union_all(grounds)
        _require_conserved(sum(area_m2(each) for each in grounds), area_m2(whole), on)
        for unit in units:
            close_unit(unit, doing)
        stated = sum((each.stated_area_mu for each in before), Decimal(0))
        entry = _entry(before[0], whole, stated, on, _joined(before))
        (made,) = open_units([entry], doing, change=Change.MERGED, demonstration=first.is_demonstration)
        pairs = [(each.unit, made.unit, ground, whole) for each, ground in zip(before, grounds, strict=True)]
        _keep_lineage(pairs, "merged", doing)
        _tell(doing, before, [made], _("合并为"))
    return made


def redraw(
    unit: Unit,
    ground: BaseGeometry,
    stated_area_mu: Decimal | None,
    *,
    by: Reach,
    on: date,
    reason: str,
    file: Attached = None,
) -> UnitVersion:
    """Give a unit another boundary from a day on; its neighbours keep theirs, so it may not reach into them."""
    with _deed(unit, "boundary", by, on, reason, file) as doing:
        before = _standing(unit, on)
        require_free(unit, ground, on)
        stated = stated_area_mu or Decimal(mu(area_m2(ground))).quantize(TO_THE_HUNDREDTH)
        after = begin_version(
            unit, doing, change=Change.BOUNDARY, from_on=on, geom=as_geom(ground), stated_area_mu=stated
        )
        _tell(doing, [before], [after], _("边界变更为"))
    return after


def change_facts(
    unit: Unit, told: Mapping[str, Any], *, by: Reach, on: date, reason: str, file: Attached = None
) -> UnitVersion:
    """Bring village, area, use, crops or pollutants up to date from a day on."""
    with _deed(unit, "facts", by, on, reason, file) as doing:
        before = _standing(unit, on)
        differs = {name: value for name, value in told.items() if getattr(before, name) != value}
        if not differs or "land_class" in differs:
            raise DeedRefused(_("没有任何一栏与现行版本不同；类别只能经类别调整变更。"))
        after = begin_version(unit, doing, change=Change.FACTS, from_on=on, **differs)
        labels = "、".join(str(UnitVersion._meta.get_field(name).verbose_name) for name in differs)
        doing.data = {name: [str(getattr(before, name)), str(value)] for name, value in differs.items()}
        doing.sentence = _("更新耕地单元 %(unit)s 的%(fields)s") % {"unit": after.code, "fields": labels}
    return after


def end(unit: Unit, *, by: Reach, on: date, reason: str, file: Attached = None) -> UnitVersion:
    """End a unit that is farmland no more; what it was stays."""
    with _deed(unit, "end", by, on, reason, file) as doing:
        last = close_unit(unit, doing)
        doing.sentence = _("耕地单元 %(unit)s 终止，登记面积 %(area)s 亩") % {
            "unit": last.code,
            "area": f"{last.stated_area_mu:.2f}",
        }
        doing.data = {"before": [_line(last)], "after": []}
    return last


# --- what must hold -------------------------------------------------------------------------------------------


@contextmanager
def _deed(unit: Unit, name: str, by: Reach, on: date, reason: str, file: Attached) -> Iterator[Deed]:
    """A deed on a unit that is not being adjusted; an attached file becomes evidence of the unit."""
    if not reason.strip():
        raise DeedRefused(_("须写明理由和依据（现场核实、确权变更、用途变更等）。"))
    with transaction.atomic():
        kept = [documents.keep(file[1], file[0])] if file else []
        with ledger.deed(
            f"{UNIT}.{name}", by=by, on=on, register=UNIT, region=unit.region_id, subject_id=str(unit.pk),
            reason=reason, documents=kept,
        ) as doing:  # fmt: skip
            yield doing
        for document in kept:
            documents.attach(document, UNIT, str(unit.pk), unit.region_id, _("变更依据"))


def _standing(unit: Unit, on: date) -> UnitVersion:
    if facts.is_under_adjustment(unit):
        raise DeedRefused(_("耕地单元 %(unit)s 正在类别调整中，审定或撤回后再变更。") % {"unit": unit})
    found = facts.standing_version(unit, on)
    if found is None or found.until_on is not None:
        raise DeedRefused(_("耕地单元 %(unit)s 在业务日期没有现行版本，或其后已经变更。") % {"unit": unit})
    return found


def require_parts(whole: BaseGeometry, parts: Sequence[BaseGeometry], on: date) -> None:
    """Refuse parts that are too few, overlap, leave a gap or reach beyond the whole."""
    if len(parts) < 2:
        raise DeedRefused(_("拆分须至少分成两块。"))
    for one, other, shared in overlaps(parts, parts, on):
        if one < other:
            raise DeedRefused(
                _("第 %(one)d 块与第 %(other)d 块重叠 %(shared).2f 亩，请修改边界。")
                % {"one": one + 1, "other": other + 1, "shared": shared}
            )
    joined = shapely.union_all(list(parts))
    _require_conserved(area_m2(whole), area_m2(joined), on)
    _require_conserved(area_m2(whole), area_m2(whole) + area_m2(whole.symmetric_difference(joined)), on)


def _require_conserved(before: float, after: float, on: date) -> None:
    allowed = float(setting("area_tolerance", on))
    apart = abs(after - before) / before * 100
    if apart > allowed:
        raise DeedRefused(
            _("变更前图形 %(before).2f 亩，变更后 %(after).2f 亩，相差 %(apart).2f%%，超过 %(allowed)g%%。请核对边界。")
            % {"before": mu(before), "after": mu(after), "apart": apart, "allowed": allowed}
        )


def _require_alike(before: Sequence[UnitVersion]) -> None:
    if len({each.unit_id for each in before}) < 2:
        raise DeedRefused(_("合并须选两个以上不同的单元。"))
    if len({each.region_id for each in before}) > 1:
        raise DeedRefused(_("只能合并同一县（市、区）的单元。"))
    if len({each.land_class for each in before}) > 1:
        raise DeedRefused(_("类别不同的单元不能合并；请先经类别调整统一类别。"))


def require_free(unit: Unit, ground: BaseGeometry, on: date) -> None:
    """Refuse a boundary that reaches into another standing unit."""
    near = facts.standing(on).filter(geom__bboverlaps=as_geom(ground)).exclude(unit=unit)
    others = list(near)
    for _one, other, shared in overlaps([ground], [as_ground(each.geom) for each in others], on):
        raise DeedRefused(
            _("新边界与单元 %(other)s 重叠 %(shared).2f 亩，请修改边界，或先变更该单元。")
            % {"other": others[other].code, "shared": shared}
        )


# --- what follows ---------------------------------------------------------------------------------------------


def shares_of(stated: Decimal, parts: Sequence[BaseGeometry]) -> list[Decimal]:
    """The stated area divided as the drawn areas; the last part takes what rounding leaves."""
    areas = [Decimal(area_m2(part)) for part in parts]
    first = [(stated * area / sum(areas)).quantize(TO_THE_HUNDREDTH) for area in areas[:-1]]
    return [*first, stated - sum(first)]


def _entry(
    before: UnitVersion, ground: BaseGeometry, stated: Decimal, on: date, more: dict[str, Any] | None = None
) -> Entry:
    told = {name: getattr(before, name) for name in INHERITED} | {"stated_area_mu": stated} | (more or {})
    return Entry(before.region_id, on, Origin.DIVIDED, ground, told)


def _joined(before: Sequence[UnitVersion]) -> dict[str, Any]:
    """Crops and pollutants of all, each once; the degree of pollution where all have the same."""
    lists = {
        name: list(dict.fromkeys(code for each in before for code in getattr(each, name)))
        for name in ("crops", "target_analytes")
    }
    degrees = {each.pollution_degree for each in before}
    return {**lists, "pollution_degree": degrees.pop() if len(degrees) == 1 else ""}


def _keep_lineage(pairs: Sequence[tuple[Unit, Unit, BaseGeometry, BaseGeometry]], change: str, doing: Deed) -> None:
    Lineage.objects.bulk_create(
        [
            Lineage(
                ancestor=ancestor,
                descendant=descendant,
                change=change,
                on=doing.on,
                shared_area_m2=computed_area(one.intersection(other)),
                recorded_at=doing.recorded_at,
            )
            for ancestor, descendant, one, other in pairs
        ]
    )


def _tell(doing: Deed, before: Sequence[UnitVersion], after: Sequence[UnitVersion], verb: str) -> None:
    doing.data = {"before": [_line(each) for each in before], "after": [_line(each) for each in after]}
    doing.sentence = _("耕地单元 %(before)s %(verb)s %(after)s；登记面积 %(was)s 亩，现为 %(now)s 亩") % {
        "before": "、".join(each.code for each in before),
        "verb": verb,
        "after": "、".join(each.code for each in after),
        "was": f"{sum(each.stated_area_mu for each in before):.2f}",
        "now": f"{sum(each.stated_area_mu for each in after):.2f}",
    }


def _line(version: UnitVersion) -> dict[str, str]:
    return {
        "unit": version.code,
        "class": str(CLASSES.get(version.land_class, "")),
        "stated_area_mu": f"{version.stated_area_mu:.4f}",
        "computed_area_m2": f"{version.computed_area_m2:.2f}",
    }
