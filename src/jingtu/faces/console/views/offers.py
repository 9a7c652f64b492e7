"""What a record's page offers beside moves: tools with a form of their own, and files filled in as far as known."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.faces.console.forms import ToolForm
from jingtu.faces.console.gate import plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.tablefiles import KINDS, XLSX
from jingtu.faces.console.tablefiles import download as as_file
from jingtu.faces.console.views.listings import seen
from jingtu.registers.declare import Register, Tool, get_register
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.pages import pages_about
from jingtu.registers.record import RecordPage, fetch


@plan_only
def tool(request: HttpRequest, register: str, name: str, pk: int | None = None) -> HttpResponse:
    """The form of a tool, and doing what it says; what the rules refuse is said in the form."""
    declared = seen(request, register)
    record = fetch(declared, request.reach, request.clock, pk) if pk else None  # type: ignore[attr-defined]
    chosen = _chosen(declared, name, request, with_record=pk is not None)
    closed = chosen.closed(record) if record else None
    if closed or request.clock.is_past:  # type: ignore[attr-defined]
        messages.error(request, closed or _("正在查看过去某日的情况，不能办理。请先回到今天。"))
        return redirect(declared.url(pk))
    fields = chosen.fields(record, request.reach)  # type: ignore[attr-defined]
    form = ToolForm(request.clock.today, fields, request.POST or None, request.FILES or None)  # type: ignore[attr-defined]
    if chosen.preview is not None and "preview" in request.POST:
        return _previewed(request, chosen, record, form)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                goal, key = chosen.run(record, by=request.reach, **form.cleaned_data)  # type: ignore[attr-defined]
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办理：%(deed)s。") % {"deed": chosen.label})
            return redirect(get_register(goal).url(key))
    return page(request, "console/register/tool.html", _context(declared, record, chosen, form), _status(form))


def _previewed(request: HttpRequest, chosen: Tool, record: Any, form: ToolForm) -> HttpResponse:
    """What would come of what is filled in so far; other fields may still be blank."""
    form.is_valid()
    on = form.cleaned_data.get("on") or request.clock.today  # type: ignore[attr-defined]
    context: dict[str, Any] = {"preview": None, "refused": ""}
    try:
        context["preview"] = chosen.preview and chosen.preview(record, request.reach, on, form.cleaned_data)  # type: ignore[attr-defined]
    except DeedRefused as refusal:
        context["refused"] = str(refusal)
    return render(request, "console/parts/preview.html", context)


def _chosen(declared: Register, name: str, request: HttpRequest, *, with_record: bool) -> Tool:
    among = declared.tools if with_record else declared.openings
    found = next((each for each in among if each.name == name and each.may(request.reach)), None)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _context(declared: Register, record: Any, chosen: Tool, form: ToolForm) -> dict[str, Any]:
    return {
        "heading": str(chosen.label),
        "hint": chosen.hint,
        "clause": chosen.clause,
        "form": form,
        "drawn": next((bound for bound in form if "data-draw" in bound.field.widget.attrs), None),
        "has_preview": chosen.preview is not None,
        "tiles_url": "/tiles/",
        "back_url": declared.url(record.pk if record else None),
        "back_title": str(record or declared.title),
    }


def _status(form: ToolForm) -> int:
    return 422 if form.is_bound and form.errors else 200


@plan_only
def download(request: HttpRequest, register: str, pk: int, name: str) -> HttpResponse:
    """A file made from a record."""
    declared = seen(request, register)
    record = fetch(declared, request.reach, request.clock, pk)  # type: ignore[attr-defined]
    file = next((each for each in declared.files(request.reach) if each.name == name), None)  # type: ignore[attr-defined]
    if file is None:
        raise Http404
    try:
        filename, content = file.make(record, request.reach)  # type: ignore[attr-defined]
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(declared.url(pk))
    return as_file(content, filename, KINDS.get(filename.rpartition(".")[2], XLSX))


def offered(found: RecordPage) -> dict[str, list[dict[str, str]]]:
    """The tools and files of a record as links; closed tools say why."""
    declared, pk = found.register, found.record.pk
    files = [
        {"label": str(each.label), "url": reverse("record-file", args=[declared.name, pk, each.name])}
        for each in found.downloads
    ]
    pages = [
        {"label": str(each.title), "url": f"{reverse('chapter-page', args=[each.name])}?of={pk}"}
        for each in pages_about(declared.name)
    ]
    return {"tools": _tools(declared, pk, found.tools), "downloads": files, "pages": pages}


def _tools(declared: Register, pk: int, tools: list[tuple[Tool, str]]) -> list[dict[str, str]]:
    return [
        {
            "label": str(each.label),
            "hint": str(each.hint),
            "clause": str(each.clause),
            "why_not": closed,
            "url": reverse("tool", args=[declared.name, pk, each.name]),
        }
        for each, closed in tools
    ]
