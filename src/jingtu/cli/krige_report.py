"""The report of ``jingtu krige``: one structure, shown as sentences or as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from scipy import stats
from scipy.spatial import cKDTree

from jingtu import law
from jingtu.assess.finding import code_version
from jingtu.cli.krige_file import Points
from jingtu.cli.krige_work import Exceedance, Mapped
from jingtu.cli.report_forms import issue_line
from jingtu.cli.stats_report import name_of, number
from jingtu.science.soil_map import Fitted, SoilMap
from jingtu.science.variogram import Variogram

SCHEMA: Final = "jingtu.krige/1"
MODEL_NAMES: Final = {"spherical": "球状", "exponential": "指数", "gaussian": "高斯"}
_KM2: Final = 1e-6
_HALF: Final = 0.5
_SKEWED: Final = 1.0
_TOO_OFTEN_WRONG: Final = (0.5, 1.5)


def build(found: Mapped) -> dict[str, Any]:
    """The report as plain data."""
    report: dict[str, Any] = {
        "schema": SCHEMA,
        "file": found.points.file,
        "analyte": found.points.analyte,
        "unit": "mg/kg",
        "code_version": code_version(),
        "points": _points(found.points),
        "transform": "log" if found.logged else "none",
        "variogram": {**_model(found.variogram), "fitted": not found.was_given},
        "experimental": _experimental(found.fitted),
        "cross_validation": _checked(found.map),
        "map": _map(found),
        "exceedance": _above(found.exceedance, found) if found.exceedance else None,
        "issues": [issue.as_dict() for issue in found.points.issues],
        "notes": [note.as_dict() for note in found.points.notes],
        "files": [],
    }
    report["sentences"] = list(_sentences(report, found))
    return report


def _points(points: Points) -> dict[str, Any]:
    return {
        "used": len(points),
        "half_limit": points.halved,
        "without_limit": points.unlimited,
        "not_measured": points.unmeasured,
        "without_coordinates": points.unplaced,
        "merged": points.merged,
        "lowest": float(points.values.min()),
        "highest": float(points.values.max()),
        "mean": float(points.values.mean()),
        "skewness": float(stats.skew(points.values)),
        "crs": points.plane.code or None,
        "plane": points.plane.sentence,
    }


def _model(variogram: Variogram) -> dict[str, Any]:
    return {
        "model": variogram.model,
        "nugget": variogram.nugget,
        "partial_sill": variogram.partial_sill,
        "range_m": variogram.range_m,
        "effective_range_m": variogram.effective_range_m,
    }


def _experimental(fitted: Fitted | None) -> dict[str, Any] | None:
    if fitted is None:
        return None
    seen = fitted.experimental
    return {
        "lag_m": seen.lag_m.tolist(),
        "semivariance": seen.semivariance.tolist(),
        "pairs": seen.pairs.tolist(),
        "fits": [{**_model(fit.variogram), "misfit": fit.misfit} for fit in fitted.fits],
    }


def _checked(found: SoilMap) -> dict[str, Any]:
    checked = found.checked
    return {"mean_error": checked.mean_error, "rmse": checked.rmse, "msdr": checked.msdr}


def _map(found: Mapped) -> dict[str, Any]:
    grid, estimate = found.map.grid, found.estimate_mg_kg
    away, _ = cKDTree(found.points.places_m).query(grid.centres())
    return {
        "west_m": grid.west_m,
        "north_m": grid.north_m,
        "cell_m": grid.cell_m,
        "columns": grid.columns,
        "rows": grid.rows,
        "neighbours": found.map.neighbours,
        "lowest": float(estimate.min()),
        "highest": float(estimate.max()),
        "median_standard_error": float(np.median(found.spread)),
        "below_zero_cells": int((estimate < 0).sum()),
        "beyond_range_share": float((away > found.variogram.effective_range_m).mean()),
    }


def _above(above: Exceedance, found: Mapped) -> dict[str, Any]:
    cell_km2 = found.map.grid.cell_m**2 * _KM2
    one: dict[str, Any] = {
        "threshold": above.threshold.value,
        "limit": above.threshold.words or None,
        "clause": above.threshold.clause or None,
        "table_row": above.threshold.table_row or None,
        "estimate_above_km2": float((found.estimate_mg_kg > above.threshold.value).sum() * cell_km2),
        "normal": _likely(above.normal, cell_km2),
        "indicator": None,
        "hidden_non_detects": above.hidden,
        "why_no_indicator": above.why_not or None,
    }
    if above.indicator:
        own = above.indicator
        one["indicator"] = {
            **_likely(own.probability, cell_km2),
            "places_above": own.above,
            "clipped_cells": own.clipped,
            "variogram": _model(own.fitted.variogram),
        }
    return one


def _likely(probability: np.ndarray[Any, Any], cell_km2: float) -> dict[str, float]:
    return {
        "likely_km2": float((probability > _HALF).sum() * cell_km2),
        "expected_km2": float(probability.sum() * cell_km2),
        "highest": float(probability.max()),
    }


def _sentences(report: dict[str, Any], found: Mapped) -> Iterator[str]:
    yield _told_points(report)
    yield report["points"]["plane"]
    yield _told_variogram(report)
    yield _told_check(report)
    yield from _told_map(report)
    if report["exceedance"]:
        yield from _told_above(report["exceedance"], found)
    yield "插值结果供布点和判断范围时参考，不能代替点位的检测结果，也不是评价结论。"


def _told_points(report: dict[str, Any]) -> str:
    points = report["points"]
    more = [
        f"{points[key]} 个{words}"
        for key, words in (
            ("half_limit", "未检出的按检出限的一半计（HJ/T 166）"),
            ("without_limit", "未检出而没有检出限的没有采用"),
            ("not_measured", "没有结果"),
            ("without_coordinates", "没有坐标"),
            ("merged", "与同一位置的其他样品取了平均"),
        )
        if points[key]
    ]
    extra = f"（{'，'.join(more)}）" if more else ""
    return (
        f"{name_of(report['analyte'])}：{points['used']} 个点参加插值{extra}，"
        f"含量 {number(points['lowest'])} 至 {number(points['highest'])} mg/kg，平均 {number(points['mean'])} mg/kg。"
    )


def _told_variogram(report: dict[str, Any]) -> str:
    model = report["variogram"]
    how = "拟合，残差最小的模型" if model["fitted"] else "由使用者给出"
    share = model["nugget"] / (model["nugget"] + model["partial_sill"])
    of = "含量的对数的变异函数" if report["transform"] == "log" else "变异函数"
    told = (
        f"{of}：{MODEL_NAMES[model['model']]}模型（{how}），块金值 {number(model['nugget'])}，"
        f"偏基台值 {number(model['partial_sill'])}，变程参数 {number(model['range_m'])} m，"
        f"有效变程 {number(model['effective_range_m'])} m；块金占基台的 {share:.0%}。"
    )
    longest = max(report["experimental"]["lag_m"]) if report["experimental"] else 0
    if model["fitted"] and model["effective_range_m"] > longest:
        told += "有效变程超过了最大滞后距离，基台和变程是外推的，请谨慎使用。"
    return told


def _told_check(report: dict[str, Any]) -> str:
    check = report["cross_validation"]
    low, high = _TOO_OFTEN_WRONG
    verdict = "方差与误差大体相称"
    if check["msdr"] < low:
        verdict = "给出的方差偏大"
    elif check["msdr"] > high:
        verdict = "给出的方差偏小，不确定度被低估"
    of, unit = ("（对数）", "") if report["transform"] == "log" else ("", " mg/kg")
    return (
        f"留一交叉验证{of}：平均误差 {number(check['mean_error'])}{unit}，均方根误差 {number(check['rmse'])}{unit}，"
        f"标准化均方误差 {check['msdr']:.2f}（{verdict}）。"
    )


def _told_map(report: dict[str, Any]) -> Iterator[str]:
    found = report["map"]
    used = f"每格用最近的 {found['neighbours']} 个点" if found["neighbours"] else "用全部点"
    spread = found["median_standard_error"]
    if report["transform"] == "log":
        told = f"估计的中位数 {number(found['lowest'])} 至 {number(found['highest'])} mg/kg，"
        told += f"对数标准差的中位数 {number(spread)}（约 {math.exp(spread):.2f} 倍）"
    else:
        told = f"估计值 {number(found['lowest'])} 至 {number(found['highest'])} mg/kg，"
        told += f"克里金标准差的中位数 {number(spread)} mg/kg"
    yield (f"普通克里金，{used}；格网 {found['columns']}×{found['rows']}，边长 {found['cell_m']:g} m；{told}。")
    if found["beyond_range_share"] > 0:
        yield f"{found['beyond_range_share']:.1%} 的格子离最近的点超过有效变程，那里的估计值接近平均值，没有多少依据。"
    if found["below_zero_cells"]:
        yield f"{found['below_zero_cells']} 个格子的估计值小于 0，是插值方法造成的，应看作接近 0。"


def _told_above(above: dict[str, Any], found: Mapped) -> Iterator[str]:
    source = f"（{above['limit']}，{law.cite(above['clause'])}）" if above["clause"] else "（由使用者给出）"
    area = len(found.map.grid) * found.map.grid.cell_m**2 * _KM2
    yield (
        f"以 {above['threshold']:g} mg/kg{source}为界，格网 {number(area)} km² 中估计值超过的有 "
        f"{number(above['estimate_above_km2'])} km²。"
    )
    how = "按对数正态误差（含量取对数）" if found.logged else "按正态误差（高斯法，含量未作变换）"
    yield f"超标概率{how}：{_told_likely(above['normal'])}"
    skewness = float(stats.skew(found.points.values))
    if skewness > _SKEWED and not found.logged:
        yield f"含量偏斜大（偏度 {skewness:.1f}），正态误差只是近似，超标概率宜以指示克里金为准，或用 --log 取对数。"
    own = above["indicator"]
    if own:
        clipped = f"；{own['clipped_cells']} 个格子的估计超出 0 至 1，已取到端点" if own["clipped_cells"] else ""
        model = MODEL_NAMES[own["variogram"]["model"]]
        yield (
            f"超标概率按指示克里金（{own['places_above']} 个点超过，{model}模型，"
            f"有效变程 {number(own['variogram']['effective_range_m'])} m）：{_told_likely(own)[:-1]}{clipped}。"
        )
    else:
        yield f"没有作指示克里金：{above['why_no_indicator']}。"
    if above["hidden_non_detects"]:
        yield f"{above['hidden_non_detects']} 个未检出的检出限高于界限，不知是否超过，没有参加指示克里金。"


def _told_likely(one: dict[str, float]) -> str:
    return (
        f"概率大于 0.5 的有 {number(one['likely_km2'])} km²，概率合计相当于 {number(one['expected_km2'])} km²，"
        f"最高 {one['highest']:.2f}。"
    )


def as_json(report: dict[str, Any]) -> bytes:
    """The report as JSON."""
    return (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode()


def as_text(report: dict[str, Any]) -> bytes:
    """The sentences, after what was noticed about the file."""
    lines = [issue_line(issue) for issue in (*report["issues"], *report["notes"])]
    lines += report["sentences"]
    if report["files"]:
        lines.append(f"已写出 {'、'.join(report['files'])}。")
    return "\n".join([*lines, ""]).encode()
