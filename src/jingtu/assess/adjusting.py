"""What an adjustment of class lacks by the event that led to it: its usual direction, its evidence, its seasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from jingtu import law
from jingtu.assess.certainty import label, weakest
from jingtu.assess.measures import Caution
from jingtu.law import Row
from jingtu.plain.numbers import plain

TABLE: Final = "farmland_triggers"
NUMBERS: Final = "farmland_numbers"
ORDER: Final = ("I", "II", "III")
BETTER, SAME, WORSE, ENTERS = "better", "same", "worse", "enters"
_ALLOWED: Final = {
    "either": {BETTER, SAME, WORSE, ENTERS},
    "out_or_in": {ENTERS},
    "upgrade_or_stay": {BETTER, SAME},
    "upgrade": {BETTER},
    "downgrade": {WORSE},
}
CAUTION_NAMES: Final = {
    "direction": "与触发情形的通常方向不符",
    "no_document": "没有所需的文件",
    "no_soil_points": "没有土壤点位结果",
    "few_crop_points": "农产品点位不足",
    "few_seasons": "连续达到效果的季（年）数不足",
    "no_evaluation": "没有据以降类的评价",
}
_ROWS: Final = {
    "few_seasons": (NUMBERS, "upgrade.periods"),
    "few_crop_points": (NUMBERS, "class.min_crop_points"),
    "no_evaluation": ("farmland_class_rules", "D1"),
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is on record for the adjustment of one unit.

    ``soil_points`` and ``crop_points`` are those of the evaluation it rests on, ``is_evaluated`` whether it rests on
    one, ``seasons`` how many one after another reached the effect of safe use, ``documents`` how many files the event
    has.
    """

    soil_points: int = 0
    crop_points: int = 0
    is_evaluated: bool = False
    seasons: int = 0
    documents: int = 0


def cautions(trigger: str, before: str, proposed: str, on: date, grounds: Grounds) -> list[Caution]:
    """What is held against classing a unit anew; a person may still do so, for a reason.

    *Source*: plan of 2021, article 5, for the events; what evidence each needs, and that a better class needs
    consecutive seasons with effect, from memory (``farmland_triggers``, ``upgrade.periods``). ``trigger`` is the code
    of the event, blank without one; ``before`` is blank where a unit has no class yet.

    >>> day = date(2021, 9, 15)
    >>> [each.code for each in cautions("T4", "III", "II", day, Grounds(seasons=1))]
    ['few_seasons']
    >>> [each.code for each in cautions("T6", "II", "I", day, Grounds(seasons=2, documents=1))]
    ['direction']
    """
    events = law.at(on).table(TABLE).where(trigger=trigger)
    of_event = (each for event in events for each in _of_event(event, before, proposed, on, grounds))
    found = {each.code: each for each in (*_of_class(before, proposed, on, grounds), *of_event)}
    return [found[code] for code in CAUTION_NAMES if code in found]


def caution_told(code: str, on: date) -> str:
    """A caution without its numbers, with what it rests on and how sure that is.

    >>> caution_told("few_seasons", date(2021, 9, 15))
    '连续达到效果的季（年）数不足（NY/T 3343-2018 总体治理效果，凭记忆录入，把握中等）'
    """
    rows = [_row(code, on)] if code in _ROWS else list(law.at(on).table(TABLE))
    cited = "、".join(dict.fromkeys(law.cite(row.clause) for row in rows))
    return f"{CAUTION_NAMES[code]}（{cited}，{label(weakest(rows))}）"


def _row(code: str, on: date) -> Row:
    """The row on which a caution rests that is not of the event."""
    table, rule = _ROWS[code]
    return law.at(on).table(table).one(rule=rule)


def _step(before: str, proposed: str) -> str:
    """Which way a proposal goes."""
    if not before:
        return ENTERS
    old, new = ORDER.index(before), ORDER.index(proposed)
    return BETTER if new < old else WORSE if new > old else SAME


def _of_class(before: str, proposed: str, on: date, grounds: Grounds) -> Iterator[Caution]:
    """What any change of class needs, whatever led to it."""
    step, seasons = _step(before, proposed), _row("few_seasons", on)
    if step == BETTER and grounds.seasons < (need := seasons.required_number("value")):
        told = f"升类需连续 {plain(need)} 季（年）达到效果，现有 {grounds.seasons} 季（年）"
        yield Caution.by(seasons, "few_seasons", told)
    if step == WORSE and not grounds.is_evaluated:
        yield Caution.by(_row("no_evaluation", on), "no_evaluation", "降类需有质控合格的一轮结果并重新评价")


def _of_event(row: Row, before: str, proposed: str, on: date, grounds: Grounds) -> Iterator[Caution]:
    """What the kind of event asks for."""
    event, needs = row.text("trigger_zh"), row.text("needs").split()
    if _step(before, proposed) not in _ALLOWED[row.text("direction")]:
        way = law.codes("trigger_direction").label(row.text("direction"))
        yield Caution.by(row, "direction", f"触发情形“{event}”通常是{way}")
    wanted = f"触发情形“{event}”须有{row.text('evidence_zh')}"
    if "document" in needs and not grounds.documents:
        yield Caution.by(row, "no_document", wanted)
    if "soil" in needs and not grounds.soil_points:
        yield Caution.by(row, "no_soil_points", wanted)
    least = _row("few_crop_points", on)
    if "crops" in needs and grounds.crop_points < (need := least.required_number("value")):
        told = f"农产品点位须不少于 {plain(need)} 个，现有 {grounds.crop_points} 个"
        yield Caution.by(least, "few_crop_points", told)
