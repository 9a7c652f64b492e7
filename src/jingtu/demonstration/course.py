"""How far each city comes: ``data/course.csv`` and ``data/uploads.csv``, where a blank day is still to come."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from jingtu.demonstration.cast import DATA

POINTS_A_TRIP = 6
DAYS_BETWEEN_TRIPS = 2
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Wave:
    """Some points of a city (all that are left when ``points`` is ``None``) and the days of their way."""

    region: str
    points: int | None
    laboratory: str
    sampled_from: date
    handed_on: date | None
    received_on: date | None
    reported_on: date | None
    accepted_on: date | None
    decided_on: date | None
    outcome: str

    @property
    def key(self) -> str:
        """A name for the wave within the course."""
        return f"{self.region}-{self.sampled_from:%m%d}"

    def trips(self, points: Sequence[Thing]) -> Iterator[tuple[date, Sequence[Thing]]]:
        """The days in the field, each with its points."""
        for number, first in enumerate(range(0, len(points), POINTS_A_TRIP)):
            yield self.sampled_from + timedelta(number * DAYS_BETWEEN_TRIPS), points[first : first + POINTS_A_TRIP]

    def analysed(self) -> tuple[date, date]:
        """First and last day of analysis."""
        if self.received_on is None or self.reported_on is None:
            raise ValueError(f"wave {self.key} is not reported yet")
        return self.received_on + timedelta(1), self.reported_on - timedelta(1)


@dataclass(frozen=True)
class Upload:
    """What was reviewed by a day goes to the national platform; a point of ``refused`` is not taken."""

    packed_on: date
    sent_on: date
    receipt_on: date | None
    refused: str


@cache
def uploads() -> tuple[Upload, ...]:
    """All uploads, by day."""
    with (DATA / "uploads.csv").open(encoding="utf-8") as file:
        return tuple(
            Upload(
                date.fromisoformat(row["packed_on"]),
                date.fromisoformat(row["sent_on"]),
                _day(row["receipt_on"]),
                row["refused"],
            )
            for row in csv.DictReader(file)
        )


@cache
def waves() -> tuple[Wave, ...]:
    """All waves, cities by code."""
    with (DATA / "course.csv").open(encoding="utf-8") as file:
        return tuple(_wave(row) for row in csv.DictReader(file))


def _wave(row: dict[str, str]) -> Wave:
    days = {name: _day(row[name]) for name in row if name.endswith("_on")}
    return Wave(
        region=row["region"],
        points=int(row["points"]) if row["points"] else None,
        laboratory=row["laboratory"],
        sampled_from=date.fromisoformat(row["sampled_from"]),
        outcome=row["outcome"],
        **days,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def shared_out(points: dict[str, list[Thing]]) -> dict[str, list[Thing]]:
    """The points of each city dealt to its waves, by the wave's key."""
    left = {region: list(own) for region, own in points.items()}
    dealt = {}
    for wave in waves():
        count = len(left[wave.region]) if wave.points is None else wave.points
        dealt[wave.key], left[wave.region] = left[wave.region][:count], left[wave.region][count:]
    return dealt
