"""Strict control of class III units: zones, patrols and what they found, change of use, subsidies."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.models.units import Unit
from jingtu.chapters.farmland.workflow import CONTROL_USE, PLANTING, ZONE
from jingtu.land.models import Region
from jingtu.registers.history import tracked


@tracked()
class Zone(models.Model):
    """A zone where named products may not be grown (by law 特定农产品禁止生产区域), with its sign board."""

    number = models.CharField(_("管控区编号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    geom = models.MultiPolygonField(_("边界"), srid=4490)
    banned_products = ArrayField(models.CharField(max_length=30), verbose_name=_("禁止种植的产品"))
    target_analytes = ArrayField(models.CharField(max_length=20), verbose_name=_("主要污染物"))
    proposed_on = models.DateField(_("建议日期"))
    approval_number = models.CharField(_("批准文号"), max_length=60, blank=True)
    approved_by = models.CharField(_("批准机关"), max_length=120, blank=True)
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    board_on = models.DateField(_("标志牌设立日期"), null=True, blank=True)
    board_place = models.PointField(_("标志牌位置"), srid=4490, null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, default="draft")
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("严格管控区")
        indexes: ClassVar = [GistIndex(fields=["geom"])]
        triggers: ClassVar = ZONE.guards()

    def __str__(self) -> str:
        return str(self.name)

    @property
    def board_longitude(self) -> float | None:
        """Degrees east of the sign board, CGCS2000."""
        return float(self.board_place.x) if self.board_place else None

    @property
    def board_latitude(self) -> float | None:
        """Degrees north of the sign board, CGCS2000."""
        return float(self.board_place.y) if self.board_place else None


@tracked()
class ZoneUnit(models.Model):
    """A class III unit that a zone covers."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="units", verbose_name=_("严格管控区"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="zones", verbose_name=_("耕地单元"))

    class Meta:
        verbose_name = _("管控区内单元")
        constraints: ClassVar = [models.UniqueConstraint(fields=["zone", "unit"], name="zone_unit_once")]

    def __str__(self) -> str:
        return f"{self.zone} {self.unit}"


@tracked()
class Patrol(models.Model):
    """A patrol through a zone: when, by whom, what was seen."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="patrols", verbose_name=_("严格管控区"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    patrolled_on = models.DateField(_("巡查日期"))
    patrolled_by = models.CharField(_("巡查人"), max_length=60)
    means = models.CharField(_("巡查方式"), max_length=20)
    found = models.TextField(_("巡查情况"))
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("巡查记录")

    def __str__(self) -> str:
        return f"{self.zone} {self.patrolled_on}"


@tracked()
class Planting(models.Model):
    """An edible crop found growing inside a zone: a finding that enforcement can read, until it is put right."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="plantings", verbose_name=_("巡查记录"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    crop = models.CharField(_("作物"), max_length=30)
    area_mu = models.DecimalField(_("面积"), max_digits=14, decimal_places=4)
    place = models.PointField(_("位置"), srid=4490)
    found_on = models.DateField(_("发现日期"))
    rectified_on = models.DateField(_("整改完成日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, default="open")
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = _("违规种植发现")
        triggers: ClassVar = PLANTING.guards()

    def __str__(self) -> str:
        return f"{law.codes('crop').label(self.crop)} {self.found_on}"

    @property
    def longitude(self) -> float | None:
        """Degrees east, CGCS2000."""
        return float(self.place.x) if self.place else None

    @property
    def latitude(self) -> float | None:
        """Degrees north, CGCS2000."""
        return float(self.place.y) if self.place else None


class ControlKind(models.TextChoices):
    """How the use of a strictly controlled unit changes."""

    STRUCTURE = "structure", _("种植结构调整")
    ROTATION = "rotation", _("轮作")
    FALLOW = "fallow", _("休耕")
    FOREST = "forest", _("退耕还林还草")
    WETLAND = "wetland", _("退耕还湿")


@tracked()
class ControlUse(models.Model):
    """A change of use on a unit: structure, rotation, fallow, return to forest (confirmed by forestry)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="control_uses", verbose_name=_("耕地单元"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    kind = models.CharField(_("方式"), max_length=12, choices=ControlKind)
    year = models.IntegerField(_("年度"))
    area_mu = models.DecimalField(_("面积"), max_digits=14, decimal_places=4)
    from_crop = models.CharField(_("原种植"), max_length=60)
    to_crop = models.CharField(_("现用途"), max_length=60)
    done_on = models.DateField(_("落实日期"))
    confirmed_on = models.DateField(_("确认日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, default="recorded")
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("管控利用")
        triggers: ClassVar = CONTROL_USE.guards()

    def __str__(self) -> str:
        return f"{self.unit} {self.year} {ControlKind(self.kind).label}"


@tracked()
class Subsidy(models.Model):
    """Money paid for a change of use: amount, voucher, day."""

    control_use = models.ForeignKey(ControlUse, models.PROTECT, related_name="subsidies", verbose_name=_("管控利用"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    amount_yuan = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    recipient = models.CharField(_("领取人"), max_length=60)
    paid_on = models.DateField(_("兑付日期"))
    voucher = models.CharField(_("凭证号"), max_length=60)
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = _("补贴兑付")

    def __str__(self) -> str:
        return str(self.voucher)
