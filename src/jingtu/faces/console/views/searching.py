"""One search field for everything: records of all registers, duties of the plan, pages of the menu."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.desk.search import Found, search
from jingtu.faces.console import cells
from jingtu.faces.console.gate import plan_only
from jingtu.faces.console.menu import menu
from jingtu.faces.console.page import page
from jingtu.land import facts as land
from jingtu.registers.reach import Reach

LEAST, MOST, MOST_PLACES = 2, 60, 12


@plan_only
def find(request: HttpRequest) -> HttpResponse:
    """What holds the words, each group with the way to all of it."""
    text = request.GET.get("q", "").strip()[:MOST]
    reach, clock = request.reach, request.clock  # type: ignore[attr-defined]
    asked = len(text) >= LEAST
    lines = [each for each in menu(reach, request.path) if each.url and text in each.title] if asked else []
    context = {
        "heading": _("查找“%(text)s”") % {"text": text} if asked else _("查找"),
        "found_text": text,
        "asked": asked,
        "lines": lines,
        "places": _places(reach, text) if asked and not reach.is_laboratory else [],
        "duties": _duties(text) if asked and not reach.is_laboratory else [],
        "groups": [_group(each, text) for each in search(reach, clock, text)] if asked else [],
    }
    return page(request, "console/search.html", context)


def _places(reach: Reach, text: str) -> list[dict[str, str]]:
    """The regions within reach whose name or code holds the text, each with the way to its board."""
    found = [each for each in land.regions_within(reach.prefix) if text in each.full_name or each.code.startswith(text)]
    nearest = [each for each in found if text in each.name or each.code.startswith(text)] or found
    return [
        {"name": each.full_name, "url": f"{reverse('board')}?{urlencode({'parent': each.code})}"}
        for each in nearest[:MOST_PLACES]
    ]


def _duties(text: str) -> list[dict[str, str]]:
    """The duties of the plan whose number or words hold the text."""
    plan = law.plan()
    found = [duty for clause in plan.clauses for duty in plan.duties_of(clause.code)]
    return [
        {"code": duty.code, "text": duty.duty_zh, "url": reverse("duty", args=[duty.code])}
        for duty in found
        if text.upper() in duty.code or text in duty.duty_zh
    ]


def _group(found: Found, text: str) -> dict[str, Any]:
    register = found.register
    return {
        "title": register.title,
        "columns": [cells.heading(column) for column in found.columns],
        "rows": [cells.row(register, found.columns, url, values) for url, values in found.rows],
        "all_url": f"{register.url()}?{urlencode({'q': text})}",
        "has_more": found.has_more,
    }
