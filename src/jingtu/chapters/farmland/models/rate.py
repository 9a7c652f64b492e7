"""The target of the safe-use rate as it was set down for a place: the plan itself states none."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Region
from jingtu.registers.history import tracked


@tracked()
class RateTarget(models.Model):
    """What safe-use rate of polluted farmland a place must reach in a year, by which document."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    year = models.IntegerField(_("年度"))
    percent = models.DecimalField(_("目标值"), max_digits=6, decimal_places=2)
    document_number = models.CharField(_("文号"), max_length=60)
    set_by = models.CharField(_("下达机关"), max_length=120)
    set_on = models.DateField(_("下达日期"))
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("安全利用率目标")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "year", "set_on"], name="rate_target_once"),
            models.CheckConstraint(condition=models.Q(percent__gt=0, percent__lte=100), name="rate_target_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year}"
