"""What the pages of paired samples offer beside moves: handing a season's samples to a laboratory."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.actions import pairs as actions
from jingtu.chapters.farmland.models import Season
from jingtu.chapters.farmland.workflow import BOTH
from jingtu.evidence import facts as evidence
from jingtu.evidence.models import Laboratory, Medium
from jingtu.land import facts as land
from jingtu.land.models import Role
from jingtu.registers import clock
from jingtu.registers.declare import Tool
from jingtu.registers.reach import Reach, Right

HANDING = (Right(Role.CLERK, "hand", levels=("province", "city", "county"), departments=BOTH),)
NOT_IN_CROPS = ("pH",)


def hand_over_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """Which county's season, soil or crop, for what, to which laboratory."""
    analytes = [(each.code, f"{each.name_zh}({each.symbol})") for each in law.analytes()]
    counties = [(each.code, each.name) for each in land.regions_within(reach.prefix)]
    return {
        "region": forms.ChoiceField(choices=counties, label=_("送样地区")),
        "year": forms.IntegerField(label=_("年度"), initial=clock.today().year),
        "season": forms.ChoiceField(choices=Season.choices, label=_("季别")),
        "medium": forms.ChoiceField(choices=Medium.choices, label=_("样品介质")),
        "laboratory": forms.ModelChoiceField(evidence.laboratories(clock.today()), label=_("检测机构")),
        "analytes": forms.MultipleChoiceField(
            choices=analytes, initial=["pH", *law.analytes().element_set("five")], label=_("检测项目"),
            help_text=_("农产品不测 pH，送农产品时自动略去。"), widget=forms.CheckboxSelectMultiple,
        ),
        "controls": forms.ModelMultipleChoiceField(
            evidence.free_controls(reach.prefix), label=_("同时送出的质控样"), required=False
        ),
    }  # fmt: skip


def hand_over(
    _record: None, *, by: Reach, on: date, region: str, laboratory: Laboratory, controls: Any, **said: Any
) -> tuple[str, int]:
    """Prepare a handover of the season's samples."""
    medium = said["medium"]
    wanted = [code for code in said["analytes"] if medium == Medium.SOIL or code not in NOT_IN_CROPS]
    season = (said["year"], said["season"])
    made = actions.hand_over(laboratory, region, season, medium, wanted, by=by, on=on, controls=list(controls))
    return "evidence.handover", made.pk


HAND_OVER = Tool(
    "hand_over", _("备样送检"), HANDING, hand_over_fields, hand_over,
    clause="HJ/T 166-2004 样品流转",
    hint=_("选中地区、季别里尚未送检的土壤或农产品样品全部列入流转单；每十件分出一件密码平行样。"),
)  # fmt: skip
