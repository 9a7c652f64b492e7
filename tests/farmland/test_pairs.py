"""Paired samples: what the sheet is refused for, which unit they lie on, when they are evidence and why not."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from jingtu.chapters.farmland.actions import pairs as actions
from jingtu.chapters.farmland.facts import pairs as facts
from jingtu.chapters.farmland.models import Pair, PairState, UnitVersion
from jingtu.evidence import actions as evidence
from jingtu.evidence import screens
from jingtu.evidence.models import Batch, Sample, SampleKind
from jingtu.land.models import Account
from jingtu.registers import clock
from jingtu.registers.findings import findings_of
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import FindingRecord
from tests.farmland import ground
from tests.farmland.season import (
    AUTUMN,
    CROP,
    HANDED,
    IN_CROP,
    IN_SOIL,
    REPORTED,
    SAMPLED,
    SOIL,
    SUBMITTED,
    Season,
    begun,
)
from tests.flows.world import at

pytestmark = pytest.mark.django_db
APRIL = date(2021, 4, 12)
DRAWN = r"S\d{2}-[A-Z2-9]{6}"


@pytest.fixture
def season() -> Season:
    return begun()


@pytest.fixture
def units(season: Season) -> list[UnitVersion]:
    with at(APRIL):
        return ground.opened(
            season.people["county-clerk"], *(ground.entry(ground.square(n, 0), APRIL) for n in range(3))
        )


def codes_of(dossier) -> dict[str, str]:
    return dict(dossier.issues.values_list("code", "severity"))


def state(pair: Pair) -> str:
    return PairState.objects.get(pair_id=pair.pk).state


def test_a_pair_has_two_samples_and_the_unit_on_whose_ground_it_was_taken(season: Season, units: list) -> None:
    (pair,) = season.enter([season.pair_row("XT-1", units[1])])
    assert pair.unit == units[1].unit
    assert (pair.soil_sample.medium, pair.crop_sample.medium) == ("soil", "crop")
    assert (pair.crop_sample.crop, pair.crop_sample.taken_on) == ("maize", SAMPLED)
    assert pair.soil_sample.land_use == "irrigated"
    assert {s.origin_id for s in Sample.objects.filter(origin_register="farmland.pair")} == {pair.pk}
    assert state(pair) == "sampled"
    assert "可以成对" in findings_of("farmland.pair", pair.pk)[0].sentence


def test_codes_are_drawn_beside_the_labels_of_the_sampler(season: Season, units: list) -> None:
    (pair,) = season.enter([season.pair_row("XT-1", units[0], soil_code="HT-001")])
    assert (pair.soil_sample.label, pair.crop_sample.label) == ("HT-001", "")
    assert all(re.fullmatch(DRAWN, each.code) for each in (pair.soil_sample, pair.crop_sample))


def labelled(season: Season, units: list, number: int) -> list[dict[str, str]]:
    return [
        season.pair_row(f"XT-{n}", units[n % 2], soil_code=f"HT-{n:03d}", crop_code=f"HC-{n:03d}")
        for n in range(number)
    ]


@pytest.mark.parametrize("medium", ["soil", "crop"])
def test_a_laboratory_cannot_tell_the_duplicates_among_labelled_samples(
    season: Season, units: list, medium: str
) -> None:
    season.enter(labelled(season, units, 12))
    by = season.people["county-clerk"]
    with at(HANDED):
        controls = evidence.make_controls(SampleKind.BLANK, 1, ground.HONGTONG, by=by, on=HANDED)
        made = actions.hand_over(
            season.laboratory, ground.HONGTONG, AUTUMN, medium, ["Cd"], by=by, on=HANDED, controls=controls
        )
        made = evidence.receive(evidence.send(made, by=by, on=HANDED), by=season.people["laboratory"], on=HANDED)
    samples = [item.sample for item in made.items.select_related("sample").order_by("pk")]
    assert sum(sample.kind != SampleKind.ROUTINE for sample in samples) == 3
    assert all(re.fullmatch(DRAWN, sample.code) for sample in samples)
    assert len({(sample.code[:3], sample.medium, sample.crop) for sample in samples}) == 1
    assert [sample.code for sample in samples] == sorted(sample.code for sample in samples)
    client = Client()
    client.force_login(Account.objects.get(username="laboratory"))
    page = client.get(f"/r/evidence.handover/{made.pk}/").content.decode()
    listed = b"".join(client.get("/r/evidence.handover_item/?format=csv").streaming_content).decode("utf-8-sig")
    assert all(sample.code in listed for sample in samples)
    assert not [word for word in ("HT-0", "HC-0", "平行", "空白", "换码") if word in page + listed]
    assert client.get(f"/r/evidence.handover/{made.pk}/files/relabelling/").status_code == 404
    name, content = screens.relabelling(made, by)
    assert "换码对照表" in name
    assert content.decode("utf-8-sig").count("密码平行样") == 2


def test_duplicates_divided_in_a_later_year_bear_the_year_of_their_samples(season: Season, units: list) -> None:
    season.enter([season.pair_row("XT-1", units[0])])
    late, by = date(2022, 1, 10), season.people["county-clerk"]
    with at(late):
        made = actions.hand_over(season.laboratory, ground.HONGTONG, AUTUMN, "soil", ["Cd"], by=by, on=late)
        assert [item.sample.code[:3] for item in made.items.all()] == ["S21", "S21"]
        blanks = evidence.make_controls(SampleKind.BLANK, 1, ground.HONGTONG, by=by, on=late)
        with pytest.raises(DeedRefused, match="检测机构能认出来"):
            actions.hand_over(
                season.laboratory, ground.HONGTONG, AUTUMN, "crop", ["Cd"], by=by, on=late, controls=blanks
            )


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"sampler": "测试甲"}, "farmland.pair.same_person"),
        ({"soil_on": "2021-09-30"}, "farmland.pair.future"),
        ({"soil_on": "2020-09-13"}, "farmland.pair.year"),
        ({"soil_lon": ""}, "farmland.pair.place_missing"),
        ({"soil_lon": "112.5", "soil_lat": "37.8"}, "farmland.pair.outside"),
        ({"depth_bottom_cm": "0"}, "farmland.pair.depth"),
        ({"depth_bottom_cm": ""}, "farmland.pair.depth"),
        ({"harvested_on": ""}, "farmland.pair.day_missing"),
        ({"crop": "休耕"}, "farmland.pair.fallow"),
        ({"soil_code": "A-1", "crop_code": "A-1"}, "farmland.pair.double"),
        ({"unit_number": "141024999999"}, "farmland.pair.unit_unknown"),
        ({"region_code": "140121"}, "farmland.pair.reach"),
        ({"crop": "仙草"}, "cell.choice.unknown"),
    ],
)
def test_what_the_sheet_is_sent_back_for(season: Season, units: list, own: dict[str, str], code: str) -> None:
    dossier = season.submit([season.pair_row("XT-1", units[0], **own)])
    assert dossier.state == "faulty"
    assert codes_of(dossier).get(code) == "blocking", codes_of(dossier)


@pytest.mark.parametrize(
    ("crop", "bottom", "said"),
    [("玉米", "20", 0), ("玉米", "60", 1), ("苹果", "60", 0), ("苹果", "20", 0), ("苹果", "40", 1)],
)
def test_a_depth_that_is_not_the_ploughed_layer_is_asked_about(
    season: Season, units: list, crop: str, bottom: str, said: int
) -> None:
    dossier = season.submit([season.pair_row("XT-1", units[0], crop=crop, depth_bottom_cm=bottom)])
    assert dossier.state == "ready"
    assert list(codes_of(dossier).values()) == ["warning"] * said


def test_a_row_without_either_half_is_refused(season: Season, units: list) -> None:
    blank = dict.fromkeys(("soil_on", "harvested_on", "soil_lon", "soil_lat", "crop_lon", "crop_lat"), "")
    assert "farmland.pair.empty" in codes_of(season.submit([season.pair_row("XT-1", units[0], **blank)]))


def test_a_known_sample_code_or_pair_is_refused(season: Season, units: list) -> None:
    season.enter([season.pair_row("XT-1", units[0], soil_code="HT-001")])
    again = season.submit([season.pair_row("XT-1", units[0]), season.pair_row("XT-2", units[0], soil_code="HT-001")])
    assert {"farmland.pair.taken", "farmland.pair.sample_known"} <= codes_of(again).keys()
    other = season.submit([season.pair_row("XT-1", units[0], crop="小麦", soil_on="", soil_lon="", soil_lat="")])
    assert "farmland.pair.another" in codes_of(other)


def test_the_half_that_lacks_may_come_later(season: Season, units: list) -> None:
    soil_only = dict.fromkeys(("harvested_on", "crop_lon", "crop_lat"), "")
    (pair,) = season.enter([season.pair_row("XT-1", units[0], **soil_only)])
    assert state(pair) == "missing_crop"
    crop_only = dict.fromkeys(("soil_on", "soil_lon", "soil_lat", "depth_top_cm", "depth_bottom_cm"), "")
    (pair,) = season.enter([season.pair_row("XT-1", units[0], **crop_only)], date(2021, 9, 16))
    assert (state(pair), pair.soil_on) == ("sampled", SAMPLED)
    assert Pair.objects.count() == 1
    with clock.as_of(date(2021, 9, 20), date(2021, 9, 15)):
        assert state(pair) == "missing_crop", "on the 15th nobody knew of the crop"


def test_halves_too_far_or_too_many_days_apart_are_not_a_pair(season: Season, units: list) -> None:
    far = season.pair_row("XT-1", units[0], crop_lon=f"{units[0].geom.centroid.x + 0.0015:.6f}")
    late = season.pair_row("XT-2", units[0], soil_on="2021-08-20")
    dossier = season.submit([far, late])
    assert codes_of(dossier) == {"farmland.pair.apart": "warning"}
    pairs = season.enter([{**far, "code": "XT-3"}, {**late, "code": "XT-4"}])
    assert [each.fault for each in pairs] == ["pair.too_far", "pair.days_apart"]
    assert {state(each) for each in pairs} == {"apart"}
    season.measure()
    assert not facts.complete_pairs().exists()


def test_a_pair_beside_all_units_is_taken_with_a_warning(season: Season, units: list) -> None:
    row = season.pair_row("XT-1")
    assert codes_of(season.submit([row])) == {"farmland.pair.no_unit": "warning"}


def test_a_pair_is_evidence_once_both_halves_are_reviewed(season: Season, units: list) -> None:
    (pair,) = season.enter([season.pair_row("XT-1", units[0])])
    soil, crop = season.hand_over("soil", SOIL), season.hand_over("crop", CROP)
    assert state(pair) == "handed"
    assert soil.items.count() == 2, "every tenth sample has a blind duplicate"
    first, second = season.report(soil, IN_SOIL), season.report(crop, IN_CROP)
    assert state(pair) == "analysed"
    season.review(first)
    assert state(pair) == "analysed"
    season.review(second)
    assert state(pair) == "complete"
    assert list(facts.complete_pairs([units[0].unit_id], *AUTUMN)) == [pair]
    with clock.as_of(SUBMITTED, date(2021, 10, 8)):
        assert state(pair) == "sampled"
    assert PairState.objects.get(pair=pair).completed_on == REPORTED


def test_a_half_that_failed_quality_control_makes_no_pair(season: Season, units: list) -> None:
    (pair,) = season.enter([season.pair_row("XT-1", units[0])])
    handover = season.hand_over("soil", SOIL)
    twin = handover.items.get(sample__kind="duplicate").sample
    batch = season.report(handover, IN_SOIL, own={twin.code: {"Cd": "4.5"}})
    batch.refresh_from_db()
    assert batch.quality_failed
    season.review(batch, reason="测试：复核后采用")
    season.review(season.report(season.hand_over("crop", CROP), IN_CROP))
    assert state(pair) == "quality_failed"
    assert not facts.complete_pairs().exists()


def test_crops_are_judged_by_the_edition_of_the_harvest(season: Season, units: list) -> None:
    (pair,) = season.enter([season.pair_row("XT-1", units[0])])
    batches = season.measure(crops={"XT-1": {"Cd": "0.11"}})
    crop: Batch = batches[1]
    rows = FindingRecord.objects.filter(register="evidence.batch", subject_id=crop.pk, measure="crop.level")
    found = {row.inputs["analyte"]: row for row in rows}
    assert set(found) == set(CROP)
    assert (found["Cd"].outcome, found["Cd"].threshold) == ("exceeds_limit", pytest.approx(found["Cd"].threshold))
    assert found["Pb"].outcome == "within_limit"
    assert found["Cd"].clause.startswith("gb2762-2017")
    assert found["Cd"].law_on == pair.harvested_on
    soil_rows = FindingRecord.objects.filter(register="evidence.batch", subject_id=batches[0].pk)
    assert {row.measure.partition(".")[0] for row in soil_rows} == {"farmland"}
