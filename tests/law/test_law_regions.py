"""The regions: counts, parents, codes over time, and boundaries that tile the province."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import shapely
from shapely.geometry import shape

from jingtu import law

REGIONS = law.regions()
AREA_TOLERANCE = 1e-6  # of the area of the larger shape


def test_one_province_eleven_cities_a_hundred_and_seventeen_counties() -> None:
    assert len(REGIONS) == 129
    assert (len(REGIONS.cities), len(REGIONS.counties)) == (11, 117)
    kinds = Counter(r.kind for r in REGIONS.counties)
    assert kinds == {"district": 26, "county_level_city": 11, "county": 80}
    counts = [len(REGIONS.children(city.code)) for city in REGIONS.cities]
    assert counts == [10, 10, 5, 12, 6, 6, 11, 13, 14, 17, 13]


def test_no_orphans() -> None:
    for region in REGIONS:
        if region is not REGIONS.province:
            parent = REGIONS.get(region.parent)
            assert region.code.startswith(parent.prefix)
            assert {"city": "province", "county": "city"}[region.level] == parent.level
    assert len(REGIONS.subtree("140000")) == 129
    assert len(REGIONS.subtree("140100")) == 11


def test_a_name_is_not_a_key() -> None:
    assert [r.code for r in REGIONS.named("城区")] == ["140302", "140502"]
    assert [r.code for r in REGIONS.named("城区", within="140500")] == ["140502"]
    assert [r.code for r in REGIONS.named("山西省太原市小店区")] == ["140105"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("140202", ["140213"]),
        ("140211", ["140213", "140214"]),
        ("140402", ["140403"]),
        ("140481", ["140406"]),
        ("140624", ["140681"]),
        ("140726", ["140703"]),
    ],
)
def test_retired_codes_lead_to_their_successors(old: str, new: list[str]) -> None:
    assert old not in REGIONS
    assert [r.code for r in REGIONS.successors(old)] == new
    retired = REGIONS.get(old)
    assert retired in REGIONS.former
    assert retired.certainty is law.Certainty.MEMORY_HIGH and retired.note


def test_every_predecessor_is_a_retired_region_of_the_same_city() -> None:
    former = {r.code for r in REGIONS.former}
    named = set()
    for region in REGIONS:
        for code in region.predecessors:
            named.add(code)
            assert code in former
            assert REGIONS.get(code).parent == region.parent
    assert named == former


def test_codes_of_a_day() -> None:
    before, during, after = (law.regions(date(year, 6, 1)) for year in (2017, 2018, 2021))
    assert "140202" in before and "140213" not in before
    assert "140202" in during and "140213" in during  # only the year of the change is known
    assert "140202" not in after and "140213" in after
    assert list(after) == list(REGIONS)


def test_city_of_a_county() -> None:
    city = REGIONS.city_of("140105")
    assert city is not None and city.name_zh == "太原市"
    assert REGIONS.city_of("140000") is None
    with pytest.raises(law.UnknownTable, match="按六位代码识别"):
        REGIONS.get("110000")


def test_boundaries_are_valid_and_inside_china() -> None:
    shapes = {code: shape(geometry) for code, geometry in law.boundaries().items()}
    assert set(shapes) == {r.code for r in REGIONS}
    for code, polygon in shapes.items():
        assert polygon.is_valid, code
        assert polygon.geom_type in {"Polygon", "MultiPolygon"}
        west, south, east, north = polygon.bounds
        assert 110 < west < east < 115 and 34 < south < north < 41, code


@pytest.mark.parametrize("level", ["city", "county"])
def test_the_parts_tile_the_whole_once(level: str) -> None:
    shapes = {code: shape(geometry) for code, geometry in law.boundaries().items()}
    wholes = [REGIONS.province] if level == "city" else list(REGIONS.cities)
    for whole in wholes:
        parts = [shapes[r.code] for r in REGIONS.subtree(whole.code) if r.level == level]
        union = shapely.union_all(parts)
        total = sum(p.area for p in parts)
        tolerance = AREA_TOLERANCE * total
        assert union.symmetric_difference(shapes[whole.code]).area < tolerance, whole.code
        assert abs(total - union.area) < tolerance, f"overlap in {whole.code}"
