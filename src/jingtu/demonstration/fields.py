"""Invented farmland: two counties' units on a grid of their own plain, as files, and what happened to some of them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shapely import LineString, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from jingtu import law
from jingtu.chapters.farmland.actions import lineage
from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.checking.parts import parts_of
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import UnitVersion
from jingtu.demonstration.stage import DemonstrationBroken, Play, Step, accepted, at, hand_in, settle
from jingtu.demonstration.workbooks import Row
from jingtu.registers import intake
from jingtu.registers.declare import get_sheet
from jingtu.sheets.layer_file import layer_file

CLASSED_ON, HONGTONG_ON, QINGXU_ON = date(2020, 12, 31), date(2021, 5, 18), date(2021, 5, 25)
SPLIT_ON, MERGED_ON, REDRAWN_ON, CHANGED_ON = date(2021, 6, 3), date(2021, 8, 19), date(2021, 8, 26), date(2021, 8, 17)
CELL_DEGREES, JITTER, STATED_OFF = (0.0046, 0.0036), 0.22, 0.02
STRICT, SAFE = 0.1, 0.4  # of the units, from the old outfall outwards
NUMERALS = "一二三四五六七八九十"
RECLAIMED = 2
SURVEYED = 2  # every second unit has its degree of pollution from the detailed survey on record
Place = tuple[float, float]


@dataclass(frozen=True)
class County:
    """Where a county's units lie: the south-west corner of the grid, its columns and rows, the old outfall."""

    code: str
    corner: Place
    columns: int
    rows: int
    outfall: Place
    clerk: str


HONGTONG = County("141024", (111.648, 36.232), 10, 6, (111.676, 36.2405), "xian-hongtong-nongye")
QINGXU = County("140121", (112.345, 37.575), 5, 4, (112.358, 37.583), "xian-qingxu-nongye")


def steps() -> list[Step]:
    """All steps of units; what came before the platform is told by the files."""
    return [
        at(HONGTONG_ON, 10, enter_layer),
        at(QINGXU_ON, 10, enter_table),
        at(SPLIT_ON, 11, split),
        at(CHANGED_ON, 15, enter_land_changes),
        at(MERGED_ON, 10, merge),
        at(REDRAWN_ON, 10, redraw),
    ]


# --- the files ------------------------------------------------------------------------------------------------


def cells(seed: int, county: County) -> Iterator[tuple[int, BaseGeometry]]:
    """The fields of a county row by row, with the row: neighbours share their crooked borders exactly."""
    chance = random.Random(f"{seed}:fields:{county.code}")  # noqa: S311
    width, height = CELL_DEGREES
    nodes = {
        (column, row): (
            round(county.corner[0] + (column + chance.uniform(-JITTER, JITTER)) * width, 7),
            round(county.corner[1] + (row + chance.uniform(-JITTER, JITTER)) * height, 7),
        )
        for row in range(county.rows + 1)
        for column in range(county.columns + 1)
    }
    outline = shape(law.boundaries()[county.code])
    for row in range(county.rows):
        for column in range(county.columns):
            corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
            ground = Polygon([nodes[corner] for corner in corners])
            if not outline.covers(ground):
                raise DemonstrationBroken(f"{county.code}: field {column}, {row} lies outside")
            yield row, ground


def unit_rows(seed: int, county: County) -> list[tuple[dict[str, str], BaseGeometry]]:
    """What the sheet of units says of each field, with its surface."""
    chance = random.Random(f"{seed}:units:{county.code}")  # noqa: S311
    drawn = list(cells(seed, county))
    near = sorted(range(len(drawn)), key=lambda place: math.dist(drawn[place][1].centroid.coords[0], county.outfall))
    rank = {place: order / len(drawn) for order, place in enumerate(near)}
    reclaimed = set(near[-RECLAIMED:])
    return [
        (_told(county, number, row, ground, rank[number - 1], number - 1 in reclaimed, chance), ground)
        for number, (row, ground) in enumerate(drawn, 1)
    ]


def _told(
    county: County, number: int, row: int, ground: BaseGeometry, rank: float, is_new: bool, chance: random.Random
) -> dict[str, str]:
    land_class = "" if is_new else "III" if rank < STRICT else "II" if rank < SAFE else "I"
    use = "dryland" if row >= county.rows - 1 else chance.choice(("irrigated",) * 5 + ("vegetable",))
    crops = {"dryland": "谷子、马铃薯", "irrigated": "小麦、玉米", "vegetable": "番茄、大白菜"}[use]
    stated = mu(area_m2(ground)) * (1 + chance.uniform(-STATED_OFF, STATED_OFF))
    return {
        "number": f"{county.code}{number:06d}",
        "county_code": county.code,
        "township": "演示镇",
        "village": f"演示{NUMERALS[row]}村",
        "stated_area_mu": f"{stated:.2f}",
        "land_use": law.codes("land_use").label(use),
        "crops": crops,
        "target_analytes": {"II": "镉", "III": "镉、铅"}.get(land_class, ""),
        "land_class": law.codes("farmland_class").label(land_class) if land_class else "",
        "pollution_degree": {"II": "轻中度", "III": "重度"}.get(land_class, "") if number % SURVEYED == 0 else "",
        "origin": "新开垦耕地" if is_new else "详查单元",
        "begun_on": CLASSED_ON.isoformat(),
    }


def layer(sheet: str, rows: Sequence[tuple[dict[str, str], BaseGeometry]], name: str) -> bytes:
    """A GeoPackage of a sheet's columns under their Chinese names."""
    return layer_file(get_sheet(sheet).spec, [told for told, _ground in rows], [ground for _told, ground in rows], name)


# --- the deeds ------------------------------------------------------------------------------------------------


def enter_layer(play: Play, on: date) -> None:
    """Hongtong hands in its units as the GeoPackage of the first division."""
    by = play.cast[HONGTONG.clerk]
    content = layer("farmland.unit", unit_rows(play.seed, HONGTONG), "演示数据_耕地单元")
    dossier, _new = intake.receive(
        "farmland.unit", content, "演示-洪洞-耕地单元.gpkg", by=by, on=on, region=HONGTONG.code
    )
    settle()
    dossier.refresh_from_db()
    accepted(dossier, by, on)


def enter_table(play: Play, on: date) -> None:
    """Qingxu hands in a workbook with the surfaces as WKT."""
    by = play.cast[QINGXU.clerk]
    content: list[Row] = [{**told, "ground": ground.wkt} for told, ground in unit_rows(play.seed, QINGXU)]
    accepted(hand_in("farmland.unit", content, "演示-清徐-耕地单元.xlsx", by, on), by, on)


def enter_land_changes(play: Play, on: date) -> None:
    """Two patches of the yearly survey: one takes the corner of a field."""
    by, unit = play.cast[HONGTONG.clerk], _standing("000060", on)
    east, north = unit.geom.extent[2:]
    inside = as_ground(unit.geom).centroid
    corner = Polygon([(inside.x, inside.y), (east, inside.y), (east, north), (inside.x, north)])
    west, south = HONGTONG.corner
    away = Polygon([(west - 0.01, south - 0.01), (west - 0.008, south - 0.01), (west - 0.008, south - 0.008)])
    told = {
        "county_code": HONGTONG.code,
        "from_use": "旱地",
        "to_use": "公路用地",
        "changed_on": (on - timedelta(40)).isoformat(),
    }
    rows = [({"number": f"演示-BG-{place:02d}", **told}, each) for place, each in enumerate((corner, away), 1)]
    content = layer("farmland.land_change", rows, "演示数据_用途变更")
    name = "演示-洪洞-用途变更图斑.gpkg"
    dossier, _new = intake.receive("farmland.land_change", content, name, by=by, on=on, region=HONGTONG.code)
    settle()
    dossier.refresh_from_db()
    accepted(dossier, by, on)


def _standing(serial: str, on: date) -> UnitVersion:
    found = units.standing(on).filter(unit__number=HONGTONG.code + serial).first()
    if found is None:
        raise DemonstrationBroken(f"unit {serial} does not stand on {on}")
    return found


def split(play: Play, on: date) -> None:
    """A new road divides a field."""
    before = _standing("000042", on)
    west, south, east, north = before.geom.extent
    line = LineString([((west + east) / 2, south - 0.001), ((west + east) / 2, north + 0.001)])
    parts = parts_of(as_ground(before.geom), line.wkt)
    lineage.split(before.unit, parts, by=play.cast[HONGTONG.clerk], on=on, reason="演示：新修田间道路从地块中部穿过")


def merge(play: Play, on: date) -> None:
    """Two fields become one after consolidation."""
    both = [_standing(serial, on).unit for serial in ("000032", "000033")]
    lineage.merge(both, by=play.cast[HONGTONG.clerk], on=on, reason="演示：土地整治后两块连成一块")


def redraw(play: Play, on: date) -> None:
    """A field gives up a strip along the river."""
    before = _standing("000059", on)
    west, _south, east, north = before.geom.extent
    strip = Polygon([(west, north - 0.0004), (east, north - 0.0004), (east, north), (west, north)])
    ground = as_ground(before.geom).difference(strip)
    reason = "演示：北侧让出河道管理范围"
    lineage.redraw(before.unit, ground, None, by=play.cast[HONGTONG.clerk], on=on, reason=reason)
