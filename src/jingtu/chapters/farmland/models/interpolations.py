"""Interpolations: contents of soil estimated between the sampled places. They are kept as made, and are no evidence."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Region
from jingtu.registers.history import tracked
from jingtu.registers.models import Document


class Outcome(models.TextChoices):
    """What came of an interpolation."""

    WAITING = "waiting", _("等待计算")
    DRAWN = "drawn", _("已成图")
    REFUSED = "refused", _("数据不足，不成图")


@tracked(inserts=False)
class Interpolation(models.Model):
    """One question for an interpolation, and what came of it.

    ``report`` holds all numbers: points, variogram, cross-validation, grid, limit. ``inputs_digest`` is the fingerprint
    of the points as they were read, ``cells_digest`` that of the estimated cells, so that both can be made again and
    compared. What was known is cut off at ``recorded_at`` when asked as known on the same day.
    """

    number = models.CharField(_("插值编号"), max_length=40, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    analyte = models.CharField(_("检测项目"), max_length=20)
    land_uses = ArrayField(models.CharField(max_length=30), verbose_name=_("土地利用"), default=list, blank=True)
    as_of_on = models.DateField(_("数据截至"))
    known_on = models.DateField(_("按此日所知"))
    is_logged = models.BooleanField(_("取对数"), default=False)
    limit_use = models.CharField(_("界限按土地利用"), max_length=30, blank=True)
    limit_band = models.SmallIntegerField(_("界限按 pH 档"), null=True, blank=True)
    asked_on = models.DateField(_("提出日期"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    refusal = models.TextField(_("不成图的原因"), blank=True)
    warnings = ArrayField(models.TextField(), verbose_name=_("须注意"), default=list, blank=True)
    point_count = models.IntegerField(_("点数"), null=True, blank=True)
    limit_mg_kg = models.DecimalField(_("界限"), max_digits=12, decimal_places=4, null=True, blank=True)
    report = models.JSONField(_("计算记录"), default=dict, blank=True)
    inputs_digest = models.CharField(_("输入摘要"), max_length=64, blank=True)
    cells_digest = models.CharField(_("结果摘要"), max_length=64, blank=True)
    raster = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("栅格文件")
    )
    replayed_on = models.DateField(_("最近重算日期"), null=True, blank=True)
    replay_agrees = models.BooleanField(_("重算一致"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = "jingtu_sees(region_id)"

    class Meta:
        verbose_name = _("含量插值")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(outcome="drawn") | models.Q(raster__isnull=False), name="interpolation_has_cells"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def minded(self) -> str:
        """What an officer should know before believing it, as one text."""
        return "".join(self.warnings)
