"""Duties as queries: each bound duty of the plan is a relation of obligations as of a day, as known on a day.

A chapter binds a duty with a SELECT over the kernel's as-of views. The relation's columns, always the same:
``key`` text, ``region_code`` text, ``due_on`` date or null, ``done_on`` date or null, ``subject_register`` text,
``subject_id`` bigint or null, ``label`` text, ``missing`` text. Board, reminders, reports and lists are the union.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from jingtu import law
from jingtu.registers import rowsecurity
from jingtu.registers.clock import Clock, as_of
from jingtu.registers.models import DutySetting
from jingtu.registers.reach import Reach

DONE, OPEN, SOON, OVERDUE, NO_PERIOD = "done", "open", "soon", "overdue", "period_open"


@dataclass(frozen=True)
class Evidence:
    """A record that proves an obligation done, or the record where it would be proved."""

    label: str
    register: str
    subject_id: int


@dataclass(frozen=True)
class Obligation:
    """Who owes what by when, and whether it is done."""

    duty: str
    key: str
    region_code: str
    due_on: date | None
    done_on: date | None
    subject_register: str
    subject_id: int | None
    label: str
    missing: str
    state: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def days_late(self) -> int:
        """By how many days it was done after its due day; nothing for what was done in time or is still to do."""
        if self.done_on is None or self.due_on is None:
            return 0
        return max((self.done_on - self.due_on).days, 0)


Prover = Callable[[Sequence[Obligation]], dict[str, tuple[Evidence, ...]]]


@dataclass(frozen=True)
class Binding:
    """A duty bound to its relation, and to the function that finds the proving records of some obligations."""

    duty: str
    relation: str
    prove: Prover
    parameters: dict[str, Any] = field(default_factory=dict)


_bindings: dict[str, Binding] = {}


def bind(binding: Binding) -> None:
    """Bind a duty; a duty is bound once, in the highest chapter that holds its evidence."""
    if binding.duty in _bindings:
        raise ValueError(f"Duty {binding.duty} is bound twice.")
    if binding.duty not in {duty.code for duty in law.plan()}:
        raise ValueError(f"Duty {binding.duty} is not in the plan.")
    _bindings[binding.duty] = binding


def is_bound(duty: str) -> bool:
    """Whether a duty is answered from records."""
    return duty in _bindings


def bound() -> list[str]:
    """The bound duties."""
    return sorted(_bindings)


def relation() -> tuple[str, dict[str, Any]]:
    """The union of all bound duties as SQL with its parameters; each row carries ``duty``."""
    parts, parameters = [], {}
    for binding in _bindings.values():
        parts.append(f"SELECT '{binding.duty}' AS duty, r.* FROM ({binding.relation}) r")
        parameters.update(binding.parameters)
    return "\nUNION ALL\n".join(parts), parameters


_STATE = """
CASE WHEN done_on IS NOT NULL THEN 'done'
     WHEN due_on IS NULL THEN 'period_open'
     WHEN due_on < %(on)s THEN 'overdue'
     WHEN due_on <= %(on)s::date + %(soon_days)s THEN 'soon'
     ELSE 'open' END
"""


@contextmanager
def asking(on: date, known_on: date) -> Iterator[dict[str, Any]]:
    """Ask the relation as of a day: yields the parameters every query of it needs."""
    with transaction.atomic(), as_of(on, known_on):
        _sql, parameters = relation()
        yield {**parameters, "on": on, "soon_days": settings.DUE_SOON_DAYS}


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query over the relation, which keeps to the regions of ``prefix``."""
    with rowsecurity.whole_of(parameters["prefix"]), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@dataclass(frozen=True)
class Count:
    """How many obligations of a duty in a region are in a state, their earliest due day, how many were done late."""

    duty: str
    region_code: str
    state: str
    number: int
    due_on: date | None
    done_late: int = 0


def counts(on: date, known_on: date, prefix: str, digits: int) -> list[Count]:
    """Obligations counted by duty, region (first ``digits`` of its code) and state, within a region prefix."""
    if not _bindings:
        return []
    sql = f"""
        SELECT duty, left(region_code, %(digits)s), {_STATE} AS state, count(*), min(due_on),
               count(*) FILTER (WHERE done_on > due_on)
        FROM ({relation()[0]}) o WHERE region_code ^@ %(prefix)s GROUP BY 1, 2, 3
    """
    with asking(on, known_on) as parameters:
        return [Count(*row) for row in _rows(sql, {**parameters, "prefix": prefix, "digits": digits})]


@dataclass(frozen=True)
class Arrear:
    """How many subjects in a region lack the same step, for which duties, by when."""

    missing: str
    region_code: str
    state: str
    number: int
    due_on: date | None
    duties: list[str]


def arrears(on: date, known_on: date, prefix: str, digits: int) -> list[Arrear]:
    """What is overdue or soon due within a region prefix, by step and region, the earliest due day first."""
    if not _bindings:
        return []
    sql = f"""
        SELECT missing, left(region_code, %(digits)s), state,
               count(DISTINCT coalesce(subject_id::text, key)), min(due_on), array_agg(DISTINCT duty)
        FROM (SELECT *, {_STATE} AS state FROM ({relation()[0]}) o) s
        WHERE region_code ^@ %(prefix)s AND state IN ('overdue', 'soon')
        GROUP BY 1, 2, 3 ORDER BY 5, 2, 1
    """
    with asking(on, known_on) as parameters:
        return [Arrear(*row) for row in _rows(sql, {**parameters, "prefix": prefix, "digits": digits})]


@dataclass(frozen=True)
class Question:
    """Which obligations are asked for."""

    on: date
    known_on: date
    prefix: str
    duties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    limit: int = 200
    after: str = ""


def obligations(question: Question, *, with_evidence: bool = True) -> list[Obligation]:
    """The obligations asked for, ordered by due day, region and key, with the records that prove them."""
    chosen = tuple(duty for duty in (question.duties or bound()) if duty in _bindings)
    if not chosen:
        return []
    sql = f"""
        SELECT duty, key, region_code, due_on, done_on, subject_register, subject_id, label, missing, state
        FROM (SELECT *, {_STATE} AS state FROM ({relation()[0]}) o) s
        WHERE region_code ^@ %(prefix)s AND duty = ANY(%(duties)s)
          AND (%(states)s::text[] = '{{}}' OR state = ANY(%(states)s)) AND duty || ':' || key > %(after)s
        ORDER BY duty || ':' || key LIMIT %(limit)s
    """
    asked = {
        "prefix": question.prefix,
        "duties": list(chosen),
        "states": list(question.states),
        "after": question.after,
        "limit": question.limit,
    }
    with asking(question.on, question.known_on) as parameters:
        found = [Obligation(*row) for row in _rows(sql, {**parameters, **asked})]
        return _with_evidence(found) if with_evidence else found


def _with_evidence(found: list[Obligation]) -> list[Obligation]:
    proofs: dict[tuple[str, str], tuple[Evidence, ...]] = {}
    for duty in {obligation.duty for obligation in found}:
        own = [obligation for obligation in found if obligation.duty == duty]
        proofs |= {(duty, key): evidence for key, evidence in _bindings[duty].prove(own).items()}
    return [replace(each, evidence=proofs.get((each.duty, each.key), ())) for each in found]


def settings_at(at: Clock) -> QuerySet[DutySetting]:
    """The settings of periods as of the asked day, as known by then; of each duty the last one is in force."""
    rows = DutySetting.objects.filter(from_on__lte=at.on, recorded_at__lt=at.known_until)
    return rows.order_by("from_on", "id")


def due_days(at: Clock) -> dict[str, date | None]:
    """The day each duty is due: the plan's or the law's, else the office's own setting of the time, else none."""
    own = dict(settings_at(at).values_list("duty", "due_on"))
    return {duty.code: duty.due_on or own.get(duty.code) for duty in law.plan()}


def about(register: str, subject_id: int, on: date, known_on: date, reach: Reach) -> list[Obligation]:
    """The obligations that concern one record."""
    if not _bindings or reach.is_laboratory:
        return []
    sql = f"""
        SELECT duty, key, region_code, due_on, done_on, subject_register, subject_id, label, missing, {_STATE}
        FROM ({relation()[0]}) o
        WHERE subject_register = %(register)s AND subject_id = %(subject_id)s AND region_code ^@ %(prefix)s
        ORDER BY duty, key LIMIT 50
    """
    asked = {"register": register, "subject_id": subject_id, "prefix": reach.prefix}
    with asking(on, known_on) as parameters:
        return [Obligation(*row) for row in _rows(sql, {**parameters, **asked})]
