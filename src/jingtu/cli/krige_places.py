"""Coordinates of a file as metres in one plane: degrees are projected, and how is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import LambertAzimuthalEqualAreaConversion
from pyproj.exceptions import CRSError

from jingtu.cli.asking import Stopped
from jingtu.science.planes import zone_of

Floats = NDArray[np.float64]

LOCAL: Final = "local"
CGCS2000, WGS84 = "EPSG:4490", "EPSG:4326"
DEGREES: Final = {CGCS2000: "CGCS2000", WGS84: "WGS 84"}
_CHINA: Final = ((73.0, 136.0), (3.0, 54.0))
_ZONE_DISTORTED: Final = 0.01
_MOST_DISTORTED: Final = 0.03
_FARTHEST_M: Final = 1e8
_FALSE_EASTING_M: Final = (200_000.0, 800_000.0)


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane that places lie in: its code or definition (blank for local coordinates), and words that say so."""

    code: str
    sentence: str
    wkt: str = ""

    @property
    def reference(self) -> int | str:
        """Number of the EPSG register, or the definition; blank for local coordinates."""
        return int(self.code.partition(":")[2]) if self.code else self.wkt


def asked_crs(text: str) -> str:
    """The code of ``--crs`` in its one spelling.

    >>> asked_crs("epsg:4546"), asked_crs("4490"), asked_crs("local"), asked_crs("")
    ('EPSG:4546', 'EPSG:4490', 'local', '')
    """
    bare = text.strip()
    if bare.isdecimal():
        return f"EPSG:{bare}"
    return bare.lower() if bare.lower() == LOCAL else bare.upper()


def from_degrees(lon: Floats, lat: Floats, asked: str) -> tuple[Floats, Plane]:
    """Project longitudes and latitudes: Gauss-Krüger of CGCS2000 in China, UTM elsewhere and for WGS 84."""
    if (np.abs(lon) > 180).any() or (np.abs(lat) > 90).any():
        raise Stopped("经度应在 ±180、纬度应在 ±90 之间；请核对经纬度两列是否写反，平面坐标请用 --x、--y 指明。")
    source = asked or (CGCS2000 if _in_china(lon, lat) else WGS84)
    if source not in DEGREES:
        raise Stopped(
            f"经纬度的坐标系只接受 {CGCS2000}（CGCS2000）和 {WGS84}（WGS 84），现为 {source}。"
            "西安80、北京54 的坐标请先用当地参数换算。"
        )
    zone = _zone(source, float(np.median(lon)), float(np.median(lat)))
    plane, off = CRS.from_user_input(zone), _distortion(CRS.from_user_input(zone), lon, lat)
    if off > _ZONE_DISTORTED:
        zone, plane = "", _wide_plane(source, lon, lat)
        off = _distortion(plane, lon, lat)
    if off > _MOST_DISTORTED:
        raise Stopped(f"各点相距太远，投影到平面后长度变形达 {off:.1%}，不能一起插值；请核对经纬度，或分区插值。")
    x, y = Transformer.from_crs(source, plane, always_xy=True, allow_ballpark=False).transform(lon, lat)
    name = f"{plane.name}（{zone}）" if zone else plane.name
    told = f"经纬度（{DEGREES[source]}）投影为 {name}的平面坐标，距离按米计，长度变形不超过 {off:.2%}。"
    return np.column_stack([x, y]), Plane(zone, told, "" if zone else plane.to_wkt("WKT1_GDAL"))


def _distortion(plane: CRS, lon: Floats, lat: Floats) -> float:
    """Largest departure of the scale from 1; infinite where the projection has no answer."""
    factors = Proj(plane).get_factors(lon, lat)
    scales = np.array([factors.meridional_scale, factors.parallel_scale])
    off = float(np.abs(scales - 1).max())
    return off if np.isfinite(off) else float("inf")


def _wide_plane(source: str, lon: Floats, lat: Floats) -> CRS:
    """An equal-area plane around the middle of the points, for regions wider than a zone."""
    east, north = (round((float(axis.min()) + float(axis.max())) / 2, 1) for axis in (lon, lat))
    name = f"兰勃特等积方位投影（中心经度 {east:g}°、纬度 {north:g}°）"
    conversion = LambertAzimuthalEqualAreaConversion(latitude_natural_origin=north, longitude_natural_origin=east)
    return ProjectedCRS(conversion, name=name, geodetic_crs=CRS.from_user_input(source))


def _in_china(lon: Floats, lat: Floats) -> bool:
    return all(
        low <= float(axis.min()) and float(axis.max()) <= high
        for axis, (low, high) in zip((lon, lat), _CHINA, strict=True)
    )


def _zone(source: str, lon: float, lat: float) -> str:
    """The 3-degree zone of CGCS2000 whose central meridian is nearest, or the UTM zone."""
    if source == CGCS2000 and 73.5 <= lon < 136.5:
        return f"EPSG:{zone_of(lon)}"
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def from_plane(x: Floats, y: Floats, metres: float, asked: str) -> tuple[Floats, Plane]:
    """Coordinates that are lengths already, in a known plane or a local one; axes of the survey are turned."""
    if not asked and _in_china(x, y):
        raise Stopped("坐标两列的数值像是经纬度。是经纬度的，请写 --crs EPSG:4490；确是平面坐标的，请写 --crs local。")
    x, y = x * metres, y * metres
    if max(float(np.abs(x).max()), float(np.abs(y).max())) > _FARTHEST_M:
        raise Stopped("平面坐标里有超过十万公里的数，请核对坐标和它的单位。")
    turned = _is_turned(x, y)
    if turned:
        x, y = y, x
    told = "两列按测量习惯（x 向北、y 向东）读取。" if turned else ""
    if asked in ("", LOCAL):
        return np.column_stack([x, y]), Plane("", f"坐标按当地平面坐标读取，距离按米计，没有指明坐标系。{told}")
    name = _projected(asked)
    return np.column_stack([x, y]), Plane(asked, f"坐标为 {name}（{asked}），距离按米计。{told}")


def _projected(code: str) -> str:
    try:
        plane = CRS.from_user_input(code)
    except CRSError as error:
        raise Stopped(f"--crs 写的“{code}”不认识，请写 EPSG 代码，如 EPSG:4546，或写 local。") from error
    if not plane.is_projected or not code.startswith("EPSG:"):
        raise Stopped(f"--crs 写的“{code}”不是平面坐标系；经纬度请用“经度”“纬度”两列给出。")
    if any(axis.unit_conversion_factor != 1 for axis in plane.axis_info):
        raise Stopped(f"坐标系 {plane.name} 的单位不是米，请换算成米后再用。")
    return plane.name


def _is_turned(x: Floats, y: Floats) -> bool:
    """Whether x are northings and y eastings, as Chinese surveyors write them."""
    if not 1_000_000 < float(x.min()) <= float(x.max()) < 10_000_000:
        return False
    low, high = _FALSE_EASTING_M
    easting = y % 1_000_000 if float(y.min()) > 10_000_000 else y
    return bool(((easting > low) & (easting < high)).all())
