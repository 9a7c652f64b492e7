"""Questions about paired samples: which are evidence, what was found in them, what each one lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from jingtu.assess import pairing
from jingtu.assess.finding import Finding
from jingtu.chapters.farmland.checking.ground import GEOD
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.models import Pair
from jingtu.evidence.models import Medium, Sample
from jingtu.plain.identifiers import region_prefix

PAIR = "farmland.pair"
IN_STATE = "SELECT pair_id FROM farmland_pair_states(ARRAY({rows})) WHERE state = %s"
Place = tuple[float, float]


def pairs_by_code(codes: Iterable[str]) -> dict[str, Pair]:
    """Pairs by their codes."""
    found = Pair.objects.filter(code__in=set(codes)).select_related("region", "soil_sample", "crop_sample")
    return {pair.code: pair for pair in found}


def pair(identity: int) -> Pair:
    """A pair by its key."""
    return Pair.objects.get(pk=identity)


def complete_pairs(unit_ids: Iterable[int] | None = None, year: int | None = None, season: str = "") -> QuerySet[Pair]:
    """The pairs that are evidence as of the asked day: both halves within the pair rule, reviewed, none failed."""
    rows = Pair.objects.select_related("unit", "soil_sample", "crop_sample")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    if season:
        rows = rows.filter(season=season)
    return rows.filter(progress__state="complete") if year is None else in_state(rows.filter(year=year), "complete")


def in_state(rows: QuerySet[Pair], state: str) -> QuerySet[Pair]:
    """Those of many pairs that are so far as of the asked day, worked out for all of them together."""
    try:
        asked, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return rows.none()
    sql = IN_STATE.format(rows=asked)
    return rows.filter(pk__in=RawSQL(sql, [*values, state]))  # noqa: S611 - the text is the ORM's, values are parameters


def pairs_of_batch(batch_id: int) -> QuerySet[Pair]:
    """The pairs of which a batch holds results."""
    origins = Sample.objects.filter(results__batch_id=batch_id, origin_register=PAIR).values("origin_id")
    return Pair.objects.filter(pk__in=origins)


def waiting_samples(region: str, year: int, season: str, medium: str) -> QuerySet[Sample]:
    """The soil, or the crop, of a season of pairs that no laboratory was given yet."""
    half = "soil_sample_id" if medium == Medium.SOIL else "crop_sample_id"
    season_of = Pair.objects.filter(region__code__startswith=region_prefix(region), year=year, season=season)
    taken = season_of.exclude(**{f"{half}__isnull": True}).values(half)
    return Sample.objects.filter(pk__in=taken, handovers__isnull=True).order_by("code")


def place_of(row: Mapping[str, Any], half: str = "") -> Place | None:
    """Where a row of the sheet was sampled: its soil, else its crop, or the half that is asked for."""
    for each in (half,) if half else ("soil", "crop"):
        lon, lat = row[f"{each}_lon"], row[f"{each}_lat"]
        if lon is not None and lat is not None:
            return float(lon), float(lat)
    return None


def units_of_rows(rows: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """The unit on whose ground each row of the sheet was sampled, as the units stood on the day of sampling."""
    found: list[int | None] = [None] * len(rows)
    by_day: dict[date, list[int]] = {}
    for number, row in enumerate(rows):
        day = row["soil_on"] or row["harvested_on"]
        if day and place_of(row):
            by_day.setdefault(day, []).append(number)
    for day, numbers in by_day.items():
        places = [place for number in numbers if (place := place_of(rows[number]))]
        for number, unit in zip(numbers, units.units_at(places, day), strict=True):
            found[number] = unit
    return found


def pairing_of_row(row: Mapping[str, Any], known: Pair | None) -> Finding | None:
    """What the pair rule says of a row, with the half that is there already; nothing while one half lacks."""
    soil_on = row["soil_on"] or (known.soil_on if known else None)
    crop_on = row["harvested_on"] or (known.harvested_on if known else None)
    soil = place_of(row, "soil") or _kept(known.soil_place if known else None)
    crop = place_of(row, "crop") or _kept(known.crop_place if known else None)
    if not (soil_on and crop_on and soil and crop):
        return None
    return pairing.judge(str(row["code"]), soil_on, crop_on, _apart_m(soil, crop), crop_on)


def pairing_of(pair: Pair) -> Finding | None:
    """What the pair rule says of a pair; nothing while one half lacks."""
    blank = dict.fromkeys(("soil_on", "harvested_on", "soil_lon", "soil_lat", "crop_lon", "crop_lat"))
    return pairing_of_row({"code": pair.code, **blank}, pair)


def _kept(place: Any) -> Place | None:
    return (place.x, place.y) if place else None


def _apart_m(one: Place, other: Place) -> Decimal:
    return Decimal(f"{GEOD.inv(*one, *other)[2]:.1f}")
