"""A laboratory with many handed samples, and the workbook of results it hands in."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

LABORATORY = "检测所（基准）"
ON, TAKEN = date(2021, 9, 10), date(2021, 8, 20)
ANALYTES = ("pH", "Cd", "Hg", "As", "Pb", "Cr", "Cu", "Ni", "Zn")
CENTRES = {"Cd": 0.15, "Hg": 0.05, "As": 10, "Pb": 25, "Cr": 65, "Cu": 25, "Ni": 30, "Zn": 75}
HEADINGS = {
    "report_number": "检测报告编号", "reported_on": "报告日期", "sample_code": "样品编码", "analyte": "检测项目",
    "value": "检测结果", "unit": "单位", "detection_limit": "检出限", "method": "检测方法", "replicate": "平行号",
    "analysed_on": "分析日期",
}  # fmt: skip
METHODS = {"pH": "HJ 962-2018", "Cd": "GB/T 17141-1997", "Hg": "GB/T 22105.1-2008", "As": "GB/T 22105.2-2008"}


@dataclass
class World:
    """Who hands in, who accepts, which samples there are."""

    laboratory: Any  # the post that hands in
    clerk: Any  # the post that accepts
    bench: Any  # the laboratory itself
    codes: list[tuple[str, str, str]]  # code, kind, and of a duplicate the code of its original


def build(results: int) -> World:
    """The world, made in one transaction that sees every region."""
    from django.db import transaction

    from jingtu.registers import rowsecurity
    from jingtu.registers.reach import Reach

    with transaction.atomic(), rowsecurity.entering(Reach.system()):
        return _build(results)


def people() -> World:
    """A laboratory and the clerk who takes its reports."""
    from jingtu.evidence.models import Accreditation, Laboratory
    from jingtu.land import actions as land
    from jingtu.land.models import Department, Role

    clerk = _person("bench-clerk", "140100", Role.CLERK, Department.ECOLOGY, "局（基准）", land)
    tester = _person("bench-laboratory", "140000", Role.LABORATORY, Department.LABORATORY, LABORATORY, land)
    laboratory = Laboratory.objects.create(organisation_id=tester.organisation_id, name=LABORATORY, region_id="140000")
    Accreditation.objects.create(
        laboratory=laboratory, certificate_number="基准-1", analytes=list(ANALYTES),
        from_on=date(2020, 1, 1), to_on=date(2026, 1, 1),
    )  # fmt: skip
    return World(tester, clerk, laboratory, [])


def _build(results: int) -> World:
    """People and a handover of so many samples that nine analytes each make ``results`` results."""
    from jingtu.evidence.models import Handover, HandoverItem

    world = people()
    samples = _samples(-(-results // len(ANALYTES)))
    handover = Handover(number="LZ-BENCH", laboratory=world.bench, region_id="140100", analytes=list(ANALYTES))
    handover.state, handover.recorded_at = "prepared", instant(ON)
    handover.save()
    Handover.objects.filter(pk=handover.pk).update(state="sent")
    HandoverItem.objects.bulk_create(
        [HandoverItem(handover=handover, sample=sample) for sample in samples], batch_size=5000
    )
    world.codes = [(each.code, each.kind, each.parent.code if each.parent else "") for each in samples]
    return world


def _person(name: str, region: str, role: Any, department: Any, organisation: str, land: Any) -> Any:
    from jingtu.registers.reach import Reach

    office = land.found_organisation(organisation, region, [department], demonstration=True)
    account = land.open_account(name, name, "only-for-bench-1", demonstration=True)
    return Reach.of(land.appoint(account, office, region, department, role, date(2021, 1, 1)))


def instant(day: date) -> datetime:
    from jingtu.plain.days import SHANGHAI

    return datetime.combine(day, time(9), SHANGHAI)


def _samples(number: int) -> list[Any]:
    """Ordinary samples with, in every twenty, one duplicate, and in every hundred a blank and a reference material."""
    from jingtu.evidence.models import Sample

    routine = [
        Sample(
            code=f"B21-{place:06d}", kind="routine", region_id="140105", taken_on=TAKEN,
            land_use=("dryland", "paddy", "vegetable", "other")[place % 4] if place % 4 else "other",
            recorded_at=instant(TAKEN),
        )
        for place in range(number - number // 20 - 2 * (number // 100))
    ]  # fmt: skip
    Sample.objects.bulk_create(routine, batch_size=5000)
    made = {"region_id": "140105", "taken_on": TAKEN, "recorded_at": instant(TAKEN)}
    twins = [
        Sample(code=f"B21-D{place:05d}", kind="duplicate", parent=each, land_use=each.land_use, **made)
        for place, each in enumerate(routine[: number // 20])
    ]
    certified = {analyte: [f"{centre}", f"{centre / 10:.4f}"] for analyte, centre in CENTRES.items()}
    controls = [
        Sample(code=f"B21-{letter}{place:05d}", kind=kind, certified=values, **made)
        for letter, kind, values in (("B", "blank", {}), ("R", "reference", certified))
        for place in range(number // 100)
    ]
    return [*routine, *Sample.objects.bulk_create([*twins, *controls], batch_size=5000)]


def rows(world: World, report: str, count: int, seed: int = 166) -> list[list[str]]:
    """The rows of a report, as text, in the order of ``HEADINGS``; one in fifty not detected."""
    chance = random.Random(seed)
    day, contents = ON.isoformat(), {}
    out = []
    for code, kind, parent in world.codes:
        for analyte in ANALYTES:
            content = _content(analyte, kind, contents.get((parent, analyte)), chance)
            contents[code, analyte] = content
            method = METHODS.get(analyte, "HJ 491-2019")
            out.append([report, day, code, analyte, *_reported(analyte, content), method, "1", day])
    return out[:count]


def _content(analyte: str, kind: str, original: float | None, chance: random.Random) -> float | None:
    """A content in the standard unit, none where nothing is detected; duplicates lie near their original.

    Those of mercury lie so far apart that some fail, so that one of the nine analytes is flagged throughout.
    """
    if analyte == "pH":
        return chance.uniform(5, 9)
    if kind == "reference":
        return CENTRES[analyte] * chance.uniform(0.95, 1.05)
    if original is not None:
        return original * chance.uniform(0.95, 3.0 if analyte == "Hg" else 1.05)
    if kind == "blank" or chance.random() < 1 / 50:
        return None
    return CENTRES[analyte] * chance.lognormvariate(0, 0.4)


def _reported(analyte: str, content: float | None) -> tuple[str, str, str]:
    if analyte == "pH":
        return f"{content:.2f}", "无量纲", ""
    limit = f"{CENTRES[analyte] / 50:.4f}"
    return (f"<{limit}" if content is None else f"{content:.4f}"), "mg/kg", limit


def as_workbook(table: list[list[str]]) -> bytes:
    """The report as an XLSX workbook, every cell text as the blank workbook has it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False})
    sheet = book.add_worksheet("检测结果表")
    for index, heading in enumerate(HEADINGS.values()):
        sheet.write_string(0, index, heading)
    for place, row in enumerate(table, start=1):
        for index, text in enumerate(row):
            if text:
                sheet.write_string(place, index, text)
    book.close()
    return out.getvalue()


def as_csv(table: list[list[str]]) -> bytes:
    """The report as a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS.values())
    writer.writerows(table)
    return out.getvalue().encode("utf-8-sig")


def empty_batch(world: World, report: str) -> Any:
    """A batch for the peers to fill; its dossier holds a file of a few bytes."""
    from jingtu.evidence.models import Batch
    from jingtu.registers import documents
    from jingtu.registers.models import Dossier

    day = {"region_id": "140100", "recorded_at": instant(ON)}
    document = documents.keep(report.encode(), f"{report}.txt")
    dossier = Dossier.objects.create(
        number=f"BENCH-{report}", sheet="evidence.result", document=document, filename=report, on=ON,
        organisation_id=world.laboratory.organisation_id, submitted_by_id=world.laboratory.account_id, **day,
    )  # fmt: skip
    return Batch.objects.create(number=report, laboratory=world.bench, reported_on=ON, dossier=dossier, **day)


def batch(report: str) -> Any:
    """The batch of a report, as the platform sees it."""
    from django.db import transaction

    from jingtu.evidence.models import Batch
    from jingtu.registers import rowsecurity
    from jingtu.registers.reach import Reach

    with transaction.atomic(), rowsecurity.entering(Reach.system()):
        return Batch.objects.get(number=report)


def count_of(report: str) -> int:
    """How many results of a report were committed."""
    from django.db import transaction

    from jingtu.evidence.models import Result
    from jingtu.registers import rowsecurity
    from jingtu.registers.reach import Reach

    with transaction.atomic(), rowsecurity.entering(Reach.system()):
        return Result.objects.filter(batch__number=report).count()


def samples() -> dict[str, int]:
    """Keys of the samples by their codes."""
    from jingtu.evidence.models import Sample

    return dict(Sample.objects.values_list("code", "pk"))
