"""My work: what is due, what waits for a decision, what came back."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jingtu.desk.work import MOST_ROWS, Task, my_work
from jingtu.faces.console.forms import MEGABYTE, MOST_BYTES
from jingtu.faces.console.gate import post_required
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import number
from jingtu.faces.console.views import together
from jingtu.registers.declare import get_register
from jingtu.registers.listing import PAGE_ROWS

LIMITS = {"rows": PAGE_ROWS, "megabytes": MOST_BYTES // MEGABYTE}


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
        part["together"] = _together(part["rows"])
        part["rows"] = [{"task": task, "act_url": _act_url(task)} for task in part["rows"]]
    return page(request, "console/work.html", {"heading": _("待办"), "parts": parts, "waiting": found.count})


def _act_url(task: Task) -> str:
    """Where the row's button leads: to the open form of its move, else to the record."""
    return f"{task.url}#move-{task.deed.arrow}" if task.deed else task.url


def _together(tasks: list[Task]) -> list[dict[str, str]]:
    """The moves that several rows wait for, each as one link to do them together."""
    deeds = sorted((task.deed for task in tasks if task.deed), key=lambda each: (each.register, each.arrow))
    found = []
    for (name, arrow), group in groupby(deeds, key=lambda each: (each.register, each.arrow)):
        declared, keys = get_register(name), [each.pk for each in group]
        if len(keys) > 1 and arrow in declared.deeds and declared.workflow:
            told = {"deed": declared.workflow.arrow(arrow).label, "what": declared.title, "count": number(len(keys))}
            label = _("%(what)s %(count)s 条一并%(deed)s") % told
            found.append({"label": label, "url": together.address(name, arrow, keys)})
    return found


@post_required
def told(request: HttpRequest) -> HttpResponse:
    """How the pages are used, in a few lines; the manual says the rest."""
    return page(request, "console/help.html", {"heading": _("使用说明"), "limits": LIMITS})


@post_required
def waiting(request: HttpRequest) -> HttpResponse:
    """How many rows wait, for the bar."""
    found = my_work(request.reach, request.clock)  # type: ignore[attr-defined]
    return HttpResponse(number(found.count), content_type="text/plain; charset=utf-8")
