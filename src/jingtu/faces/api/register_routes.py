"""The registers: what there is, their lists and their records, under the names they are declared with."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any

from django.core.exceptions import FieldError
from django.core.exceptions import ValidationError as WrongValue
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from jingtu.faces.api.asking import AsOf, answering, as_json, covers, reach_of
from jingtu.faces.api.problems import Problem
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Column, Register, all_registers, get_register
from jingtu.registers.listing import Listing, listing
from jingtu.registers.reach import Reach
from jingtu.registers.record import RecordPage
from jingtu.registers.record import record as record_page

router = Router(tags=["registers"])
MOST_CHOICES = 60
OWN_PARAMETERS = {"q", "sort", "columns", "after", "before", "limit", "on", "known_on"}


class Described(Schema):
    """A column or a filter."""

    name: str
    label: str
    kind: str = ""
    unit: str = ""
    choices: dict[str, str] = {}


class RegisterOut(Schema):
    """A register as declared."""

    name: str
    title: str
    clause: str
    chapter: str
    url: str
    columns: list[Described]
    filters: list[Described]
    has_search: bool
    has_layer: bool
    sheets: list[str]


class RegistersOut(Schema):
    """The registers that the post sees."""

    items: list[RegisterOut]


class RowOut(Schema):
    """A record in a list; ``values`` under the names of the columns, codes as stored."""

    id: int
    url: str
    page: str
    values: dict[str, Any]


class ListOut(Schema):
    """A page of a register; ``next`` and ``previous`` are whole addresses, empty at the ends."""

    register_name: str = Field(..., alias="register", serialization_alias="register")
    on: str
    known_on: str
    count: int
    count_is_estimate: bool
    items: list[RowOut]
    next: str
    previous: str


class ListQuery(AsOf):
    """How a list is asked for; besides these, every filter of the register under its own name."""

    q: str = Field("", description="text to look for")
    sort: str = Field("", description="name of a column, with a leading - for falling order")
    after: str = Field("", description="cursor; taken from next")
    before: str = Field("", description="cursor; taken from previous")
    limit: int = Field(50, ge=1, le=500)
    columns: list[str] = Field([], description="names of the columns wanted; those shown on screen when left out")


class RecordOut(Schema):
    """One record with everything its page shows."""

    id: int
    register_name: str = Field(..., alias="register", serialization_alias="register")
    label: str
    page: str
    on: str
    known_on: str
    state: str
    state_label: str
    values: dict[str, Any]
    panels: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    obligations: list[dict[str, Any]]
    related: list[dict[str, Any]]
    history: list[dict[str, Any]]
    ledger: list[dict[str, Any]]


def seen(name: str, reach: Reach) -> Register:
    """A register that the post sees; others are not there."""
    try:
        found = get_register(name)
    except KeyError as error:
        raise Http404 from error
    if not found.sees(reach):
        raise Http404
    return found


@router.get("/registers", response=RegistersOut, by_alias=True)
def registers(request: HttpRequest) -> dict[str, Any]:
    """The declared registers with their columns and filters."""
    reach = reach_of(request)
    seen_here = [each for each in all_registers() if each.sees(reach) and covers(request, each.name)]
    return {"items": [_register(each, reach) for each in seen_here]}


@router.get("/registers/{name}", response=ListOut, by_alias=True)
def rows(request: HttpRequest, name: str, query: Query[ListQuery]) -> dict[str, Any]:
    """One page of a register within reach, as of the asked day."""
    register = seen(name, reach_of(request))
    _known_parameters(register, request.GET)
    with answering(query) as clock:
        found = _listed(register, reach_of(request), clock, request.GET, query)
        return {
            "register": name,
            "on": clock.on.isoformat(),
            "known_on": clock.known_on.isoformat(),
            "count": found.count,
            "count_is_estimate": found.count_is_estimate,
            "items": [_row(register, found.columns, row.pk, row.url, row.values) for row in found.rows],
            "next": _address(request, after=found.next_cursor),
            "previous": _address(request, before=found.previous_cursor),
        }


@router.get("/registers/{name}/{int:pk}", response=RecordOut, by_alias=True)
def record(request: HttpRequest, name: str, pk: int, query: Query[AsOf]) -> dict[str, Any]:
    """One record within reach, as of the asked day."""
    reach = reach_of(request)
    with answering(query) as clock:
        found = record_page(seen(name, reach), reach, clock, pk)
        told = {"on": clock.on.isoformat(), "known_on": clock.known_on.isoformat()}
        shown = _record(found, reach, clock)
        shown["related"] = [each for each in shown["related"] if covers(request, each["register"])]
        return {**told, **shown}


def _register(register: Register, reach: Reach) -> dict[str, Any]:
    form = register.filterset_class()(QueryDict(), queryset=register.queryset().none()).form
    return {
        "name": register.name,
        "title": str(register.title),
        "clause": register.clause,
        "chapter": register.chapter,
        "url": f"/api/v1/registers/{register.name}",
        "columns": [_column(column) for column in register.columns],
        "filters": [_filter(name, field) for name, field in form.fields.items()],
        "has_search": bool(register.search),
        "has_layer": register.layer is not None and not reach.is_laboratory,
        "sheets": list(register.sheets),
    }


def _column(column: Column) -> dict[str, Any]:
    choices = {str(key): str(label) for key, label in column.choices.items()}
    return {
        "name": column.name,
        "label": str(column.label),
        "kind": column.kind,
        "unit": str(column.unit),
        "choices": choices,
    }


def _filter(name: str, field: Any) -> dict[str, Any]:
    """A filter of a register; long lists (regions) stand in the registers of their own."""
    offered = {str(key): str(label) for key, label in getattr(field, "choices", ()) if key not in ("", None)}
    return {"name": name, "label": str(field.label), "choices": offered if len(offered) <= MOST_CHOICES else {}}


def _known_parameters(register: Register, given: QueryDict) -> None:
    known = {*OWN_PARAMETERS, *register.filters}
    unknown = [name for name in given if name not in known]
    if unknown:
        words = _("登记册“%(register)s”没有筛选条件“%(names)s”，可用的有：%(known)s。")
        said = {
            "register": register.title,
            "names": "、".join(unknown),
            "known": "、".join(register.filters) or _("无"),
        }
        raise Problem(422, "api.filter.unknown", _("筛选条件不认得"), words % said)
    columns = {column.name for column in register.columns}
    wanted = [*given.getlist("columns"), *([given["sort"].lstrip("-")] if given.get("sort") else [])]
    if strange := [name for name in wanted if name not in columns]:
        words = _("登记册“%(register)s”没有名为“%(names)s”的列，可用的有：%(known)s。")
        said = {
            "register": register.title,
            "names": "、".join(strange),
            "known": "、".join(each.name for each in register.columns),
        }
        raise Problem(422, "api.column.unknown", _("列名不认得"), words % said)


def _listed(register: Register, reach: Reach, clock: Any, given: QueryDict, query: ListQuery) -> Listing:
    _readable(query.after or query.before)
    try:
        found = listing(register, reach, clock, given, limit=query.limit)
    except (WrongValue, FieldError, ValueError, TypeError) as error:
        raise _spoilt_cursor() from error
    if found.filterset.errors:
        errors = [
            {"parameter": name, "detail": str(sentence)}
            for name, sentences in found.filterset.errors.items()
            for sentence in sentences
        ]
        words = "".join(_("筛选条件“%(parameter)s”的值不可用：%(detail)s") % each for each in errors)
        raise Problem(422, "api.filter.value", _("筛选条件的值不可用"), words, errors=errors)
    return found


def _readable(cursor: str) -> None:
    if not cursor:
        return
    try:
        value = json.loads(base64.urlsafe_b64decode(cursor))
        if not (isinstance(value, list) and len(value) == 2 and isinstance(value[1], int)):
            raise _spoilt_cursor()
    except ValueError as error:
        raise _spoilt_cursor() from error


def _spoilt_cursor() -> Problem:
    words = _("翻页标记读不懂。请从第一页重新开始，并原样使用回答中 next 或 previous 给出的地址。")
    return Problem(422, "api.cursor", _("翻页标记读不懂"), words)


def _address(request: HttpRequest, **cursor: str) -> str:
    if not all(cursor.values()):
        return ""
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    kept.update(cursor)
    return f"{request.path}?{kept.urlencode()}"


def _row(register: Register, columns: Any, pk: int, page: str, values: list[Any]) -> dict[str, Any]:
    named = {column.name: as_json(value) for column, value in zip(columns, values, strict=True)}
    return {"id": pk, "url": f"/api/v1/registers/{register.name}/{pk}", "page": page, "values": named}


def _record(found: RecordPage, reach: Reach, clock: Clock) -> dict[str, Any]:
    register, pk = found.register, found.record.pk
    columns = list(register.columns)
    values = register.rows(reach, clock).filter(pk=pk)
    return {
        "id": pk,
        "register": register.name,
        "label": str(found.record),
        "page": register.url(pk),
        "state": found.state,
        "state_label": _state_label(register, found.state),
        "values": _values(found, columns, values),
        "panels": [{"title": str(title), "facts": [_fact(*pair) for pair in pairs]} for title, pairs in found.panels],
        "moves": [_move(register, each) for each in found.moves],
        "documents": [_document(link) for link in found.documents],
        "findings": [_finding(each) for each in found.findings],
        "obligations": [as_json(asdict(each)) for each in found.duties],
        "related": [_related(each) for each in found.related],
        "history": [_change(each) for each in found.history if each.fields],
        "ledger": [] if reach.is_laboratory else [_entry(each) for each in found.ledger],
    }


def _values(found: RecordPage, columns: list[Column], rows: Any) -> dict[str, Any]:
    stored = [column for column in columns if column.orm_path != "standing"]
    values = rows.values_list(*[column.orm_path for column in stored]).first() or [None] * len(stored)
    named = {column.name: as_json(value) for column, value in zip(stored, values, strict=True)}
    return {column.name: named.get(column.name, found.state) for column in columns}


def _state_label(register: Register, state: str) -> str:
    found = register.state(state) if state else None
    return str(found.label) if found else ""


def _fact(column: Column, value: Any) -> dict[str, Any]:
    return {"name": column.name, "label": str(column.label), "unit": str(column.unit), "value": as_json(value)}


def _move(register: Register, move: Any) -> dict[str, Any]:
    return {
        "arrow": move.arrow,
        "from_state": move.from_state,
        "to_state": move.to_state,
        "to_label": _state_label(register, move.to_state),
        "on": move.on.isoformat(),
        "recorded_at": move.recorded_at.isoformat(),
        "organisation": str(move.post.organisation) if move.post else "",
        "reason": move.reason,
        "is_late": move.is_late,
    }


def _document(link: Any) -> dict[str, Any]:
    document = link.document
    return {"sha256": document.sha256, "name": document.name, "title": link.title, "size_bytes": document.size_bytes}


def _finding(found: Any) -> dict[str, Any]:
    names = ("subject_label", "measure", "value", "operator", "threshold", "unit", "outcome", "clause", "law_on")
    return {**{name: as_json(getattr(found.record, name)) for name in names}, "sentence": found.sentence}


def _related(found: Any) -> dict[str, Any]:
    return {
        "title": str(found.related.title),
        "register": found.register.name,
        "rows": [
            {"page": page, "values": {c.name: as_json(v) for c, v in zip(found.columns, values, strict=True)}}
            for page, values in found.rows
        ],
        "has_more": found.has_more,
    }


def _change(change: Any) -> dict[str, Any]:
    fields = [
        {"label": label, "before": as_json(before), "after": as_json(after)} for label, before, after in change.fields
    ]
    return {
        "at": change.at.isoformat(),
        "account": change.account,
        "organisation": change.organisation,
        "deed": change.deed,
        "fields": fields,
    }


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "deed": entry.deed,
        "sentence": entry.sentence,
        "on": entry.on.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "hash": entry.hash,
    }
