"""The arrows of campaigns. How far a planned point is follows from facts, see the view ``monitoring_stage``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Role
from jingtu.registers.arrows import Arrow, State, Workflow
from jingtu.registers.reach import Right

PROVINCE = (Right(Role.CLERK, "issue", levels=("province",)),)


def has_points(campaign: object) -> str | None:
    """A campaign is issued with planned points."""
    return None if campaign.planned_points.exists() else str(_("任务中还没有计划点位。"))  # type: ignore[attr-defined]


CAMPAIGN = Workflow(
    register="monitoring.campaign",
    initial="draft",
    states={
        "draft": State(_("拟定中")),
        "issued": State(_("已下达")),
        "closed": State(_("已结束"), "done"),
    },
    arrows=(
        Arrow(
            "issue", _("下达任务"), ("draft",), "issued", PROVINCE, clause="行动计划二（二）2", conditions=(has_points,)
        ),
        Arrow("close", _("结束任务"), ("issued",), "closed", PROVINCE, needs_reason=True),
    ),
)

STAGES = {
    "planned": State(_("待采样")),
    "sampled": State(_("已采样")),
    "handed": State(_("已送检")),
    "analysed": State(_("已出结果，待审核")),
    "reviewed": State(_("审核通过，待上报"), "soon"),
    "uploaded": State(_("已上报并取得回执"), "done"),
}
