"""Safe use of class II units: habits of cropping, plans, measures, exceeding crops, effect."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.models.pairs import Pair, Season
from jingtu.chapters.farmland.models.units import Unit
from jingtu.chapters.farmland.workflow import EXCEEDANCE, MEASURE, SAFE_USE_PLAN
from jingtu.land.models import Region
from jingtu.registers.history import tracked
from jingtu.registers.models import Dossier


@tracked()
class Cropping(models.Model):
    """What a county grows in a year and how: the ground on which safe-use plans are made."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    year = models.IntegerField(_("年度"))
    crop = models.CharField(_("作物"), max_length=30)
    varieties = models.CharField(_("主要品种"), max_length=120)
    area_mu = models.DecimalField(_("种植面积"), max_digits=14, decimal_places=2)
    season = models.CharField(_("季别"), max_length=10, choices=Season)
    habits = models.TextField(_("种植习惯"))
    surveyed_on = models.DateField(_("调查日期"))
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, verbose_name=_("导入卷宗"))
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("主要作物与种植习惯")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "year", "crop", "season"], name="cropping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year} {law.codes('crop').label(self.crop)}"


@tracked()
class SafeUsePlan(models.Model):
    """A county's or city's plan for the safe use of polluted farmland in a year, issued by document."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    year = models.IntegerField(_("年度"))
    title = models.CharField(_("方案名称"), max_length=120)
    summary = models.TextField(_("主要内容"))
    document_number = models.CharField(_("印发文号"), max_length=60, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, default="draft")
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("安全利用方案")
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "year"], name="safe_use_plan_once")]
        triggers: ClassVar = SAFE_USE_PLAN.guards()

    def __str__(self) -> str:
        return str(self.title)


class Variant(models.TextChoices):
    """Which of two kinds a measure is whose one code covers both: the one protects, the other is strict control."""

    TILLAGE = "tillage", _("少耕免耕")
    FALLOW = "fallow", _("休耕")


@tracked()
class Measure(models.Model):
    """A measure carried out on a unit in a season: code, area, by whom, with what; accepted by another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="measures", verbose_name=_("耕地单元"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    plan = models.ForeignKey(
        SafeUsePlan, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name=_("安全利用方案")
    )
    year = models.IntegerField(_("年度"))
    season = models.CharField(_("季别"), max_length=10, choices=Season)
    code = models.CharField(_("措施代码"), max_length=10)
    variant = models.CharField(_("少耕免耕或休耕"), max_length=10, choices=Variant, blank=True)
    area_mu = models.DecimalField(_("实施面积"), max_digits=14, decimal_places=4)
    carried_out_on = models.DateField(_("实施日期"))
    carried_out_by = models.CharField(_("实施主体"), max_length=120)
    material = models.CharField(_("农资"), max_length=120, blank=True)
    reason = models.TextField(_("选用理由"), blank=True)
    warnings = ArrayField(models.CharField(max_length=60), verbose_name=_("提示"), default=list, blank=True)
    accepted_on = models.DateField(_("验收日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, default="recorded")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, verbose_name=_("导入卷宗"))
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("措施落实")
        triggers: ClassVar = MEASURE.guards()

    def __str__(self) -> str:
        return f"{self.unit} {self.year} {law.codes('measure').label(self.code)}"


@tracked()
class Exceedance(models.Model):
    """A crop above its limit, and what becomes of the grain until the case is closed."""

    pair = models.OneToOneField(Pair, models.PROTECT, related_name="exceedance", verbose_name=_("协同监测点对"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    crop = models.CharField(_("作物"), max_length=30)
    analytes = ArrayField(models.CharField(max_length=20), verbose_name=_("超标项目"))
    found_on = models.DateField(_("发现日期"))
    amount_kg = models.DecimalField(_("涉及数量"), max_digits=14, decimal_places=1, null=True, blank=True)
    handling = models.CharField(_("处置方式"), max_length=30, blank=True)
    handled_on = models.DateField(_("处置日期"), null=True, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, default="open")
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = _("超标农产品处置")
        triggers: ClassVar = EXCEEDANCE.guards()

    def __str__(self) -> str:
        return f"{self.pair} {law.codes('crop').label(self.crop)}"


class Inputs(models.TextChoices):
    """Whether what was put on a field brought pollution of its own; blank while no test is known."""

    CLEAN = "clean", _("检测合格")
    POLLUTING = "polluting", _("检测超标")


@tracked()
class EffectEvaluation(models.Model):
    """Whether safe use on a unit worked in a season (NY/T 3343): pairs, mean index, share exceeding, yield."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="effects", verbose_name=_("耕地单元"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    year = models.IntegerField(_("年度"))
    season = models.CharField(_("季别"), max_length=10, choices=Season)
    evaluated_on = models.DateField(_("评价日期"))
    evaluated_by = models.CharField(_("评价单位"), max_length=120)
    pair_count = models.IntegerField(_("点对数"))
    mean_index = models.DecimalField(_("平均单项指数"), max_digits=10, decimal_places=4, null=True)
    exceeding_percent = models.DecimalField(_("超标率"), max_digits=7, decimal_places=2, null=True)
    yield_change_percent = models.DecimalField(_("产量变化"), max_digits=7, decimal_places=2, null=True, blank=True)
    inputs = models.CharField(_("投入品检测"), max_length=10, choices=Inputs, blank=True)
    outcome = models.CharField(_("当季结论"), max_length=20)
    overall = models.CharField(_("总体结论"), max_length=20)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = _("安全利用效果评价")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year", "season"], name="effect_evaluation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"
