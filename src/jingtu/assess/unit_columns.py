"""The findings of many units as columns: what :mod:`jingtu.assess.unit_findings` draws one by one.

Each entry says exactly what the finding of the same unit and measure says, digest included; only the order differs.
Findings about units rest on counts of points, and many units have the same counts: what they share is drawn once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np

from jingtu.assess.finding import Finding, fingerprints
from jingtu.assess.finding_columns import FindingColumns
from jingtu.assess.unit_class import Evidence, Numbers, UnitClasses
from jingtu.assess.unit_findings import ELEMENT, findings_of, given_of

Departing = Mapping[str, str]


def findings_of_units(
    classes: UnitClasses, units: Sequence[int], subjects: Sequence[str], departing: Sequence[Departing]
) -> tuple[FindingColumns, list[int]]:
    """The findings of some units, and for each finding the place of its unit among ``units``.

    ``departing`` has for each of the units, by element, the names of the points that depart from the others.
    """
    found = FindingColumns(classes.rules.on)
    owners: list[int] = []
    for places in _alike(classes.evidence, np.asarray(units, dtype=np.intp)):
        first, named = units[places[0]], [subjects[place] for place in places]
        for like in findings_of(classes, first, ""):
            digests = fingerprints(named, like.measure, classes.rules.on, given_of(classes, first, like))
            found.add([like] * len(places), named, _inputs(like, [departing[place] for place in places]), digests)
            found.value.extend([None] * len(places))
            owners += places
    return found, owners


def _alike(evidence: Evidence, units: Numbers) -> Iterator[list[int]]:
    """Places of the units of which all that the rules ask is equal, group by group."""
    if not len(units):
        return
    held = [getattr(evidence, each.name)[units].reshape(len(units), -1) for each in fields(evidence)]
    kind = np.unique(np.concatenate(held, axis=1), axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(kind, kind="stable")
    ends = np.flatnonzero(np.diff(kind[order])) + 1
    yield from (part.tolist() for part in np.split(order, ends) if len(part))


def _inputs(like: Finding, departing: Sequence[Departing]) -> list[str]:
    """The inputs of findings that are alike as JSON; only the names of departing points are a unit's own."""
    shared = dict(like.inputs)
    plain = json.dumps(shared, ensure_ascii=False)
    if like.measure != ELEMENT:
        return [plain] * len(departing)
    names = [own.get(shared["analyte"], "") for own in departing]
    return [json.dumps(shared | {"minority": own}, ensure_ascii=False) if own else plain for own in names]
