"""Import dossiers: hand in a file, watch the checking, see its problems, accept or withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingtu.faces.console import entries, faults, paper, tablefiles
from jingtu.faces.console.forms import MoveForm, UploadForm
from jingtu.faces.console.gate import plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.views import listings, records
from jingtu.registers import documents, goodrows, intake
from jingtu.registers.declare import all_sheets, get_register, get_sheet
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.record import RecordPage
from jingtu.registers.record import record as record_page
from jingtu.sheets.blank import blank_workbook
from jingtu.sheets.faulty_layer import faulty_layer
from jingtu.sheets.marked import marked_workbook

REGISTER = "registers.dossier"
TABLES = (".xlsx", ".xls", ".csv")
DEEDS = {
    "accept": intake.accept, "accept_good": goodrows.accept, "settle": goodrows.settle, "withdraw": intake.withdraw,
}  # fmt: skip
OPEN = ("faulty", "partly")


@plan_only
def dossiers(request: HttpRequest) -> HttpResponse:
    """All files handed in within reach, and the blank workbooks; or the list as a file."""
    if request.GET.get("format"):
        return listings.listing(request, REGISTER)
    mine = listings.sheets(request, all_sheets())
    context = {**listings.context(request, get_register(REGISTER)), "sheets": mine}
    context["new_url"] = reverse("dossier-new") if any(each["upload_url"] for each in mine) else ""
    return page(request, "console/dossiers/list.html", {**context, "heading": _("数据导入")})


@plan_only
def new(request: HttpRequest) -> HttpResponse:
    """Hand in a file."""
    sheets = [each for each in all_sheets() if each.may_submit(request.reach)]  # type: ignore[attr-defined]
    if request.clock.is_past or not sheets:  # type: ignore[attr-defined]
        raise Http404
    today = request.clock.today  # type: ignore[attr-defined]
    first = {"sheet": request.GET.get("sheet", "")}
    form = UploadForm(request.reach, sheets, today, request.POST or None, request.FILES or None, initial=first)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            return _receive(request, form.cleaned_data)
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"heading": _("导入文件"), "form": form}
    return page(request, "console/dossiers/new.html", context, 422 if form.is_bound else 200)


def _receive(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    file = given["file"]
    dossier, is_new = intake.receive(
        given["sheet"],
        file.read(),
        file.name,
        by=request.reach,  # type: ignore[attr-defined]
        on=given["on"],
        region=given["region"],
        reason=given["reason"],
    )
    if not is_new:
        messages.warning(
            request,
            _("这份文件已于 %(on)s 由%(who)s提交过，内容完全相同，没有重复入卷。")
            % {"on": dossier.on.isoformat(), "who": dossier.organisation},
        )
    return redirect("dossier", pk=dossier.pk)


@plan_only
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """One dossier."""
    return page(request, "console/dossiers/dossier.html", _context(request, _found(request, pk)))


@plan_only
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the checking is; once it is done, the page is fetched anew."""
    context = _stages(_found(request, pk).record)
    response = render(request, "console/dossiers/progress.html", context)
    if not context["running"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@plan_only
def move(request: HttpRequest, pk: int, arrow: str) -> HttpResponse:
    """Accept a dossier, or its good rows, close it or withdraw it."""
    if arrow not in DEEDS:
        raise Http404
    found = _found(request, pk)
    form = records.bound_form(request, found, arrow)
    if form.is_valid():
        try:
            _carry_out(request, found.record, arrow, form)
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("dossier", pk=pk)
    context = {**_context(request, found, {arrow: form}), "day_path": found.register.url(pk)}
    return page(request, "console/dossiers/dossier.html", context, 422)


def _carry_out(request: HttpRequest, record: Any, arrow: str, form: MoveForm) -> None:
    said = form.cleaned_data
    DEEDS[arrow](record, by=request.reach, on=said["on"], reason=said["reason"])  # type: ignore[attr-defined]


@plan_only
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as a new workbook with the faulty cells coloured and explained."""
    record = _found(request, pk).record
    sheet = get_sheet(record.sheet)
    content = documents.content(record.document)
    book = marked_workbook(sheet.spec, content, record.filename, faults.issues_of(record))
    return tablefiles.download(book, _("标注-") + f"{record.number}.xlsx", tablefiles.XLSX)


@plan_only
def faulty(request: HttpRequest, pk: int) -> HttpResponse:
    """The faulty features of a vector file as a layer that says what is wrong with each."""
    record = _found(request, pk).record
    content = documents.content(record.document)
    layer = faulty_layer(get_sheet(record.sheet).spec, content, record.filename, faults.issues_of(record))
    if layer is None:
        raise Http404
    return tablefiles.download(layer, _("待更正-") + f"{record.number}.gpkg", tablefiles.KINDS["gpkg"])


@plan_only
def blank(request: HttpRequest, sheet: str) -> HttpResponse:
    """The blank workbook of a sheet."""
    try:
        found = get_sheet(sheet)
    except KeyError as error:
        raise Http404 from error
    return tablefiles.download(blank_workbook(found.spec), f"{found.title}.xlsx", tablefiles.XLSX)


def _found(request: HttpRequest, pk: int) -> RecordPage:
    return record_page(get_register(REGISTER), request.reach, request.clock, pk)  # type: ignore[attr-defined]


def _context(request: HttpRequest, found: RecordPage, forms: dict[str, MoveForm] | None = None) -> dict[str, Any]:
    record = found.record
    return {
        "heading": f"{get_sheet(record.sheet).title} {record.filename}",
        "dossier": record,
        "state": records.state_of(found),
        "facts": _facts(record),
        "file_url": reverse("document", args=[record.document_id]),
        "marked_url": reverse("dossier-marked", args=[record.pk]) if record.state in OPEN else "",
        "faulty_url": reverse("dossier-faulty", args=[record.pk]) if _has_faulty_layer(record) else "",
        "verdict": faults.verdict(record),
        "kinds": faults.kinds(record),
        "issue_count": record.summary.get("issues", 0),
        "preview": record.summary.get("preview", []),
        "proved": faults.outcome(record),
        "moves": records.moves(request, found, forms or {}, DEEDS, "dossier-move"),
        "ledger": [entries.shown(entry) for entry in found.ledger],
        "paper": "" if record.state == "received" else "portrait",
        "seal": paper.seal(found.ledger) if request.reach.reads_ledger else "",  # type: ignore[attr-defined]
        **_stages(record),
    }


def _has_faulty_layer(record: Any) -> bool:
    """Whether features of a vector file are faulty, one by one."""
    is_layer = record.state in OPEN and bool(get_sheet(record.sheet).spec.geometry)
    return is_layer and not record.filename.lower().endswith(TABLES) and 0 < record.row_count > record.good_count


def _facts(record: Any) -> list[tuple[str, Any]]:
    return [
        (_("卷宗号"), record.number),
        (_("表单"), get_sheet(record.sheet).title),
        (_("地区"), str(record.region)),
        (_("提交单位"), str(record.organisation)),
        (_("提交人"), str(record.submitted_by)),
        (_("业务日期"), record.on),
        (_("收到时间"), record.recorded_at),
        (_("数据行数"), record.row_count if record.state != "received" else None),
    ]


def _stages(record: Any) -> dict[str, Any]:
    return {
        "stages": faults.stages(record),
        "running": record.state == "received",
        "progress_url": reverse("dossier-progress", args=[record.pk]),
    }
