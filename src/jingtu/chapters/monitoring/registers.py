"""The registers of task 2."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.monitoring import actions, screens
from jingtu.chapters.monitoring.models import Campaign, FieldRecord, Network, PlannedPoint, Point, PointKind
from jingtu.chapters.monitoring.workflow import CAMPAIGN, STAGES
from jingtu.land.models import Role
from jingtu.registers.clock import Clock
from jingtu.registers.declare import (
    Column,
    FormLine,
    Layer,
    Panel,
    Register,
    Related,
    Section,
    offer,
    register,
)
from jingtu.registers.filters import RegionFilter
from jingtu.registers.reach import Reach, ReachBy, Right

CHAPTER = "monitoring"
CAMPAIGN_STATES = {name: str(state.label) for name, state in CAMPAIGN.states.items()}
STAGE_LABELS = {name: str(state.label) for name, state in STAGES.items()}
KINDS = {value: str(label) for value, label in PointKind.choices}
LAND_USES = {code.code: code.label_zh for code in law.codes("land_use")}
SOIL = {
    name: {code.code: code.label_zh for code in law.codes(name)}
    for name in ("soil_colour", "soil_moisture", "soil_roots", "soil_texture")
}
ANALYTES = {analyte.code: f"{analyte.name_zh}({analyte.symbol})" for analyte in law.analytes()}


def network_choices() -> list[tuple[int, str]]:
    """The networks, for filters."""
    return list(Network.objects.order_by("code").values_list("pk", "name"))


def owner_choices() -> list[tuple[str, str]]:
    """Who built the networks, for filters."""
    return [(owner, owner) for owner in Network.objects.order_by("owner").values_list("owner", flat=True).distinct()]


@register
class NetworkRegister(Register):
    """Monitoring networks, and how many points of each stand on the asked day."""

    name = "monitoring.network"
    model = Network
    chapter = CHAPTER
    title = _("监测网")
    noun = _("监测网")
    clause = "T02"
    columns = (
        Column("name", _("监测网"), "link"),
        Column("code", _("监测网代码")),
        Column("owner", _("建设单位")),
        Column("point_count", _("在用点位数"), "number"),
    )
    filters = {"owner": django_filters.ChoiceFilter(label=_("建设单位"), choices=owner_choices)}
    search = ("code", "name", "owner")
    panels = (
        Panel(
            _("监测网"),
            (
                Column("name", _("监测网")),
                Column("code", _("监测网代码")),
                Column("owner", _("建设单位")),
                Column("point_count", _("在用点位数"), "number"),
            ),
        ),
    )
    related = (
        Related(_("监测任务"), "monitoring.campaign", "network_id"),
        Related(_("监测点位"), "monitoring.point", "network_id"),
    )
    reach = ReachBy(shared=True)
    ordering = "code"
    empty = _("还没有登记监测网。")

    def rows(self, reach: Reach, clock: Clock) -> QuerySet[Any]:
        """The networks, each with the number of its points that stood on the asked day and were known by then."""
        standing = Q(points__established_on__lte=clock.on, points__recorded_at__lt=clock.known_until) & (
            Q(points__ended_on__isnull=True) | Q(points__ended_on__gte=clock.on)
        )
        return super().rows(reach, clock).annotate(point_count=Count("points", filter=standing))


@register
class CampaignRegister(Register):
    """Rounds of measuring."""

    name = "monitoring.campaign"
    model = Campaign
    chapter = CHAPTER
    title = _("监测任务")
    noun = _("监测任务")
    clause = "T02"
    columns = (
        Column("name", _("监测任务"), "link"),
        Column("network", _("监测网"), path="network__name"),
        Column("year", _("年度"), "plain"),
        Column("due_on", _("完成期限"), "date"),
        Column("standing", _("状态"), "state", choices=CAMPAIGN_STATES),
    )
    filters = {"standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(CAMPAIGN_STATES.items()))}
    search = ("name",)
    panels = (
        Panel(
            _("监测任务"),
            (
                Column("name", _("监测任务")),
                Column("network", _("监测网")),
                Column("year", _("年度"), "plain"),
                Column("analytes", _("检测项目"), "list", choices=ANALYTES),
                Column("due_on", _("完成期限"), "date"),
            ),
        ),
    )
    related = (
        Related(
            _("计划点位"),
            "monitoring.planned_point",
            "campaign_id",
            ("code", "county", "sampled_on", "reviewed_on", "uploaded_on", "stage"),
        ),
    )
    workflow = CAMPAIGN
    deeds = {"issue": actions.issue_campaign, "close": actions.close_campaign}
    openings = (screens.PLAN,)
    tools = (screens.HAND_OVER, screens.PACK)
    downloads = (screens.FIELD_SHEET,)
    ordering = "name"
    reach = ReachBy(region="region_id", shared=True)
    empty = _("还没有监测任务。")


@register
class PlannedPointRegister(Register):
    """Points of a campaign and how far each is."""

    name = "monitoring.planned_point"
    model = PlannedPoint
    chapter = CHAPTER
    title = _("计划点位")
    noun = _("计划点位")
    clause = "T02"
    columns = (
        Column("code", _("点位编码"), "link", path="point__code"),
        Column("point", _("点位名称"), path="point__name"),
        Column("city", _("设区市"), path="point__region__parent__name"),
        Column("county", _("县（市、区）"), path="point__region__name"),
        Column("campaign", _("监测任务"), path="campaign__name"),
        Column("sampled_on", _("采样"), "date", path="progress__sampled_on"),
        Column("handed_on", _("送检"), "date", path="progress__handed_on"),
        Column("analysed_on", _("分析完成"), "date", path="progress__analysed_on"),
        Column("reviewed_on", _("审核通过"), "date", path="progress__reviewed_on"),
        Column("uploaded_on", _("上报"), "date", path="progress__uploaded_on"),
        Column("stage", _("进度"), "state", path="progress__stage", choices=STAGE_LABELS),
    )
    filters = {
        "region": RegionFilter(field_name="point__region", label=_("行政区")),
        "network": django_filters.ChoiceFilter(
            field_name="campaign__network_id", label=_("监测网"), choices=network_choices
        ),
        "stage": django_filters.ChoiceFilter(
            field_name="progress__stage", label=_("进度"), choices=list(STAGE_LABELS.items())
        ),
    }
    search = ("point__code", "point__name", "point__region__name")
    panels = (
        Panel(
            _("点位"),
            (
                Column("point", _("监测点位"), "record:monitoring.point"),
                Column("region", _("县（市、区）"), path="point__region"),
                Column("campaign", _("监测任务"), "record:monitoring.campaign"),
                Column("due_on", _("完成期限"), "date", path="campaign__due_on"),
            ),
        ),
        Panel(
            _("进度"),
            (
                Column("stage", _("进度"), "state", path="progress__stage", choices=STAGE_LABELS),
                Column("sampled_on", _("采样"), "date", path="progress__sampled_on"),
                Column("handed_on", _("送检"), "date", path="progress__handed_on"),
                Column("analysed_on", _("分析完成"), "date", path="progress__analysed_on"),
                Column("reviewed_on", _("审核通过"), "date", path="progress__reviewed_on"),
                Column("uploaded_on", _("上报"), "date", path="progress__uploaded_on"),
            ),
        ),
    )
    related = (Related(_("采样记录"), "monitoring.field_record", "planned_point_id"),)
    reach = ReachBy(region="point__region_id")
    ordering = "point__code"
    states = STAGES
    layer = Layer(geometry="point__geom", label="point__name", state="progress__stage")
    from_on = "planned_on"
    recorded_at = "recorded_at"
    empty = _("还没有计划点位。任务下达后，这里按点位显示进度。")


@register
class PointRegister(Register):
    """Points of the monitoring networks."""

    name = "monitoring.point"
    model = Point
    chapter = CHAPTER
    title = _("监测点位")
    noun = _("监测点位")
    clause = "T02"
    columns = (
        Column("code", _("点位编码"), "link"),
        Column("name", _("点位名称")),
        Column("network", _("监测网"), path="network__name"),
        Column("kind", _("点位类型"), choices=KINDS),
        Column("city", _("设区市"), path="region__parent__name"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("land_use", _("土地利用"), choices=LAND_USES),
        Column("established_on", _("设立日期"), "date"),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "network": django_filters.ChoiceFilter(field_name="network_id", label=_("监测网"), choices=network_choices),
        "kind": django_filters.ChoiceFilter(label=_("点位类型"), choices=PointKind.choices),
        "land_use": django_filters.ChoiceFilter(label=_("土地利用"), choices=list(LAND_USES.items())),
    }
    search = ("code", "name", "region__name")
    panels = (
        Panel(
            _("点位"),
            (
                Column("code", _("点位编码")),
                Column("name", _("点位名称")),
                Column("network", _("监测网")),
                Column("kind", _("点位类型"), choices=KINDS),
                Column("established_on", _("设立日期"), "date"),
                Column("ended_on", _("停用日期"), "date"),
            ),
        ),
        Panel(
            _("位置"),
            (
                Column("region", _("县（市、区）")),
                Column("longitude", _("经度"), "degrees", unit="°"),
                Column("latitude", _("纬度"), "degrees", unit="°"),
                Column("land_use", _("土地利用"), choices=LAND_USES),
            ),
        ),
    )
    sections = (
        Section(
            _("点位"),
            (
                FormLine("name", _("点位编码和位置是点位的身份，不在此修改；位置有误的，停用后另设点位。")),
                FormLine("kind"),
                FormLine("land_use", _("按现场实际用途填写。"), LAND_USES),
            ),
        ),
        Section(
            _("起止"),
            (
                FormLine("established_on"),
                FormLine("ended_on", _("点位不再监测时填写；已停用的点位不再列入新的监测任务，历次结果照常保留。")),
            ),
        ),
    )
    related = (
        Related(
            _("历次监测"),
            "monitoring.planned_point",
            "point_id",
            ("code", "campaign", "sampled_on", "uploaded_on", "stage"),
        ),
    )
    rights = (
        Right(Role.CLERK, "import", levels=("province", "city")),
        Right(Role.CLERK, "edit", levels=("province", "city")),
    )
    sheets = ("monitoring.point",)
    ordering = "code"
    layer = Layer(geometry="geom", label="name")
    from_on = "established_on"
    recorded_at = "recorded_at"
    empty = _("还没有监测点位。请导入监测点位表。")

    def refusals(self, record: Point, on: date) -> Iterator[tuple[str, str]]:
        """A point is established before it ends, and neither lies ahead."""
        if record.established_on > on:
            yield "established_on", gettext("设立日期晚于业务日期，请核对。")
        if record.ended_on and record.ended_on < record.established_on:
            yield "ended_on", gettext("停用日期早于设立日期，请核对。")
        if record.ended_on and record.ended_on > on:
            yield "ended_on", gettext("停用日期晚于业务日期；尚未停用的点位请留空。")


@register
class FieldRecordRegister(Register):
    """What was written down where samples were taken."""

    name = "monitoring.field_record"
    model = FieldRecord
    chapter = CHAPTER
    title = _("采样记录")
    noun = _("采样记录")
    clause = "T02"
    columns = (
        Column("sample", _("样品编码"), "link", path="sample__code"),
        Column("point", _("点位编码"), path="planned_point__point__code"),
        Column("county", _("县（市、区）"), path="planned_point__point__region__name"),
        Column("taken_on", _("采样日期"), "date"),
        Column("distance_m", _("距点位距离"), "number", unit="m"),
        Column("soil_texture", _("土壤质地"), choices=SOIL["soil_texture"]),
        Column("land_use", _("土地利用"), choices=LAND_USES),
        Column("sampler", _("采样人")),
    )
    filters = {"region": RegionFilter(field_name="planned_point__point__region", label=_("行政区"))}
    search = ("sample__code", "planned_point__point__code", "sampler")
    panels = (
        Panel(
            _("采样"),
            (
                Column("sample", _("样品编码")),
                Column("planned_point", _("计划点位"), "record:monitoring.planned_point"),
                Column("taken_on", _("采样日期"), "date"),
                Column("weather", _("天气状况")),
                Column("distance_m", _("距点位距离"), "number", unit="m"),
                Column("depth_top_cm", _("采样深度上"), "number", unit="cm"),
                Column("depth_bottom_cm", _("采样深度下"), "number", unit="cm"),
                Column("sampler", _("采样人")),
                Column("checker", _("校核人")),
                Column("dossier", _("导入卷宗"), "dossier"),
            ),
        ),
        Panel(
            _("土壤与利用"),
            (
                Column("soil_colour", _("颜色"), choices=SOIL["soil_colour"]),
                Column("soil_moisture", _("湿度"), choices=SOIL["soil_moisture"]),
                Column("soil_roots", _("植物根系"), choices=SOIL["soil_roots"]),
                Column("soil_texture", _("土壤质地"), choices=SOIL["soil_texture"]),
                Column("land_use", _("土地利用"), choices=LAND_USES),
                Column("crop", _("种植作物")),
            ),
        ),
    )
    reach = ReachBy(region="planned_point__point__region_id")
    sheets = ("monitoring.field_record",)
    from_on = "taken_on"
    recorded_at = "recorded_at"
    empty = _("还没有采样记录。请导入采样记录表。")


offer("registers.package", screens.RECEIPT_SHEET)
