"""Questions about interpolations: the points on record of a day, what is estimated from them, what was kept.

Nothing here is asked by what draws classes, rates or duties: an estimate is no evidence (a contract of imports and a
test hold it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import numpy as np
import shapely
from django.db import connection
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from jingtu import law
from jingtu.assess import estimate_limits
from jingtu.assess.finding import code_version
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import Interpolation, Pair
from jingtu.chapters.monitoring import facts as monitoring
from jingtu.land import facts as land
from jingtu.plain.identifiers import region_prefix
from jingtu.registers import documents
from jingtu.registers.clock import Clock, as_of
from jingtu.science import estimates, planes
from jingtu.science.estimates import Estimate, NoEstimate
from jingtu.science.indices import half_limit
from jingtu.science.variogram import Variogram

Floats = NDArray[np.float64]

REGISTER: Final = "farmland.interpolation"
SCHEMA: Final = "jingtu.interpolation/1"
PH: Final = "pH"
DIGITS: Final = 5  # of the cells that count for their fingerprint: what differs beyond is the machine's rounding

RESULTS = """
SELECT DISTINCT ON (r.sample_id, r.analyte) r.sample_id, r.analyte, r.value, r.qualifier, r.detection_limit, v.state
FROM evidence_result r
JOIN registers_standing v ON v.register = 'evidence.batch' AND v.subject_id = r.batch_id
     AND v.state IN ('accepted', 'reviewed')
WHERE r.sample_id = ANY(%(samples)s) AND r.analyte = ANY(%(analytes)s) AND r.replicate = 1 AND r.flag = ''
  AND r.recorded_at < jingtu_known() AND r.analysed_on <= jingtu_on()
ORDER BY r.sample_id, r.analyte, r.batch_id DESC
"""


@dataclass(frozen=True)
class Measured:
    """A place with its content in mg/kg; ``limit`` is the detection limit where half of it stands for a non-detect."""

    code: str
    lon: float
    lat: float
    land_use: str
    value: float
    limit: Decimal | None
    ph: Decimal | None
    is_reviewed: bool

    def told(self) -> str:
        """All that bears on the estimate, in a fixed spelling."""
        return f"{self.code}|{self.lon:.8f}|{self.lat:.8f}|{self.land_use}|{self.value!r}|{self.limit}|{self.ph}"


@dataclass(frozen=True)
class Points:
    """The points of a question, and what became of those that are not among them."""

    kept: Sequence[Measured]
    without_value: int

    @property
    def digest(self) -> str:
        """Fingerprint of the points in the order of their codes."""
        return hashlib.sha256("\n".join(each.told() for each in self.kept).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a question comes to: the estimate, the plane, the row it is held against, places put together."""

    points: Points
    estimate: Estimate
    zone: int
    limit: law.Row | None
    merged: int
    limit_points: int

    @property
    def bands(self) -> dict[str, Floats]:
        """The measures by cell, north to south and west to east, NaN where nothing is said."""
        found = {"content": self.estimate.content, "spread": self.estimate.spread}
        if self.limit is not None:
            found["above"] = self.estimate.above(float(self.limit.required_number("value_mg_kg")))
        return found

    @property
    def digest(self) -> str:
        """Fingerprint of the grid and all measures, to five digits."""
        grid, told = self.estimate.map.grid, hashlib.sha256()
        told.update(f"{self.zone}|{grid}".encode())
        for name, cells in self.bands.items():
            form = "f" if name == "above" else "g"  # of a probability near 0 not even the first digit is steady
            texts = [f"{value:.{DIGITS}{form}}" for value in cells.tolist()]
            told.update(f"{name}|{','.join(texts)}".encode())
        return told.hexdigest()


# --- the points -----------------------------------------------------------------------------------------------


def points_of(asked: Interpolation) -> Points:
    """The soil results on record of the question's day, as known on its other day."""
    on, known_on = asked.as_of_on, asked.known_on
    clock = Clock(on, on, known_on)
    until = min(clock.known_until, asked.recorded_at)
    with as_of(on, known_on, until):
        sampled = _sampled(region_prefix(asked.region_id), clock, until)
        wanted = [each for each in sampled if not asked.land_uses or each[4] in asked.land_uses]
        results = _results([each[0] for each in wanted], [asked.analyte, PH])
    kept = [found for each in wanted if (found := _measured(each, results.get(each[0], {}), asked.analyte))]
    return Points(sorted(kept, key=lambda each: each.code), len(wanted) - len(kept))


Sampled = tuple[int, str, float, float, str]


def _sampled(prefix: str, clock: Clock, until: datetime) -> list[Sampled]:
    """Soil samples of a region with their place and land use: of pairs and of monitoring points."""
    pairs = Pair.objects.filter(
        region__code__startswith=prefix, soil_place__isnull=False, soil_sample__taken_on__lte=clock.on,
        recorded_at__lt=until, soil_sample__recorded_at__lt=until,
    ).select_related("soil_sample")  # fmt: skip
    own = [
        (each.soil_sample.pk, each.soil_sample.code, each.soil_place.x, each.soil_place.y, each.soil_sample.land_use)
        for each in pairs
    ]
    routine = monitoring.sampled_points(prefix, clock.on, until)
    return [*own, *((each.sample, f"{each.code} {each.taken_on}", *each.place, each.land_use) for each in routine)]


def _results(samples: Sequence[int], analytes: Sequence[str]) -> dict[int, dict[str, tuple[Any, ...]]]:
    """The latest result of each analyte from reports that were accepted and not sent back; failed ones left out."""
    found: dict[int, dict[str, tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, {"samples": list(samples), "analytes": list(analytes)})
        for sample, analyte, *own in cursor.fetchall():
            found.setdefault(sample, {})[analyte] = tuple(own)
    return found


def _measured(sampled: Sampled, results: dict[str, tuple[Any, ...]], analyte: str) -> Measured | None:
    """A place with its content; nothing where there is neither a value nor a detection limit."""
    value, qualifier, limit, state = results.get(analyte, (None, "NM", None, ""))
    if value is None and (limit is None or qualifier == "NM"):
        return None
    content = float(value) if value is not None else float(half_limit([float(limit)])[0])
    ph = results[PH][0] if PH in results else None
    _key, code, lon, lat, use = sampled
    return Measured(code, lon, lat, use, content, None if value is not None else limit, ph, state == "reviewed")


# --- the estimate ---------------------------------------------------------------------------------------------


def drawn(asked: Interpolation, points: Points) -> Drawn:
    """What the points come to; raises ``NoEstimate`` with a sentence when they allow no estimate."""
    if not points.kept:
        raise NoEstimate(_("所选范围内没有既有坐标又有检测结果的土壤样品。请放宽地区、土地利用或日期。"))
    zone = planes.zone_of(float(np.median([each.lon for each in points.kept])))
    places = planes.onto(zone, [each.lon for each in points.kept], [each.lat for each in points.kept])
    values = np.array([each.value for each in points.kept])
    places, values, merged = _one_each(places, values)
    found = estimates.estimate(places, values, _ground(asked.region_id, zone), asked.is_logged)
    return Drawn(points, found, zone, limit_of(asked, points), merged, _limit_points(asked, points))


def _one_each(places: Floats, values: Floats) -> tuple[Floats, Floats, int]:
    """One content at each place: samples of the same place, taken in several seasons, count as their mean."""
    apart, group = np.unique(places, axis=0, return_inverse=True)
    group = group.ravel()
    return apart, np.bincount(group, values) / np.bincount(group), len(places) - len(apart)


def _ground(region: str, zone: int) -> BaseGeometry | None:
    """The region's own ground in the plane of the points."""
    found = land.region(region)
    if found is None or found.geom is None:
        return None
    outline = as_ground(found.geom)
    return shapely.transform(outline, lambda degrees: planes.onto(zone, degrees[:, 0], degrees[:, 1]))


def limit_of(asked: Interpolation, points: Points) -> law.Row | None:
    """The row whose value the probability is held against: as asked for, else the strictest at any of the points."""
    if asked.analyte not in estimate_limits.analytes(asked.as_of_on):
        return None
    if asked.limit_use and asked.limit_band is not None:
        return estimate_limits.of_band(asked.analyte, asked.limit_use, asked.limit_band, asked.as_of_on)
    return estimate_limits.strictest(asked.analyte, *_ph_and_uses(points), asked.as_of_on)


def _limit_points(asked: Interpolation, points: Points) -> int:
    return estimate_limits.told_of(asked.analyte, *_ph_and_uses(points), asked.as_of_on)


def _ph_and_uses(points: Points) -> tuple[list[Decimal | None], list[str]]:
    return [each.ph for each in points.kept], [each.land_use for each in points.kept]


def report_of(made: Drawn) -> dict[str, Any]:
    """All numbers of an estimate, as plain data."""
    found, kept = made.estimate, made.points.kept
    model, seen, grid = found.variogram, found.fitted.experimental, found.map.grid
    return {
        "schema": SCHEMA,
        "code_version": code_version(),
        "points": {
            "used": len(found.values), "merged": made.merged, "without_value": made.points.without_value,
            "half_limit": sum(each.limit is not None for each in kept),
            "not_reviewed": sum(not each.is_reviewed for each in kept), "with_limit": made.limit_points,
            "lowest": float(found.values.min()), "highest": float(found.values.max()),
            "mean": float(found.values.mean()),
        },
        "variogram": {
            "model": model.model, "nugget": model.nugget, "partial_sill": model.partial_sill, "range_m": model.range_m,
            "effective_range_m": model.effective_range_m,
        },
        "experimental": {
            "lag_m": seen.lag_m.tolist(), "semivariance": seen.semivariance.tolist(), "pairs": seen.pairs.tolist(),
        },
        "cross_validation": {
            "mean_error": found.checked.mean_error, "rmse": found.checked.rmse, "msdr": found.checked.msdr,
            "skill": found.skill,
        },
        "grid": {
            "zone": made.zone, "west_m": grid.west_m, "north_m": grid.north_m, "cell_m": grid.cell_m,
            "columns": grid.columns, "rows": grid.rows, "said": int(found.said.sum()),
            "neighbours": found.map.neighbours,
        },
        "limit": {"row": made.limit.row_id, "clause": made.limit.clause} if made.limit else None,
        "places": [[round(each.lon, 6), round(each.lat, 6)] for each in kept],
        "doubts": found.doubts,
    }  # fmt: skip


# --- what was kept --------------------------------------------------------------------------------------------


def interpolation(identity: int) -> Interpolation:
    """An interpolation by its key."""
    return Interpolation.objects.select_related("region", "raster").get(pk=identity)


def analyte_choices(on: date) -> list[tuple[str, str]]:
    """The analytes that can be interpolated: those GB 15618 has screening values for."""
    return [(code, law.analytes()[code].name_zh) for code in estimate_limits.analytes(on)]


def kept_file(asked: Interpolation) -> bytes:
    """The file of the cells, checked against its hash."""
    return documents.content(asked.raster)


def variogram_of(report: dict[str, Any]) -> Variogram:
    """The model of a kept report."""
    told = report["variogram"]
    return Variogram(told["model"], told["partial_sill"], told["range_m"], told["nugget"])
