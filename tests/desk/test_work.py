"""What waits for a post: the states from which it goes on, not those from which it could only send back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jingtu.chapters.farmland.workflow import ADJUSTMENT, TRIGGER
from jingtu.desk.work import decisions
from jingtu.registers.reach import Reach

REVIEWER = replace(Reach.system(), role="reviewer", department="agriculture")
PROVINCE = REVIEWER
CITY = replace(REVIEWER, prefix="1410", region_code="141000")
COUNTY_CLERK = replace(REVIEWER, prefix="141024", region_code="141024", role="clerk")


@pytest.mark.parametrize(
    ("reach", "waiting"),
    [(PROVINCE, {"reviewed": "decide"}), (CITY, {"proposed": "review"}), (COUNTY_CLERK, {})],
    ids=["province", "city", "county clerk"],
)
def test_an_adjustment_waits_for_who_passes_it_on(reach: Reach, waiting: dict[str, str]) -> None:
    """Seen to fail while whoever may return a proposal was asked to."""
    assert {state: arrow.name for state, arrow in decisions(ADJUSTMENT, reach).items()} == waiting


def test_a_trigger_waits_for_the_clerk_who_takes_it_up() -> None:
    assert [arrow.name for arrow in decisions(TRIGGER, COUNTY_CLERK).values()] == ["take_up"]
    assert decisions(TRIGGER, PROVINCE) == {}
