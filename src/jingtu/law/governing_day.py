"""Which day's law applies to a question: a table, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jingtu.law.errors import UnknownTable
from jingtu.law.source import Certainty, read_records

UNKNOWN = "没有规定“{subject}”适用哪一天的规定；已有：{known}。"


@dataclass(frozen=True, slots=True)
class GoverningDay:
    """For a subject, the day whose law applies, with the rule as a sentence."""

    subject: str
    day: str
    subject_zh: str
    day_zh: str
    rule_zh: str
    certainty: Certainty


def which_day(subject: str) -> GoverningDay:
    """The day whose law governs a subject.

    >>> which_day("soil_class").day
    'evaluation'
    """
    try:
        return governing_days()[subject]
    except KeyError:
        known = "、".join(governing_days())
        raise UnknownTable(UNKNOWN.format(subject=subject, known=known)) from None


@cache
def governing_days() -> dict[str, GoverningDay]:
    """All subjects with their governing day."""
    return {
        r["subject"]: GoverningDay(
            r["subject"],
            r["day"],
            r["subject_zh"],
            r["day_zh"],
            r["rule_zh"],
            Certainty(r["certainty"]),
        )
        for r in read_records("which_day.csv")
    }
