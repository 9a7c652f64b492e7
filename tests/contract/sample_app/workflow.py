"""The arrows of a permit: six states, and nobody decides on what he did himself."""

from __future__ import annotations

from jingtu.land.models import Role
from jingtu.registers.arrows import Arrow, State, Workflow
from jingtu.registers.reach import Right

CLERK = (Right(Role.CLERK, "ask", levels=("province", "city")),)
REVIEWER = (Right(Role.REVIEWER, "decide", levels=("province", "city")),)
BEFORE = ("begin", "ask", "check")

PERMIT = Workflow(
    register="sample.permit",
    initial="draft",
    states={
        "draft": State("草拟"),
        "asked": State("已提出", "soon"),
        "checked": State("已核对"),
        "granted": State("已准予", "done"),
        "refused": State("不予准许", "ended"),
        "returned": State("退回补充", "returned"),
    },
    arrows=(
        Arrow("ask", "提出", ("draft", "returned"), "asked", CLERK),
        Arrow("check", "核对", ("asked",), "checked", REVIEWER, not_by_who_did=("begin", "ask")),
        Arrow("return", "退回", ("asked", "checked"), "returned", REVIEWER, needs_reason=True),
        Arrow("grant", "准予", ("checked",), "granted", REVIEWER, not_by_who_did=BEFORE, is_decision=True),
        Arrow("refuse", "不准", ("checked",), "refused", REVIEWER, needs_reason=True, not_by_who_did=BEFORE),
    ),
)
