"""The Chinese words of a reviewed report: outcomes, and why a claim agrees or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jingtu.assess.review_claims import Reviewed
from jingtu.plain.numbers import decimal_of, plain

OUTCOMES: Final = {
    "agrees": "一致",
    "differs": "不一致",
    "not_allowed": "不能这样用",
    "not_checked": "无法核对",
}
VALUES: Final = {
    "class1": "第一类用地",
    "class2": "第二类用地",
    "within": "未超标",
    "exceeds": "超标",
    "undecided": "不能判断",
    "reached": "达标",
    "not_reached": "未达标",
    "not_judged": "不能判定",
}
METHODS: Final = {
    "": "没有写明处理方法", "plain": "算术平均", "half_limit": "未检出按二分之一检出限计",
    "full_limit": "未检出按检出限计",
    "zero": "未检出按零计", "kaplan_meier": "Kaplan-Meier", "student": "学生 t", "clt": "正态分位数",
    "chebyshev": "切比雪夫", "land": "Land H", "gamma": "近似伽马", "adjusted_gamma": "修正伽马",
    "bootstrap_percentile": "自助法（百分位）", "bootstrap_bca": "自助法（BCa）", "bootstrap_t": "自助法（t）",
    "km_student": "Kaplan-Meier 学生 t", "km_chebyshev": "Kaplan-Meier 切比雪夫",
}  # fmt: skip
_MISTAKES: Final = {
    "mistake.decimal": "数字相同而小数点不同，可能是单位换算错了",
    "mistake.other_class": "所用的是另一类用地的值",
}
_USES: Final = {
    "use.listed": "见用地对照表",
    "use.within": "属于对照表中用地的一部分",
    "use.unclear": "规划用途不明确，适用第一类用地",
    "use.mixed": "该代码含两类用地，适用第一类用地",
    "use.given": "报告直接写明类别",
}
_WORDS: Final = {
    "claim.unreadable": "报告值“{claimed}”看不懂，请按填写说明改写",
    "claim.unit": "报告值的单位“{unit}”不能换算成 mg/kg",
    "method.unknown": "统计方法“{method}”不认识，请按填写说明改写",
    "analyte.missing": "这一类结论须写明检测项目",
    "analyte.not_listed": "GB 36600 没有列出该项目，没有限值可比",
    "analyte.not_measured": "检测结果里没有该项目",
    "analyte.not_detected": "检测结果里该项目没有检出值",
    "limit.unknown": "有未检出没有给出检出限",
    "target.missing": "没有写评估标准值",
    "class.by_use": "规划用地 {use}：{why}",
    "value.by_table": "按{land_class}",
    "points.counted": "检测结果中有 {recomputed} 个点位",
    "points.no_rule": "检测结果里没有点位编号，也没有该阶段的点位数规定可比",
    "points.least": "地块面积 {area_m2} m²，点位数不少于 {recomputed} 个{counted_words}",
    "results.counted": "由检测结果计数",
    "results.detected": "{count} 个结果中 {hidden} 个未检出",
    "results.extreme": "由检测结果直接得出",
    "results.mean": "{method}{hidden_words}",
    "mean.unsaid": "有 {hidden} 个未检出，须写明怎样参加平均；规范规定按二分之一检出限计",
    "results.exceeding": "筛选值 {limit} mg/kg{open_words}",
    "results.exceeding_open": "另有 {open} 个未检出的检出限高于筛选值 {limit} mg/kg，不能算作未超过",
    "results.multiple": "最大值 {maximum} mg/kg，筛选值 {limit} mg/kg，超标倍数等于最大值除以筛选值减 1",
    "verdict.within": "全部结果不高于筛选值 {limit} mg/kg",
    "verdict.exceeds": "{above} 个结果高于筛选值 {limit} mg/kg",
    "verdict.undecided": "{open} 个未检出的检出限（最高 {hidden_limit} mg/kg）高于筛选值 {limit} mg/kg，不能说明未超过",
    "results.ucl": "{method}，{n} 个样品",
    "ucl.few": "只有 {n} 个样品，少于 {least} 个，不能用置信上限作结论",
    "ucl.impossible": "用“{method}”算不出置信上限",
    "effect.reached": "{n} 个样品，超过标准值的 {above} 个，最大值 {maximum} mg/kg{statistics}",
    "effect.not_reached": "{n} 个样品，超过标准值 {target} mg/kg 的 {above} 个，最大值 {maximum} mg/kg{statistics}",
    "effect.not_judged": "未检出的检出限高于标准值 {target} mg/kg 或没有给出，不能判定",
    "results.risk": "按{land_class}推荐参数计算{content}；报告若用了地块参数，须逐项列出",
    "risk.impossible": "该项目没有毒性或理化参数，不能计算",
    "risk.not_modelled": "该项目不用本模型计算（铅、石油烃等另有模型）或没有该效应的毒性参数",
}


def recomputed_text(found: Reviewed) -> str:
    """What came out, for the eye: a word, or a number of six significant digits."""
    if found.recomputed in VALUES:
        return VALUES[found.recomputed]
    if not found.recomputed:
        return "—"
    return _short(found.recomputed)


def _short(text: str) -> str:
    rounded = f"{float(text):.6g}"
    return f"{float(text):.3e}" if "e-" in rounded else plain(decimal_of(float(rounded)))


def why(found: Reviewed) -> str:
    """Why a claim agrees or not, with the usual mistake that explains it when there is one."""
    parts = {name: text for name, text in found.parts if name != "mistake"}
    words = {
        **parts,
        "claimed": found.claim.claimed,
        "recomputed": recomputed_text(found),
        "method": METHODS.get(parts.get("method", ""), parts.get("method", "")),
        "land_class": VALUES.get(parts.get("land_class", ""), ""),
        "why": _USES.get(parts.get("why", ""), ""),
        "statistics": _statistics(parts),
        "hidden_words": _if_any("，其中未检出 {} 个", parts.get("hidden", "")),
        "counted_words": _if_any("，检测结果中有 {} 个", parts.get("counted", "")),
        "open_words": _if_any("；检出限高于筛选值而不能判断的 {} 个", parts.get("open", "")),
        "content": f"，浓度 {parts['content']} mg/kg" if parts.get("content") else "",
    }
    text = _WORDS[found.reason].format(**words)
    mistake = mistake_text(found.part("mistake"))
    return f"{text}；{mistake}" if mistake else text


def _if_any(words: str, count: str) -> str:
    return words.format(count) if count.strip("0") else ""


def _statistics(parts: dict[str, str]) -> str:
    if parts.get("ucl"):
        return f"；平均值 95% 置信上限 {_short(parts['ucl'])} mg/kg，最大值不得高于 {parts['allowed']} mg/kg"
    return f"；少于 {parts['least']} 个样品，只能逐个对比" if parts.get("least") else ""


def mistake_text(code: str) -> str:
    """The usual mistake that gives the claimed number, in words; blank when there is none.

    >>> mistake_text("mistake.ucl_clt")
    '用正态分位数恰好得到报告值'
    """
    if code in _MISTAKES:
        return _MISTAKES[code]
    for prefix, words in _PREFIXES.items():
        if code.startswith(prefix):
            return words(METHODS[code.removeprefix(prefix)])
    return ""


_PREFIXES: Final[dict[str, Callable[[str], str]]] = {
    "mistake.mean_": "{}恰好得到报告值".format,
    "mistake.ucl_": "用{}恰好得到报告值".format,
}
