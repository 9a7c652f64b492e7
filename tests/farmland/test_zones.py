"""Zones with a boundary of their own: drawn, typed or handed in as a layer, held to the units on their ground."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client, TestCase
from shapely import box

from jingtu.chapters.farmland.actions import control
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import UnitVersion, Zone
from jingtu.land.models import Account
from jingtu.registers import intake
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.farmland.ground import SIDE, square
from tests.flows.world import at
from tests.sheets import vectors

pytestmark = pytest.mark.django_db
APRIL, MAY = date(2021, 4, 12), date(2021, 5, 6)
DRAFT = "/r/farmland.zone/open/draft/"


@pytest.fixture
def people() -> dict[str, Reach]:
    return ground.people()


@pytest.fixture
def units(people: dict[str, Reach]) -> list[UnitVersion]:
    """Two strict units side by side, one of class II beyond them."""
    entries = [ground.entry(square(step, 0), APRIL, land_class="III") for step in range(2)]
    entries.append(ground.entry(square(2, 0), APRIL))
    with at(APRIL):
        return ground.opened(people["county-clerk"], *entries)


def around(*versions: UnitVersion, wider: float = SIDE / 100) -> str:
    """A boundary a little wider than some units."""
    west, south, _east, _north = as_ground(versions[0].geom).bounds
    _west, _south, east, north = as_ground(versions[-1].geom).bounds
    return box(west - wider, south - wider, east, north + wider).wkt


def client() -> Client:
    found = Client()
    found.force_login(Account.objects.get(username="county-clerk"))
    return found


def sent(**said: object) -> tuple[int, str]:
    with at(MAY):
        answer = client().post(DRAFT, {"name": "测试区", "banned_products": ["wheat"], "on": MAY.isoformat(), **said})
    return answer.status_code, answer.content.decode()


def test_a_drawn_boundary_takes_in_its_units(units: list[UnitVersion]) -> None:
    with at(MAY):
        form = client().get(DRAFT).content.decode()
    shown = json.loads(unescape(re.search(r'data-shown="([^"]+)"', form)[1]))  # type: ignore[index]
    assert [each["properties"]["label"] for each in shown["features"]] == [each.code for each in units[:2]]
    boundary = around(*units[:2])
    code, told = sent(wkt=boundary, preview="1")
    assert (code, units[0].code in told, units[1].code in told, "notice-error" in told) == (200, True, True, False)
    assert not Zone.objects.exists()
    assert sent(wkt=boundary)[0] == 302
    zone = Zone.objects.get()
    assert {each.unit_id for each in zone.units.all()} == {each.unit_id for each in units[:2]}
    assert as_ground(zone.geom).area > sum(as_ground(each.geom).area for each in units[:2])


@pytest.mark.parametrize(
    ("boundary", "sentence"),
    [
        (square(0, 0, 0.5), "只有 25.0% 在边界内"),
        (square(0, 0).union(square(2, 0)), "不是严格管控类"),
        (square(5, 5), "没有严格管控类耕地单元"),
        (box(111.0, 36.2, 111.704, 36.254), "界线之外"),
    ],
)
def test_what_speaks_against_a_boundary(units: list[UnitVersion], boundary: object, sentence: str) -> None:
    text = boundary.wkt  # type: ignore[attr-defined]
    code, told = sent(wkt=text)
    assert (code, sentence in told) == (422, True), told
    code, told = sent(wkt=text, preview="1")
    assert (code, sentence in told) == (200, True), told
    assert not Zone.objects.exists()


def test_two_zones_do_not_share_ground(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    with at(MAY):
        control.draft_zone("先定", [units[0].unit], ["wheat"], by=people["county-clerk"], on=MAY)
    code, told = sent(wkt=around(*units[:2]))
    assert (code, "先定" in told, "重叠" in told) == (422, True, True)


def test_a_unit_is_in_one_zone(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    with at(MAY):
        control.draft_zone("先定", [units[0].unit], ["wheat"], by=people["county-clerk"], on=MAY)
        with pytest.raises(DeedRefused, match="已在管控区“先定”"):
            control.draft_zone("后定", [units[0].unit], ["wheat"], by=people["county-clerk"], on=MAY)
        form = client().get(DRAFT).content.decode()
    assert f'value="{units[0].unit_id}"' not in form
    assert f'value="{units[1].unit_id}"' in form


def test_boundary_or_units_but_not_both(units: list[UnitVersion]) -> None:
    code, told = sent(wkt=around(*units[:2]), units=[units[0].unit_id])
    assert (code, "只用一种方式" in told) == (422, True)
    assert sent(units=[units[0].unit_id])[0] == 302
    assert as_ground(Zone.objects.get().geom).equals(as_ground(units[0].geom))


def handed_in(people: dict[str, Reach], attributes: dict[str, list[str]], *surfaces: object) -> object:
    content = vectors.written("gpkg", list(surfaces), attributes)
    with at(MAY), TestCase.captureOnCommitCallbacks(execute=True):
        dossier, _new = intake.receive(
            "farmland.zone", content, "管控区.gpkg", by=people["county-clerk"], on=MAY, region=ground.HONGTONG
        )
    dossier.refresh_from_db()
    return dossier


def test_a_layer_of_zones_comes_in_as_drafts(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    told = {"名称": ["甲区", "乙区"], "县级行政区代码": ["141024", "141024"], "禁止种植的产品": ["小麦、玉米", "小麦"]}
    dossier = handed_in(people, told, square(0, 0), square(1, 0))
    assert dossier.state == "ready", list(dossier.issues.values("code", "message"))  # type: ignore[attr-defined]
    with at(MAY), TestCase.captureOnCommitCallbacks(execute=True):
        intake.accept(dossier, by=people["county-clerk"], on=MAY)  # type: ignore[arg-type]
    zones = Zone.objects.order_by("number")
    assert [(each.name, each.state, each.banned_products) for each in zones] == [
        ("甲区", "draft", ["wheat", "maize"]),
        ("乙区", "draft", ["wheat"]),
    ]
    assert [each.units.get().unit_id for each in zones] == [each.unit_id for each in units[:2]]


def test_a_layer_of_zones_is_held_to_the_units(people: dict[str, Reach], units: list[UnitVersion]) -> None:
    told = {
        "名称": ["甲区", "甲区", "丙区"],
        "县级行政区代码": ["141024"] * 3,
        "禁止种植的产品": ["棉花", "小麦", "荷"],
    }
    dossier = handed_in(people, told, square(0, 0), square(0, 0, 1.2), square(7, 7))
    codes = set(dossier.issues.values_list("code", "row"))  # type: ignore[attr-defined]
    assert {
        ("farmland.zone.product", 1),
        ("farmland.zone.double", 2),
        ("farmland.zone.overlap", 2),
        ("farmland.zone.ground", 2),
        ("farmland.zone.ground", 3),
        ("farmland.zone.product", 3),
    } <= codes
    with pytest.raises(DeedRefused):
        intake.accept(dossier, by=people["county-clerk"], on=MAY)  # type: ignore[arg-type]
