"""What the rules cannot settle for a unit as a whole is divided: previewed, cut, evaluated anew, closed."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from shapely import LineString, box

from jingtu.chapters.farmland.actions import divide
from jingtu.chapters.farmland.checking.parts import UnreadableBoundary, parts_of
from jingtu.chapters.farmland.facts import classes as facts
from jingtu.chapters.farmland.facts import units as unit_facts
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import Evaluation, Lineage, Pair, Trigger, UnitVersion
from jingtu.land.models import Account
from jingtu.registers.models import LedgerEntry
from tests.farmland import ground
from tests.farmland.season import CROP, IN_CROP, IN_SOIL, REPORTED, SOIL, Season, begun
from tests.flows.world import at

pytestmark = pytest.mark.django_db
LATER = date(2021, 9, 28)
HEAVY = "12"  # mg/kg of cadmium, above the 4.0 of GB 15618 at pH above 7.5: level III


@pytest.fixture
def season() -> Season:
    return begun()


@pytest.fixture
def waiting(season: Season) -> Evaluation:
    """A unit of class II with four clean points in the west and three of level III in the east: no level is 80 %."""
    with at(ground.FOUNDED):
        (version,) = ground.opened(season.people["county-clerk"], ground.entry(ground.square(0, 0, 2)))
    west, south, east, _north = version.geom.extent
    rows = []
    for number in range(7):
        lon = west + (east - west) * (0.2 if number < 4 else 0.8)
        lat = south + 0.001 * (1 + number % 4)
        spot = {"soil_lon": f"{lon:.6f}", "soil_lat": f"{lat:.6f}", "crop_lon": f"{lon:.6f}", "crop_lat": f"{lat:.6f}"}
        rows.append(season.pair_row(f"XT-分-{number}", version, **spot))
    pairs = season.enter(rows)
    heavy = {each.soil_sample.code: IN_SOIL | {"Cd": HEAVY} for each in pairs[4:]}
    heavy |= {each.crop_sample.code: IN_CROP | {"Cd": "0.5"} for each in pairs[4:]}
    for medium, analytes, values in (("soil", SOIL, IN_SOIL | {"Cd": "0.2"}), ("crop", CROP, IN_CROP)):
        handover = season.hand_over(medium, analytes)
        season.review(season.report(handover, values, REPORTED, heavy))
    return Evaluation.objects.get(unit=version.unit, is_current=True)


def client(name: str = "county-clerk") -> Client:
    found = Client()
    found.force_login(Account.objects.get(username=name))
    return found


def middle(version: UnitVersion) -> LineString:
    """A line from edge to edge, its ends on the edges as a hand that snaps to them draws it."""
    west, south, east, north = version.geom.extent
    return LineString([((west + east) / 2, south), ((west + east) / 2, north)])


def test_the_queue_leads_to_the_split_with_its_points(waiting: Evaluation) -> None:
    assert (waiting.needs_review, waiting.reason_code) in {
        (True, code) for code in ("unit.no_dominant", "unit.contiguous_minority")
    }
    with at(LATER):
        record = client().get(f"/r/farmland.evaluation/{waiting.pk}/").content.decode()
        path = f"/r/farmland.evaluation/{waiting.pk}/do/split/"
        assert path in record
        assert "待研判" in record
        form = client().get(path).content.decode()
    found = re.search(r'data-shown="([^"]+)"', form)
    assert found is not None
    features = json.loads(unescape(found[1]))["features"]
    letters = [each["properties"].get("letter") for each in features if each["properties"]["role"] == "point"]
    assert (letters.count("Ⅰ"), letters.count("Ⅲ")) == (4, 3)
    assert any("镉Ⅲ级；农产品 镉 超标" in each["properties"].get("note", "") for each in features)


def test_the_pieces_are_told_before_anything_is_done(waiting: Evaluation) -> None:
    version = unit_facts.latest_version(waiting.unit)
    path = f"/r/farmland.evaluation/{waiting.pk}/do/split/"
    with at(LATER):
        told = client().post(path, {"wkt": middle(version).wkt, "preview": "1"}).content.decode()
        refused = client().post(path, {"wkt": "LINESTRING (1 2, 3 4)", "preview": "1"}).content.decode()
    assert "分成 2 块" in told
    assert "Ⅰ 4" in told
    assert "Ⅲ 3" in told
    assert len(json.loads(unescape(re.search(r'data-shapes="([^"]+)"', told)[1]))["features"]) == 2  # type: ignore[index]
    assert "没有把单元分成两块" in refused
    assert not Lineage.objects.exists()


def test_both_pieces_are_evaluated_anew_and_the_entry_closes(waiting: Evaluation) -> None:
    version = unit_facts.latest_version(waiting.unit)
    said = {"wkt": middle(version).wkt, "reason": "按点位分布划开", "on": LATER.isoformat()}
    with at(LATER):
        answer = client().post(f"/r/farmland.evaluation/{waiting.pk}/do/split/", said)
        assert answer.status_code == 302, answer.content.decode()
        record = client().get(f"/r/farmland.evaluation/{waiting.pk}/").content.decode()
        queue = client().get("/r/farmland.evaluation/?handled=waiting").content.decode()
    pieces = Evaluation.objects.filter(is_current=True).exclude(pk=waiting.pk).order_by("unit__number")
    assert [(each.soil_points, each.proposed_class, each.needs_review) for each in pieces] == [
        (3, "III", False),
        (4, "I", False),
    ]
    assert "已拆分" in record
    assert f"/r/farmland.evaluation/{waiting.pk}/" not in queue
    entry = LedgerEntry.objects.get(register="farmland.evaluation", subject_id=str(waiting.pk))
    assert "研判办结" in entry.sentence
    assert "建议Ⅲ类" in entry.sentence
    raised = Trigger.objects.get(kind="T3")
    assert {each.unit_id for each in raised.units.all()} == {each.unit_id for each in pieces}
    assert Pair.objects.filter(unit=waiting.unit).count() == 7, "evidence stays with the unit on which it was taken"
    assert not facts.differing(ground.HONGTONG).filter(unit=waiting.unit).exists()


def test_the_past_still_waits(waiting: Evaluation, season: Season) -> None:
    version = unit_facts.latest_version(waiting.unit)
    parts = parts_of(as_ground(version.geom), middle(version).wkt)
    with at(LATER):
        divide.divide(waiting.unit, parts, by=season.people["county-clerk"], on=LATER, reason="测试")
        then = client().get(f"/r/farmland.evaluation/{waiting.pk}/?on={REPORTED}&known_on={REPORTED}").content.decode()
    assert "待研判" in then


def test_a_surface_is_cut_out_of_a_unit() -> None:
    whole = ground.square(0, 0)
    west, south, _east, _north = whole.bounds
    inside, rest = parts_of(whole, box(west - 1, south - 1, west + 0.001, south + 0.001).wkt)
    assert inside.bounds == pytest.approx((west, south, west + 0.001, south + 0.001))
    assert inside.area + rest.area == pytest.approx(whole.area)
    hole, ring = parts_of(whole, box(west + 0.001, south + 0.001, west + 0.002, south + 0.002).wkt)
    assert len(ring.interiors) == 1
    assert hole.area + ring.area == pytest.approx(whole.area)
    with pytest.raises(UnreadableBoundary, match="没有把单元分成两块"):
        parts_of(whole, box(west - 2, south - 1, west - 1, south).wkt)


def test_a_line_that_ends_inside_divides_nothing() -> None:
    whole = ground.square(0, 0)
    west, south, _east, _north = whole.bounds
    for text in (LineString([(west, south), (west + 0.001, south + 0.001)]).wkt, "LINESTRING EMPTY", "POINT (1 2)"):
        with pytest.raises(UnreadableBoundary):
            parts_of(whole, text)


@pytest.mark.parametrize("step", [0.0, 0.000001, -0.000001])
def test_a_line_drawn_to_the_edge_cuts(step: float) -> None:
    whole = ground.square(0, 0)
    west, south, _east, north = whole.bounds
    line = LineString([(west + 0.00123456, south + step), (west + 0.00223456, north - step)])
    parts = parts_of(whole, line.wkt)
    assert len(parts) == 2
    assert sum(part.area for part in parts) == pytest.approx(whole.area)
