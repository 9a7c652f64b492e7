"""Which area a field adds to the safe-use rate, under which term, and what it lacks to be counted.

Both ways of counting: the trial method by degree of pollution (terms B, C, D over E) and by class (``safe_done``,
``strict_done`` over ``safe``, ``strict``). The rate itself is in :mod:`jingtu.assess.rates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.certainty import label, weakest
from jingtu.assess.measures import PROTECT, REMEDIATE, SAFE_USE, STRICT, group_of
from jingtu.assess.rates import terms
from jingtu.law import Row
from jingtu.plain.numbers import plain

TRIAL, CLASS_BASED = "farmland.trial_2019", "farmland.class_based"
MODES: Final = (TRIAL, CLASS_BASED)
SLIGHT, MODERATE, HEAVY = "slight", "moderate", "heavy"
WHOLE, SHARE = "whole", "share"
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
PERIODS: Final = "count.periods"
_DEGREE_OF_CLASS: Final = {"II": MODERATE, "III": HEAVY}
_GROUPS: Final = {SLIGHT: (PROTECT,), MODERATE: (SAFE_USE, REMEDIATE), HEAVY: (STRICT,)}
_TERMS: Final = {
    TRIAL: {SLIGHT: ("B", "E"), MODERATE: ("C", "E"), HEAVY: ("D", "E")},
    CLASS_BASED: {MODERATE: ("safe_done", "safe"), HEAVY: ("strict_done", "strict")},
}
MISSING_NAMES: Final = {
    "measure.none": "没有登记措施",
    "measure.wrong_group": "登记的措施不属于应采取的一类",
    "measure.not_accepted": "措施尚未验收",
    "measure.area_short": "措施面积不足",
    "crop.no_evidence": "没有可以判定的农产品",
    "crop.not_reached": "农产品未达到效果",
    "crop.too_few_periods": "连续达到效果的季（年）数不足",
    "control.none": "没有落实严格管控措施",
    "control.edible_found": "发现种植食用农产品且未整改到位",
    "control.area_short": "管控措施面积不足",
}


@dataclass(frozen=True, slots=True)
class Done:
    """A measure on a field: code, area, whether it was accepted, and for N whether tillage or fallow.

    ``ground`` is blank for the field itself, else names the former field that the measure was carried out on, of which
    ``area`` is the part that lies in this one.
    """

    measure: str
    area: Decimal
    accepted: bool
    variant: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as counting sees it; all areas in one unit.

    ``degree`` of pollution is known from the census or blank, which takes it from the class (II moderate, III heavy).
    ``periods`` is how many seasons one after another reached the effect up to the day, ``effect`` the outcome of the
    last one, ``passing`` the share of crop points that do not exceed. For strict control ``controlled`` is the area
    under confirmed control (zone in force, change of use), ``edible_found`` an edible crop not yet put right.
    """

    subject: str
    land_class: str
    area: Decimal
    degree: str = ""
    measures: Sequence[Done] = ()
    effect: str = ""
    periods: int = 0
    passing: Decimal | None = None
    controlled: Decimal = ZERO
    edible_found: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a field adds: its whole area to the denominator, so much to the numerator, and what the rest lacks."""

    subject: str
    mode: str
    numerator: str
    denominator: str
    area: Decimal
    counted: Decimal
    missing: tuple[str, ...]
    by: str
    certainty: str

    @property
    def lacking(self) -> Decimal:
        """The area that is not counted yet."""
        return self.area - self.counted

    def sentence(self) -> str:
        """The contribution in Chinese."""
        if not self.denominator:
            return f"{self.subject}：不是核算对象。"
        said = f"{self.subject}：面积 {plain(self.area)}，计入{self.numerator}项 {plain(self.counted)}"
        lacks = f"，缺 {plain(self.lacking)}：{'、'.join(MISSING_NAMES[code] for code in self.missing)}"
        return said + (lacks if self.missing else "") + f"（{label(self.certainty)}）。"


def contribution(field: Field, mode: str, on: date, by: str = WHOLE) -> Contribution:
    """What one field adds to a rate on a day.

    *Source*: trial method of the safe-use rate; by classes, our reading of the practice; what counts as reached is
    the setting ``count.periods``. A field counts once, under one term. ``by`` ``whole`` counts all its measured area
    when the effect is reached, ``share`` the area by the share of crop points that pass.

    >>> done = [Done("A", Decimal(60), True)]
    >>> field = Field("U1", "II", Decimal(100), measures=done, effect="reached", periods=1)
    >>> got = contribution(field, TRIAL, date(2021, 11, 1))
    >>> got.numerator, plain(got.counted), got.missing
    ('C', '60', ('measure.area_short',))
    """
    if mode not in MODES or by not in (WHOLE, SHARE):
        raise ValueError(f"unknown way of counting {mode!r} {by!r}")
    degree = field.degree or _DEGREE_OF_CLASS.get(field.land_class, "")
    if mode == CLASS_BASED:
        degree = _DEGREE_OF_CLASS.get(field.land_class, "")
    if degree not in _TERMS[mode]:
        return Contribution(field.subject, mode, "", "", ZERO, ZERO, (), by, "")
    numerator, denominator = _TERMS[mode][degree]
    counted, missing = _strict(field, on) if degree == HEAVY else _measured(field, degree, on, by)
    rows = {row.text("term"): row for row in terms(mode, on)}
    grounds = [rows[numerator], rows[denominator], *([] if degree != MODERATE else [_periods(on)])]
    return Contribution(field.subject, mode, numerator, denominator, field.area, counted, missing, by, weakest(grounds))


def _measured(field: Field, degree: str, on: date, by: str) -> tuple[Decimal, tuple[str, ...]]:
    """Slight and moderate pollution: measures of the right group, and for moderate crops that reach the effect."""
    covered, missing = _covered(field, _GROUPS[degree], on)
    if degree == SLIGHT:
        return covered, missing
    if by == SHARE:
        share = field.passing
        open_share = () if share == ONE else ("crop.no_evidence" if share is None else "crop.not_reached",)
        return covered * (share or ZERO), (*missing, *open_share)
    lacks = _effect_lacks(field, on)
    return (ZERO if lacks else covered), (*missing, *lacks)


def _effect_lacks(field: Field, on: date) -> tuple[str, ...]:
    if field.effect in ("", "not_judged"):
        return ("crop.no_evidence",)
    if field.effect != "reached":
        return ("crop.not_reached",)
    need = _periods(on).required_number("value")
    return () if field.periods >= need else ("crop.too_few_periods",)


def _periods(on: date) -> Row:
    return law.at(on).table("farmland_numbers").one(rule=PERIODS)


def _covered(field: Field, groups: Sequence[str], on: date) -> tuple[Decimal, tuple[str, ...]]:
    """Area under accepted measures of some groups, at most the field.

    Measures of one ground may lie over each other, so the largest counts; on different former fields they add up, and
    against those the field's own measure stands alone.
    """
    fitting = [done for done in field.measures if group_of(done.measure, on, done.variant) in groups]
    accepted = [done for done in fitting if done.accepted]
    largest: dict[str, Decimal] = {}
    for done in accepted:
        largest[done.ground] = max(done.area, largest.get(done.ground, ZERO))
    own = largest.pop("", ZERO)
    covered = min(max(own, sum(largest.values(), ZERO)), field.area)
    if covered == field.area:
        return covered, ()
    if not field.measures:
        return covered, ("measure.none",)
    if not fitting:
        return covered, ("measure.wrong_group",)
    return covered, ("measure.area_short",) if accepted else ("measure.not_accepted",)


def _strict(field: Field, on: date) -> tuple[Decimal, tuple[str, ...]]:
    """Heavy pollution: strict measures or confirmed control, and no edible crop left in it."""
    covered, _missing = _covered(field, (STRICT,), on)
    held = min(max(covered, field.controlled), field.area)
    if field.edible_found:
        return ZERO, ("control.edible_found",)
    if held == field.area:
        return held, ()
    return held, ("control.area_short",) if held else ("control.none",)


def areas(contributions: Iterable[Contribution], mode: str, on: date) -> dict[str, Decimal]:
    """Areas of the terms of a rate out of contributions, ready for :func:`jingtu.assess.rates.rate`.

    >>> from jingtu.assess.rates import rate
    >>> day = date(2021, 11, 1)
    >>> fields = [Field("U1", "III", Decimal(30), controlled=Decimal(30)), Field("U2", "II", Decimal(10))]
    >>> held = areas([contribution(field, CLASS_BASED, day) for field in fields], CLASS_BASED, day)
    >>> plain(rate("141024", CLASS_BASED, held, day).value)
    '75'
    """
    found = {row.text("term"): ZERO for row in terms(mode, on)}
    for each in contributions:
        if each.mode != mode:
            raise ValueError(f"a contribution to {each.mode} does not count in {mode}")
        if each.denominator:
            found[each.denominator] += each.area
            found[each.numerator] += each.counted
    return found
