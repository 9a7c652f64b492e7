"""A dossier's checking as a page shows it: stages, verdict in a sentence, issues by kind."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu.faces.console.templatetags.figures import number
from jingtu.plain.issues import Issue, Severity
from jingtu.registers import intake, progress
from jingtu.registers.declare import get_sheet
from jingtu.registers.models import Dossier, DossierIssue

MOST_SHOWN = 50
SURFACES = ("POLYGON", "MULTIPOLYGON")  # the text of a surface: nobody reads a boundary in coordinates
SEVERITIES = {
    Severity.BLOCKING: gettext_lazy("须更正"),
    Severity.WARNING: gettext_lazy("请核对"),
    Severity.NOTE: gettext_lazy("说明"),
}
ORDER = list(SEVERITIES)


def stages(dossier: Dossier) -> list[dict[str, Any]]:
    """The stages of checking, each done, going on, or to come."""
    report = progress.of(intake.progress_key(dossier.pk))
    running = dossier.state == "received"
    now = intake.STAGES.index(report.stage) if report and report.stage in intake.STAGES else 0
    return [
        {
            "title": title,
            "state": "done" if not running or place < now else "now" if place == now else "waits",
            "words": _("完成") if not running or place < now else _("进行中") if place == now else _("待进行"),
            "done": report.done if report and running and place == now else 0,
            "total": report.total if report and running and place == now else 0,
        }
        for place, title in enumerate(intake.STAGES)
    ]


def verdict(dossier: Dossier) -> dict[str, Any] | None:
    """What came of the checking, in one or two sentences."""
    rows, good = dossier.row_count, dossier.good_count
    counts = {"rows": number(rows), "good": number(good), "bad": number(rows - good)}
    if dossier.state == "received":
        return None
    if dossier.state == "faulty":
        return {"sign": "overdue", "sentences": _faulty(dossier, counts)}
    if dossier.state == "ready":
        return {"sign": "soon", "sentences": [_("%(good)s 行可入库，没有须更正的问题，等待接收。") % counts]}
    if dossier.state == "partly":
        told = _("%(good)s 行已入库，其余 %(bad)s 行待更正：下载有问题的部分，更正后作为新文件提交，再在此结卷。")
        return {"sign": "soon", "sentences": [told % counts]}
    if dossier.state == "accepted":
        return {"sign": "done", "sentences": [_("%(good)s 行已入库。") % counts]}
    return {"sign": "na", "sentences": [_("本卷宗已撤回，没有入库；文件和问题清单仍留存。")]}


def _faulty(dossier: Dossier, counts: dict[str, str]) -> list[str]:
    blocking = number(dossier.summary.get("blocking", 0))
    if not dossier.row_count:
        return [_("文件没有读出数据行，原因见下。请更正后重新提交。")]
    if get_sheet(dossier.sheet).all_or_nothing:
        return [
            _("本批 %(rows)s 行，%(blocking)s 处须更正后整批提交。") % {**counts, "blocking": blocking},
            _("其中 %(good)s 行没有问题，%(bad)s 行有问题。原文件未改动，请在自己的文件中更正。") % counts,
        ]
    return [
        _("%(good)s 行可入库，%(bad)s 行有问题，共 %(blocking)s 处须更正。") % {**counts, "blocking": blocking},
        _("可以先接收无误的行，其余更正后另行提交；也可以全部更正后整个重新提交。"),
    ]


def kinds(dossier: Dossier) -> list[dict[str, Any]]:
    """The issues grouped by kind, the blocking ones first."""
    found = sorted(dossier.issues.all(), key=lambda each: (ORDER.index(Severity(each.severity)), each.code, each.pk))
    return [_kind(list(group)) for _key, group in groupby(found, key=lambda each: (each.severity, each.code))]


def _kind(group: list[DossierIssue]) -> dict[str, Any]:
    first = group[0]
    return {
        "severity": first.severity,
        "severity_words": SEVERITIES[Severity(first.severity)],
        "title": first.message,
        "code": first.code,
        "count": len(group),
        "rows": [
            {
                "place": as_issue(each).place(),
                "value": _("（图形）") if each.value.startswith(SURFACES) else each.value,
                "message": each.message,
                "cure": each.cure,
                "who": each.who,
                "clause": each.clause,
            }
            for each in group[:MOST_SHOWN]
        ],
    }


def as_issue(each: DossierIssue) -> Issue:
    """The plain issue of a stored row."""
    return Issue(
        code=each.code,
        severity=Severity(each.severity),
        message=each.message,
        cure=each.cure,
        sheet=each.sheet,
        row=each.row,
        column=each.column,
        value=each.value,
        expected=each.expected,
        who=each.who,
        clause=each.clause,
    )


def issues_of(dossier: Dossier) -> list[Issue]:
    """All issues of a dossier."""
    return [as_issue(each) for each in dossier.issues.all()]


def outcome(dossier: Dossier) -> list[str]:
    """What acceptance brought about, as the sheet reported it."""
    told = dossier.summary.get("outcome", {})
    said = told.get("sentences", []) if isinstance(told, dict) else []
    return [str(sentence) for sentence in said]
