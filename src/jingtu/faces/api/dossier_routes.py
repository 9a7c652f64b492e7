"""Handing in files and asking what became of them: the same intake as on the screens."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from jingtu.faces.api.asking import covered, reach_of
from jingtu.faces.api.problems import Problem
from jingtu.land import facts as land
from jingtu.plain.days import parse_day
from jingtu.plain.issues import Issue, Severity
from jingtu.registers import clock, intake, progress
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Sheet, all_sheets, get_register, get_sheet
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.record import fetch

router = Router(tags=["dossiers"])
REGISTER = "registers.dossier"
MOST_BYTES = 64 * 1024 * 1024
ISSUE_FIELDS = ("code", "message", "cure", "sheet", "row", "column", "value", "expected", "who", "clause")


class IssueOut(Schema):
    """One problem of a file: what, where, how to mend, who must act."""

    id: int
    code: str
    severity: Severity
    place: str
    message: str
    cure: str
    sheet: str
    row: int | None
    column: str
    value: str
    expected: str
    who: str
    clause: str


class DossierOut(Schema):
    """A file handed in, how far its checking is, and its problems page by page."""

    id: int
    number: str
    url: str
    page: str
    is_new: bool
    sheet: str
    sheet_title: str
    filename: str
    sha256: str
    region: str
    organisation: str
    on: str
    recorded_at: str
    state: str
    state_label: str
    stage: str
    row_count: int
    good_count: int
    issue_count: int
    blocking_count: int
    preview: list[str]
    issues: list[IssueOut]
    next: str


class Handed(Schema):
    """What is said of a file as it is handed in."""

    sheet: str = Field(..., description="name of the sheet, as given by /registers")
    on: str = Field("", description="YYYY-MM-DD: the business day, as printed on the document; today when left out")
    region: str = Field("", description="code of a region within reach; that of the post when left out")
    reason: str = ""


class IssuesQuery(Schema):
    """Which of the dossier's problems are asked for."""

    severity: Severity | None = None
    after: int = Field(0, ge=0, description="key of the last issue of the page before; taken from next")
    limit: int = Field(100, ge=1, le=1000)


@router.post("/dossiers", response={200: DossierOut, 201: DossierOut})
def hand_in(request: HttpRequest, response: HttpResponse, given: Form[Handed], file: File[UploadedFile]) -> Any:
    """Hand in a file for a sheet; the same bytes again give the dossier that is there, with 200 instead of 201."""
    reach = reach_of(request)
    sheet = _sheet(given.sheet)
    covered(request, sheet.register)
    region = given.region or reach.region_code
    if not region.startswith(reach.submitting_prefix) or land.region(region) is None:
        raise Http404
    content = _content(file)
    name, on = file.name or "", _day(given.on)
    try:
        dossier, is_new = intake.receive(sheet.name, content, name, by=reach, on=on, region=region, reason=given.reason)
    except DeedRefused as refusal:
        raise Problem(409, "api.deed.refused", _("不能提交"), str(refusal), clause=sheet.clause) from refusal
    response["Location"] = f"/api/v1/dossiers/{dossier.pk}"
    return Status(
        201 if is_new else 200, {**_dossier(request, dossier, IssuesQuery(after=0, limit=100)), "is_new": is_new}
    )


@router.get("/dossiers/{int:pk}", response=DossierOut)
def dossier(request: HttpRequest, pk: int, query: Query[IssuesQuery]) -> dict[str, Any]:
    """What became of a file: state, counts, problems."""
    found = fetch(get_register(REGISTER), reach_of(request), Clock.present(), pk)
    covered(request, get_sheet(found.sheet).register)
    return {**_dossier(request, found, query), "is_new": False}


def _sheet(name: str) -> Sheet:
    try:
        return get_sheet(name)
    except KeyError as error:
        known = "、".join(f"{each.name}（{each.title}）" for each in all_sheets())
        words = _("没有名为“%(name)s”的表单，可用的有：%(known)s。") % {"name": name, "known": known}
        raise Problem(422, "api.sheet.unknown", _("表单不认得"), words) from error


def _content(file: UploadedFile) -> bytes:
    size = file.size or 0
    if size > MOST_BYTES:
        words = _("文件有 %(size).1f MB，超过 %(most)d MB 的上限。请分成几个文件提交。")
        said = {"size": size / 1024**2, "most": MOST_BYTES // 1024**2}
        raise Problem(413, "api.file.large", _("文件过大"), words % said)
    if not size:
        words = _("所送的文件“%(name)s”是空的，请核对后重新提交。") % {"name": file.name}
        raise Problem(422, "api.file.empty", _("文件是空的"), words)
    return bytes(file.read())


def _day(text: str) -> Any:
    try:
        return parse_day(text) if text else clock.today()
    except ValueError as error:
        words = _("业务日期“%(text)s”读不出，请写成 2021-09-15。") % {"text": text}
        raise Problem(422, "api.day.unreadable", _("日期读不出"), words) from error


def _dossier(request: HttpRequest, found: Any, query: IssuesQuery) -> dict[str, Any]:
    register, report = get_register(REGISTER), progress.of(intake.progress_key(found.pk))
    state = register.state(found.state)
    page, following = _issues(found, query)
    return {
        **{name: getattr(found, name) for name in ("number", "sheet", "filename", "state", "row_count", "good_count")},
        "id": found.pk,
        "url": f"/api/v1/dossiers/{found.pk}",
        "page": register.url(found.pk),
        "sheet_title": str(get_sheet(found.sheet).title),
        "sha256": found.document_id,
        "region": found.region_id,
        "organisation": str(found.organisation),
        "on": found.on.isoformat(),
        "recorded_at": found.recorded_at.isoformat(),
        "state_label": str(state.label) if state else "",
        "stage": report.stage if report and found.state == "received" else "",
        "issue_count": found.summary.get("issues", 0),
        "blocking_count": found.summary.get("blocking", 0),
        "preview": [str(sentence) for sentence in found.summary.get("preview", [])],
        "issues": page,
        "next": _next(found, query, following),
    }


def _issues(found: Any, query: IssuesQuery) -> tuple[list[dict[str, Any]], int]:
    rows = found.issues.filter(pk__gt=query.after).order_by("pk")
    if query.severity:
        rows = rows.filter(severity=query.severity.value)
    some = list(rows[: query.limit + 1])
    page = some[: query.limit]
    return [_issue(each, found.filename) for each in page], (page[-1].pk if len(some) > len(page) else 0)


def _issue(row: Any, filename: str) -> dict[str, Any]:
    severity = Severity(row.severity)
    issue = Issue(severity=severity, file=filename, **{name: getattr(row, name) for name in ISSUE_FIELDS})
    return {**issue.as_dict(), "severity": severity, "id": row.pk}


def _next(found: Any, query: IssuesQuery, following: int) -> str:
    if not following:
        return ""
    severity = f"&severity={query.severity.value}" if query.severity else ""
    return f"/api/v1/dossiers/{found.pk}?after={following}&limit={query.limit}{severity}"
