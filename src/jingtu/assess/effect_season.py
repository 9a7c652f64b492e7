"""Whether safe use worked: a season by single indices of crops, and the whole by seasons one after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from jingtu import law
from jingtu.assess.certainty import weakest
from jingtu.assess.crops import EXCEEDS, WITHIN
from jingtu.assess.finding import Finding, draw
from jingtu.law import Row
from jingtu.plain.numbers import plain
from jingtu.plain.units import exponent_between

NUMBERS: Final = "farmland_numbers"
ANALYTE, SEASON, OVERALL = "season.analyte", "season.effect", "season.overall"
YIELD, INPUTS = "season.yield", "season.inputs"
CLEAN: Final = "clean"
REACHED, NOT_REACHED, NOT_JUDGED, NOT_YET = "reached", "not_reached", "not_judged", "not_yet"
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Harvest:
    """A season that was evaluated: year, its place within the year, outcome, and outcome of the yield if known."""

    year: int
    order: int
    outcome: str
    yields: str = ""


def indices_of(levels: Iterable[Finding], targets: Sequence[str]) -> dict[str, list[Decimal]]:
    """Single indices of the target analytes out of findings about crops; those without limit or not judged give none.

    An index needs a judgement: a total above a limit of inorganic arsenic, for one, says nothing yet.
    """
    found: dict[str, list[Decimal]] = {code: [] for code in targets}
    for each in levels:
        code = each.part("analyte")
        if code in found and each.outcome in (WITHIN, EXCEEDS):
            found[code].append(Decimal(each.part("index")))
    return found


def season(
    subject: str,
    indices: Mapping[str, Sequence[Decimal]],
    on: date,
    yield_change_pct: Decimal | None = None,
    inputs: str = "",
) -> list[Finding]:
    """The findings of one season: each target analyte, the yield, the inputs, and the season as a whole.

    *Source*: NY/T 3343-2018, from memory: a season passes when the mean of the single indices is not above 1 and not
    more than 10 % of them are above 1; where the crop stayed the same the yield must not fall by more than 10 %
    against a like control. ``indices`` are those of the crops harvested, by target analyte. A fall of yield is negative
    in percent; ``None`` is not known, which leaves the season to the crops and says so. What was put on the field
    (``inputs``) must bring no pollution of its own: ``clean`` or ``polluting`` by its tests, blank where none is known.

    >>> found = season("U1", {"Cd": [Decimal("0.5")] * 9 + [Decimal("1.2")]}, date(2021, 11, 1), Decimal(-5))
    >>> found[-1].outcome, plain(found[-1].value), found[-1].part("exceeding_pct")
    ('reached', '0.57', '10')
    """
    each = [_analyte(subject, code, list(indices[code]), on) for code in _in_order(indices)]
    own_yield = _yield(subject, yield_change_pct, on)
    given = {f"indices.{code}": _texts(held) for code, held in indices.items()}
    given["yield_change_pct"] = "" if yield_change_pct is None else plain(yield_change_pct)
    put_on = [_inputs(subject, inputs, on)] if inputs else []
    given |= {"inputs": inputs} if inputs else {}
    worst = _worst([*each, *(one for one in (own_yield, *put_on) if one.outcome == NOT_REACHED)])
    mean = max((one.value for one in each if one.value is not None), default=None)
    share = max((Decimal(one.part("exceeding_pct")) for one in each if one.part("exceeding_pct")), default=None)
    whole = draw(
        subject=subject,
        measure=SEASON,
        outcome=worst.outcome if worst else NOT_JUDGED,
        law_on=on,
        given=given,
        drawn={
            "exceeding_pct": "" if share is None else plain(share),
            "samples": str(min((len(held) for held in indices.values()), default=0)),
            "yield": own_yield.outcome,
            "decided_by": worst.part("analyte") if worst else "",
            "least": worst.part("least") if worst else "",
            "most_pct": worst.part("most_pct") if worst else "",
            "certainty": weakest([one.part("certainty") for one in (*each, own_yield, *put_on)]),
        },
        value=mean,
        operator="<=" if mean is not None and mean <= 1 else ">" if mean is not None else "",
        threshold=_number("effect.mean_index", on).required_number("value"),
        reason=worst.reason if worst else "season.no_target",
        clause="nyt3343-2018#season",
        rule_clause="nyt3343-2018#season",
        table_row=worst.table_row if worst else "",
    )
    return [*each, own_yield, *put_on, whole]


def _worst(findings: Sequence[Finding]) -> Finding | None:
    """The finding that decides: one that fails, else one not judged, else the first that passes."""
    order = (NOT_REACHED, NOT_JUDGED, REACHED)
    return min(findings, key=lambda one: order.index(one.outcome), default=None)


def _analyte(subject: str, code: str, indices: list[Decimal], on: date) -> Finding:
    """One target analyte: mean of its indices and share of those above 1."""
    names = ("effect.mean_index", "effect.exceeding_pct", "effect.least_samples")
    most_mean, most_share, least = (_number(name, on) for name in names)
    count = Decimal(len(indices))
    mean = sum(indices, ZERO) / count if indices else None
    above = sum((ONE for index in indices if index > ONE), ZERO)
    share = above.scaleb(exponent_between("kg/kg", "%")) / count if indices else None
    outcome, reason, row = REACHED, "", most_mean
    if count < least.required_number("value"):
        outcome, reason, row = NOT_JUDGED, "season.too_few" if indices else "season.no_index", least
    elif mean is not None and mean > most_mean.required_number("value"):
        outcome, reason = NOT_REACHED, "season.mean_above"
    elif share is not None and share > most_share.required_number("value"):
        outcome, reason, row = NOT_REACHED, "season.share_above", most_share
    return draw(
        subject=subject,
        measure=ANALYTE,
        outcome=outcome,
        law_on=on,
        given={"analyte": code, "indices": _texts(indices)},
        drawn={
            "samples": plain(count),
            "above": plain(above),
            "exceeding_pct": "" if share is None else plain(share),
            "most_pct": plain(most_share.required_number("value")),
            "least": plain(least.required_number("value")),
            "certainty": weakest([most_mean, most_share, least]),
        },
        value=mean,
        operator="" if mean is None else "<=" if mean <= most_mean.required_number("value") else ">",
        threshold=most_mean.required_number("value"),
        reason=reason,
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def _yield(subject: str, change_pct: Decimal | None, on: date) -> Finding:
    """Yield against a like control, where the crop stayed the same."""
    row = _number("effect.yield_loss_pct", on)
    outcome, reason = NOT_JUDGED, "season.yield_unknown"
    if change_pct is not None:
        kept = -change_pct <= row.required_number("value")
        outcome, reason = (REACHED, "") if kept else (NOT_REACHED, "season.yield_fell")
    return draw(
        subject=subject,
        measure=YIELD,
        outcome=outcome,
        law_on=on,
        given={"yield_change_pct": "" if change_pct is None else plain(change_pct)},
        drawn={"certainty": row.certainty.value},
        value=change_pct,
        threshold=row.required_number("value"),
        unit="%",
        reason=reason,
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def _inputs(subject: str, inputs: str, on: date) -> Finding:
    """What was put on the field, by its tests."""
    ground = law.clause("nyt3343-2018#inputs")
    return draw(
        subject=subject,
        measure=INPUTS,
        outcome=REACHED if inputs == CLEAN else NOT_REACHED,
        law_on=on,
        given={"inputs": inputs},
        drawn={"certainty": str(ground.certainty)},
        reason="" if inputs == CLEAN else "season.inputs_polluting",
        clause=ground.ref,
        rule_clause=ground.ref,
    )


def overall(subject: str, harvests: Sequence[Harvest], on: date, rule: str = "effect.periods") -> Finding:
    """Whether the last seasons one after another reached the effect.

    *Source*: NY/T 3343-2018, from memory: two consecutive seasons (years); some provinces ask three. The number is a
    setting (``effect.periods``, for an upgrade ``upgrade.periods``, for counting ``count.periods``). A season that
    failed, could not be judged, or a year left out ends the row. Of one season the last of the given counts.

    >>> reached = [Harvest(2020, 1, "reached"), Harvest(2021, 1, "reached")]
    >>> overall("U1", reached, date(2021, 11, 1)).outcome, overall("U1", reached[1:], date(2021, 11, 1)).outcome
    ('reached', 'not_yet')
    """
    row = _number(rule, on)
    ordered = sorted({(one.year, one.order): one for one in harvests}.items())
    last = [one for _key, one in ordered]
    run = _run(last)
    need = row.required_number("value")
    outcome, reason = _overall(last, run, need)
    return draw(
        subject=subject,
        measure=OVERALL,
        outcome=outcome,
        law_on=on,
        given={"harvests": " ".join(_harvest_text(one) for one in last), "rule": rule},
        drawn={"certainty": row.certainty.value, "note": row.text("note")},
        value=Decimal(run),
        operator="<" if run < need else ">=",
        threshold=need,
        reason=reason,
        clause=row.clause,
        rule_clause=row.clause,
        table_row=row.row_id,
    )


def _overall(harvests: Sequence[Harvest], run: int, need: Decimal) -> tuple[str, str]:
    if not harvests:
        return NOT_JUDGED, "overall.no_season"
    if run >= need:
        unknown = any(one.yields in ("", NOT_JUDGED) for one in harvests[len(harvests) - run :])
        return REACHED, "overall.yield_unknown" if unknown else ""
    if harvests[-1].outcome == REACHED:
        return NOT_YET, "overall.too_few"
    return harvests[-1].outcome, "overall.last_failed" if harvests[-1].outcome == NOT_REACHED else "overall.last_open"


def _run(harvests: Sequence[Harvest]) -> int:
    """How many seasons up to the last reached the effect, with no year left out between them."""
    run, later = 0, None
    for one in reversed(harvests):
        if one.outcome != REACHED or (later is not None and later - one.year > 1):
            break
        run, later = run + 1, one.year
    return run


def _harvest_text(one: Harvest) -> str:
    return f"{one.year}.{one.order}={one.outcome}/{one.yields}"


def _harvest(text: str) -> Harvest:
    when, _, said = text.partition("=")
    year, _, order = when.partition(".")
    outcome, _, yields = said.partition("/")
    return Harvest(int(year), int(order), outcome, yields)


def _number(name: str, on: date) -> Row:
    return law.at(on).table(NUMBERS).one(rule=name)


def _texts(indices: Iterable[Decimal]) -> str:
    return " ".join(plain(index) for index in indices)


def _indices(text: str) -> list[Decimal]:
    return [Decimal(each) for each in text.split()]


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about the effect of safe use again."""
    if finding.law_on is None or finding.measure not in (ANALYTE, SEASON, YIELD, INPUTS, OVERALL):
        raise ValueError(f"cannot replay {finding.measure}")
    stored, on = dict(finding.inputs), finding.law_on
    if finding.measure == OVERALL:
        harvests = [_harvest(text) for text in stored["harvests"].split()]
        return overall(finding.subject, harvests, on, stored["rule"])
    if finding.measure == ANALYTE:
        return _analyte(finding.subject, stored["analyte"], _indices(stored["indices"]), on)
    if finding.measure == INPUTS:
        return _inputs(finding.subject, stored["inputs"], on)
    change = Decimal(stored["yield_change_pct"]) if stored["yield_change_pct"] else None
    if finding.measure == YIELD:
        return _yield(finding.subject, change, on)
    held = {key.removeprefix("indices."): _indices(text) for key, text in stored.items() if key.startswith("indices.")}
    return season(finding.subject, held, on, change, stored.get("inputs", ""))[-1]


def _in_order(codes: Iterable[str]) -> list[str]:
    return [code for code in law.analytes().codes if code in set(codes)]
