"""What draws add to a risk report: how risk and hazard are spread, whether it has settled, what it comes from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from jingtu.assess.risk import CANCER, RiskAssessment
from jingtu.assess.risk_draws import Simulation, simulate, varied_label, varied_name
from jingtu.cli.risk_distributions import AskedDraws
from jingtu.cli.risk_sheets import Cell, Sheet, known_value
from jingtu.science.risk import BLOCK, WATCHED, Tally

MEASURES: Final = {"cancer": "致癌风险 CRn", "hazard": "危害指数 HIn"}
SHARES: Final = (0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
CURVE: Final = (0.001, 0.005, *(round(0.01 * step, 2) for step in range(1, 100)), 0.995, 0.999)
CLASSES: Final = "随机模拟：频率分布"
CURVES: Final = "随机模拟：累积曲线"
CLASS_COUNT: Final = 24
MOST_THREADS: Final = 4
_ONLY: Final = (
    "随机模拟用来说明不确定性，不代替按采用值计算的结论；分布由运行文件给出，不出自 HJ 25.3-2019（原文未能逐字核对），"
    "各分布的理由见“随机模拟：参数的分布”。"
)
_HOW: Final = (
    "随机模拟抽样 {count:,} 次，种子 {seed}，每 {block:,} 次一组；分位数的相对误差不超过千分之一，其余统计量精确。"
)
_FEW: Final = "抽样不足两组（每组 {block:,} 次），分位数的标准误没有给出；需要时用 --draws 增加抽样次数。"


@dataclass(frozen=True, slots=True)
class Curve:
    """How one result is spread: values below which the shares of ``CURVE`` lie, and the shares of classes of risk.

    ``limit`` is what it is held to, ``expected`` the result without draws.
    """

    chemical: str
    point: str
    effect: str
    limit: float
    expected: float | None
    values: tuple[float, ...]
    classes: tuple[tuple[float, float, float], ...]  # from, to, share of the draws

    @property
    def label(self) -> str:
        """Chemical and point."""
        return f"{self.chemical}（{self.point}）"


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """The tables, notes and curves of the draws."""

    count: int
    seed: int
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    curves: tuple[Curve, ...]

    def as_dict(self) -> dict[str, Any]:
        """The draws for a machine; the tables stand with the other tables."""
        return {
            "count": self.count,
            "seed": self.seed,
            "shares": list(CURVE),
            "curves": [
                {
                    "chemical": curve.chemical,
                    "point": curve.point,
                    "measure": f"risk.{curve.effect}",
                    "acceptable": curve.limit,
                    "deterministic": curve.expected,
                    "values": list(curve.values),
                    "classes": [{"from": low, "to": high, "share": share} for low, high, share in curve.classes],
                }
                for curve in self.curves
            ],
        }


def drawn_part(assessment: RiskAssessment, asked: AskedDraws) -> DrawnPart:
    """Draw as asked and put the result into tables. Raises ``ValueError`` with a sentence for what cannot be."""
    workers = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, MOST_THREADS)
    found = simulate(assessment, asked.uncertainty(assessment), asked.count, asked.seed, workers=workers)
    curves = tuple(_curve(found, *key) for key in found.tallies)
    tables = (_spread(found), _course(found), _influence(found), _distributions(found, asked))
    notes = [_ONLY, _HOW.format(count=asked.count, seed=asked.seed, block=BLOCK)]
    if asked.count < BLOCK + BLOCK:
        notes.append(_FEW.format(block=BLOCK))
    return DrawnPart(asked.count, asked.seed, (*tables, _classes(curves), _curves(found)), tuple(notes), curves)


def _curve(found: Simulation, effect: str, chemical: int) -> Curve:
    tally = found.tallies[effect, chemical]
    values = tuple(float(value) for value in tally.quantile(np.array(CURVE)))
    expected = known_value(found.expected(effect, chemical))
    name, point = found.assessment.chemicals.name(chemical), found.points[chemical]
    return Curve(name, point, effect, found.limit(effect), expected, values, _class_shares(tally, values))


def _class_shares(tally: Tally, values: tuple[float, ...]) -> tuple[tuple[float, float, float], ...]:
    """Classes as wide on a logarithmic axis, from the lowest value above zero to the highest."""
    low = tally.least if tally.least > 0 else next((value for value in values if value > 0), 0.0)
    if low <= 0 or low == tally.most:
        return ((tally.least, tally.most, 1.0),)
    edges = np.geomspace(low, tally.most, CLASS_COUNT + 1)
    below = tally.share_below(edges)
    below[0], below[-1] = 0.0, 1.0
    return tuple(zip(edges[:-1].tolist(), edges[1:].tolist(), np.diff(below).tolist(), strict=True))


def _classes(curves: tuple[Curve, ...]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (curve.chemical, curve.point, MEASURES[curve.effect], low, high, share)
        for curve in curves
        for low, high, share in curve.classes
    ]
    return Sheet(CLASSES, ("污染物", "点位", "量", "自", "至", "占抽样的比例"), tuple(rows))


def _named(found: Simulation, effect: str, chemical: int) -> tuple[str, str, str]:
    return found.assessment.chemicals.name(chemical), found.points[chemical], MEASURES[effect]


def _spread(found: Simulation) -> Sheet:
    rows = []
    for (effect, chemical), tally in found.tallies.items():
        quantiles = [float(value) for value in tally.quantile(np.array(SHARES))]
        over = f"{tally.above / tally.count:.2%}"
        cells: tuple[Cell, ...] = (known_value(found.expected(effect, chemical)), tally.mean, tally.deviation)
        rows.append((*_named(found, effect, chemical), *cells, *quantiles, tally.most, over))
    percents = tuple(f"P{share:.0%}".rstrip("%") for share in SHARES)
    headings = ("污染物", "点位", "量", "按采用值", "平均", "标准差", *percents, "最大", "超过可接受水平的比例")
    return Sheet("随机模拟：风险的分布", headings, tuple(rows))


def _course(found: Simulation) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for (effect, chemical), tally in found.tallies.items():
        *before, last = tally.course
        named = _named(found, effect, chemical)
        rows += [(*named, step.count, step.mean, *step.quantiles, None, None) for step in before]
        rows.append((*named, last.count, last.mean, *last.quantiles, tally.mean_error, _error(tally)))
    headings = ("污染物", "点位", "量", "抽样次数", "平均", "P50", "P95", "平均的标准误", "P95 的标准误")
    return Sheet("随机模拟：收敛", headings, tuple(rows), digits=5)


def _error(tally: Tally) -> float | None:
    return known_value(tally.quantile_error(len(WATCHED) - 1))


def _influence(found: Simulation) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for key, told in found.influence.items():
        ranked = sorted(told.items(), key=lambda one: -abs(one[1]))
        label = found.assessment.setting
        rows += [(*_named(found, *key), varied_label(label, name), rank) for name, rank in ranked if rank]
    headings = ("污染物", "点位", "量", "参数", "与结果的秩相关系数")
    return Sheet(f"随机模拟：参数与结果的秩相关（前 {min(BLOCK, _count(found)):,} 次抽样）", headings, tuple(rows))


def _count(found: Simulation) -> int:
    return next((tally.count for tally in found.tallies.values()), 0)


def _distributions(found: Simulation, asked: AskedDraws) -> Sheet:
    here = found.assessment.setting
    rows: list[tuple[Cell, ...]] = [
        (
            varied_label(here, varied_name(found.assessment, one.name, one.analyte)),
            one.distribution.sentence(),
            one.reason or "没有说明理由",
        )
        for one in asked.varied
    ]
    for (one, other), rank in found.uncertainty.ranks.items():
        rows.append((f"{varied_label(here, one)} 与 {varied_label(here, other)}", f"秩相关系数 {rank:g}", ""))
    return Sheet("随机模拟：参数的分布", ("参数", "分布", "理由"), tuple(rows))


def _curves(found: Simulation) -> Sheet:
    """The cumulative curves as a table: one row a share, one column a result."""
    columns = [tally.quantile(np.array(CURVE)) for tally in found.tallies.values()]
    rows: list[tuple[Cell, ...]] = [
        (share, *(float(column[at]) for column in columns)) for at, share in enumerate(CURVE)
    ]
    symbols = {effect: "CRn" if effect == CANCER else "HIn" for effect in MEASURES}
    headings = [f"{found.assessment.chemicals.name(chemical)} {symbols[effect]}" for effect, chemical in found.tallies]
    return Sheet(CURVES, ("累积概率", *headings), tuple(rows))
