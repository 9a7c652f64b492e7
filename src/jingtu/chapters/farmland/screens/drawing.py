"""Fields that can be drawn: a text of WKT, with what the map shows beneath it for whoever draws.

The console draws for every text area with ``data-draw`` (the ways of drawing that it takes) and ``data-shown``, which
is GeoJSON. Each feature tells its ``role``: the ``own`` ground of the record, a ``neighbour`` to draw along, a
``point`` of evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from jingtu import law
from jingtu.chapters.farmland.checking.ground import area_m2, mu
from jingtu.chapters.farmland.checking.parts import UnreadableBoundary, surfaces
from jingtu.chapters.farmland.facts.evaluating import Judged, judged_points
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import Unit, UnitVersion
from jingtu.registers.ledger import DeedRefused

LINE, SURFACE, CHANGE = "line", "surface", "change"
LEVELS: Final = {
    1: ("done", "Ⅰ", gettext_lazy("Ⅰ级：不高于筛选值")),
    2: ("soon", "Ⅱ", gettext_lazy("Ⅱ级：高于筛选值，不高于管制值")),
    3: ("overdue", "Ⅲ", gettext_lazy("Ⅲ级：高于管制值")),
    0: ("na", "–", gettext_lazy("未判定")),
}
Feature = dict[str, Any]


def boundary_field(label: Any, hint: Any, ways: Sequence[str], shown: Iterable[Feature]) -> forms.CharField:
    """A text of WKT that may be drawn in these ways over these features."""
    collection = json.dumps({"type": "FeatureCollection", "features": list(shown)}, ensure_ascii=False)
    drawn = {"rows": 4, "data-draw": " ".join(ways), "data-shown": collection}
    return forms.CharField(label=label, required=False, help_text=hint, widget=forms.Textarea(attrs=drawn))


def layer_field() -> forms.FileField:
    """A vector file instead of a drawing."""
    hint = gettext_lazy("GeoPackage、Shapefile 压缩包、GeoJSON 或 .gdb 压缩包。")
    return forms.FileField(label=gettext_lazy("边界文件"), required=False, help_text=hint)


def read_file(file: Any) -> tuple[str, bytes] | None:
    """Name and bytes of a file that was handed in, if any was."""
    return (str(file.name), file.read()) if file else None


def one_surface(wkt: str, layer: Any) -> BaseGeometry:
    """The one surface that was drawn, typed or handed in."""
    try:
        found = surfaces(wkt, read_file(layer))
    except UnreadableBoundary as error:
        raise DeedRefused(str(error)) from error
    if len(found) != 1:
        raise DeedRefused(_("边界须正好是一个面（可以有多个部分和孔洞）。"))
    return found[0]


def own(version: UnitVersion) -> Feature:
    """The ground of the unit that is drawn anew."""
    return surface(as_ground(version.geom), "own", version.code)


def neighbours(versions: Iterable[UnitVersion]) -> Iterator[Feature]:
    """Other units, to draw along their edges."""
    for each in versions:
        yield surface(as_ground(each.geom), "neighbour", each.code)


def surface(ground: BaseGeometry, role: str, label: str) -> Feature:
    """A surface in its role."""
    return {"type": "Feature", "geometry": mapping(ground), "properties": {"role": role, "label": label}}


def points(unit: Unit, on: date) -> list[Feature]:
    """The points of a unit by the worst level of their soil, each with what exceeds where."""
    return [_point(each) for each in judged_points(unit.pk, on)]


def _point(judged: Judged) -> Feature:
    sign, letter, words = LEVELS[judged.worst]
    told = {"role": "point", "label": judged.code, "sign": sign, "letter": letter, "words": str(words)}
    place = {"type": "Point", "coordinates": list(judged.place)}
    return {"type": "Feature", "geometry": place, "properties": told | {"note": _note(judged)}}


def _note(judged: Judged) -> str:
    names = law.analytes()
    above = "、".join(
        _("%(analyte)s%(level)s级") % {"analyte": names[code].name_zh, "level": LEVELS[level][1]}
        for code, level in judged.level.items()
        if level > 1
    )
    soil = _("土壤 %(above)s") % {"above": above or _("各项不高于筛选值")}
    if judged.exceeding is None:
        return soil
    eaten = "、".join(names[code].name_zh for code in judged.exceeding)
    return soil + "；" + (_("农产品 %(above)s 超标") % {"above": eaten} if eaten else _("农产品未发现超标"))


def shapes(parts: Sequence[BaseGeometry]) -> str:
    """Surfaces numbered in their order, for the map of a preview."""
    found = [surface(part, "part", str(number)) for number, part in enumerate(parts, 1)]
    return json.dumps({"type": "FeatureCollection", "features": found})


def in_mu(ground: BaseGeometry) -> float:
    """The drawn area of a surface in mu."""
    return mu(area_m2(ground))
