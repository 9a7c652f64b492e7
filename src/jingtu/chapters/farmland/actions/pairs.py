"""Writes of paired sampling: pairs with their two samples, and handing a season's samples to a laboratory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point as Place
from django.utils.translation import gettext as _

from jingtu.chapters.farmland.checking.pairs import HALVES, is_taken
from jingtu.chapters.farmland.facts import pairs as facts
from jingtu.chapters.farmland.facts import units
from jingtu.chapters.farmland.models import Pair
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Handover, Laboratory, Medium, Sample, SampleKind
from jingtu.registers import ledger
from jingtu.registers.findings import keep_each
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Reach

DUPLICATE_EVERY = 10
PLAIN = ("year", "season", "crop", "leader", "sampler")


def enter_pairs(
    rows: Sequence[Mapping[str, Any]], doing: Deed, *, dossier: Dossier | None = None, demonstration: bool = False
) -> dict[str, int]:
    """Add pairs with their samples, or the half that lacked, inside the deed that accepted the dossier."""
    known = facts.pairs_by_code(row["code"] for row in rows)
    samples = _samples(rows, doing)
    fresh = [row for row in rows if row["code"] not in known]
    owners = _units(fresh)
    pairs = [_pair(row, owner, doing, dossier, demonstration) for row, owner in zip(fresh, owners, strict=True)]
    halves = sum(not (is_taken(row, "soil") and is_taken(row, "crop")) for row in fresh)
    for pair, row in [*zip(pairs, fresh, strict=True), *((known[r["code"]], r) for r in rows if r["code"] in known)]:
        _fill(pair, row, samples)
    Pair.objects.bulk_create(pairs)
    for pair in known.values():
        pair.save()
    _bind([*pairs, *known.values()])
    _judge([*pairs, *known.values()], doing)
    return {"made": len(pairs), "completed": len(known), "halves": halves, "samples": len(samples)}


def _samples(rows: Sequence[Mapping[str, Any]], doing: Deed) -> dict[tuple[str, str], Sample]:
    """The samples of these rows by pair code and half, each with a drawn code beside the label of its sampler."""
    taken = [(row, half) for row in rows for half in HALVES if is_taken(row, half)]
    codes = evidence.draw_codes(len(taken), doing.on.year)
    made = {(row["code"], half): _sample(row, half, codes, doing) for row, half in taken}
    Sample.objects.bulk_create(made.values())
    return made


def _sample(row: Mapping[str, Any], half: str, codes: Iterator[str], doing: Deed) -> Sample:
    is_soil = half == Medium.SOIL
    return Sample(
        code=next(codes),
        label=row[f"{half}_code"] or "",
        kind=SampleKind.ROUTINE,
        region_id=row["region_code"],
        origin_register=facts.PAIR,
        taken_on=row["soil_on"] if is_soil else row["harvested_on"],
        medium=half,
        crop="" if is_soil else row["crop"],
        land_use=row["land_use"] if is_soil else "",
        recorded_at=doing.recorded_at,
    )


def _units(rows: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """The unit of each row: by its number, else the one on whose ground it was sampled."""
    numbered = units.units_by_number(row["unit_number"] for row in rows if row["unit_number"])
    found = facts.units_of_rows(rows)
    return [
        numbered[row["unit_number"]].pk if row["unit_number"] else unit for row, unit in zip(rows, found, strict=True)
    ]


def _pair(row: Mapping[str, Any], unit: int | None, doing: Deed, dossier: Dossier | None, demonstration: bool) -> Pair:
    return Pair(
        code=row["code"],
        region_id=row["region_code"],
        unit_id=unit,
        variety=row["variety"] or "",
        dossier=dossier,
        is_demonstration=demonstration,
        recorded_at=doing.recorded_at,
        **{name: row[name] for name in PLAIN},
    )


def _fill(pair: Pair, row: Mapping[str, Any], samples: Mapping[tuple[str, str], Sample]) -> None:
    """Put the halves that a row tells of into its pair."""
    if is_taken(row, "soil"):
        pair.soil_sample, pair.soil_on = samples[pair.code, "soil"], row["soil_on"]
        pair.soil_place = Place(*(facts.place_of(row, "soil") or ()), srid=4490)
        pair.depth_top_cm, pair.depth_bottom_cm = row["depth_top_cm"], row["depth_bottom_cm"]
    if is_taken(row, "crop"):
        pair.crop_sample, pair.harvested_on = samples[pair.code, "crop"], row["harvested_on"]
        pair.crop_place = Place(*(facts.place_of(row, "crop") or ()), srid=4490)


def _bind(pairs: Sequence[Pair]) -> None:
    """Let each sample say of which pair it is."""
    samples = []
    for pair in pairs:
        for sample in (pair.soil_sample, pair.crop_sample):
            if sample is not None and sample.origin_id is None:
                sample.origin_id = pair.pk
                samples.append(sample)
    Sample.objects.bulk_update(samples, ["origin_id"])


def _judge(pairs: Sequence[Pair], doing: Deed) -> None:
    """Keep what the pair rule says of each pair that has both halves."""
    judged = [(pair, verdict) for pair in pairs if (verdict := facts.pairing_of(pair))]
    for pair, verdict in judged:
        pair.fault = verdict.reason
    Pair.objects.bulk_update([pair for pair, verdict in judged if verdict.reason], ["fault"])
    keep_each(facts.PAIR, [(pair.pk, pair.region_id, [verdict]) for pair, verdict in judged], doing.recorded_at)


# --- handing over ---------------------------------------------------------------------------------------------


def hand_over(
    laboratory: Laboratory,
    region: str,
    season: tuple[int, str],
    medium: str,
    analytes: Sequence[str],
    *,
    by: Reach,
    on: date,
    controls: Sequence[Sample] = (),
) -> Handover:
    """Hand the soil, or the crop, of a season of pairs to a laboratory, blind duplicates and controls among it."""
    waiting = list(facts.waiting_samples(region, *season, medium))
    if not waiting:
        raise ledger.DeedRefused(_("所选地区、年度和季别没有待送检的样品：请先导入协同监测点对表。"))
    with ledger.deed("farmland.pair.divided", by=by, on=on, register=facts.PAIR, region=region) as doing:
        divided = waiting[::DUPLICATE_EVERY]
        codes = evidence.draw_codes_like([sample.code for sample in divided])
        twins = [_twin(sample, code, doing) for sample, code in zip(divided, codes, strict=True)]
        Sample.objects.bulk_create(twins)
        doing.sentence = _("为 %(count)d 件样品分出密码平行样 %(twins)d 件") % {
            "count": len(waiting),
            "twins": len(twins),
        }
        samples = sorted([*waiting, *twins, *controls], key=lambda sample: sample.code)
        return evidence.prepare_handover(laboratory, samples, analytes, by=by, on=on, region=region)


def _twin(sample: Sample, code: str, doing: Deed) -> Sample:
    """A second portion of a sample under a code of its own."""
    return Sample(
        code=code,
        kind=SampleKind.DUPLICATE,
        region_id=sample.region_id,
        parent=sample,
        origin_register=sample.origin_register,
        origin_id=sample.origin_id,
        taken_on=sample.taken_on,
        medium=sample.medium,
        crop=sample.crop,
        land_use=sample.land_use,
        recorded_at=doing.recorded_at,
    )
