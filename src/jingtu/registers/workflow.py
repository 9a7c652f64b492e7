"""Moving records along their arrows: who may, under which conditions, and what is written.

The arrows themselves are tables (``arrows.py`` and each chapter's ``workflow.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jingtu.registers import declare, ledger, rowsecurity
from jingtu.registers.arrows import Arrow, Workflow
from jingtu.registers.models import Document, Move
from jingtu.registers.reach import Reach

Place = tuple[str, int | None]


def why_not(workflow: Workflow, record: Any, arrow: Arrow, by: Reach) -> str | None:
    """Why the arrow is closed to this post now, as a sentence; ``None`` when it is open."""
    if record.state not in arrow.sources:
        return _("当前状态为“%(state)s”，不能%(arrow)s。") % {
            "state": workflow.states[record.state].label,
            "arrow": arrow.label,
        }
    if by.role != "system" and not arrow.may(by):
        return _("您的岗位不能%(arrow)s。") % {"arrow": arrow.label}
    if arrow.not_by_who_did and (done := _did(workflow, record, arrow.not_by_who_did, by)):
        return _("%(arrow)s须由另一人办理：您已办理过本记录的“%(step)s”。") % {"arrow": arrow.label, "step": done}
    return next((reason for condition in arrow.conditions if (reason := condition(record))), None)


def _did(workflow: Workflow, record: Any, steps: Sequence[str], by: Reach) -> str:
    """The first of these steps that the person took with this record, from whatever post, in words."""
    if by.account_id is None:
        return ""
    moves = Move.objects.filter(
        register=workflow.register, subject_id=record.pk, account_id=by.account_id, arrow__in=steps
    )
    name = moves.order_by("id").values_list("arrow", flat=True).first()
    return "" if name is None else str(_("登记") if name == "begin" else workflow.arrow(name).label)


def begin(workflow: Workflow, record: Any, doing: ledger.Deed) -> None:
    """Note that a new record stands in the initial state; call inside the deed that made it."""
    begin_many(workflow, [record.pk], doing)


def begin_many(workflow: Workflow, subject_ids: Sequence[int], doing: ledger.Deed) -> None:
    """Note for many new records at once that they stand in the initial state."""
    Move.objects.bulk_create(
        _rows(workflow.register, subject_ids, "begin", "", workflow.initial, doing), batch_size=2000
    )


def _places(register: str, subject_ids: Sequence[int], doing: ledger.Deed) -> dict[int, Place]:
    """Whose the records are: region and, where laboratories see them, organisation, by the register's reach."""
    where: dict[int, Place] = dict.fromkeys(subject_ids, (doing.region_code, None))
    if register not in {each.name for each in declare.all_registers()}:
        return where
    declared = declare.get_register(register)
    rows = declared.model._base_manager.filter(pk__in=subject_ids)
    return where | {
        pk: (region or doing.region_code, organisation) for pk, region, organisation in declared.reach.places(rows)
    }


def _rows(
    register: str, subject_ids: Sequence[int], arrow: str, source: str, target: str, doing: ledger.Deed
) -> list[Move]:
    places = _places(register, subject_ids, doing)
    return [
        Move(
            register=register,
            subject_id=pk,
            region_code=places[pk][0],
            organisation_id=places[pk][1],
            arrow=arrow,
            from_state=source,
            to_state=target,
            on=doing.on,
            recorded_at=doing.recorded_at,
            post_id=doing.by.post_id,
            account_id=doing.by.account_id,
            reason=doing.reason,
            is_late=doing.is_late,
        )
        for pk in subject_ids
    ]


def _row(register: str, pk: int, arrow: str, source: str, target: str, doing: ledger.Deed) -> Move:
    return _rows(register, [pk], arrow, source, target, doing)[0]


@transaction.atomic
def move(
    workflow: Workflow,
    record: Any,
    arrow_name: str,
    *,
    by: Reach,
    on: date,
    region: str,
    reason: str = "",
    documents: Sequence[Document] = (),
    effect: Callable[[Any, ledger.Deed], None] | None = None,
) -> Any:
    """Move a record along an arrow: lock, check, apply, ledger. Returns the record as it now stands.

    Raises ``ledger.DeedRefused`` with a sentence when the arrow is closed.
    """
    arrow = workflow.arrow(arrow_name)
    locked = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if refusal := why_not(workflow, locked, arrow, by):
        raise ledger.DeedRefused(refusal)
    if arrow.needs_reason and not reason.strip():
        raise ledger.DeedRefused(_("%(arrow)s须写明理由。") % {"arrow": arrow.label})
    if on < _last_on(workflow, locked):
        raise ledger.DeedRefused(_("业务日期早于上一步的日期，请核对。"))
    said = {"reason": reason, "subject_id": str(locked.pk), "documents": documents}
    with ledger.deed(
        f"{workflow.register}.{arrow.name}", by=by, on=on, register=workflow.register, region=region, **said
    ) as doing:
        doing.sentence = _("%(arrow)s：%(record)s") % {"arrow": arrow.label, "record": locked}
        source, locked.state = locked.state, arrow.target
        locked.save(update_fields=["state"])
        _row(workflow.register, locked.pk, arrow.name, source, arrow.target, doing).save()
        if effect:
            effect(locked, doing)
    return locked


@transaction.atomic
def move_unasked(workflow: Workflow, record: Any, arrow_name: str, *, on: date, region: str, reason: str = "") -> Any:
    """Move a record as the platform itself, where one deed follows from another, whoever did that one."""
    platform = Reach.system()
    with rowsecurity.entering(platform):
        return move(workflow, record, arrow_name, by=platform, on=on, region=region, reason=reason)


def _last_on(workflow: Workflow, record: Any) -> date:
    moves = Move.objects.filter(register=workflow.register, subject_id=record.pk)
    last = moves.order_by("-id").values_list("on", flat=True).first()
    return last or date.min
