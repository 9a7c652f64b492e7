"""What happened to one unit, in the order of the days: versions, evidence, measures, control, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu import law
from jingtu.chapters.farmland.facts.descent import complete_pairs_on, sources
from jingtu.chapters.farmland.facts.units import versions_of
from jingtu.chapters.farmland.models import (
    Adjustment,
    ControlUse,
    EffectEvaluation,
    Exceedance,
    LandClass,
    Measure,
    Pair,
    Planting,
    Trigger,
    Unit,
    UnitVersion,
    Zone,
)
from jingtu.chapters.farmland.models.units import ROMAN
from jingtu.chapters.farmland.workflow import ADJUSTMENT, CONTROL_USE, EXCEEDANCE, MEASURE, PLANTING, TRIGGER, ZONE
from jingtu.registers.arrows import Workflow
from jingtu.registers.clock import Clock
from jingtu.registers.models import Move

LANES: Mapping[str, Any] = {
    "version": gettext_lazy("单元与类别"),
    "evidence": gettext_lazy("协同监测"),
    "evaluation": gettext_lazy("类别评价"),
    "decision": gettext_lazy("触发与调整"),
    "measure": gettext_lazy("措施与效果"),
    "grain": gettext_lazy("超标农产品"),
    "control": gettext_lazy("严格管控"),
}


@dataclass(frozen=True)
class Told:
    """One thing that happened: when, in which lane, in words, and the record that tells it."""

    on: date
    lane: str
    words: str
    detail: str
    register: str
    pk: int
    kind: str = "open"
    is_late: bool = False


def told_of(unit: Unit, clock: Clock) -> list[Told]:
    """Everything that happened to a unit by the asked day and was known by then, the first thing first."""
    found = [*_versions(unit, clock), *_evidence(unit, clock), *_evaluations(unit, clock), *_effects(unit, clock)]
    for flow, lane, rows in _flows(unit):
        found += _moved(flow, lane, rows, clock)
    return sorted(found, key=lambda each: (each.on, list(LANES).index(each.lane), each.pk))


def class_spans(unit: Unit, clock: Clock) -> list[tuple[date, date, UnitVersion]]:
    """The versions of a unit with the days from and until which each stood, up to the asked day."""
    known = [each for each in versions_of(unit) if each.from_on <= clock.on and each.recorded_at < clock.known_until]
    ends = [each.from_on for each in known[1:]]
    last = min(unit.ended_on or clock.on, clock.on)
    return [(each.from_on, until, each) for each, until in zip(known, [*ends, last], strict=False)]


def _is_known(on: date | None, recorded_at: datetime, clock: Clock) -> bool:
    return on is not None and on <= clock.on and recorded_at < clock.known_until


def _versions(unit: Unit, clock: Clock) -> Iterator[Told]:
    for from_on, _until, each in class_spans(unit, clock):
        name = LandClass(each.land_class).label if each.land_class else _("未划分类别")
        area = f"{each.stated_area_mu:.2f}"
        yield Told(
            from_on,
            "version",
            f"{each.get_change_display()}：{ROMAN.get(each.land_class, '')}{name}",
            _("第 %(version)d 版，%(area)s 亩，%(village)s")
            % {"version": each.version, "area": area, "village": each.village},
            "farmland.unit_version",
            each.pk,
            "done",
        )


def _evidence(unit: Unit, clock: Clock) -> Iterator[Told]:
    """Sampling of each pair, and the day on which it became evidence."""
    taken = Pair.objects.filter(pk__in=_pairs_of(unit), progress__isnull=False)
    for pair in taken.select_related("progress").order_by("pk"):
        crop = law.codes("crop").label(pair.crop)
        season = f"{pair.year} {pair.get_season_display()} {crop}"
        sampled_on = pair.soil_on or pair.harvested_on
        if _is_known(sampled_on, pair.recorded_at, clock):
            yield Told(sampled_on, "evidence", _("采样 %(code)s") % {"code": pair}, season, "farmland.pair", pair.pk)
        completed_on = pair.progress.completed_on
        if _is_known(completed_on, pair.recorded_at, clock):
            words = _("成对，可作证据 %(code)s") % {"code": pair}
            yield Told(completed_on, "evidence", words, season, "farmland.pair", pair.pk, "done")


def _evaluations(unit: Unit, clock: Clock) -> Iterator[Told]:
    for each in unit.evaluations.order_by("pk"):
        if not _is_known(each.evaluated_on, each.recorded_at, clock):
            continue
        proposed = ROMAN.get(each.proposed_class, "—")
        words = _("须人工研判") if each.needs_review else _("建议%(proposed)s类") % {"proposed": proposed}
        detail = _("土壤 %(soil)d 点，农产品 %(crop)d 点（超标 %(above)d）") % {
            "soil": each.soil_points,
            "crop": each.crop_points,
            "above": each.crop_exceeding,
        }
        kind = "soon" if each.needs_review or each.proposed_class != each.standing_class else "open"
        yield Told(each.evaluated_on, "evaluation", words, detail, "farmland.evaluation", each.pk, kind)


def _effects(unit: Unit, clock: Clock) -> Iterator[Told]:
    for each in EffectEvaluation.objects.filter(unit_id__in=sources(unit.pk)).order_by("pk"):
        if not _is_known(each.evaluated_on, each.recorded_at, clock):
            continue
        reached = each.outcome == "reached"
        words = _("当季达到效果") if reached else _("当季未达到效果或无法判定")
        detail = _("%(year)d 年%(season)s，%(pairs)d 对，平均指数 %(index)s") % {
            "year": each.year,
            "season": each.get_season_display(),
            "pairs": each.pair_count,
            "index": "—" if each.mean_index is None else f"{each.mean_index:.2f}",
        }
        kind = "done" if reached else "soon"
        yield Told(each.evaluated_on, "measure", words, detail, "farmland.effect_evaluation", each.pk, kind)


def _flows(unit: Unit) -> Iterator[tuple[Workflow, str, Iterable[Any]]]:
    """The records with a workflow that concern the unit or the ground it has, by their lane."""
    line = sources(unit.pk)
    yield MEASURE, "measure", Measure.objects.filter(unit_id__in=line)
    yield EXCEEDANCE, "grain", Exceedance.objects.filter(pair_id__in=_pairs_of(unit)).select_related("pair")
    yield TRIGGER, "decision", Trigger.objects.filter(units__unit=unit)
    yield ADJUSTMENT, "decision", Adjustment.objects.filter(items__unit=unit)
    yield CONTROL_USE, "control", ControlUse.objects.filter(unit_id__in=line)
    yield ZONE, "control", Zone.objects.filter(units__unit_id__in=line).distinct()
    ground = versions_of(unit).last()
    if ground is not None:
        yield PLANTING, "control", Planting.objects.filter(place__coveredby=ground.geom)


def _pairs_of(unit: Unit) -> set[int]:
    """The pairs of a unit, and those taken on its ground while it was another unit's."""
    return {*unit.pairs.values_list("pk", flat=True), *complete_pairs_on(unit)}


def _moved(flow: Workflow, lane: str, rows: Iterable[Any], clock: Clock) -> Iterator[Told]:
    """The moves of some records, in the words of their workflow."""
    records = {row.pk: row for row in rows}
    moves = Move.objects.filter(
        register=flow.register, subject_id__in=records, on__lte=clock.on, recorded_at__lt=clock.known_until
    )
    for move in moves.order_by("id"):
        record, state = records[move.subject_id], flow.states[move.to_state]
        label = state.label if move.arrow == "begin" else flow.arrow(move.arrow).label
        detail = f"{_named(record)}{f'：{move.reason}' if move.reason else ''}"
        yield Told(move.on, lane, str(label), detail, flow.register, record.pk, state.kind, move.is_late)


def _named(record: Any) -> str:
    """A record in the words of a reader: codes become names."""
    if isinstance(record, Measure):
        return f"{law.codes('measure').label(record.code)} {record.area_mu:.1f} {_('亩')}"
    if isinstance(record, Exceedance):
        return f"{law.codes('crop').label(record.crop)} {record.pair}"
    if isinstance(record, Planting):
        return f"{law.codes('crop').label(record.crop)} {record.area_mu:.1f} {_('亩')}"
    if isinstance(record, ControlUse):
        return f"{record.get_kind_display()} {record.area_mu:.1f} {_('亩')}"
    return str(record)
