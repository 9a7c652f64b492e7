"""Points of one place in several seasons: whether the place counts once or each season by itself, and with what result.

The guide asks for a number of crop points and does not say whether the same place sampled again is another point. What
holds is the setting ``class.same_place`` of the rules of a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jingtu.assess.crop_limits import CODE
from jingtu.assess.crops import EXCEEDS, NO_LIMIT, NOT_JUDGED, WITHIN
from jingtu.assess.unit_class import Counts, CropPoints, Floats, Numbers, SoilPoints
from jingtu.assess.unit_rules import EACH, LEVELS, WORST, ClassRules
from jingtu.science.neighbourhood import neighbours

_BY_LEVEL: Final = np.arange(len(LEVELS))
_BY_OUTCOME: Final = np.argsort([CODE[each] for each in (NOT_JUDGED, NO_LIMIT, WITHIN, EXCEEDS)])


@dataclass(frozen=True, eq=False)
class Visits:
    """Of each soil point the series it belongs to and, within it, which visit it was: the greater the later.

    Only points of one series and of different visits can be of the same place.
    """

    series: Numbers
    visit: Numbers


@dataclass(frozen=True, eq=False)
class Counted:
    """The points as they count, of each the newest of the given points, and by unit how many repeat another."""

    soil: SoilPoints
    crops: CropPoints
    newest: Numbers
    repeated: Counts


def counted(
    units: int, soil: SoilPoints, crops: CropPoints, owner: Numbers, visits: Visits, held: ClassRules
) -> Counted:
    """The points of units with each place as the rules count it.

    *Source*: our own reading of the guide, by the settings ``class.same_place`` (a place counts once with the newest
    season, once with the worst result of all seasons, or each season counts) and ``class.same_place_m``. ``owner`` has
    for each crop the soil point it was taken with. A season in which nothing was judged says nothing.
    """
    newest = same_place(soil, visits, held.same_place_m)
    repeats = newest != np.arange(len(newest))
    repeated = np.bincount(soil.unit[repeats], minlength=units).astype(np.int32)
    if held.same_place == EACH or not repeats.any():
        return Counted(soil, crops, np.arange(len(newest)), repeated)
    kept, place = np.unique(newest, return_inverse=True)
    later = _order(visits.visit)
    level = _folded(soil.level, place, len(kept), later, _BY_LEVEL, held)
    eaten, of = np.unique(newest[owner], return_inverse=True)
    outcome = _folded(crops.outcome, of, len(eaten), later[owner], _BY_OUTCOME, held)
    index = None if crops.index is None else _index(crops.index, of, len(eaten), later[owner], held)
    return Counted(
        replace(soil, unit=soil.unit[kept], level=level, x=soil.x[kept], y=soil.y[kept]),
        CropPoints(soil.unit[eaten], outcome, index),
        kept,
        repeated,
    )


def same_place(soil: SoilPoints, visits: Visits, radius: float) -> Numbers:
    """For each point the newest point of its place, which may be itself.

    From the newest visit back each point joins the nearest place of its unit and series whose newest point is not
    farther away than the radius and that has no point of the same visit yet; else it begins a place. Points of one
    visit take their turn by their places, so that the order in which points are given does not matter.
    """
    found = np.arange(len(soil.unit))
    placed = np.flatnonzero(np.isfinite(soil.x) & np.isfinite(soil.y))
    series = np.unique(np.stack([soil.unit[placed], visits.series[placed]]), axis=1, return_inverse=True)[1].ravel()
    pairs = placed[neighbours(series, soil.x[placed], soil.y[placed], radius)]
    pairs = pairs[visits.visit[pairs[:, 0]] != visits.visit[pairs[:, 1]]]
    near: dict[int, list[int]] = {}
    for one, other in pairs.tolist():
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    held: dict[int, set[int]] = {}
    for point in sorted(near, key=lambda each: (-visits.visit[each], soil.x[each], soil.y[each])):
        visit = int(visits.visit[point])
        free = [each for each in near[point] if visit not in held.get(each, {visit})]
        anchor = min(free, key=lambda each: (_apart(soil, point, each), soil.x[each], soil.y[each]), default=point)
        held.setdefault(anchor, set()).add(visit)
        found[point] = anchor
    return found


def _apart(soil: SoilPoints, one: int, other: int) -> float:
    return float(np.hypot(soil.x[one] - soil.x[other], soil.y[one] - soil.y[other]))


def _order(visit: Numbers) -> Numbers:
    """Visits as small numbers from 1."""
    return np.asarray(np.unique(visit, return_inverse=True)[1].ravel() + 1)


def _folded(
    values: NDArray[np.int8], place: Numbers, places: int, later: Numbers, severity: Numbers, held: ClassRules
) -> NDArray[np.int8]:
    """One value of each place and element: the most severe, or that of the last visit that says anything."""
    found = np.zeros((places, values.shape[1]), dtype=np.int8)
    for element, own in enumerate(values.T):
        rank = severity[own]
        order = np.argsort(rank if held.same_place == WORST else np.where(rank > 0, later, 0), kind="stable")
        found[place[order], element] = own[order]
    return found


def _index(index: Floats, place: Numbers, places: int, later: Numbers, held: ClassRules) -> Floats:
    known = ~np.isnan(index)
    rank: NDArray[Any] = np.where(known, index if held.same_place == WORST else later, -np.inf)
    order = np.argsort(rank, kind="stable")
    found = np.full(places, np.nan)
    found[place[order]] = index[order]
    return found
