"""What the pages of the rate offer: setting down a target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu.chapters.farmland.actions import rate as actions
from jingtu.chapters.farmland.screens.safe_use import day_field, year_field
from jingtu.land import facts as land
from jingtu.registers.declare import Tool
from jingtu.registers.reach import Reach


def target_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """Which place must reach what, by which document."""
    regions = [(each.code, each.full_name) for each in land.regions_within(reach.prefix)]
    return {
        "region": forms.ChoiceField(label=_("行政区"), choices=regions),
        "year": year_field(),
        "percent": forms.DecimalField(
            label=_("目标值（%）"), min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2
        ),
        "document_number": forms.CharField(label=_("文号"), max_length=60, help_text=_("照下达文件上的文号填写。")),
        "set_by": forms.CharField(label=_("下达机关"), max_length=120),
        "set_on": day_field(_("下达日期")),
    }


def set_target(_record: None, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Write it down."""
    return "farmland.rate_target", actions.set_target(**said, by=by, on=on).pk


SET_TARGET = Tool(
    "set", _("登记目标"), actions.SETTERS, target_fields, set_target,
    clause="行动计划一", hint=_("计划只写“满足国家考核要求”，没有数值；下达数值后在此登记。"),
)  # fmt: skip
