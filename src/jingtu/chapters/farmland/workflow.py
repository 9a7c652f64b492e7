"""The arrows of tasks 3, 4 and 5: triggers, adjustments, plans, measures, exceeding crops, zones, plantings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Role
from jingtu.registers.arrows import Arrow, State, Workflow
from jingtu.registers.reach import Right

BOTH: tuple[str, ...] = ("agriculture", "ecology")
FARMING: tuple[str, ...] = ("agriculture",)
DRAWN_UP: tuple[str, ...] = ("begin", "propose")


def clerk(deed: str, *levels: str, departments: tuple[str, ...] = BOTH) -> tuple[Right, ...]:
    """The clerks of these levels may do a deed."""
    return (Right(Role.CLERK, deed, levels=levels, departments=departments),)


def reviewer(deed: str, *levels: str, departments: tuple[str, ...] = BOTH) -> tuple[Right, ...]:
    """The reviewers of these levels may do a deed."""
    return (Right(Role.REVIEWER, deed, levels=levels, departments=departments),)


def has_items(adjustment: Any) -> str | None:
    """An adjustment names units."""
    return None if adjustment.items.exists() else str(_("调整中还没有耕地单元。"))


def every_item_has_grounds(adjustment: Any) -> str | None:
    """Where no evaluation proposes the class, a reason is written."""
    bare = adjustment.items.exclude(evaluation__isnull=False).filter(reason="").count()
    return str(_("有 %(count)d 个单元既无类别评价又未写理由。")) % {"count": bare} if bare else None


TRIGGER = Workflow(
    register="farmland.trigger",
    initial="open",
    states={
        "open": State(_("待作出结论")),
        "adjusting": State(_("正在调整"), "soon"),
        "adjusted": State(_("已调整"), "done"),
        "kept": State(_("结论为不调整"), "done"),
        "withdrawn": State(_("已撤回"), "ended"),
    },
    arrows=(
        Arrow(
            "take_up",
            _("提出调整"),
            ("open",),
            "adjusting",
            clerk("handle", "county", "city", "province"),
            is_decision=True,
        ),
        Arrow("adjusted", _("调整审定"), ("adjusting",), "adjusted", ()),
        Arrow("reopen", _("调整未成"), ("adjusting",), "open", ()),
        Arrow(
            "keep",
            _("不调整"),
            ("open",),
            "kept",
            reviewer("review", "city", "province"),
            clause="行动计划二（三）",
            needs_reason=True,
            not_by_who_did=("begin",),
            is_decision=True,
        ),
        Arrow(
            "withdraw",
            _("撤回登记"),
            ("open",),
            "withdrawn",
            clerk("handle", "county", "city", "province"),
            needs_reason=True,
        ),
    ),
)

ADJUSTMENT = Workflow(
    register="farmland.adjustment",
    initial="draft",
    states={
        "draft": State(_("县级拟定中")),
        "proposed": State(_("待市级审核")),
        "reviewed": State(_("待省级审定"), "soon"),
        "decided": State(_("已审定"), "done"),
        "returned": State(_("已退回"), "returned"),
        "refused": State(_("不予调整"), "ended"),
        "withdrawn": State(_("已撤回"), "ended"),
    },
    arrows=(
        Arrow(
            "propose",
            _("报市级审核"),
            ("draft", "returned"),
            "proposed",
            clerk("propose", "county"),
            clause="土壤污染防治法 第49条",
            conditions=(has_items, every_item_has_grounds),
        ),
        Arrow(
            "review",
            _("审核通过，报省级"),
            ("proposed",),
            "reviewed",
            reviewer("review", "city"),
            clause="行动计划二（三）",
            not_by_who_did=DRAWN_UP,
            is_decision=True,
        ),
        Arrow(
            "decide",
            _("审定"),
            ("reviewed",),
            "decided",
            reviewer("review", "province"),
            clause="土壤污染防治法 第49条",
            not_by_who_did=(*DRAWN_UP, "review"),
            is_decision=True,
        ),
        Arrow(
            "return",
            _("退回"),
            ("proposed", "reviewed"),
            "returned",
            reviewer("review", "city", "province"),
            needs_reason=True,
            is_decision=True,
        ),
        Arrow(
            "refuse",
            _("不予调整"),
            ("reviewed",),
            "refused",
            reviewer("review", "province"),
            needs_reason=True,
            not_by_who_did=(*DRAWN_UP, "review"),
            is_decision=True,
        ),
        Arrow(
            "withdraw",
            _("撤回"),
            ("draft", "proposed", "returned"),
            "withdrawn",
            clerk("propose", "county"),
            needs_reason=True,
        ),
    ),
)


def cropping_is_known(plan: Any) -> str | None:
    """A plan is made on the year's record of main crops and habits."""
    from jingtu.chapters.farmland.facts import croppings_of

    if croppings_of(plan.region_id, plan.year):
        return None
    return str(_("本年度主要作物与种植习惯尚未登记，方案须以此为依据（行动计划二（三））。"))


def has_document_number(plan: Any) -> str | None:
    """A plan is in force when it was issued by document."""
    return None if plan.document_number else str(_("请先填写印发文号。"))


SAFE_USE_PLAN = Workflow(
    register="farmland.safe_use_plan",
    initial="draft",
    states={
        "draft": State(_("编制中")),
        "submitted": State(_("待批准"), "soon"),
        "issued": State(_("已印发"), "done"),
        "returned": State(_("已退回"), "returned"),
        "withdrawn": State(_("已撤回"), "ended"),
    },
    arrows=(
        Arrow(
            "submit",
            _("报批"),
            ("draft", "returned"),
            "submitted",
            clerk("plan", "county", "city", departments=FARMING),
            clause="土壤污染防治法 第53条",
            conditions=(cropping_is_known,),
        ),
        Arrow(
            "issue",
            _("印发"),
            ("submitted",),
            "issued",
            reviewer("review", "county", "city", departments=FARMING),
            clause="行动计划二（三）",
            conditions=(has_document_number,),
            not_by_who_did=("begin", "submit"),
            is_decision=True,
        ),
        Arrow(
            "return",
            _("退回修改"),
            ("submitted",),
            "returned",
            reviewer("review", "county", "city", departments=FARMING),
            needs_reason=True,
            is_decision=True,
        ),
        Arrow(
            "withdraw",
            _("撤回"),
            ("draft", "submitted", "returned"),
            "withdrawn",
            clerk("plan", "county", "city", departments=FARMING),
            needs_reason=True,
        ),
    ),
)

MEASURE = Workflow(
    register="farmland.measure",
    initial="recorded",
    states={
        "recorded": State(_("已登记，待验收")),
        "accepted": State(_("验收通过"), "done"),
        "rejected": State(_("验收未通过"), "returned"),
        "withdrawn": State(_("已撤回"), "ended"),
    },
    arrows=(
        Arrow(
            "accept",
            _("验收通过"),
            ("recorded", "rejected"),
            "accepted",
            reviewer("review", "county", "city", departments=FARMING),
            clause="土壤污染防治法 第53条",
            not_by_who_did=("begin",),
            is_decision=True,
        ),
        Arrow(
            "reject",
            _("验收未通过"),
            ("recorded",),
            "rejected",
            reviewer("review", "county", "city", departments=FARMING),
            needs_reason=True,
            not_by_who_did=("begin",),
            is_decision=True,
        ),
        Arrow(
            "withdraw",
            _("撤回"),
            ("recorded", "rejected"),
            "withdrawn",
            clerk("measure", "county", departments=FARMING),
            needs_reason=True,
        ),
    ),
)


def is_handled(exceedance: Any) -> str | None:
    """A case is closed when it is said what became of the grain."""
    if exceedance.handling and exceedance.handled_on:
        return None
    return str(_("请先填写处置方式和处置日期。"))


EXCEEDANCE = Workflow(
    register="farmland.exceedance",
    initial="open",
    states={
        "open": State(_("待处置"), "soon"),
        "handled": State(_("已处置，待办结")),
        "closed": State(_("已办结"), "done"),
    },
    arrows=(
        Arrow(
            "handle",
            _("报请办结"),
            ("open",),
            "handled",
            clerk("handle", "county", "city", departments=FARMING),
            conditions=(is_handled,),
        ),
        Arrow(
            "close",
            _("办结"),
            ("handled",),
            "closed",
            reviewer("review", "county", "city", departments=FARMING),
            conditions=(is_handled,),
            not_by_who_did=("handle",),
            is_decision=True,
        ),
        Arrow(
            "reopen",
            _("重新处置"),
            ("handled",),
            "open",
            reviewer("review", "county", "city", departments=FARMING),
            needs_reason=True,
            is_decision=True,
        ),
    ),
)


def has_board(zone: Any) -> str | None:
    """A zone is in force with its sign board."""
    return None if zone.board_on and zone.board_place else str(_("请先登记标志牌的设立日期和位置。"))


def has_strict_units(zone: Any) -> str | None:
    """A zone covers units of class III."""
    return None if zone.units.exists() else str(_("管控区内没有严格管控类耕地单元。"))


def has_approval(zone: Any) -> str | None:
    """The government of the level approved by a document."""
    return None if zone.approval_number and zone.approved_by else str(_("请先填写批准机关和批准文号。"))


GOVERNMENT: tuple[str, ...] = ("government",)

ZONE = Workflow(
    register="farmland.zone",
    initial="draft",
    states={
        "draft": State(_("拟定中")),
        "proposed": State(_("待本级人民政府批准"), "soon"),
        "approved": State(_("已批准，待立标志牌")),
        "in_force": State(_("已划定"), "done"),
        "returned": State(_("已退回"), "returned"),
        "ended": State(_("已调整取消"), "ended"),
        "withdrawn": State(_("已撤回"), "ended"),
    },
    arrows=(
        Arrow(
            "propose",
            _("提出划定建议"),
            ("draft", "returned"),
            "proposed",
            clerk("propose", "county", "city", departments=FARMING),
            clause="土壤污染防治法 第54条",
            conditions=(has_strict_units,),
        ),
        Arrow(
            "approve",
            _("批准划定"),
            ("proposed",),
            "approved",
            reviewer("approve", "county", "city", departments=GOVERNMENT),
            clause="土壤污染防治法 第54条",
            conditions=(has_approval,),
            not_by_who_did=DRAWN_UP,
            is_decision=True,
        ),
        Arrow(
            "return",
            _("退回"),
            ("proposed",),
            "returned",
            reviewer("approve", "county", "city", departments=GOVERNMENT),
            needs_reason=True,
            is_decision=True,
        ),
        Arrow(
            "put_up",
            _("立牌生效"),
            ("approved",),
            "in_force",
            clerk("propose", "county", "city", departments=FARMING),
            conditions=(has_board,),
        ),
        Arrow(
            "end",
            _("调整取消"),
            ("in_force",),
            "ended",
            reviewer("approve", "county", "city", departments=GOVERNMENT),
            needs_reason=True,
            is_decision=True,
        ),
        Arrow(
            "withdraw",
            _("撤回建议"),
            ("draft", "proposed", "returned"),
            "withdrawn",
            clerk("propose", "county", "city", departments=FARMING),
            needs_reason=True,
        ),
    ),
)

PLANTING = Workflow(
    register="farmland.planting",
    initial="open",
    states={
        "open": State(_("待整改"), "soon"),
        "rectified": State(_("已整改，待核实")),
        "verified": State(_("核实整改到位"), "done"),
    },
    arrows=(
        Arrow("rectify", _("登记整改"), ("open",), "rectified", clerk("patrol", "county", "city", departments=FARMING)),
        Arrow(
            "verify",
            _("核实"),
            ("rectified",),
            "verified",
            reviewer("review", "county", "city", departments=FARMING),
            not_by_who_did=("rectify",),
            is_decision=True,
        ),
        Arrow(
            "reopen",
            _("整改不到位"),
            ("rectified",),
            "open",
            reviewer("review", "county", "city", departments=FARMING),
            needs_reason=True,
            is_decision=True,
        ),
    ),
)

CONFIRMING = (
    Right(Role.CLERK, "confirm", levels=("county", "city"), departments=("forestry",)),
    Right(Role.REVIEWER, "review", levels=("county", "city"), departments=("agriculture",)),
)

CONTROL_USE = Workflow(
    register="farmland.control_use",
    initial="recorded",
    states={
        "recorded": State(_("已登记，待确认")),
        "confirmed": State(_("已确认"), "done"),
        "refused": State(_("未予确认"), "returned"),
        "withdrawn": State(_("已撤回"), "ended"),
    },
    arrows=(
        Arrow(
            "confirm",
            _("确认"),
            ("recorded",),
            "confirmed",
            CONFIRMING,
            clause="土壤污染防治法 第54条",
            not_by_who_did=("begin",),
            is_decision=True,
        ),
        Arrow(
            "refuse",
            _("不予确认"),
            ("recorded",),
            "refused",
            CONFIRMING,
            needs_reason=True,
            not_by_who_did=("begin",),
            is_decision=True,
        ),
        Arrow(
            "withdraw",
            _("撤回"),
            ("recorded", "refused"),
            "withdrawn",
            clerk("control", "county", departments=FARMING),
            needs_reason=True,
        ),
    ),
)
