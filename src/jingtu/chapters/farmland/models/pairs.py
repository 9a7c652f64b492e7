"""Paired evidence (协同监测): soil and crop of the same plot and season."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from jingtu.chapters.farmland.models.units import Unit
from jingtu.evidence.models import Sample
from jingtu.land.models import Region
from jingtu.registers.history import tracked
from jingtu.registers.models import Dossier


class Season(models.TextChoices):
    """The harvest to which a crop belongs."""

    SUMMER = "summer", _("夏收")
    AUTUMN = "autumn", _("秋收")


@tracked()
class Pair(models.Model):
    """One place sampled in one season, its soil and its crop; only both halves together are evidence.

    ``fault`` is what the pair rule says against two halves that are both there (too far apart, too many days apart), by
    the rule of the day they were recorded; blank while nothing is said against them.
    """

    code = models.CharField(_("点对编号"), max_length=40, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="pairs", verbose_name=_("耕地单元")
    )
    year = models.IntegerField(_("年度"))
    season = models.CharField(_("季别"), max_length=10, choices=Season)
    crop = models.CharField(_("作物"), max_length=30)
    variety = models.CharField(_("品种"), max_length=60, blank=True)
    soil_sample = models.OneToOneField(
        Sample, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("土壤样品")
    )
    crop_sample = models.OneToOneField(
        Sample, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("农产品样品")
    )
    soil_on = models.DateField(_("土壤采样日期"), null=True, blank=True)
    harvested_on = models.DateField(_("收获采样日期"), null=True, blank=True)
    soil_place = models.PointField(_("土壤采样位置"), srid=4490, null=True, blank=True)
    crop_place = models.PointField(_("农产品采样位置"), srid=4490, null=True, blank=True)
    depth_top_cm = models.DecimalField(_("采样深度上"), max_digits=5, decimal_places=1, null=True, blank=True)
    depth_bottom_cm = models.DecimalField(_("采样深度下"), max_digits=5, decimal_places=1, null=True, blank=True)
    fault = models.CharField(_("不能成对的原因"), max_length=40, blank=True)
    leader = models.CharField(_("采样组长"), max_length=40)
    sampler = models.CharField(_("采样人"), max_length=40)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, verbose_name=_("导入卷宗"))
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = _("协同监测点对")
        indexes: ClassVar = [GistIndex(fields=["soil_place"]), models.Index(fields=["unit", "year", "season"])]

    def __str__(self) -> str:
        return str(self.code)


class PairState(models.Model):
    """How far each pair is as of the asked day, and since when it is evidence: a view."""

    pair = models.OneToOneField(Pair, models.DO_NOTHING, primary_key=True, related_name="progress")
    region_code = models.CharField(max_length=6)
    unit = models.ForeignKey(Unit, models.DO_NOTHING, null=True, related_name="+")
    state = models.CharField(max_length=20)
    completed_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "farmland_pair_state"
