"""The reports of ``jingtu stats ucl`` and ``jingtu stats summary``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from jingtu import law
from jingtu.cli.report_forms import Forms, Page, issue_line, issue_page
from jingtu.plain.numbers import decimal_of, plain
from jingtu.plain.reported import Reported
from jingtu.science import outliers
from jingtu.science.censored import CensoredSample, censored_sample
from jingtu.science.censored_fit import gamma_ml, lognormal_ml, ros_lognormal
from jingtu.science.summaries import Summary, summarise
from jingtu.science.ucl_choice import Choice, Limit, choose
from jingtu.sheets.concentrations import Contents

METHODS: Final = {
    "student": "学生 t", "modified_t": "修正 t（Johnson）", "clt": "中心极限定理",
    "adjusted_clt": "修正中心极限定理（Chen）",
    "chebyshev": "切比雪夫", "land": "Land H（对数正态）", "lognormal_chebyshev": "切比雪夫（对数正态无偏均值）",
    "gamma": "近似伽马", "adjusted_gamma": "修正伽马", "bootstrap_percentile": "自助法 百分位",
    "bootstrap_bca": "自助法 BCa", "bootstrap_t": "自助法 t", "km_student": "KM 学生 t", "km_clt": "KM 中心极限定理",
    "km_chebyshev": "KM 切比雪夫", "km_land": "KM Land H（对数）", "km_gamma": "KM 近似伽马",
    "km_adjusted_gamma": "KM 修正伽马", "lognormal_ml": "极大似然 对数正态（Cox）",
    "km_bootstrap_percentile": "KM 自助法 百分位", "km_bootstrap_bca": "KM 自助法 BCa", "km_bootstrap_t": "KM 自助法 t",
}  # fmt: skip
DISTRIBUTIONS: Final = {
    "normal": "正态", "gamma": "伽马", "lognormal": "对数正态", "none": "都不符合", "": "未检验",
}  # fmt: skip
REASONS: Final = {
    "ucl.too_few_values": "有效结果不足 3 个，不能计算置信上限",
    "ucl.nothing_detected": "全部未检出，没有均值可以估计",
    "ucl.too_few_detects": "检出不足 4 个，不能估计均值",
    "ucl.no_spread": "全部结果相同，没有离散可以估计",
    "ucl.normal": "检出值符合正态分布",
    "ucl.gamma": "检出值符合伽马分布",
    "ucl.gamma_small": "样本少且偏斜大（形状参数不大于 1，少于 15 个）",
    "ucl.lognormal": "检出值符合对数正态分布，不符合正态和伽马分布",
    "ucl.no_distribution": "检验过的分布都不符合，按偏斜大小选方法",
    "ucl.fit_untested": "检出太少，没有检验分布，按偏斜大小选方法",
    "ucl.skew_mild": "偏斜小（对数标准差小于 0.5）",
    "ucl.skew_moderate": "偏斜中等（对数标准差 0.5 至 1）",
    "ucl.skew_high": "偏斜大（对数标准差不小于 1）",
    "ucl.kaplan_meier": "有未检出，均值和标准误用 Kaplan-Meier 估计",
    "ucl.fallback": "本来适用的方法算不出来，改用切比雪夫",
    "ucl.above_maximum": "上限高于最大检出值，宜补充样品",
    "ucl.few_values": "少于 8 个结果，上限不稳定，不宜据以作结论",
    "ucl.no_bootstrap": "超过 2000 个结果，不做自助法",
}
_OBSTACLES: Final = {
    "above zero": "要求结果都大于 0",
    "begin at five": "要求不少于 5 个结果",
    "at least 4": "要求不少于 4 个结果",
    "different detected": "要求不少于 3 个不同的检出值",
    "% confidence": "置信水平只能是 75 % 至 99.5 %",
    "no maximum": "似然函数没有最大值",
}
_TESTS: Final = {
    "shapiro-wilk": "Shapiro-Wilk", "lilliefors": "Lilliefors", "anderson-darling": "Anderson-Darling",
    "kolmogorov-smirnov": "Kolmogorov-Smirnov",
}  # fmt: skip
_OUTLIER_TESTS: Final = {"grubbs": "Grubbs", "dixon": "Dixon", "rosner": "Rosner"}
_SIGNIFICANT: Final = 6
_SHOWN_IN_FULL: Final = 2


@dataclass(frozen=True, eq=False)
class Column:
    """One analyte of a file as a sample; ``unknown`` counts non-detects without a limit, which are left out."""

    analyte: str
    sample: CensoredSample
    places: tuple[int, ...]
    unknown: int


def columns_of(contents: Contents) -> list[Column]:
    """The analytes of a file that have at least one usable result."""
    found = (_column(analyte, items) for analyte, items in contents.results.items())
    return [column for column in found if column is not None]


def _column(analyte: str, items: Sequence[Reported]) -> Column | None:
    usable = [
        (place, item)
        for place, item in enumerate(items)
        if (item.value if item.value is not None else item.limit) is not None
    ]
    unknown = sum(item.qualifier == "ND" and item.limit is None for item in items)
    if not usable:
        return None
    values = [float(item.value if item.value is not None else item.limit or 0) for _, item in usable]
    sample = censored_sample(values, [item.value is not None for _, item in usable])
    return Column(analyte, sample, tuple(place for place, _ in usable), unknown)


def number(value: float) -> str:
    """A computed number for the eye: six significant digits, no exponent, a dash where there is none."""
    if not math.isfinite(value):
        return "—"
    return plain(decimal_of(float(f"{value:.{_SIGNIFICANT}g}")))


def _json(value: float) -> float | None:
    return value if math.isfinite(value) else None


def name_of(analyte: str) -> str:
    """Chinese name and code of an analyte."""
    entry = law.analyte(analyte)
    return entry.name_zh if entry.name_zh == entry.symbol else f"{entry.name_zh} {entry.symbol}"


def ucl_report(contents: Contents, columns: Sequence[Column], confidence: float) -> Forms:
    """Every limit of every analyte, the one advised, and why."""
    chosen = [(column, choose(column.sample, confidence)) for column in columns]
    advised = Page(
        "建议",
        ["项目", "样品数", "检出数", "分布", "建议方法", "置信水平", "上限(mg/kg)", "理由"],
        [_advised_row(column, choice) for column, choice in chosen],
    )
    every = Page(
        "各法上限",
        ["项目", "方法", "置信水平", "上限(mg/kg)", "采用", "不适用的原因"],
        [_limit_row(column, choice, limit) for column, choice in chosen for limit in choice.limits],
    )
    fits = Page(
        "分布检验",
        ["项目", "分布", "检验", "统计量", "p", "结论"],
        [_fit_row(column, fit) for column, choice in chosen for fit in choice.fits],
    )
    data = {
        "schema": "jingtu.stats.ucl/1",
        **_source(contents),
        "confidence": confidence,
        "analytes": [_ucl_data(column, choice) for column, choice in chosen],
        "open": sum(choice.advised is None for _, choice in chosen),
    }
    pages = (advised, every, fits, issue_page(_issues(contents)))
    closing = [*_found(contents, columns), _method_note(confidence)]
    shown = ("建议", "各法上限") if len(columns) <= _SHOWN_IN_FULL and every.rows else ("建议",)
    if len(shown) == 1 and every.rows:
        closing.append("各种方法的上限和分布检验见 --format csv、json 或 xlsx，或用 --analytes 只看几项。")
    return Forms(data, pages, "各法上限", closing, shown)


def _source(contents: Contents) -> dict[str, Any]:
    return {
        "file": contents.file,
        "sheet": contents.sheet,
        "unit": "mg/kg",
        "samples": len(contents),
        "issues": [issue.as_dict() for issue in contents.issues],
        "notes": [note.as_dict() for note in contents.notes],
    }


def _issues(contents: Contents) -> list[dict[str, Any]]:
    return [issue.as_dict() for issue in (*contents.issues, *contents.notes)]


def _found(contents: Contents, columns: Sequence[Column]) -> list[str]:
    lines = [issue_line(issue) for issue in _issues(contents)]
    lines += [
        f"[请核对] {name_of(column.analyte)} 有 {column.unknown} 个未检出没有给出检出限，没有参加计算；请补检出限。"
        for column in columns
        if column.unknown
    ]
    return lines


def _method_note(confidence: float) -> str:
    return (
        f"单侧 {number(confidence * 100)} % 置信上限，单位 mg/kg。未检出不用任何数代替，用 Kaplan-Meier 估计；"
        "方法和建议依 EPA ProUCL 5.1 技术指南，建议只是提示，采用哪一个由使用人定。"
    )


def _advised_row(column: Column, choice: Choice) -> list[str]:
    reasons = "；".join(REASONS[reason] for reason in choice.reasons)
    advised = choice.advised
    return [
        name_of(column.analyte),
        str(len(column.sample)),
        str(len(column.sample.detects)),
        DISTRIBUTIONS[choice.distribution],
        METHODS[advised.method] if advised else "—",
        f"{number(advised.confidence * 100)} %" if advised else "—",
        number(advised.value) if advised else "—",
        reasons,
    ]


def _limit_row(column: Column, choice: Choice, limit: Limit) -> list[str]:
    used = "√" if choice.advised == limit else ""
    why = _why_not(limit.obstacle) if limit.obstacle else ""
    return [
        name_of(column.analyte),
        METHODS[limit.method],
        f"{number(limit.confidence * 100)} %",
        number(limit.value),
        used,
        why,
    ]


def _why_not(obstacle: str) -> str:
    """Why a method gives no limit, in the words of the report."""
    return next((words for sign, words in _OBSTACLES.items() if sign in obstacle), "不适用于这组数据")


def _fit_row(column: Column, fit: Any) -> list[str]:
    verdict = "不能否定" if fit.holds() else "不符合"
    return [
        name_of(column.analyte),
        DISTRIBUTIONS[fit.distribution],
        _TESTS[fit.test],
        number(fit.statistic),
        number(fit.p_value),
        verdict,
    ]


def _ucl_data(column: Column, choice: Choice) -> dict[str, Any]:
    return {
        "analyte": column.analyte,
        "count": len(column.sample),
        "detected": len(column.sample.detects),
        "without_limit": column.unknown,
        "distribution": choice.distribution,
        "fits": [{**asdict(fit), "holds": fit.holds()} for fit in choice.fits],
        "limits": [{**asdict(limit), "value": _json(limit.value)} for limit in choice.limits],
        "advised": None if choice.advised is None else asdict(choice.advised),
        "reasons": list(choice.reasons),
        "reasons_zh": [REASONS[reason] for reason in choice.reasons],
        "estimates": _estimates(column.sample),
    }


def _estimates(sample: CensoredSample) -> dict[str, Any]:
    """Means by the methods for non-detects, so that they can be set side by side; ``None`` where one does not apply."""
    found: dict[str, Any] = {}
    for name, estimate in (
        ("lognormal_ml_mean", lambda: lognormal_ml(sample).mean),
        ("gamma_ml_mean", lambda: gamma_ml(sample).mean),
        ("ros_mean", lambda: float(np.mean(ros_lognormal(sample)))),
    ):
        try:
            found[name] = _json(estimate())
        except (ValueError, np.linalg.LinAlgError):
            found[name] = None
    return found


_SUMMARY: Final = (
    ("样品数", "count"), ("检出数", "detected"), ("最低检出限", "lowest_limit"), ("最高检出限", "highest_limit"),
    ("最小值", "lowest"), ("下四分位", "lower_quartile"), ("中位数", "median"), ("平均值", "mean"),
    ("上四分位", "upper_quartile"), ("95百分位", "p95"), ("最大值", "highest"), ("标准差", "sd"), ("变异系数", "cv"),
    ("偏度", "skewness"), ("几何均值", "geometric_mean"), ("对数标准差", "log_sd"),
)  # fmt: skip


def summary_report(contents: Contents, columns: Sequence[Column]) -> Forms:
    """Number, location, spread and shape of every analyte, and the values that stand out."""
    found = [(column, summarise(column.sample), outlying(column.sample)) for column in columns]
    table = Page(
        "汇总",
        ["项目", *(title for title, _ in _SUMMARY)],
        [[name_of(column.analyte), *_summary_cells(summary)] for column, summary, _ in found],
    )
    rows = [_outlier_row(contents, column, one) for column, _, many in found for one in many]
    suspects = Page("离群值", ["项目", "样品", "值(mg/kg)", "检验", "统计量", "临界值"], rows)
    data = {
        "schema": "jingtu.stats.summary/1",
        **_source(contents),
        "analytes": [_summary_data(contents, *row) for row in found],
        "open": 0,
    }
    note = (
        "单位 mg/kg。有未检出的项目，平均值、标准差和分位数用 Kaplan-Meier 估计，不用任何数代替未检出；偏度、几何均值"
        "和对数标准差只算检出值。离群值按对数检验（Grubbs；25 个以下加 Dixon，25 个及以上用 Rosner，α = 0.05），"
        "只供人查看，没有删去任何值。"
    )
    shown = ("汇总", "离群值") if rows else ("汇总",)
    pages = (table, suspects, issue_page(_issues(contents)))
    return Forms(data, pages, "汇总", [*_found(contents, columns), note], shown)


def _summary_cells(summary: Summary) -> list[str]:
    cells = [getattr(summary, name) for _, name in _SUMMARY]
    return [str(cell) if isinstance(cell, int) else number(cell) for cell in cells]


def outlying(sample: CensoredSample) -> list[outliers.Outlier]:
    """Detected values whose logarithms stand out, by the tests that the number of values allows."""
    places = np.flatnonzero(sample.detected & (sample.values > 0))
    logs = np.log(sample.values[places])
    if len(logs) < 3 or np.ptp(logs) == 0:
        return []
    if len(logs) >= outliers.ROSNER_SMALLEST:
        found = outliers.rosner_outliers(outliers.rosner(logs))
    else:
        tests = [outliers.grubbs(logs), outliers.dixon(logs)]
        found = [one for one in tests if one.stands_out]
    return [
        outliers.Outlier(
            int(places[one.place]), float(sample.values[places[one.place]]), one.statistic, one.critical, one.test
        )
        for one in found
    ]


def _subject(contents: Contents, column: Column, one: outliers.Outlier) -> str:
    return contents.subjects[column.places[one.place]]


def _outlier_row(contents: Contents, column: Column, one: outliers.Outlier) -> list[str]:
    numbers = [number(value) for value in (one.statistic, one.critical)]
    test = _OUTLIER_TESTS[one.test]
    return [name_of(column.analyte), _subject(contents, column, one), number(one.value), test, *numbers]


def _summary_data(
    contents: Contents, column: Column, summary: Summary, suspects: Sequence[outliers.Outlier]
) -> dict[str, Any]:
    cells = {name: value if isinstance(value, int) else _json(value) for name, value in asdict(summary).items()}
    stand_out = [
        {"sample": _subject(contents, column, one), "row": contents.rows[column.places[one.place]], **asdict(one)}
        for one in suspects
    ]
    return {"analyte": column.analyte, **cells, "without_limit": column.unknown, "outliers": stand_out}
