"""From evidence to class: evaluations by the rules, triggering events, adjustments decided by persons."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from jingtu.chapters.farmland.models.units import ROMAN, LandClass, Unit, UnitVersion
from jingtu.chapters.farmland.workflow import ADJUSTMENT, TRIGGER
from jingtu.land.models import Region
from jingtu.registers.history import tracked


@tracked(inserts=False)
class Evaluation(models.Model):
    """What the rules say about a unit from all evidence of a day: a proposal, or why a person must look.

    The steps with their findings are kept by the kernel under the evaluation's key. A new evaluation of the same unit
    replaces the one before it as current; unchanged evidence makes no new one (``digest``).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evaluations", verbose_name=_("耕地单元"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    evaluated_on = models.DateField(_("评价日期"))
    soil_class = models.CharField(_("土壤类别"), max_length=3, choices=LandClass, blank=True)
    proposed_class = models.CharField(_("建议类别"), max_length=3, choices=LandClass, blank=True)
    standing_class = models.CharField(_("现行类别"), max_length=3, choices=LandClass, blank=True)
    needs_review = models.BooleanField(_("须人工研判"), default=False)
    reason_code = models.CharField(_("原因"), max_length=60, blank=True)
    rule_code = models.CharField(_("适用规则"), max_length=60, blank=True)
    certainty = models.CharField(_("依据可靠程度"), max_length=20)
    soil_points = models.IntegerField(_("土壤点数"), default=0)
    crop_points = models.IntegerField(_("农产品点数"), default=0)
    crop_exceeding = models.IntegerField(_("农产品超标点数"), default=0)
    digest = models.CharField(_("证据摘要"), max_length=64)
    is_current = models.BooleanField(_("最新"), default=True)
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = _("类别评价")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(is_current=True), name="evaluation_current_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.evaluated_on}"


class TriggerKind(models.TextChoices):
    """What may lead to an adjustment: the plan's five and the incident."""

    LAND_USE = "T1", _("土地用途变更")
    ROUTINE = "T2", _("例行监测")
    PAIRED = "T3", _("土壤和农产品协同监测")
    SAFE_USE = "T4", _("安全利用效果")
    REMEDIATION = "T5", _("治理修复效果")
    INCIDENT = "T6", _("突发环境事件等")


@tracked()
class Trigger(models.Model):
    """An event that obliges to look at the class of units again; it ends with an adjustment or a stated refusal."""

    number = models.CharField(_("触发事件编号"), max_length=40, unique=True)
    kind = models.CharField(_("触发类型"), max_length=2, choices=TriggerKind)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    happened_on = models.DateField(_("发生日期"))
    told = models.TextField(_("情况说明"))
    state = models.CharField(_("状态"), max_length=20, default="open")
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("触发事件")
        triggers: ClassVar = TRIGGER.guards()

    def __str__(self) -> str:
        return str(self.number)


@tracked()
class TriggerUnit(models.Model):
    """A unit that a triggering event concerns."""

    trigger = models.ForeignKey(Trigger, models.PROTECT, related_name="units", verbose_name=_("触发事件"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="triggers", verbose_name=_("耕地单元"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["trigger", "unit"], name="trigger_unit_once")]

    def __str__(self) -> str:
        return str(self.unit)


@tracked()
class Adjustment(models.Model):
    """A county's proposal to class units anew: reviewed by the city, decided by the province, then uploaded."""

    number = models.CharField(_("调整编号"), max_length=40, unique=True)
    title = models.CharField(_("标题"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("县（市、区）"))
    trigger = models.ForeignKey(
        Trigger, models.PROTECT, null=True, blank=True, related_name="adjustments", verbose_name=_("触发事件")
    )
    proposed_on = models.DateField(_("拟定日期"))
    decided_on = models.DateField(_("审定日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, default="draft")
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("类别调整")
        triggers: ClassVar = ADJUSTMENT.guards()

    def __str__(self) -> str:
        return str(self.number)

    @property
    def balance(self) -> str:
        """How much area each class loses and wins, in words; what one class loses another wins."""
        change: dict[str, Decimal] = {}
        for old, new, area in self.items.values_list("from_class", "to_class", "area_mu"):
            change[old] = change.get(old, Decimal(0)) - area
            change[new] = change.get(new, Decimal(0)) + area
        told = [f"{ROMAN.get(own, '—')} {area:+.2f}" for own, area in sorted(change.items())]
        whole = sum(change.values(), Decimal(0))
        return str(_("%(told)s；合计 %(whole)s 亩") % {"told": "，".join(told), "whole": f"{whole:.2f}"})


@tracked()
class AdjustmentItem(models.Model):
    """One unit in an adjustment: from which class to which, on which evaluation, why."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="items", verbose_name=_("类别调整"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="adjustment_items", verbose_name=_("耕地单元"))
    before = models.ForeignKey(UnitVersion, models.PROTECT, related_name="+", verbose_name=_("调整前版本"))
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("类别评价")
    )
    from_class = models.CharField(_("调整前类别"), max_length=3, choices=LandClass, blank=True)
    to_class = models.CharField(_("调整后类别"), max_length=3, choices=LandClass)
    area_mu = models.DecimalField(_("面积"), max_digits=14, decimal_places=4)
    reason = models.TextField(_("理由"), blank=True)
    cautions = ArrayField(models.CharField(max_length=30), verbose_name=_("提示"), default=list, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("调整明细")
        constraints: ClassVar = [models.UniqueConstraint(fields=["adjustment", "unit"], name="adjustment_item_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.from_class}→{self.to_class}"
