"""Networks, points, campaigns, planned points, field records."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from jingtu.chapters.monitoring.workflow import CAMPAIGN
from jingtu.evidence.models import Sample
from jingtu.land.models import Region
from jingtu.registers.history import tracked
from jingtu.registers.models import Dossier


class PointKind(models.TextChoices):
    """Why a point is there."""

    BASE = "base", _("基础点位")
    RISK = "risk", _("风险监控点位")
    BACKGROUND = "background", _("背景点位")


@tracked()
class Network(models.Model):
    """A monitoring network: the national one and the provincial one."""

    code = models.CharField(_("监测网代码"), max_length=20, unique=True)
    name = models.CharField(_("监测网"), max_length=60)
    owner = models.CharField(_("建设单位"), max_length=60)

    class Meta:
        verbose_name = _("监测网")

    def __str__(self) -> str:
        return str(self.name)


@tracked()
class Point(models.Model):
    """A place that is measured again and again."""

    code = models.CharField(_("点位编码"), max_length=30, unique=True)
    name = models.CharField(_("点位名称"), max_length=80)
    network = models.ForeignKey(Network, models.PROTECT, related_name="points", verbose_name=_("监测网"))
    kind = models.CharField(_("点位类型"), max_length=12, choices=PointKind)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    geom = models.PointField(_("位置"), srid=4490)
    land_use = models.CharField(_("土地利用"), max_length=30)
    established_on = models.DateField(_("设立日期"))
    ended_on = models.DateField(_("停用日期"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("监测点位")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def longitude(self) -> float:
        """Degrees east, CGCS2000."""
        return float(self.geom.x)

    @property
    def latitude(self) -> float:
        """Degrees north, CGCS2000."""
        return float(self.geom.y)


@tracked()
class Campaign(models.Model):
    """A round of measuring a network: which points, which analytes, by when."""

    name = models.CharField(_("监测任务"), max_length=80, unique=True)
    network = models.ForeignKey(Network, models.PROTECT, verbose_name=_("监测网"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    year = models.IntegerField(_("年度"))
    analytes = ArrayField(models.CharField(max_length=20), verbose_name=_("检测项目"))
    due_on = models.DateField(_("完成期限"))
    state = models.CharField(_("状态"), max_length=20, default="draft")
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("监测任务")
        triggers: ClassVar = CAMPAIGN.guards()

    def __str__(self) -> str:
        return str(self.name)


@tracked()
class PlannedPoint(models.Model):
    """A point in a campaign. Its sample codes are drawn when the campaign is issued."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="planned_points", verbose_name=_("监测任务"))
    point = models.ForeignKey(Point, models.PROTECT, related_name="planned_points", verbose_name=_("监测点位"))
    planned_on = models.DateField(_("列入计划日期"))
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("计划点位")
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "point"], name="planned_point_once")]

    def __str__(self) -> str:
        return str(self.point)


class Stage(models.Model):
    """How far each planned point is as of the asked day: a view over samples, handovers, results and receipts."""

    planned_point = models.OneToOneField(
        PlannedPoint, models.DO_NOTHING, primary_key=True, db_column="planned_point_id", related_name="progress"
    )
    campaign = models.ForeignKey(Campaign, models.DO_NOTHING)
    point = models.ForeignKey(Point, models.DO_NOTHING)
    region_code = models.CharField(max_length=6)
    sampled_on = models.DateField(null=True)
    handed_on = models.DateField(null=True)
    analysed_on = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)
    uploaded_on = models.DateField(null=True)
    stage = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "monitoring_stage"


@tracked()
class FieldRecord(models.Model):
    """What was written down where a sample was taken (HJ/T 166 field record)."""

    planned_point = models.ForeignKey(PlannedPoint, models.PROTECT, related_name="records", verbose_name=_("计划点位"))
    sample = models.OneToOneField(Sample, models.PROTECT, related_name="field_record", verbose_name=_("样品"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, verbose_name=_("导入卷宗"))
    taken_on = models.DateField(_("采样日期"))
    weather = models.CharField(_("天气状况"), max_length=30, blank=True)
    location = models.PointField(_("实测位置"), srid=4490)
    distance_m = models.DecimalField(_("距点位距离"), max_digits=8, decimal_places=1)
    depth_top_cm = models.DecimalField(_("采样深度上"), max_digits=5, decimal_places=1)
    depth_bottom_cm = models.DecimalField(_("采样深度下"), max_digits=5, decimal_places=1)
    soil_colour = models.CharField(_("颜色"), max_length=30)
    soil_moisture = models.CharField(_("湿度"), max_length=30)
    soil_roots = models.CharField(_("植物根系"), max_length=30)
    soil_texture = models.CharField(_("土壤质地"), max_length=30)
    land_use = models.CharField(_("土地利用"), max_length=30)
    crop = models.CharField(_("种植作物"), max_length=40, blank=True)
    sampler = models.CharField(_("采样人"), max_length=40)
    checker = models.CharField(_("校核人"), max_length=40)
    recorded_at = models.DateTimeField(_("入库时间"))

    row_reach = """planned_point_id IN (
        SELECT p.id FROM monitoring_plannedpoint p JOIN monitoring_point o ON o.id = p.point_id
        WHERE jingtu_sees(o.region_id))"""

    class Meta:
        verbose_name = _("采样记录")

    def __str__(self) -> str:
        return f"{self.sample} {self.taken_on}"
