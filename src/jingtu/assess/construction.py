"""Construction land against GB 36600: findings with their reasons, what must follow, and replay from what was stored.

Arrays are judged in :mod:`jingtu.assess.construction_assessment`; here each conclusion gets value, row and clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from jingtu import law
from jingtu.assess.construction_assessment import (
    ABOVE,
    FIRST,
    NOT_JUDGED,
    NOT_LISTED,
    OUTCOMES,
    OVER,
    STAGES,
    WITHIN,
    WITHIN_BACKGROUND,
    Assessment,
    Item,
    Samples,
    assess,
    background,
    worst_level,
)
from jingtu.assess.construction_limits import construction_limits
from jingtu.assess.finding import Finding, draw
from jingtu.assess.land_use import SURVEY_CLAUSE, LandUse
from jingtu.assess.parts import ZERO
from jingtu.plain.numbers import plain
from jingtu.plain.reported import Reported, parse_reported

PRELIMINARY, DETAILED = STAGES
FOLLOWS: Final = {
    (WITHIN, PRELIMINARY): "gb36600-2018#c5-3-2",
    (WITHIN, DETAILED): "gb36600-2018#c5-3-2",
    (WITHIN_BACKGROUND, PRELIMINARY): "gb36600-2018#t1-note-1",
    (WITHIN_BACKGROUND, DETAILED): "gb36600-2018#t1-note-1",
    (ABOVE, PRELIMINARY): "gb36600-2018#c5-3-3",
    (ABOVE, DETAILED): "gb36600-2018#c5-3-4",
    (OVER, PRELIMINARY): "gb36600-2018#c5-3-3",
    (OVER, DETAILED): "gb36600-2018#c5-3-5",
}
DERIVE: Final = "gb36600-2018#c5-3-7"
BASIC: Final = "gb36600-2018#c5-2"
UNIT: Final = "mg/kg"

__all__ = [
    "Assessment",
    "ParcelPart",
    "Samples",
    "assess",
    "findings",
    "findings_of",
    "parcel_finding",
    "parcel_of",
    "parcel_part",
    "replay",
]


def findings(assessment: Assessment) -> Iterator[Finding]:
    """All findings: each sample with its items, then the parcel as a whole."""
    for sample in range(len(assessment)):
        yield from findings_of(assessment, sample)
    yield parcel_finding(assessment)


def findings_of(assessment: Assessment, sample: int) -> list[Finding]:
    """The findings of one sample: the class that applies, each item measured, and the worst of them."""
    found = [use_finding(assessment, sample)]
    found += [item_finding(assessment, item, sample) for item in assessment.items if _measured(item, sample)]
    found.append(sample_finding(assessment, sample))
    return found


def _measured(item: Item, sample: int) -> bool:
    return item.content[sample].low is not None


def use_finding(assessment: Assessment, sample: int) -> Finding:
    """Which class of values applies to the planned use of a sample, and whether a change of use needs a survey."""
    use = assessment.uses[sample]
    return draw(
        subject=assessment.samples.subjects[sample],
        measure="construction.land_use",
        outcome=use.land_class,
        law_on=assessment.limits.on,
        given={"land_use": use.text},
        drawn=_use_parts(use),
        reason=use.reason,
        clause=use.clause,
        rule_clause=SURVEY_CLAUSE if use.survey_before_change == "yes" else use.clause,
        table_row=use.table_row,
    )


def _use_parts(use: LandUse) -> dict[str, str]:
    return {
        "use_zh": use.use_zh,
        "except": " ".join(use.but),
        "survey_before_change": use.survey_before_change,
        "use_certainty": use.certainty,
    }


def outcome_of(item: Item, sample: int) -> str:
    """The outcome of an item as a code: the level, or that the background excuses it."""
    return WITHIN_BACKGROUND if item.excused[sample] else OUTCOMES[item.level[sample]]


def item_finding(assessment: Assessment, item: Item, sample: int) -> Finding:
    """Why one item of one sample is within, above screening, above control, or cannot be judged; what must follow."""
    outcome, content = outcome_of(item, sample), item.content[sample]
    row = _deciding_row(assessment, item, sample, outcome)
    ground = _ground(assessment, item, sample) if outcome == WITHIN_BACKGROUND else {}
    threshold = Decimal(ground["background_mg_kg"]) if ground else row and row.required_number("value_mg_kg")
    follows = FOLLOWS.get((outcome, assessment.stage), DERIVE if item.reason[sample] == NOT_LISTED else "")
    return draw(
        subject=assessment.samples.subjects[sample],
        measure="construction.item",
        outcome=outcome,
        law_on=assessment.limits.on,
        given={
            "analyte": item.code,
            **_basis(assessment, sample),
            **_reported(assessment, item, sample),
        },
        drawn={**_values(assessment, item, sample), **_content(item, sample), **ground},
        value=content.value,
        operator={NOT_JUDGED: "", WITHIN: "<=", WITHIN_BACKGROUND: "<="}.get(outcome, ">"),
        threshold=threshold or None,
        unit=UNIT,
        reason=item.reason[sample],
        clause=row.clause if row else "",
        rule_clause=follows,
        table_row=ground.get("background_row") or (row.row_id if row else ""),
    )


def _deciding_row(assessment: Assessment, item: Item, sample: int, outcome: str) -> law.Row | None:
    if not item.listed:
        return None
    cell = assessment.limits.cell(item.code, assessment.uses[sample].land_class)
    return assessment.limits.control_row(cell) if outcome == OVER else assessment.limits.screening_row(cell)


def _values(assessment: Assessment, item: Item, sample: int) -> dict[str, str]:
    if not item.listed:
        return {}
    limits = assessment.limits
    cell = limits.cell(item.code, assessment.uses[sample].land_class)
    return {
        "land_class": assessment.uses[sample].land_class,
        "screening_mg_kg": plain(limits.screening_row(cell).required_number("value_mg_kg")),
        "control_mg_kg": plain(limits.control_row(cell).required_number("value_mg_kg")),
    }


def _content(item: Item, sample: int) -> dict[str, str]:
    """The ends of what is known where it is not one number, and where a sum comes from."""
    content = item.content[sample]
    found = {"basis": content.basis} if content.basis else {}
    if content.value is None and content.low is not None:
        found["at_least_mg_kg"] = plain(content.low)
        if content.high is not None:
            found["at_most_mg_kg"] = plain(content.high)
    return found


def _ground(assessment: Assessment, item: Item, sample: int) -> dict[str, str]:
    soil_type = assessment.samples.soil_type[sample]
    value, source = background(assessment.limits.on, item.code, soil_type, assessment.local_background)
    return {"background_mg_kg": plain(value), "background_row": source}


def _basis(assessment: Assessment, sample: int) -> dict[str, str]:
    """What the conclusions of a sample rest on beside its results."""
    local = {f"background.{code}": plain(value) for code, value in assessment.local_background.items()}
    return {
        "land_use": assessment.samples.land_use[sample],
        "soil_type": assessment.samples.soil_type[sample],
        "stage": assessment.stage,
        **local,
    }


def _reported(assessment: Assessment, item: Item, sample: int) -> dict[str, str]:
    """The results an item was judged by, as reported: its own and those of its components."""
    codes = [item.code, *(row.text("component") for row in assessment.limits.parts.get(item.code, ()))]
    texts = {code: assessment.samples.result(code, sample).text() for code in codes}
    return {f"reported.{code}": text for code, text in texts.items() if text}


def sample_finding(assessment: Assessment, sample: int) -> Finding:
    """The worst level among the items of one sample, over what was judged, and what must follow."""
    level = int(assessment.sample_level[sample])
    outcome = OUTCOMES[level]
    given = _basis(assessment, sample)
    for item in assessment.items:
        given |= _reported(assessment, item, sample)
    return draw(
        subject=assessment.samples.subjects[sample],
        measure="construction.sample",
        outcome=outcome,
        law_on=assessment.limits.on,
        given=given,
        drawn={
            "land_class": assessment.uses[sample].land_class,
            "judged": " ".join(assessment.judged(sample)),
            "missing": " ".join(assessment.missing(sample)),
            "open": " ".join(assessment.open(sample)),
            "worst": " ".join(_at_level(assessment, sample, level)) if level > FIRST else "",
            "excused": " ".join(item.code for item in assessment.items if item.excused[sample]),
        },
        reason="" if level else _why_open(assessment, sample),
        clause=BASIC,
        rule_clause=FOLLOWS.get((outcome, assessment.stage), ""),
    )


def _why_open(assessment: Assessment, sample: int) -> str:
    return "items.open" if assessment.judged(sample) else "nothing.judged"


def _at_level(assessment: Assessment, sample: int, level: int) -> list[str]:
    return [item.code for item in assessment.items if item.level[sample] == level and not item.excused[sample]]


@dataclass(frozen=True, slots=True)
class ParcelPart:
    """What the finding about a parcel needs of some of its samples: levels and digests in their order, items by code.

    ``above`` and ``over`` are items above the first and second level, ``open`` those measured and not judged in some
    sample, ``judged`` those judged in some sample.
    """

    levels: tuple[int, ...]
    digests: tuple[str, ...]
    above: frozenset[str]
    over: frozenset[str]
    open: frozenset[str]
    judged: frozenset[str]


def parcel_part(assessment: Assessment) -> ParcelPart:
    """What the finding about the parcel needs of these samples."""
    everyone = range(len(assessment))
    return ParcelPart(
        levels=tuple(int(level) for level in assessment.sample_level),
        digests=tuple(sample_finding(assessment, sample).digest for sample in everyone),
        above=_items_above(assessment, FIRST),
        over=_items_above(assessment, OUTCOMES.index(ABOVE)),
        open=frozenset(code for sample in everyone for code in assessment.open(sample)),
        judged=frozenset(code for sample in everyone for code in assessment.judged(sample)),
    )


def _items_above(assessment: Assessment, level: int) -> frozenset[str]:
    return frozenset(item.code for item in assessment.items if bool(np.any((item.level > level) & ~item.excused)))


def parcel_finding(assessment: Assessment, subject: str = "parcel") -> Finding:
    """The parcel as a whole: the worst sample, which items are above, and what must follow."""
    return parcel_of([parcel_part(assessment)], assessment.limits.on, assessment.stage, subject)


def parcel_of(parts: Sequence[ParcelPart], on: date, stage: str, subject: str = "parcel") -> Finding:
    """The finding about a parcel from the parts of its samples, however it was cut.

    Not replayed by itself: it is the worst of the findings of its samples, whose digests it carries.
    """
    limits = construction_limits(on)
    levels = [level for part in parts for level in part.levels]
    level = worst_level(levels)
    outcome = OUTCOMES[level]

    def listed(name: str) -> str:
        found = frozenset[str]().union(*(getattr(part, name) for part in parts))
        return " ".join(code for code in limits.analytes if code in found)

    judged = listed("judged").split()
    return draw(
        subject=subject,
        measure="construction.parcel",
        outcome=outcome,
        law_on=on,
        given={"stage": stage, "samples": " ".join(digest for part in parts for digest in part.digests)},
        drawn={
            "sample_count": str(len(levels)),
            "not_judged_count": str(levels.count(0)),
            "above_screening_count": str(sum(level > FIRST for level in levels)),
            "above_control_count": str(levels.count(OUTCOMES.index(OVER))),
            "above": listed("above"),
            "over": listed("over"),
            "open": listed("open"),
            "never_judged": " ".join(code for code in limits.basic if code not in judged),
        },
        reason="" if level else ("samples.open" if any(levels) else "nothing.judged"),
        clause=BASIC,
        rule_clause=FOLLOWS.get((outcome, stage), ""),
    )


def highest(assessment: Assessment, item: Item) -> tuple[int, Decimal] | None:
    """Sample with the highest content of an item and that content, ``None`` when no number was reported."""
    numbers = [(content.value, at) for at, content in enumerate(item.content) if content.value is not None]
    if not numbers:
        return None
    value, at = max(numbers, key=lambda pair: (pair[0] or ZERO, -pair[1]))
    return at, value


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about a sample of construction land again, from its inputs and the law of its day."""
    if finding.law_on is None or not finding.measure.startswith("construction."):
        raise ValueError(f"cannot replay {finding.measure}")
    stored = dict(finding.inputs)
    results = {
        key.removeprefix("reported."): [parse_reported(text)]
        for key, text in stored.items()
        if key.startswith("reported.")
    }
    samples = Samples([finding.subject], [stored["land_use"]], [stored.get("soil_type", "")], results)
    local = _local(stored)
    again = findings_of(assess(samples, finding.law_on, stored.get("stage", PRELIMINARY), local), 0)
    wanted = (finding.measure, stored.get("analyte", ""))
    return next(item for item in again if (item.measure, item.part("analyte")) == wanted)


def _local(stored: dict[str, str]) -> dict[str, Decimal]:
    named = {key.removeprefix("background."): text for key, text in stored.items() if key.startswith("background.")}
    return {code: Decimal(text) for code, text in named.items()}


def one_sample(subject: str, use: str, results: dict[str, Reported], soil_type: str = "") -> Samples:
    """A single sample as columns of one row."""
    return Samples([subject], [use], [soil_type], {code: [item] for code, item in results.items()})
