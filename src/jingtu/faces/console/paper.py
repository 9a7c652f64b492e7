"""A page as a file for the records: A4 with page numbers, what the ledger said last, and a demonstration's label.

The file is the page itself, set by the styles with which it prints; nothing is fetched while it is set.
"""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jingtu.faces.console.cells import register_title
from jingtu.faces.console.tablefiles import download
from jingtu.registers import ledger
from jingtu.registers.models import LedgerEntry
from jingtu.registers.reach import Reach

SHOWN_DIGITS = 16
STYLES = ("static/console/dist/console.css", "paper.css")
LANDSCAPE = "@page { size: A4 landscape }"


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page as PDF; ``paper`` in its context says which way the sheet lies, ``seal`` what the ledger said last."""
    context = {**context, "seal": context.get("seal") or _heads(request)}
    text = render_to_string(template, {**context, "on_paper": True}, request)
    landscape = context["paper"] == "landscape"
    name = f"{context['heading']}{request.clock.on.isoformat()}.pdf"  # type: ignore[attr-defined]
    return download(_set(text, landscape), name.replace("/", "-"), "application/pdf")


def seal(entries: list[LedgerEntry]) -> str:
    """The newest entry of a record, by which its sheet can be held to the ledger."""
    if not entries:
        return ""
    newest = entries[0]
    told = {"stream": register_title(newest.stream), "seq": newest.seq, "hash": newest.hash[:SHOWN_DIGITS]}
    return _("台账“%(stream)s”第 %(seq)d 条 %(hash)s…") % told


def _heads(request: HttpRequest) -> str:
    """One digest over the newest entry of every chain, as ``jingtu ledger heads`` exports them."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    if not reach.reads_ledger:
        return ""
    heads = [[each["stream"], each["seq"], each["hash"]] for each in ledger.heads()]
    digest = hashlib.sha256(json.dumps(heads, separators=(",", ":")).encode()).hexdigest()
    return _("台账各链末条的合并摘要 %(digest)s…") % {"digest": digest[:SHOWN_DIGITS]}


def _set(text: str, landscape: bool) -> bytes:
    from weasyprint import CSS, HTML  # takes a second to load, which only those wait for who want a file

    room = resources.files("jingtu.faces.console")
    sheets = [(room / name).read_text(encoding="utf-8") for name in STYLES]
    styles = [CSS(string=each, url_fetcher=_fetch_nothing) for each in [*sheets, *([LANDSCAPE] if landscape else [])]]
    return bytes(HTML(string=text, url_fetcher=_fetch_nothing).write_pdf(stylesheets=styles, pdf_tags=True))


def _fetch_nothing(url: str, *_more: Any, **_given: Any) -> dict[str, Any]:
    raise ValueError(f"a sheet of paper fetches nothing: {url}")
