"""My work: what is due, what waits for a decision, what came back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jingtu.faces.console.gate import post_required
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import number
from jingtu.registers.work import MOST_ROWS, my_work


@post_required
def work(request: HttpRequest) -> HttpResponse:
    """The three lists of a post; administrators begin at their own pages."""
    if request.reach.is_administrator:  # type: ignore[attr-defined]
        return redirect("administration")
    found = my_work(request.reach, request.clock)  # type: ignore[attr-defined]
    parts: list[dict[str, Any]] = [
        {
            "key": "due",
            "title": _("到期和逾期的事项"),
            "rows": found.due,
            "empty": _("没有临近到期或逾期的事项。"),
        },
        {
            "key": "decide",
            "title": _("等我办理的事项"),
            "rows": found.decide,
            "empty": _("没有等您审核或接收的事项。"),
        },
        {
            "key": "returned",
            "title": _("退回给我的事项"),
            "rows": found.returned,
            "empty": _("没有退回的事项。"),
        },
    ]
    for part in parts:
        part["capped"] = len(part["rows"]) >= MOST_ROWS
    return page(request, "console/work.html", {"heading": _("待办"), "parts": parts, "waiting": found.count})


@post_required
def waiting(request: HttpRequest) -> HttpResponse:
    """How many rows wait, for the bar."""
    found = my_work(request.reach, request.clock)  # type: ignore[attr-defined]
    return HttpResponse(number(found.count), content_type="text/plain; charset=utf-8")
