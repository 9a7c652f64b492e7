"""Administrative regions with their codes over time, and their boundaries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jingtu.law.errors import UnknownTable
from jingtu.law.source import Certainty, day_or_none, read_records, read_text, split
from jingtu.plain.identifiers import region_prefix

UNKNOWN = "没有代码为“{code}”的行政区；行政区按六位代码识别，不按名称。"
BOUNDARY_FILE = "regions.geojson"


@dataclass(frozen=True, slots=True)
class Region:
    """One province, city or county under one code.

    ``valid_from``/``valid_to`` are included; where only the year of a change is known
    (``date_precision`` is ``year``) the old and the new code are both accepted in that year.
    """

    code: str
    name_zh: str
    full_name_zh: str
    level: str
    kind: str
    parent: str
    valid_from: date | None
    valid_to: date | None
    date_precision: str
    predecessors: tuple[str, ...]
    certainty: Certainty
    note: str

    @property
    def prefix(self) -> str:
        """The digits that every region below shares: 14, 1401 or the full six."""
        return region_prefix(self.code)

    def is_valid(self, day: date) -> bool:
        """Whether the code was in use on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RegionSet:
    """Regions of one day (or the present list), iterated in code order of the source.

    Retired codes are not iterated but are found by ``get`` and ``former``.
    """

    current: tuple[Region, ...]
    former: tuple[Region, ...]

    def __iter__(self) -> Iterator[Region]:
        return iter(self.current)

    def __len__(self) -> int:
        return len(self.current)

    def __contains__(self, code: object) -> bool:
        return any(region.code == code for region in self.current)

    def __getitem__(self, code: str) -> Region:
        return self.get(code)

    def get(self, code: str) -> Region:
        """The region with this code, current or retired; raises ``UnknownTable``."""
        try:
            return _by_code()[code]
        except KeyError:
            raise UnknownTable(UNKNOWN.format(code=code)) from None

    @property
    def province(self) -> Region:
        """The province."""
        return next(region for region in self.current if region.level == "province")

    @property
    def cities(self) -> tuple[Region, ...]:
        """The cities (设区的市) in code order."""
        return tuple(region for region in self.current if region.level == "city")

    @property
    def counties(self) -> tuple[Region, ...]:
        """The counties, districts and county-level cities."""
        return tuple(region for region in self.current if region.level == "county")

    def children(self, code: str) -> tuple[Region, ...]:
        """The regions directly below."""
        return tuple(region for region in self.current if region.parent == code)

    def subtree(self, code: str) -> tuple[Region, ...]:
        """The region itself and everything below."""
        prefix = self.get(code).prefix
        return tuple(region for region in self.current if region.code.startswith(prefix))

    def city_of(self, code: str) -> Region | None:
        """The city a county belongs to, the city itself, or ``None`` for the province."""
        region = self.get(code)
        while region.level == "county":
            region = self.get(region.parent)
        return region if region.level == "city" else None

    def named(self, name: str, within: str = "") -> tuple[Region, ...]:
        """Regions with this short or full name; 城区 exists twice, so a tuple.

        >>> [region.code for region in regions().named("城区")]
        ['140302', '140502']
        """
        prefix = region_prefix(within) if within else ""
        return tuple(
            region
            for region in self.current
            if name in {region.name_zh, region.full_name_zh} and region.code.startswith(prefix)
        )

    def successors(self, code: str) -> tuple[Region, ...]:
        """The regions that took over a retired code."""
        return tuple(region for region in _all() if code in region.predecessors)


@cache
def regions(day: date | None = None) -> RegionSet:
    """The regions: without a day the list in use since 2019, with a day the codes of that day."""
    everything = _all()
    if day is None:
        current = tuple(region for region in everything if region.valid_to is None)
    else:
        current = tuple(region for region in everything if region.is_valid(day))
    former = tuple(region for region in everything if region.valid_to is not None)
    return RegionSet(current, tuple(region for region in former if region not in current))


@cache
def boundaries() -> Mapping[str, Mapping[str, Any]]:
    """GeoJSON geometry of every current region by code: CGCS2000 (EPSG:4490), lon-lat degrees."""
    features = json.loads(boundary_text())["features"]
    return {feature["properties"]["code"]: feature["geometry"] for feature in features}


def boundary_text() -> str:
    """The boundary file as shipped, a GeoJSON feature collection in EPSG:4490."""
    return read_text(BOUNDARY_FILE)


@cache
def _all() -> tuple[Region, ...]:
    return tuple(_region(record) for record in read_records("regions.csv"))


@cache
def _by_code() -> dict[str, Region]:
    return {region.code: region for region in _all()}


def _region(r: dict[str, str]) -> Region:
    return Region(
        code=r["code"],
        name_zh=r["name_zh"],
        full_name_zh=r["full_name_zh"],
        level=r["level"],
        kind=r["kind"],
        parent=r["parent"],
        valid_from=day_or_none(r["valid_from"]),
        valid_to=day_or_none(r["valid_to"]),
        date_precision=r["date_precision"],
        predecessors=split(r["predecessors"]),
        certainty=Certainty(r["certainty"]),
        note=r["note"],
    )
