"""Measures of safe use and strict control: their group, whether they come first, what chemistry holds against them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.certainty import label
from jingtu.law import Row
from jingtu.plain.numbers import plain

TABLE: Final = "safe_use_measures"
NUMBERS: Final = "farmland_numbers"
PROTECT, SAFE_USE, REMEDIATE, STRICT = "protect", "safe_use", "remediate", "strict"
TILLAGE, FALLOW = "tillage", "fallow"
VARIANTS: Final = {TILLAGE: PROTECT, FALLOW: STRICT}
LIMING: Final = ("B", "VIP")
FLOODING: Final = ("C", "VIP")
SLOW: Final = ("J", "K")
_SAID: Final = {
    "lime_high_ph": "土壤 pH {ph}，不低于 {limit}：石灰调节只宜用于偏酸的土壤",
    "lime_ph_unknown": "没有土壤 pH，无法判断是否宜用石灰调节（只宜用于 pH 低于 {limit} 的土壤）",
    "flooding_arsenic": "目标污染物含砷：淹水会提高砷的有效性",
    "still_tested": "{measure}不能立即阻断吸收，当季农产品仍须检测",
    "third_needs_strict": "严格管控类单元采用{measure}：原则上应采取严格管控措施",
    "variant_needed": "{measure}：须写明是少耕、免耕还是休耕，前者归优先保护类，后者归严格管控类",
}


@dataclass(frozen=True, slots=True)
class Caution:
    """What is held against a measure on a unit: code, Chinese sentence, clause and how sure."""

    code: str
    sentence: str
    clause: str
    certainty: str

    @classmethod
    def by(cls, row: Row, code: str, told: str) -> Caution:
        """A caution that rests on a row: its words with the clause of the row and how sure that is."""
        ground = f"（{law.cite(row.clause)}，{label(row.certainty.value)}）。"
        return cls(code, told + ground, row.clause, row.certainty.value)


def measure_row(measure: str, on: date) -> Row:
    """The row of a measure by its code; raises ``UnknownTable`` for a code that is not on the list."""
    return law.at(on).table(TABLE).one(measure=measure)


def is_preferred(measure: str, on: date) -> bool:
    """Whether a measure comes first: agronomic control and substitute planting.

    *Source*: plan of 2021, article 3. Any other measure is given a reason.

    >>> is_preferred("A", date(2021, 9, 15)), is_preferred("G", date(2021, 9, 15))
    (True, False)
    """
    return measure_row(measure, on).flag("preferred")


def group_of(measure: str, on: date, variant: str = "") -> str:
    """Group under which a measure counts: protect, safe_use, remediate or strict; blank where that is not known.

    *Source*: trial method of the safe-use rate. Reduced tillage and fallow share one code (N): ``variant`` says which
    of the two, ``tillage`` or ``fallow``; without it the group stays open.

    >>> [group_of(code, date(2021, 9, 15)) for code in ("A", "K", "L", "E", "N")]
    ['safe_use', 'remediate', 'strict', 'protect', '']
    >>> group_of("N", date(2021, 9, 15), "fallow")
    'strict'
    """
    group = measure_row(measure, on).text("measure_group")
    return group if group in (PROTECT, SAFE_USE, REMEDIATE, STRICT) else VARIANTS.get(variant, "")


def cautions(
    measure: str,
    on: date,
    *,
    ph: Decimal | None = None,
    targets: Collection[str] = (),
    land_class: str = "",
    variant: str = "",
) -> list[Caution]:
    """What is held against a measure on a unit; it may still be carried out.

    *Source*: chemistry of cadmium and arsenic in soil; the pH below which lime helps is a setting of the table
    ``farmland_numbers``. ``targets`` are the analytes the measure is to keep out of the crop.

    >>> [each.code for each in cautions("B", date(2021, 9, 15), ph=Decimal("8.1"))]
    ['lime_high_ph']
    >>> [each.code for each in cautions("VIP", date(2021, 9, 15), ph=Decimal("6.0"), targets=["Cd", "As"])]
    ['flooding_arsenic']
    """
    lime = law.at(on).table(NUMBERS).one(rule="measure.lime_ph")
    words = {"measure": law.codes("measure").label(measure), "limit": plain(lime.required_number("value"))}
    words["ph"] = "" if ph is None else plain(ph)
    group = group_of(measure, on, variant)
    applies = {
        "lime_high_ph": measure in LIMING and ph is not None and ph >= lime.required_number("value"),
        "lime_ph_unknown": measure in LIMING and ph is None,
        "flooding_arsenic": measure in FLOODING and "As" in targets,
        "still_tested": measure in SLOW,
        "third_needs_strict": land_class == "III" and group in (SAFE_USE, REMEDIATE),
        "variant_needed": not group,
    }
    return [_caution(code, words, lime, measure, on) for code, held in applies.items() if held]


def _caution(code: str, words: Mapping[str, str], lime: Row, measure: str, on: date) -> Caution:
    row = measure_row(measure, on) if code in ("third_needs_strict", "variant_needed") else lime
    return Caution.by(row, code, _SAID[code].format(**words))


def caution_name(code: str) -> str:
    """A caution without its numbers, for lists.

    >>> caution_name("flooding_arsenic")
    '淹水与砷'
    """
    return _NAMES[code]


_NAMES: Final = {
    "lime_high_ph": "石灰与偏碱土壤",
    "lime_ph_unknown": "石灰而无 pH",
    "flooding_arsenic": "淹水与砷",
    "still_tested": "当季仍须检测",
    "third_needs_strict": "严格管控类用安全利用措施",
    "variant_needed": "未写明少耕免耕或休耕",
}
