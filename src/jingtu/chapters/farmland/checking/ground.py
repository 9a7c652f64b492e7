"""Areas and places on the ellipsoid of CGCS2000."""

from __future__ import annotations

from typing import Final

from pyproj import Geod
from shapely import orient_polygons
from shapely.geometry.base import BaseGeometry

GEOD: Final = Geod(ellps="GRS80")  # the semi-axis and the flattening of CGCS2000 (GB/T 17798)
MU_PER_M2: Final = 3 / 2000  # 15 mu are a hectare


def area_m2(ground: BaseGeometry) -> float:
    """The area of a surface in degrees on the ellipsoid of CGCS2000, holes taken out.

    *Source*: Karney, C.F.F. (2013), Algorithms for geodesics, J. Geodesy 87, 43-55; as in PROJ and PostGIS.
    """
    return abs(float(GEOD.geometry_area_perimeter(orient_polygons(ground))[0]))


def mu(area: float) -> float:
    """Square metres in mu."""
    return area * MU_PER_M2
