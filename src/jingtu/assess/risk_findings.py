"""Findings of a risk assessment: each chemical at each point, its control values, lead."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import numpy as np

from jingtu.assess.finding import Finding, draw
from jingtu.assess.risk import CANCER, HAZARD, MEDIA, RiskAssessment
from jingtu.plain.numbers import decimal_of, plain

ACCEPTABLE, UNACCEPTABLE, NOT_ASSESSED = "acceptable", "unacceptable", "not_assessed"
RULE: Final = "hj25.3-2019#acceptable"
CONTROL_RULE: Final = "hj25.3-2019#appendix-e"
TARGETS: Final = {CANCER: "target.risk", HAZARD: "target.quotient"}
NO_TOXICITY, NO_CONTENT, OTHER_MODEL = "toxicity.none", "content.none", "model.other"


def risk_findings(assessment: RiskAssessment) -> Iterator[Finding]:
    """All findings: risk and hazard of each chemical at each point, then the control values of each chemical."""
    for chemical in range(len(assessment.case.analytes)):
        for point in range(len(assessment.case.points)):
            if assessment.modelled[chemical]:
                yield level_finding(assessment, CANCER, chemical, point)
                yield level_finding(assessment, HAZARD, chemical, point)
        yield control_finding(assessment, chemical)


def level_finding(assessment: RiskAssessment, effect: str, chemical: int, point: int) -> Finding:
    """Whether the cancer risk or the hazard index of one chemical at one point is acceptable.

    *Source*: HJ 25.3-2019: a level equal to the acceptable one is acceptable.
    """
    totals = assessment.total_cancer if effect == CANCER else assessment.total_hazard
    value = float(totals[chemical, point])
    code = TARGETS[effect]
    limit = assessment.setting.values[code, ""]
    known = not np.isnan(value)
    outcome = NOT_ASSESSED if not known else (UNACCEPTABLE if value > limit else ACCEPTABLE)
    missing = [medium for medium, lacking in assessment.missing(effect).items() if lacking[chemical, point]]
    return draw(
        subject=assessment.case.points[point],
        measure=f"risk.{effect}",
        outcome=outcome,
        law_on=assessment.case.on,
        given=_given(assessment, chemical, point),
        drawn={"routes": " ".join(assessment.routes), "missing": " ".join(missing)},
        value=decimal_of(value) if known else None,
        operator={ACCEPTABLE: "<=", UNACCEPTABLE: ">"}.get(outcome, ""),
        threshold=decimal_of(limit),
        reason="" if known else _why_not(assessment, effect, chemical, point),
        clause=assessment.setting.row(code).clause,
        rule_clause=RULE,
        table_row=assessment.setting.row(code).row_id,
    )


def control_finding(assessment: RiskAssessment, chemical: int) -> Finding:
    """The soil control value of one chemical and which of the values decided it."""
    values, deciders = assessment.soil_control()
    value = float(values[chemical])
    control = assessment.control
    parts = {"cancer_mg_kg": control.soil_cancer, "hazard_mg_kg": control.soil_hazard}
    parts |= {"groundwater_mg_kg": assessment.protecting, "saturation_mg_kg": control.soil_saturation}
    drawn = {
        name: plain(decimal_of(float(part[chemical]))) for name, part in parts.items() if np.isfinite(part[chemical])
    }
    known = not np.isnan(value)
    return draw(
        subject=assessment.case.analytes[chemical],
        measure="risk.control",
        outcome=f"control.{deciders[chemical]}" if known else NOT_ASSESSED,
        law_on=assessment.case.on,
        given={"analyte": assessment.case.analytes[chemical], **_asked(assessment)},
        drawn=drawn,
        value=decimal_of(value) if known else None,
        unit="mg/kg",
        reason="" if known else (NO_TOXICITY if assessment.modelled[chemical] else OTHER_MODEL),
        clause=CONTROL_RULE,
        rule_clause=CONTROL_RULE,
    )


def _given(assessment: RiskAssessment, chemical: int, point: int) -> dict[str, str]:
    contents = {medium: assessment.case.content(medium)[chemical, point] for medium in MEDIA}
    told = {medium: plain(decimal_of(float(value))) for medium, value in contents.items() if np.isfinite(value)}
    return {"analyte": assessment.case.analytes[chemical], **told, **_asked(assessment)}


def _asked(assessment: RiskAssessment) -> dict[str, str]:
    """What the run departs from, so that a finding can be reached again."""
    changed = {
        f"change.{found.chemical or 'parameter'}.{found.name}": plain(Decimal(repr(found.value)))
        for found in assessment.deviations
        if np.isfinite(found.value)
    }
    closed = " ".join(sorted(assessment.case.closed))
    return {"land_class": assessment.case.land_class, "closed": closed, **changed}


def _why_not(assessment: RiskAssessment, effect: str, chemical: int, point: int) -> str:
    if any(np.isfinite(assessment.case.content(medium)[chemical, point]) for medium in MEDIA):
        lacking = assessment.missing(effect)
        return NO_CONTENT if any(part[chemical, point] for part in lacking.values()) else NO_TOXICITY
    return NO_CONTENT
