"""The plan: its duties, the obligations they create, and the board that sums them up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from jingtu import law
from jingtu.faces.api.asking import AsOf, answering, as_json, officer, prefix_of
from jingtu.registers import board as boards
from jingtu.registers import duties
from jingtu.registers.board import Cell

router = Router(tags=["plan"])
StateName = Literal["done", "open", "soon", "overdue", "period_open"]


class DutyOut(Schema):
    """A duty of the plan; ``bound`` says whether records answer for it."""

    code: str
    clause: str
    citation: str
    duty: str
    quote: str
    departments: list[str]
    levels: list[str]
    lead: str
    kind: str
    force: str
    due_on: date | None
    date_basis: str
    quantity: str
    evidence: str
    bound: bool


class DutiesOut(Schema):
    """The duties of the plan in their order."""

    plan: str
    title: str
    items: list[DutyOut]


class ObligationsQuery(AsOf):
    """Which obligations of a duty are asked for."""

    region: str = Field("", description="code of a region within reach; its whole subtree is meant")
    state: list[StateName] = Field([], description="states wanted; all when left out")
    after: str = Field("", description="cursor; taken from next")
    limit: int = Field(200, ge=1, le=1000)


class EvidenceOut(Schema):
    """A record that proves an obligation done."""

    label: str
    register_name: str = Field(..., alias="register", serialization_alias="register")
    subject_id: int


class ObligationOut(Schema):
    """Who owes what by when, whether it is done, and shown by what."""

    duty: str
    key: str
    region_code: str
    due_on: date | None
    done_on: date | None
    state: str
    label: str
    missing: str
    subject_register: str
    subject_id: int | None
    evidence: list[EvidenceOut]


class ObligationsOut(Schema):
    """A page of a duty's obligations; an unbound duty says so and has none."""

    duty: str
    clause: str
    on: str
    known_on: str
    due_on: date | None
    bound: bool
    note: str
    items: list[ObligationOut]
    next: str


class BoardQuery(AsOf):
    """How the board is asked for."""

    by: Literal["city", "department"] = "city"
    region: str = Field("", description="code of a city within reach: its counties become the columns")
    clause: str = Field("", description="code of a clause: its duties become the rows")


class CellOut(Schema):
    """How many of how many are done, and the state that shows."""

    state: str
    done: int
    total: int
    late: int


class BoardRowOut(Schema):
    """A clause or a duty with one cell a column."""

    code: str
    heading: str
    holder: str
    due: str
    duties: int
    bound: int
    total: CellOut
    cells: dict[str, CellOut]


class BoardOut(Schema):
    """The plan board as of a day."""

    on: str
    known_on: str
    by: str
    columns: list[dict[str, str]]
    rows: list[BoardRowOut]


@router.get("/duties", response=DutiesOut)
def all_duties(request: HttpRequest) -> dict[str, Any]:
    """The duties of the plan; an unbound one is not yet answered from records."""
    officer(request)
    plan = law.plan()
    citations = {clause.code: clause.citation for clause in plan.clauses}
    items = [_duty(duty, citations.get(duty.clause, "")) for duty in plan]
    return {"plan": plan.code, "title": plan.title_zh, "items": items}


@router.get("/duties/{code}/obligations", response=ObligationsOut, by_alias=True)
def obligations(request: HttpRequest, code: str, query: Query[ObligationsQuery]) -> dict[str, Any]:
    """The obligations of a duty within reach, as of the asked day, with the records that prove them."""
    reach = officer(request)
    duty = law.plan().duty(code)
    with answering(query) as clock:
        question = duties.Question(
            clock.on,
            clock.known_on,
            prefix_of(query.region, reach),
            duties=(code,),
            states=tuple(query.state),
            limit=query.limit + 1,
            after=query.after,
        )
        found = duties.obligations(question)
        page, bound = found[: query.limit], duties.is_bound(code)
        return {
            "duty": code,
            "clause": law.plan().clause(duty.clause).citation,
            "on": clock.on.isoformat(),
            "known_on": clock.known_on.isoformat(),
            "due_on": duties.due_days(clock)[code],
            "bound": bound,
            "note": "" if bound else _("本任务尚未接入：系统还没有能够证明其进展的登记册，不能据此认为已完成。"),
            "items": [as_json(asdict(each)) for each in page],
            "next": _next(request, page) if len(found) > len(page) else "",
        }


@router.get("/board", response=BoardOut)
def board(request: HttpRequest, query: Query[BoardQuery]) -> dict[str, Any]:
    """Clauses down, cities, counties or departments across, within reach, as of the asked day."""
    reach = officer(request)
    prefix_of(query.region, reach)
    if query.clause:
        law.plan().clause(query.clause)
    with answering(query) as clock:
        found = boards.board(clock, reach, by=query.by, parent=query.region, clause=query.clause)
        return {
            "on": clock.on.isoformat(),
            "known_on": clock.known_on.isoformat(),
            "by": found.by,
            "columns": [{"code": code, "name": name} for code, name in found.columns],
            "rows": [_board_row(row) for row in found.rows],
        }


def _duty(duty: law.Duty, citation: str) -> dict[str, Any]:
    return {
        "code": duty.code,
        "clause": duty.clause,
        "citation": citation,
        "duty": duty.duty_zh,
        "quote": duty.quote_zh,
        "departments": list(duty.departments),
        "levels": list(duty.levels),
        "lead": duty.lead_zh,
        "kind": duty.kind,
        "force": duty.force,
        "due_on": duty.due_on,
        "date_basis": duty.date_basis,
        "quantity": duty.quantity,
        "evidence": duty.evidence_zh,
        "bound": duties.is_bound(duty.code),
    }


def _next(request: HttpRequest, page: list[duties.Obligation]) -> str:
    asked = request.GET.copy()
    asked["after"] = f"{page[-1].duty}:{page[-1].key}"
    return f"{request.path}?{asked.urlencode()}"


def _board_row(row: boards.BoardRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "heading": row.heading,
        "holder": row.holder,
        "due": row.due_text,
        "duties": row.duties,
        "bound": row.bound,
        "total": asdict(row.total),
        "cells": _cells(row.cells),
    }


def _cells(cells: Iterable[tuple[str, Cell]]) -> dict[str, Any]:
    return {code: asdict(cell) for code, cell in cells}
