"""Farmland units classed end to end, beside the same rules in GeoPandas and pandas as an analyst would write them:
group by group, and once more in whole columns by one who knows pandas well.

Run: ``python bench/bench_classes.py [UNITS] [REPEATS]`` (1000000 3 for the full size, with three results a unit).
Both sides start from the same arrays: outlines of units, places of samples, and results one a row; they find the unit
of each sample, judge soil against GB 15618 and crops against GB 2762, apply the rules U and C, and end with soil class,
proposed class and reason of every unit. The answers are checked against each other.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from jingtu import law
from jingtu.assess.crop_limits import crop_limits
from jingtu.assess.crop_limits import look_up as judge_crops
from jingtu.assess.levels import look_up
from jingtu.assess.limits import farmland_limits
from jingtu.assess.unit_class import CropPoints, SoilPoints, classify
from jingtu.assess.unit_rules import REASONS, class_rules
from jingtu.science.containment import containing

DAY = date(2021, 9, 15)
FULL = "1_000_000 3"
FIVE = law.analytes().element_set("five")
CELL_M = 4000.0
MOST_GIB = 4
MOST_BY_GROUPS = 100_000  # units for the peer that works group by group
CROPS = ("foxtail_millet", "maize", "wheat", "rice", "potato")
USES = ("dryland", "irrigated", "paddy")
Array = np.ndarray[Any, Any]


@dataclass
class World:
    """What both sides are given: outlines, samples of soil and crop, and their results one a row."""

    outlines: Array
    soil: dict[str, Array]  # x, y, ph, land_use
    crop: dict[str, Array]  # x, y, crop
    soil_results: dict[str, Array]  # sample, analyte, value
    crop_results: dict[str, Array]


def made_up_world(units: int) -> World:
    """Units of about 16 km²; every twentieth has some eight places of soil and four of crops, five results each."""
    random = np.random.default_rng(49)
    outlines, centre = made_up_outlines(units, random)
    chosen = random.choice(units, max(units // 20, 1), replace=False)
    soil, crop = (
        made_up_places(random.choice(chosen, count), centre, random) for count in (units * 4 // 10, units // 5)
    )
    polluted = np.clip(random.lognormal(-0.9, 0.75, units), 0.02, 20)
    soil["ph"] = np.round(random.normal(7.9, 0.5, len(soil["x"])), 2)
    soil["land_use"] = random.integers(0, len(USES), len(soil["x"]))
    crop["crop"] = random.integers(0, len(CROPS), len(crop["x"]))
    typical = np.array([0.6, 2.0, 20.0, 150.0, 210.0])
    clean = np.array([0.05, 0.006, 0.12, 0.06, 0.25])
    soil_results = made_up_results(soil.pop("unit"), polluted, typical * 0.55, random)
    crop_results = made_up_results(crop.pop("unit"), polluted**0.3, clean, random)
    return World(outlines, soil, crop, soil_results, crop_results)


def made_up_outlines(units: int, random: np.random.Generator) -> tuple[Array, Array]:
    """Quadrangles that tile the plane, their corners moved a little, and their centres."""
    side = int(np.ceil(np.sqrt(units)))
    grid = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0)), axis=-1) * CELL_M
    grid += random.uniform(-0.12, 0.12, grid.shape) * CELL_M
    corners = [grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1], grid[:-1, :-1]]
    rings = np.stack(corners, axis=2).reshape(-1, 5, 2)[:units]
    return shapely.polygons(rings), rings[:, :4].mean(axis=1)


def made_up_places(unit: Array, centre: Array, random: np.random.Generator) -> dict[str, Array]:
    place = centre[unit] + random.uniform(-0.3, 0.3, (len(unit), 2)) * CELL_M
    return {"unit": unit, "x": place[:, 0], "y": place[:, 1]}


def made_up_results(unit: Array, polluted: Array, typical: Array, random: np.random.Generator) -> dict[str, Array]:
    """One row a sample and analyte, in no order, as a laboratory hands them in."""
    sample, analyte = (axis.ravel() for axis in np.indices((len(unit), len(FIVE))))
    value = (
        typical[analyte] * random.lognormal(0, 0.16, len(sample)) * np.where(analyte == 0, polluted[unit[sample]], 1)
    )
    order = random.permutation(len(sample))
    return {"sample": sample[order], "analyte": analyte[order], "value": np.round(value, 4)[order]}


# --- ours -----------------------------------------------------------------------------------------------------


def ours(world: World) -> dict[str, Array]:
    """By arrays: places to units, results to levels and outcomes, the rules."""
    x, y = (np.concatenate([world.soil[axis], world.crop[axis]]) for axis in "xy")
    unit = containing(world.outlines, x, y)
    soil_unit, crop_unit = np.split(unit, [len(world.soil["x"])])
    soil = SoilPoints(soil_unit, levels_of(world), world.soil["x"], world.soil["y"])
    got = classify(len(world.outlines), soil, CropPoints(crop_unit, outcomes_of(world)), DAY)
    return {"soil_class": got.soil_class, "proposed": got.proposed, "reason": got.reason}


def levels_of(world: World) -> Array:
    limits = farmland_limits(DAY)
    sample, analyte = world.soil_results["sample"], world.soil_results["analyte"]
    number, use = limits.analyte_numbers(FIVE), limits.land_use_numbers(USES)
    found = look_up(
        limits,
        number[analyte],
        use[world.soil["land_use"]][sample],
        world.soil["ph"][sample],
        world.soil_results["value"],
        2,
    )
    level = np.zeros((len(world.soil["x"]), len(FIVE)), dtype=np.int8)
    level[sample, analyte] = found.level
    return level


def outcomes_of(world: World) -> Array:
    limits = crop_limits(DAY)
    content = np.full((len(world.crop["x"]), len(FIVE)), np.nan)
    content[world.crop_results["sample"], world.crop_results["analyte"]] = world.crop_results["value"]
    return judge_crops(limits, limits.crop_numbers(CROPS)[world.crop["crop"]], content)


# --- as an analyst would --------------------------------------------------------------------------------------


def by_frames(world: World, *, whole_columns: bool = False) -> dict[str, Array]:
    """By GeoPandas and pandas: spatial join, merges with the tables of limits, the rules group by group.

    With ``whole_columns`` the rules are written for whole columns wherever pandas can, which takes somebody who
    knows it well.
    """
    units = geopandas.GeoDataFrame({"unit": np.arange(len(world.outlines))}, geometry=world.outlines, crs="EPSG:4497")
    soil, crop = (frame_of(place, units) for place in (world.soil, world.crop))
    judged = judged_soil(pd.DataFrame(world.soil_results), soil)
    element = elements_by_columns(judged, soil) if whole_columns else elements_by_groups(judged, soil)
    clean, exceeding, eaten = crops_by_frames(judged_crops(pd.DataFrame(world.crop_results), crop))
    return proposals_by_frames(len(units), element, worst_by_frames(element), clean, exceeding, eaten)


def frame_of(place: dict[str, Array], units: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Samples with the unit they lie in."""
    points = geopandas.GeoDataFrame(
        {name: column for name, column in place.items() if name not in "xy"} | {"x": place["x"], "y": place["y"]},
        geometry=geopandas.points_from_xy(place["x"], place["y"], crs="EPSG:4497"),
    )
    joined = geopandas.sjoin(points, units, predicate="within", how="left")
    return pd.DataFrame(joined.drop(columns=["geometry", "index_right"]))


def judged_soil(results: pd.DataFrame, soil: pd.DataFrame) -> pd.DataFrame:
    """Results with their level, by a merge with the limits of analyte, land use and pH band."""
    limits = farmland_limits(DAY)
    ends = [-np.inf, *limits.edges.tolist(), np.inf]
    table = pd.DataFrame(
        [
            (analyte, use, band, limits.screening[cell], limits.control[cell])
            for analyte, code in enumerate(FIVE)
            for use, name in enumerate(USES)
            for band in range(limits.bands)
            for cell in [int(limits.base(limits.analyte_numbers([code]), limits.land_use_numbers([name]))[0]) + band]
        ],
        columns=["analyte", "land_use", "band", "screening", "control"],
    )
    found = results.merge(soil[["unit", "land_use", "ph"]], left_on="sample", right_index=True)
    found["band"] = pd.cut(found["ph"], ends, labels=False, right=True)
    found = found.merge(table, on=["analyte", "land_use", "band"], how="left")
    found["level"] = (
        1 + (found["value"] > found["screening"]).astype(int) + (found["value"] > found["control"]).astype(int)
    )
    return found


def elements_by_groups(found: pd.DataFrame, soil: pd.DataFrame) -> pd.DataFrame:
    """Class and rule of each unit and element, a function applied to each group of results."""
    rules = class_rules(DAY)

    def rule_of(own: pd.DataFrame) -> pd.Series:
        count = own["level"].value_counts()
        most, top, total = count.index[0], count.iloc[0], len(own)
        rest = own[own["level"] != most]
        if top == total:
            return pd.Series({"rule": "U1", "class": most})
        if top / total <= float(rules.dominance):
            return pd.Series({"rule": "U5", "class": own["level"].max()})
        if len(rest) >= rules.min_contiguous and cKDTree(rest[["x", "y"]]).query_pairs(rules.neighbour_m):
            return pd.Series({"rule": "U3", "class": own["level"].max()})
        if (rest["level"] == 3).any():
            return pd.Series({"rule": "U4", "class": own["level"].max()})
        return pd.Series({"rule": "U2", "class": most})

    placed = found.merge(soil[["x", "y"]], left_on="sample", right_index=True)
    return placed.groupby(["unit", "analyte"])[["level", "x", "y"]].apply(rule_of)


def elements_by_columns(found: pd.DataFrame, soil: pd.DataFrame) -> pd.DataFrame:
    """Class and rule of each unit and element, in whole columns but for what neighbours what."""
    rules = class_rules(DAY)
    share = float(rules.dominance)
    count = (
        found.groupby(["unit", "analyte", "level"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=[1, 2, 3], fill_value=0)
    )
    total, top, dominant = count.sum(axis=1), count.max(axis=1), count.idxmax(axis=1)
    worst = np.where(count[3] > 0, 3, np.where(count[2] > 0, 2, 1))
    element = pd.DataFrame({"dominant": dominant, "worst": worst, "rule": "U5"}, index=count.index)
    element.loc[top == total, "rule"] = "U1"
    leads = (top < total) & (top / total > share)
    element.loc[leads, "rule"] = "U2"
    element.loc[leads & (dominant < 3) & (count[3] > 0), "rule"] = "U4"
    mixed = element.index[leads & (total - top >= rules.min_contiguous)]
    if len(mixed):
        rows = found.merge(element["dominant"].loc[mixed].rename("most"), left_on=["unit", "analyte"], right_index=True)
        rows = rows[rows["level"] != rows["most"]].merge(soil[["x", "y"]], left_on="sample", right_index=True)
        near = rows.groupby(["unit", "analyte"])[["x", "y"]].apply(
            lambda own: len(cKDTree(own.to_numpy()).query_pairs(rules.neighbour_m)) > 0
        )
        element.loc[near.index[near], "rule"] = "U3"
    element["class"] = np.where(element["rule"].isin(["U1", "U2"]), element["dominant"], element["worst"])
    return element


def worst_by_frames(element: pd.DataFrame) -> pd.DataFrame:
    """Soil class of each unit and what a person must look at."""
    flat = element.reset_index()
    flat["settled"] = np.where(flat["rule"].isin(["U1", "U2"]), flat["class"], 0)
    flat["settled"] = flat.groupby("unit")["settled"].transform("max")
    unit = flat.groupby("unit")["class"].max().to_frame("soil_class")
    open_to = flat[flat["class"] > flat["settled"]]
    unit["reason"] = ""
    for rule, reason in (
        ("U5", "unit.no_dominant"),
        ("U4", "unit.isolated_third"),
        ("U3", "unit.contiguous_minority"),
    ):
        unit.loc[open_to.loc[open_to["rule"] == rule, "unit"].unique(), "reason"] = reason
    return unit


def judged_crops(results: pd.DataFrame, crop: pd.DataFrame) -> pd.DataFrame:
    """Crop results with their outcome, by a merge with the limits of crop and analyte."""
    limits = crop_limits(DAY)
    number = limits.crop_numbers(CROPS)
    table = pd.DataFrame(
        [
            (at, analyte, limits.value[row, analyte], limits.inorganic[row, analyte], limits.without[row, analyte])
            for at, row in enumerate(number)
            for analyte in range(len(FIVE))
        ],
        columns=["crop", "analyte", "limit", "inorganic", "without"],
    )
    found = results.merge(crop[["unit", "crop"]], left_on="sample", right_index=True)
    found = found.merge(table, on=["crop", "analyte"], how="left")
    found["clean"] = found["value"] <= found["limit"]
    found["exceeds"] = (found["value"] > found["limit"]) & ~found["inorganic"]
    return found


def crops_by_frames(found: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Clean results by unit and element; crop points exceeding and judged by unit."""
    clean = found.groupby(["unit", "analyte"])["clean"].sum().unstack(fill_value=0)
    sample = found.groupby("sample").agg(unit=("unit", "first"), exceeds=("exceeds", "any"), clean=("clean", "any"))
    sample["judged"] = sample["exceeds"] | sample["clean"]
    by_unit = sample.groupby("unit")
    return clean, by_unit["exceeds"].sum(), by_unit["judged"].sum()


def proposals_by_frames(
    units: int, element: pd.DataFrame, unit: pd.DataFrame, clean: pd.DataFrame, exceeding: pd.Series, judged: pd.Series
) -> dict[str, Array]:
    """Aid of crops and reasons, unit by unit in columns."""
    rules = class_rules(DAY)
    level = element["class"].unstack()
    drives = level.eq(unit["soil_class"], axis=0)
    enough = clean.reindex(index=unit.index, columns=level.columns, fill_value=0) >= rules.min_crop_points
    cleared = (enough | ~drives).all(axis=1)
    above = exceeding.reindex(unit.index, fill_value=0) > 0
    points = judged.reindex(unit.index, fill_value=0)
    soil = unit["soil_class"]
    raised = (soil > 1) & cleared & ~above
    reason = pd.Series("crop.driver_not_judged", index=unit.index)
    reason[points < rules.min_crop_points] = "crop.too_few"
    reason[points == 0] = "crop.none"
    reason[above] = "crop.exceeds"
    reason[raised] = "crop.raised"
    reason[soil == 1] = np.where(above[soil == 1], "crop.inquiry", "")
    cut = unit["reason"].isin(["unit.contiguous_minority", "unit.isolated_third"])
    table = pd.DataFrame({"soil_class": 0, "proposed": 0, "reason": "unit.no_points"}, index=range(units))
    table.loc[unit.index, "soil_class"] = soil
    table.loc[unit.index, "proposed"] = np.where(cut, 0, soil - raised)
    table.loc[unit.index, "reason"] = np.where(unit["reason"] != "", unit["reason"], reason)
    table["reason"] = table["reason"].map({code: number for number, code in enumerate(REASONS)})
    return {name: column.to_numpy() for name, column in table.items()}


# --- one beside the other -------------------------------------------------------------------------------------


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def one_unit_milliseconds(world: World) -> float:
    """A changed sample: its unit alone is classed again, from a dozen points and crops."""
    level, outcome = np.ones((12, 5), np.int8), np.ones((12, 5), np.int8)
    soil = SoilPoints(np.zeros(12, np.intp), level, world.soil["x"][:12], world.soil["y"][:12])
    return median_seconds(lambda: classify(1, soil, CropPoints(np.zeros(12, np.intp), outcome), DAY), 25) * 1000


def peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main(units: int = 100_000, repeats: int = 3) -> float:
    """How many times longer the peers take; returns the ratio of the one that works group by group."""
    world = made_up_world(units)
    results = len(world.soil_results["value"]) + len(world.crop_results["value"])
    mine, own_peak = ours(world), peak_gib()
    arrays = median_seconds(lambda: ours(world), repeats)
    print(f"units {units:,}, results {results:,}, units with a class by soil {(mine['soil_class'] > 0).sum():,}")
    print_reasons(mine["reason"])
    print(f"ours, end to end                {arrays:>10.2f} s    peak memory {own_peak:.2f} GiB with the data")
    print(f"under {MOST_GIB} GiB                    {'yes' if own_peak < MOST_GIB else 'NO':>10}")
    print(f"one unit classed again          {one_unit_milliseconds(world):>10.2f} ms")
    print_peer("whole columns", peer_seconds(world, mine, whole_columns=True), arrays)
    if units > MOST_BY_GROUPS:
        world = made_up_world(MOST_BY_GROUPS)
        mine, arrays = ours(world), median_seconds(lambda: ours(world), repeats)
        print(f"beside {MOST_BY_GROUPS:,} units only")
    by_groups = peer_seconds(world, mine, whole_columns=False)
    print_peer("group by group", by_groups, arrays)
    assert own_peak < MOST_GIB, f"{own_peak:.2f} GiB"
    return by_groups / arrays


def peer_seconds(world: World, mine: dict[str, Array], *, whole_columns: bool) -> float:
    """How long the frames take; their answers are the same."""
    start = time.perf_counter()
    theirs = by_frames(world, whole_columns=whole_columns)
    taken = time.perf_counter() - start
    for column, own in mine.items():
        assert (own == theirs[column]).all(), column
    return taken


def print_peer(name: str, seconds: float, arrays: float) -> None:
    print(f"GeoPandas and pandas, {name:<15}{seconds:>5.2f} s    peak memory {peak_gib():.2f} GiB")
    print(f"ratio                           {seconds / arrays:>10.1f} ×")


def print_reasons(reason: Array) -> None:
    numbers, counts = np.unique(reason, return_counts=True)
    print("; ".join(f"{REASONS[number] or 'none'} {count:,}" for number, count in zip(numbers, counts, strict=True)))


if __name__ == "__main__":
    main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
