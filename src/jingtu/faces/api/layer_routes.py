"""The map layers as collections of GeoJSON features, after OGC API Features."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from jingtu.faces.api.asking import AsOf, answering, covers, officer
from jingtu.faces.api.problems import Problem
from jingtu.registers import layers, spatial
from jingtu.registers.declare import Register
from jingtu.registers.reach import Reach

router = Router(tags=["layers"])
DIGITS = 6
WORLD = (-180.0, -90.0, 180.0, 90.0)


class LayersOut(Schema):
    """The layers that the post may see."""

    items: list[dict[str, Any]]


class ItemsQuery(AsOf):
    """Which features are asked for."""

    bbox: str = Field("", description="west,south,east,north in degrees (CGCS2000)")
    limit: int = Field(100, ge=1, le=1000)
    after: int = Field(0, ge=0, description="key of the last feature of the page before; taken from the next link")


class FeaturesOut(Schema):
    """A page of a layer's features as a GeoJSON FeatureCollection."""

    type: str
    on: str
    known_on: str
    numberReturned: int  # noqa: N815 - the standard's own name
    features: list[dict[str, Any]]
    links: list[dict[str, str]]


@router.get("/layers", response=LayersOut)
def collections(request: HttpRequest) -> dict[str, Any]:
    """The map layers."""
    return {"items": [_collection(each) for each in layers.layered(officer(request)) if covers(request, each.name)]}


@router.get("/layers/{name}", response=dict[str, Any])
def collection(request: HttpRequest, name: str) -> dict[str, Any]:
    """One map layer: title, kind of geometry, states."""
    return _collection(_found(name, officer(request)))


@router.get("/layers/{name}/items", response=FeaturesOut)
def items(request: HttpRequest, name: str, query: Query[ItemsQuery]) -> dict[str, Any]:
    """A layer's features within reach, as of the asked day, in the order of their keys."""
    reach = officer(request)
    register = _found(name, reach)
    with answering(query) as clock:
        rows = layers.features(register, reach, clock).filter(pk__gt=query.after)
        if query.bbox:
            rows = rows.filter(layers.meeting(register, _box(query.bbox), reach))
        shape = AsGeoJSON(layers.layer_of(register).geometry, precision=DIGITS)
        names = [f"feature_{field}" for field in layers.FIELDS]
        found = list(rows.annotate(shape=shape).order_by("pk").values(*names, "shape")[: query.limit + 1])
        page = found[: query.limit]
        return {
            "type": "FeatureCollection",
            "on": clock.on.isoformat(),
            "known_on": clock.known_on.isoformat(),
            "numberReturned": len(page),
            "features": [_feature(row) for row in page],
            "links": _links(request, page[-1]["feature_id"] if len(found) > len(page) else None),
        }


def _found(name: str, reach: Reach) -> Register:
    found = layers.find(name, reach)
    if found is None:
        raise Http404
    return found


def _collection(register: Register) -> dict[str, Any]:
    address = f"/api/v1/layers/{register.name}"
    return {
        "id": register.name,
        "title": str(register.title),
        "itemType": "feature",
        "geometry": layers.geometry_type(register),
        "storageCrs": f"http://www.opengis.net/def/crs/EPSG/0/{spatial.SRID}",
        "clause": register.clause,
        "states": [asdict(each) for each in layers.legend(register)],
        "links": [
            {"rel": "self", "type": "application/json", "href": address},
            {"rel": "items", "type": "application/geo+json", "href": f"{address}/items"},
        ],
    }


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    properties = {field: row[f"feature_{field}"] for field in layers.FIELDS if field != "id"}
    return {"type": "Feature", "id": row["feature_id"], "geometry": json.loads(row["shape"]), "properties": properties}


def _links(request: HttpRequest, last: int | None) -> list[dict[str, str]]:
    links = [{"rel": "self", "type": "application/geo+json", "href": request.get_full_path()}]
    if last is not None:
        asked = request.GET.copy()
        asked["after"] = str(last)
        links.append({"rel": "next", "type": "application/geo+json", "href": f"{request.path}?{asked.urlencode()}"})
    return links


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise _no_box(text) from error
    inside = WORLD[0] <= west <= east <= WORLD[2] and WORLD[1] <= south <= north <= WORLD[3]
    if not inside:
        raise _no_box(text)
    return west, south, east, north


def _no_box(text: str) -> Problem:
    words = _(
        "参数“bbox”的值“%(text)s”不是一个范围。"
        "请依次写西、南、东、北四个十进制度数，用逗号隔开，例如 112.0,37.0,113.0,38.0。"
    )
    return Problem(422, "api.bbox", _("范围读不懂"), words % {"text": text})
