"""The plans: clauses, duties, holders and numbers. A new plan is new rows, no new code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from jingtu.law.clauses import clause as clause_text
from jingtu.law.errors import UnknownTable
from jingtu.law.source import Certainty, day_or_none, read_records, split

DEFAULT_PLAN = "shanxi-2021"
UNKNOWN_PLAN = "没有代码为“{plan}”的行动计划；已收录：{known}。"
UNKNOWN_CLAUSE = "计划 {plan} 没有条款“{clause}”。"
UNKNOWN_DUTY = "计划 {plan} 没有任务项“{duty}”。"


@dataclass(frozen=True, slots=True)
class PlanClause:
    """One clause of a plan with the holders as the plan names them."""

    code: str
    seq: int
    section_zh: str
    heading_zh: str
    ref: str
    lead_zh: str
    cooperating_zh: str
    local_zh: str

    @property
    def text_zh(self) -> str:
        """The words of the clause."""
        return clause_text(self.ref).text_zh

    @property
    def citation(self) -> str:
        """The clause as an officer would cite it."""
        return clause_text(self.ref).citation


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty read out of a clause: who, what, by when, where the date comes from, shown by what.

    ``departments`` and ``levels`` come from the actor the plan names; ``department_basis`` says
    when the actor is no department and the clause's holders answer for it instead.
    """

    code: str
    plan: str
    clause: str
    duty_zh: str
    duty_en: str
    quote_zh: str
    actor_zh: str
    departments: tuple[str, ...]
    department_basis: str
    levels: tuple[str, ...]
    lead_zh: str
    cooperating_zh: str
    local_zh: str
    force: str
    kind: str
    tier: str
    trigger_zh: str
    due_on: date | None
    date_basis: str
    due_zh: str
    quantity: str
    suggested_setting_zh: str
    indicator_zh: str
    evidence_zh: str
    national_system_zh: str
    legal_basis_zh: str
    note: str

    @property
    def department(self) -> str:
        """The department that answers first for the duty, or ``unassigned``."""
        return self.departments[0]

    @property
    def level(self) -> str:
        """The level named first, or ``unassigned``."""
        return self.levels[0]


@dataclass(frozen=True, slots=True)
class Holder:
    """One part a body has in a clause: lead, cooperating, shared, implementing, responsible."""

    clause: str
    holder_zh: str
    department: str
    level: str
    role: str
    role_zh: str


@dataclass(frozen=True, slots=True)
class PlanNumber:
    """A number or day the plan states, with the words it is read from."""

    number: int
    clause: str
    quote_zh: str
    value: str
    unit: str
    meaning_zh: str
    certainty: Certainty
    note: str

    @property
    def quantity(self) -> Decimal | None:
        """The value as a number, or ``None`` where the plan states a day."""
        return None if self.day else Decimal(self.value)

    @property
    def day(self) -> date | None:
        """The value as a day, or ``None`` where the plan states a number."""
        return date.fromisoformat(self.value) if self.unit == "日期" else None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with everything read out of it."""

    code: str
    title_zh: str
    instrument: str
    document_number: str
    issued_on: date
    printed_on: date | None
    period_from: date
    period_to: date
    region: str
    clauses: tuple[PlanClause, ...]
    duties: tuple[Duty, ...]
    holders: tuple[Holder, ...]
    numbers: tuple[PlanNumber, ...]

    def __iter__(self) -> Iterator[Duty]:
        return iter(self.duties)

    def clause(self, code: str) -> PlanClause:
        """A clause by its code, for example ``T02``."""
        for item in self.clauses:
            if item.code == code:
                return item
        raise UnknownTable(UNKNOWN_CLAUSE.format(plan=self.code, clause=code))

    def duty(self, code: str) -> Duty:
        """A duty by its code, for example ``T02-01``."""
        for item in self.duties:
            if item.code == code:
                return item
        raise UnknownTable(UNKNOWN_DUTY.format(plan=self.code, duty=code))

    def duties_of(self, clause: str) -> tuple[Duty, ...]:
        """The duties of a clause in their order."""
        return tuple(duty for duty in self.duties if duty.clause == clause)

    def holders_of(self, clause: str) -> tuple[Holder, ...]:
        """The holders of a clause in the order of the matrix."""
        return tuple(holder for holder in self.holders if holder.clause == clause)


@cache
def plan(code: str = DEFAULT_PLAN) -> Plan:
    """A plan by its code; without one, the Shanxi plan of 2021."""
    for record in read_records("plans.csv"):
        if record["plan"] == code:
            return _plan(record)
    known = "、".join(plan_codes())
    raise UnknownTable(UNKNOWN_PLAN.format(plan=code, known=known))


def plan_codes() -> tuple[str, ...]:
    """Codes of all plans on record."""
    return tuple(record["plan"] for record in read_records("plans.csv"))


def _of(name: str, plan_code: str) -> list[dict[str, str]]:
    return [record for record in read_records(name) if record["plan"] == plan_code]


def _plan(record: dict[str, str]) -> Plan:
    code = record["plan"]
    return Plan(
        code=code,
        title_zh=record["title_zh"],
        instrument=record["instrument"],
        document_number=record["document_number"],
        issued_on=date.fromisoformat(record["issued_on"]),
        printed_on=day_or_none(record["printed_on"]),
        period_from=date.fromisoformat(record["period_from"]),
        period_to=date.fromisoformat(record["period_to"]),
        region=record["region"],
        clauses=tuple(_clause(r) for r in _of("plan_clauses.csv", code)),
        duties=tuple(_duty(r) for r in _of("duties.csv", code)),
        holders=tuple(_holder(r) for r in _of("plan_holders.csv", code)),
        numbers=tuple(_number(r) for r in _of("plan_numbers.csv", code)),
    )


def _clause(r: dict[str, str]) -> PlanClause:
    return PlanClause(
        code=r["clause"],
        seq=int(r["seq"]),
        section_zh=r["section_zh"],
        heading_zh=r["heading_zh"],
        ref=r["ref"],
        lead_zh=r["lead_zh"],
        cooperating_zh=r["cooperating_zh"],
        local_zh=r["local_zh"],
    )


def _duty(r: dict[str, str]) -> Duty:
    special = {"duty", "department", "level", "due_on"}
    same = {name: value for name, value in r.items() if name not in special}
    return Duty(
        code=r["duty"],
        departments=split(r["department"]),
        levels=split(r["level"]),
        due_on=day_or_none(r["due_on"]),
        **same,
    )


def _holder(r: dict[str, str]) -> Holder:
    names = ("clause", "holder_zh", "department", "level", "role", "role_zh")
    return Holder(*(r[name] for name in names))


def _number(r: dict[str, str]) -> PlanNumber:
    return PlanNumber(
        number=int(r["number"]),
        clause=r["clause"],
        quote_zh=r["quote_zh"],
        value=r["value"],
        unit=r["unit"],
        meaning_zh=r["meaning_zh"],
        certainty=Certainty(r["certainty"]),
        note=r["note"],
    )
