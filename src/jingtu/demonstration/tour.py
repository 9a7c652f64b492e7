"""What a visitor needs for the next step: a faulty file of results, its corrected twin, a receipt for any package."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from jingtu.demonstration import rows
from jingtu.demonstration.faults import Injected, inject
from jingtu.demonstration.workbooks import NOTICE, filled
from jingtu.evidence.models import Handover
from jingtu.registers import clock, documents, intake, outbox
from jingtu.registers.declare import get_sheet
from jingtu.registers.reach import Reach

SHEET, REGISTER = "evidence.result", "evidence.handover"
FAULTY, CORRECTED, LIST = "演示-检测结果-含错.xlsx", "演示-检测结果-更正.xlsx", "演示-错误清单.csv"
TITLES = {FAULTY: "演示用：含错的检测结果", CORRECTED: "演示用：更正后的检测结果", LIST: "演示用：所含错误的清单"}
REPORTED_BEFORE, ANALYSED_BEFORE = 1, (8, 2)  # days before the report is handed in


def leave_files(seed: int, handovers: Sequence[Handover], laboratory: str, by: Reach, on: date) -> None:
    """Keep the three files with the handover, and let the laboratory hand in the faulty one."""
    report = (f"演示-YS-{handovers[0].region_id}-{on:%m%d}", on - timedelta(REPORTED_BEFORE))
    analysed = (on - timedelta(ANALYSED_BEFORE[0]), on - timedelta(ANALYSED_BEFORE[1]))
    clean, analytes = rows.results(seed, handovers, laboratory, report, analysed)
    spoilt, injected = inject(clean, analytes)
    spec = get_sheet(SHEET).spec
    files = {FAULTY: filled(spec, spoilt), CORRECTED: filled(spec, clean), LIST: _listed(injected)}
    region = handovers[0].region_id
    for name, content in files.items():
        document = documents.keep(content, name)
        for handover in handovers:
            documents.attach(document, REGISTER, str(handover.pk), region, TITLES[name])
    intake.receive(SHEET, files[FAULTY], FAULTY, by=by, on=on, region=region)


def _listed(injected: Sequence[Injected]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([NOTICE])
    writer.writerow(["序号", "行", "列", "错误", "应提示的问题代码", "严重程度"])
    spec = get_sheet(SHEET).spec
    for each in injected:
        fault = each.fault
        label = spec.column(fault.column).heading()
        writer.writerow([fault.number, each.row, label, fault.what, fault.expected_code, fault.severity])
    return out.getvalue().encode("utf-8-sig")


def write_files(folder: Path) -> list[Path]:
    """Write the files of the tour, as kept in this instance, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in documents.titled(list(TITLES.values())):
        path = folder / document.name
        path.write_bytes(documents.content(document))
        written.append(path)
    return written


def write_receipt(package_number: str, folder: Path) -> Path:
    """Write a receipt that takes every point of a sent package, as the receiving platform would send it today."""
    package = outbox.numbered(package_number)
    if package is None or package.sent_on is None:
        raise LookupError(f"没有已登记上报的上报包“{package_number}”。请在“上报包”页面核对包号，并先登记上报。")
    folder.mkdir(parents=True, exist_ok=True)
    content = rows.receipt(package, f"演示-HZ-{package.number}", clock.today(), {})
    path = folder / f"演示-回执-{package.number}.xlsx"
    path.write_bytes(filled(get_sheet("monitoring.receipt").spec, content))
    return path
