"""The 136 real sites with soil and rice cadmium: what docs/pairs-136.md says is what comes out."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from jingtu.assess import crops, farmland, pairing
from jingtu.assess.crops import CropSample
from jingtu.assess.unit_findings import Crop, Evaluation, Point, evaluate
from jingtu.config.instance import CHECKOUT
from jingtu.plain.reported import parse_reported

DAY = date(2021, 10, 1)  # the file has no days; both editions of GB 2762 on record give rice 0.2 mg/kg of cadmium
PAGE = CHECKOUT / "docs" / "pairs-136.md"
FOUR = dict.fromkeys(("Hg", "As", "Pb", "Cr"), 1)
Row = dict[str, str]


@pytest.fixture(scope="module")
def sites(shared: Path) -> list[Row]:
    with (shared / "examples" / "cd_paired_soil_rice.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def levels(sites: list[Row]) -> list[int]:
    samples = farmland.Samples(
        [str(number) for number in range(len(sites))],
        [Decimal(row["pH"]) for row in sites],
        [row["land_use"] for row in sites],
        {"Cd": [parse_reported(row["soil_Cd_mg_kg"]) for row in sites]},
    )
    return [int(level) for level in farmland.assess(samples, DAY).level[:, 0]]


def rice(row: Row) -> str:
    """Outcome of the rice of a site; blank where none was taken."""
    if not row["rice_Cd_mg_kg"]:
        return ""
    sample = CropSample("N", "rice", DAY, {"Cd": parse_reported(row["rice_Cd_mg_kg"])})
    return crops.judge([sample], DAY)[0].outcome


def table(name: str) -> list[list[str]]:
    """The cells of a table of the page, by the words that stand above it."""
    after = PAGE.read_text(encoding="utf-8").partition(name)[2]
    lines = re.search(r"\n(\|.*\n)+", after)
    assert lines is not None
    return [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in lines[0].strip().splitlines()][2:]


def test_levels_and_rice_equal_what_others_computed(sites: list[Row], levels: list[int]) -> None:
    assert [str(level) for level in levels] == [row["class_recomputed"] for row in sites]
    exceeding = {"exceeds_limit": "1", "within_limit": "0", "": ""}
    assert [exceeding[rice(row)] for row in sites] == [row["rice_exceeds_0_2_recomputed"] for row in sites]


def test_soil_against_rice(sites: list[Row], levels: list[int]) -> None:
    found = Counter((level, rice(row)) for level, row in zip(levels, sites, strict=True))
    expected = [
        [sign, str(sum(found[level, kind] for kind in ("", "within_limit", "exceeds_limit"))),
         str(found[level, "within_limit"]), str(found[level, "exceeds_limit"]), str(found[level, ""])]
        for level, sign in ((1, "Ⅰ"), (2, "Ⅱ"), (3, "Ⅲ"))
    ]  # fmt: skip
    assert table("Soil against rice") == expected


def test_the_halves_of_a_site_pair_when_day_and_place_are_taken_as_one(sites: list[Row]) -> None:
    assert pairing.judge("D1", DAY, DAY, Decimal(0), DAY).outcome == "paired"
    assert sum(bool(row["rice_Cd_mg_kg"]) for row in sites) == 61


def test_no_site_alone_can_be_classed(sites: list[Row], levels: list[int]) -> None:
    for row, level in zip(sites, levels, strict=True):
        eaten = [Crop("N", {"Cd": rice(row)})] if rice(row) else []
        got = evaluate("Y", [Point("S", {"Cd": level})], eaten, DAY)
        assert (got.proposed_class, got.reason) == ("", "unit.elements_missing")


def cells(sites: list[Row], levels: list[int], degrees: float) -> list[Evaluation]:
    """The sites in squares, as units, the four elements that nobody measured taken as level one."""
    squares: dict[tuple[int, int], list[int]] = {}
    for number, row in enumerate(sites):
        corner = (math.floor(float(row["lon"]) / degrees), math.floor(float(row["lat"]) / degrees))
        squares.setdefault(corner, []).append(number)
    found = []
    for held in squares.values():
        points = [
            Point(str(n), {**FOUR, "Cd": levels[n]}, (float(sites[n]["lon"]), float(sites[n]["lat"]))) for n in held
        ]
        eaten = [Crop(str(n), {"Cd": rice(sites[n])}) for n in held if rice(sites[n])]
        found.append(evaluate("Y", points, eaten, DAY))
    return found


def test_squares_as_units(sites: list[Row], levels: list[int]) -> None:
    expected = []
    for degrees in (0.05, 0.1, 0.2):
        found = cells(sites, levels, degrees)
        expected.append(
            [f"{degrees}°", str(len(found))]
            + [str(sum(rule in one.rules for one in found)) for rule in ("U2", "U3", "U4", "U5")]
            + [str(sum(one.proposed_class == name for one in found)) for name in ("I", "II")]
            + [str(sum(one.needs_review for one in found))]
            + [str(sum(rule in one.rules for one in found)) for rule in ("C2", "C3")]
            + [str(sum(one.reason == "crop.inquiry" for one in found))]
        )
    assert table("Squares as units") == expected


def test_the_figures_of_what_surprises(sites: list[Row], levels: list[int]) -> None:
    taken = [(level, row) for level, row in zip(levels, sites, strict=True) if rice(row)]
    content, acidity, grain = (
        [float(row[name]) for _, row in taken] for name in ("soil_Cd_mg_kg", "pH", "rice_Cd_mg_kg")
    )
    assert round(spearmanr(content, grain).statistic, 2) == -0.03
    assert round(spearmanr(acidity, grain).statistic, 2) == -0.47
    heavy = [level for level, row in taken if Decimal(row["rice_Cd_mg_kg"]) / Decimal("0.2") > 2]
    assert Counter(heavy) == {1: 6, 2: 9}
    few = [one.crop_points < 3 for one in cells(sites, levels, 0.05)]
    assert (sum(few), len(few)) == (53, 60)
