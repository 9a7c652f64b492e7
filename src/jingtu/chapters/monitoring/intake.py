"""The sheets of task 2: points, field records, receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import Point as Place
from pyproj import Geod

from jingtu.chapters.monitoring import actions, checking, facts
from jingtu.chapters.monitoring.checking import fault, rows_of
from jingtu.chapters.monitoring.models import FieldRecord, PlannedPoint
from jingtu.evidence.facts import samples_by_code
from jingtu.evidence.models import Sample
from jingtu.land.models import Role
from jingtu.plain.identifiers import region_prefix
from jingtu.plain.issues import Issue
from jingtu.registers import outbox
from jingtu.registers.declare import Sheet, sheet
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier, Package
from jingtu.registers.outbox import Answer
from jingtu.registers.reach import Right
from jingtu.sheets.checked import placed
from jingtu.sheets.reading import Reading

FAR_FROM_POINT_M = 50.0
VERY_FAR_M = 1000.0
GEOD = Geod(ellps="GRS80")


def _within_reach(dossier: Dossier, region_code: str) -> bool:
    return region_code.startswith(region_prefix(dossier.region_id))


# --- points ---------------------------------------------------------------------------------------------------


def check_points(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Points lie within the reach of who hands them in."""
    return placed(_beyond_reach(dossier, rows_of(reading)), reading)


def _beyond_reach(dossier: Dossier, rows: list[dict[str, Any]]) -> Iterator[Issue]:
    for row in rows:
        county = row["county_code"]
        if county and not _within_reach(dossier, county):
            yield fault(
                "monitoring.point.reach",
                row,
                "county_code",
                f"行政区 {county} 不在您的管辖范围内。",
                "请由所在地提交。",
            )


def preview_points(dossier: Dossier, reading: Reading) -> list[str]:
    """How many points are new and how many change."""
    codes = {code for code in reading.columns["code"] if code}
    known = facts.points_by_code(str(code) for code in codes)
    return [f"新增点位 {len(codes) - len(known)} 个，更新点位 {len(known)} 个。"]


def commit_points(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the points; what a demonstration organisation hands in is a demonstration."""
    return actions.enter_points(rows_of(reading), doing, demonstration=dossier.organisation.is_demonstration)


# --- field records --------------------------------------------------------------------------------------------


def check_records(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Field records belong to an issued campaign's point and to the sample drawn for it."""
    return placed(_record_faults(dossier, rows_of(reading)), reading)


def _record_faults(dossier: Dossier, rows: list[dict[str, Any]]) -> Iterator[Issue]:
    codes = [row["sample_code"] for row in rows]
    planned = facts.planned_by_point_code(row["point_code"] for row in rows)
    samples, recorded = samples_by_code(codes), facts.recorded_samples(codes)
    for row in rows:
        if not row["sample_code"] or not row["point_code"]:
            continue
        if row["sample_code"] in recorded:
            yield fault(
                "monitoring.record.double",
                row,
                "sample_code",
                f"样品 {row['sample_code']} 已有采样记录。",
                "请核对样品标签。",
            )
        match = _planned_of(row, samples, planned)
        if match is None:
            yield fault(
                "monitoring.record.unmatched",
                row,
                "sample_code",
                f"样品编码“{row['sample_code']}”不是为点位“{row['point_code']}”分配的。",
                "请核对样品标签与点位编码；编码在任务下达时分配。",
            )
        elif not _within_reach(dossier, match.point.region_id):
            yield fault("monitoring.record.reach", row, "point_code", "点位不在您的管辖范围内。", "请由所在地提交。")
        else:
            yield from _record_place(row, match)
            if row["taken_on"] and row["taken_on"] < match.planned_on:
                yield fault(
                    "monitoring.record.early",
                    row,
                    "taken_on",
                    f"采样日期 {row['taken_on']} 早于点位列入本次任务的日期 {match.planned_on}。",
                    "请核对采样日期的年份。",
                )


def _planned_of(
    row: dict[str, Any], samples: dict[str, Sample], planned: dict[str, list[PlannedPoint]]
) -> PlannedPoint | None:
    sample = samples.get(row["sample_code"])
    if sample is None or sample.kind != "routine":
        return None
    return next((each for each in planned.get(row["point_code"], []) if each.pk == sample.origin_id), None)


def _distance_m(row: dict[str, Any], planned: PlannedPoint) -> float:
    point = planned.point
    return float(GEOD.inv(float(row["lon"]), float(row["lat"]), point.longitude, point.latitude)[2])


def _record_place(row: dict[str, Any], planned: PlannedPoint) -> Iterator[Issue]:
    if row["lon"] is None or row["lat"] is None:
        return
    away = _distance_m(row, planned)
    if away > FAR_FROM_POINT_M:
        yield fault(
            "monitoring.record.far",
            row,
            "lon",
            f"实测位置距点位 {away:.0f} m，超过 {FAR_FROM_POINT_M:.0f} m。",
            "请核对经纬度；点位确已移动的，请在采样记录中说明。",
            warn=away <= VERY_FAR_M,
        )


def preview_records(dossier: Dossier, reading: Reading) -> list[str]:
    """How many records come in."""
    days = sorted(day for day in reading.columns["taken_on"] if isinstance(day, date))
    return [f"新增采样记录 {len(reading.rows)} 条，采样日期 {days[0]} 至 {days[-1]}。"]


def commit_records(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the field records."""
    rows = rows_of(reading)
    samples = samples_by_code(row["sample_code"] for row in rows)
    planned = facts.planned_by_point_code(row["point_code"] for row in rows)
    records = [_record(row, samples, planned, dossier, doing) for row in rows]
    return actions.enter_field_records(records, doing)


def _record(
    row: dict[str, Any],
    samples: dict[str, Sample],
    planned: dict[str, list[PlannedPoint]],
    dossier: Dossier,
    doing: Deed,
) -> FieldRecord:
    match = _planned_of(row, samples, planned)
    if match is None:
        raise ValueError(f"row {row['_row']} lost its planned point between checking and acceptance")
    copied = (
        "taken_on", "depth_top_cm", "depth_bottom_cm", "soil_colour", "soil_moisture", "soil_roots", "soil_texture",
        "land_use", "sampler", "checker",
    )  # fmt: skip
    return FieldRecord(
        planned_point=match,
        sample=samples[row["sample_code"]],
        dossier=dossier,
        weather=row.get("weather") or "",
        crop=row.get("crop") or "",
        location=Place(float(row["lon"]), float(row["lat"]), srid=4490),
        distance_m=Decimal(f"{_distance_m(row, match):.1f}"),
        recorded_at=doing.recorded_at,
        **{name: row[name] for name in copied},
    )


# --- receipts -------------------------------------------------------------------------------------------------


def check_receipt(dossier: Dossier, reading: Reading) -> list[Issue]:
    """A receipt answers one sent package, point by point, and nothing that was not in it."""
    return placed(_receipt_faults(rows_of(reading)), reading)


def _receipt_faults(rows: list[dict[str, Any]]) -> Iterator[Issue]:
    package = Package.objects.filter(number=rows[0]["package_number"]).first()
    if package is None or package.state not in ("sent", "reconciled"):
        yield fault(
            "monitoring.receipt.package",
            rows[0],
            "package_number",
            "没有已上报的这个上报包。",
            "请核对包号，并先登记上报。",
        )
        return
    keys = set(package.items.values_list("key", flat=True))
    for row in rows:
        if row["point_code"] and row["point_code"] not in keys:
            yield fault(
                "monitoring.receipt.stranger",
                row,
                "point_code",
                f"上报包中没有“{row['point_code']}”。",
                "请与接收平台核对。",
            )
        if row["receipt_on"] and package.sent_on and row["receipt_on"] < package.sent_on:
            yield fault("monitoring.receipt.date", row, "receipt_on", "回执日期早于上报日期。", "请更正回执日期。")
    missing = keys - {row["point_code"] for row in rows}
    if missing:
        yield fault(
            "monitoring.receipt.unanswered",
            rows[0],
            "point_code",
            f"上报包中有 {len(missing)} 个点位没有答复，例如 {min(missing)}。",
            "可以先接收，其余点位仍按未取得回执处理。",
            warn=True,
        )


def preview_receipt(dossier: Dossier, reading: Reading) -> list[str]:
    """What the receipt settles."""
    accepted = sum(value == "yes" for value in reading.columns["accepted"])
    return [f"接收 {accepted} 个点位，退回 {len(reading.rows) - accepted} 个。接收的点位计为已上报。"]


def commit_receipt(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Reconcile the package."""
    rows = rows_of(reading)
    package = Package.objects.get(number=rows[0]["package_number"])
    answers = [
        Answer(row["point_code"], row["accepted"] == "yes", row.get("message") or "", row["receipt_on"]) for row in rows
    ]
    return outbox.reconcile(package, rows[0]["receipt_number"], rows[0]["receipt_on"], answers, doing)


CITY_CLERKS = (Right(Role.CLERK, "submit", levels=("province", "city", "county")),)
RECEIVING = (
    Right(
        Role.CLERK, "submit", levels=("province",), departments=("ecology", "agriculture")
    ),
)  # fmt: skip

POINTS = sheet(
    Sheet(
        file=checking.POINTS,
        register="monitoring.point",
        clause="T02",
        rights=CITY_CLERKS,
        check_records=check_points,
        preview=preview_points,
        commit=commit_points,
        guidance="点位名录。编码已有的更新，没有的新增。",
    )
)
FIELD_RECORDS = sheet(
    Sheet(
        file=checking.FIELD_RECORDS,
        register="monitoring.field_record",
        clause="T02",
        rights=CITY_CLERKS,
        check_records=check_records,
        preview=preview_records,
        commit=commit_records,
        guidance="HJ/T 166-2004 采样现场记录。样品编码在任务下达时分配。",
    )
)
RECEIPTS = sheet(
    Sheet(
        file=checking.RECEIPTS,
        register="registers.package",
        clause="T02",
        rights=RECEIVING,
        check_records=check_receipt,
        preview=preview_receipt,
        commit=commit_receipt,
        guidance="接收平台对上报包逐点位（耕地类别调整为逐单元）的答复。",
    )
)
