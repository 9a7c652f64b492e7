"""What an account keeps for itself: views of lists, and the address of its calendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.test import Client, TestCase

from jingtu.desk import savedviews
from jingtu.land.models import Account
from jingtu.plain.icalendar import Event, calendar
from jingtu.registers.declare import get_register
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import CalendarFeed, SavedView
from tests.flows import world as worlds

LIST = "/r/monitoring.planned_point/"


def unfolded(content: bytes) -> list[str]:
    """The lines of a calendar, checked against the rules of RFC 5545 on octets and line ends."""
    assert content.endswith(b"\r\n")
    raw = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in raw)
    lines: list[str] = []
    for line in raw:
        text = line.decode()
        if text.startswith(" "):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


class Keeping(TestCase):
    """Two officers and a laboratory."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = worlds.build()
        worlds.issue(cls.world)

    def client_of(self, who: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=self.world.people[who].account_id))
        return client

    def test_a_view_keeps_filters_columns_and_sort_and_leads_back_to_them(self) -> None:
        officer = self.client_of("province")
        query = "stage=planned&sort=-code&columns=code&columns=stage&after=xyz&on=2021-08-01"
        kept = officer.post(f"{LIST}views/", {"name": " 待采样 ", "query": query})
        assert QueryDict(kept["Location"].partition("?")[2]) == QueryDict(
            "columns=code&columns=stage&sort=-code&stage=planned"
        )
        shown = officer.get(LIST).content.decode()
        assert "待采样" in shown
        again = officer.get(kept["Location"]).content.decode()
        assert again.count('<th scope="col"') == 2
        assert "P-1" in again

    def test_the_same_name_replaces_and_another_account_sees_nothing(self) -> None:
        officer, other = self.client_of("province"), self.client_of("taiyuan")
        for query in ("stage=planned", "stage=sampled"):
            officer.post(f"{LIST}views/", {"name": "我的", "query": query})
        view = SavedView.objects.get()
        assert view.query == "stage=sampled"
        assert "我的" not in other.get(LIST).content.decode()
        assert other.post(f"{LIST}views/{view.pk}/drop/").status_code == 404
        assert officer.post(f"{LIST}views/{view.pk}/drop/").status_code == 302
        assert not SavedView.objects.exists()

    def test_a_view_needs_a_name_and_a_register_within_sight(self) -> None:
        officer, laboratory = self.client_of("province"), self.client_of("laboratory")
        told = officer.post(f"{LIST}views/", {"name": " ", "query": ""}, follow=True).content.decode()
        assert "视图须有名称" in told
        assert laboratory.post(f"{LIST}views/", {"name": "一", "query": ""}).status_code == 404
        assert Client().post(f"{LIST}views/", {"name": "一", "query": ""})["Location"].startswith("/sign-in/")
        assert not SavedView.objects.exists()

    def test_there_is_an_end_to_views(self) -> None:
        register, by = get_register("monitoring.planned_point"), self.world.people["province"]
        for number in range(savedviews.MOST_VIEWS):
            savedviews.keep(register, f"视图 {number}", "", by=by)
        savedviews.keep(register, "视图 0", "stage=planned", by=by)
        with pytest.raises(DeedRefused, match="最多存 30 个"):
            savedviews.keep(register, "再一个", "", by=by)

    def address(self, client: Client) -> str:
        told = client.post("/calendar/", {"open": ""}).content.decode()
        found = re.search(r"https?://testserver(/calendar/[\w-]+\.ics)", told)
        assert found
        return found[1]

    def test_the_calendar_tells_what_the_post_owes_and_nobody_by_name(self) -> None:
        officer = self.client_of("taiyuan")
        answer = Client().get(self.address(officer))
        assert answer["Content-Type"].startswith("text/calendar")
        lines = unfolded(answer.content)
        events = "\n".join(lines).split("BEGIN:VEVENT")[1:]
        assert {re.search(r"UID:(T02-\d\d)", event)[1] for event in events} >= {"T02-01", "T02-03", "T02-04"}  # type: ignore[index]
        assert all("DTSTART;VALUE=DATE:20210930" in event for event in events)
        assert any("太原市 T02-04 还差 2 项" in event for event in events)
        names = Account.objects.values_list("display_name", "username")
        assert not any(word in "\n".join(lines) for pair in names for word in pair)
        assert "P-1" not in "\n".join(lines)

    def test_the_address_is_secret_renewed_and_revoked(self) -> None:
        officer = self.client_of("taiyuan")
        first = self.address(officer)
        assert first.split("/")[-1].removesuffix(".ics") not in CalendarFeed.objects.get().digest
        second = self.address(officer)
        assert Client().get(first).status_code == 404
        assert Client().get(second).status_code == 200
        officer.post("/calendar/", {"end": ""})
        assert Client().get(second).status_code == 404
        assert Client().get("/calendar/x.ics").status_code == 404

    def test_the_calendar_ends_with_the_account_and_is_not_for_laboratories(self) -> None:
        address = self.address(self.client_of("taiyuan"))
        Account.objects.filter(pk=self.world.people["taiyuan"].account_id).update(is_active=False)
        assert Client().get(address).status_code == 404
        assert self.client_of("laboratory").get("/calendar/").status_code == 404


def test_lines_are_folded_between_characters_and_signs_escaped() -> None:
    event = Event("a@b", date(2021, 12, 31), "甲,乙;丙\\丁\n" + "长" * 60)
    lines = unfolded(calendar("名", [event], datetime(2021, 10, 8, 8, tzinfo=UTC)))
    assert f"SUMMARY:甲\\,乙\\;丙\\\\丁\\n{'长' * 60}" in lines
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "DTEND;VALUE=DATE:20220101" in lines
