"""Every workflow: each forbidden arrow is refused in Python and by the database, each allowed one is a button."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from jingtu.land.models import Region
from jingtu.registers import clock, workflow
from jingtu.registers.arrows import Arrow, Workflow
from jingtu.registers.declare import Register, get_register
from jingtu.registers.ledger import DeedRefused, deed
from jingtu.registers.reach import Reach
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of, post, reach_of

STATES = [(name, state) for name in kit.FLOWS for state in get_register(name).workflow.states]


def flow_of(register: Register) -> Workflow:
    """The workflow of a register that has one."""
    assert register.workflow is not None
    return register.workflow


def allowed(flow: Workflow) -> set[tuple[str, str]]:
    """The pairs of states between which an arrow leads."""
    return {(source, arrow.target) for arrow in flow.arrows for source in arrow.sources}


def brought_to(register: Register, state: str) -> Any:
    """A record in a state, led there along allowed arrows by plain SQL from where some record stands."""
    flow, pairs = flow_of(register), allowed(flow_of(register))
    starts = dict(register.queryset().order_by("-pk").values_list("state", "pk"))
    queue, way = deque([(each, [each]) for each in starts]), None
    seen = set(starts)
    while queue:
        current, steps = queue.popleft()
        if current == state:
            way = steps
            break
        for source, target in pairs:
            if source == current and target not in seen:
                seen.add(target)
                queue.append((target, [*steps, target]))
    assert way, f"{flow.register}: no record can be led to “{state}”. Add one in tests/contract/seeds.py."
    pk = starts[way[0]]
    for step in way[1:]:
        write(register, pk, step)
    return register.queryset().get(pk=pk)


def write(register: Register, pk: int, state: str) -> None:
    """Change the state behind the application's back."""
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{register.model._meta.db_table}" SET state = %s WHERE id = %s', [state, pk])


def refused_by_the_database() -> Any:
    """The database's own refusal, by the name of its guard."""
    return pytest.raises(IntegrityError, match=r"cannot (go from|begin as)")


@pytest.mark.parametrize(("name", "state"), STATES)
def test_the_database_refuses_every_other_change_of_state(name: str, state: str) -> None:
    register = get_register(name)
    record = brought_to(register, state)
    for target in (*flow_of(register).states, "no_such_state"):
        if target == state:
            continue
        if (state, target) in allowed(flow_of(register)):
            with transaction.atomic():
                write(register, record.pk, target)
                transaction.set_rollback(True)
            continue
        with refused_by_the_database(), transaction.atomic():
            write(register, record.pk, target)
        with refused_by_the_database(), transaction.atomic():
            register.queryset().filter(pk=record.pk).update(state=target)
        with refused_by_the_database(), transaction.atomic():
            record.state = target
            record.save(update_fields=["state"])


@pytest.mark.parametrize("name", kit.FLOWS)
def test_the_database_refuses_a_record_that_begins_elsewhere(name: str) -> None:
    register = get_register(name)
    table = register.model._meta.db_table
    record = register.queryset().order_by("pk")[0]
    for state in flow_of(register).states:
        change = json.dumps({"id": 10**9, "state": state})
        sql = f'INSERT INTO "{table}" SELECT (jsonb_populate_record(t, %s)).* FROM "{table}" t WHERE id = %s'
        if state == flow_of(register).initial:
            continue
        with refused_by_the_database(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [change, record.pk])


@pytest.mark.parametrize(("name", "state"), STATES)
def test_python_refuses_every_arrow_that_does_not_leave_the_state(name: str, state: str) -> None:
    register, flow = get_register(name), flow_of(get_register(name))
    record = brought_to(register, state)
    region = register.reach.region_of(record)
    for arrow in flow.arrows:
        if state in arrow.sources:
            continue
        with pytest.raises(DeedRefused, match="当前状态为"):
            workflow.move(
                flow, record, arrow.name, by=Reach.system(), on=clock.today(), region=region, reason="契约测试"
            )


def _permitted(name: str) -> Iterator[tuple[str, str]]:
    for arrow in flow_of(get_register(name)).arrows:
        if arrow.rights:
            yield name, arrow.name


PERMITTED = [pair for name in kit.FLOWS for pair in _permitted(name)]


@pytest.mark.parametrize(("name", "arrow_name"), PERMITTED)
def test_an_arrow_is_open_to_its_rights_only(name: str, arrow_name: str) -> None:
    register, flow = get_register(name), flow_of(get_register(name))
    arrow = flow.arrow(arrow_name)
    record = brought_to(register, arrow.sources[0])
    outsiders = ("chayue", "chayue-nongye", "guanli")
    for who in outsiders:
        assert "岗位" in (workflow.why_not(flow, record, arrow, reach_of(who)) or "")
        sent = {f"{arrow_name}-on": clock.today().isoformat(), f"{arrow_name}-reason": "契约测试"}
        address = _move_url(register, record, arrow_name)
        response = client_of(who).post(address, sent)
        assert response.status_code in (404, 422), response.status_code
        assert register.queryset().get(pk=record.pk).state == arrow.sources[0]
    if arrow.needs_reason:
        with pytest.raises(DeedRefused, match=r"理由|岗位"):
            workflow.move(
                flow, record, arrow_name, by=Reach.system(), on=clock.today(), region=register.reach.region_of(record)
            )


def _move_url(register: Register, record: Any, arrow: str) -> str:
    if register.name == "registers.dossier":
        return reverse("dossier-move", args=[record.pk, arrow])
    return reverse("move", args=[register.name, record.pk, arrow])


@pytest.mark.parametrize("name", [name for name in kit.FLOWS if name != "registers.dossier"])
def test_each_arrow_moved_by_hand_has_its_deed(name: str) -> None:
    register, flow = get_register(name), flow_of(get_register(name))
    by_hand = {arrow.name for arrow in flow.arrows if arrow.rights}
    by_sheet = {"reconcile"} if name == "registers.package" else set()
    assert set(register.deeds) == by_hand - by_sheet
    assert flow.register == name
    assert {arrow.target for arrow in flow.arrows} | {flow.initial} == set(flow.states)


FOUR_EYES = [
    (name, arrow.name, step)
    for name in kit.FLOWS
    for arrow in flow_of(get_register(name)).arrows
    for step in arrow.not_by_who_did
]


def colleagues(arrow: Arrow, region: str) -> list[Reach]:
    """Two people of one office who may both move a region's record along an arrow."""
    right = arrow.rights[0]
    level = Region.objects.get(code=region).level
    level = level if level in right.levels else right.levels[0]
    place = {"province": "140000", "city": region[:4] + "00", "county": region}[level]
    return [reach_of(post(place, right.role, right.departments[0], which)) for which in ("-a", "-b")]


def note(register: Register, record: Any, step: str, by: Reach) -> None:
    """Write into the table of moves that a person took a step with a record, past the rules of Python."""
    region, state = register.reach.region_of(record), record.state
    moves = workflow.Move.objects.filter(register=register.name, subject_id=record.pk)
    last = moves.order_by("-id").values_list("on", flat=True).first() or clock.today()
    with deed("contract.moved", by=by, on=max(last, clock.today()), register=register.name, region=region) as doing:
        workflow._row(register.name, record.pk, step, state, state, doing).save()


@pytest.mark.parametrize(("name", "arrow_name", "step"), FOUR_EYES)
def test_nobody_decides_on_what_he_did_himself(name: str, arrow_name: str, step: str) -> None:
    register, flow = get_register(name), flow_of(get_register(name))
    arrow = flow.arrow(arrow_name)
    record = brought_to(register, arrow.sources[0])
    one, _other = colleagues(arrow, register.reach.region_of(record))
    note(register, record, step, one)
    note(register, record, step, Reach.system())  # a later doer does not free the first
    assert "另一人" in (workflow.why_not(flow, record, arrow, one) or "")
    with pytest.raises(IntegrityError, match="four eyes"), transaction.atomic():
        note(register, record, arrow_name, one)


@pytest.mark.parametrize(("name", "arrow_name"), sorted({pair[:2] for pair in FOUR_EYES}))
def test_a_colleague_decides(name: str, arrow_name: str) -> None:
    register, flow = get_register(name), flow_of(get_register(name))
    arrow = flow.arrow(arrow_name)
    record = brought_to(register, arrow.sources[0])
    _one, other = colleagues(arrow, register.reach.region_of(record))
    refusal = workflow.why_not(flow, record, arrow, other) or ""  # a condition of the record itself may still speak
    assert "另一人" not in refusal
    assert "岗位" not in refusal
    note(register, record, arrow_name, other)


def test_permits_walk_their_six_states_through_the_pages() -> None:
    register = get_register("sample.permit")
    record = register.queryset().filter(state="draft").order_by("pk")[0]
    ways = {
        "ask": "shi-taiyuan-jingban", "check": "shi-taiyuan-shenhe", "return": "shi-taiyuan-shenhe",
        "grant": "sheng-shenhe",
    }  # fmt: skip
    for arrow in ("ask", "return", "ask", "check", "grant"):
        sent = {f"{arrow}-on": clock.today().isoformat(), f"{arrow}-reason": "契约测试"}
        response = client_of(ways[arrow]).post(reverse("move", args=[register.name, record.pk, arrow]), sent)
        assert response.status_code == 302, (arrow, response.content.decode())
    page = client_of(PROVINCE).get(register.url(record.pk)).content.decode()
    assert "已准予" in page
    assert "退回补充" in page
    record.refresh_from_db()
    assert record.state == "granted"
