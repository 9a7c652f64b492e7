"""Two harvests of paired samples in Hongtong and what they lead to.

The table is ``data/season.csv``, where a blank day is still to come.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from jingtu import law
from jingtu.chapters.farmland.actions import adjustments
from jingtu.chapters.farmland.actions import pairs as pairing
from jingtu.chapters.farmland.checking.ground import GEOD
from jingtu.chapters.farmland.facts import classes as facts
from jingtu.chapters.farmland.facts import pairs as pair_facts
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.models import Adjustment, Pair, UnitVersion
from jingtu.demonstration import fields, rows, soil
from jingtu.demonstration.cast import DATA
from jingtu.demonstration.stage import DemonstrationBroken, Play, Step, accepted, at, hand_in, settle
from jingtu.demonstration.workbooks import Row
from jingtu.evidence import actions as evidence
from jingtu.evidence.facts import laboratories
from jingtu.evidence.models import Handover, Laboratory, Medium, Sample
from jingtu.registers import outbox

COUNTY = "141024"
CLERK, CITY, PROVINCE = "xian-hongtong-nongye", "shi-linfen-nongye-shenhe", "sheng-nongye-shenhe"
UPLOADER, LABORATORY = "sheng-nongye", "jiance-yi"
FIVE = law.analytes().element_set("five")
ANALYTES = {Medium.SOIL: ("pH", *FIVE), Medium.CROP: FIVE}
CADMIUM_ABOVE, CADMIUM_BELOW = (0.72, 1.15), (0.12, 0.35)  # mg/kg in soil; the screening value is 0.6 at pH above 7.5
CADMIUM_IN_CROP = 0.13  # above the 0.1 mg/kg of GB 2762-2017
WIDE_STEP = 0.0012  # degrees; about a hundred metres between the points of a unit
NARROW_STEP = 0.00012  # about twelve metres between those of the others
BACKGROUND = "background"
OUTFALL_MG_KG, AWAY_MG_KG, FALLS_OVER_KM = 1.45, 0.12, 1.1  # cadmium falls away from the old outfall
UNEVEN, BACKGROUND_MOST, LOWEST_PH = 0.06, 0.5, 7.6
PACKED_AFTER, SENT_AFTER, RECEIPT_AFTER = timedelta(2), timedelta(3), timedelta(10)
REFUSED_WHY = "演示：同一灌区相邻单元本季有超标，一季结果不足以升类，请再监测一季"
OUTCOMES = {"decide": "", "refuse": REFUSED_WHY}


@dataclass(frozen=True)
class Wave:
    """Some units of the county sampled together, and the days of their way."""

    wave: str
    season: str
    crop: str
    units: int
    pairs: int
    found: str
    outcome: str
    sampled_on: date
    handed_on: date | None
    reported_on: date | None
    reviewed_on: date | None
    drafted_on: date | None
    proposed_on: date | None
    city_on: date | None
    province_on: date | None


@cache
def waves() -> tuple[Wave, ...]:
    """All waves, by day."""
    with (DATA / "season.csv").open(encoding="utf-8") as file:
        return tuple(_wave(row) for row in csv.DictReader(file))


def _wave(row: dict[str, str]) -> Wave:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in row if name.endswith("_on")}
    sampled_on = days.pop("sampled_on")
    if sampled_on is None:
        raise DemonstrationBroken(f"season.csv: wave {row['wave']} is not sampled")
    words = {name: row[name] for name in ("wave", "season", "crop", "found", "outcome")}
    return Wave(**words, units=int(row["units"]), pairs=int(row["pairs"]), sampled_on=sampled_on, **days)


@cache
def _crop_table() -> dict[str, dict[str, str]]:
    with (DATA / "crop.csv").open(encoding="utf-8") as file:
        return {row["analyte"]: row for row in csv.DictReader(file)}


Deed = Callable[[Play, Wave, date], None]


def steps() -> list[Step]:
    """All steps of the season."""
    found = []
    for wave in waves():
        ways: tuple[tuple[date | None, int, Deed], ...] = (
            (wave.sampled_on, 17, sample),
            (wave.handed_on, 9, hand_over),
            (wave.reported_on, 15, report),
            (wave.reviewed_on, 10, review),
            (wave.drafted_on, 10, draft),
            (wave.proposed_on, 16, propose),
            (wave.city_on, 10, city),
            (wave.province_on, 15, province),
        )
        found += [_step(day, hour, deed, wave) for day, hour, deed in ways if day]
        if wave.outcome == "decide" and wave.province_on:
            found.append(_step(wave.province_on + PACKED_AFTER, 9, pack, wave))
            found.append(_step(wave.province_on + SENT_AFTER, 9, send, wave))
            found.append(_step(wave.province_on + RECEIPT_AFTER, 14, take_receipt, wave))
    return found


def _step(day: date, hour: int, deed: Deed, wave: Wave) -> Step:
    return at(day, hour, lambda play, on: deed(play, wave, on))


# --- field and laboratory -------------------------------------------------------------------------------------


def sample(play: Play, wave: Wave, on: date) -> None:
    """A team of two samples soil and crop on the wave's units and hands in the sheet the same evening."""
    taken = play.farmland.setdefault("sampled", set())
    free = [version for version in _own_class(wave, on) if version.unit_id not in taken][: wave.units]
    taken |= {version.unit_id for version in free}
    content = [_row(wave, version, number, on) for version in free for number in range(wave.pairs)]
    by = play.cast[CLERK]
    accepted(hand_in("farmland.pair", content, f"演示-洪洞-协同监测-{on:%m%d}.xlsx", by, on), by, on)


def _own_class(wave: Wave, on: date) -> list[UnitVersion]:
    """The units that a wave may sample: of class II, or for the background those of class I that grow its crop."""
    rows_ = units.standing(on).filter(region_id=COUNTY, unit__ended_on__isnull=True).order_by("unit__number")
    if wave.found == BACKGROUND:
        return list(rows_.filter(land_class="I", crops__contains=[wave.crop]))
    return list(rows_.filter(land_class="II"))


def _row(wave: Wave, version: UnitVersion, number: int, on: date) -> Row:
    place, step = version.geom.point_on_surface, WIDE_STEP if wave.found == BACKGROUND else NARROW_STEP
    lon, lat = (f"{degrees + number * step:.6f}" for degrees in (place.x, place.y))
    whole: Row = {
        "code": f"XT-{version.unit.number}-{wave.season[0].upper()}{wave.wave}{number + 1:02d}",
        "region_code": COUNTY,
        "unit_number": version.unit.number,
        "year": str(on.year),
        "season": "夏收" if wave.season == "summer" else "秋收",
        "crop": law.codes("crop").label(wave.crop),
        "land_use": law.codes("land_use").label(version.land_use),
        "soil_on": on,
        "soil_lon": lon,
        "soil_lat": lat,
        "depth_top_cm": "0",
        "depth_bottom_cm": "20",
        "harvested_on": on,
        "crop_lon": lon,
        "crop_lat": lat,
        "leader": "演示组长甲",
        "sampler": "演示采样员乙",
    }
    lacks = ("harvested_on", "crop_lon", "crop_lat") if wave.found == "halves" and number == 0 else ()
    return {name: value for name, value in whole.items() if name not in lacks}


def hand_over(play: Play, wave: Wave, on: date) -> None:
    """Soil and crop leave for the laboratory, blind duplicates among them; it takes them the same day."""
    by, laboratory = play.cast[CLERK], _laboratory(play, on)
    for medium, analytes in ANALYTES.items():
        made = pairing.hand_over(laboratory, COUNTY, (on.year, wave.season), medium, analytes, by=by, on=on)
        made = evidence.send(made, by=by, on=on)
        made = evidence.receive(made, by=play.cast[LABORATORY], on=on)
        play.farmland.setdefault(wave.wave, []).append(made)


def _laboratory(play: Play, on: date) -> Laboratory:
    return laboratories(on).get(organisation_id=play.cast[LABORATORY].organisation_id)


def report(play: Play, wave: Wave, on: date) -> None:
    """The laboratory reports on soil and on crop; the county takes both reports."""
    for handover, medium in zip(play.farmland[wave.wave], ANALYTES, strict=True):
        number = f"演示-XT-{COUNTY}-{on:%m%d}-{'T' if medium == Medium.SOIL else 'N'}"
        content = [row for each in _samples(handover) for row in _results(play.seed, wave, each, number, on)]
        filename = f"演示-洪洞-{'土壤' if medium == Medium.SOIL else '农产品'}检测结果-{on:%m%d}.xlsx"
        dossier = hand_in("evidence.result", content, filename, play.cast[LABORATORY], on, COUNTY)
        accepted(dossier, play.cast[CLERK], on)
        settle()
        play.farmland.setdefault(f"{wave.wave}-batches", []).append(dossier.batch)


def _samples(handover: Handover) -> list[Sample]:
    return [item.sample for item in handover.items.select_related("sample").order_by("sample__code")]


def _results(seed: int, wave: Wave, each: Sample, number: str, on: date) -> list[Row]:
    """What the laboratory finds in a sample; two portions of one sample differ by its noise only."""
    pair = pair_facts.pair(each.origin_id or 0)
    whole = random.Random(f"{seed}:{pair.code}:{each.medium}")  # noqa: S311
    noise = random.Random(f"{seed}:{pair.code}:{each.medium}:{each.kind}")  # noqa: S311
    told = {
        "report_number": number,
        "reported_on": on,
        "sample_code": each.code,
        "replicate": "1",
        "analysed_on": on - timedelta(2),
    }
    found = _in_soil(seed, wave, pair, whole) if each.medium == Medium.SOIL else _in_crop(wave, pair, whole)
    return [
        {**told, "analyte": law.analytes()[analyte].name_zh, **_written(each.medium, analyte, value, noise)}
        for analyte, value in found.items()
    ]


def _in_soil(seed: int, wave: Wave, pair: Pair, chance: random.Random) -> dict[str, float]:
    """Background soil with cadmium above the screening value; of a mixed unit every other point below it.

    Nearer to the old outfall there is more cadmium, so that one place tells of the next.
    """
    found = soil.contents(seed, pair.code)
    found["pH"] = max(found["pH"], LOWEST_PH)
    below = wave.found == "mixed" and int(pair.code[-1]) % 2 == 0
    found["Cd"] = chance.uniform(*CADMIUM_BELOW) if below else _cadmium(wave, pair, chance)
    return {analyte: min(found[analyte], TOP[analyte]) for analyte in ANALYTES[Medium.SOIL]}


def _cadmium(wave: Wave, pair: Pair, chance: random.Random) -> float:
    """By the distance from the old outfall, kept on the side of the screening value where the unit's class lies."""
    away_km = GEOD.inv(*fields.HONGTONG.outfall, pair.soil_place.x, pair.soil_place.y)[2] / 1000
    found = AWAY_MG_KG + OUTFALL_MG_KG * math.exp(-away_km / FALLS_OVER_KM)
    found *= 1 + chance.uniform(-UNEVEN, UNEVEN)
    if wave.found == BACKGROUND:
        return min(found, BACKGROUND_MOST)
    return min(max(found, CADMIUM_ABOVE[0]), CADMIUM_ABOVE[1])


TOP = {"pH": 8.6, "Cd": 2.0, "Hg": 0.2, "As": 18.0, "Pb": 60.0, "Cr": 120.0}  # nothing but cadmium is high here


def _in_crop(wave: Wave, pair: Pair, chance: random.Random) -> dict[str, float]:
    found = {}
    for analyte, row in _crop_table().items():
        found[analyte] = float(row["typical"]) * (1 + chance.uniform(-1, 1) * float(row["spread"]))
    if wave.found == "exceeds" and pair.code.endswith(("01", "02", "04")):
        found["Cd"] = CADMIUM_IN_CROP
    return found


def _written(medium: str, analyte: str, value: float, noise: random.Random) -> Row:
    near = value * (1 + noise.uniform(-soil.MOST_NOISE, soil.MOST_NOISE) / 2)
    if medium == Medium.SOIL:
        return soil.written(analyte, near, soil.HANDS[LABORATORY])
    row = _crop_table()[analyte]
    text = f"{near:.{row['decimals']}f}"
    return {"value": text, "unit": "mg/kg", "detection_limit": row["detection_limit"], "method": row["method"]}


def review(play: Play, wave: Wave, on: date) -> None:
    """The city passes both reports; evaluations, events and exceeding crops follow by themselves."""
    for batch in play.farmland[f"{wave.wave}-batches"]:
        batch.refresh_from_db()
        evidence.review(batch, by=play.cast[CITY], on=on)
        settle()


# --- the way of an adjustment ---------------------------------------------------------------------------------


def draft(play: Play, wave: Wave, on: date) -> None:
    """The county takes up the event that the wave's evidence raised."""
    trigger = facts.open_triggers(COUNTY).order_by("pk").last()
    if trigger is None:
        raise DemonstrationBroken(f"wave {wave.wave}: no event was raised by its evidence")
    title = f"2021年{'夏收' if wave.season == 'summer' else '秋收'}协同监测第{wave.wave}批类别调整（演示）"
    adjustments.take_up(trigger, by=play.cast[CLERK], on=on, reason=title)
    play.farmland[f"{wave.wave}-adjustment"] = facts.adjustments_of(trigger)[0]


def _moved(play: Play, wave: Wave, arrow: str, who: str, on: date, reason: str = "") -> Adjustment:
    key = f"{wave.wave}-adjustment"
    play.farmland[key] = adjustments.move(arrow, play.farmland[key], by=play.cast[who], on=on, reason=reason)
    settle()
    return play.farmland[key]


def propose(play: Play, wave: Wave, on: date) -> None:
    """The county proposes."""
    _moved(play, wave, "propose", CLERK, on)


def city(play: Play, wave: Wave, on: date) -> None:
    """The city reviews."""
    _moved(play, wave, "review", CITY, on)


def province(play: Play, wave: Wave, on: date) -> None:
    """The province decides or refuses."""
    _moved(play, wave, wave.outcome, PROVINCE, on, OUTCOMES[wave.outcome])


def pack(play: Play, wave: Wave, on: date) -> None:
    """What was decided is packed."""
    play.farmland["package"] = adjustments.pack("140000", by=play.cast[UPLOADER], on=on)


def send(play: Play, wave: Wave, on: date) -> None:
    """The package is sent."""
    play.farmland["package"] = outbox.send(play.farmland["package"], by=play.cast[UPLOADER], on=on)


def take_receipt(play: Play, wave: Wave, on: date) -> None:
    """The platform takes every unit."""
    by, package = play.cast[UPLOADER], play.farmland["package"]
    content: Sequence[Row] = rows.receipt(package, f"演示-HZ-NY-{on:%Y%m%d}", on, {})
    accepted(hand_in("monitoring.receipt", list(content), f"演示-回执-{package.number}.xlsx", by, on), by, on)
