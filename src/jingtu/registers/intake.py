"""An import is a dossier: the file by hash, its problems as rows, a preview, acceptance or withdrawal.

The raw file is never changed. Checking runs in the background in stages; accepting is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jingtu.plain import collecting
from jingtu.plain.issues import Issue, Severity, blocking
from jingtu.registers import clock, documents, ledger, progress, workflow
from jingtu.registers.declare import Sheet, get_sheet
from jingtu.registers.flows import DOSSIER
from jingtu.registers.models import Document, Dossier, DossierIssue
from jingtu.registers.reach import Reach
from jingtu.registers.tasks import defer, work
from jingtu.registers.turns import take_turn
from jingtu.sheets.reading import Reading
from jingtu.sheets.sheet import read_sheet

STAGES = ("读取", "识别与换算", "核对", "汇总")
MOST_ISSUES = 2000


def progress_key(dossier_id: int) -> str:
    """The key under which a dossier's checking reports."""
    return f"dossier:{dossier_id}"


@transaction.atomic
def receive(
    sheet_name: str, content: bytes, filename: str, *, by: Reach, on: date, region: str, reason: str = ""
) -> tuple[Dossier, bool]:
    """Take in a file: returns its dossier and whether it is new.

    The same bytes for the same sheet, already waiting or accepted, give the dossier that is there.
    """
    sheet = get_sheet(sheet_name)
    if not sheet.may_submit(by):
        raise ledger.DeedRefused(_("您的岗位不能提交“%(sheet)s”。") % {"sheet": sheet.title})
    document = documents.keep(content, filename)
    take_turn("registers.dossier", sheet_name, document.sha256)
    there = Dossier.objects.filter(sheet=sheet_name, document=document).exclude(state__in=("withdrawn", "faulty"))
    if (known := there.first()) is not None:
        return known, False
    with ledger.deed(
        "registers.dossier.received", by=by, on=on, register=DOSSIER.register, region=region, reason=reason,
        documents=[document],
    ) as doing:  # fmt: skip
        dossier = _open(sheet, document, filename, doing)
        doing.subject_id = str(dossier.pk)
        doing.sentence = _("收到文件“%(file)s”（%(sheet)s），卷宗 %(number)s") % {
            "file": filename,
            "sheet": sheet.title,
            "number": dossier.number,
        }
        defer("registers.check_dossier", dossier_id=dossier.pk)
    return dossier, True


def _open(sheet: Sheet, document: Document, filename: str, doing: ledger.Deed) -> Dossier:
    dossier = Dossier.objects.create(
        number=_next_number(doing.on),
        sheet=sheet.name,
        document=document,
        filename=filename[:200],
        region_id=doing.region_code,
        organisation_id=doing.by.organisation_id,
        submitted_by_id=doing.by.account_id,
        on=doing.on,
        recorded_at=doing.recorded_at,
    )
    workflow.begin(DOSSIER, dossier, doing)
    return dossier


def _next_number(on: date) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registers_dossier_id_seq')")
        return f"JZ{on:%Y%m%d}-{cursor.fetchone()[0]:05d}"


def read(dossier: Dossier) -> Reading:
    """Read a dossier's file by its sheet's specification."""
    sheet = get_sheet(dossier.sheet)
    return read_sheet(sheet.spec, documents.content(dossier.document), dossier.filename)


def give_up(dossier_id: int) -> None:
    """Say in the dossier that its file could not be checked, so that whoever handed it in need not wait for ever."""
    dossier = Dossier.objects.get(pk=dossier_id)
    if dossier.state != "received":
        return
    with transaction.atomic():
        dossier.issues.all().delete()
        _store_issues(dossier, [_unchecked()])
        dossier.summary = {"blocking": 1, "issues": 1, "preview": []}
        dossier.save(update_fields=["summary"])
        _move_on(dossier, "fault")


def _unchecked() -> Issue:
    return Issue(
        "registers.dossier.unchecked",
        Severity.BLOCKING,
        _("系统多次尝试，仍未能检查完这个文件。文件已原样留存，没有任何数据入库。"),
        _("请把卷宗号告诉管理员；也可用空白表重新填写后再提交。"),
    )


@work("registers.check_dossier", give_up=give_up)
@collecting.paused()
def check(dossier_id: int) -> None:
    """Check a dossier's file; run again, it replaces what the first run found."""
    dossier = Dossier.objects.get(pk=dossier_id)
    if dossier.state != "received":
        return
    key = progress_key(dossier_id)
    progress.report(key, STAGES[0])
    reading = read(dossier)
    progress.report(key, STAGES[2], 0, len(reading.rows))
    issues = [*reading.notes, *reading.issues]
    sheet = get_sheet(dossier.sheet)
    if sheet.file.is_whole(reading):
        issues += sheet.check(dossier, reading)
    progress.report(key, STAGES[3], len(reading.rows), len(reading.rows))
    _conclude(dossier, reading, issues)


def _conclude(dossier: Dossier, reading: Reading, issues: list[Issue]) -> None:
    sheet = get_sheet(dossier.sheet)
    good, more = sheet.good_part(dossier, reading, issues)
    issues = [*issues, *more]
    stopping = blocking(issues)
    can_come_in = not stopping or (len(good) and not sheet.all_or_nothing)
    with transaction.atomic():
        dossier.issues.all().delete()
        _store_issues(dossier, issues)
        dossier.row_count = len(reading.rows)
        dossier.good_count = len(good)
        dossier.summary = {
            "blocking": len(stopping),
            "issues": len(issues),
            "preview": sheet.preview(dossier, good) if can_come_in else [],
        }
        dossier.save(update_fields=["row_count", "good_count", "summary"])
        _move_on(dossier, "fault" if stopping else "pass")


def _move_on(dossier: Dossier, arrow: str) -> None:
    workflow.move_unasked(DOSSIER, dossier, arrow, on=clock.today(), region=dossier.region_id)


def _store_issues(dossier: Dossier, issues: Iterable[Issue]) -> None:
    rows = [
        DossierIssue(
            dossier=dossier,
            code=issue.code,
            severity=issue.severity.value,
            message=issue.message,
            cure=issue.cure,
            sheet=issue.sheet,
            row=issue.row,
            column=issue.column,
            value=issue.value[:500],
            expected=issue.expected,
            who=issue.who,
            clause=issue.clause,
        )
        for issue in list(issues)[:MOST_ISSUES]
    ]
    DossierIssue.objects.bulk_create(rows, batch_size=1000)


def accept(dossier: Dossier, *, by: Reach, on: date, reason: str = "") -> Dossier:
    """Bring a clean dossier's rows into the register: one transaction, all or nothing."""
    sheet = get_sheet(dossier.sheet)

    def effect(record: Any, doing: ledger.Deed) -> None:
        with collecting.paused():
            bring_in(record, read(record), doing)
        doing.sentence = _("接收卷宗 %(number)s：%(sheet)s 共 %(rows)d 行入库") % {
            "number": record.number,
            "sheet": sheet.title,
            "rows": record.row_count,
        }

    return workflow.move(
        DOSSIER, dossier, "accept",
        by=by, on=on, region=dossier.region_id, reason=reason, documents=[dossier.document], effect=effect,
    )  # fmt: skip


def bring_in(dossier: Dossier, rows: Reading, doing: ledger.Deed) -> None:
    """Write rows of a dossier into their register inside a deed, and keep with both what came of it."""
    doing.data = get_sheet(dossier.sheet).commit(dossier, rows, doing)
    dossier.summary = {**dossier.summary, "outcome": doing.data}
    dossier.save(update_fields=["summary"])


def withdraw(dossier: Dossier, *, by: Reach, on: date, reason: str) -> Dossier:
    """Take a dossier back before it is accepted; the file and its problems stay."""
    return workflow.move(DOSSIER, dossier, "withdraw", by=by, on=on, region=dossier.region_id, reason=reason)
