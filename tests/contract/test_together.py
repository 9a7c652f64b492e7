"""One deed on several rows of a list: each by its own rules; what one may not does not stop the others."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.urls import reverse

from jingtu.plain.text import unguard_formula
from jingtu.registers import clock
from jingtu.registers.declare import get_register
from jingtu.registers.models import LedgerEntry, Move
from tests.contract import kit
from tests.contract.people import client_of, post, reach_of
from tests.contract.sample_app import actions as sample

TAIYUAN, CLERK, REVIEWER = "140105", "shi-taiyuan-jingban", "shi-taiyuan-shenhe"
PERMIT = "sample.permit"


@pytest.fixture
def drafts() -> list[Any]:
    """Three permits to be asked for."""
    by, today = reach_of(CLERK), clock.today()
    return [sample.draft_permit(f"CP-{n}", f"成批 {n}", TAIYUAN, by=by, on=today) for n in range(3)]


def address(arrow: str, permits: list[Any]) -> str:
    """The page of a deed on permits."""
    picks = "&".join(f"pick={permit.pk}" for permit in permits)
    return f"{reverse('together', args=[PERMIT, arrow])}?{picks}"


def send(who: str, arrow: str, permits: list[Any], reason: str = "") -> Any:
    """Do the deed on all of them by one form."""
    sent = {"pick": [permit.pk for permit in permits], "on": clock.today().isoformat(), "reason": reason}
    return client_of(who).post(reverse("together", args=[PERMIT, arrow]), sent, follow=True)


def states(permits: list[Any]) -> list[str]:
    """Where the permits stand."""
    for permit in permits:
        permit.refresh_from_db()
    return [permit.state for permit in permits]


def test_each_is_moved_and_each_has_its_own_entry(drafts: list[Any]) -> None:
    page = client_of(CLERK).get(address("ask", drafts)).content.decode()
    assert page.count("可以办理") == 3
    before = LedgerEntry.objects.count()
    answer = send(CLERK, "ask", drafts)
    assert "提出，3 条" in answer.content.decode()
    assert states(drafts) == ["asked"] * 3
    assert LedgerEntry.objects.count() == before + 3
    assert Move.objects.filter(register=PERMIT, subject_id__in=[each.pk for each in drafts], arrow="ask").count() == 3


def test_what_one_may_not_stops_no_other(drafts: list[Any]) -> None:
    """Seen to fail with one transaction around all of them."""
    sample.moving("ask")(drafts[1], by=reach_of(CLERK), on=clock.today())
    page = client_of(CLERK).get(address("ask", drafts)).content.decode()
    assert page.count("可以办理") == 2
    assert "当前状态为“已提出”" in page
    said = send(CLERK, "ask", drafts).content.decode()
    assert "提出，2 条" in said
    assert re.search(r"没有办理：[^<]*CP-1[^<]*当前状态", said)
    assert states(drafts) == ["asked"] * 3


def test_a_reason_is_asked_where_one_record_would_be_asked_for_it(drafts: list[Any]) -> None:
    send(CLERK, "ask", drafts)
    refused = send(REVIEWER, "return", drafts)
    assert refused.status_code == 422
    assert states(drafts) == ["asked"] * 3
    send(REVIEWER, "return", drafts, reason="材料不齐")
    assert states(drafts) == ["returned"] * 3
    assert set(Move.objects.filter(arrow="return", subject_id=drafts[0].pk).values_list("reason", flat=True)) == {
        "材料不齐"
    }


def test_out_of_reach_or_without_right_there_is_no_such_page(drafts: list[Any]) -> None:
    assert client_of(REVIEWER).get(address("ask", drafts)).status_code == 404
    assert client_of(post("140300", "clerk")).get(address("ask", drafts)).status_code == 404
    assert client_of(CLERK).get(address("no_such_arrow", drafts)).status_code == 404
    assert send(post("140300", "clerk"), "ask", drafts).status_code == 404
    assert states(drafts) == ["draft"] * 3


def test_nothing_picked_or_a_past_day_does_nothing(drafts: list[Any]) -> None:
    nothing = client_of(CLERK).get(address("ask", []), follow=True)
    assert "还没有勾选记录" in nothing.content.decode()
    past = client_of(CLERK).get(address("ask", drafts) + "&on=2021-09-01&known_on=2021-09-01")
    assert past.status_code == 302
    assert states(drafts) == ["draft"] * 3


def test_only_picked_rows_are_exported(drafts: list[Any]) -> None:
    response = client_of(CLERK).get(f"/r/{PERMIT}/?format=csv&pick={drafts[0].pk}&pick={drafts[2].pk}")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [unguard_formula(row[0]) for row in rows[1:]] == ["CP-0", "CP-2"]


@pytest.mark.parametrize("name", [name for name in kit.FLOWS if name != "registers.dossier"])
def test_a_list_offers_the_deeds_that_the_post_may_do(name: str) -> None:
    register = get_register(name)
    for who in ("sheng-jingban", "xian-hongtong-nongye", "chayue"):
        reach = reach_of(who)
        if not register.rows(reach, clock.Clock.present()).exists():
            continue
        page = client_of(who).get(register.url()).content.decode()
        shown = set(re.findall(rf'formaction="/r/{re.escape(name)}/together/(\w+)/"', page))
        assert register.workflow is not None
        may = {each.name for each in register.workflow.arrows if each.may(reach)}
        assert shown == may & set(register.deeds)
