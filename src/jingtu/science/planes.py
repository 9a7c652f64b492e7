"""Degrees of CGCS2000 as metres of the nearest Gauss-Krüger zone, and back."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

Floats = NDArray[np.float64]

DEGREES: Final = "EPSG:4490"
WEB: Final = "EPSG:3857"
_FIRST_ZONE: Final = 4534
_FIRST_MERIDIAN: Final = 75
_ZONE_DEGREES: Final = 3


def zone_of(lon: float) -> int:
    """EPSG code of the 3-degree zone of CGCS2000 whose central meridian is nearest.

    *Source*: EPSG 4534 to 4554 (CGCS2000 / 3-degree Gauss-Kruger CM 75E to 135E), eastings without zone number.

    >>> zone_of(111.7), zone_of(113.4)
    (4546, 4547)
    """
    return _FIRST_ZONE + round(lon / _ZONE_DEGREES) - _FIRST_MERIDIAN // _ZONE_DEGREES


def onto(zone: int, lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Degrees as metres of a zone, shape (places, 2): east, north.

    *Source*: PROJ.

    >>> onto(4546, [111.0], [36.0]).round().tolist()
    [[500000.0, 3985543.0]]
    """
    return np.column_stack(_transformer(DEGREES, f"EPSG:{zone}").transform(lon, lat))


def degrees_of(zone: int, places_m: ArrayLike) -> Floats:
    """Metres of a zone as degrees, shape (places, 2): longitude, latitude.

    *Source*: PROJ.

    >>> degrees_of(4546, onto(4546, [111.7], [36.25])).round(7).tolist()
    [[111.7, 36.25]]
    """
    places = np.asarray(places_m, dtype=np.float64)
    return np.column_stack(_transformer(f"EPSG:{zone}", DEGREES).transform(places[:, 0], places[:, 1]))


def web_of(degrees: ArrayLike) -> Floats:
    """Degrees as metres of web maps (spherical Mercator), shape (places, 2).

    *Source*: EPSG 3857; CGCS2000 is taken as WGS 84, from which it differs by less than a cell.

    >>> web_of([[180.0, 0.0]]).round().tolist()
    [[20037508.0, 0.0]]
    """
    places = np.asarray(degrees, dtype=np.float64)
    return np.column_stack(_transformer("EPSG:4326", WEB).transform(places[:, 0], places[:, 1]))


def from_web(places_m: ArrayLike) -> Floats:
    """Metres of web maps as degrees, shape (places, 2).

    *Source*: EPSG 3857.

    >>> from_web(web_of([[111.7, 36.25]])).round(7).tolist()
    [[111.7, 36.25]]
    """
    places = np.asarray(places_m, dtype=np.float64)
    return np.column_stack(_transformer(WEB, "EPSG:4326").transform(places[:, 0], places[:, 1]))


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
