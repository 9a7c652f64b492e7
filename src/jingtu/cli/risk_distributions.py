"""What a run file says about draws: distributions, rank correlations, how many, from which seed, at which point."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jingtu.assess.risk import RiskAssessment
from jingtu.assess.risk_draws import Uncertainty, varied_name
from jingtu.cli.asking import Stopped
from jingtu.science.risk import Distribution, Empirical, Fixed, Lognormal, Normal, Triangular, Uniform

DRAWS_KEYS: Final = ("count", "seed", "point")
PAIR_KEYS: Final = ("between", "rank")
DEFAULT_SEED: Final = 1
MOST_DRAWS: Final = 100_000_000
KIND_NAMES: Final = {
    "point": "定值",
    "uniform": "均匀分布",
    "triangular": "三角分布",
    "normal": "正态分布",
    "lognormal": "对数正态分布",
    "empirical": "经验分布",
}
# What each kind is told by: the words that must stand, then those that may.
WORDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "point": (("value",), ()),
    "uniform": (("low", "high"), ()),
    "triangular": (("low", "mode", "high"), ()),
    "normal": (("mean", "sd"), ("low", "high")),
    "lognormal": (("mean", "sd"), ("low", "high")),
    "empirical": (("values",), ()),
}
_MAKERS: Final[dict[str, Callable[..., Distribution]]] = {
    "point": Fixed,
    "uniform": Uniform,
    "triangular": Triangular,
    "normal": Normal,
    "lognormal": Lognormal,
    "empirical": Empirical,
}


@dataclass(frozen=True, slots=True)
class Varied:
    """One parameter, property or content that varies, as the run file names it."""

    name: str
    analyte: str
    distribution: Described
    reason: str


@dataclass(frozen=True, slots=True)
class Described:
    """A distribution and how the run file wrote it."""

    distribution: Distribution
    kind: str
    words: tuple[tuple[str, float | tuple[float, ...]], ...]

    def sentence(self) -> str:
        """The distribution in words, such as “正态分布（mean 15，sd 4，low 5）”."""
        told = "，".join(f"{name} {_shown(value)}" for name, value in self.words)
        return f"{KIND_NAMES[self.kind]}（{told}）"


@dataclass(frozen=True, slots=True)
class AskedDraws:
    """Everything a run file says about draws; ``count`` is 0 when none were asked for."""

    count: int
    seed: int
    point: str
    varied: tuple[Varied, ...]
    pairs: tuple[tuple[tuple[str, str], tuple[str, str], float], ...]

    def uncertainty(self, assessment: RiskAssessment) -> Uncertainty:
        """What varies, by the names of the assessment. Raises ``ValueError`` for a name that is not known."""
        varied: dict[str, Distribution] = {}
        for one in self.varied:
            name = varied_name(assessment, one.name, one.analyte)
            if name in varied:
                raise ValueError(f"参数“{one.name}”的分布写了两次（一次用符号，一次用代码）；请只留一个。")
            varied[name] = one.distribution.distribution
        ranks = {
            (varied_name(assessment, *first), varied_name(assessment, *second)): rank
            for first, second, rank in self.pairs
        }
        return Uncertainty(varied, ranks, self.point)


def asked_draws(
    section: Mapping[str, Any], pairs: Any, varied: Sequence[Varied], analyte: Callable[[str], str]
) -> AskedDraws:
    """What the sections [draws] and [[correlations]] ask for."""
    _only(section, DRAWS_KEYS, "[draws]")
    if not isinstance(pairs, list):
        raise Stopped("秩相关每一对写一节 [[correlations]]，格式见 docs/risk.md。")
    return AskedDraws(
        whole(section.get("count", 0), "[draws] count", 0),
        whole(section.get("seed", DEFAULT_SEED), "[draws] seed", 0),
        str(section.get("point", "")),
        tuple(varied),
        tuple(_pair(given, analyte) for given in pairs),
    )


def whole(given: Any, where: str, least: int) -> int:
    """A whole number that is not too small and not beyond what a run can take."""
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= MOST_DRAWS:
        raise Stopped(f"{where} 写的“{given}”不行；应当是 {least} 到 {MOST_DRAWS:,} 之间的整数。")
    return given


def distribution(given: Any, where: str) -> Described:
    """A distribution as the run file writes it: {kind = "normal", mean = 15, sd = 4, low = 5}."""
    if not isinstance(given, dict) or given.get("kind") not in KIND_NAMES:
        raise Stopped(f"{where} 的 distribution 应当写明 kind，可以是 {'、'.join(KIND_NAMES)}，格式见 docs/risk.md。")
    kind = str(given["kind"])
    must, may = WORDS[kind]
    _only(given, ("kind", *must, *may), f"{where} 的 {kind} 分布")
    lacking = [word for word in must if word not in given]
    if lacking:
        raise Stopped(f"{where} 的 {kind} 分布缺少 {'、'.join(lacking)}。")
    words = tuple((word, _amount(word, given[word], where)) for word in (*must, *may) if word in given)
    named = {"deviation" if word == "sd" else word: value for word, value in words}
    try:
        return Described(_MAKERS[kind](**named), kind, words)
    except ValueError as error:
        raise Stopped(f"{where}：{error}") from error


def _amount(word: str, given: Any, where: str) -> float | tuple[float, ...]:
    place = f"{where} 的 {word}"
    if word != "values":
        return _number(given, place)
    if not isinstance(given, list):
        raise Stopped(f"{place} 应当是一列数，如 values = [12, 15, 18]。")
    return tuple(_number(one, place) for one in given)


def _number(given: Any, where: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise Stopped(f"{where} 写的“{given}”不是数；请写不带单位的数。")
    return float(given)


def _pair(given: Any, analyte: Callable[[str], str]) -> tuple[tuple[str, str], tuple[str, str], float]:
    where = "[[correlations]]"
    if not isinstance(given, dict):
        raise Stopped("秩相关每一对写一节 [[correlations]]，格式见 docs/risk.md。")
    _only(given, PAIR_KEYS, where)
    names = given.get("between", [])
    if not isinstance(names, list) or len(names) != 2 or names[0] == names[1]:
        raise Stopped(f'{where} 的 between 应当写两个不同的参数，如 between = ["BWa", "DAIRa"]。')
    first, second = (_named(str(name), analyte) for name in names)
    return first, second, _number(given.get("rank"), f"{where} 的 rank")


def _named(text: str, analyte: Callable[[str], str]) -> tuple[str, str]:
    """Name and chemical of “fom” or “苯/Koc”."""
    chemical, mark, name = text.rpartition("/")
    return (name, analyte(chemical)) if mark else (text, "")


def _only(given: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    for name in given:
        if name not in names:
            raise Stopped(f"{where} 中的“{name}”不认识；可以写：{'、'.join(names)}。")


def _shown(value: float | tuple[float, ...]) -> str:
    return "、".join(f"{one:g}" for one in value) if isinstance(value, tuple) else f"{value:g}"
