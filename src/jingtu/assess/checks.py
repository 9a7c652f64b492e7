"""The checks of a batch: one line per control with its verdict and qualifier, and whether each kind passes as a whole.

A list of checks is sorted by kind, analyte and subject, so that it does not depend on the order in which rows came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jingtu.assess import controls, quality
from jingtu.assess.control_sentences import KINDS, check_sentence
from jingtu.assess.quality import FAIL, PASS, UNDECIDED, Verdict
from jingtu.law import LawView, Row
from jingtu.plain.numbers import decimal_of
from jingtu.plain.reported import Reported

DUPLICATES, BLANKS, SPIKES, REFERENCES = "duplicates", "blanks", "spikes", "references"
REPLICATES, HOLDING, LIMITS = "replicates", "holding", "limits"


@dataclass(frozen=True, slots=True)
class Check:
    """One control: kind, subject and row of the file, analyte, the raw values as read, verdict and qualifier."""

    kind: str
    subject: str
    row: int
    analyte: str
    raw: tuple[str, ...]
    verdict: Verdict
    qualifier: str

    @property
    def rpd_pct(self) -> Decimal | None:
        """Relative percent difference of duplicates: twice their relative deviation; ``None`` for other controls."""
        deviation = self.verdict.measured if self.kind == DUPLICATES else None
        return None if deviation is None else deviation + deviation

    def sentence(self) -> str:
        """What was compared with which limit, and by which clause, as a Chinese sentence."""
        return check_sentence(self.kind, self.subject, self.analyte, self.raw, self.verdict)

    def as_dict(self) -> dict[str, object]:
        """All parts under their names, numbers as text."""
        verdict = self.verdict
        return {
            "kind": self.kind,
            "kind_zh": KINDS[self.kind],
            "subject": self.subject,
            "row": self.row,
            "analyte": self.analyte,
            "raw": list(self.raw),
            "outcome": verdict.outcome,
            "reason_code": verdict.reason_code,
            "qualifier": self.qualifier,
            "measured": None if verdict.measured is None else f"{verdict.measured:f}",
            "limit": None if verdict.limit is None else f"{verdict.limit:f}",
            "rpd_pct": None if self.rpd_pct is None else f"{self.rpd_pct:f}",
            "table_row": verdict.table_row,
            "clause": verdict.clause,
            "sentence": self.sentence(),
        }


@dataclass(frozen=True, slots=True)
class KindSummary:
    """One kind of control of one analyte: counts, pass rate in percent, and the lowest rate the rule asks for."""

    kind: str
    analyte: str
    passed: int
    failed: int
    undecided: int
    rate_pct: Decimal | None
    required_pct: Decimal | None
    clause: str

    @property
    def outcome(self) -> str:
        """``pass``, ``fail`` or ``undecided`` for the kind as a whole."""
        if self.rate_pct is None:
            return UNDECIDED
        if self.required_pct is None:
            return FAIL if self.failed else PASS
        return PASS if self.rate_pct >= self.required_pct else FAIL


def duplicate_checks(
    analyte: str,
    places: Sequence[tuple[str, int]],
    first: Sequence[Reported],
    second: Sequence[Reported],
    view: LawView,
) -> list[Check]:
    """Duplicates of one analyte, in mg/kg; pairs of which one half was not measured are left out.

    *Source*: HJ/T 166-2004, 13.

    >>> from datetime import date
    >>> from jingtu import law
    >>> a, b = Reported(Decimal("0.10"), None, ""), Reported(Decimal("0.20"), None, "")
    >>> found = duplicate_checks("Cd", [("S1", 2)], [a], [b], law.at(date(2021, 9, 15)))
    >>> found[0].verdict.outcome, found[0].qualifier
    ('fail', 'J')
    """
    triples = zip(places, first, second, strict=True)
    rows = [(place, a, b) for place, a, b in triples if "NM" not in (a.qualifier, b.qualifier)]
    verdicts = quality.judge_duplicates([a.value for _, a, _ in rows], [b.value for _, _, b in rows], view)
    return [
        _check(DUPLICATES, place, analyte, (a, b), verdict)
        for (place, a, b), verdict in zip(rows, verdicts, strict=True)
    ]


def check(kind: str, place: tuple[str, int], analyte: str, raw: Sequence[Reported], verdict: Verdict) -> Check:
    """A check from a verdict that was reached elsewhere."""
    return _check(kind, place, analyte, raw, verdict)


def _check(kind: str, place: tuple[str, int], analyte: str, raw: Sequence[Reported], verdict: Verdict) -> Check:
    undetected = bool(raw) and all(item.qualifier == "ND" for item in raw)
    letter = controls.qualifier(verdict, undetected and kind != BLANKS)
    return Check(kind, place[0], place[1], analyte, tuple(item.text() for item in raw), verdict, letter)


def in_order(checks: Iterable[Check]) -> list[Check]:
    """Checks in an order of their own: kind, analyte, subject, raw values, row."""
    kinds = list(KINDS)
    return sorted(checks, key=lambda c: (kinds.index(c.kind), c.analyte, c.subject, c.raw, c.row))


def summarise(checks: Iterable[Check], view: LawView) -> list[KindSummary]:
    """Counts and pass rates by kind and analyte.

    *Source*: HJ/T 166-2004, 13: 95 % of duplicates, 70 % of spikes.

    >>> from datetime import date
    >>> from jingtu import law
    >>> summarise([], law.at(date(2021, 9, 15)))
    []
    """
    groups: dict[tuple[str, str], list[Check]] = {}
    for one in in_order(checks):
        groups.setdefault((one.kind, one.analyte), []).append(one)
    return [_summary(kind, analyte, held, view) for (kind, analyte), held in groups.items()]


def _summary(kind: str, analyte: str, held: Sequence[Check], view: LawView) -> KindSummary:
    counts = {name: sum(one.verdict.outcome == name for one in held) for name in (PASS, FAIL, UNDECIDED)}
    judged = counts[PASS] + counts[FAIL]
    rule = controls.pass_rate_rule(kind, view)
    rate = decimal_of(counts[PASS] / judged) if judged else None
    return KindSummary(
        kind,
        analyte,
        counts[PASS],
        counts[FAIL],
        counts[UNDECIDED],
        None if rate is None else rate.scaleb(_percent_shift()),
        _required(rule),
        rule.clause if rule else held[0].verdict.clause,
    )


def _required(rule: Row | None) -> Decimal | None:
    return None if rule is None else rule.required_number("value")


def _percent_shift() -> int:
    """Power of ten from a share to percent."""
    from jingtu.plain.units import exponent_between

    return exponent_between("kg/kg", "%")


QUALIFIER_MEANINGS: Final = {
    controls.UNDETECTED: "未检出",
    controls.ESTIMATED: "数值仅供参考（估计值）",
    controls.ESTIMATED_LIMIT: "未检出，检出限仅供参考",
    controls.CONTAMINATED: "空白检出，同批相近含量的结果须复核",
}
