"""Means and upper limits of a report recomputed: by the method stated, and by those often mistaken for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from jingtu.assess.review_claims import mean_of
from jingtu.law import LawView
from jingtu.plain.numbers import decimal_of
from jingtu.plain.reported import Reported
from jingtu.plain.text import match_key
from jingtu.plain.units import convert
from jingtu.science import ucl, ucl_bootstrap, ucl_censored, ucl_gamma, ucl_lognormal
from jingtu.science.censored import CensoredSample, censored_sample, kaplan_meier
from jingtu.science.indices import half_limit

PLAIN, HALF, FULL, NONE, ZERO, KM = "plain", "half_limit", "full_limit", "", "zero", "kaplan_meier"
_MEAN_WORDS: Final = {
    PLAIN: "算术平均 算术平均值 平均 均值",
    HALF: "二分之一检出限 1/2检出限 检出限的一半 半检出限 检出限一半",
    FULL: "检出限 按检出限计 检出限值 报告限 报告限值",
    ZERO: "按零计 零 以0代替 按0计 0",
    KM: "Kaplan-Meier KM kaplan_meier 卡普兰-迈耶",
}
_UCL_WORDS: Final = {
    "student": "学生t t t分布 Student's-t student 95%UCL t法",
    "clt": "正态 z 中心极限定理 CLT 正态分位数",
    "chebyshev": "切比雪夫 chebyshev",
    "land": "H Land H-UCL LandH land 对数正态",
    "gamma": "近似伽马 伽马 gamma",
    "adjusted_gamma": "修正伽马 adjusted_gamma",
    "bootstrap_percentile": "自助法 bootstrap 百分位自助法",
    "bootstrap_bca": "BCa",
    "bootstrap_t": "自助法t bootstrap-t",
    "km_student": "KM学生t KM-t KM(t) Kaplan-Meier(t)",
    "km_chebyshev": "KM切比雪夫 KM-chebyshev",
}
_UCLS: Final[dict[str, Callable[[Sequence[float], float], float]]] = {
    "student": ucl.student_ucl,
    "clt": ucl.clt_ucl,
    "chebyshev": ucl.chebyshev_ucl,
    "land": ucl_lognormal.land_ucl,
    "gamma": ucl_gamma.gamma_ucl,
    "adjusted_gamma": ucl_gamma.adjusted_gamma_ucl,
    "bootstrap_percentile": ucl_bootstrap.percentile_bootstrap_ucl,
    "bootstrap_bca": ucl_bootstrap.bca_bootstrap_ucl,
    "bootstrap_t": ucl_bootstrap.t_bootstrap_ucl,
}
_KM_UCLS: Final[dict[str, Callable[[CensoredSample, float], float]]] = {
    "km_student": ucl_censored.km_student_ucl,
    "km_chebyshev": ucl_censored.km_chebyshev_ucl,
}
BOOTSTRAPS: Final = ("bootstrap_percentile", "bootstrap_bca", "bootstrap_t")


def _find(text: str, words: dict[str, str]) -> str | None:
    key = match_key(text)
    return next((code for code, names in words.items() if key in {match_key(name) for name in names.split()}), None)


def mean_method(text: str) -> str | None:
    """How a report says it treated non-detects in a mean; blank when it says nothing, ``None`` when not understood.

    >>> mean_method("二分之一检出限"), mean_method(""), mean_method("大概")
    ('half_limit', '', None)
    """
    return _find(text, _MEAN_WORDS) if text.strip() else NONE


def ucl_method(text: str) -> str | None:
    """How a report says it computed an upper limit; Student's when it says nothing, ``None`` when not understood.

    >>> ucl_method("学生t"), ucl_method("Land H"), ucl_method("")
    ('student', 'land', 'student')
    """
    return _find(text, _UCL_WORDS) if text.strip() else "student"


def substituted(items: Sequence[Reported], method: str) -> list[Decimal] | None:
    """Contents with non-detects replaced as a method says; ``None`` when a non-detect has no limit or no rule.

    *Source*: HJ/T 166-2004, data handling (half the limit); HJ 25.5-2018 (the limit itself).

    >>> substituted([Reported(Decimal(2), None, ""), Reported(None, Decimal(1), "ND")], "half_limit")
    [Decimal('2'), Decimal('0.5')]
    """
    found = [_one(item, method) for item in items]
    return None if any(value is None for value in found) else [value for value in found if value is not None]


def _one(item: Reported, method: str) -> Decimal | None:
    if item.value is not None:
        return item.value
    if method == ZERO:
        return Decimal(0)
    if item.limit is None or method not in (HALF, FULL):
        return None
    return item.limit if method == FULL else decimal_of(float(half_limit(float(item.limit))))


def mean_by(items: Sequence[Reported], method: str) -> Decimal | None:
    """Mean by a method for non-detects; ``None`` when it does not apply.

    *Source*: as :func:`substituted`; Kaplan-Meier by Helsel 2012.

    >>> mean_by([Reported(Decimal(2), None, ""), Reported(None, Decimal(1), "ND")], "zero")
    Decimal('1')
    """
    if method == KM:
        sample = as_sample(items)
        return None if sample is None else decimal_of(float(kaplan_meier(sample).mean))
    values = substituted(items, method)
    return mean_of(values) if values else None


def as_sample(items: Sequence[Reported]) -> CensoredSample | None:
    """Results as a censored sample; ``None`` when nothing was detected or a non-detect has no limit."""
    pairs = [(item.value if item.value is not None else item.limit, item.value is not None) for item in items]
    if any(value is None for value, _ in pairs) or not any(seen for _, seen in pairs):
        return None
    return censored_sample([float(value or 0) for value, _ in pairs], [seen for _, seen in pairs])


def ucl_by(items: Sequence[Reported], method: str, level_pct: Decimal) -> Decimal | None:
    """Upper limit of the mean by a method; non-detects at their limit, as HJ 25.5 allows, but for Kaplan-Meier.

    *Source*: HJ 25.5-2018, data not detected; EPA ProUCL 5.1 technical guide, 2.4 and 4.5. ``None`` when it does not
    apply.

    >>> items = [Reported(Decimal(text), None, "") for text in ("12", "15", "22", "18")]
    >>> round(ucl_by(items, "student", Decimal(95)), 2)
    Decimal('21.78')
    """
    share = float(convert(level_pct, "%", "kg/kg"))
    try:
        if method in _KM_UCLS:
            sample = as_sample(items)
            return None if sample is None else decimal_of(_KM_UCLS[method](sample, share))
        values = substituted(items, FULL)
        return None if not values else decimal_of(_UCLS[method]([float(value) for value in values], share))
    except ValueError:
        return None


def confidence_level(view: LawView) -> Decimal:
    """The confidence that the guide on effect asks for, in percent."""
    return view.table("parcel_rules").one(rule="effect.confidence_pct").required_number("value")


OTHER_MEANS: Final = (ZERO, HALF, FULL, KM)
OTHER_UCLS: Final = ("clt", "student", "chebyshev", "land", "gamma", "adjusted_gamma")
