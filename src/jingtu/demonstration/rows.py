"""The rows that offices and laboratories write: field records, results, receipts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from jingtu import law
from jingtu.chapters.monitoring import facts
from jingtu.chapters.monitoring.models import PlannedPoint
from jingtu.demonstration.soil import HANDS, contents, found_in, written
from jingtu.demonstration.workbooks import Row
from jingtu.evidence.models import Handover, Sample, SampleKind
from jingtu.registers.models import Package

JITTER_DEGREES = 0.0001  # about ten metres
CROPS = {
    "dryland": ("玉米", "谷子", "高粱"),
    "irrigated": ("小麦", "玉米"),
    "orchard": ("苹果", "梨"),
    "vegetable": ("番茄",),
}
COLOURS, MOISTURES = ("brown", "yellow_brown", "light_brown"), ("dry", "slightly_moist", "slightly_moist", "moist")
ROOTS, TEXTURES = ("few", "moderate"), ("sandy_loam", "light_loam", "medium_loam")
WEATHER = ("晴", "晴", "多云", "阴")


def field_records(seed: int, taken_on: date, planned: Sequence[PlannedPoint]) -> list[Row]:
    """What was written down at these points on a day."""
    codes = {
        sample.origin_id: sample.code
        for sample in facts.samples_of(each.pk for each in planned).filter(kind=SampleKind.ROUTINE)
    }
    return [_field_record(seed, taken_on, each, codes[each.pk]) for each in planned]


def _field_record(seed: int, taken_on: date, planned: PlannedPoint, code: str) -> Row:
    point, chance = planned.point, random.Random(f"{seed}:field:{planned.point.code}")  # noqa: S311
    return {
        "sample_code": code,
        "point_code": point.code,
        "taken_on": taken_on,
        "weather": chance.choice(WEATHER),
        "lon": f"{point.longitude + chance.uniform(-JITTER_DEGREES, JITTER_DEGREES):.6f}",
        "lat": f"{point.latitude + chance.uniform(-JITTER_DEGREES, JITTER_DEGREES):.6f}",
        "depth_top_cm": "0",
        "depth_bottom_cm": "20",
        "soil_colour": law.codes("soil_colour").label(chance.choice(COLOURS)),
        "soil_moisture": law.codes("soil_moisture").label(chance.choice(MOISTURES)),
        "soil_roots": law.codes("soil_roots").label(chance.choice(ROOTS)),
        "soil_texture": law.codes("soil_texture").label(chance.choice(TEXTURES)),
        "land_use": law.codes("land_use").label(point.land_use),
        "crop": chance.choice(CROPS[point.land_use]),
        "sampler": f"演示采样员{chance.choice('甲乙丙')}",
        "checker": f"演示校核员{chance.choice('丁戊')}",
    }


def results(
    seed: int,
    handovers: Sequence[Handover],
    laboratory: str,
    report: tuple[str, date],
    analysed: tuple[date, date],
    *,
    poor: bool = False,
) -> tuple[list[Row], list[str]]:
    """A laboratory's report on handed samples, and the analyte of each row."""
    items = [item for each in handovers for item in each.items.select_related("sample")]
    samples = sorted((item.sample for item in items), key=lambda sample: sample.code)
    soils = _soils(seed, samples)
    rows, analytes = [], []
    for sample in samples:
        chance = random.Random(f"{seed}:report:{sample.origin_id}:{sample.kind}")  # noqa: S311
        found = found_in(sample, soils.get(sample.pk, {}), chance, poor=poor)
        for analyte, value in found.items():
            rows.append(_result(sample, analyte, value, laboratory, report, _between(analysed, chance)))
            analytes.append(analyte)
    return rows, analytes


def _soils(seed: int, samples: Sequence[Sample]) -> dict[int, dict[str, float]]:
    planned = {
        each.pk: each for each in facts.planned_points(sample.origin_id for sample in samples if sample.origin_id)
    }
    return {s.pk: contents(seed, planned[s.origin_id].point.code) for s in samples if s.origin_id in planned}


def _between(days: tuple[date, date], chance: random.Random) -> date:
    return days[0] + timedelta(chance.randint(0, (days[1] - days[0]).days))


def _result(
    sample: Sample, analyte: str, value: float, laboratory: str, report: tuple[str, date], analysed_on: date
) -> Row:
    hand, known = HANDS[laboratory], law.analytes()[analyte]
    return {
        "report_number": report[0],
        "reported_on": report[1],
        "sample_code": sample.code,
        "analyte": known.symbol if hand.symbols else known.name_zh,
        "replicate": "1",
        "analysed_on": analysed_on,
        **written(analyte, value, hand),
    }


def receipt(package: Package, number: str, on: date, refused: dict[str, str]) -> list[Row]:
    """The receiving platform's answer to a package; ``refused`` gives the reason by point code."""
    return [
        {
            "package_number": package.number,
            "receipt_number": number,
            "receipt_on": on,
            "point_code": key,
            "accepted": "退回" if key in refused else "接收",
            "message": refused.get(key, ""),
        }
        for key in package.items.order_by("key").values_list("key", flat=True)
    ]
