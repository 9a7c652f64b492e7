"""One deed on several records of a list: one form, but each record by its own rules and with its own ledger entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.faces.console import doing
from jingtu.faces.console.forms import MoveForm
from jingtu.faces.console.gate import plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import number
from jingtu.faces.console.views.listings import seen
from jingtu.registers.arrows import Arrow
from jingtu.registers.declare import Register
from jingtu.registers.listing import picked
from jingtu.registers.workflow import why_not

MOST_TOLD = 10


@plan_only
def together(request: HttpRequest, register: str, arrow: str) -> HttpResponse:
    """The picked records with what stands against each, and one form; sending it does each that is open."""
    declared = seen(request, register)
    way = _way(request, declared, arrow)
    keys = picked(request.POST) or picked(request.GET)
    if not keys or request.clock.is_past:  # type: ignore[attr-defined]
        past = _("正在查看过去某日的情况，不能办理。请先回到今天。")
        messages.error(request, past if keys else _("还没有勾选记录。请在列表中勾选后再办理。"))
        return redirect(declared.url())
    records = _records(request, declared, keys)
    form = MoveForm(request.clock.today, way.needs_reason, request.POST or None, request.FILES or None)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        done, refused = doing.carry_out_each(declared, records, arrow, request.reach, **doing.stated(form))  # type: ignore[attr-defined]
        _tell(request, way, len(done), refused)
        return redirect(declared.url())
    context = _context(request, declared, way, records, form)
    return page(request, "console/register/together.html", context, 422 if form.is_bound else 200)


def address(register: str, arrow: str, keys: list[int]) -> str:
    """Where a deed on several records is done."""
    query = QueryDict(mutable=True)
    query.setlist("pick", [str(key) for key in keys])
    return f"{reverse('together', args=[register, arrow])}?{query.urlencode()}"


def _way(request: HttpRequest, declared: Register, name: str) -> Arrow:
    found = next((each for each in declared.ways(request.reach) if each.name == name), None)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _records(request: HttpRequest, declared: Register, keys: list[int]) -> list[Any]:
    """The records of these keys; where one is out of reach, none is there."""
    found = list(declared.rows(request.reach, request.clock).filter(pk__in=keys).order_by("pk"))  # type: ignore[attr-defined]
    if len(found) < len(set(keys)):
        raise Http404
    return found


def _context(
    request: HttpRequest, declared: Register, way: Arrow, records: list[Any], form: MoveForm
) -> dict[str, Any]:
    flow: Any = declared.workflow
    rows = [
        {
            "pk": record.pk,
            "label": str(record),
            "url": declared.url(record.pk),
            "place": str(getattr(record, "region", "")),
            "why_not": why_not(flow, record, way, request.reach) or "",  # type: ignore[attr-defined]
        }
        for record in records
    ]
    return {
        "heading": _("%(deed)s：%(count)s 条%(what)s")
        % {"deed": way.label, "count": number(len(rows)), "what": declared.noun or declared.title},
        "register_title": declared.title,
        "list_url": declared.url(),
        "deed": way.label,
        "clause": way.clause,
        "back": way.needs_reason,
        "rows": rows,
        "open_count": sum(not row["why_not"] for row in rows),
        "form": form,
    }


def _tell(request: HttpRequest, way: Arrow, done: int, refused: list[tuple[Any, str]]) -> None:
    if done:
        messages.success(request, _("已办理：%(deed)s，%(count)s 条。") % {"deed": way.label, "count": number(done)})
    for record, why in refused[:MOST_TOLD]:
        messages.warning(request, _("没有办理：%(record)s。%(why)s") % {"record": record, "why": why})
    if len(refused) > MOST_TOLD:
        rest = number(len(refused) - MOST_TOLD)
        messages.warning(request, _("另有 %(rest)s 条没有办理，状态未变，仍在列表中。") % {"rest": rest})
