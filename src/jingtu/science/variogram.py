"""How unlike two contents are that lie a distance apart: the variogram of the data, and models fitted to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import gstools
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import pdist

Floats = NDArray[np.float64]

SPHERICAL, EXPONENTIAL, GAUSSIAN = "spherical", "exponential", "gaussian"
MODELS: Final = (SPHERICAL, EXPONENTIAL, GAUSSIAN)
MATHERON, CRESSIE = "matheron", "cressie"
ESTIMATORS: Final = (MATHERON, CRESSIE)
FEWEST_PLACES: Final = 10
_LAGS: Final = 15
_CUTOFF_SHARE: Final = 1 / 3
_LONGEST_RANGE: Final = 3.0
_SAMPLED_ABOVE: Final = 5000
_SAMPLE_SEED: Final = 20210915
# distance, in range parameters, at which 95 % of the partial sill is reached (the spherical model reaches all of it)
_REACH: Final = {SPHERICAL: 1.0, EXPONENTIAL: 3.0, GAUSSIAN: float(np.sqrt(3.0))}


@dataclass(frozen=True, slots=True)
class Variogram:
    """A model of the semivariance: ``nugget`` + ``partial_sill`` × shape of (distance / ``range_m``).

    ``range_m`` is the parameter a of 1.5h/a − 0.5(h/a)³, 1 − exp(−h/a) and 1 − exp(−(h/a)²), as in gstat;
    semivariances are in squared units of the data, distances in metres.
    """

    model: str
    partial_sill: float
    range_m: float
    nugget: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no variogram."""
        if self.model not in MODELS:
            raise ValueError(f"变异函数模型“{self.model}”不认识，可以写：{'、'.join(MODELS)}。")
        if not (self.partial_sill > 0 and self.range_m > 0 and self.nugget >= 0):
            raise ValueError("变异函数的偏基台值和变程必须大于 0，块金值不能小于 0。")

    @property
    def sill(self) -> float:
        """Nugget and partial sill together: the semivariance far away."""
        return self.nugget + self.partial_sill

    @property
    def effective_range_m(self) -> float:
        """The distance beyond which contents hardly tell of each other (95 % of the partial sill)."""
        return self.range_m * _REACH[self.model]

    def semivariance(self, distance_m: ArrayLike) -> Floats:
        """Semivariance at distances; 0 at distance 0, where the nugget jumps.

        *Source*: Cressie 1993, *Statistics for Spatial Data*, 2.3.1; Webster and Oliver 2007, 5.2.

        >>> Variogram("spherical", 134000, 800, 24200).semivariance([0, 400, 800, 2000]).tolist()
        [0.0, 116325.0, 158200.0, 158200.0]
        """
        return self.sill - self.covariance(distance_m)

    def covariance(self, distance_m: ArrayLike) -> Floats:
        """Covariance at distances: the sill less the semivariance."""
        squared = np.square(np.atleast_1d(np.asarray(distance_m, dtype=np.float64)) / self.range_m)
        self.covariance_into(squared, np.empty_like(squared))
        return squared

    def covariance_into(self, squared: Floats, spare: Floats) -> None:
        """Turn squared distances, in units of the squared range parameter, into covariances where they stand.

        ``spare`` is overwritten. Works in place so that a block stays in the processor's cache.
        """
        same = squared == 0 if self.nugget and squared.size and squared.min() == 0 else None
        _SHAPES[self.model](self.partial_sill, squared, spare)
        if same is not None:
            squared[same] += self.nugget


def _spherical(sill: float, squared: Floats, spare: Floats) -> None:
    np.minimum(squared, 1.0, out=squared)
    np.sqrt(squared, out=spare)
    squared *= 0.5 * sill
    squared -= 1.5 * sill
    squared *= spare
    squared += sill


def _exponential(sill: float, squared: Floats, spare: Floats) -> None:
    np.sqrt(squared, out=spare)
    np.negative(spare, out=spare)
    np.exp(spare, out=squared)
    squared *= sill


def _gaussian(sill: float, squared: Floats, spare: Floats) -> None:
    np.negative(squared, out=spare)
    np.exp(spare, out=squared)
    squared *= sill


_SHAPES: Final = {SPHERICAL: _spherical, EXPONENTIAL: _exponential, GAUSSIAN: _gaussian}


@dataclass(frozen=True, eq=False)
class Experimental:
    """Half the mean squared difference of pairs by distance: mean distance, semivariance, number of pairs."""

    lag_m: Floats
    semivariance: Floats
    pairs: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fit:
    """A model and how far it stays from the experimental variogram (weighted sum of squares, weights N/h²)."""

    variogram: Variogram
    misfit: float


def experimental_variogram(
    places_m: ArrayLike,
    values: ArrayLike,
    cutoff_m: float | None = None,
    lags: int = _LAGS,
    estimator: str = MATHERON,
) -> Experimental:
    """The experimental variogram, the same in all directions.

    *Source*: Matheron 1963 (``matheron``), Cressie and Hawkins 1980 (``cressie``, robust); computed by GSTools.
    ``places_m`` has shape (places, 2), in metres in one plane. The cutoff is a third of the diagonal of the bounding
    box when not given, as in gstat. Of more than 5,000 places as many are drawn, always the same.
    A lag stands at the mean distance of its pairs, which matters where near pairs are few.

    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> found = experimental_variogram(rng.uniform(0, 900, (200, 2)), rng.normal(0, 2, 200), lags=5)
    >>> found.lag_m.round(0).tolist(), bool(abs(found.semivariance - 4).max() < 1)
    ([55.0, 129.0, 210.0, 294.0, 376.0], True)
    """
    places, known = checked_places(places_m, values)
    span = places.max(axis=0) - places.min(axis=0)
    cutoff = float(np.hypot(*span)) * _CUTOFF_SHARE if cutoff_m is None else cutoff_m
    if not (cutoff > 0 and lags > 0) or estimator not in ESTIMATORS:
        raise ValueError("变异函数的最大滞后距离和滞后个数必须大于 0，估计量只有 matheron、cressie。")
    if len(places) > _SAMPLED_ABOVE:
        drawn = np.random.default_rng(_SAMPLE_SEED).choice(len(places), _SAMPLED_ABOVE, replace=False)
        places, known = places[drawn], known[drawn]
    edges = np.linspace(0, cutoff, lags + 1)
    _, semivariance, pairs = gstools.vario_estimate(
        (places[:, 0], places[:, 1]), known, edges, estimator=estimator, return_counts=True
    )
    held = pairs > 0
    return Experimental(_mean_lags(places, edges)[held], semivariance[held], pairs[held].astype(np.int64))


def _mean_lags(places: Floats, edges: Floats) -> Floats:
    """Mean distance of the pairs within each lag; its middle where there is none."""
    away = pdist(places)
    away = away[away < edges[-1]]
    lag = np.digitize(away, edges) - 1
    count, total = (np.bincount(lag, weight, len(edges) - 1) for weight in (None, away))
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), (edges[1:] + edges[:-1]) / 2))


def checked_places(places_m: ArrayLike, values: ArrayLike) -> tuple[Floats, Floats]:
    """Places and values as arrays; raises ``ValueError`` for what cannot be interpolated."""
    places = np.asarray(places_m, dtype=np.float64)
    known = np.asarray(values, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2 or known.shape != places.shape[:1]:
        raise ValueError("坐标应是“点数 × 2”的数组，含量应与点数一样多。")
    if len(places) < 2:
        raise ValueError("只有一个点，不能插值。")
    if not (np.isfinite(places).all() and np.isfinite(known).all()):
        raise ValueError("坐标和含量里有空缺或无穷大的值。")
    return places, known


def fit_variogram(found: Experimental, model: str) -> Fit:
    """Fit one model by least squares, weights N/h² (near lags and lags with many pairs count more).

    *Source*: Webster and Oliver 2007, 6.2.2; weights of gstat (``fit.method = 7``); fitted by GSTools. The range
    parameter is held below three times the longest lag. Raises ``ValueError`` when nothing can be fitted.
    """
    if len(found.lag_m) < 3 or not found.semivariance.max() > 0:
        raise ValueError("可用的滞后距离不足 3 个，或各点的值没有差异，不能拟合变异函数。")
    weights = np.sqrt(found.pairs) / found.lag_m
    longest = float(found.lag_m.max())
    ours = _gstools_model(model, longest)
    guess = {"var": float(found.semivariance.max()) / 2, "len_scale": longest / 3, "nugget": 0.1}
    guess["nugget"] = max(float(found.semivariance.min()) / 2, 0.0)
    try:
        ours.fit_variogram(found.lag_m, found.semivariance, init_guess=guess, weights=weights, return_r2=False)
        fitted = Variogram(model, float(ours.var), float(ours.len_scale), max(float(ours.nugget), 0.0))
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"{model} 模型拟合不收敛，请改用别的模型，或直接给出变程、偏基台值和块金值。") from error
    off = (found.semivariance - fitted.semivariance(found.lag_m)) * weights
    return Fit(fitted, float(off @ off))


def _gstools_model(model: str, longest_lag: float) -> gstools.CovModel:
    """The model of GSTools, its length scale being our range parameter (it rescales the Gaussian one otherwise)."""
    kinds = {SPHERICAL: gstools.Spherical, EXPONENTIAL: gstools.Exponential, GAUSSIAN: gstools.Gaussian}
    if model not in kinds:
        raise ValueError(f"变异函数模型“{model}”不认识，可以写：{'、'.join(MODELS)}。")
    ours = kinds[model](dim=2, rescale=1.0)
    ours.set_arg_bounds(len_scale=[longest_lag * 1e-3, longest_lag * _LONGEST_RANGE])
    return ours


def best_fit(found: Experimental, models: Sequence[str] = MODELS) -> tuple[Fit, ...]:
    """The models that could be fitted, the closest first; raises ``ValueError`` when none could."""
    fits, last = [], None
    for model in models:
        try:
            fits.append(fit_variogram(found, model))
        except ValueError as error:
            last = error
    if not fits:
        raise last or ValueError("没有可拟合的变异函数模型。")
    return tuple(sorted(fits, key=lambda fit: fit.misfit))
