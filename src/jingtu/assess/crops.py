"""Crops against GB 2762: each result by the edition of the day of harvest; no limit is no limit, never a pass.

A crop leads to its kind of food, the kind and the analyte to a limit of the edition in force, or to the reason why
there is none. Arrays for whole provinces are in :mod:`jingtu.assess.crop_limits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from jingtu import law
from jingtu.assess.certainty import weakest
from jingtu.assess.finding import Finding, draw
from jingtu.law import LawNotInForce, Row
from jingtu.plain.numbers import decimal_of, plain
from jingtu.plain.reported import NOT_MEASURED, Reported, parse_reported
from jingtu.science.indices import half_limit

OUTCOMES: Final = ("not_judged", "within_limit", "exceeds_limit", "no_limit")
NOT_JUDGED, WITHIN, EXCEEDS, NO_LIMIT = OUTCOMES
LEVEL, SAMPLE = "crop.level", "crop.sample"
ARSENIC, INORGANIC = "As", "As_inorganic"
SAMPLE_RULE: Final = "nyt3343-2018#season"


@dataclass(frozen=True, slots=True)
class CropSample:
    """A crop as it was harvested: its code (blank when not known), day of harvest, results in mg/kg by analyte.

    Inorganic arsenic is an analyte of its own (``As_inorganic``) and is judged together with total arsenic.
    """

    subject: str
    crop: str
    harvested_on: date | None
    results: Mapping[str, Reported]


@dataclass(frozen=True, slots=True)
class Limit:
    """What the edition of a day says of a crop and an analyte: the row that sets the limit, or why there is none."""

    state: str
    row: Row | None
    group: Row
    crop: Row

    @property
    def value(self) -> Decimal | None:
        """The limit in mg/kg."""
        return None if self.row is None else self.row.required_number("value_mg_kg")

    @property
    def certainty(self) -> str:
        """How sure the weakest of the rows is that lead to the limit."""
        return weakest([each for each in (self.row, self.group, self.crop) if each is not None])


@cache
def limit_of(crop: str, analyte: str, on: date) -> Limit:
    """The limit of an analyte in a crop on a day.

    *Source*: GB 2762, edition in force on the day of harvest; kinds of food by its appendix A. Raises
    ``LawNotInForce`` when no edition on record applied and ``UnknownTable`` for a crop that is not on the list.

    >>> plain(limit_of("foxtail_millet", "Cd", date(2021, 9, 15)).value)
    '0.1'
    >>> limit_of("foxtail_millet", "Hg", date(2021, 9, 15)).state
    'no_limit'
    """
    view = law.at(on)
    own = view.table("crops").one(crop=crop)
    group = view.table("crop_groups").one(food_kind=own.text("food_kind"), analyte=analyte)
    row = None
    if group.text("crop_group"):
        row = view.table("gb2762_limits").one(crop_group=group.text("crop_group"), analyte=analyte)
    return Limit(group.text("limit_state"), row, group, own)


def edible(crop: str, on: date) -> bool:
    """Whether a crop is grown to be eaten.

    >>> edible("maize", date(2021, 9, 15)), edible("cotton", date(2021, 9, 15))
    (True, False)
    """
    return law.at(on).table("crops").one(crop=crop).flag("edible")


def judge(samples: Iterable[CropSample], on: date) -> list[Finding]:
    """The findings of crop samples one after another: each analyte measured, then the sample as a whole.

    *Source*: GB 2762 by the day of harvest; equal to the limit is within it. ``on`` is the day of judging: it stands
    for the law of a sample of which the day of harvest is not known, which is not judged.

    >>> wheat = CropSample("N1", "wheat", date(2021, 6, 12), {"Cd": Reported(Decimal("0.1"), None, "")})
    >>> [(each.measure, each.outcome) for each in judge([wheat], date(2021, 9, 15))]
    [('crop.level', 'within_limit'), ('crop.sample', 'within_limit')]
    """
    return [finding for sample in samples for finding in findings_of(sample, on)]


def findings_of(sample: CropSample, on: date) -> list[Finding]:
    """The findings of one crop sample."""
    measured = [code for code in law.analytes().element_set("five") if _is_measured(sample, code)]
    levels = [_level(sample, code, on) for code in measured]
    return [*levels, _whole(sample, levels, on)]


def _is_measured(sample: CropSample, code: str) -> bool:
    named = (code, INORGANIC) if code == ARSENIC else (code,)
    return any(sample.results.get(each, NOT_MEASURED).qualifier != "NM" for each in named)


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: str
    reason: str
    used: str
    item: Reported


def _level(sample: CropSample, code: str, on: date) -> Finding:
    """Why one analyte of a crop is within its limit, above it, without limit, or not judged."""
    limit, reason = _limit_or_reason(sample, code)
    used = INORGANIC if sample.results.get(code, NOT_MEASURED).qualifier == "NM" else code
    blank = _Verdict(NOT_JUDGED, reason, used, sample.results.get(used, NOT_MEASURED))
    verdict = _compare(sample, code, limit) if limit and limit.row else blank
    if limit and limit.state == NO_LIMIT:
        verdict = _Verdict(NO_LIMIT, "crop.no_limit", blank.used, blank.item)
    row = limit.row if limit else None
    return draw(
        subject=sample.subject,
        measure=LEVEL,
        outcome=verdict.outcome,
        law_on=sample.harvested_on or on,
        given={"analyte": code, "crop": sample.crop, "harvested_on": _day(sample), **_reported(sample, code)},
        drawn=_drawn(limit, verdict),
        value=verdict.item.value,
        operator={WITHIN: "<=", EXCEEDS: ">"}.get(verdict.outcome, ""),
        threshold=limit.value if limit else None,
        unit="mg/kg",
        reason=verdict.reason,
        clause=row.clause if row else limit.group.clause if limit else "",
        rule_clause=limit.group.clause if limit else "",
        table_row=row.row_id if row else limit.group.row_id if limit else "",
    )


def _limit_or_reason(sample: CropSample, code: str) -> tuple[Limit | None, str]:
    if not sample.crop:
        return None, "crop.unknown"
    if sample.harvested_on is None:
        return None, "harvest.missing"
    try:
        limit = limit_of(sample.crop, code, sample.harvested_on)
    except LawNotInForce:
        return None, "edition.not_recorded"
    return limit, "crop.limit_not_recorded" if limit.state == "not_recorded" else ""


def _compare(sample: CropSample, code: str, limit: Limit) -> _Verdict:
    total = sample.results.get(code, NOT_MEASURED)
    inorganic = sample.results.get(INORGANIC, NOT_MEASURED) if code == ARSENIC else NOT_MEASURED
    by_form = _against_inorganic if limit.row and limit.row.text("form") == "inorganic" else _against_total
    return by_form(code, total, inorganic, limit.value or Decimal(0))


def _against_total(code: str, total: Reported, inorganic: Reported, limit: Decimal) -> _Verdict:
    """A limit of total content; of inorganic arsenic alone only an exceeding tells something about the total."""
    if total.qualifier != "NM":
        return _Verdict(*_stands(total, limit), code, total)
    outcome, _reason = _stands(inorganic, limit)
    if outcome == EXCEEDS:
        return _Verdict(EXCEEDS, "", INORGANIC, inorganic)
    return _Verdict(NOT_JUDGED, "crop.total_needed", INORGANIC, inorganic)


def _against_inorganic(code: str, total: Reported, inorganic: Reported, limit: Decimal) -> _Verdict:
    """A limit of inorganic arsenic: a total within it needs no speciation, one above it does.

    *Source*: GB 2762, note to the limits of arsenic in rice.
    """
    if inorganic.qualifier != "NM":
        return _Verdict(*_stands(inorganic, limit), INORGANIC, inorganic)
    outcome, reason = _stands(total, limit)
    if outcome == EXCEEDS:
        return _Verdict(NOT_JUDGED, "crop.inorganic_needed", code, total)
    return _Verdict(outcome, reason or "crop.total_within", code, total)


def _stands(item: Reported, limit: Decimal) -> tuple[str, str]:
    """How a result stands to a limit; a non-detect is within it only when its detection limit is."""
    if item.value is not None:
        return (WITHIN if item.value <= limit else EXCEEDS), ""
    if item.qualifier == "NM":
        return NOT_JUDGED, "value.not_measured"
    if item.limit is None:
        return NOT_JUDGED, "limit.unknown"
    return (WITHIN, "") if item.limit <= limit else (NOT_JUDGED, "limit.above_limit")


def _drawn(limit: Limit | None, verdict: _Verdict) -> dict[str, str]:
    drawn = {"used": verdict.used}
    if verdict.item.limit is not None:
        drawn["detection_limit"] = plain(verdict.item.limit)
    if limit is None:
        return drawn
    drawn |= {"certainty": limit.certainty, "food_kind": limit.crop.text("food_kind")}
    if limit.value is not None:
        drawn["index"] = plain(index_of(verdict.item, limit.value)) if has_content(verdict.item) else ""
    return drawn


def has_content(item: Reported) -> bool:
    """Whether a result can enter a mean: a number, or a non-detect with its detection limit."""
    return item.value is not None or item.limit is not None


def index_of(item: Reported, limit: Decimal) -> Decimal:
    """Single index E of a crop: content over limit; a non-detect counts half its detection limit.

    *Source*: NY/T 3343-2018 (single index); HJ/T 166-2004 (half the detection limit in statistics).

    >>> index_of(Reported(Decimal("0.3"), None, ""), Decimal("0.2"))
    Decimal('1.5')
    """
    if item.value is not None:
        return item.value / limit
    return decimal_of(float(half_limit([float(item.limit or 0)])[0])) / limit


def _whole(sample: CropSample, levels: list[Finding], on: date) -> Finding:
    """What the analytes make of a sample: above when any is, within when all that have a limit are judged so."""
    outcomes = [each.outcome for each in levels]
    outcome = NOT_JUDGED
    if EXCEEDS in outcomes:
        outcome = EXCEEDS
    elif outcomes and NOT_JUDGED not in outcomes:
        outcome = WITHIN if WITHIN in outcomes else NO_LIMIT
    judged = [each for each in levels if each.outcome in (WITHIN, EXCEEDS)]
    indices = [Decimal(text) for each in judged if (text := each.part("index"))]
    return draw(
        subject=sample.subject,
        measure=SAMPLE,
        outcome=outcome,
        law_on=sample.harvested_on or on,
        given={"crop": sample.crop, "harvested_on": _day(sample), **_reported(sample)},
        drawn={
            **{name: " ".join(each.part("analyte") for each in levels if each.outcome == name) for name in OUTCOMES},
            "certainty": weakest([each.part("certainty") for each in levels if each.part("certainty")]),
        },
        value=max(indices, default=None),
        reason="" if outcome != NOT_JUDGED else levels_reason(levels),
        clause=next((each.clause for each in levels if each.outcome == outcome and each.clause), ""),
        rule_clause=SAMPLE_RULE,
    )


def levels_reason(levels: list[Finding]) -> str:
    """The one reason that all analytes not judged share, else that some could not be."""
    reasons = {each.reason for each in levels if each.outcome == NOT_JUDGED}
    if not levels:
        return "value.not_measured"
    return reasons.pop() if len(reasons) == 1 else "crop.some_not_judged"


def _day(sample: CropSample) -> str:
    return sample.harvested_on.isoformat() if sample.harvested_on else ""


def _reported(sample: CropSample, code: str = "") -> dict[str, str]:
    """The results a finding rests on, in their fixed spelling: of one analyte, or all."""
    wanted = (code, INORGANIC) if code == ARSENIC else (code,)
    return {
        f"reported.{name}": item.text()
        for name, item in sample.results.items()
        if (not code or name in wanted) and item.qualifier != "NM"
    }


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about a crop again."""
    if finding.law_on is None or finding.measure not in (LEVEL, SAMPLE):
        raise ValueError(f"cannot replay {finding.measure}")
    stored = dict(finding.inputs)
    results = {
        key.removeprefix("reported."): parse_reported(text)
        for key, text in stored.items()
        if key.startswith("reported.")
    }
    harvested = date.fromisoformat(stored["harvested_on"]) if stored["harvested_on"] else None
    again = findings_of(CropSample(finding.subject, stored["crop"], harvested, results), finding.law_on)
    wanted = (finding.measure, finding.part("analyte"))
    return next(each for each in again if (each.measure, each.part("analyte")) == wanted)
