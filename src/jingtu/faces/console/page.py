"""A page in its frame: bar, bands and menu around what a view hands over."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jingtu.faces.console import paper
from jingtu.faces.console.menu import keys, menu
from jingtu.land import facts as land
from jingtu.land.models import Department, Role
from jingtu.registers.clock import Clock
from jingtu.registers.reach import Reach

STATES = ("done", "open", "soon", "overdue", "na", "unbound", "unassigned", "period_open")
DAY_PARAMETERS = ("on", "known_on", "after", "before")


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a console page; ``heading`` in the context is title and headline alike.

    With ``paper`` in the context the page is also given as a file.
    """
    shown = {**context, "shell": shell(request, context)}
    if context.get("paper") and request.GET.get("format") == "pdf":
        return paper.answer(request, template, shown)
    return render(request, template, shown, status=status)


def shell(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the frame around every page shows."""
    reach: Reach | None = getattr(request, "reach", None)
    clock: Clock = getattr(request, "clock", None) or Clock.present()
    frame: dict[str, Any] = {
        "clock": clock,
        "demo_today": settings.DEMO_TODAY,
        "states": STATES,
        "day_path": context.get("day_path", request.path),
    }
    if reach is None:
        return frame
    lines = menu(reach, request.path)
    kept = [(key, value) for key, values in request.GET.lists() if key not in DAY_PARAMETERS for value in values]
    return {
        **frame,
        "menu": lines,
        "keys": keys(lines),
        "kept": kept,
        "place": place(reach),
        "account": reach.account_name,
        "may_search": not reach.is_administrator,
        "has_deadlines": not (reach.is_laboratory or reach.is_administrator),
        "post": f"{reach.organisation_name} · {Role(reach.role).label}",
    }


def place(reach: Reach) -> list[str]:
    """Where a post stands: the regions from the province down, then its department."""
    if reach.is_laboratory:
        return [reach.organisation_name]
    codes = [reach.region_code[:digits].ljust(6, "0") for digits in (2, 4, 6)]
    names = [region.name for code in dict.fromkeys(codes) if (region := land.region(code))]
    return [*names, str(Department(reach.department).label)]
