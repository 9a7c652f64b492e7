"""How far many pairs are at once: what the view says of each, on any day, and without asking pair by pair."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from jingtu.chapters.farmland.models import Pair, UnitVersion
from jingtu.evidence import actions as evidence
from jingtu.registers import clock
from tests.farmland import ground
from tests.farmland.season import CROP, HANDED, IN_CROP, IN_SOIL, REPORTED, SAMPLED, SOIL, SUBMITTED, Season, begun
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL, LATER = date(2021, 4, 12), date(2021, 10, 20)
DAYS = (SAMPLED, SUBMITTED, HANDED, REPORTED, LATER)
BY_VIEW = "SELECT pair_id, region_code, unit_id, state, completed_on FROM farmland_pair_state ORDER BY pair_id"
AT_ONCE = """
SELECT pair_id, region_code, unit_id, state, completed_on
FROM farmland_pair_states(ARRAY(SELECT id FROM farmland_pair)) ORDER BY pair_id
"""


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def states() -> set[str]:
    """The states there are, after the two ways were held together for each day as known on each."""
    for on in DAYS:
        for known_on in DAYS:
            with clock.as_of(on, known_on):
                assert rows(AT_ONCE) == rows(BY_VIEW), (on, known_on)
    assert rows(AT_ONCE) == rows(BY_VIEW)
    return {state for _pair, _region, _unit, state, _on in rows(AT_ONCE)}


@pytest.fixture
def season() -> Season:
    return begun()


@pytest.fixture
def version(season: Season) -> UnitVersion:
    with at(APRIL):
        return ground.opened(season.people["county-clerk"], ground.entry(ground.square(0, 0), APRIL))[0]


def test_both_ways_say_the_same_from_sampling_to_evidence(season: Season, version: UnitVersion) -> None:
    blank = dict.fromkeys(("harvested_on", "crop_lon", "crop_lat"), "")
    no_soil = dict.fromkeys(("soil_on", "soil_lon", "soil_lat", "depth_top_cm", "depth_bottom_cm"), "")
    season.enter([season.pair_row(f"XT-{number}", version) for number in range(4)])
    season.enter([season.pair_row("XT-8", version, **blank), season.pair_row("XT-9", version, **no_soil)])
    assert states() == {"sampled", "missing_crop", "missing_soil"}
    soil = season.hand_over("soil", SOIL)
    assert "handed" not in states(), "one half alone is not handed over"
    crop = season.hand_over("crop", CROP)
    assert "handed" in states()
    soil, crop = season.report(soil, IN_SOIL), season.report(crop, IN_CROP)
    assert "analysed" in states()
    season.review(soil)
    season.review(crop)
    failed = Pair.objects.get(code="XT-3")
    soil.results.filter(sample=failed.soil_sample, analyte="Cd").update(flag="测试")
    Pair.objects.filter(code="XT-2").update(fault="pair.too_far")
    assert states() == {"complete", "quality_failed", "missing_soil", "missing_crop", "apart"}


def test_what_was_handed_over_in_two_parts_waits_for_both(season: Season, version: UnitVersion) -> None:
    (pair,) = season.enter([season.pair_row("XT-1", version)])
    season.hand_over("crop", CROP)
    by = season.people["county-clerk"]
    with at(HANDED):
        for analytes, sent in ((["Cd", "Pb"], True), (["Cd"], False), (["As"], False)):
            made = evidence.prepare_handover(
                season.laboratory, [pair.soil_sample], analytes, by=by, on=HANDED, region=ground.HONGTONG
            )
            if sent:
                evidence.send(made, by=by, on=HANDED)
    assert states() == {"sampled"}, "arsenic was not sent"
    with at(HANDED):
        evidence.send(made, by=by, on=HANDED)
    assert states() == {"handed"}, "cadmium was sent once, and that is enough"
