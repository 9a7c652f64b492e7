"""The findings of many results as columns: what :mod:`jingtu.assess.farmland` draws one by one, a whole batch at once.

Each entry says exactly what the finding of the same sample and measure says, digest included; only the order differs
(by measure and element, then by sample). Texts that many findings share are made once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from json.encoder import encode_basestring as quoted

import numpy as np

from jingtu import law
from jingtu.assess import farmland
from jingtu.assess.assessment import Assessment, Samples, assess
from jingtu.assess.farmland import ELEMENT_SETS, ResultRow
from jingtu.assess.finding import Finding
from jingtu.assess.finding_columns import FindingColumns
from jingtu.plain.numbers import plain


def findings_of_results(rows: Iterable[ResultRow], view: law.LawView) -> FindingColumns:
    """The same findings as :func:`jingtu.assess.farmland.findings_of_results`, as columns."""
    return findings_of_samples(farmland.samples_of_results(rows), view.on)


def findings_of_samples(samples: Samples, on: date) -> FindingColumns:
    """Levels for all eight elements, class and index over the five, of every sample."""
    found = FindingColumns(on)
    if not len(samples):
        return found
    class_set, every = (assess(samples, on, name) for name in ELEMENT_SETS)
    texts = _Texts(samples, on, every.elements)
    for element, code in enumerate(every.elements):
        _add_levels(found, every, element, code, texts)
    _add_classes(found, class_set, texts)
    _add_indices(found, class_set, texts)
    return found


class _Texts:
    """The texts of a batch that several findings share, as they stand in JSON."""

    def __init__(self, samples: Samples, on: date, elements: Sequence[str]) -> None:
        size = range(len(samples))
        ground = [farmland.ground(samples, at) for at in size]
        self.day = quoted(on.isoformat())
        self.subject = [quoted(subject) for subject in samples.subjects]
        self.ph = [quoted(each["ph"]) for each in ground]
        self.use = [quoted(each["land_use"]) for each in ground]
        self.reported = {code: _reported(samples, code) for code in elements}

    def given(self, codes: Sequence[str]) -> tuple[list[str], list[str]]:
        """What class and index were drawn from: as sorted pairs for the digest, as members for the inputs."""
        columns = [self.reported[code] for code in sorted(codes)]
        names = [quoted(f"reported.{code}") for code in sorted(codes)]
        pairs, members = [], []
        for use, ph, texts in zip(self.use, self.ph, zip(*columns, strict=True), strict=True):
            own = list(zip(names, texts, strict=True))
            pairs.append(f'["land_use",{use}],["ph",{ph}],' + ",".join([f"[{name},{text}]" for name, text in own]))
            members.append(f'"land_use":{use},"ph":{ph},' + ",".join([f"{name}:{text}" for name, text in own]))
        return pairs, members


def _reported(samples: Samples, code: str) -> list[str]:
    return [quoted(item.text()) for item in samples.column(code)]


def _digest(subject: str, measure: str, day: str, pairs: str) -> str:
    return hashlib.sha256(f"[{subject},{measure},{day},[{pairs}]]".encode()).hexdigest()


def _add_levels(found: FindingColumns, every: Assessment, element: int, code: str, texts: _Texts) -> None:
    column, subjects = every.samples.column(code), every.samples.subjects
    places = [at for at, item in enumerate(column) if item.qualifier != "NM"]
    states = np.stack([every.level[:, element], every.reason[:, element], every.cell[:, element]], axis=1)
    kinds = [tuple(state) for state in states[places].tolist()]
    model: dict[tuple[int, ...], Finding] = {}
    for at, kind in zip(places, kinds, strict=True):
        if kind not in model:
            model[kind] = farmland.level_finding(every, at, element)
    extra = {kind: _limits_of(each) for kind, each in model.items()}
    inputs, digests = [], []
    measure, name, reported = quoted("farmland.level"), quoted(code), texts.reported[code]
    for at, kind in zip(places, kinds, strict=True):
        text, use, ph, limit = reported[at], texts.use[at], texts.ph[at], column[at].limit
        pairs = f'["analyte",{name}],["land_use",{use}],["ph",{ph}],["reported",{text}]'
        more = f',"detection_limit":{quoted(plain(limit))}' if limit is not None else ""
        inputs.append(f'{{"analyte":{name},"land_use":{use},"ph":{ph},"reported":{text}{more}{extra[kind]}}}')
        digests.append(_digest(texts.subject[at], measure, texts.day, pairs))
    found.add([model[kind] for kind in kinds], [subjects[at] for at in places], inputs, digests)
    found.value.extend([column[at].value for at in places])


def _limits_of(finding: Finding) -> str:
    """Screening and control value among the inputs: they belong to the cell, not to the sample."""
    own = ((key, text) for key, text in finding.inputs if key in ("control_mg_kg", "screening_mg_kg"))
    return "".join(f",{quoted(key)}:{quoted(text)}" for key, text in own)


def _add_classes(found: FindingColumns, class_set: Assessment, texts: _Texts) -> None:
    kinds = [(*levels, *reasons) for levels, reasons in _states(class_set)]
    model = _models(kinds, lambda at: farmland.class_finding(class_set, at))
    extra = {kind: _members(each, ("judged", "missing", "worst")) for kind, each in model.items()}
    pairs, members = texts.given(class_set.elements)
    measure = quoted("farmland.class")
    found.add(
        [model[kind] for kind in kinds],
        list(class_set.samples.subjects),
        [f"{{{own},{extra[kind]}}}" for own, kind in zip(members, kinds, strict=True)],
        [_digest(who, measure, texts.day, own) for who, own in zip(texts.subject, pairs, strict=True)],
    )
    found.value.extend([None] * len(kinds))


def _states(class_set: Assessment) -> Iterable[tuple[list[int], list[int]]]:
    return zip(class_set.level.tolist(), class_set.reason.tolist(), strict=True)


def _models(kinds: Sequence[tuple[int, ...]], make: Callable[[int], Finding]) -> dict[tuple[int, ...], Finding]:
    """One finding for each kind of sample; the others of its kind differ in subject, inputs, digest and value only."""
    model: dict[tuple[int, ...], Finding] = {}
    for at, kind in enumerate(kinds):
        if kind not in model:
            model[kind] = make(at)
    return model


def _members(finding: Finding, names: Sequence[str]) -> str:
    return ",".join(f"{quoted(name)}:{quoted(finding.part(name))}" for name in names)


def _add_indices(found: FindingColumns, class_set: Assessment, texts: _Texts) -> None:
    judged = np.flatnonzero(class_set.sample_class).tolist()
    drawn = [farmland.nemerow_of(class_set, at) for at in judged]
    pairs, members = texts.given(class_set.elements)
    measure, base = quoted("farmland.nemerow"), _base()
    own = [quoted(" ".join(class_set.judged(at))) for at in judged]
    found.add(
        [_like(outcome, row, class_set.limits.on) for _value, outcome, row in drawn],
        [class_set.samples.subjects[at] for at in judged],
        [f'{{{members[at]},{base},"judged":{text}}}' for at, text in zip(judged, own, strict=True)],
        [_digest(texts.subject[at], measure, texts.day, pairs[at]) for at in judged],
    )
    found.value.extend([value for value, _outcome, _row in drawn])


def _base() -> str:
    return f"{quoted('base')}:{quoted(farmland.INDEX_BASE)}"


@cache
def _like(outcome: str, row_id: str, on: date) -> Finding:
    row = farmland.grade_row(row_id, on)
    return Finding("", "farmland.nemerow", outcome, clause=row.clause, rule_clause=row.clause, table_row=row.row_id)
