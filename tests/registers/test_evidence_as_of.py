"""What proves an obligation is shown as of the asked day: nothing that came later, nothing recorded later."""

from __future__ import annotations

from datetime import date, timedelta

from django.test import TestCase

from jingtu.registers import duties
from tests.registers.test_rowsecurity import HANDED, REPORTED, SAMPLED, measured

DUTY = "T02-03"


class Proofs(TestCase):
    """Sampled on one day, reported on a later one."""

    @classmethod
    def setUpTestData(cls) -> None:
        measured()

    def proofs(self, on: date, known_on: date) -> set[str]:
        found = duties.obligations(duties.Question(on, known_on, "14", duties=(DUTY,), limit=1000))
        return {proof.register for each in found for proof in each.evidence}

    def test_evidence_grows_with_the_days(self) -> None:
        before = SAMPLED - timedelta(days=1)
        assert self.proofs(before, before) == set()
        assert self.proofs(HANDED, HANDED) == {"monitoring.field_record"}
        assert self.proofs(REPORTED, REPORTED) == {"monitoring.field_record", "evidence.batch"}

    def test_what_was_recorded_later_was_not_known(self) -> None:
        assert self.proofs(REPORTED, HANDED) == {"monitoring.field_record"}
