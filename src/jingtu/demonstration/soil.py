"""Invented contents of soil around the province's background, and how each laboratory writes them down.

The same point always has the same soil: everything is drawn from the seed and the point's code.
"""

from __future__ import annotations

import csv
import math
import random
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jingtu.demonstration.cast import DATA
from jingtu.evidence.models import Sample, SampleKind

PH = (7.5, 8.6)
RARE = {"Cd": (0.05, 0.65, 1.10), "As": (0.02, 26.0, 32.0)}  # share of points, from, to: above the screening value
TRACE = {"Hg": (0.05, 0.0014), "Cd": (0.04, 0.007)}  # share of points, content: below the detection limit
NOISE, MOST_NOISE = 0.012, 0.025
OFF = {"Pb": 1.25}  # what a laboratory with a poor calibration finds of a reference material


@dataclass(frozen=True)
class Measurand:
    """An analyte as the demonstration's laboratories measure it, in its standard unit."""

    analyte: str
    geometric_mean: float
    geometric_sd: float
    decimals: int
    method: str
    detection_limit: Decimal | None
    certified: Decimal
    uncertainty: Decimal


@dataclass(frozen=True)
class Hand:
    """The handwriting of a laboratory: which analytes in µg/kg, how a non-detect is spelled, names or symbols."""

    micro: frozenset[str]
    non_detect: str
    symbols: bool


HANDS = {
    "jiance-yi": Hand(frozenset(), "<{limit}", symbols=False),
    "jiance-er": Hand(frozenset({"Cd", "Hg"}), "ND({limit})", symbols=True),
    "jiance-san": Hand(frozenset(), "未检出", symbols=False),
}


@cache
def measurands() -> dict[str, Measurand]:
    """The table ``data/soil.csv``."""
    with (DATA / "soil.csv").open(encoding="utf-8") as file:
        return {row["analyte"]: _measurand(row) for row in csv.DictReader(file)}


def _measurand(row: dict[str, str]) -> Measurand:
    return Measurand(
        analyte=row["analyte"],
        geometric_mean=float(row["geometric_mean"] or 0),
        geometric_sd=float(row["geometric_sd"] or 0),
        decimals=int(row["decimals"]),
        method=row["method"],
        detection_limit=Decimal(row["detection_limit"]) if row["detection_limit"] else None,
        certified=Decimal(row["certified"]),
        uncertainty=Decimal(row["uncertainty"]),
    )


def certified() -> dict[str, tuple[str, str]]:
    """The invented reference material: certified value and uncertainty of each analyte."""
    return {each.analyte: (str(each.certified), str(each.uncertainty)) for each in measurands().values()}


def contents(seed: int, point_code: str) -> dict[str, float]:
    """What the soil of a point holds, in standard units."""
    chance = random.Random(f"{seed}:soil:{point_code}")  # noqa: S311
    found = {"pH": chance.uniform(*PH)}
    for each in measurands().values():
        if each.analyte != "pH":
            found[each.analyte] = each.geometric_mean * math.exp(chance.gauss(0, math.log(each.geometric_sd)))
    for analyte, (share, content) in TRACE.items():
        if chance.random() < share:
            found[analyte] = content
    for analyte, (share, low, high) in RARE.items():
        if chance.random() < share:
            found[analyte] = chance.uniform(low, high)
    return found


def found_in(sample: Sample, soil: dict[str, float], chance: random.Random, *, poor: bool) -> dict[str, float]:
    """What a laboratory finds in a coded sample; a blank holds nothing, a reference material what is certified."""
    if sample.kind == SampleKind.BLANK:
        return {analyte: (7.0 if analyte == "pH" else 0.0) for analyte in measurands()}
    true = soil
    if sample.kind == SampleKind.REFERENCE:
        true = {each.analyte: float(each.certified) for each in measurands().values()}
        true = {analyte: value * (OFF.get(analyte, 1.0) if poor else 1.0) for analyte, value in true.items()}
    return {analyte: _noisy(analyte, value, chance) for analyte, value in true.items()}


def _noisy(analyte: str, value: float, chance: random.Random) -> float:
    error = max(-MOST_NOISE, min(MOST_NOISE, chance.gauss(0, NOISE)))
    return value + error if analyte == "pH" else value * (1 + error)


def written(analyte: str, value: float, hand: Hand) -> dict[str, str]:
    """The cells a laboratory writes for a content: result, unit, detection limit, method, name of the analyte."""
    each = measurands()[analyte]
    micro = analyte in hand.micro
    digits = max(each.decimals - 3, 0) + 1 if micro else each.decimals
    limit = each.detection_limit
    shown = "" if limit is None else _plain(limit.scaleb(3) if micro else limit)
    if limit is not None and value < float(limit):
        text = hand.non_detect.format(limit=shown)
    else:
        text = f"{value * 1000 if micro else value:.{digits}f}"
    unit = "无量纲" if analyte == "pH" else "µg/kg" if micro else "mg/kg"
    return {"value": text, "unit": unit, "detection_limit": shown, "method": each.method}


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
