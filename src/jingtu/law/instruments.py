"""The legal instruments: laws, rules, plans, standards and methods, with their days in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from jingtu.law.errors import UnknownTable
from jingtu.law.source import Certainty, day_or_none, read_records

UNKNOWN = "没有代码为“{code}”的文件或标准；请核对 instruments.csv 中的代码。"


class Precision(StrEnum):
    """How exactly a first or last day is known."""

    DAY = "day"
    YEAR = "year"
    INFERRED = "inferred"
    OPEN = "open"


class Standing(StrEnum):
    """Whether an instrument is in force on a day; ``unsure`` when its dates do not tell."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    ENDED = "ended"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One text with its days in force; both ends are included, ``None`` is open."""

    code: str
    title_zh: str
    document_number: str
    kind: str
    issued_on: date | None
    effective_from: date | None
    from_precision: Precision
    effective_to: date | None
    to_precision: Precision
    predecessor: str
    used_for_zh: str
    certainty: Certainty
    note: str

    @property
    def name(self) -> str:
        """Document number and title as an officer would cite them."""
        return f"{self.document_number}《{self.title_zh}》"

    def standing(self, day: date) -> Standing:
        """Whether the text is in force on ``day``.

        A start known only by its year leaves that whole year unsure; an inferred end leaves
        every later day unsure.

        >>> from datetime import date
        >>> instrument("gb15618-2018").standing(date(2018, 7, 31)).value
        'not_yet'
        """
        if self.effective_from is not None:
            if day < self.effective_from:
                return Standing.NOT_YET
            if self.from_precision is Precision.YEAR and day.year == self.effective_from.year:
                return Standing.UNSURE
        if self.effective_to is not None and day > self.effective_to:
            inferred = self.to_precision is Precision.INFERRED
            return Standing.UNSURE if inferred else Standing.ENDED
        return Standing.IN_FORCE

    def in_force(self, day: date) -> bool:
        """True when the text is certainly in force on ``day``."""
        return self.standing(day) is Standing.IN_FORCE


@cache
def instruments() -> dict[str, Instrument]:
    """All instruments by their code, in the order of the file."""
    return {record["instrument"]: _instrument(record) for record in read_records("instruments.csv")}


def instrument(code: str) -> Instrument:
    """The instrument with this code, for example ``gb15618-2018``."""
    try:
        return instruments()[code]
    except KeyError:
        raise UnknownTable(UNKNOWN.format(code=code)) from None


def predecessors(code: str) -> tuple[Instrument, ...]:
    """The instruments this one replaced, nearest first."""
    found: list[Instrument] = []
    at = instrument(code).predecessor
    while at:
        found.append(instrument(at))
        at = found[-1].predecessor
    return tuple(found)


def _instrument(record: dict[str, str]) -> Instrument:
    return Instrument(
        code=record["instrument"],
        title_zh=record["title_zh"],
        document_number=record["document_number"],
        kind=record["kind"],
        issued_on=day_or_none(record["issued_on"]),
        effective_from=day_or_none(record["effective_from"]),
        from_precision=Precision(record["from_precision"]),
        effective_to=day_or_none(record["effective_to"]),
        to_precision=Precision(record["to_precision"]),
        predecessor=record["predecessor"],
        used_for_zh=record["used_for_zh"],
        certainty=Certainty(record["certainty"]),
        note=record["note"],
    )
