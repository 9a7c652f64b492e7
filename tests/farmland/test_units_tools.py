"""The tools on a unit's page, by the forms that a clerk fills in."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from shapely import LineString

from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.models import UnitVersion
from jingtu.land.models import Account
from jingtu.registers import documents
from tests.farmland import ground
from tests.farmland.ground import square
from tests.flows.world import at
from tests.sheets import vectors

pytestmark = pytest.mark.django_db
ON, LATER = date(2021, 4, 12), date(2021, 6, 10)


@pytest.fixture
def made() -> list[UnitVersion]:
    by = ground.people()["county-clerk"]
    with at(ON):
        return ground.opened(by, *(ground.entry(square(column, 0), ON) for column in range(3)))


def client(name: str = "county-clerk") -> Client:
    found = Client()
    found.force_login(Account.objects.get(username=name))
    return found


def sent(version: UnitVersion, tool: str, **said: object) -> tuple[int, str]:
    with at(LATER):
        path = f"/r/farmland.unit/{version.unit_id}/do/{tool}/"
        assert client().get(path).status_code == 200
        answer = client().post(path, {"on": LATER.isoformat(), "reason": "现场核实", **said})
    return answer.status_code, answer.content.decode()


def test_a_line_splits(made: list[UnitVersion]) -> None:
    west, south, _east, north = square(0, 0).bounds
    line = LineString([(west + 0.001, south - 1), (west + 0.001, north + 1)])
    assert sent(made[0], "split", wkt="LINESTRING (1 2, 3 4)")[0] == 422
    proof = SimpleUploadedFile("核实.pdf", b"%PDF-1.4 test", "application/pdf")
    assert sent(made[0], "split", wkt=line.wkt, document=proof)[0] == 302
    assert facts.standing(LATER).count() == 4
    assert [each.document.name for each in documents.of("farmland.unit", str(made[0].unit_id))] == ["核实.pdf"]
    assert "单元已终止" in client().get(f"/r/farmland.unit/{made[0].unit_id}/").content.decode()


def test_a_layer_redraws(made: list[UnitVersion]) -> None:
    layer = SimpleUploadedFile("边界.gpkg", vectors.written("gpkg", [square(0, 0, 0.5), square(9, 9)]))
    code, told = sent(made[0], "redraw", wkt="", layer=layer)
    assert (code, "正好是一个面" in told) == (422, True)
    layer = SimpleUploadedFile("边界.gpkg", vectors.written("gpkg", [square(0, 0, 0.5)], {"村": ["甲"]}))
    assert sent(made[0], "redraw", wkt="", layer=layer)[0] == 302
    assert facts.standing_version(made[0].unit, LATER).change == "boundary"


def test_neighbours_merge(made: list[UnitVersion]) -> None:
    assert sent(made[0], "merge", others=[made[2].unit.number])[0] == 422, "not a neighbour"
    assert sent(made[0], "merge", others=[made[1].unit.number])[0] == 302
    assert facts.standing(LATER).count() == 2


def test_facts_and_the_end(made: list[UnitVersion]) -> None:
    told = {
        "village": "新村",
        "stated_area_mu": "200",
        "land_use": "dryland",
        "crops": "谷子、荷",
        "target_analytes": "",
    }
    code, answer = sent(made[0], "facts", **told)
    assert (code, "代码表里没有：荷" in answer) == (422, True)
    assert sent(made[0], "facts", **{**told, "crops": "谷子"})[0] == 302
    after = facts.standing_version(made[0].unit, LATER)
    assert (after.village, after.crops, after.target_analytes) == ("新村", ["foxtail_millet"], [])
    assert sent(made[1], "end", reason="")[0] == 422
    assert sent(made[1], "end")[0] == 302
    assert facts.standing_version(made[1].unit, LATER) is None


def test_a_reviewer_has_no_tools(made: list[UnitVersion]) -> None:
    with at(LATER):
        assert client("county-reviewer").get(f"/r/farmland.unit/{made[0].unit_id}/do/end/").status_code == 404
