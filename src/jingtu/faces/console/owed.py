"""Obligations as a page shows them: counted by state, listed with proof and what is missing, paged by key."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.faces.console.cells import subject_url
from jingtu.faces.console.templatetags.figures import clause_number, number, state_words
from jingtu.land import facts as land
from jingtu.registers import duties
from jingtu.registers.clock import Clock
from jingtu.registers.duties import Obligation, Question

PAGE_ROWS = 50
STATES = ("overdue", "soon", "open", "period_open", "done")
CODE_DIGITS = 6


def context(request: HttpRequest, codes: list[str], prefix: str) -> dict[str, Any]:
    """The obligations of some duties within a place, as the address asks."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    state = request.GET.get("state", "")
    asked = Question(
        clock.on,
        clock.known_on,
        prefix,
        duties=tuple(codes),
        states=(state,) if state in STATES else (),
        limit=PAGE_ROWS + 1,
        after=request.GET.get("after", ""),
    )
    found = duties.obligations(asked) if any(duties.is_bound(code) for code in codes) else []
    rows, more = found[:PAGE_ROWS], len(found) > PAGE_ROWS
    return {
        "owed": shown(rows),
        "owed_bound": any(duties.is_bound(code) for code in codes),
        "owed_many": len(codes) > 1,
        "state_choices": _choices(request, codes, clock, prefix, state),
        "pager": _pager(request, rows, more, state),
    }


def shown(rows: list[Obligation]) -> list[dict[str, Any]]:
    """Obligations in the words of the page."""
    plan = law.plan()
    names = {row.region_code: land.region(row.region_code) for row in rows}
    return [
        {
            "duty": row.duty,
            "duty_url": reverse("duty", args=[row.duty]),
            "duty_text": plan.duty(row.duty).duty_zh,
            "label": row.label,
            "url": subject_url(row.subject_register, row.subject_id),
            "region": region.name if (region := names[row.region_code]) else row.region_code,
            "holder": plan.duty(row.duty).actor_zh or plan.duty(row.duty).lead_zh,
            "due_on": row.due_on,
            "done_on": row.done_on,
            "state": row.state,
            "state_words": words_of(row),
            "evidence": [(proof.label, subject_url(proof.register, proof.subject_id)) for proof in row.evidence],
            "missing": row.missing,
        }
        for row in rows
    ]


def _choices(request: HttpRequest, codes: list[str], clock: Clock, prefix: str, state: str) -> list[dict[str, Any]]:
    numbers: dict[str, int] = {}
    for count in duties.counts(clock.on, clock.known_on, prefix, CODE_DIGITS):
        if count.duty in codes:
            numbers[count.state] = numbers.get(count.state, 0) + count.number
    whole = {
        "words": _("全部"),
        "count": sum(numbers.values()),
        "url": _address(request, state=""),
        "current": not state,
    }
    parts = [
        {
            "words": state_words(each),
            "sign": each,
            "count": numbers[each],
            "url": _address(request, state=each),
            "current": each == state,
        }
        for each in STATES
        if each in numbers
    ]
    return [whole, *parts]


def _pager(request: HttpRequest, rows: list[Obligation], more: bool, state: str) -> dict[str, Any] | None:
    begun = "after" in request.GET
    if not (more or begun):
        return None
    last = f"{rows[-1].duty}:{rows[-1].key}" if rows else ""
    return {
        "sentence": _("本页 %(rows)s 项，每页最多 %(most)s 项") % {"rows": number(len(rows)), "most": PAGE_ROWS},
        "first": _address(request, state=state) if begun else "",
        "next": _address(request, state=state, after=last) if more else "",
    }


def _address(request: HttpRequest, **changed: str) -> str:
    kept = {key: request.GET[key] for key in ("region", "department") if request.GET.get(key)}
    kept = {**kept, **changed}
    return "?" + urlencode({key: value for key, value in kept.items() if value})


def about(rows: list[Obligation]) -> list[dict[str, Any]]:
    """The duties a record fulfils or owes."""
    plan = law.plan()
    return [
        {
            "code": f"{clause_number(plan.duty(row.duty).clause)} · {row.duty}",
            "text": plan.duty(row.duty).duty_zh,
            "url": reverse("duty", args=[row.duty]),
            "due_on": row.due_on,
            "state": row.state,
            "state_words": words_of(row),
            "missing": row.missing,
        }
        for row in rows
    ]


def words_of(row: Obligation) -> str:
    """The state of an obligation in words; what was done after its day says so."""
    if row.days_late:
        return _("已完成（逾期 %(days)s 天）") % {"days": row.days_late}
    return state_words(row.state)
