"""Questions about safe use: what is grown, which plan stands, what speaks against a measure, which crops exceed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from jingtu.assess import crops
from jingtu.assess import measures as advice
from jingtu.assess.crops import CropSample
from jingtu.chapters.farmland.facts.descent import complete_pairs_by_unit
from jingtu.chapters.farmland.facts.pairs import complete_pairs
from jingtu.chapters.farmland.facts.units import standing
from jingtu.chapters.farmland.models import Cropping, Exceedance, Measure, Pair, SafeUsePlan, Unit, UnitVersion
from jingtu.evidence.models import Result
from jingtu.evidence.quality import reported
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.reported import Reported

Refusals = list[tuple[str, str]]
ENDED = ("withdrawn", "rejected")


@dataclass(frozen=True)
class Done:
    """A measure as it was carried out on a unit."""

    unit: Unit
    year: int
    season: str
    code: str
    area_mu: Decimal
    carried_out_on: date
    carried_out_by: str
    material: str = ""
    reason: str = ""
    variant: str = ""


def croppings_of(region: str, year: int) -> bool:
    """Whether main crops and habits of a region, or of a county below it, are recorded for a year."""
    return Cropping.objects.filter(region__code__startswith=region_prefix(region), year=year).exists()


def croppings_there(keys: Sequence[tuple[str, int, str, str]]) -> set[tuple[str, int, str, str]]:
    """Those of the keys (county, year, crop, season) that are recorded already."""
    rows = Cropping.objects.filter(region_id__in={key[0] for key in keys}, year__in={key[1] for key in keys})
    return set(rows.values_list("region_id", "year", "crop", "season")) & set(keys)


def plan_of(region: str, year: int) -> SafeUsePlan | None:
    """The plan under which a county acts in a year: its own, else its city's."""
    rows = SafeUsePlan.objects.filter(region_id__in=(region, region[:4] + "00"), year=year).exclude(state="withdrawn")
    return rows.order_by("-region_id").first()


def standing_of(units: Sequence[Unit], on: date | None = None) -> list[UnitVersion]:
    """The standing versions of some units, in the order of their numbers."""
    keys = [unit.pk for unit in units]
    return list(standing(on).filter(unit_id__in=keys).order_by("unit__number"))


def units_of_class(region: str, *classes: str) -> QuerySet[Unit]:
    """The units of a region and below that stand in one of the classes."""
    versions = standing().filter(region__code__startswith=region_prefix(region), land_class__in=classes)
    return Unit.objects.filter(pk__in=versions.values("unit_id")).order_by("number")


# --- measures -------------------------------------------------------------------------------------------------


def measure_refusals(measures: Sequence[Done], on: date) -> list[Refusals]:
    """What speaks against each of the measures, by field, as sentences."""
    there = {each.unit_id: each for each in standing_of([each.unit for each in measures], on)}
    used = _used_areas(measures)
    found = []
    for each in measures:
        version = there.get(each.unit.pk)
        own = _without_unit() if version is None else _against(each, version, used[_key(each)])
        if each.carried_out_on > on:
            own.append(("carried_out_on", _("实施日期晚于业务日期，请核对。")))
        used[_key(each)] += each.area_mu
        found.append(own)
    return found


def _without_unit() -> Refusals:
    return [("unit", _("耕地单元在这一天不存在或已终止。"))]


def _against(each: Done, version: UnitVersion, used: Decimal) -> Refusals:
    found = []
    if not _suits(each, version.land_class):
        found.append(
            ("unit", _("单元 %(unit)s 不是安全利用类或严格管控类，只登记优先保护类措施。") % {"unit": version.code})
        )
    if each.area_mu <= 0:
        found.append(("area_mu", _("实施面积须大于 0。")))
    if used + each.area_mu > version.stated_area_mu:
        found.append(
            (
                "area_mu",
                _("本措施当季面积合计 %(area)s 亩，超过单元面积 %(unit)s 亩。")
                % {"area": f"{(used + each.area_mu).normalize():f}", "unit": f"{version.stated_area_mu.normalize():f}"},
            )
        )
    if not advice.is_preferred(each.code, each.carried_out_on) and not each.reason.strip():
        found.append(("reason", _("农艺调控和替代种植应优先采用；采用其他措施须写明理由（行动计划二（三））。")))
    return found


def _suits(each: Done, land_class: str) -> bool:
    """Whether a measure belongs on land of a class: on class I only what protects it."""
    return (
        land_class in ("II", "III") or advice.group_of(each.code, each.carried_out_on, each.variant) == advice.PROTECT
    )


def _key(each: Done) -> tuple[int, int, str, str]:
    return each.unit.pk, each.year, each.season, each.code


def _used_areas(measures: Sequence[Done]) -> dict[tuple[int, int, str, str], Decimal]:
    """The area on which each measure was already carried out in its season."""
    used = {_key(each): Decimal(0) for each in measures}
    rows = Measure.objects.filter(unit_id__in={key[0] for key in used}).exclude(state__in=ENDED)
    for *key, area in rows.values_list("unit_id", "year", "season", "code").annotate(area=Sum("area_mu")):
        if tuple(key) in used:
            used[tuple(key)] = area
    return used


def measure_warnings(measures: Sequence[Done], on: date) -> list[tuple[str, ...]]:
    """What chemistry and class hold against each measure on its unit: codes of cautions, none when nothing does."""
    acidity = last_soil_ph([each.unit.pk for each in measures])
    there = {each.unit_id: each for each in standing_of([each.unit for each in measures], on)}
    return [_cautions(each, there.get(each.unit.pk), acidity.get(each.unit.pk)) for each in measures]


def _cautions(each: Done, version: UnitVersion | None, acidity: Decimal | None) -> tuple[str, ...]:
    found = advice.cautions(
        each.code,
        each.carried_out_on,
        ph=acidity,
        targets=version.target_analytes if version else (),
        land_class=version.land_class if version else "",
        variant=each.variant,
    )
    return tuple(caution.code for caution in found)


def measures_in(region: str, *states: str) -> QuerySet[Measure]:
    """The measures of a region and below in some states, the one recorded first first."""
    return Measure.objects.filter(region__code__startswith=region_prefix(region), state__in=states).order_by("pk")


def cases_in(region: str) -> QuerySet[Exceedance]:
    """The cases of exceeding crops of a region and below, the one opened first first."""
    return Exceedance.objects.filter(region__code__startswith=region_prefix(region)).order_by("pk")


def last_soil_ph(units: Sequence[int]) -> dict[int, Decimal]:
    """The pH that was measured last in the soil of each unit's ground; units without one are left out."""
    owners = _soil_samples(units)
    rows = Result.objects.filter(
        analyte="pH", batch__state__in=("accepted", "reviewed"), value__isnull=False, sample_id__in=owners
    ).order_by("sample__taken_on", "pk")
    return {owners[sample]: value for sample, value in rows.values_list("sample_id", "value")}


def _soil_samples(units: Sequence[int]) -> dict[int, int]:
    """The soil samples of the pairs of units, or taken on their ground while it was another unit's, with the unit."""
    taken = Pair.objects.filter(unit_id__in=units, soil_sample__isnull=False)
    inherited = complete_pairs_by_unit(units)
    samples = dict(Pair.objects.filter(pk__in=inherited).values_list("pk", "soil_sample_id"))
    return dict(taken.values_list("soil_sample_id", "unit_id")) | {
        samples[pair]: unit for pair, unit in inherited.items()
    }


# --- crops against their limits -------------------------------------------------------------------------------


def crop_samples(pairs: Iterable[Pair], *, states: Sequence[str] = ("reviewed",)) -> dict[int, CropSample]:
    """The crop of each pair as it was measured, by the key of the pair."""
    by_sample = {pair.crop_sample_id: pair for pair in pairs if pair.crop_sample_id}
    results: dict[int, dict[str, Reported]] = {}
    rows = Result.objects.filter(sample_id__in=by_sample, batch__state__in=states, replicate=1).order_by(
        "batch_id", "pk"
    )
    wanted = ("sample_id", "analyte", "value", "qualifier", "detection_limit")
    for sample, analyte, value, qualifier, limit in rows.values_list(*wanted):
        results.setdefault(sample, {})[analyte] = reported(value, qualifier, limit)
    return {
        pair.pk: CropSample(pair.code, pair.crop, pair.harvested_on, results.get(sample, {}))
        for sample, pair in by_sample.items()
    }


def exceeding(pair_ids: Iterable[int], on: date) -> Iterator[tuple[Pair, tuple[str, ...]]]:
    """The complete pairs among these whose crop exceeds and that no case was opened for, each with the analytes."""
    pairs = list(complete_pairs().filter(pk__in=list(pair_ids), exceedance__isnull=True).order_by("code"))
    samples = crop_samples(pairs)
    for pair in pairs:
        levels = crops.judge([samples[pair.pk]], on)
        above = tuple(
            each.part("analyte") for each in levels if each.measure == crops.LEVEL and each.outcome == crops.EXCEEDS
        )
        if above:
            yield pair, above
