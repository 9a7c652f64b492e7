"""Periods of duties that the plan leaves open: who sets them, what is refused, what a page tells of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from jingtu import law
from jingtu.land.models import Account
from jingtu.registers import clock, duties, periods
from jingtu.registers.clock import Clock
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import DocumentLink, DutySetting, LedgerEntry
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.flows.world import at

pytestmark = pytest.mark.django_db
DUTY = "T05-03"
MAY, JUNE, JULY = date(2021, 5, 6), date(2021, 6, 10), date(2021, 7, 5)
DUE = date(2021, 12, 20)


@pytest.fixture
def people() -> dict[str, Reach]:
    return ground.people()


def set_period(by: Reach, on: date, file: tuple[str, bytes] | None = None, **own: Any) -> DutySetting:
    said = {
        "duty": DUTY, "due_on": DUE, "from_on": on, "set_by": "省厅（测试）", "document_number": "测试〔2021〕1号",
        "certainty": "memory_high", "note": "",
    }  # fmt: skip
    with at(on):
        return periods.set_period(**{**said, **own}, by=by, on=on, file=file)


def test_a_period_is_a_deed_with_its_document(people: dict[str, Reach]) -> None:
    made = set_period(people["province-clerk"], MAY, file=("依据.txt", "测试".encode()))
    entry = LedgerEntry.objects.get(deed="registers.duty_setting.set")
    assert (entry.subject_id, entry.on) == (str(made.pk), MAY)
    assert DUTY in entry.sentence
    assert DocumentLink.objects.get(register=periods.REGISTER).subject_id == str(made.pk)


@pytest.mark.parametrize(
    ("who", "own", "said"),
    [
        ("county-clerk", {}, "您的岗位不能设定"),
        ("province-reviewer", {}, "您的岗位不能设定"),
        ("province-clerk", {"duty": "T02-01"}, "已写明"),
        ("province-clerk", {"due_on": date(2021, 1, 1)}, "早于起始日期"),
    ],
)
def test_what_is_refused(people: dict[str, Reach], who: str, own: dict[str, Any], said: str) -> None:
    with pytest.raises(DeedRefused, match=said):
        set_period(people[who], MAY, **own)
    assert not DutySetting.objects.exists()


def test_another_department_sets_no_period(people: dict[str, Reach]) -> None:
    plan = law.plan()
    foreign = next(
        code for code in periods.open_duties() if "农业" not in plan.duty(code).lead_zh + plan.duty(code).actor_zh
    )
    with pytest.raises(DeedRefused, match="不由您的部门负责"):
        set_period(people["province-clerk"], MAY, duty=foreign)


def test_a_correction_says_why_and_past_knowledge_stays(people: dict[str, Reach]) -> None:
    by, later = people["province-clerk"], date(2021, 12, 31)
    set_period(by, MAY)
    with pytest.raises(DeedRefused, match="更正"):
        set_period(by, MAY, due_on=later)
    with at(JULY):
        said = {"due_on": later, "from_on": MAY, "note": "抄写之误", "set_by": "省厅（测试）", "document_number": "1"}
        periods.set_period(duty=DUTY, certainty="verified", by=by, on=JULY, **said)
    asked = {day: duties.due_days(Clock(JULY, JUNE, day))[DUTY] for day in (date(2021, 5, 5), JUNE, JULY)}
    assert asked == {date(2021, 5, 5): None, JUNE: DUE, JULY: later}
    assert duties.due_days(Clock(JULY, date(2021, 5, 5), JULY))[DUTY] is None
    assert DutySetting.objects.count() == 2


def test_the_duty_and_the_form_tell_of_it(people: dict[str, Reach]) -> None:
    client = Client()
    client.force_login(Account.objects.get(username="province-clerk"))
    assert "尚未设定；设定前不判逾期。" in client.get(f"/duties/{DUTY}/").content.decode()
    today = clock.today()
    sent = {"duty": DUTY, "due_on": "2021-12-20", "from_on": today.isoformat(), "on": today.isoformat(), "note": ""}
    sent |= {"set_by": "省厅（测试）", "document_number": "7号", "certainty": "memory_high"}
    answer = client.post(f"/r/{periods.REGISTER}/open/set/", sent)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    assert "凭记忆录入，把握大" in page
    assert "2021-12-20（省厅（测试） 7号" in client.get(f"/duties/{DUTY}/").content.decode()
