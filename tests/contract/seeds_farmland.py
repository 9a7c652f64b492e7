"""Rows of farmland beside the demonstration, so that every declared part has data: one function a part."""

from __future__ import annotations

from jingtu.chapters.farmland.actions import adjustments, classes
from jingtu.chapters.farmland.facts import units
from jingtu.registers import clock
from tests.contract.people import reach_of

HONGTONG = "141024"


def sow() -> None:
    """Everything of farmland that the demonstration leaves out."""
    adjust_by_hand()


def adjust_by_hand() -> None:
    """An incident, and a draft to class its unit anew for a stated reason."""
    by, today = reach_of("xian-hongtong-nongye"), clock.today()
    version = units.standing(today).filter(region_id=HONGTONG, land_class="I").order_by("-unit__number")[0]
    told = "契约测试：上游尾矿库漫坝，农田进水"
    trigger = classes.raise_trigger("T6", HONGTONG, [version.unit], today, told, by=by, on=today)
    adjustments.draft_by_hand(trigger, "契约测试调整", "II", "事件调查报告", by=by, on=today)
