"""The one map of counties and points."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jingtu.faces.console.gate import officers_only
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import state_words
from jingtu.registers.declare import all_registers

MAP_STATES = ("done", "open", "soon", "overdue", "na", "unbound")


@officers_only
def one_map(request: HttpRequest) -> HttpResponse:
    """Counties below, the layers of the registers above."""
    layers = [{"name": "counties", "title": _("行政区界线")}]
    if any(each.layer for each in all_registers()):
        layers.append({"name": "points", "title": _("监测点位")})
    context = {
        "heading": _("一张图"),
        "layers": layers,
        "map_states": MAP_STATES,
        "state_pairs": "|".join(f"{state}={state_words(state)}" for state in MAP_STATES),
        "tiles_url": "/tiles/",
    }
    return page(request, "console/map.html", context)
