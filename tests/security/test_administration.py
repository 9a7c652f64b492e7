"""Administrators: three kinds kept apart, each within a span with a reason; posts with dates, delegation, handover."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client

from jingtu.desk.work import my_work
from jingtu.entrance import accounts, administration, posts
from jingtu.land import facts
from jingtu.land.models import Account, AdministrationSession, Post, Role, SecurityEvent, SecurityEventKind
from jingtu.registers import clock
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import Document, Dossier, LedgerEntry
from jingtu.registers.reach import Reach, current_posts
from tests.roles import as_owner
from tests.security.conftest import CITY, OTHER_CITY, PASSWORD, Office, is_in, person, sign_in

WHY = "测试事由"


def reach(post: Post) -> Reach:
    return Reach.of(post)


def appoint(office: Office, account: Account, role: Role, by: Reach, **more: Any) -> Post:
    today = clock.today()
    said: dict[str, Any] = {"from_on": today, "to_on": None, **more}
    return posts.appoint(
        account, office.organisation, CITY, "ecology", role, said["from_on"], said["to_on"], by=by, reason=WHY
    )


# --- the span -------------------------------------------------------------------------------------------------


def test_nothing_is_administered_outside_a_span(office: Office) -> None:
    """Seen to fail with ``require`` not asking ``current``."""
    with pytest.raises(DeedRefused, match="管理时段未开始"):
        accounts.close_account(office.clerk.account, by=reach(office.system), reason=WHY)


def test_a_span_asks_for_a_reason_and_the_password(office: Office) -> None:
    """Seen to fail with the reason's length unasked, and with ``confirm`` left out."""
    by = reach(office.system)
    assert "事由" in administration.open_session(by, " ", PASSWORD, "", "")
    assert "密码不对" in administration.open_session(by, WHY, "wrong-one", "", "")
    assert administration.current(by) is None
    assert administration.open_session(by, WHY, PASSWORD, "", "") == ""
    entry = LedgerEntry.objects.get(register="land.administration")
    assert WHY in entry.body
    assert administration.open_session(reach(office.clerk), WHY, PASSWORD, "", "").startswith("只有系统管理")


def test_a_span_ends_by_itself(office: Office, later: Any) -> None:
    """Seen to fail with ``until_at`` unasked."""
    by = office.span(office.system)
    later(timedelta(minutes=31))
    with pytest.raises(DeedRefused, match="已到时"):
        accounts.close_account(office.clerk.account, by=by, reason=WHY)


def test_pages_lead_to_the_entrance_first(client: Client, office: Office) -> None:
    """Seen to fail with the gate asking only for the role, and with the span not bound to the browser's session."""
    sign_in(client, "system")
    assert client.get("/administration/accounts/").headers["Location"].startswith("/administration/?next=")
    client.post("/administration/", {"reason": WHY, "password": PASSWORD})
    assert client.get("/administration/accounts/").status_code == 200
    other = Client()
    sign_in(other, "system")
    assert other.get("/administration/accounts/").status_code == 302
    client.post("/administration/close/")
    assert client.get("/administration/accounts/").status_code == 302
    assert AdministrationSession.objects.get().ended_at


def test_others_find_no_such_pages_and_the_attempt_is_logged(client: Client, office: Office) -> None:
    """Seen to fail with the gate asking only for a span, and with ``note`` taken out of it."""
    sign_in(client, "clerk")
    for path in ("/administration/accounts/", "/administration/log/", "/administration/accounts/new/"):
        assert client.get(path).status_code == 404
    assert client.get("/administration/").status_code == 404
    refused = SecurityEvent.objects.filter(kind=SecurityEventKind.REFUSED, by=office.clerk.account)
    assert refused.count() == 3


# --- three kinds ----------------------------------------------------------------------------------------------


def test_each_kind_does_its_own_and_nothing_else(office: Office) -> None:
    """Seen to fail with ``require`` not asking the role."""
    system, security, audit = (office.span(post) for post in (office.system, office.security, office.audit))
    target = office.clerk.account
    its_own = {
        "close": (system, lambda by: accounts.close_account(target, by=by, reason=WHY)),
        "restore": (system, lambda by: accounts.restore_account(target, by=by, reason=WHY)),
        "password": (system, lambda by: accounts.reset_password(target, by=by, reason=WHY)),
        "open": (system, lambda by: accounts.open_account("new-one", "新人", office.organisation, by=by, reason=WHY)),
        "factor": (security, lambda by: accounts.remove_factor(target, by=by, reason=WHY)),
        "sessions": (security, lambda by: accounts.end_sessions(target, by=by, reason=WHY)),
        "lift": (security, lambda by: accounts.lift_closure(target, by=by, reason=WHY)),
        "appoint": (security, lambda by: appoint(office, target, Role.OBSERVER, by)),
        "end": (security, lambda by: posts.end_post(office.clerk, clock.today(), by=by, reason=WHY)),
    }
    for name, (owner, deed) in its_own.items():
        for by in (system, security, audit, reach(office.clerk)):
            if by is not owner:
                with pytest.raises(DeedRefused), transaction.atomic():
                    deed(by)
        deed(owner)
        assert LedgerEntry.objects.filter(deed__startswith="land.").exists(), name


def test_nobody_unites_two_kinds_nor_a_kind_and_the_business(office: Office) -> None:
    """Seen to fail with ``_apart`` taken out."""
    by = office.span(office.security)
    for account, role in (
        (office.system.account, Role.AUDIT),
        (office.audit.account, Role.CLERK),
        (office.clerk.account, Role.ADMINISTRATOR),
    ):
        with pytest.raises(DeedRefused, match="不同的人"):
            appoint(office, account, role, by)
    appoint(office, office.clerk.account, Role.OBSERVER, by)


def test_nobody_administers_oneself(office: Office) -> None:
    """Seen to fail with the comparison of accounts taken out."""
    second = person("second", office.organisation, Role.SECURITY)
    by = office.span(office.security)
    with pytest.raises(DeedRefused, match="自己"):
        appoint(office, office.security.account, Role.SECURITY, by)
    with pytest.raises(DeedRefused, match="自己"):
        accounts.remove_factor(office.security.account, by=by, reason=WHY)
    accounts.remove_factor(second.account, by=by, reason=WHY)


def test_an_administrator_reaches_only_the_own_region(client: Client, office: Office) -> None:
    """Seen to fail with ``account_within`` not asking the region, and with ``deed`` not asking ``covers``."""
    by = office.span(office.system)
    with pytest.raises(DeedRefused, match="管辖范围"):
        accounts.close_account(office.stranger.account, by=by, reason=WHY)
    sign_in(client, "system")
    client.post("/administration/", {"reason": WHY, "password": PASSWORD})
    assert client.get(f"/administration/accounts/{office.stranger.account_id}/").status_code == 404
    assert "stranger" not in client.get("/administration/accounts/").text
    post = {"close-reason": WHY}
    assert client.post(f"/administration/accounts/{office.stranger.account_id}/do/close/", post).status_code == 404
    assert client.post(f"/administration/accounts/{office.clerk.account_id}/do/close/", post).status_code == 302
    assert not Account.objects.get(pk=office.clerk.account_id).is_active
    assert client.post(f"/administration/accounts/{office.clerk.account_id}/do/lift-closure/", post).status_code == 404


def test_each_deed_is_in_the_ledger_with_its_reason(office: Office) -> None:
    """Seen to fail with the reason left out of the entry."""
    system, security = office.span(office.system), office.span(office.security)
    before = LedgerEntry.objects.count()
    accounts.open_account("new-one", "新人", office.organisation, by=system, reason="报到")
    accounts.reset_password(office.clerk.account, by=system, reason="忘记密码")
    accounts.end_sessions(office.clerk.account, by=security, reason="疑被借用")
    appoint(office, Account.objects.get(username="new-one"), Role.OBSERVER, security)
    found = list(LedgerEntry.objects.order_by("id")[before:])
    assert [entry.deed for entry in found] == [
        "land.account.opened", "land.account.password_reset", "land.account.sessions_ended", "land.post.appointed",
    ]  # fmt: skip
    assert all(reason in entry.body for reason, entry in zip(("报到", "忘记密码", "疑被借用", WHY), found, strict=True))


def test_a_one_time_password_is_shown_once_and_known_to_nobody_after(client: Client, office: Office) -> None:
    """Seen to fail with the password put into the entry."""
    sign_in(client, "system")
    client.post("/administration/", {"reason": WHY, "password": PASSWORD})
    data = {"username": "new-one", "display_name": "新人", "organisation": office.organisation.pk, "reason": "报到"}
    sheet = client.post("/administration/accounts/new/", data)
    password = sheet.context["made"].password
    assert password in sheet.text
    made = Account.objects.get(username="new-one")
    assert password not in client.get(f"/administration/accounts/{made.pk}/").text
    assert not any(password in entry.body for entry in LedgerEntry.objects.all())
    fresh = Client()
    sign_in(fresh, "new-one", password)
    assert fresh.get("/").headers["Location"] == "/password/"


def test_lifting_a_closure_lets_the_person_in(client: Client, office: Office) -> None:
    """Seen to fail with ``throttle.reopen`` forgetting only the count over all addresses."""
    for _attempt in range(5):
        sign_in(client, "clerk", "wrong-one")
    assert accounts.is_closed(office.clerk.account)
    accounts.lift_closure(office.clerk.account, by=office.span(office.security), reason="本人来电核实")
    sign_in(client, "clerk")
    assert is_in(client)


def test_a_reset_password_does_not_get_around_the_factor(client: Client, office: Office) -> None:
    """Seen to fail with ``reset_password`` removing the factor."""
    from tests.security.conftest import with_factor

    with_factor(office.clerk.account)
    made = accounts.reset_password(office.clerk.account, by=office.span(office.system), reason="忘记密码")
    assert sign_in(client, "clerk", made.password).headers["Location"] == "/sign-in/code/"
    assert not is_in(client)


def test_the_first_start_opens_one_account_for_each_kind(db: None) -> None:
    """Seen to fail with the system administrator alone."""
    made = accounts.enter_first_administrators("140000", "测试省厅", ["ecology"])
    assert len({each.password for each in made}) == len(made) == 3
    roles = {Post.objects.get(account=each.account).role for each in made}
    assert roles == set(administration.KINDS)
    assert all(each.account.password_is_initial for each in made)
    assert accounts.enter_first_administrators("140000", "测试省厅", ["ecology"]) == []


# --- the security log -----------------------------------------------------------------------------------------


def test_the_log_is_read_by_audit_and_security_only(client: Client, office: Office) -> None:
    """Seen to fail with the system administrator let in."""
    for name, expected in (("audit", 200), ("security", 200), ("system", 404)):
        client = Client()
        sign_in(client, name)
        client.post("/administration/", {"reason": WHY, "password": PASSWORD})
        assert client.get("/administration/log/").status_code == expected


def test_the_log_is_never_changed_not_even_by_the_owner(office: Office) -> None:
    """Seen to fail with the table left out of ``FOR_EVER``."""
    accounts.end_sessions(office.clerk.account, by=office.span(office.security), reason=WHY)
    for statement in ("UPDATE land_securityevent SET said = ''", "DELETE FROM land_securityevent"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_owner_may_not_rewrite_the_log() -> None:
    """Seen to fail in a database whose two triggers were dropped by hand."""
    from jingtu.entrance.securitylog import note

    note(SecurityEventKind.SIGNED_IN, said="x")
    table = "land_securityevent"
    for deed in (f"UPDATE {table} SET said = ''", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(psycopg.Error), as_owner() as cursor:
            cursor.execute(deed)


def test_the_log_shows_no_other_region(client: Client, office: Office) -> None:
    """Seen to fail with ``events`` not asking the prefix."""
    sign_in(Client(), "stranger", address="10.8.8.8")
    sign_in(client, "audit")
    client.post("/administration/", {"reason": WHY, "password": PASSWORD})
    sheet = client.get("/administration/log/").text
    assert "10.8.8.8" not in sheet
    assert "10.0.0.1" in sheet


# --- posts with dates, delegation, handover -------------------------------------------------------------------


def held(account: Account, on: date) -> set[int]:
    return set(current_posts(account.pk, on).values_list("pk", flat=True))


def test_a_post_gives_rights_from_its_first_to_its_last_day(office: Office) -> None:
    """Seen to fail with ``holding`` not asking ``to_on``, and not asking ``from_on``."""
    today = clock.today()
    post = appoint(
        office, office.colleague.account, Role.OBSERVER, office.span(office.security),
        from_on=today + timedelta(1), to_on=today + timedelta(3),
    )  # fmt: skip
    there = [post.pk in held(office.colleague.account, today + timedelta(days)) for days in range(5)]
    assert there == [False, True, True, True, False]


def test_rights_are_not_given_backwards(office: Office) -> None:
    """Seen to fail with ``_days`` taken out."""
    by = office.span(office.security)
    with pytest.raises(DeedRefused, match="不能追溯"):
        appoint(office, office.colleague.account, Role.OBSERVER, by, from_on=clock.today() - timedelta(1))


def test_a_post_fits_its_organisation(office: Office) -> None:
    """Seen to fail with ``_fits`` taken out."""
    by, today = office.span(office.security), clock.today()
    said: dict[str, Any] = {"by": by, "reason": WHY}
    for region, department, role in (
        (OTHER_CITY, "ecology", Role.CLERK),
        (CITY, "police", Role.CLERK),
        (CITY, "ecology", Role.LABORATORY),
    ):
        with pytest.raises(DeedRefused), transaction.atomic():
            posts.appoint(office.clerk.account, office.organisation, region, department, role, today, None, **said)


def test_a_delegate_acts_for_the_days_and_the_ledger_names_both(client: Client, office: Office) -> None:
    """Seen to fail with ``posts_acted_from`` not asking the days, and with ``on_behalf_of`` left out of the body."""
    today = clock.today()
    away_to = today + timedelta(2)
    posts.delegate(office.clerk, office.colleague.account, today, away_to, by=reach(office.clerk), reason="培训")
    assert office.clerk.pk in held(office.colleague.account, today)
    assert office.clerk.pk not in held(office.colleague.account, today + timedelta(3))
    acting = Reach.of(office.clerk, office.colleague.account)
    assert (acting.account_id, acting.role) == (office.colleague.account_id, Role.CLERK)
    assert acting.on_behalf_of == office.clerk.account.display_name
    from jingtu.registers import ledger

    with ledger.deed("land.post.tried", by=acting, on=today, register="land.post", region=CITY) as doing:
        doing.sentence = "试办"
    body = LedgerEntry.objects.get(deed="land.post.tried").body
    assert office.colleague.account.display_name in body
    assert f'"on_behalf_of":"{office.clerk.account.display_name}"' in body
    sign_in(client, "colleague")
    assert "代 姓名clerk" in client.get("/posts/").text


def test_a_delegate_passes_nothing_on_and_administers_nothing(office: Office) -> None:
    """Seen to fail with ``on_behalf_of`` unasked in ``_may_delegate`` and ``require``."""
    today = clock.today()
    acting = Reach.of(office.clerk, office.colleague.account)
    third = person("third", office.organisation, Role.OBSERVER)
    with pytest.raises(DeedRefused):
        posts.delegate(office.clerk, third.account, today, today, by=acting, reason="转委托")
    with pytest.raises(DeedRefused, match="管理岗位不能委托"):
        posts.delegate(office.security, third.account, today, today, by=reach(office.security), reason="休假")
    with pytest.raises(DeedRefused, match="管理岗位的人员"):
        posts.delegate(office.clerk, office.system.account, today, today, by=reach(office.clerk), reason="休假")
    stranger = office.stranger.account
    with pytest.raises(DeedRefused, match="任职"):
        posts.delegate(office.clerk, stranger, today, today, by=reach(office.clerk), reason="休假")


def test_delegating_on_the_page_and_coming_back_early(client: Client, office: Office) -> None:
    """Seen to fail with ``end_delegation`` leaving the row as it was."""
    today = clock.today()
    sign_in(client, "clerk")
    data = {"delegate": office.colleague.account_id, "from_on": today, "to_on": today + timedelta(5), "reason": "培训"}
    assert client.post(f"/posts/{office.clerk.pk}/delegate/", data).status_code == 302
    assert office.clerk.pk in held(office.colleague.account, today)
    row = facts.delegations_of(office.clerk.account, today).get()
    stranger = Client()
    sign_in(stranger, "stranger")
    assert stranger.post(f"/delegations/{row.pk}/end/").status_code == 404
    assert stranger.get(f"/posts/{office.clerk.pk}/delegate/").status_code == 404
    client.post(f"/delegations/{row.pk}/end/")
    assert office.clerk.pk not in held(office.colleague.account, today)


def faulty(office: Office) -> Dossier:
    document = Document.objects.create(
        sha256="0" * 64, name="a.xlsx", media_type="x", size_bytes=1, recorded_at=clock.now()
    )
    dossier = Dossier.objects.create(
        number="T-1", sheet="monitoring.point", document=document, filename="a.xlsx", region_id=CITY,
        organisation=office.organisation, submitted_by=office.clerk.account, on=clock.today(), recorded_at=clock.now(),
    )  # fmt: skip
    dossier.state = "faulty"
    dossier.save()
    return dossier


def test_open_work_goes_with_the_post(office: Office) -> None:
    """Seen to fail with ``end_post`` not asking for open work, and with ``my_work`` asking only the own account."""
    from jingtu.registers import rowsecurity

    by, today = office.span(office.security), clock.today()
    with rowsecurity.entering(Reach.system()):
        faulty(office)
        with pytest.raises(DeedRefused, match="指定接任人"), transaction.atomic():
            posts.end_post(office.clerk, today, by=by, reason="调离")
        newcomer = Account.objects.create_user(
            "newcomer", PASSWORD, display_name="新人", organisation=office.organisation
        )
        following = posts.end_post(office.clerk, today, by=by, reason="调离", successor=newcomer)
        assert following is not None
        assert following.predecessor_id == office.clerk.pk
        assert office.clerk.pk not in held(office.clerk.account, today + timedelta(1))
        assert following.pk in held(newcomer, today + timedelta(1))
        inherited = my_work(Reach.of(following), clock.Clock.present()).returned
        assert [task.url for task in inherited] == [f"/dossiers/{Dossier.objects.get().pk}/"]
        assert my_work(Reach.of(office.colleague), clock.Clock.present()).returned == []
    entry = LedgerEntry.objects.get(deed="land.post.ended")
    assert "a.xlsx" in entry.body


def test_ending_a_post_on_the_page_shows_what_is_open(client: Client, office: Office) -> None:
    """Seen to fail with ``open_work`` left off the page."""
    from jingtu.registers import rowsecurity

    with rowsecurity.entering(Reach.system()):
        faulty(office)
    sign_in(client, "security")
    client.post("/administration/", {"reason": WHY, "password": PASSWORD})
    sheet = client.get(f"/administration/posts/{office.clerk.pk}/end/")
    assert "a.xlsx" in sheet.text
    data = {"last_on": clock.today(), "successor": "", "reason": "调离"}
    assert "指定接任人" in client.post(f"/administration/posts/{office.clerk.pk}/end/", data).text
    data["successor"] = office.colleague.account_id
    assert client.post(f"/administration/posts/{office.clerk.pk}/end/", data).status_code == 302


def test_nothing_is_done_from_a_past_day(client: Client, office: Office) -> None:
    """Seen to fail with ``today_only`` letting everything through."""
    sign_in(client, "system")
    client.post("/administration/", {"reason": WHY, "password": PASSWORD})
    client.get("/?on=2021-05-01")
    client.post(f"/administration/accounts/{office.clerk.account_id}/do/close/", {"close-reason": WHY})
    assert Account.objects.get(pk=office.clerk.account_id).is_active
