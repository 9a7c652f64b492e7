"""Where the invented points lie: at random places inside real counties, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.prepared import prep

from jingtu import law

BASE, RISK = 112, 19
ALWAYS = ("140105", "140214")  # counties whose branch offices sign in
INSIDE_DEGREES = 0.01  # about a kilometre away from the boundary
LAND_USES = ("dryland",) * 12 + ("irrigated",) * 6 + ("orchard", "vegetable")
ESTABLISHED = {"national": date(2016, 12, 1), "provincial": date(2018, 6, 1)}


def points(seed: int) -> list[dict[str, str | date]]:
    """The rows of the sheet of points: base points over the counties, risk points in every city."""
    chance = random.Random(f"{seed}:ground")  # noqa: S311
    outlines = {code: shape(geometry) for code, geometry in law.boundaries().items()}
    rows = []
    for number, county in enumerate(_base_counties(chance), 1):
        rows.append(_row("G", number, "national", "base", county, outlines[county], chance))
    for number, county in enumerate(_risk_counties(chance), 1):
        rows.append(_row("S", number, "provincial", "risk", county, outlines[county], chance))
    return rows


def _base_counties(chance: random.Random) -> list[str]:
    others = [county.code for county in law.regions().counties if county.code not in ALWAYS]
    return sorted([*ALWAYS, *chance.sample(others, BASE - len(ALWAYS))])


def _risk_counties(chance: random.Random) -> list[str]:
    regions = law.regions()
    first = [chance.choice(regions.children(city.code)).code for city in regions.cities]
    others = [county.code for county in regions.counties if county.code not in first]
    return sorted([*first, *chance.sample(others, RISK - len(first))])


def _row(
    letter: str, number: int, network: str, kind: str, county: str, outline: BaseGeometry, chance: random.Random
) -> dict[str, str | date]:
    lon, lat = _place(outline, chance)
    title = {"base": "基础点位", "risk": "风险监控点位"}[kind]
    return {
        "code": f"YS-{letter}-{county}-{number:03d}",
        "name": f"演示{title} {number:03d}",
        "network": network,
        "kind": kind,
        "county_code": county,
        "lon": f"{lon:.6f}",
        "lat": f"{lat:.6f}",
        "land_use": law.codes("land_use").label(chance.choice(LAND_USES)),
        "established_on": ESTABLISHED[network],
    }


def _place(outline: BaseGeometry, chance: random.Random) -> tuple[float, float]:
    inner = outline.buffer(-INSIDE_DEGREES)
    wanted = outline if inner.is_empty else inner
    inside = prep(wanted)
    return next((lon, lat) for lon, lat in _tries(wanted, chance) if inside.contains(Point(lon, lat)))


def _tries(area: BaseGeometry, chance: random.Random) -> Iterator[tuple[float, float]]:
    west, south, east, north = area.bounds
    while True:
        yield chance.uniform(west, east), chance.uniform(south, north)
