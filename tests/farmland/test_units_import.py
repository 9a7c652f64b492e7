"""Importing units and changed land: by any format, into versions, with what is wrong said by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.test import TestCase
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.checking.units import UNITS
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.models import Trigger, Unit
from jingtu.registers import declare, intake
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.farmland.ground import square
from tests.flows.world import at, workbook
from tests.sheets import vectors

pytestmark = pytest.mark.django_db
ON = date(2021, 4, 12)
FIELDS = ("单元编号", "县级行政区代码", "村", "登记面积", "土地利用", "主要作物", "目标污染物", "类别", "建档日期")


@pytest.fixture
def by() -> Reach:
    return ground.people()["county-clerk"]


def row(shape: BaseGeometry, number: str = "", **told: str) -> dict[str, Any]:
    own = dict(
        zip(
            FIELDS,
            (number, "141024", "演示村", "", "水浇地", "小麦、玉米", "镉", "安全利用类", "2021-04-01"),
            strict=True,
        )
    )
    return own | told | {"shape": shape}


def layer(rows: list[dict[str, Any]], kind: str = "gpkg") -> bytes:
    return layer_of([{name: each[name] for name in ("shape", *FIELDS)} for each in rows], kind)


def layer_of(rows: list[dict[str, Any]], kind: str = "gpkg") -> bytes:
    """A layer of just the fields that its rows have."""
    fields = [name for name in rows[0] if name != "shape"]
    return vectors.written(
        kind, [each["shape"] for each in rows], {name: [each[name] for each in rows] for name in fields}
    )


def received(
    by: Reach, content: bytes, name: str = "单元.gpkg", sheet: str = "farmland.unit", on: date = ON
) -> Dossier:
    with TestCase.captureOnCommitCallbacks(execute=True):
        dossier, _new = intake.receive(sheet, content, name, by=by, on=on, region=by.region_code)
    dossier.refresh_from_db()
    return dossier


def accepted(by: Reach, dossier: Dossier, on: date = ON) -> None:
    assert dossier.state == "ready", list(dossier.issues.values("code", "message"))
    with TestCase.captureOnCommitCallbacks(execute=True):
        intake.accept(dossier, by=by, on=on)


def faults(dossier: Dossier) -> list[tuple[str, int]]:
    return list(dossier.issues.exclude(severity="note").order_by("row", "code").values_list("code", "row"))


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "gdb"])
def test_a_layer_becomes_units(by: Reach, kind: str) -> None:
    with at(ON):
        dossier = received(by, layer([row(square(0, 0)), row(square(1, 0), 类别="Ⅲ")], kind), f"单元.{kind}")
        assert "新增耕地单元 2 个" in dossier.summary["preview"][0]
        accepted(by, dossier)
    first, second = facts.standing(ON).order_by("unit__number")
    assert (first.code, second.code) == ("141024000001Ⅱ", "141024000002Ⅲ")
    assert (first.crops, first.target_analytes, first.land_use) == (["wheat", "maize"], ["Cd"], "irrigated")
    assert float(first.stated_area_mu) == pytest.approx(mu(area_m2(square(0, 0))), abs=1e-3)
    assert first.from_on == date(2021, 4, 1)
    assert first.dossier == dossier
    assert first.unit.is_demonstration


def test_a_workbook_with_wkt_becomes_units(by: Reach) -> None:
    rows = [
        {"number": "141024000007Ⅱ", "county_code": "洪洞县", "village": "甲村", "land_use": "旱地",
         "stated_area_mu": f"{mu(area_m2(square(0, 0))):.2f}", "ground": square(0, 0).wkt}
    ]  # fmt: skip
    with at(ON):
        accepted(by, received(by, workbook(declare.get_sheet("farmland.unit").spec, rows), "单元.xlsx"))
    (made,) = facts.standing(ON)
    assert made.code == "141024000007Ⅱ"
    assert made.from_on == ON


def test_a_second_file_begins_versions_and_keeps_the_class(by: Reach) -> None:
    with at(ON):
        accepted(by, received(by, layer([row(square(0, 0)), row(square(1, 0))])))
    later = date(2021, 6, 1)
    with at(later):
        numbers = list(Unit.objects.order_by("number").values_list("number", flat=True))
        same, moved = row(square(0, 0), numbers[0], 类别=""), row(square(1, 0, 0.9), numbers[1], 类别="")
        dossier = received(by, layer([same, moved, row(square(2, 0))]), on=later)
        accepted(by, dossier, later)
    versions = {each.unit.number: each for each in facts.standing(later)}
    assert [versions[number].version for number in sorted(versions)] == [1, 2, 1]
    assert versions[numbers[1]].change == "boundary"
    assert versions[numbers[1]].land_class == "II"
    assert facts.standing(ON).get(unit__number=numbers[1]).version == 1
    with at(later):
        wrong = received(by, layer([row(square(0, 0), numbers[0], 类别="优先保护类")]), on=later)
    assert faults(wrong) == [("farmland.unit.class", 1)]


def test_the_class_of_a_number_is_taken_without_a_column_of_classes(by: Reach) -> None:
    told = {name: value for name, value in row(square(0, 0), "141024000741Ⅲ").items() if name != "类别"}
    with at(ON):
        accepted(by, received(by, layer_of([told])))
    assert facts.standing(ON).get().code == "141024000741Ⅲ"


def test_a_column_left_out_changes_nothing_and_a_blank_cell_clears(by: Reach) -> None:
    whole = row(square(0, 0)) | {"乡镇": "演示乡", "污染程度": "轻中度"}
    with at(ON):
        accepted(by, received(by, layer_of([whole])))
    first = facts.standing(ON).get()
    assert (first.township, first.pollution_degree, first.crops) == ("演示乡", "moderate", ["wheat", "maize"])
    same = {name: value for name, value in row(square(0, 0), first.unit.number).items() if name != "主要作物"}
    for day, told, expected in (
        (date(2021, 6, 1), same, ("演示乡", "moderate", 1)),
        (date(2021, 6, 2), same | {"乡镇": "", "污染程度": "轻微"}, ("", "slight", 2)),
        (date(2021, 6, 3), same | {"污染程度": ""}, ("", "", 3)),
    ):
        with at(day):
            accepted(by, received(by, layer_of([told]), on=day), day)
        held = facts.standing(day).get()
        assert (held.township, held.pollution_degree, held.version) == expected
        assert held.crops == ["wheat", "maize"]


def test_what_is_wrong_is_said_by_feature(by: Reach) -> None:
    with at(ON):
        accepted(by, received(by, layer([row(square(5, 5))])))
        rows = [
            row(square(0, 0)),
            row(square(0.5, 0)),  # over the first
            row(square(5.5, 5)),  # over the standing one
            row(square(30, 0), 主要作物="甘蔗林"),
            row(square(31, 0), 目标污染物="镉、某素"),
            row(square(32, 0), "141024000099"),
            row(square(33, 0), "141024000099"),
            row(square(34, 0), "140121000001"),
            row(square(35, 0), 登记面积="9"),
            row(square(36, 0), 建档日期="2021-05-01"),
            row(shapely.box(112.5, 37.6, 112.51, 37.61)),
            row(square(37, 0), 县级行政区代码="140121"),
        ]
        dossier = received(by, layer(rows))
    assert dossier.state == "faulty"
    assert faults(dossier) == [
        ("farmland.unit.overlap", 2), ("farmland.unit.overlap", 3), ("farmland.unit.crop", 4),
        ("farmland.unit.analyte", 5), ("farmland.unit.double", 7), ("farmland.unit.number", 8),
        ("farmland.unit.area", 9), ("farmland.unit.future", 10), ("farmland.ground.outside", 11),
        ("farmland.ground.outside", 12), ("farmland.ground.reach", 12),
    ]  # fmt: skip
    told = dict(dossier.issues.values_list("row", "message"))
    assert "边界存疑：与第 1 行重叠" in told[2]
    assert "现行单元 141024000001Ⅱ" in told[3]


def test_neighbours_that_only_touch_are_no_overlap(by: Reach) -> None:
    west, *others = square(1, 0).bounds
    rows = [row(square(0, 0)), row(shapely.box(west - 1e-6, *others))]  # a sliver of ten centimetres
    with at(ON):
        assert received(by, layer(rows)).state == "ready"


def test_the_file_half_needs_no_database() -> None:
    reading = UNITS.read_and_check(layer([row(square(0, 0)), row(square(0.5, 0))]), "单元.gpkg", ON)
    assert [each.code for each in reading.issues] == ["farmland.unit.overlap"]


def test_changed_land_triggers_the_units_it_touches(by: Reach) -> None:
    with at(ON):
        made = ground.opened(by, *(ground.entry(square(at, 0), ON) for at in range(3)))
    fields = {"图斑编号": ["BG-1", "BG-2"], "县级行政区代码": ["141024"] * 2, "变更前地类": ["水浇地"] * 2,
              "变更后地类": ["工业用地", "建设用地"], "变更日期": ["2021-06-01"] * 2}  # fmt: skip
    content = vectors.written("gpkg", [square(0.5, 0.5), square(20, 20)], fields)
    on = date(2021, 6, 8)
    with at(on):
        dossier = received(by, content, "变更.gpkg", "farmland.land_change", on)
        assert "涉及现行耕地单元 2 个" in dossier.summary["preview"][0]
        accepted(by, dossier, on)
        again = received(by, content + b" ", "变更.gpkg", "farmland.land_change", on)
    trigger = Trigger.objects.get()
    assert (trigger.kind, trigger.state, trigger.happened_on) == ("T1", "open", date(2021, 6, 1))
    assert set(trigger.units.values_list("unit__number", flat=True)) == {each.unit.number for each in made[:2]}
    assert "BG-1（水浇地→工业用地）" in trigger.told
    assert "BG-2" not in trigger.told
    assert {code for code, _row in faults(again)} == {"farmland.land_change.known"}


def test_what_is_left_out_is_filled_in(by: Reach) -> None:
    with at(ON):
        fields = {"县级行政区代码": ["141024"], "村": ["演示村"], "土地利用": ["旱地"]}
        accepted(by, received(by, vectors.written("gpkg", [square(0, 0)], fields)))
    (made,) = facts.standing(ON)
    assert (made.land_class, made.crops, made.from_on) == ("", [], ON)
    assert abs(made.stated_area_mu * 2000 / 3 - made.computed_area_m2) < Decimal("0.1")
