"""Background work: a failure is tried again, a lost database is waited for, and what is given up says so."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import OperationalError
from django.test import TestCase
from procrastinate.jobs import Job

from jingtu.registers import intake, mishaps, tasks
from jingtu.registers.models import Dossier, LedgerEntry
from tests.flows import world as worlds

ON = date(2021, 6, 20)


def job(attempts: int) -> Job:
    return Job(id=1, status="doing", queue="default", lock=None, queueing_lock=None, task_name="t", attempts=attempts)


@pytest.mark.parametrize(
    ("error", "attempts", "again"),
    [
        (ValueError(), 0, True),
        (ValueError(), tasks.MOST_ATTEMPTS - 1, False),
        (OperationalError(), tasks.MOST_ATTEMPTS, True),
        (OperationalError(), tasks.MOST_ATTEMPTS_WITHOUT_DATABASE - 1, False),
    ],
)
def test_a_lost_database_is_waited_for_longer(error: Exception, attempts: int, again: bool) -> None:
    decision = tasks.PERSEVERANCE.get_retry_decision(exception=error, job=job(attempts))
    assert (decision is not None) is again


class GivingUp(TestCase):
    """A file whose checking never ends well."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = worlds.build()

    def test_the_dossier_says_that_its_file_was_not_checked(self) -> None:
        with worlds.at(ON):
            dossier, _new = intake.receive(
                "monitoring.point", b"code\r\nP-1\r\n", "a.csv", by=self.world.people["province"], on=ON,
                region="140000",
            )  # fmt: skip
            assert dossier.state == "received"
            tasks.give_up("registers.check_dossier", {"dossier_id": dossier.pk})
        dossier.refresh_from_db()
        assert dossier.state == "faulty"
        assert [issue.code for issue in dossier.issues.all()] == ["registers.dossier.unchecked"]
        assert LedgerEntry.objects.filter(deed="registers.dossier.fault", subject_id=str(dossier.pk)).exists()

    def test_giving_up_late_changes_nothing(self) -> None:
        with worlds.at(ON):
            rows = [{"code": "P-9", "name": "x"}]
            dossier = self.world.submit("province", "monitoring.point", rows, ON, "140000")
            before = list(dossier.issues.values_list("code", flat=True))
            tasks.give_up("registers.check_dossier", {"dossier_id": dossier.pk})
        assert list(Dossier.objects.get(pk=dossier.pk).issues.values_list("code", flat=True)) == before


def test_a_mishap_is_told_by_its_cause() -> None:
    assert mishaps.of(OSError(28, "No space left on device")).code == "storage.full"
    assert mishaps.of(OperationalError("server closed the connection")).code == "database.away"
    assert mishaps.of(OSError(2, "No such file")).code == "broken"
    assert mishaps.of(None).status == 500
