"""The kernel's own tables of arrows: dossiers and packages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Role
from jingtu.registers.arrows import Arrow, State, Workflow
from jingtu.registers.reach import Right

# Which files an office may hand in is for each sheet to say; a dossier itself is handled alike in all of them.
OFFICES: tuple[str, ...] = ("ecology", "agriculture", "natural_resources", "forestry")
SUBMITTERS = (Right(Role.CLERK, "submit", departments=OFFICES), Right(Role.LABORATORY, "submit"))
CLERKS = (Right(Role.CLERK, "accept", departments=OFFICES),)
PROVINCE_CLERK = (Right(Role.CLERK, "send", levels=("province",), departments=("ecology", "agriculture")),)
PLATFORM: tuple[Right, ...] = ()


def has_good_rows(dossier: Any) -> str | None:
    """The sheet's rows stand each for itself, and some have no fault."""
    from jingtu.registers.declare import get_sheet

    if get_sheet(dossier.sheet).all_or_nothing:
        return str(_("本表须整个文件更正后重新提交，不能只接收其中一部分。"))
    return None if dossier.good_count else str(_("文件里没有无误的行。"))


DOSSIER = Workflow(
    register="registers.dossier",
    initial="received",
    states={
        "received": State(_("待检查")),
        "ready": State(_("检查通过，待接收")),
        "faulty": State(_("有问题，待更正"), "returned"),
        "partly": State(_("部分已接收，其余待更正"), "returned"),
        "accepted": State(_("已接收"), "done"),
        "withdrawn": State(_("已撤回"), "ended"),
    },
    arrows=(
        Arrow("pass", _("检查通过"), ("received",), "ready", PLATFORM),
        Arrow("fault", _("检查发现问题"), ("received",), "faulty", PLATFORM),
        Arrow("accept", _("接收入库"), ("ready",), "accepted", CLERKS, is_decision=True),
        Arrow(
            "accept_good",
            _("接收无误的行"),
            ("faulty",),
            "partly",
            CLERKS,
            conditions=(has_good_rows,),
        ),
        Arrow("settle", _("其余已另行提交，结卷"), ("partly",), "accepted", CLERKS, needs_reason=True),
        Arrow("withdraw", _("撤回"), ("received", "ready", "faulty"), "withdrawn", SUBMITTERS, needs_reason=True),
    ),
)

PACKAGE = Workflow(
    register="registers.package",
    initial="draft",
    states={
        "draft": State(_("已生成，待上报")),
        "sent": State(_("已上报，待回执")),
        "reconciled": State(_("回执已核对"), "done"),
        "withdrawn": State(_("已作废"), "ended"),
    },
    arrows=(
        Arrow("send", _("登记上报"), ("draft",), "sent", PROVINCE_CLERK),
        Arrow("reconcile", _("核对回执"), ("sent", "reconciled"), "reconciled", CLERKS),
        Arrow("withdraw", _("作废"), ("draft",), "withdrawn", PROVINCE_CLERK, needs_reason=True),
    ),
)
