"""Pages that chapters declare beside their registers, shown in the frame of the console."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jingtu.faces.console import tablefiles
from jingtu.faces.console.gate import officers_only
from jingtu.faces.console.page import page as framed
from jingtu.registers.declare import get_register
from jingtu.registers.pages import Asked, Page, get_page
from jingtu.registers.record import fetch

FORMS = ("xlsx", "csv")


@officers_only
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A chapter's page, or the table it shows as a file."""
    try:
        declared = get_page(name)
    except KeyError as error:
        raise Http404 from error
    asked = _asked(request, declared)
    form = request.GET.get("format", "")
    if declared.rows is not None and form in FORMS:
        filename = f"{declared.title}{asked.clock.on.isoformat()}"
        return tablefiles.answer(declared.rows(asked), filename, form)
    exports = [("xlsx", _("导出 XLSX")), ("csv", _("导出 CSV"))] if declared.rows else []
    context = {"heading": str(declared.title), "export_forms": exports, "page_clause": declared.clause}
    return framed(request, declared.template, context | declared.fill(asked))


def _asked(request: HttpRequest, declared: Page) -> Asked:
    reach, clock = request.reach, request.clock  # type: ignore[attr-defined]
    return Asked(reach, clock, request.GET.dict(), _record(request, declared) if declared.about else None)


def _record(request: HttpRequest, declared: Page) -> Any:
    """The record that the address names; 404 when it is not there or out of reach."""
    pk = request.GET.get("of", "")
    if not pk.isdigit():
        raise Http404
    return fetch(get_register(declared.about), request.reach, request.clock, int(pk))  # type: ignore[attr-defined]
