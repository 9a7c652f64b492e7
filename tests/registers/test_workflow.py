"""Arrows: every other way is refused in Python and by the database, whoever writes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from jingtu.registers import clock, declare, outbox, workflow
from jingtu.registers.flows import PACKAGE
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import Move, Package
from jingtu.registers.reach import Reach

PROVINCE = Reach(None, "测试", None, "14", "140000", "ecology", None, "测试厅", "clerk")
CITY = Reach(None, "测试", None, "1401", "140100", "ecology", None, "测试局", "clerk")


def package() -> Package:
    return outbox.make(b"x", "x.csv", [], target="平台", kind="测试", field_map="draft", by=PROVINCE, on=clock.today())


@pytest.mark.django_db
def test_an_arrow_is_open_to_its_role_only() -> None:
    made = package()
    assert workflow.why_not(PACKAGE, made, PACKAGE.arrow("send"), PROVINCE) is None
    assert "岗位" in (workflow.why_not(PACKAGE, made, PACKAGE.arrow("send"), CITY) or "")
    assert "当前状态" in (workflow.why_not(PACKAGE, made, PACKAGE.arrow("reconcile"), PROVINCE) or "")


@pytest.mark.django_db
def test_moves_carry_both_times_and_the_ledger_follows() -> None:
    made = package()
    outbox.send(made, by=PROVINCE, on=clock.today())
    moves = list(Move.objects.filter(register=PACKAGE.register, subject_id=made.pk).order_by("id"))
    assert [move.to_state for move in moves] == ["draft", "sent"]
    assert all(move.on == clock.today() and move.recorded_at for move in moves)


@pytest.mark.django_db
def test_what_was_given_up_is_packed_anew() -> None:
    first = package()
    assert package().pk == first.pk, "the same content is the same package"
    outbox.withdraw(first, by=PROVINCE, on=clock.today(), reason="暂不上报")
    again = package()
    assert again.pk != first.pk
    assert (again.state, again.digest) == ("draft", first.digest)
    assert again.number != first.number
    assert package().pk == again.pk
    outbox.send(again, by=PROVINCE, on=clock.today())


@pytest.mark.django_db
def test_a_move_needs_a_reason_where_the_table_says_so() -> None:
    with pytest.raises(DeedRefused, match="理由"):
        outbox.withdraw(package(), by=PROVINCE, on=clock.today(), reason=" ")


@pytest.mark.django_db
def test_a_move_before_the_last_one_is_refused() -> None:
    with pytest.raises(DeedRefused, match="早于上一步"):
        outbox.send(package(), by=PROVINCE, on=date(2021, 1, 1))


@pytest.mark.django_db
@pytest.mark.parametrize("flow", [r.workflow for r in declare.all_registers() if r.workflow], ids=lambda f: f.register)
def test_the_database_refuses_every_forbidden_arrow(flow) -> None:
    table = declare.get_register(flow.register).model._meta.db_table
    allowed = {(source, arrow.target) for arrow in flow.arrows for source in arrow.sources}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, encode(tgargs, 'escape') FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND tgname LIKE '%%arrows%%'",
            [table],
        )
        triggers = cursor.fetchall()
    assert len(triggers) == 2
    for _name, arguments in triggers:
        initial, pairs = arguments.split("\\000")[:2]
        assert initial == flow.initial
        assert {tuple(pair.split(">")) for pair in pairs.split(",")} == allowed


@pytest.mark.django_db
def test_update_and_sql_cannot_walk_past_the_arrows() -> None:
    made = package()
    with pytest.raises(IntegrityError), transaction.atomic():
        Package.objects.filter(pk=made.pk).update(state="reconciled")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{registers.Package:arrows_update}', true)")
        cursor.execute("UPDATE registers_package SET state = 'reconciled' WHERE id = %s", [made.pk])
    made.refresh_from_db()
    assert made.state == "draft"
