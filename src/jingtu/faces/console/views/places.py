"""The one map: regions below, the registers with a layer above."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.faces.console.gate import officers_only
from jingtu.faces.console.page import page
from jingtu.land import facts as land
from jingtu.registers import layers, overlays
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register
from jingtu.registers.reach import Reach

TILES = "/tiles/"
REGIONS = "regions"
YEARS_BACK = 1
ZOOMS = {"county": "11", "city": "9"}


@officers_only
def one_map(request: HttpRequest) -> HttpResponse:
    """Every layer that the post may see, each with its legend; those asked for are on, else the first with states."""
    shown = [_layer(each) for each in layers.layered(request.reach)]  # type: ignore[attr-defined]
    asked = request.GET.getlist("layer") or [each["name"] for each in shown if each["legend"]][:1]
    for each in shown:
        each["on"] = each["name"] in asked
    context = {
        "heading": _("一张图"),
        "layers": [
            {"name": REGIONS, "title": _("行政区界线"), "on": True, "legend": []},
            *sorted(shown, key=lambda each: not each["on"]),
        ],
        "layer_names": " ".join([REGIONS, *(each["name"] for each in shown)]),
        "tiles_url": TILES,
        "middle": _middle(request.reach),  # type: ignore[attr-defined]
        **_days(request.clock),  # type: ignore[attr-defined]
        **_overlay(request),
    }
    return page(request, "console/map.html", context)


def _days(clock: Clock) -> dict[str, Any]:
    """The days of the slider: from a round day in the past to today, and where the asked day stands."""
    first = min(date(clock.today.year - YEARS_BACK, 1, 1), clock.on)
    return {"first_day": first, "days": (clock.today - first).days, "day_number": (clock.on - first).days}


def _overlay(request: HttpRequest) -> dict[str, Any]:
    """The pictures that may be laid over the map, and the one that is asked for; one out of reach is not there."""
    reach, clock, asked = request.reach, request.clock, request.GET.get("overlay", "")  # type: ignore[attr-defined]
    offered = [
        (f"{register.name}:{each.pk}", str(each), register, each)
        for register in overlays.overlaid(reach)
        if register.overlay
        for each in overlays.ready(register, reach, clock)[: overlays.MOST_OFFERED]
    ]
    chosen = next(((register, each) for key, _title, register, each in offered if key == asked), None)
    if asked and chosen is None and not clock.is_past:
        raise Http404
    return {
        "overlays": [(key, title, key == asked) for key, title, _register, _each in offered],
        "overlay": _laid(*chosen) if chosen else None,
    }


def _laid(register: Register, record: Any) -> dict[str, Any]:
    overlay = register.overlay
    if overlay is None:
        raise Http404
    shown = overlay.measures(record)
    return {
        "title": str(record), "notice": overlay.notice, "url": register.url(record.pk),
        "box": " ".join(f"{edge:.2f}" for edge in overlay.box(record)),
        "measures": [(each, reverse("overlay", args=[register.name, record.pk, each.name])) for each in shown],
    }  # fmt: skip


def _middle(reach: Reach) -> dict[str, str] | None:
    """Where the map of a county or city begins; the province's shows the whole."""
    region = land.region(reach.region_code)
    if region is None or region.label_point is None or reach.level not in ZOOMS:
        return None
    place = region.label_point
    return {"lon": f"{place.x:.4f}", "lat": f"{place.y:.4f}", "zoom": ZOOMS[reach.level]}


def _layer(register: Register) -> dict[str, Any]:
    entries = layers.legend(register)
    return {
        "name": register.name,
        "title": register.title,
        "legend": entries,
        "letters": "|".join(f"{each.state}={each.letter}" for each in entries),
        "on": False,
    }
