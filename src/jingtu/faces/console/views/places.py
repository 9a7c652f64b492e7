"""The one map: regions below, the registers with a layer above."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jingtu.faces.console.gate import officers_only
from jingtu.faces.console.page import page
from jingtu.registers import layers
from jingtu.registers.declare import Register

TILES = "/tiles/"
REGIONS = "regions"


@officers_only
def one_map(request: HttpRequest) -> HttpResponse:
    """Every layer that the post may see, each with its legend; the first with states is switched on."""
    shown = [_layer(each) for each in layers.layered(request.reach)]  # type: ignore[attr-defined]
    first = next((each for each in shown if each["legend"]), shown[0] if shown else None)
    if first:
        first["on"] = True
    context = {
        "heading": _("一张图"),
        "layers": [{"name": REGIONS, "title": _("行政区界线"), "on": True, "legend": []}, *shown],
        "layer_names": " ".join([REGIONS, *(each["name"] for each in shown)]),
        "tiles_url": TILES,
    }
    return page(request, "console/map.html", context)


def _layer(register: Register) -> dict[str, Any]:
    entries = layers.legend(register)
    return {
        "name": register.name,
        "title": register.title,
        "legend": entries,
        "letters": "|".join(f"{each.state}={each.letter}" for each in entries),
        "on": False,
    }
