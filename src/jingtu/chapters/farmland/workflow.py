"""The arrows of tasks 3, 4 and 5: triggers, adjustments, plans, measures, exceeding crops, zones, plantings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Role
from jingtu.registers.arrows import Arrow, State, Workflow
from jingtu.registers.reach import Right

Rights = tuple[Right, ...]
BOTH: tuple[str, ...] = ("agriculture", "ecology")
FARMING: tuple[str, ...] = ("agriculture",)
DRAWN_UP: tuple[str, ...] = ("begin", "propose")


def clerk(deed: str, *levels: str, departments: tuple[str, ...] = BOTH) -> Rights:
    """The clerks of these levels may do a deed."""
    return (Right(Role.CLERK, deed, levels=levels, departments=departments),)


def reviewer(deed: str, *levels: str, departments: tuple[str, ...] = BOTH) -> Rights:
    """The reviewers of these levels may do a deed."""
    return (Right(Role.REVIEWER, deed, levels=levels, departments=departments),)


def decision(name: str, label: Any, sources: tuple[str, ...], target: str, rights: Rights, **more: Any) -> Arrow:
    """An arrow by which somebody decides upon what others laid before."""
    return Arrow(name, label, sources, target, rights, is_decision=True, **more)


def refusal(name: str, label: Any, sources: tuple[str, ...], target: str, rights: Rights, **more: Any) -> Arrow:
    """A decision against, with its reason."""
    return decision(name, label, sources, target, rights, needs_reason=True, **more)


def withdrawal(label: Any, sources: tuple[str, ...], rights: Rights) -> Arrow:
    """Taking back what one laid before, with the reason."""
    return Arrow("withdraw", label, sources, "withdrawn", rights, needs_reason=True)


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
        decision("take_up", _("提出调整"), ("open",), "adjusting", clerk("handle", "county", "city", "province")),
        Arrow("adjusted", _("调整审定"), ("adjusting",), "adjusted", ()),
        Arrow("reopen", _("调整未成"), ("adjusting",), "open", ()),
        refusal(
            "keep",
            _("不调整"),
            ("open",),
            "kept",
            reviewer("review", "city", "province"),
            clause="行动计划二（三）",
            not_by_who_did=("begin",),
        ),
        withdrawal(_("撤回登记"), ("open",), clerk("handle", "county", "city", "province")),
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
        decision(
            "review",
            _("审核通过，报省级"),
            ("proposed",),
            "reviewed",
            reviewer("review", "city"),
            clause="行动计划二（三）",
            not_by_who_did=DRAWN_UP,
        ),
        decision(
            "decide",
            _("审定"),
            ("reviewed",),
            "decided",
            reviewer("review", "province"),
            clause="土壤污染防治法 第49条",
            not_by_who_did=(*DRAWN_UP, "review"),
        ),
        refusal("return", _("退回"), ("proposed", "reviewed"), "returned", reviewer("review", "city", "province")),
        refusal(
            "refuse",
            _("不予调整"),
            ("reviewed",),
            "refused",
            reviewer("review", "province"),
            not_by_who_did=(*DRAWN_UP, "review"),
        ),
        withdrawal(_("撤回"), ("draft", "proposed", "returned"), clerk("propose", "county")),
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
        decision(
            "issue",
            _("印发"),
            ("submitted",),
            "issued",
            reviewer("review", "county", "city", departments=FARMING),
            clause="行动计划二（三）",
            conditions=(has_document_number,),
            not_by_who_did=("begin", "submit"),
        ),
        refusal(
            "return",
            _("退回修改"),
            ("submitted",),
            "returned",
            reviewer("review", "county", "city", departments=FARMING),
        ),
        withdrawal(_("撤回"), ("draft", "submitted", "returned"), clerk("plan", "county", "city", departments=FARMING)),
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
        decision(
            "accept",
            _("验收通过"),
            ("recorded", "rejected"),
            "accepted",
            reviewer("review", "county", "city", departments=FARMING),
            clause="土壤污染防治法 第53条",
            not_by_who_did=("begin",),
        ),
        refusal(
            "reject",
            _("验收未通过"),
            ("recorded",),
            "rejected",
            reviewer("review", "county", "city", departments=FARMING),
            not_by_who_did=("begin",),
        ),
        withdrawal(_("撤回"), ("recorded", "rejected"), clerk("measure", "county", departments=FARMING)),
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
        decision(
            "close",
            _("办结"),
            ("handled",),
            "closed",
            reviewer("review", "county", "city", departments=FARMING),
            conditions=(is_handled,),
            not_by_who_did=("handle",),
        ),
        refusal(
            "reopen", _("重新处置"), ("handled",), "open", reviewer("review", "county", "city", departments=FARMING)
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
        decision(
            "approve",
            _("批准划定"),
            ("proposed",),
            "approved",
            reviewer("approve", "county", "city", departments=GOVERNMENT),
            clause="土壤污染防治法 第54条",
            conditions=(has_approval,),
            not_by_who_did=DRAWN_UP,
        ),
        refusal(
            "return",
            _("退回"),
            ("proposed",),
            "returned",
            reviewer("approve", "county", "city", departments=GOVERNMENT),
        ),
        Arrow(
            "put_up",
            _("立牌生效"),
            ("approved",),
            "in_force",
            clerk("propose", "county", "city", departments=FARMING),
            conditions=(has_board,),
        ),
        refusal(
            "end", _("调整取消"), ("in_force",), "ended", reviewer("approve", "county", "city", departments=GOVERNMENT)
        ),
        withdrawal(
            _("撤回建议"), ("draft", "proposed", "returned"), clerk("propose", "county", "city", departments=FARMING)
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
        decision(
            "verify",
            _("核实"),
            ("rectified",),
            "verified",
            reviewer("review", "county", "city", departments=FARMING),
            not_by_who_did=("rectify",),
        ),
        refusal(
            "reopen", _("整改不到位"), ("rectified",), "open", reviewer("review", "county", "city", departments=FARMING)
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
        decision(
            "confirm",
            _("确认"),
            ("recorded",),
            "confirmed",
            CONFIRMING,
            clause="土壤污染防治法 第54条",
            not_by_who_did=("begin",),
        ),
        refusal("refuse", _("不予确认"), ("recorded",), "refused", CONFIRMING, not_by_who_did=("begin",)),
        withdrawal(_("撤回"), ("recorded", "refused"), clerk("control", "county", departments=FARMING)),
    ),
)
