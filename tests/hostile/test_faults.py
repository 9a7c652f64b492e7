"""Faults injected into otherwise good files: how many are found at their place, and how many alarms are false.

The list (``faults.csv``) was entered before the first run and before any check was written for it. Thresholds and the
figures of the last run stand in ``docs/trust.md``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from jingtu.registers import rowsecurity
from jingtu.registers.declare import get_sheet
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Reach
from tests.hostile import inject
from tests.hostile.world import Waiting, build, handed_in

SEED, FILES_A_SHEET = 20211123, 10
LEAST_RECALL, LEAST_PRECISION = 0.99, 0.95


@pytest.fixture(scope="module")
def waiting(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Waiting]]:
    """The clean files of a province founded for this module and undone after it."""
    from django.db import connection

    with django_db_blocker.unblock(), override_settings(TASKS_INLINE=True):
        try:
            with transaction.atomic(), rowsecurity.entering(Reach.system()):
                yield build(SEED)
                transaction.set_rollback(True)
        finally:
            connection.close()


@pytest.fixture(scope="module")
def score(waiting: list[Waiting]) -> Counter[str]:
    """Every kind of fault in turn, some to a file, workbooks and text files by turns."""
    total: Counter[str] = Counter()
    for clean in waiting:
        kinds = list(inject.faults(clean.sheet))
        chance = random.Random(f"{SEED}:{clean.sheet}")  # noqa: S311
        chance.shuffle(kinds)
        for number in range(FILES_A_SHEET):
            turn = [
                kinds[(number * inject.FAULTS_A_FILE + place) % len(kinds)] for place in range(inject.FAULTS_A_FILE)
            ]
            total += _one_file(clean, turn, chance, number)
    return total


def _one_file(clean: Waiting, kinds: list[inject.Fault], chance: random.Random, number: int) -> Counter[str]:
    spec = get_sheet(clean.sheet).spec
    rows, injected = inject.spoil(spec, clean.rows, kinds, chance)
    form = ("xlsx", "csv")[number % 2]
    content, above = inject.written(spec, rows, form)
    dossier = handed_in(clean, content, f"{clean.sheet}-{number}.{form}")
    assert dossier.state == "faulty" or all(each.fault.severity == "warning" for each in injected)
    return _compared(clean.sheet, dossier, injected, above)


def _compared(sheet: str, dossier: Dossier, injected: list[inject.Injected], above: int) -> Counter[str]:
    told = Counter(
        (issue.row, issue.column, issue.code, issue.severity) for issue in dossier.issues.exclude(severity="note")
    )
    counts: Counter[str] = Counter()
    for each in injected:
        place = (each.row + above + 1, each.column, each.code, each.fault.severity)
        counts["injected"] += 1
        if told[place]:
            told[place] -= 1
            counts["found"] += 1
        else:
            counts[f"missed {sheet} {each.fault.fault} {place}"] += 1
    following = Counter(code for each in injected for code in each.fault.also)
    for (row, column, code, _severity), left in told.items():
        if left and following[code]:
            following[code] -= 1
        elif left:
            counts["false"] += left
            counts[f"false {sheet} {row} {column} {code}"] += left
    return counts


def test_the_clean_files_are_clean(waiting: list[Waiting]) -> None:
    for clean in waiting:
        for form in ("xlsx", "csv"):
            content, _above = inject.written(get_sheet(clean.sheet).spec, clean.rows, form)
            dossier = handed_in(clean, content, f"clean.{form}")
            told = dossier.issues.exclude(severity="note").values_list("row", "code", "message")
            assert dossier.state == "ready", list(told)
            assert not told


def test_every_kind_of_fault_was_injected(waiting: list[Waiting]) -> None:
    for clean in waiting:
        assert len(inject.faults(clean.sheet)) <= FILES_A_SHEET * inject.FAULTS_A_FILE
    assert sum(len(inject.faults(clean.sheet)) for clean in waiting) >= 90


def test_recall(score: Counter[str]) -> None:
    missed = sorted(line for line in score if line.startswith("missed"))
    recall = score["found"] / score["injected"]
    print(f"recall {score['found']}/{score['injected']} = {recall:.3f}")
    assert recall >= LEAST_RECALL, f"{recall:.3f} of {score['injected']}\n" + "\n".join(missed)


def test_precision(score: Counter[str]) -> None:
    false = sorted(line for line in score if line.startswith("false "))
    precision = score["found"] / (score["found"] + score["false"])
    print("\n".join(false))
    print(f"precision {score['found']}/{score['found'] + score['false']} = {precision:.3f}")
    assert precision >= LEAST_PRECISION, f"{precision:.3f}\n" + "\n".join(false)
