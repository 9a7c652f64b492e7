"""The rules that class farmland units, by their codes, as the law tables hold them on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final

from jingtu import law
from jingtu.assess.certainty import rank
from jingtu.law import LawView, Row
from jingtu.plain.units import exponent_between

PLACE_NUMBERS: Final = ("class.same_place", "class.same_place_m")
RULES: Final = "farmland_class_rules"
NUMBERS: Final = "farmland_numbers"
# Element rules and crop rules by number: arrays hold the number, findings the code.
ELEMENT_RULES: Final = ("", "U1", "U2", "U3", "U4", "U5", "U6")
UNIFORM, DOMINANT, SPLIT_OFF, ISOLATED, NO_DOMINANT, NO_POINT = range(1, len(ELEMENT_RULES))
CROP_RULES: Final = ("", "C1", "C2", "C3", "C4", "C5", "R2")
FIRST_KEPT, SECOND_RAISED, SECOND_KEPT, THIRD_RAISED, THIRD_KEPT, BY_INDEX = range(1, len(CROP_RULES))
WORST_ELEMENT: Final = "U7"
WORST_OF_FIVE: Final = "P4"
LEVELS: Final = ("none", "first", "second", "third")
FIRST, SECOND, THIRD = range(1, len(LEVELS))
REASONS: Final = (
    "",
    "unit.no_points",
    "unit.elements_missing",
    "unit.contiguous_minority",
    "unit.isolated_third",
    "unit.no_dominant",
    "crop.inquiry",
    "crop.exceeds",
    "crop.none",
    "crop.too_few",
    "crop.driver_not_judged",
    "crop.raised",
)
# How a place counts that was sampled in several seasons: codes of the list ``same_place`` by their number.
NEWEST, WORST, EACH = "newest", "worst", "each"
REASON: Final = {code: number for number, code in enumerate(REASONS)}


@dataclass(frozen=True)
class ClassRules:
    """The numbers the rules take and how sure each rule is; ``by_index`` switches to the three crop states (R2)."""

    on: date
    dominance: Fraction
    min_contiguous: int
    neighbour_m: float
    min_crop_points: int
    heavy_index: float
    element_rank: tuple[int, ...]
    crop_rank: tuple[int, ...]
    neighbour_rank: int
    worst_rank: int
    same_place: str
    same_place_m: float
    place_rank: int
    by_index: bool = False

    def row(self, code: str) -> Row:
        """The row of a rule by its code."""
        return rule_row(code, self.on)

    def number_row(self, name: str) -> Row:
        """The row of a number the rules take."""
        return number_row(name, self.on)


@cache
def class_rules(on: date, by_index: bool = False) -> ClassRules:
    """The rules as they stand on a day.

    *Source*: tables ``farmland_class_rules`` and ``farmland_numbers``, each row with clause and certainty.

    >>> class_rules(date(2021, 9, 15)).dominance, class_rules(date(2021, 9, 15)).min_crop_points
    (Fraction(4, 5), 3)
    """
    view = law.at(on)
    return ClassRules(
        on=on,
        dominance=Fraction(_number(view, "class.dominance_pct").scaleb(-exponent_between("kg/kg", "%"))),
        min_contiguous=int(_number(view, "class.min_contiguous")),
        neighbour_m=float(_number(view, "class.neighbour_m")),
        min_crop_points=int(_number(view, "class.min_crop_points")),
        heavy_index=float(_number(view, "class.heavy_index")),
        element_rank=tuple(_rank(code, on) for code in ELEMENT_RULES),
        crop_rank=tuple(_rank(code, on) for code in CROP_RULES),
        neighbour_rank=rank(view.table(NUMBERS).one(rule="class.neighbour_m").certainty.value),
        worst_rank=max(_rank(WORST_ELEMENT, on), _rank("P2", on)),
        same_place=law.codes("same_place").codes[int(_number(view, "class.same_place")) - 1],
        same_place_m=float(_number(view, "class.same_place_m")),
        place_rank=max(rank(view.table(NUMBERS).one(rule=name).certainty.value) for name in PLACE_NUMBERS),
        by_index=by_index,
    )


@cache
def rule_row(code: str, on: date) -> Row:
    """The row of a rule by its code; raises ``UnknownTable`` for a code that is not on the table."""
    return law.at(on).table(RULES).one(rule=code)


@cache
def number_row(name: str, on: date) -> Row:
    """The row of a number the rules take, by its name."""
    return law.at(on).table(NUMBERS).one(rule=name)


def _number(view: LawView, name: str) -> Decimal:
    return view.table(NUMBERS).one(rule=name).required_number("value")


def _rank(code: str, on: date) -> int:
    return rank(rule_row(code, on).certainty.value) if code else 0
