"""The arrows of handovers and batches."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Role
from jingtu.registers.arrows import Arrow, State, Workflow
from jingtu.registers.reach import Right

FARMING: tuple[str, ...] = ("agriculture",)
HANDING = (
    Right(Role.CLERK, "hand", levels=("province", "city")),
    Right(Role.CLERK, "hand", levels=("province", "city", "county"), departments=FARMING),
)
RECEIVING = (Right(Role.LABORATORY, "receive"),)
REVIEWING = (Right(Role.REVIEWER, "review", levels=("province", "city"), departments=("ecology", *FARMING)),)

HANDOVER = Workflow(
    register="evidence.handover",
    initial="prepared",
    states={
        "prepared": State(_("已备样，待送出")),
        "sent": State(_("已送出，待接样")),
        "received": State(_("实验室已接样"), "done"),
    },
    arrows=(
        Arrow("send", _("登记送出"), ("prepared",), "sent", HANDING, clause="HJ/T 166-2004 样品流转"),
        Arrow(
            "receive",
            _("确认接样"),
            ("sent",),
            "received",
            RECEIVING,
            clause="HJ/T 166-2004 样品流转",
            is_decision=True,
        ),
    ),
)


def quality_is_checked(batch: object) -> str | None:
    """A batch is reviewed only after its quality control has been worked out."""
    return None if batch.quality_checked else str(_("质量控制尚未计算完成，请稍候再审核。"))  # type: ignore[attr-defined]


BATCH = Workflow(
    register="evidence.batch",
    initial="accepted",
    states={
        "accepted": State(_("已入库，待审核")),
        "reviewed": State(_("审核通过"), "done"),
        "returned": State(_("已退回实验室"), "returned"),
        "superseded": State(_("已被更正批次替代"), "ended"),
    },
    arrows=(
        Arrow(
            "review",
            _("审核通过"),
            ("accepted",),
            "reviewed",
            REVIEWING,
            clause="HJ/T 166-2004 质量控制",
            conditions=(quality_is_checked,),
            not_by_who_did=("begin",),
            is_decision=True,
        ),
        Arrow("return", _("退回"), ("accepted", "reviewed"), "returned", REVIEWING, needs_reason=True),
        Arrow("supersede", _("以更正批次替代"), ("accepted", "returned"), "superseded", ()),
    ),
)
