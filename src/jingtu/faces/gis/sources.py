"""What can be asked for as tiles: the regions, and every register that declares a map layer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from jingtu.faces.gis.tile import Tile, encode
from jingtu.land import facts as land
from jingtu.land.models import Level, Region
from jingtu.registers import layers, spatial
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register
from jingtu.registers.layers import layer_of
from jingtu.registers.reach import Reach

REGIONS = "regions"
LABELS = "labels"
COUNTIES_FROM_ZOOM = 4
# Later is drawn on top: the lines of cities over those of counties.
RANKS = {Level.COUNTY: 1, Level.CITY: 2, Level.PROVINCE: 3}


def region_tile(tile: Tile) -> bytes:
    """Boundaries with code, name and level, and a second layer of points to write the names at.

    Boundaries are everyone's knowledge: every office sees the whole province, whatever its reach.
    """
    rank = Case(*[When(level=level, then=Value(rank)) for level, rank in RANKS.items()], output_field=IntegerField())
    digits = Cast("code", IntegerField())
    rows = land.regions_within("").annotate(tile_id=rank * Value(1_000_000) + digits)
    if tile.z < COUNTIES_FROM_ZOOM:
        rows = rows.exclude(level=Level.COUNTY)
    columns = {"id": "tile_id", "code": "code", "name": "name", "level": "level"}
    parts = []
    for layer, geometry in ((REGIONS, "geom"), (LABELS, "label_point")):
        parts.append(
            encode(
                layer,
                rows.filter(pk__in=spatial.near(Region, geometry, tile.box, Reach.system())),
                columns,
                geometry,
                tile,
            )
        )
    return b"".join(parts)


def register_tile(register: Register, reach: Reach, clock: Clock, tile: Tile) -> bytes:
    """The records of a register within reach, as of the asked day; of surfaces, a place for each letter as well.

    A surface is cut at the edges of tiles, and each piece would bear the letter again.
    """
    layer = layer_of(register)
    if tile.z < layer.min_zoom:
        return b""
    rows = layers.features(register, reach, clock).filter(layers.meeting(register, tile.box, reach))
    columns = {field: f"feature_{field}" for field in layers.FIELDS}
    drawn = encode(register.name, rows, columns, layer.geometry, tile)
    if "POLYGON" not in layers.geometry_type(register):
        return drawn
    inside = rows.annotate(letter_place=PointOnSurface(layer.geometry))
    return drawn + encode(f"{register.name}.letters", inside, columns, "letter_place", tile)


def index(reach: Reach) -> list[dict[str, Any]]:
    """Everything the map may draw for a post, the lowest layer first."""
    return [_regions(), *(_entry(register) for register in layers.layered(reach))]


def _regions() -> dict[str, Any]:
    return {
        "name": REGIONS,
        "title": _("行政区界线"),
        "geometry": "MULTIPOLYGON",
        "min_zoom": 0,
        "tiles": tiles_url(REGIONS),
        "layers": [REGIONS, LABELS],
        "fields": ["id", "code", "name", "level"],
        "clause": "",
        "states": [],
        "legend": [{"level": level, "label": str(label)} for level, label in Level.choices],
    }


def _entry(register: Register) -> dict[str, Any]:
    return {
        "name": register.name,
        "title": str(register.title),
        "geometry": layers.geometry_type(register),
        "min_zoom": layer_of(register).min_zoom,
        "tiles": tiles_url(register.name),
        "layers": [register.name],
        "fields": list(layers.FIELDS),
        "clause": register.clause,
        "states": [asdict(each) for each in layers.legend(register)],
        "legend": [{"sign": sign, "label": label} for sign, label in _legend(register)],
    }


def _legend(register: Register) -> list[tuple[str, str]]:
    entries = layers.legend(register)
    return [(each.sign, each.label) for each in entries] or [(layers.PLAIN, str(register.noun or register.title))]


def tiles_url(name: str) -> str:
    """The address of a layer's tiles, with places for zoom, column and row."""
    return f"/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt"
