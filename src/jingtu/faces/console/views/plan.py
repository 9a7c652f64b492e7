"""The plan: its board, its clauses, its duties and the obligations they create."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.faces.console import owed, tablefiles
from jingtu.faces.console.gate import officers_only
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import clause_number, number, state_words
from jingtu.land import facts as land
from jingtu.registers import periods
from jingtu.registers.board import Board, Cell, board
from jingtu.registers.clock import Clock
from jingtu.registers.duties import is_bound
from jingtu.registers.reach import Reach

PROVINCE_DIGITS, CITY_DIGITS, CODE_DIGITS = 2, 4, 6


@officers_only
def overview(request: HttpRequest) -> HttpResponse:
    """Clauses down, places or departments across."""
    by = "department" if request.GET.get("by") == "department" else "city"
    parent = request.GET.get("parent", "")
    found = board(request.clock, request.reach, by=by, parent=parent)  # type: ignore[attr-defined]
    if request.GET.get("format") in ("xlsx", "csv"):
        return tablefiles.answer(_export(found), _("计划总览") + request.clock.on.isoformat(), request.GET["format"])  # type: ignore[attr-defined]
    region = land.region(parent) if parent else None
    drill = [code for code, _name in found.columns if by == "city" and len(code) == CITY_DIGITS]
    context = {
        "heading": _("计划总览"),
        "board_place": region.name if region else "",
        "by": by,
        "columns": [(code.ljust(CODE_DIGITS, "0"), name.removesuffix(_("市"))) for code, name in found.columns],
        "drill": [code.ljust(CODE_DIGITS, "0") for code in drill],
        "rows": list(_rows(found, parent)),
        "span": len(found.columns) + 4,
        "none_span": len(found.columns) + 1,
        "export_forms": [("xlsx", _("导出 XLSX"))],
        "paper": "landscape",
    }
    return page(request, "console/board.html", context)


def _rows(found: Board, parent: str) -> Iterator[dict[str, Any]]:
    sections = {clause.code: clause.section_zh for clause in law.plan().clauses}
    for row in found.rows:
        url = reverse("clause", args=[row.code])
        kind = "department" if found.by == "department" else "region"
        yield {
            "clause": row.code,
            "section": sections.get(row.code, ""),
            "heading": row.heading,
            "note": _("已接入 %(bound)s/%(all)s 项") % {"bound": row.bound, "all": row.duties} if row.bound else "",
            "holder": row.holder,
            "due_text": row.due_text,
            "url": url,
            "total": _linked(row.total, _with(url, region=parent)),
            "none": "" if found.by == "department" else _none([row.total, *(cell for _code, cell in row.cells)]),
            "cells": [_linked(cell, _with(url, **{kind: code})) for code, cell in row.cells],
        }


def _none(cells: list[Cell]) -> str:
    """The one state of a row without any number: such a row is one merged cell."""
    states = {cell.state for cell in cells} - {"na"}
    return states.pop() if len(states) == 1 and not any(cell.total for cell in cells) else ""


def _linked(cell: Cell, url: str) -> dict[str, Any] | None:
    """A cell with the way to its obligations; nothing owed, no link."""
    if cell.state == "na":
        return None
    return {"state": cell.state, "done": cell.done, "total": cell.total, "title": _told(cell), "url": url}


def _told(cell: Cell) -> str:
    """What the figures of a cell consist of: done in time, done late, overdue, still within the period."""
    if not cell.total:
        return ""
    in_time, running = cell.done - cell.done_late, cell.total - cell.done - cell.late
    parts = (
        (in_time, _("按期完成 %(number)s 项")),
        (cell.done_late, _("逾期完成 %(number)s 项")),
        (cell.late, _("逾期未完成 %(number)s 项")),
        (running, _("未到期 %(number)s 项")),
    )
    return _("应完成 %(number)s 项：") % {"number": number(cell.total)} + "，".join(
        words % {"number": number(count)} for count, words in parts if count
    )


def _with(url: str, **wanted: str) -> str:
    given = {key: value for key, value in wanted.items() if value}
    return f"{url}?{urlencode(given)}" if given else url


def _export(found: Board) -> Iterator[list[Any]]:
    """The board as rows: owed, done in time, done late and overdue of the whole and of each column."""
    names = [_("合计"), *(name for _code, name in found.columns)]
    parts = (_("应完成"), _("按期完成"), _("逾期完成"), _("逾期未完成"), _("状态"))
    yield [_("条款"), _("标题"), _("期限"), _("责任"), *(f"{name} {part}" for name in names for part in parts)]
    for row in found.rows:
        cells = [row.total, *(cell for _code, cell in row.cells)]
        yield [clause_number(row.code), row.heading, row.due_text, row.holder, *_flat(cells)]


def _flat(cells: Iterable[Cell]) -> Iterator[Any]:
    for cell in cells:
        counted = (cell.total, cell.done - cell.done_late, cell.done_late, cell.late) if cell.total else (None,) * 4
        yield from (*counted, state_words(cell.state))


@officers_only
def clause(request: HttpRequest, code: str) -> HttpResponse:
    """A clause of the plan: its words, its duties, and what they oblige whom to do."""
    try:
        found = law.plan().clause(code)
    except law.UnknownTable as error:
        raise Http404(str(error)) from error
    place, prefix = _place(request)
    department = request.GET.get("department", "")
    own = [duty for duty in law.plan().duties_of(code) if not department or department in duty.departments]
    progress = board(request.clock, request.reach, parent=prefix.ljust(CODE_DIGITS, "0"), clause=code)  # type: ignore[attr-defined]
    totals = {row.code: row for row in progress.rows}
    context = {
        "heading": f"{clause_number(code)} {found.heading_zh}",
        "paper": "portrait",
        "clause": found,
        "plan": law.plan(),
        "place": place,
        "duties": [_duty_row(duty, totals[duty.code], prefix) for duty in own],
        **owed.context(request, [duty.code for duty in own], prefix),
    }
    return page(request, "console/clause.html", context)


def _duty_row(duty: law.Duty, progress: Any, prefix: str) -> dict[str, Any]:
    return {
        "code": duty.code,
        "text": duty.duty_zh,
        "holder": duty.actor_zh or duty.lead_zh,
        "force": law.codes("force").label(duty.force),
        "due": progress.due_text,
        "basis": law.codes("date_basis").label(duty.date_basis),
        "bound": is_bound(duty.code),
        "cell": progress.total,
        "url": _with(reverse("duty", args=[duty.code]), region=prefix if len(prefix) > PROVINCE_DIGITS else ""),
    }


@officers_only
def duty(request: HttpRequest, code: str) -> HttpResponse:
    """A duty: its sentence, its holder, where its deadline comes from, its obligations."""
    try:
        found = law.plan().duty(code)
    except law.UnknownTable as error:
        raise Http404(str(error)) from error
    place, prefix = _place(request)
    above = law.plan().clause(found.clause)
    context = {
        "heading": found.duty_zh,
        "paper": "portrait",
        "duty": found,
        "clause_title": f"{clause_number(above.code)} {above.heading_zh}",
        "clause_url": reverse("clause", args=[above.code]),
        "place": place,
        "facts": _facts(found, request.clock),  # type: ignore[attr-defined]
        "bound": is_bound(code),
        **owed.context(request, [code], prefix),
    }
    return page(request, "console/duty.html", context)


def _facts(found: law.Duty, at: Clock) -> list[tuple[str, Any]]:
    return [
        (_("责任主体"), found.actor_zh),
        (_("牵头"), found.lead_zh),
        (_("配合"), found.cooperating_zh),
        (_("负责落实"), found.local_zh),
        (_("约束力"), law.codes("force").label(found.force)),
        (_("任务类型"), law.codes("kind").label(found.kind)),
        (_("完成期限"), found.due_on or found.due_zh),
        (_("期限的来历"), law.codes("date_basis").label(found.date_basis)),
        (_("设定的期限"), periods.told(found.code, at) if found.due_on is None else ""),
        (_("数量要求"), found.quantity),
        (_("触发条件"), found.trigger_zh),
        (_("怎样算完成"), found.indicator_zh),
        (_("凭什么证明"), found.evidence_zh),
        (_("国家信息系统"), found.national_system_zh),
        (_("法律依据"), found.legal_basis_zh),
        (_("说明"), found.note),
    ]


def _place(request: HttpRequest) -> tuple[str, str]:
    """The asked place within reach: its full name and its digits; outside reach there is no such page."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    wanted = request.GET.get("region", "")
    if not wanted:
        return "", reach.prefix
    region = land.region(wanted.ljust(CODE_DIGITS, "0")) if wanted.isdigit() else None
    if region is None or not region.prefix.startswith(reach.prefix):
        raise Http404
    return region.full_name, region.prefix
