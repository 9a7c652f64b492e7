"""Two provincial officers decide on the same adjustment at the same moment, each over a connection of his own."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection

from jingtu.chapters.farmland.actions import adjustments
from jingtu.chapters.farmland.actions.adjustments import Proposal
from jingtu.chapters.farmland.models import Adjustment, UnitVersion
from jingtu.land.models import Department, Role
from jingtu.registers.ledger import DeedRefused, verify
from jingtu.registers.models import Move
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.flows.world import World, at, person

APRIL, PROPOSED, DECIDED = date(2021, 4, 12), date(2021, 9, 27), date(2021, 9, 29)


def second_officer() -> Reach:
    world = World()
    person(world, "other", "省审核二", "140000", Role.REVIEWER, Department.AGRICULTURE, "省农业厅（测试）")
    return world.people["other"]


def reviewed(people: dict[str, Reach]) -> Adjustment:
    """An adjustment that waits for the province."""
    with at(APRIL):
        (version,) = ground.opened(people["county-clerk"], ground.entry(ground.square(0, 0), APRIL))
    by = people["county-clerk"]
    with at(PROPOSED):
        made = adjustments.draft(
            ground.HONGTONG, "测试", [Proposal(version.unit, "III", reason="测试")], by=by, on=PROPOSED
        )
        made = adjustments.move("propose", made, by=by, on=PROPOSED)
        return adjustments.move("review", made, by=people["city-reviewer"], on=PROPOSED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rival", ["decide", "refuse"])
def test_one_wins_and_the_other_is_told(rival: str) -> None:
    people = ground.people()
    adjustment = reviewed(people)
    officers = (("decide", people["province-reviewer"]), (rival, second_officer()))
    start, told, won = threading.Barrier(len(officers)), [], []

    def act(arrow: str, by: Reach) -> None:
        own = Adjustment.objects.get(pk=adjustment.pk)
        start.wait(timeout=10)
        try:
            with at(DECIDED):
                adjustments.move(arrow, own, by=by, on=DECIDED, reason="测试")
            won.append(arrow)
        except DeedRefused as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=each) for each in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(won) == len(told) == 1
    assert told[0].startswith("当前状态为“已审定”" if won == ["decide"] else "当前状态为“不予调整”")
    adjustment.refresh_from_db()
    assert adjustment.state == {"decide": "decided", "refuse": "refused"}[won[0]]
    versions = UnitVersion.objects.order_by("version").values_list("land_class", flat=True)
    assert list(versions) == (["II", "III"] if won == ["decide"] else ["II"])
    ends = Move.objects.filter(register="farmland.adjustment", to_state__in=("decided", "refused"))
    assert ends.count() == 1
    assert verify()[1] == []
