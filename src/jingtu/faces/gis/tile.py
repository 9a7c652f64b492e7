"""One vector tile: rows that touch its box, clipped and encoded by the database.

The bytes of a tile are the same for the same rows: features are ordered by id, and compression carries no time.
"""

from __future__ import annotations

import gzip
import hashlib
import math
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BinaryField, Func, QuerySet

EXTENT = 4096
BUFFER = 64
MOST_ZOOM = 22


@dataclass(frozen=True)
class Tile:
    """A place in the web's pyramid of tiles."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the pyramid has such a tile."""
        return 0 <= self.z <= MOST_ZOOM and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees, with the margin that is drawn beyond the edge."""
        margin = BUFFER / EXTENT
        west, east = self._longitude(self.x - margin), self._longitude(self.x + 1 + margin)
        return west, self._latitude(self.y + 1 + margin), east, self._latitude(self.y - margin)

    def _longitude(self, x: float) -> float:
        return min(max(x / 2**self.z * 360 - 180, -180.0), 180.0)

    def _latitude(self, y: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**self.z))))


class TileGeometry(Func):
    """A geometry in the tile's own grid; null where nothing of it lies in the tile."""

    template = (
        "ST_AsMVTGeom(ST_Transform(%(expressions)s, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s), "
        "%(extent)s, %(buffer)s, true)"
    )
    output_field = BinaryField()

    def __init__(self, path: str, tile: Tile) -> None:
        """``path`` is the ORM path of the geometry."""
        super().__init__(path, z=tile.z, x=tile.x, y=tile.y, extent=EXTENT, buffer=BUFFER)


def encode(layer: str, rows: QuerySet[Any], columns: dict[str, str], geometry: str, tile: Tile) -> bytes:
    """One layer of a tile; ``columns`` gives the annotation of each field, ``id`` among them a whole number."""
    drawn = rows.annotate(tile_shape=TileGeometry(geometry, tile)).order_by()
    inner, parameters = drawn.values(*columns.values(), "tile_shape").query.sql_with_params()
    named = ", ".join(f'q."{source}" AS "{field}"' for field, source in columns.items())
    sql = f"""
        SELECT ST_AsMVT(m.*, %s, {EXTENT}, 'shape', 'id' ORDER BY m.id)
        FROM (SELECT {named}, q.tile_shape AS shape FROM ({inner}) q WHERE q.tile_shape IS NOT NULL) m
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [layer, *parameters])
        found = cursor.fetchone()[0]
    return bytes(found) if found else b""


def compress(content: bytes) -> bytes:
    """Gzip without the time of day, so that equal tiles are equal bytes."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def etag(content: bytes) -> str:
    """A weak tag of a tile's content, the same whether or not it travels compressed."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
