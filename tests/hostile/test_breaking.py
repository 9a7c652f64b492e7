"""Two hundred broken and malicious files: none crashes the reader, none takes longer or more memory than it may."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from jingtu.registers import rowsecurity
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Reach
from jingtu.sheets.blank import blank_workbook
from jingtu.sheets.sheet import read_sheet
from tests.hostile.apart import Answer, received, started
from tests.hostile.breaking import GOOD, ROWS, SPEC, files

MOST_SECONDS = 10.0  # of processor time, for one file


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    """What became of each file; a process that dies or does not answer is replaced and counts as a failure."""
    context = multiprocessing.get_context("spawn")
    found: list[Answer] = []
    ours, child = started(context)
    for name, content in files():
        ours.send((name, content))
        if ours.poll(MOST_SECONDS * 6) and (answer := received(ours)) is not None:
            found.append(answer)
            continue
        child.kill()
        child.join()
        found.append((name, "died or did not answer", MOST_SECONDS, 0))
        ours, child = started(context)
    ours.close()
    child.join()
    return found


def test_there_are_two_hundred(answers: list[Answer]) -> None:
    assert len(answers) == 200


def test_none_crashes(answers: list[Answer]) -> None:
    assert not [answer for answer in answers if answer[1]]


def test_none_hangs(answers: list[Answer]) -> None:
    assert not [answer for answer in answers if answer[2] > MOST_SECONDS]


def test_files_made_again_are_the_same() -> None:
    def digests() -> list[str]:
        return [hashlib.sha256(content).hexdigest() for name, content in files() if "bomb" not in name]

    assert digests() == digests()


@pytest.mark.parametrize("form", GOOD)
def test_the_good_ones_are_read(form: str) -> None:
    reading = read_sheet(SPEC, GOOD[form](), f"good.{form}")
    assert reading.is_clean(), reading.issues
    assert len(reading) == len(ROWS)


@pytest.fixture(scope="module")
def dossiers(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Dossier]]:
    """Twenty of them through the front door, a good file after each fifth, all waiting before the first is checked."""
    from django.db import connection

    from jingtu.demonstration import play
    from jingtu.registers import intake
    from tests.flows.world import at, build

    with django_db_blocker.unblock(), override_settings(TASKS_INLINE=True):
        try:
            with transaction.atomic(), rowsecurity.entering(Reach.system()):
                world, day = build(), play.POINTS_ON
                spec = intake.get_sheet("monitoring.point").spec
                waiting = {}
                with at(day):
                    for number, (name, content) in enumerate(list(files())[::10]):
                        waiting[name] = content
                        if number % 5 == 4:
                            example = {column.name: column.example for column in spec.columns}
                            example |= {"code": f"P-{number}", "lon": "112.5650", "lat": "37.7300"}
                            waiting[f"good-{number}.xlsx"] = blank_workbook(spec, [example])
                    made = {
                        name: intake.receive(
                            "monitoring.point", content, name, by=world.people["province"], on=day, region="140000"
                        )[0]
                        for name, content in waiting.items()
                    }
                    play.settle()
                yield {name: Dossier.objects.get(pk=each.pk) for name, each in made.items()}
                transaction.set_rollback(True)
        finally:
            connection.close()


def test_none_blocks_another(dossiers: dict[str, Dossier]) -> None:
    states = {name: each.state for name, each in dossiers.items()}
    good = {name: state for name, state in states.items() if name.startswith("good-")}
    assert len(good) == 4
    assert set(good.values()) == {"ready"}, good
    assert {state for name, state in states.items() if name not in good} == {"faulty"}


def test_each_says_what_is_wrong_and_how_to_mend_it(dossiers: dict[str, Dossier]) -> None:
    for name, dossier in dossiers.items():
        if not name.startswith("good-"):
            told = dossier.issues.filter(severity="blocking")
            assert told.exists(), name
            assert all(issue.message and issue.cure for issue in told), name
