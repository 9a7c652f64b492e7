"""Splitting, merging, redrawing, ending: nothing is lost, neither ground nor past."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.actions import lineage
from jingtu.chapters.farmland.checking.ground import area_m2
from jingtu.chapters.farmland.checking.parts import UnreadableBoundary, parts_of, surfaces
from jingtu.chapters.farmland.facts import descent
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import Lineage, Unit, UnitVersion
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import LedgerEntry
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.farmland.ground import square
from tests.flows.world import at
from tests.sheets import vectors

pytestmark = pytest.mark.django_db
ON, LATER = date(2021, 4, 12), date(2021, 6, 10)
WHY = "现场核实"
# A straight edge in degrees is not quite a geodesic: a corner more on it moves the area by a millionth or so.
CURVED = 1e-5


@pytest.fixture
def by() -> Reach:
    return ground.people()["county-clerk"]


def opened(by: Reach, *shapes: BaseGeometry, **told: object) -> list[UnitVersion]:
    with at(ON):
        return ground.opened(by, *(ground.entry(each, ON, **told) for each in shapes))


def cut(shape: BaseGeometry, share: float) -> str:
    """A line through a surface from south to north."""
    west, south, east, north = shape.bounds
    x = west + (east - west) * share
    return LineString([(x, south - 1e-4), (x, north + 1e-4)]).wkt


def test_a_line_cuts_a_unit_in_two(by: Reach) -> None:
    (before,) = opened(by, square(0, 0), stated_area_mu="250.0000")
    parts = parts_of(as_ground(before.geom), cut(square(0, 0), 0.25))
    with at(LATER):
        lineage.split(before.unit, parts, by=by, on=LATER, reason=WHY)
    assert [each.pk for each in facts.standing(ON)] == [before.pk]
    after = list(facts.standing(LATER).order_by("unit__number"))
    assert [each.unit.number for each in after] == ["141024000002", "141024000003"]
    assert {each.land_class for each in after} == {"II"}
    assert sum(each.stated_area_mu for each in after) == Decimal(250)
    assert min(each.stated_area_mu for each in after) == pytest.approx(Decimal("62.5"), abs=Decimal("0.01"))
    assert Unit.objects.get(pk=before.unit_id).ended_on == LATER
    kept = Lineage.objects.filter(ancestor=before.unit)
    assert sum(each.shared_area_m2 for each in kept) == pytest.approx(before.computed_area_m2, abs=Decimal("0.1"))
    entry = LedgerEntry.objects.get(deed="farmland.unit.split")
    assert "141024000001Ⅱ 拆分为 141024000002Ⅱ、141024000003Ⅱ；登记面积 250.00 亩，现为 250.00 亩" in entry.sentence


def test_parts_may_come_as_a_file(by: Reach) -> None:
    halves = [square(0, 0, 0.5), square(0, 0).difference(square(0, 0, 0.5))]
    found = parts_of(square(0, 0), "", ("地块.gpkg", vectors.written("gpkg", halves)))
    assert [each.area for each in found] == pytest.approx([each.area for each in halves])
    with pytest.raises(UnreadableBoundary, match="边界自相交"):
        surfaces("", ("坏.gpkg", vectors.written("gpkg", [vectors.BOWTIE, square(0, 0)])))
    for text in ("POLYGON ((", "LINESTRING (1 2, 3 4)", "不知道"):
        with pytest.raises(UnreadableBoundary):
            parts_of(square(0, 0), text)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([square(0, 0)], "至少分成两块"),
        ([square(0, 0, 0.6), square(0, 0)], "重叠"),
        ([square(0, 0, 0.5), square(0, 0).difference(square(0, 0, 0.7))], "相差"),
        ([square(0, 0), square(1, 0)], "相差"),
    ],
)
def test_parts_that_do_not_make_the_whole_are_refused(by: Reach, parts: list[BaseGeometry], why: str) -> None:
    (before,) = opened(by, square(0, 0))
    with at(LATER), pytest.raises(DeedRefused, match=why):
        lineage.split(before.unit, parts, by=by, on=LATER, reason=WHY)
    assert Unit.objects.get().ended_on is None
    assert not LedgerEntry.objects.filter(deed="farmland.unit.split").exists()


@settings(
    max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    angles=st.lists(st.floats(0, math.pi, exclude_max=True), min_size=1, max_size=3),
    turn=st.floats(-0.3, 0.3),
    column=st.integers(0, 400),
)
def test_ground_is_conserved_under_random_splits_and_merges(
    by: Reach, angles: list[float], turn: float, column: int
) -> None:
    ended = Unit.objects.count()
    (before,) = opened(by, square(column * 3, ended))
    whole = as_ground(before.geom)
    middle, reach = whole.centroid, ground.SIDE * 2
    units = [before.unit]
    with at(LATER):
        for angle in angles:
            at_x, at_y = middle.x + turn * ground.SIDE, middle.y
            dx, dy = math.cos(angle) * reach, math.sin(angle) * reach
            line = LineString([(at_x - dx, at_y - dy), (at_x + dx, at_y + dy)])
            standing = facts.standing_version(units[0], LATER)
            parts = parts_of(as_ground(standing.geom), line.wkt) if _cuts(line, standing) else []
            if parts:
                made = lineage.split(units[0], parts, by=by, on=LATER, reason=WHY)
                units = [*units[1:], *(each.unit for each in made)]
        held = [facts.standing_version(unit, LATER) for unit in units]
        assert sum(each.stated_area_mu for each in held) == before.stated_area_mu
        assert sum(area_m2(as_ground(each.geom)) for each in held) == pytest.approx(area_m2(whole), rel=CURVED)
        if len(units) > 1:
            one = lineage.merge(units, by=by, on=LATER, reason=WHY)
            assert one.stated_area_mu == before.stated_area_mu
            assert area_m2(as_ground(one.geom)) == pytest.approx(area_m2(whole), rel=CURVED)
            units.append(one.unit)
    _nothing_is_lost(before, units[-1])


def _nothing_is_lost(first: UnitVersion, last: Unit) -> None:
    """Every unit and version is there still, each new unit names its parents, and the line leads back to the first."""
    line = set(Unit.objects.filter(pk__gte=first.unit_id).values_list("pk", flat=True))
    assert descent.heirs([first.unit_id]) == line
    assert descent.sources(last.pk) == (line if len(line) > 1 else {last.pk})
    assert UnitVersion.objects.filter(unit_id__in=line).count() == len(line)
    assert set(Unit.objects.filter(pk__in=line, ended_on__isnull=True).values_list("pk", flat=True)) == {last.pk}
    for unit in Unit.objects.filter(pk__in=line - {first.unit_id}):
        version = unit.versions.get()
        shared = sum(each.shared_area_m2 for each in Lineage.objects.filter(descendant=unit))
        assert shared == pytest.approx(version.computed_area_m2, rel=Decimal("0.00001"), abs=Decimal("0.05"))


def _cuts(line: LineString, version: UnitVersion) -> bool:
    return bool(line.intersection(as_ground(version.geom).buffer(-1e-5)).length)


def test_units_of_another_class_or_once_only_are_not_joined(by: Reach) -> None:
    second, third = opened(by, square(1, 0), square(2, 0))
    (strict,) = opened(by, square(0, 0), land_class="III")
    assert [each.unit for each in facts.neighbours(second.unit)] == [third.unit]
    with at(LATER):
        with pytest.raises(DeedRefused, match="类别不同"):
            lineage.merge([strict.unit, second.unit], by=by, on=LATER, reason=WHY)
        with pytest.raises(DeedRefused, match="两个以上"):
            lineage.merge([second.unit, second.unit], by=by, on=LATER, reason=WHY)
        made = lineage.merge([second.unit, third.unit], by=by, on=LATER, reason=WHY)
    assert shapely.equals(as_ground(made.geom), square(1, 0).union(square(2, 0)))
    assert Lineage.objects.filter(descendant=made.unit).count() == 2
    with at(LATER), pytest.raises(DeedRefused, match="已终止"):
        lineage.end(second.unit, by=by, on=LATER, reason=WHY)


def test_a_boundary_may_not_reach_into_the_neighbour(by: Reach) -> None:
    first, second = opened(by, square(0, 0), square(1, 0))
    with at(LATER):
        with pytest.raises(DeedRefused, match=second.code):
            lineage.redraw(first.unit, square(0, 0, 1.5), None, by=by, on=LATER, reason=WHY)
        after = lineage.redraw(first.unit, square(0, 0, 0.5), Decimal(55), by=by, on=LATER, reason=WHY)
        with pytest.raises(DeedRefused, match="写明理由"):
            lineage.end(first.unit, by=by, on=LATER, reason=" ")
        lineage.change_facts(second.unit, {"village": "新村"}, by=by, on=LATER, reason=WHY)
        with pytest.raises(DeedRefused, match="没有任何一栏"):
            lineage.change_facts(second.unit, {"village": "新村"}, by=by, on=LATER, reason=WHY)
    assert (after.version, after.change, after.stated_area_mu) == (2, "boundary", Decimal(55))
    assert [each.village for each in facts.versions_of(second.unit)] == ["测试村", "新村"]


def test_a_clerk_of_another_county_may_not(by: Reach) -> None:
    (made,) = opened(by, square(0, 0))
    stranger = Reach(**{**by.__dict__, "prefix": "140121", "region_code": "140121"})
    with at(LATER), pytest.raises(DeedRefused, match="管辖范围"):
        lineage.end(made.unit, by=stranger, on=LATER, reason=WHY)
