"""Writes of task 2: points, campaigns, field records, hand-over of samples, upload packages."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point as Place
from django.utils.translation import gettext as _

from jingtu.chapters.monitoring import facts
from jingtu.chapters.monitoring.models import Campaign, FieldRecord, Network, PlannedPoint, Point, Stage
from jingtu.chapters.monitoring.workflow import CAMPAIGN
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Handover, Laboratory, Result, Sample, SampleKind
from jingtu.registers import ledger, outbox, workflow
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Document, Package
from jingtu.registers.outbox import Item
from jingtu.registers.reach import Reach

UPLOAD_TARGET = "国家土壤环境监测网数据平台"
UPLOAD_FIELD_MAP = "draft-2021-1"
UPLOAD_COLUMNS = (
    "点位编码", "县级行政区代码", "经度", "纬度", "土地利用", "样品编码", "采样日期", "检测项目", "检测结果", "单位",
    "限定符", "检出限", "检测方法", "检测机构", "分析日期", "质控标记", "检测报告编号",
)  # fmt: skip
DUPLICATE_EVERY = 10


def found_network(code: str, name: str, owner: str, *, by: Reach, on: date) -> Network:
    """Enter a monitoring network."""
    with ledger.deed(
        "monitoring.network.founded", by=by, on=on, register="monitoring.network", region=by.region_code
    ) as doing:
        network = Network.objects.create(code=code, name=name, owner=owner)
        doing.subject_id = str(network.pk)
        doing.sentence = _("登记监测网“%(name)s”") % {"name": name}
    return network


def enter_points(rows: Sequence[Mapping[str, Any]], doing: Deed, *, demonstration: bool = False) -> dict[str, int]:
    """Add points, or bring those already there up to date, inside the deed that accepted the dossier."""
    networks = {network.code: network for network in Network.objects.all()}
    known = facts.points_by_code(row["code"] for row in rows)
    made: list[Point] = []
    changed: list[Point] = []
    for row in rows:
        point = known.get(row["code"]) or Point(code=row["code"], recorded_at=doing.recorded_at)
        point.name, point.kind, point.land_use = row["name"], row["kind"], row["land_use"]
        point.network, point.region_id = networks[row["network"]], row["county_code"]
        point.established_on = row["established_on"]
        point.geom = Place(float(row["lon"]), float(row["lat"]), srid=4490)
        point.is_demonstration = demonstration
        (changed if point.pk else made).append(point)
    Point.objects.bulk_create(made)
    fields = ["name", "kind", "land_use", "network", "region", "established_on", "geom"]
    Point.objects.bulk_update(changed, fields)
    return {"made": len(made), "changed": len(changed)}


def plan_campaign(
    name: str, network: Network, analytes: Sequence[str], due_on: date, *, by: Reach, on: date
) -> Campaign:
    """Draft a campaign over all points of a network that stand on the day."""
    with ledger.deed(
        "monitoring.campaign.planned", by=by, on=on, register=CAMPAIGN.register, region=by.region_code
    ) as doing:
        campaign = Campaign.objects.create(
            name=name,
            network=network,
            region_id=by.region_code,
            year=due_on.year,
            analytes=list(analytes),
            due_on=due_on,
            recorded_at=doing.recorded_at,
        )
        standing = network.points.filter(established_on__lte=on, ended_on__isnull=True)
        PlannedPoint.objects.bulk_create(
            [
                PlannedPoint(campaign=campaign, point=point, planned_on=on, recorded_at=doing.recorded_at)
                for point in standing.order_by("code")
            ]
        )
        workflow.begin(CAMPAIGN, campaign, doing)
        doing.subject_id = str(campaign.pk)
        doing.sentence = _("拟定%(name)s，计划点位 %(count)d 个") % {"name": name, "count": standing.count()}
    return campaign


def issue_campaign(
    campaign: Campaign, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Campaign:
    """Issue a campaign: every planned point gets a coded sample, every tenth a blind duplicate."""

    def effect(record: Campaign, doing: Deed) -> None:
        planned = list(record.planned_points.select_related("point").order_by("point__code"))
        _draw_samples(planned, doing)

    return workflow.move(
        CAMPAIGN, campaign, "issue",
        by=by, on=on, region=campaign.region_id, reason=reason, documents=documents, effect=effect,
    )  # fmt: skip


def close_campaign(
    campaign: Campaign, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Campaign:
    """End a campaign."""
    return workflow.move(
        CAMPAIGN, campaign, "close", by=by, on=on, region=campaign.region_id, reason=reason, documents=documents
    )


def _draw_samples(planned: Sequence[PlannedPoint], doing: Deed) -> None:
    codes = evidence.draw_codes(2 * len(planned), doing.on.year)
    routine = [_sample(next(codes), SampleKind.ROUTINE, each, doing) for each in planned]
    Sample.objects.bulk_create(routine)
    twins = [
        _sample(next(codes), SampleKind.DUPLICATE, each, doing, parent)
        for each, parent in list(zip(planned, routine, strict=True))[::DUPLICATE_EVERY]
    ]
    Sample.objects.bulk_create(twins)


def _sample(code: str, kind: SampleKind, planned: PlannedPoint, doing: Deed, parent: Sample | None = None) -> Sample:
    return Sample(
        code=code,
        kind=kind,
        region_id=planned.point.region_id,
        parent=parent,
        origin_register=facts.PLANNED_POINT,
        origin_id=planned.pk,
        recorded_at=doing.recorded_at,
    )


def enter_field_records(records: Sequence[FieldRecord], doing: Deed) -> dict[str, int]:
    """Insert field records and date their samples (and the blind duplicates taken with them)."""
    FieldRecord.objects.bulk_create(records)
    for record in records:
        same_place = Sample.objects.filter(origin_register=facts.PLANNED_POINT, origin_id=record.planned_point_id)
        same_place.update(taken_on=record.taken_on, land_use=record.land_use)
    return {"records": len(records)}


def hand_over(
    campaign: Campaign, laboratory: Laboratory, region: str, *, by: Reach, on: date, controls: Sequence[Sample] = ()
) -> Handover:
    """Hand a region's sampled but not yet handed samples, with the controls put among them, to a laboratory."""
    planned = campaign.planned_points.filter(point__region__code__startswith=_digits(region)).values_list(
        "pk", flat=True
    )
    waiting = facts.samples_of(planned).filter(taken_on__isnull=False, handovers__isnull=True).order_by("code")
    samples = sorted([*waiting, *controls], key=lambda sample: sample.code)
    return evidence.prepare_handover(laboratory, samples, campaign.analytes, by=by, on=on, region=region)


def _digits(region: str) -> str:
    return region[:4] if region.endswith("00") else region


def build_package(campaign: Campaign, *, by: Reach, on: date) -> Package:
    """Make the upload package of a campaign's reviewed points that were not uploaded yet."""
    ready = list(facts.ready_to_upload(campaign).order_by("point__code"))
    if not ready:
        raise ledger.DeedRefused(_("没有审核通过而未上报的点位，不能生成上报包。"))
    content = _package_content(ready)
    items = [Item(stage.point.code, facts.PLANNED_POINT, stage.planned_point_id) for stage in ready]
    return outbox.make(
        content, f"{campaign.name}-上报.csv", items,
        target=UPLOAD_TARGET, kind=campaign.name, field_map=UPLOAD_FIELD_MAP, by=by, on=on,
    )  # fmt: skip


def _package_content(ready: Sequence[Stage]) -> bytes:
    origin = {stage.planned_point_id: stage.point for stage in ready}
    rows = (
        Result.objects.filter(
            sample__origin_register=facts.PLANNED_POINT,
            sample__origin_id__in=origin,
            sample__kind=SampleKind.ROUTINE,
            batch__state="reviewed",
        )
        .select_related("sample", "batch__laboratory")
        .order_by("sample__code", "analyte", "replicate")
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(UPLOAD_COLUMNS)
    for row in rows:
        writer.writerow(_package_row(origin[row.sample.origin_id], row))
    return out.getvalue().encode("utf-8-sig")


def _package_row(point: Point, row: Result) -> list[Any]:
    return [
        point.code, point.region_id, f"{point.longitude:.6f}", f"{point.latitude:.6f}", row.sample.land_use,
        row.sample.code, row.sample.taken_on, row.analyte, "" if row.value is None else f"{row.value.normalize():f}",
        row.unit, row.qualifier, "" if row.detection_limit is None else f"{row.detection_limit.normalize():f}",
        row.method, row.batch.laboratory.name, row.analysed_on, row.flag, row.batch.number,
    ]  # fmt: skip
