"""The page of a record and its moves."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingtu.faces.console import cells, conclusions, doing, entries, owed, paper, particulars
from jingtu.faces.console.forms import MoveForm
from jingtu.faces.console.gate import plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.views import offers
from jingtu.faces.console.views.listings import seen
from jingtu.land.models import Department, Level, Role
from jingtu.registers.arrows import Arrow
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.record import RecordPage
from jingtu.registers.record import record as record_page


@plan_only
def record(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    """One record: facts, state and moves, evidence, findings, duties, history, ledger."""
    declared = seen(request, register)
    if declared.url(pk) != request.path:
        return redirect(declared.url(pk))
    found = record_page(declared, request.reach, request.clock, pk)  # type: ignore[attr-defined]
    return page(request, "console/register/record.html", context(request, found))


@require_POST
@plan_only
def move(request: HttpRequest, register: str, pk: int, arrow: str) -> HttpResponse:
    """Move a record along an arrow; what the rules refuse is said in the form."""
    declared = seen(request, register)
    if arrow not in declared.deeds:
        raise Http404
    found = record_page(declared, request.reach, request.clock, pk)  # type: ignore[attr-defined]
    form = bound_form(request, found, arrow)
    if form.is_valid():
        try:
            doing.carry_out(declared, found.record, arrow, request.reach, **doing.stated(form))  # type: ignore[attr-defined]
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            label = next(choice.arrow.label for choice in found.choices if choice.arrow.name == arrow)
            messages.success(request, _("已办理：%(deed)s。") % {"deed": label})
            return redirect(declared.url(pk))
    shown = {**context(request, found, {arrow: form}), "day_path": declared.url(pk)}
    return page(request, "console/register/record.html", shown, 422)


def bound_form(request: HttpRequest, found: RecordPage, arrow: str) -> MoveForm:
    """The form of an arrow that leaves the record's state; there is none on a past day."""
    choice = next((each for each in found.choices if each.arrow.name == arrow), None)
    if choice is None:
        raise Http404
    return MoveForm(
        request.clock.today,
        choice.arrow.needs_reason,
        request.POST,
        request.FILES,
        prefix=arrow,  # type: ignore[attr-defined]
    )


def context(request: HttpRequest, found: RecordPage, forms: dict[str, MoveForm] | None = None) -> dict[str, Any]:
    """Everything the page of a record shows."""
    declared = found.register
    officer = not request.reach.is_laboratory  # type: ignore[attr-defined]
    return {
        "heading": str(found.record),
        "register_title": declared.title,
        "list_url": declared.url(),
        "edit_url": _edit_url(request, found),
        "panels": particulars.panels(found),
        "state": state_of(found),
        "moves": moves(request, found, forms or {}, declared.deeds),
        **offers.offered(found),
        "lacking": "、".join(particulars.lacking(found)),
        "passed": particulars.passed(found),
        "documents": particulars.documents(found) or None,
        "findings": conclusions.shown(found.findings),
        "duties": owed.about(found.duties),
        "history": particulars.history(found),
        "ledger": [entries.shown(entry) for entry in found.ledger] if officer else None,
        "paper": "portrait",
        "seal": paper.seal(found.ledger) if officer else "",
        "layer": particulars.place(found) if officer else None,
        "tiles_url": "/tiles/",
    }


def _edit_url(request: HttpRequest, found: RecordPage) -> str:
    """The way to the edit form, for those who may, today, while the record is open to changes."""
    declared = found.register
    may = declared.may_edit(request.reach) and not request.clock.is_past  # type: ignore[attr-defined]
    closed = not may or declared.not_editable(found.record)
    return "" if closed else reverse("edit", args=[declared.name, found.record.pk])


def state_of(found: RecordPage) -> dict[str, Any] | None:
    """The state of a record with its sign and since when."""
    if not found.state:
        return None
    return {
        "sign": cells.sign_of(found.register, found.state),
        "words": cells.words_of(found.register, found.state),
        "since_on": found.moves[-1].on if found.moves else None,
    }


def moves(
    request: HttpRequest, found: RecordPage, forms: dict[str, MoveForm], deeds: Container[str], url_name: str = "move"
) -> list[dict[str, Any]]:
    """The possible next moves as buttons; closed ones say why. Only arrows with a deed are moved by hand."""
    today = request.clock.today  # type: ignore[attr-defined]
    pk = found.record.pk
    place = [found.register.name, pk] if url_name == "move" else [pk]
    return [
        {
            "name": choice.arrow.name,
            "label": choice.arrow.label,
            "allowed": not choice.closed,
            "why_not": choice.closed if choice.arrow.may(request.reach) else _who_may(choice.arrow),  # type: ignore[attr-defined]
            "terms": _terms(choice.arrow),
            "clause": choice.arrow.clause,
            "back": choice.arrow.needs_reason,
            "url": reverse(url_name, args=[*place, choice.arrow.name]),
            "form": forms.get(choice.arrow.name)
            or MoveForm(today, choice.arrow.needs_reason, prefix=choice.arrow.name),
        }
        for choice in found.choices
        if choice.arrow.name in deeds
    ]


def _who_may(arrow: Arrow) -> str:
    """Whose move it is, for those whose it is not: departments, levels and roles as the arrow's rights say."""
    posts = [
        _("%(levels)s%(departments)s%(role)s岗位")
        % {
            "levels": "、".join(str(Level(each).label) for each in right.levels),
            "departments": "、".join(str(Department(each).label) for each in right.departments),
            "role": Role(right.role).label,
        }
        if right.role != Role.LABORATORY
        else _("检测机构")
        for right in arrow.rights
    ]
    return _("由%(posts)s办理。") % {"posts": _("或").join(dict.fromkeys(posts))}


def _terms(arrow: Arrow) -> str:
    said = [_("须写明理由。")] if arrow.needs_reason else []
    if arrow.not_by_who_did:
        said.append(_("不能由办理过前面步骤的人办理。"))
    return "".join(said)
