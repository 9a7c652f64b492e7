"""A register's list: filters, chosen columns, sort, pages by key, and the same rows to take away."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.desk import savedviews
from jingtu.faces.console import cells, tablefiles
from jingtu.faces.console.gate import plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import clause_number, number
from jingtu.registers.declare import Register, Sheet, all_sheets, get_register
from jingtu.registers.listing import PAGE_ROWS, Listing, Row, depending, export
from jingtu.registers.listing import listing as list_rows
from jingtu.registers.record import fetch

NOT_KEPT = ("after", "before", "format", "on", "known_on", "pick")


@plan_only
def listing(request: HttpRequest, register: str) -> HttpResponse:
    """One page of a register, or all of it as a file."""
    declared = seen(request, register)
    form = request.GET.get("format", "")
    if form in ("xlsx", "csv"):
        rows = export(declared, request.reach, request.clock, request.GET)  # type: ignore[attr-defined]
        return tablefiles.answer(rows, f"{declared.title}{request.clock.on.isoformat()}", form)  # type: ignore[attr-defined]
    return page(request, "console/register/list.html", context(request, declared))


def seen(request: HttpRequest, name: str) -> Register:
    """A register that the post sees; others are not there."""
    try:
        declared = get_register(name)
    except KeyError as error:
        raise Http404 from error
    if not declared.sees(request.reach):  # type: ignore[attr-defined]
        raise Http404
    return declared


def context(request: HttpRequest, declared: Register) -> dict[str, Any]:
    """Everything a list page shows."""
    found = list_rows(declared, request.reach, request.clock, request.GET)  # type: ignore[attr-defined]
    marks = {name: request.GET.get(name, "") for name in ("q", "sort")}
    return {
        "heading": declared.title,
        "clause_title": _clause_title(declared.clause),
        "clause_url": _clause_url(request, declared.clause),
        "columns": [_heading(request, column, marks["sort"]) for column in found.columns],
        "rows": [
            {**cells.row(declared, found.columns, row.url, row.values), "pk": row.pk, "pick_label": _pick_label(row)}
            for row in found.rows
        ],
        "ways": ways(request, declared),
        "filter_fields": _fields(found),
        "has_search": bool(declared.search),
        "q": marks["q"],
        "sort": marks["sort"],
        "filtered": _is_filtered(request, found),
        "above": _above(request, declared),
        "column_choices": _column_choices(found),
        "custom_columns": request.GET.getlist("columns"),
        "empty": declared.empty or _("登记册中还没有记录。"),
        "pager": _pager(request, found),
        "xlsx_url": address(request, format="xlsx"),
        "csv_url": address(request, format="csv"),
        "openings": openings(request, declared),
        "views": savedviews.kept(declared, request.reach),  # type: ignore[attr-defined]
        "view_query": savedviews.asked(request.GET),
        "view_register": declared.name,
        "sheets": sheets(request, [each for each in all_sheets() if each.name in declared.sheets]),
    }


def _above(request: HttpRequest, declared: Register) -> dict[str, str] | None:
    """The record whose dependent rows the list is narrowed to, and the way to all rows."""
    above = depending(declared, request.GET)
    if above is None:
        return None
    record = fetch(above.register, request.reach, request.clock, above.pk)  # type: ignore[attr-defined]
    return {
        "label": f"{above.register.title} {record}",
        "url": above.register.url(above.pk),
        "value": request.GET["of"],
        "all_url": address(request, of=""),
    }


def _pick_label(row: Row) -> str:
    """What the box before a row says to those who do not see the row."""
    return _("选择 %(row)s") % {"row": row.values[0] if row.values else row.pk}


def ways(request: HttpRequest, declared: Register) -> list[dict[str, Any]]:
    """The deeds that the post may do on the picked rows of a list."""
    if request.clock.is_past:  # type: ignore[attr-defined]
        return []
    return [
        {
            "label": str(each.label),
            "url": reverse("together", args=[declared.name, each.name]),
            "back": each.needs_reason,
        }
        for each in declared.ways(request.reach)  # type: ignore[attr-defined]
    ]


def openings(request: HttpRequest, declared: Register) -> list[dict[str, str]]:
    """The tools that open a new record, for those who may."""
    if request.clock.is_past:  # type: ignore[attr-defined]
        return []
    return [
        {"label": str(each.label), "url": reverse("opening", args=[declared.name, each.name])}
        for each in declared.openings
        if each.may(request.reach)  # type: ignore[attr-defined]
    ]


def sheets(request: HttpRequest, some: list[Sheet]) -> list[dict[str, Any]]:
    """Sheets with the way to their blank workbook and, for those who may, to handing one in."""
    may = not request.clock.is_past  # type: ignore[attr-defined]
    return [
        {
            "title": each.title,
            "guidance": each.guidance,
            "blank_url": reverse("blank", args=[each.name]),
            "upload_url": f"{reverse('dossier-new')}?sheet={each.name}"
            if may and each.may_submit(request.reach)  # type: ignore[attr-defined]
            else "",
        }
        for each in some
    ]


def address(request: HttpRequest, **changed: str) -> str:
    """This page's address with some parameters changed; empty ones go."""
    kept = QueryDict(mutable=True)
    for key, values in request.GET.lists():
        if key not in NOT_KEPT and key not in changed:
            kept.setlist(key, [value for value in values if value])
    kept.update({key: value for key, value in changed.items() if value})
    return f"?{kept.urlencode()}"


def _clause_title(code: str) -> str:
    try:
        found = law.plan().clause(code)
    except law.UnknownTable:
        return ""
    return _("计划第 %(number)s 条 %(heading)s") % {"number": clause_number(code), "heading": found.heading_zh}


def _clause_url(request: HttpRequest, code: str) -> str:
    known = code in {clause.code for clause in law.plan().clauses}
    return reverse("clause", args=[code]) if known and not request.reach.is_laboratory else ""  # type: ignore[attr-defined]


def _heading(request: HttpRequest, column: Any, sort: str) -> cells.Heading:
    falling = sort == f"-{column.name}"
    way = ("descending" if falling else "ascending") if sort.lstrip("-") == column.name else ""
    wanted = f"-{column.name}" if sort == column.name else column.name
    base = cells.heading(column)
    return cells.Heading(base.label, base.unit, base.figure, address(request, sort=wanted), way)


def _fields(found: Listing) -> list[Any]:
    form = found.filterset.form
    for field in form.fields.values():
        if hasattr(field, "empty_label"):
            field.widget.choices = [("", _("全部")), *(pair for pair in field.choices if pair[0] != "")]
    return list(form)


def _is_filtered(request: HttpRequest, found: Listing) -> bool:
    names = {"q", *found.filterset.form.fields}
    return any(request.GET.get(name) for name in names)


def _column_choices(found: Listing) -> list[dict[str, Any]]:
    chosen = {column.name for column in found.columns}
    return [
        {"name": column.name, "label": column.label, "chosen": column.name in chosen}
        for column in found.register.columns
    ]


def _pager(request: HttpRequest, found: Listing) -> dict[str, Any]:
    count = number(found.count)
    words = _("约 %(count)s 条") if found.count_is_estimate else _("共 %(count)s 条")
    moved = "after" in request.GET or "before" in request.GET
    return {
        "sentence": words % {"count": count}
        + (_("，每页 %(rows)s 条") % {"rows": PAGE_ROWS} if found.count > PAGE_ROWS else ""),
        "first": address(request) if moved else "",
        "previous": address(request, before=found.previous_cursor) if found.previous_cursor else "",
        "next": address(request, after=found.next_cursor) if found.next_cursor else "",
    }
