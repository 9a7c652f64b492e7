"""Questions about monitoring that other chapters and the faces may ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet

from jingtu.chapters.monitoring.models import Campaign, FieldRecord, Network, PlannedPoint, Point, Stage
from jingtu.evidence.models import Sample, SampleKind
from jingtu.registers.models import PackageItem
from jingtu.registers.reach import Reach, ReachBy

PLANNED_POINT = "monitoring.planned_point"


def samples_of(planned: Iterable[int]) -> QuerySet[Sample]:
    """The coded samples drawn for planned points, quality-control ones included."""
    return Sample.objects.filter(origin_register=PLANNED_POINT, origin_id__in=list(planned))


def to_be_sampled(campaign: Campaign, reach: Reach) -> list[tuple[Stage, Sample]]:
    """Planned points of a campaign still to be sampled within reach, each with the sample drawn for it."""
    waiting = ReachBy("region_code").within(Stage.objects.filter(campaign=campaign, stage="planned"), reach)
    stages = {stage.planned_point_id: stage for stage in waiting.select_related("point").order_by("point__code")}
    drawn = samples_of(stages).filter(kind=SampleKind.ROUTINE)
    return sorted(((stages[s.origin_id], s) for s in drawn), key=lambda pair: pair[0].point.code)


def planned_by_point_code(codes: Iterable[str]) -> dict[str, list[PlannedPoint]]:
    """The planned points of issued campaigns, by the code of their point."""
    found: dict[str, list[PlannedPoint]] = {}
    rows = PlannedPoint.objects.filter(point__code__in=set(codes), campaign__state="issued")
    for planned in rows.select_related("point__region", "campaign"):
        found.setdefault(planned.point.code, []).append(planned)
    return found


def networks() -> QuerySet[Network]:
    """The monitoring networks."""
    return Network.objects.order_by("code")


def planned_points(identities: Iterable[int]) -> list[PlannedPoint]:
    """These planned points with their points."""
    return list(PlannedPoint.objects.filter(pk__in=set(identities)).select_related("point").order_by("point__code"))


def points_by_code(codes: Iterable[str]) -> dict[str, Point]:
    """Points by their codes."""
    return {point.code: point for point in Point.objects.filter(code__in=set(codes))}


def recorded_samples(codes: Iterable[str]) -> set[str]:
    """Those of the sample codes that have a field record already."""
    rows = FieldRecord.objects.filter(sample__code__in=set(codes))
    return set(rows.values_list("sample__code", flat=True))


def ready_to_upload(campaign: Campaign) -> QuerySet[Stage]:
    """Planned points of a campaign that are reviewed, not yet uploaded and in no package that is still on its way."""
    under_way = PackageItem.objects.filter(
        register=PLANNED_POINT, accepted__isnull=True, package__state__in=("draft", "sent")
    ).values("subject_id")
    ready = Stage.objects.filter(campaign=campaign, stage="reviewed").exclude(planned_point_id__in=under_way)
    return ready.select_related("point")


@dataclass(frozen=True)
class SampledPoint:
    """A point as it was sampled once: its code, the sample, where and when, on which land use."""

    code: str
    sample: int
    place: tuple[float, float]
    land_use: str
    taken_on: date


def reviewed_points(box: Polygon | None = None) -> list[SampledPoint]:
    """Every sampling of a point (in a box) whose results were reviewed, by code and day."""
    records = FieldRecord.objects.filter(sample__results__batch__state="reviewed")
    return _sampled(records.filter(location__bboverlaps=box) if box else records)


def sampled_points(prefix: str, on: date, until: datetime) -> list[SampledPoint]:
    """Every sampling of a point in a region by a day, as far as it was on record before an instant."""
    records = FieldRecord.objects.filter(planned_point__point__region__code__startswith=prefix)
    return _sampled(records.filter(taken_on__lte=on, recorded_at__lt=until))


def points_of_batch(batch_id: int) -> list[SampledPoint]:
    """The samplings of which a batch holds results, reviewed or not."""
    return _sampled(FieldRecord.objects.filter(sample__results__batch_id=batch_id))


def _sampled(records: QuerySet[FieldRecord]) -> list[SampledPoint]:
    rows = records.select_related("planned_point__point").distinct().order_by("planned_point__point__code", "taken_on")
    return [
        SampledPoint(
            row.planned_point.point.code, row.sample_id, (row.location.x, row.location.y), row.land_use, row.taken_on
        )
        for row in rows
    ]
