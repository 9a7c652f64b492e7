"""Ground for the tests of farmland: people of Hongtong and above, units on a grid inside the county."""

from __future__ import annotations

from datetime import date
from typing import Any

from shapely import LineString, box
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.actions import lineage, units
from jingtu.chapters.farmland.actions.units import Entry
from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.checking.parts import parts_of
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import UnitVersion
from jingtu.land.models import Department, Role
from jingtu.registers import ledger
from jingtu.registers.reach import Reach
from tests.flows.world import World, at, person

HONGTONG = "141024"
WEST, SOUTH, SIDE = 111.70, 36.25, 0.004  # degrees; inside Hongtong
FOUNDED = date(2020, 12, 31)


def people() -> dict[str, Reach]:
    """Clerks and reviewers of agriculture at the three levels, by level and role."""
    world, farming = World(), Department.AGRICULTURE
    for level, region, office in (
        ("county", HONGTONG, "洪洞农业局（测试）"),
        ("city", "141000", "临汾农业局（测试）"),
        ("province", "140000", "省农业厅（测试）"),
    ):
        person(world, f"{level}-clerk", f"{level}经办", region, Role.CLERK, farming, office)
        person(world, f"{level}-reviewer", f"{level}审核", region, Role.REVIEWER, farming, office)
    return world.people


def square(column: int, row: int, size: float = 1) -> BaseGeometry:
    """One square of the grid."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return box(west, south, west + size * SIDE, south + size * SIDE)


def entry(ground: BaseGeometry, begun_on: date = FOUNDED, number: str = "", **facts: Any) -> Entry:
    """A unit of class II that grows wheat and maize, unless told otherwise."""
    own = {
        "village": "测试村",
        "stated_area_mu": f"{mu(area_m2(ground)):.4f}",
        "land_use": "irrigated",
        "crops": ["wheat", "maize"],
        "target_analytes": ["Cd"],
        "land_class": "II",
    }
    return Entry(HONGTONG, begun_on, "detailed_survey", ground, own | facts, number)


def opened(by: Reach, *entries: Entry) -> list[UnitVersion]:
    """Units opened by a deed of today's kind, read back from the database."""
    with ledger.deed(
        "farmland.unit.entered", by=by, on=entries[0].begun_on, register="farmland.unit", region=HONGTONG,
        reason="测试", documents=[],
    ) as doing:  # fmt: skip
        made = units.open_units(entries, doing)
        doing.sentence = "测试建档"
    return list(UnitVersion.objects.filter(pk__in=[each.pk for each in made]).order_by("unit__number"))


def pieces(by: Reach, version: UnitVersion, on: date) -> list[UnitVersion]:
    """A unit split from south to north, askew and off its middle, so that no area comes out round."""
    whole = as_ground(version.geom)
    west, south, east, north = whole.bounds
    line = LineString([(west + (east - west) / 3, south - 1e-4), (west + (east - west) / 1.9, north + 1e-4)])
    with at(on):
        return lineage.split(version.unit, parts_of(whole, line.wkt), by=by, on=on, reason="现场核实")
