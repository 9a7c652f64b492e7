"""A conclusion with its reasons: codes and numbers are stored, the sentence is written when somebody reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import metadata
from json.encoder import encode_basestring as quoted
from typing import Final

from jingtu.assess import sentences

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Finding:
    """One conclusion about one subject.

    ``measure`` names what was concluded (``farmland.level``), ``outcome`` the conclusion and ``reason`` why when
    there is none, all as stable codes. ``operator`` says how ``value`` stands to ``threshold`` (``<=`` or ``>``).
    ``clause`` and ``table_row`` point into the law as of ``law_on``; ``inputs`` hold all that is needed to reach the
    same conclusion again and to say it, and ``digest`` is the fingerprint of what was given.
    """

    subject: str
    measure: str
    outcome: str
    value: Decimal | None = None
    operator: str = ""
    threshold: Decimal | None = None
    unit: str = ""
    reason: str = ""
    clause: str = ""
    rule_clause: str = ""
    table_row: str = ""
    law_on: date | None = None
    code_version: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    digest: str = ""

    def part(self, name: str) -> str:
        """One of the stored inputs; blank when there is none of that name."""
        return next((text for key, text in self.inputs if key == name), "")

    def sentence(self) -> str:
        """The conclusion as a Chinese sentence with value, threshold, row of the table and clause."""
        return sentences.render(self)

    def as_dict(self) -> dict[str, object]:
        """All parts under their names, numbers as text, ready for JSON."""
        return {
            "subject": self.subject,
            "measure": self.measure,
            "outcome": self.outcome,
            "value": _text(self.value),
            "operator": self.operator,
            "threshold": _text(self.threshold),
            "unit": self.unit,
            "reason": self.reason,
            "clause": self.clause,
            "rule_clause": self.rule_clause,
            "table_row": self.table_row,
            "law_on": self.law_on.isoformat() if self.law_on else None,
            "code_version": self.code_version,
            "inputs": dict(self.inputs),
            "digest": self.digest,
            "sentence": self.sentence(),
        }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def draw(
    subject: str,
    measure: str,
    outcome: str,
    law_on: date,
    given: Mapping[str, str],
    drawn: Mapping[str, str],
    *,
    value: Decimal | None = None,
    operator: str = "",
    threshold: Decimal | None = None,
    unit: str = "",
    reason: str = "",
    clause: str = "",
    rule_clause: str = "",
    table_row: str = "",
) -> Finding:
    """A finding from what was given and what was drawn from it, with fingerprint and version of the code."""
    return Finding(
        subject=subject,
        measure=measure,
        outcome=outcome,
        value=value,
        operator=operator,
        threshold=threshold,
        unit=unit,
        reason=reason,
        clause=clause,
        rule_clause=rule_clause,
        table_row=table_row,
        law_on=law_on,
        code_version=code_version(),
        inputs=tuple(sorted({**given, **drawn}.items())),
        digest=fingerprint(subject, measure, law_on, given),
    )


def fingerprint(subject: str, measure: str, law_on: date, given: Mapping[str, str]) -> str:
    """SHA-256 over subject, measure, day of the law and what was given, in canonical JSON.

    >>> from datetime import date
    >>> len(fingerprint("Y1", "farmland.level", date(2021, 9, 15), {"ph": "7"}))
    64
    """
    return fingerprints([subject], measure, law_on, given)[0]


def fingerprints(subjects: Iterable[str], measure: str, law_on: date, given: Mapping[str, str]) -> list[str]:
    """The fingerprints of many subjects of which the same was given."""
    rest = _ENCODER.encode([measure, law_on.isoformat(), sorted(given.items())]).removeprefix("[")
    return [hashlib.sha256(f"[{quoted(subject)},{rest}".encode()).hexdigest() for subject in subjects]


@cache
def code_version() -> str:
    """Version of this package, kept with every finding so that a later difference can be explained."""
    return metadata.version("jingtu")
