"""Signals in results that a person should look at: never a verdict, each with its innocent causes said beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.plain.numbers import plain
from jingtu.plain.reported import Reported
from jingtu.science import signals

_NAMES: Final = {
    "signal.digits": "末位数字偏好",
    "signal.copied": "整行结果相同",
    "signal.repeated_lowest": "最小值大量重复",
    "signal.pairs_identical": "平行结果过于一致",
    "signal.variance_low": "样品之间的差异小于测定本身",
}
_SENTENCES: Final = {
    "signal.digits": "{analyte}的 {count} 个结果末位数字分布不匀（1 至 9 各出现 {digits} 次，χ² = {statistic:.1f}，"
    "p = {p:.2g}）。可能是读数或修约的习惯，也可能是人为填写。",
    "signal.copied": "{subjects} 的全部检测结果逐项相同（{count} 个样品）。可能是同一样品的重复编号，也可能是复制。",
    "signal.repeated_lowest": "{analyte}的最小值 {value} mg/kg 出现 {count} 次（共 {total} 个）。可能是以检出限或其一半"
    "代替了未检出，请核对原始报告；统计时应按未检出处理。",
    "signal.pairs_identical": "{analyte}的 {total} 对平行结果有 {count} 对到末位都相同。"
    "可能是仪器读数粗，也可能没有独立测定。",
    "signal.variance_low": "{analyte}在 {total} 个样品之间的差异小于平行测定的差异（p = {p:.2g}）。可能是样品确实均一，"
    "也可能不是分别测定。",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One pattern: code, analyte or subjects it concerns, and the sentence for the person who looks."""

    code: str
    analyte: str
    subjects: tuple[str, ...]
    sentence: str

    @property
    def name_zh(self) -> str:
        """What kind of pattern it is."""
        return _NAMES[self.code]

    def as_dict(self) -> dict[str, object]:
        """All parts under their names."""
        return {
            "code": self.code,
            "name_zh": self.name_zh,
            "analyte": self.analyte,
            "subjects": list(self.subjects),
            "sentence": self.sentence,
        }


def sample_signals(subjects: Sequence[str], results: Mapping[str, Sequence[Reported]]) -> list[Signal]:
    """Patterns among samples: last digits, repeated lowest value, whole rows alike; in an order of their own.

    *Source*: :mod:`jingtu.science.signals`. Results in mg/kg by analyte, one per subject.

    >>> same = [Reported(Decimal("0.01"), None, "")] * 8 + [Reported(Decimal("0.5"), None, "")]
    >>> [found.code for found in sample_signals([f"S{n}" for n in range(9)], {"Hg": same})]
    ['signal.repeated_lowest']
    """
    found: list[Signal] = []
    for analyte in sorted(results):
        found += _digits(analyte, results[analyte])
        found += _lowest(analyte, results[analyte])
    return found + _copied(subjects, results)


def pair_signals(first: Mapping[str, Sequence[Reported]], second: Mapping[str, Sequence[Reported]]) -> list[Signal]:
    """Patterns among duplicates: pairs that agree to the last digit, samples that vary less than pairs do.

    *Source*: :mod:`jingtu.science.signals`. Results in mg/kg by analyte, pair by pair.

    >>> a = [Reported(Decimal("0.123"), None, "")] * 12
    >>> [found.code for found in pair_signals({"Cd": a}, {"Cd": a})]
    ['signal.pairs_identical']
    """
    found: list[Signal] = []
    for analyte in sorted(first):
        pairs = [
            (a.value, b.value)
            for a, b in zip(first[analyte], second[analyte], strict=True)
            if a.value is not None and b.value is not None
        ]
        found += _identical(analyte, pairs)
        found += _variance(analyte, pairs)
    return found


def _digits(analyte: str, column: Sequence[Reported]) -> list[Signal]:
    digits = signals.last_digits([item.value for item in column if item.value is not None])
    if len(digits) < signals.FEWEST_DIGITS:
        return []
    seen = signals.digit_preference(digits)
    if seen.p_value >= signals.LEVEL:
        return []
    counts = "、".join(str(count) for count in seen.counts)
    return [
        _signal("signal.digits", analyte, count=len(digits), digits=counts, statistic=seen.statistic, p=seen.p_value)
    ]


def _lowest(analyte: str, column: Sequence[Reported]) -> list[Signal]:
    values = np.array([float(item.value) for item in column if item.value is not None])
    value, count = signals.repeated_lowest(values)
    if not count:
        return []
    return [
        _signal("signal.repeated_lowest", analyte, value=plain(Decimal(repr(value))), count=count, total=len(values))
    ]


def _copied(subjects: Sequence[str], results: Mapping[str, Sequence[Reported]]) -> list[Signal]:
    if not results:
        return []
    table = np.stack([_floats(results[analyte]) for analyte in sorted(results)], axis=1)
    groups = [tuple(sorted(subjects[place] for place in group)) for group in signals.copied_vectors(table)]
    return [
        Signal(
            "signal.copied",
            "",
            group,
            _SENTENCES["signal.copied"].format(subjects="、".join(group), count=len(group)),
        )
        for group in sorted(groups)
    ]


def _floats(column: Sequence[Reported]) -> NDArray[np.float64]:
    return np.array([np.nan if item.value is None else float(item.value) for item in column])


def _identical(analyte: str, pairs: Sequence[tuple[Decimal, Decimal]]) -> list[Signal]:
    """Only pairs written finely enough: a coarse reading agrees by itself."""
    fine = [(a, b) for a, b in pairs if min(len(a.as_tuple().digits), len(b.as_tuple().digits)) >= signals.FINE_DIGITS]
    same, total = signals.identical_pairs([float(a) for a, _ in fine], [float(b) for _, b in fine])
    if total < signals.FEWEST_PAIRS or same <= signals.HALF * total:
        return []
    return [_signal("signal.pairs_identical", analyte, count=same, total=total)]


def _variance(analyte: str, pairs: Sequence[tuple[Decimal, Decimal]]) -> list[Signal]:
    positive = [(float(a), float(b)) for a, b in pairs if a > 0 and b > 0]
    if len(positive) < signals.FEWEST_PAIRS:
        return []
    first, second = np.array(positive).T
    ratio = signals.variance_ratio(np.sqrt(first * second), first, second)
    if ratio.p_value >= signals.LEVEL:
        return []
    return [_signal("signal.variance_low", analyte, total=len(positive), p=ratio.p_value)]


def _signal(code: str, analyte: str, **words: object) -> Signal:
    sentence = _SENTENCES[code].format(analyte=law.analyte(analyte).name_zh, **words)
    return Signal(code, analyte, (), sentence)
