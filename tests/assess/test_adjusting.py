"""What is held against an adjustment: every event a case, and what must hold of any grounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assess.test_unit_class import rows

from jingtu import law
from jingtu.assess import adjusting
from jingtu.assess.adjusting import CAUTION_NAMES, Grounds, cautions

DAY = date(2021, 11, 15)
EVENTS = law.at(DAY).table("farmland_triggers").column("trigger")
CLASSES = ("I", "II", "III")


@pytest.mark.parametrize("case", rows("triggers.csv"), ids=lambda case: case["case"])
def test_an_event(case: dict[str, str]) -> None:
    on = date.fromisoformat(case["on"])
    counts = {name: int(case[name]) for name in ("soil_points", "crop_points", "seasons", "documents")}
    grounds = Grounds(**counts, is_evaluated=case["evaluated"] == "yes")
    found = cautions(case["trigger"], case["before"], case["proposed"], on, grounds)
    assert [each.code for each in found] == case["codes"].split()
    of_event = law.at(on).table("farmland_triggers").one(trigger=case["trigger"]).clause if case["trigger"] else ""
    assert case["clause"] in ({each.clause for each in found} or {of_event})
    for each in found:
        assert each.sentence.endswith("。") and law.codes("certainty").label(each.certainty) in each.sentence


def test_an_event_or_a_caution_that_no_case_covers_is_missing() -> None:
    held = rows("triggers.csv")
    assert {case["trigger"] for case in held} - {""} == set(EVENTS)
    assert {code for case in held for code in case["codes"].split()} == set(CAUTION_NAMES)
    for event in EVENTS:
        own = [case["codes"] for case in held if case["trigger"] == event]
        assert "" in own and any(own), "each event once with all it needs and once without"


def test_every_direction_and_need_of_the_table_is_known() -> None:
    table = law.at(DAY).table("farmland_triggers")
    assert set(table.column("direction")) == set(law.codes("trigger_direction").codes) == set(adjusting._ALLOWED)
    assert {need for row in table for need in row.text("needs").split()} == {"document", "soil", "crops"}


@given(
    st.sampled_from(["", *EVENTS]), st.sampled_from(["", *CLASSES]), st.sampled_from(CLASSES),
    st.builds(Grounds, *[st.integers(0, 4)] * 2, st.booleans(), *[st.integers(0, 4)] * 2),
    st.sampled_from(["soil_points", "crop_points", "seasons", "documents"]),
)  # fmt: skip
def test_more_on_record_never_adds_a_caution(
    event: str, before: str, proposed: str, grounds: Grounds, more: str
) -> None:
    richer = replace(grounds, **{more: getattr(grounds, more) + 1})
    first, second = ({each.code for each in cautions(event, before, proposed, DAY, held)} for held in (grounds, richer))
    assert second <= first
