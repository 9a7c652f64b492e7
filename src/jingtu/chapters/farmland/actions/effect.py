"""Writes of effect evaluation: whether safe use on a unit worked in a season, and over seasons one after another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from jingtu.assess import crops, effect_season
from jingtu.assess.effect_season import Harvest
from jingtu.assess.finding import Finding
from jingtu.assess.finding_columns import by_day
from jingtu.chapters.farmland.actions.classes import raise_trigger
from jingtu.chapters.farmland.facts import descent
from jingtu.chapters.farmland.facts import safe_use as facts
from jingtu.chapters.farmland.facts.descent import order_of
from jingtu.chapters.farmland.models import EffectEvaluation, Pair, Season, Unit
from jingtu.chapters.farmland.models.classes import TriggerKind
from jingtu.land import facts as land
from jingtu.registers import findings, ledger
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

REGISTER = "farmland.effect_evaluation"


def evaluate_effect(
    unit: Unit,
    year: int,
    season: str,
    evaluated_by: str,
    yield_change_percent: Decimal | None,
    inputs: str = "",
    *,
    by: Reach,
    on: date,
) -> EffectEvaluation:
    """Evaluate a season of a unit from its pairs that are evidence (NY/T 3343); one evaluation a season."""
    held = descent.harvests_of(unit.region_id, [unit.pk])[unit.pk]
    _require_open(unit, year, season, held)
    drawn, pair_count = _season(unit, year, season, yield_change_percent, inputs, on)
    own = Harvest(year, order_of(season), drawn[-1].outcome, drawn[-1].part("yield"))
    earlier = [each for each in held if (each.year, each.order) < (own.year, own.order)]
    whole = effect_season.overall(str(unit), [*earlier, own], on)
    with ledger.deed(
        "farmland.effect_evaluation.made", by=by, on=on, register=REGISTER, region=unit.region_id
    ) as doing:
        made = EffectEvaluation.objects.create(
            unit=unit, region_id=unit.region_id, year=year, season=season, evaluated_on=on, evaluated_by=evaluated_by,
            pair_count=pair_count, mean_index=_rounded(drawn[-1].value, 4),
            exceeding_percent=_rounded(_share(drawn[-1]), 2), yield_change_percent=yield_change_percent,
            inputs=inputs, outcome=drawn[-1].outcome, overall=whole.outcome,
            is_demonstration=land.is_demonstration(by.organisation_id), recorded_at=doing.recorded_at,
        )  # fmt: skip
        findings.keep(REGISTER, unit.region_id, made.pk, by_day([*drawn, whole]), doing.recorded_at)
        doing.subject_id, doing.data = str(made.pk), {"outcome": made.outcome, "overall": made.overall}
        doing.sentence = _("评价单元 %(unit)s %(year)d 年%(season)s的安全利用效果") % {
            "unit": unit,
            "year": year,
            "season": Season(season).label,
        }
    if made.overall == effect_season.REACHED:
        raise_trigger(TriggerKind.SAFE_USE, unit.region_id, [unit], on, doing.sentence, by=by, on=on)
    return made


def _require_open(unit: Unit, year: int, season: str, held: Sequence[Harvest]) -> None:
    """Refuse a season that was evaluated, be it while the ground was another unit's; in part of it is not enough."""
    told = {(each.year, each.order) for each in held if each.outcome != effect_season.NOT_JUDGED}
    own = EffectEvaluation.objects.filter(unit=unit, year=year, season=season).exists()
    if own or (year, order_of(season)) in told:
        raise DeedRefused(_("本单元（或其拆分合并前的单元）这一季的效果已经评价。"))


def _season(
    unit: Unit, year: int, season: str, yield_change_percent: Decimal | None, inputs: str, on: date
) -> tuple[list[Finding], int]:
    """The findings of a season and the number of pairs behind them."""
    (version,) = facts.standing_of([unit], on) or (None,)
    if version is None or not version.target_analytes:
        raise DeedRefused(_("单元在这一天不存在，或没有登记目标污染物，不能评价效果。"))
    taken = Pair.objects.filter(pk__in=descent.complete_pairs_on(unit), year=year, season=season)
    pairs = list(taken.select_related("unit", "soil_sample", "crop_sample"))
    if not pairs:
        raise DeedRefused(_("本单元这一季没有可作证据的协同监测点对，不能评价效果。"))
    levels = crops.judge(facts.crop_samples(pairs).values(), on)
    indices = effect_season.indices_of(levels, version.target_analytes)
    return effect_season.season(str(unit), indices, on, yield_change_percent, inputs), len(pairs)


def _share(whole: Finding) -> Decimal | None:
    return Decimal(text) if (text := whole.part("exceeding_pct")) else None


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else round(value, places)
