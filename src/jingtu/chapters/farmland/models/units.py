"""Farmland units (耕地单元): identity, versions with boundary and class, lineage; the yearly land change layer."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Region
from jingtu.registers.history import tracked
from jingtu.registers.models import Dossier


class LandClass(models.TextChoices):
    """The class of farmland by the quality of its soil; blank while it was not classed."""

    PRIORITY = "I", _("优先保护类")
    SAFE_USE = "II", _("安全利用类")
    STRICT = "III", _("严格管控类")


class PollutionDegree(models.TextChoices):
    """How polluted the census or the detailed survey found a unit; blank while it is not on record."""

    SLIGHT = "slight", _("轻微")
    MODERATE = "moderate", _("轻中度")
    HEAVY = "heavy", _("重度")


ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ"}


class Origin(models.TextChoices):
    """Where a unit comes from."""

    DETAILED_SURVEY = "detailed_survey", _("详查单元")
    RECLAIMED = "reclaimed", _("新开垦耕地")
    DIVIDED = "divided", _("拆分合并形成")
    OTHER = "other", _("其他")


class Change(models.TextChoices):
    """Why a version of a unit began."""

    ENTERED = "entered", _("建档")
    SPLIT = "split", _("拆分")
    MERGED = "merged", _("合并")
    BOUNDARY = "boundary", _("边界变更")
    FACTS = "facts", _("属性更新")
    ADJUSTED = "adjusted", _("类别调整")


@tracked()
class Unit(models.Model):
    """A farmland unit: its identity is the county code and a serial, for ever; what it is stands in its versions."""

    number = models.CharField(_("单元编号"), max_length=12, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    origin = models.CharField(_("来源"), max_length=20, choices=Origin)
    begun_on = models.DateField(_("建档日期"))
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("耕地单元")

    def __str__(self) -> str:
        return str(self.number)


@tracked(inserts=False)
class UnitVersion(models.Model):
    """A unit from a day until the next version begins: boundary, use, crops, class.

    ``until_on`` and ``until_recorded_at`` are set together when the next version begins or the unit ends, so that the
    version of any day, as known on any day, is one comparison away (the view ``farmland_standing``).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions", verbose_name=_("耕地单元"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    version = models.IntegerField(_("版本"))
    change = models.CharField(_("变化"), max_length=12, choices=Change)
    from_on = models.DateField(_("起始日期"))
    until_on = models.DateField(_("截止日期"), null=True, blank=True)
    until_recorded_at = models.DateTimeField(null=True, blank=True)
    geom = models.MultiPolygonField(_("边界"), srid=4490)
    township = models.CharField(_("乡镇"), max_length=60, blank=True)
    village = models.CharField(_("村"), max_length=60)
    stated_area_mu = models.DecimalField(_("登记面积"), max_digits=14, decimal_places=4)
    computed_area_m2 = models.DecimalField(_("图形面积"), max_digits=16, decimal_places=2)
    land_use = models.CharField(_("土地利用"), max_length=30)
    crops = ArrayField(models.CharField(max_length=30), verbose_name=_("主要作物"), default=list, blank=True)
    target_analytes = ArrayField(
        models.CharField(max_length=20), verbose_name=_("目标污染物"), default=list, blank=True
    )
    land_class = models.CharField(_("类别"), max_length=3, choices=LandClass, blank=True)
    pollution_degree = models.CharField(_("污染程度"), max_length=8, choices=PollutionDegree, blank=True)
    adjustment_item = models.ForeignKey(
        "farmland.AdjustmentItem", models.PROTECT, null=True, blank=True, verbose_name=_("类别调整")
    )
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, verbose_name=_("导入卷宗"))
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("单元版本")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "version"], name="unit_version_once"),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="unit_version_forward",
            ),
        ]
        indexes: ClassVar = [GistIndex(fields=["geom"]), models.Index(fields=["region", "land_class"])]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The printed code: number and Ⅰ, Ⅱ or Ⅲ, as the class of this version is."""
        return f"{self.unit.number}{ROMAN.get(self.land_class, '')}"


class Standing(models.Model):
    """The version of each unit that stands on the asked day as known then: a view."""

    version = models.OneToOneField(UnitVersion, models.DO_NOTHING, primary_key=True, related_name="+")
    unit = models.OneToOneField(Unit, models.DO_NOTHING, related_name="standing_version")
    region_code = models.CharField(max_length=6)
    land_class = models.CharField(max_length=3, choices=LandClass, blank=True)
    stated_area_mu = models.DecimalField(max_digits=14, decimal_places=4)
    computed_area_m2 = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        managed = False
        db_table = "farmland_standing"


@tracked()
class Lineage(models.Model):
    """From which unit a unit came, by splitting or merging, and how much ground they share."""

    ancestor = models.ForeignKey(Unit, models.PROTECT, related_name="descendants", verbose_name=_("原单元"))
    descendant = models.ForeignKey(Unit, models.PROTECT, related_name="ancestors", verbose_name=_("新单元"))
    change = models.CharField(_("变化"), max_length=12, choices=Change)
    on = models.DateField(_("日期"))
    shared_area_m2 = models.DecimalField(_("重合面积"), max_digits=16, decimal_places=2)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("单元沿革")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], name="lineage_once"),
        ]


@tracked()
class LandChange(models.Model):
    """A patch of the yearly land change survey whose use changed: it may take ground out of farmland or into it."""

    number = models.CharField(_("图斑编号"), max_length=40)
    year = models.IntegerField(_("年度"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    geom = models.MultiPolygonField(_("图斑"), srid=4490)
    from_use = models.CharField(_("变更前地类"), max_length=40)
    to_use = models.CharField(_("变更后地类"), max_length=40)
    changed_on = models.DateField(_("变更日期"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, verbose_name=_("导入卷宗"))
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("用途变更图斑")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "region", "number"], name="land_change_once"),
        ]
        indexes: ClassVar = [GistIndex(fields=["geom"])]

    def __str__(self) -> str:
        return str(self.number)
