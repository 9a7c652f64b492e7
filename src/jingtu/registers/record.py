"""The page of one record of any register: facts, state and moves, documents, findings, duties, history, ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from jingtu.registers import documents, duties, history, workflow
from jingtu.registers.arrows import Arrow
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Column, Download, Register, Related, Tool, get_register
from jingtu.registers.duties import Obligation
from jingtu.registers.findings import Conclusion, findings_of
from jingtu.registers.history import Change
from jingtu.registers.models import DocumentLink, LedgerEntry, Move
from jingtu.registers.reach import Reach

MOST_RELATED = 20


@dataclass(frozen=True)
class Choice:
    """A button: the arrow, and why it is closed if it is."""

    arrow: Arrow
    closed: str


@dataclass(frozen=True)
class RelatedRows:
    """Dependent rows shown on the page, and whether there are more."""

    related: Related
    register: Register
    columns: list[Column]
    rows: list[tuple[str, list[Any]]]
    has_more: bool


@dataclass(frozen=True)
class RecordPage:
    """Everything the page of a record shows."""

    register: Register
    record: Any
    panels: list[tuple[str, list[tuple[Column, Any]]]]
    state: str
    choices: list[Choice]
    tools: list[tuple[Tool, str]]
    downloads: list[Download]
    moves: list[Move]
    documents: list[DocumentLink]
    findings: list[Conclusion]
    duties: list[Obligation]
    related: list[RelatedRows]
    history: list[Change]
    ledger: list[LedgerEntry]


def fetch(register: Register, reach: Reach, clock: Clock, pk: int) -> Any:
    """A record within reach; 404 when it is not there or not within reach."""
    if not register.sees(reach):
        raise Http404
    record = register.rows(reach, clock).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def record(register: Register, reach: Reach, clock: Clock, pk: int) -> RecordPage:
    """The page of one record as of a day."""
    found = fetch(register, reach, clock, pk)
    return RecordPage(
        register=register,
        record=found,
        panels=_panels(register, found),
        state=getattr(found, "standing", ""),
        choices=[] if clock.is_past else choices(register, found, reach),
        tools=[] if clock.is_past else _tools(register, found, reach),
        downloads=register.files(reach),
        moves=_moves(register, pk, clock),
        documents=documents.of(register.name, str(pk)),
        findings=findings_of(register.name, pk),
        duties=duties.about(register.name, pk, clock.on, clock.known_on, reach),
        related=[
            _related(each, pk, reach, clock) for each in register.related if get_register(each.register).sees(reach)
        ],
        history=history.changes(found),
        ledger=list(LedgerEntry.objects.filter(register=register.name, subject_id=str(pk)).order_by("-id")[:50]),
    )


def choices(register: Register, found: Any, reach: Reach) -> list[Choice]:
    """The moves possible from the record's state; closed ones say why."""
    flow = register.workflow
    if flow is None:
        return []
    return [
        Choice(arrow, workflow.why_not(flow, found, arrow, reach) or "")
        for arrow in flow.leaving(found.state)
        if arrow.rights
    ]


def _tools(register: Register, found: Any, reach: Reach) -> list[tuple[Tool, str]]:
    return [(tool, tool.closed(found) or "") for tool in register.tools if tool.may(reach)]


def value_of(found: Any, column: Column) -> Any:
    """The value at a column's ORM path, followed over attributes; none where it leads out of reach."""
    value = found
    for name in column.orm_path.split("__"):
        try:
            value = getattr(value, name, None)
        except ObjectDoesNotExist:  # the database keeps the other record from this reach
            return None
    return value


def _panels(register: Register, found: Any) -> list[tuple[str, list[tuple[Column, Any]]]]:
    return [(panel.title, [(column, value_of(found, column)) for column in panel.columns]) for panel in register.panels]


def _moves(register: Register, pk: int, clock: Clock) -> list[Move]:
    rows = Move.objects.filter(
        register=register.name, subject_id=pk, on__lte=clock.on, recorded_at__lt=clock.known_until
    )
    return list(rows.select_related("account", "post__organisation").order_by("id"))


def _related(related: Related, pk: int, reach: Reach, clock: Clock) -> RelatedRows:
    register = get_register(related.register)
    wanted = related.columns or [column.name for column in register.columns if column.shown]
    columns = [register.column(name) for name in wanted]
    rows = register.rows(reach, clock).filter(**{related.path: pk}).order_by("pk")
    found = list(rows.values_list("pk", *[column.orm_path for column in columns])[: MOST_RELATED + 1])
    shown = [(register.url(values[0]), list(values[1:])) for values in found[:MOST_RELATED]]
    return RelatedRows(related, register, columns, shown, len(found) > MOST_RELATED)
