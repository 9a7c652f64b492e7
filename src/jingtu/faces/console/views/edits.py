"""The edit form of a record, for registers that declare sections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jingtu.faces.console import doing
from jingtu.faces.console.forms import MoveForm
from jingtu.faces.console.gate import plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.views.listings import seen
from jingtu.registers import edit as edits
from jingtu.registers.declare import Register
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.record import fetch


@plan_only
def edit(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    """Show the declared sections filled in, and change what was changed; refusals stand beside their fields."""
    declared = seen(request, register)
    record = fetch(declared, request.reach, request.clock, pk)  # type: ignore[attr-defined]
    if not declared.may_edit(request.reach):  # type: ignore[attr-defined]
        raise Http404
    closed = declared.not_editable(record)
    if closed or request.clock.is_past:  # type: ignore[attr-defined]
        messages.error(request, closed or _("正在查看过去某日的情况，不能办理。请先回到今天。"))
        return redirect(declared.url(pk))
    mark = edits.mark(declared, record)  # before the form writes what was entered into the record at hand
    form = declared.form_class()(request.POST or None, instance=record)
    terms = MoveForm(request.clock.today, True, request.POST or None, request.FILES or None, prefix="deed")  # type: ignore[attr-defined]
    if request.method == "POST" and _is_done(request, declared, record, form, terms):
        messages.success(request, _("已修改。"))
        return redirect(declared.url(pk))
    context = {**_context(declared, pk, form, terms), "mark": request.POST.get("seen", mark)}
    return page(request, "console/register/edit.html", context, 422 if request.method == "POST" else 200)


def _is_done(request: HttpRequest, declared: Register, record: Any, form: Any, terms: MoveForm) -> bool:
    """Carry out the change if both halves of the form hold; otherwise their errors say why not."""
    if not (form.is_valid() & terms.is_valid()):
        return False
    try:
        doing.change(
            declared,
            record,
            form.cleaned_data,
            request.reach,  # type: ignore[attr-defined]
            seen=request.POST.get("seen", ""),
            **doing.stated(terms),
        )
    except edits.FieldsRefused as refusal:
        for name, sentence in refusal.found:
            form.add_error(name, sentence)
    except DeedRefused as refusal:
        terms.add_error(None, str(refusal))
    else:
        return True
    return False


def _context(declared: Register, pk: int, form: Any, terms: MoveForm) -> dict[str, Any]:
    return {
        "heading": _("修改%(noun)s") % {"noun": declared.noun or declared.title},
        "sections": [(part.title, [form[line.name] for line in part.lines]) for part in declared.sections],
        "form": form,
        "terms": terms,
        "back_url": declared.url(pk),
        "back_title": str(declared.queryset().get(pk=pk)),
    }
