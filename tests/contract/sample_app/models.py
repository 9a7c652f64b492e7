"""Wells, memos and permits."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models

from jingtu.land.models import Region
from jingtu.registers.history import tracked
from tests.contract.sample_app.workflow import PERMIT


@tracked()
class Well(models.Model):
    """A plain thing with a place."""

    code = models.CharField("井号", max_length=20, unique=True)
    name = models.CharField("井名", max_length=40)
    use = models.CharField("用途", max_length=20)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="行政区")
    geom = models.PointField("位置", srid=4490)
    depth_m = models.DecimalField("井深", max_digits=6, decimal_places=1)
    dug_on = models.DateField("成井日期")
    closed_on = models.DateField("封填日期", null=True, blank=True)
    recorded_at = models.DateTimeField("记录时间")

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = "水井"

    def __str__(self) -> str:
        return str(self.code)


@tracked()
class Memo(models.Model):
    """A plain thing without a place."""

    title = models.CharField("标题", max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="行政区")
    written_on = models.DateField("日期")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "便函"

    def __str__(self) -> str:
        return str(self.title)


@tracked()
class Permit(models.Model):
    """Something that goes through states."""

    number = models.CharField("编号", max_length=20, unique=True)
    subject = models.CharField("事由", max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="行政区")
    state = models.CharField("状态", max_length=20, default="draft")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "许可"
        triggers: ClassVar = PERMIT.guards()

    def __str__(self) -> str:
        return str(self.number)
