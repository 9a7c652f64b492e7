"""Whether remediation reached its target: point by point, by statistics, by the error that duplicates show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.construction_limits import construction_limits
from jingtu.assess.finding import Finding, draw
from jingtu.assess.land_use import CLASSES
from jingtu.assess.sampling import rule
from jingtu.law import LawView
from jingtu.plain.numbers import decimal_of, plain
from jingtu.plain.reported import Reported, parse_reported
from jingtu.plain.units import convert

REACHED, NOT_REACHED, UNDECIDED, NOT_USED = "reached", "not_reached", "not_judged", "not_applicable"
ONE_BY_ONE: Final = "hj25.5-2018#one-by-one"
STATISTICS: Final = "hj25.5-2018#statistics"
T_TEST: Final = "hj25.5-2018#t-test"
NON_DETECT: Final = "hj25.5-2018#non-detect"
AFTERCARE: Final = "hj25.5-2018#aftercare"
SEPARATOR: Final = "\n"


@dataclass(frozen=True, slots=True)
class Range:
    """The results of one analyte in one pit or one range of remediation, with the target, in mg/kg.

    ``pairs`` are groups of duplicates of the same analyte; they count for the t test and not as further samples.
    """

    name: str
    analyte: str
    target_mg_kg: Decimal
    samples: Sequence[str]
    results: Sequence[Reported]
    pairs: Sequence[tuple[Decimal, Decimal]] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What one method says, with its arithmetic as texts."""

    outcome: str
    reason: str
    value: Decimal | None
    threshold: Decimal | None
    clause: str
    arithmetic: Mapping[str, str]


def assess(held: Range, on: date) -> list[Finding]:
    """All methods the guide offers for one range, then the verdict and what it leaves to do.

    *Source*: HJ 25.5-2018, methods of evaluation and aftercare. Contents in mg/kg. Raises ``ValueError`` for a range
    without results or a target that is not above zero, ``LawError`` for a day before the guide.

    >>> results = [Reported(Decimal(text), None, "") for text in ("12", "15", "22")]
    >>> found = assess(Range("1号坑", "As", Decimal(20), ["a", "b", "c"], results), date(2021, 9, 15))
    >>> [(one.measure, one.outcome) for one in found][:2]
    [('effect.one_by_one', 'not_reached'), ('effect.statistics', 'not_applicable')]
    """
    measured = [item for item in held.results if item.qualifier != "NM"]
    if not measured:
        raise ValueError(f"{held.name} has no result of {held.analyte}")
    if held.target_mg_kg <= 0:
        raise ValueError("a target must be above zero")
    view = law.at(on)
    methods = {
        "effect.one_by_one": one_by_one(held),
        "effect.statistics": statistics(held, view),
        "effect.t_test": t_test(held, view),
    }
    found = [_finding(held, measure, shown, on) for measure, shown in methods.items()]
    verdict = _verdict(methods)
    found.append(_finding(held, "effect.verdict", verdict, on))
    after = _aftercare(held, verdict, on)
    return [*found, _finding(held, "effect.aftercare", after, on)] if after else found


def _values(held: Range) -> list[tuple[str, Decimal | None]]:
    """Content of each sample measured; a non-detect counts with its limit, which may be unknown."""
    pairs = zip(held.samples, held.results, strict=True)
    return [(name, item.value if item.value is not None else item.limit) for name, item in pairs
            if item.qualifier != "NM"]  # fmt: skip


def one_by_one(held: Range) -> Shown:
    """Each content against the target: all must lie at or below it.

    *Source*: HJ 25.5-2018, comparison one by one. A non-detect whose limit is above the target, or unknown, decides
    nothing.
    """
    above = [name for name, item in zip(held.samples, held.results, strict=True)
             if item.value is not None and item.value > held.target_mg_kg]  # fmt: skip
    hidden = [name for name, item in zip(held.samples, held.results, strict=True)
              if item.qualifier == "ND" and (item.limit is None or item.limit > held.target_mg_kg)]  # fmt: skip
    numbers = [item.value for item in held.results if item.value is not None]
    outcome = NOT_REACHED if above else (UNDECIDED if hidden else REACHED)
    count = len(_values(held))
    words = {"n": str(count), "above": SEPARATOR.join(above), "hidden": SEPARATOR.join(hidden)}
    reason = "limit.above_target" if hidden and not above else ""
    return Shown(outcome, reason, max(numbers, default=None), held.target_mg_kg, ONE_BY_ONE, words)


def statistics(held: Range, view: LawView) -> Shown:
    """The 95 % upper confidence limit of the mean and the largest content against twice the target.

    *Source*: HJ 25.5-2018, statistical analysis; from eight samples. Student's limit; a non-detect counts with its
    limit, as the guide allows. Both comparisons take equality as reached.
    """
    least, level = rule(view, "effect.statistics_least"), rule(view, "effect.confidence_pct")
    times = rule(view, "effect.highest_multiple").required_number("value")
    values = [value for _, value in _values(held)]
    known = [value for value in values if value is not None]
    words = {"n": str(len(values)), "least": plain(least.required_number("value"))}
    if len(values) < least.required_number("value"):
        return Shown(NOT_USED, "samples.few", None, held.target_mg_kg, STATISTICS, words)
    if len(known) < len(values):
        return Shown(UNDECIDED, "limit.unknown", None, held.target_mg_kg, STATISTICS, words)
    ucl = _student(known, level.required_number("value"))
    highest, allowed = max(known), times * held.target_mg_kg
    words |= {
        "mean": plain(decimal_of(float(sum(known, Decimal(0))) / len(known))),
        "ucl": plain(ucl), "level": plain(level.required_number("value")), "highest": plain(highest),
        "allowed": plain(allowed), "times": plain(times),
        "undetected": str(sum(item.qualifier == "ND" for item in held.results)),
    }  # fmt: skip
    reached = ucl <= held.target_mg_kg and highest <= allowed
    return Shown(REACHED if reached else NOT_REACHED, "", ucl, held.target_mg_kg, STATISTICS, words)


def _student(values: Sequence[Decimal], level_pct: Decimal) -> Decimal:
    from jingtu.science.ucl import student_ucl

    if min(values) == max(values):
        return values[0]
    return decimal_of(student_ucl([float(value) for value in values], float(convert(level_pct, "%", "kg/kg"))))


def t_test(held: Range, view: LawView) -> Shown:
    """Each content above the target against the error that duplicates show.

    *Source*: HJ 25.5-2018, t test, from four groups of duplicates: significantly above is not reached, not
    significantly above is reached. One-sided, with the relative error pooled over the groups; the appendix itself could
    not be checked, and the row of the level says so.
    """
    from jingtu.science.duplicates import excess_probability, pooled_relative_sd

    least, level = rule(view, "effect.duplicate_groups_least"), rule(view, "effect.t_confidence_pct")
    pairs = [pair for pair in held.pairs if min(pair) > 0]
    words = {"groups": str(len(pairs)), "least": plain(least.required_number("value"))}
    if len(pairs) < least.required_number("value"):
        return Shown(NOT_USED, "duplicates.few", None, held.target_mg_kg, T_TEST, words)
    error = pooled_relative_sd([float(a) for a, _ in pairs], [float(b) for _, b in pairs])
    known = [(name, value) for name, value in _values(held) if value is not None]
    chance = excess_probability([float(v) for _, v in known], float(held.target_mg_kg), error, len(pairs))
    certain = float(convert(level.required_number("value"), "%", "kg/kg"))
    significant = [name for (name, value), p in zip(known, chance, strict=True)
                   if value > held.target_mg_kg and p > certain]  # fmt: skip
    tolerated = [name for name, value in known if value > held.target_mg_kg and name not in significant]
    words |= {
        "error": plain(decimal_of(error)), "level": plain(level.required_number("value")),
        "significant": SEPARATOR.join(significant), "tolerated": SEPARATOR.join(tolerated),
    }  # fmt: skip
    unknown = len(known) < len(_values(held)) or one_by_one(held).arithmetic["hidden"]
    outcome = NOT_REACHED if significant else (UNDECIDED if unknown else REACHED)
    return Shown(outcome, "limit.above_target" if outcome == UNDECIDED else "", None, held.target_mg_kg, T_TEST, words)


def _verdict(methods: Mapping[str, Shown]) -> Shown:
    """Reached when a method that may be used says so; otherwise what the strictest that may be used says."""
    for measure, shown in methods.items():
        if shown.outcome == REACHED:
            return Shown(REACHED, measure, shown.value, shown.threshold, shown.clause, {"by": measure})
    first = next(iter(methods.values()))
    used = [shown for shown in methods.values() if shown.outcome not in (NOT_USED, UNDECIDED)]
    outcome = NOT_REACHED if used and first.outcome == NOT_REACHED else UNDECIDED
    tried = [measure for measure, shown in methods.items() if shown.outcome != NOT_USED]
    return Shown(outcome, first.reason, first.value, first.threshold, first.clause, {"by": " ".join(tried)})


def _aftercare(held: Range, verdict: Shown, on: date) -> Shown | None:
    """Long-term monitoring where the target is reached but the soil is not clean to the values of class 1.

    *Source*: HJ 25.5-2018, later supervision; GB 36600-2018 screening values of class 1.
    """
    limits = construction_limits(on)
    if verdict.outcome != REACHED or held.analyte not in limits.analytes:
        return None
    row = limits.screening_row(limits.cell(held.analyte, CLASSES[0]))
    screening = row.required_number("value_mg_kg")
    highest = max((value for _, value in _values(held) if value is not None), default=None)
    if highest is None or highest <= screening:
        return None
    return Shown("needed", "", highest, screening, AFTERCARE, {"screening_row": row.row_id})


def _finding(held: Range, measure: str, shown: Shown, on: date) -> Finding:
    operator = ""
    if shown.value is not None and shown.threshold is not None:
        operator = "<=" if shown.value <= shown.threshold else ">"
    return draw(
        subject=held.name,
        measure=measure,
        outcome=shown.outcome,
        law_on=on,
        given={
            "analyte": held.analyte,
            "target_mg_kg": plain(held.target_mg_kg),
            "samples": SEPARATOR.join(held.samples),
            "results": SEPARATOR.join(item.text() for item in held.results),
            "pairs": SEPARATOR.join(f"{plain(a)}|{plain(b)}" for a, b in held.pairs),
        },
        drawn={f"how.{name}": text for name, text in shown.arithmetic.items()},
        value=shown.value,
        operator=operator,
        threshold=shown.threshold,
        unit="mg/kg",
        reason=shown.reason,
        clause=shown.clause,
        rule_clause=shown.clause,
    )


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about the effect of remediation again."""
    if finding.law_on is None or not finding.measure.startswith("effect."):
        raise ValueError(f"cannot replay {finding.measure}")
    stored = dict(finding.inputs)
    pairs = [part.split("|") for part in stored["pairs"].split(SEPARATOR) if part]
    held = Range(
        name=finding.subject,
        analyte=stored["analyte"],
        target_mg_kg=Decimal(stored["target_mg_kg"]),
        samples=stored["samples"].split(SEPARATOR),
        results=[parse_reported(text) for text in stored["results"].split(SEPARATOR)],
        pairs=[(Decimal(a), Decimal(b)) for a, b in pairs],
    )
    return next(item for item in assess(held, finding.law_on) if item.measure == finding.measure)
