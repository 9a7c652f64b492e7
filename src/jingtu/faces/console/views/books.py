"""The ledger and the kept files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jingtu.faces.console import entries, tablefiles
from jingtu.faces.console.forms import LedgerForm
from jingtu.faces.console.gate import ledger_readers_only, plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import number
from jingtu.faces.console.views.listings import address
from jingtu.registers import archive, documents
from jingtu.registers import ledger as ledgers

SAFE_INLINE = ("application/pdf", "image/png", "image/jpeg", "text/plain")


@ledger_readers_only
def ledger(request: HttpRequest) -> HttpResponse:
    """Every deed within reach, newest first."""
    form = LedgerForm(request.reach, request.GET)  # type: ignore[attr-defined]
    found, more = archive.ledger_entries(request.reach, request.clock, _question(request, form))  # type: ignore[attr-defined]
    context = {
        "heading": _("台账"),
        "paper": "landscape",
        "form": form,
        "rows": [entries.shown(entry) for entry in found],
        "verify_url": address(request, verify="1"),
        "verdict": _verdict() if request.GET.get("verify") else None,
        "pager": {
            "sentence": _("本页 %(rows)s 条") % {"rows": number(len(found))},
            "first": address(request) if "before" in request.GET else "",
            "next": address(request, before=str(found[-1].pk)) if more else "",
        },
    }
    return page(request, "console/ledger.html", context)


def _question(request: HttpRequest, form: LedgerForm) -> archive.LedgerQuestion:
    wanted = form.cleaned_data if form.is_valid() else {}
    before = request.GET.get("before", "")
    return archive.LedgerQuestion(
        register=wanted.get("register", ""),
        subject=request.GET.get("subject", ""),
        text=wanted.get("q", ""),
        from_on=wanted.get("from_on"),
        to_on=wanted.get("to_on"),
        before=int(before) if before.isdigit() else None,
    )


def _verdict() -> dict[str, Any]:
    """Whether the chains hold, recomputed now."""
    count, breaks = ledgers.verify()
    if not breaks:
        sentence = _("已重新计算全部 %(count)s 条的摘要，逐条衔接，没有改动。") % {"count": number(count)}
        return {"tone": "success", "sentences": [sentence]}
    first = _("已重新计算 %(count)s 条，发现 %(faults)s 处不符，请立即报告管理员并保全数据库。") % {
        "count": number(count),
        "faults": number(len(breaks)),
    }
    places = [f"{each.stream} {each.seq}：{each.fault}" for each in breaks[:20]]
    return {"tone": "error", "sentences": [first, *places]}


@plan_only
def document(request: HttpRequest, digest: str) -> HttpResponse:
    """A kept file, exactly as received."""
    found = archive.document(digest, request.reach)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    content = documents.content(found)
    return tablefiles.download(content, found.name, found.media_type, inline=found.media_type in SAFE_INLINE)
