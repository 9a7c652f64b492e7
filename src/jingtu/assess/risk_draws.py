"""The same assessment with parameters that vary: how risk and hazard are spread over many draws.

*Source*: HJ 25.3-2019 annex D (uncertainty analysis). Draws go through the equations of the assessment itself, in
blocks of chemicals × draws; nothing of a block is kept but its tally. A draw in which every parameter has its value
of the assessment gives the assessment's result. Each block has its own random numbers from the seed, so that the
result does not depend on how many threads work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.assess.risk import CANCER, HAZARD, MEDIA, MEDIUM_OF, RiskAssessment
from jingtu.assess.risk_parameters import (
    ABOVE,
    DEPTH,
    FRINGE,
    SYMBOLS,
    Setting,
    check_between,
    parameter_code,
    property_code,
)
from jingtu.assess.risk_sentences import MEDIUM_NAMES
from jingtu.science.risk import (
    BLOCK,
    CELLS,
    GROUNDWATER_ROUTES,
    WATCHED,
    Block,
    Chemicals,
    Distribution,
    Route,
    Tally,
    Target,
    UnitRisk,
    drawn_shares,
    groundwater_unit_risk,
    keep_freed_memory,
    middle,
    rank_correlations,
    rank_factor,
    soil_unit_risk,
)

Floats = NDArray[np.float64]
EFFECTS: Final = (CANCER, HAZARD)
SEPARATOR: Final = "/"
_LAYER: Final = "非饱和土层厚度 hv 随地下水埋深 Lgw 和毛细管层厚度 hcap 而变，不能另有分布；请写 Lgw 或 hcap 的分布。"
_TOO_SHALLOW: Final = "抽样中地下水埋深小于毛细管层厚度；请用 low、high 限制 Lgw 或 hcap 的分布。"
_NOT_VARIED: Final = "秩相关写了“{name}”，但它没有分布；请给它写分布，或去掉这一对。"
_RANK: Final = "“{one}”与“{other}”的秩相关系数是 {rank}，应当在 -1 与 1 之间。"
_DRAWN: Final = "随机抽样中：{error}请用 low、high 限制有关参数的分布。"
_NEGATIVE: Final = "{name}的分布可能取到小于零的值，含量不能小于零；请用 low 截断。"
_NOTHING: Final = "没有一个参数有分布，随机模拟没有意义；请在运行文件中给参数写 distribution。"
_NO_RESULT: Final = "没有一种污染物既有毒性参数又有含量，随机模拟没有可算的；请去掉 --draws。"
_FEW: Final = "抽样次数应当是大于零的整数。"
_NO_POINT: Final = "随机模拟的点位“{point}”不在运行文件的点位中。"


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """What varies, by name: a parameter's code, or “chemical/property”, or “chemical/medium” for a content.

    ``ranks`` are rank correlations of pairs of names; ``point`` is the point whose contents are taken where they do
    not vary, by default each chemical's point of highest risk.
    """

    varied: Mapping[str, Distribution]
    ranks: Mapping[tuple[str, str], float] = field(default_factory=dict)
    point: str = ""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Tallies of risk and hazard per chemical; chemicals without value for an effect are not in its mapping.

    ``influence`` holds the rank correlation of what varies with each result, over the first block.
    """

    assessment: RiskAssessment
    uncertainty: Uncertainty
    seed: int
    points: tuple[str, ...]
    tallies: Mapping[tuple[str, int], Tally]
    influence: Mapping[tuple[str, int], Mapping[str, float]]

    def limit(self, effect: str) -> float:
        """The acceptable level of an effect."""
        return acceptable(self.assessment, effect)

    def expected(self, effect: str, chemical: int) -> float:
        """The assessment's own result at the point of the draws."""
        totals = self.assessment.total_cancer if effect == CANCER else self.assessment.total_hazard
        return float(totals[chemical, list(self.assessment.case.points).index(self.points[chemical])])


def acceptable(assessment: RiskAssessment, effect: str) -> float:
    """The acceptable cancer risk or hazard quotient of a case."""
    return assessment.setting.values["target.risk" if effect == CANCER else "target.quotient", ""]


def simulate(
    assessment: RiskAssessment,
    uncertainty: Uncertainty,
    draws: int,
    seed: int,
    *,
    workers: int = 1,
    watched: Sequence[float] = WATCHED,
) -> Simulation:
    """Draw parameters and tally the risks they give. Raises ``ValueError`` with a sentence for what cannot be.

    *Source*: HJ 25.3-2019 annex D. ``watched`` are the quantiles whose course is kept block by block.

    >>> from datetime import date
    >>> from jingtu.assess.risk import Case, assess_risk
    >>> from jingtu.science.risk import Uniform
    >>> found = assess_risk(Case(date(2021, 9, 15), "class1", ["benzene"], ["S1"],
    ...                          {"surface_mg_kg": np.array([[1.0]]), "subsurface_mg_kg": np.array([[1.0]])}))
    >>> varied = Uncertainty({"ground.organic_matter_g_kg": Uniform(10, 20)})
    >>> tally = simulate(found, varied, 1000, 1).tallies["cancer", 0]
    >>> tally.count, bool(tally.least < found.total_cancer[0, 0] < tally.most)
    (1000, True)
    """
    if draws < 1:
        raise ValueError(_FEW)
    keep_freed_memory()
    model = DrawnModel(assessment, uncertainty, seed)
    if not model.keys:
        raise ValueError(_NO_RESULT)
    tallies = {key: Tally(tuple(watched)) for key in model.keys}
    influence: dict[tuple[str, int], Mapping[str, float]] = {}
    for blocks, told in _in_order(model, draws, workers):
        influence = influence or told
        for key, block in blocks.items():
            tallies[key].add(block)
    points = tuple(assessment.case.points[int(at)] for at in model.worst)
    return Simulation(assessment, uncertainty, seed, points, tallies, influence)


def varied_name(assessment: RiskAssessment, name: str, analyte: str = "") -> str:
    """The name under which a parameter, a property or a content varies; a symbol of the standard is understood.

    Raises ``ValueError`` for a name that is not known.
    """
    if not analyte:
        return parameter_code(assessment.setting, name)
    return f"{analyte}{SEPARATOR}{name if name in MEDIA else property_code(law.analyte(analyte).name_zh, name)}"


def varied_label(setting: Setting, name: str) -> str:
    """What varies, as it is read: “fom 土壤有机质含量”, “苯 Koc”, “苯 表层土壤的含量”."""
    analyte, _, own = name.rpartition(SEPARATOR)
    if not analyte:
        row = setting.row(name)
        return f"{row.text('symbol')} {row.text('name_zh')}"
    symbols = {code: symbol for symbol, code in SYMBOLS.items()}
    told = f"{MEDIUM_NAMES[own]}的含量" if own in MEDIA else symbols[own]
    return f"{law.analyte(analyte).name_zh} {told}"


Units = tuple[UnitRisk, UnitRisk | None]
Told = tuple[dict[tuple[str, int], Block], dict[tuple[str, int], Mapping[str, float]]]


def _in_order(model: DrawnModel, draws: int, workers: int) -> Iterator[Told]:
    """Results of the blocks in their order, a few at work at a time."""
    sizes = [BLOCK] * (draws // BLOCK) + ([draws % BLOCK] if draws % BLOCK else [])
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Told]] = deque()
        for number, size in enumerate(sizes):
            waiting.append(pool.submit(model.block, number, size))
            if len(waiting) > workers + workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class DrawnModel:
    """An assessment's equations, fed with draws."""

    def __init__(self, assessment: RiskAssessment, uncertainty: Uncertainty, seed: int) -> None:
        """Check what varies and fix what does not."""
        if not uncertainty.varied:
            raise ValueError(_NOTHING)
        self.assessment, self.uncertainty, self.seed = assessment, uncertainty, seed
        for name, distribution in uncertainty.varied.items():
            _check(assessment, name, distribution)
        linked = [name for name in uncertainty.varied if any(name in pair for pair in uncertainty.ranks)]
        self.names = [*(name for name in uncertainty.varied if name not in linked), *linked]
        self.factor = _factor(linked, uncertainty, assessment.setting) if uncertainty.ranks else None
        self.free = len(self.names) - len(linked)
        points = list(assessment.case.points)
        if uncertainty.point and uncertainty.point not in points:
            raise ValueError(_NO_POINT.format(point=uncertainty.point))
        chosen = points.index(uncertainty.point) if uncertainty.point else None
        self.worst = assessment.worst if chosen is None else np.full(len(assessment.worst), chosen)
        self.rows = len(assessment.case.analytes)
        self.limits = {effect: acceptable(assessment, effect) for effect in EFFECTS}

    @cached_property
    def keys(self) -> tuple[tuple[str, int], ...]:
        """Effect and chemical of every result there is."""
        return tuple(
            (effect, chemical)
            for effect in EFFECTS
            for chemical in range(len(self.assessment.case.analytes))
            if any(known[chemical] for known in self.known[effect].values())
        )

    @cached_property
    def known(self) -> Mapping[str, Mapping[Route, NDArray[np.bool_]]]:
        """By effect and route, for which chemicals there is a toxicity value and a content, tried with the medians."""
        once = {name: np.array([middle(one)]) for name, one in self.uncertainty.varied.items()}
        units = self._units(once, wet=True)
        found: dict[str, dict[Route, NDArray[np.bool_]]] = {}
        for effect in EFFECTS:
            found[effect] = {}
            for route in self.assessment.routes:
                part = _part(units, effect, route) * self._spread(once, MEDIUM_OF[route], self.contents)
                found[effect][route] = np.broadcast_to(np.isfinite(part), (self.rows, 1))[:, 0]
        return found

    @cached_property
    def contents(self) -> Mapping[str, Floats]:
        """Contents at the point of each chemical."""
        at = (np.arange(self.rows), self.worst)
        return {medium: self.assessment.case.content(medium)[at] for medium in MEDIA}

    def block(self, number: int, count: int) -> Told:
        """Tallies of one block, and of the first also what moves with the results."""
        drawn = self.draw(number, count)
        totals = self.totals(drawn)
        blocks = {key: Block.of(totals[key[0]][key[1]], self.limits[key[0]]) for key in self.keys}
        if number:
            return blocks, {}
        return blocks, dict(rank_correlations(drawn, {key: totals[key[0]][key[1]] for key in self.keys}))

    def draw(self, number: int, count: int) -> dict[str, Floats]:
        """The values of one block of draws, by name."""
        random = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number,)))
        shares = drawn_shares(random, count, self.free, self.factor)
        return {
            name: self.uncertainty.varied[name].quantile(share) for name, share in zip(self.names, shares, strict=True)
        }

    def totals(self, drawn: Mapping[str, Floats]) -> dict[str, Floats]:
        """CRn and HIn of each chemical in each draw; with many chemicals a part of the draws at a time."""
        count, step = len(next(iter(drawn.values()))), max(CELLS // self.rows, 1)
        found = {effect: np.zeros((self.rows, count)) for effect in EFFECTS}
        for start in range(0, count, step):
            few = slice(start, start + step)
            some = {name: values[few] for name, values in drawn.items()}
            self._add(some, {effect: total[:, few] for effect, total in found.items()})
        return found

    def _add(self, drawn: Mapping[str, Floats], totals: Mapping[str, Floats]) -> None:
        """Add the known routes of some draws to their totals, through the equations of the assessment."""
        units = self._units(drawn, wet=self._wet)
        contents = {medium: self._spread(drawn, medium, self.contents) for medium in MEDIA}
        for effect, total in totals.items():
            for route, known in self.known[effect].items():
                if known.any():
                    part = _part(units, effect, route) * contents[MEDIUM_OF[route]]
                    np.add(total, part, out=total, where=True if known.all() else known[:, np.newaxis])

    @cached_property
    def _wet(self) -> bool:
        parts = [part for known in self.known.values() for route, part in known.items() if route in GROUNDWATER_ROUTES]
        return any(bool(part.any()) for part in parts)

    def _units(self, drawn: Mapping[str, Floats], *, wet: bool) -> Units:
        """Risk and hazard of one unit of content: in soil, and in groundwater where asked."""
        here = self._setting(drawn)
        held = self.assessment.chemicals.values
        chemicals = Chemicals(**{name: self._spread(drawn, name, held) for name in held})
        given = here.target(self.assessment.chemicals.groups)
        columns = {one.name: np.reshape(getattr(given, one.name), (self.rows, -1)) for one in fields(Target)}
        scene, target = here.scene(), Target(**columns)
        try:
            soil = soil_unit_risk(scene, chemicals, target)
            return soil, groundwater_unit_risk(scene, chemicals, target) if wet else None
        except ValueError as error:
            raise ValueError(_DRAWN.format(error=error)) from error

    def _setting(self, drawn: Mapping[str, Floats]) -> Setting:
        here = self.assessment.setting
        values: dict[tuple[str, str], Any] = {key: drawn.get(key[0], value) for key, value in here.values.items()}
        if DEPTH in drawn or FRINGE in drawn:
            values[ABOVE, ""] = values[DEPTH, ""] - values[FRINGE, ""]
            if bool(np.any(np.asarray(values[ABOVE, ""]) <= 0)):
                raise ValueError(_TOO_SHALLOW)
        return replace(here, values=values)

    def _spread(self, drawn: Mapping[str, Floats], name: str, held: Mapping[str, Floats]) -> Floats:
        """A property or content as a column of chemicals, with the draws of those that vary in their rows."""
        column = held[name][:, np.newaxis]
        rows = {at: f"{one}{SEPARATOR}{name}" for at, one in enumerate(self.assessment.case.analytes)}
        own = {at: drawn[key] for at, key in rows.items() if key in drawn}
        if not own:
            return column
        whole = np.repeat(column, len(next(iter(own.values()))), axis=1)
        for at, row in own.items():
            whole[at] = row
        return whole


def _part(units: Units, effect: str, route: Route) -> Floats:
    soil, water = units
    unit = soil if route not in GROUNDWATER_ROUTES or water is None else water
    return unit.cancer[route] if effect == CANCER else unit.hazard[route]


def _factor(linked: Sequence[str], uncertainty: Uncertainty, setting: Setting) -> Floats:
    ranks = np.identity(len(linked))
    for (one, other), rank in uncertainty.ranks.items():
        for name in (one, other):
            if name not in linked:
                raise ValueError(_NOT_VARIED.format(name=varied_label(setting, name)))
        if not -1 < rank < 1:
            labels = [varied_label(setting, name) for name in (one, other)]
            raise ValueError(_RANK.format(one=labels[0], other=labels[1], rank=rank))
        first, second = linked.index(one), linked.index(other)
        ranks[first, second] = ranks[second, first] = rank
    return rank_factor(ranks)


def _check(assessment: RiskAssessment, name: str, distribution: Distribution) -> None:
    """Every value that can be drawn must be possible."""
    if name == ABOVE:
        raise ValueError(_LAYER)
    own = name.rpartition(SEPARATOR)[-1]
    if own in MEDIA:
        if distribution.low < 0:
            raise ValueError(_NEGATIVE.format(name=varied_label(assessment.setting, name)))
        return
    check_between(own, varied_label(assessment.setting, name), distribution.low, distribution.high)
