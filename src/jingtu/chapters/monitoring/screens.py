"""What the pages of task 2 offer beside moves: planning, handing over, packing, sheets filled in as far as known."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.monitoring import actions, facts
from jingtu.chapters.monitoring.intake import FIELD_RECORDS, RECEIPTS
from jingtu.chapters.monitoring.models import Campaign
from jingtu.evidence import facts as evidence
from jingtu.evidence.models import Laboratory
from jingtu.land import facts as land
from jingtu.land.models import Role
from jingtu.registers import clock
from jingtu.registers.declare import Download, Tool
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import Package
from jingtu.registers.reach import Reach, Right
from jingtu.sheets.blank import blank_workbook

PROVINCE = (Right(Role.CLERK, "plan", levels=("province",)),)
FIELD = (Right(Role.CLERK, "hand", levels=("province", "city")),)


def _not_issued(campaign: Campaign) -> str | None:
    return None if campaign.state == "issued" else str(_("任务尚未下达或已结束。"))


# --- planning -------------------------------------------------------------------------------------------------


def plan_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """A campaign: its name, network, analytes, due day."""
    analytes = [(each.code, f"{each.name_zh}({each.symbol})") for each in law.analytes()]
    routine = ["pH", *law.analytes().element_set("eight")]
    return {
        "name": forms.CharField(label=_("任务名称"), max_length=80),
        "network": forms.ModelChoiceField(facts.networks(), label=_("监测网")),
        "analytes": forms.MultipleChoiceField(
            choices=analytes, initial=routine, label=_("检测项目"), widget=forms.CheckboxSelectMultiple
        ),
        "due_on": forms.DateField(label=_("完成期限"), widget=forms.DateInput(attrs={"type": "date"})),
    }


def plan(_record: None, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Draft a campaign over all standing points of the network."""
    campaign = actions.plan_campaign(said["name"], said["network"], said["analytes"], said["due_on"], by=by, on=on)
    return "monitoring.campaign", campaign.pk


# --- handing over ---------------------------------------------------------------------------------------------


def hand_over_fields(_campaign: Campaign, reach: Reach) -> dict[str, forms.Field]:
    """Which laboratory, which region's samples."""
    regions = land.cities() if reach.level == "province" else land.regions_within(reach.prefix)
    return {
        "laboratory": forms.ModelChoiceField(evidence.laboratories(clock.today()), label=_("检测机构")),
        "region": forms.ChoiceField(choices=[(each.code, each.name) for each in regions], label=_("送样地区")),
        "controls": forms.ModelMultipleChoiceField(
            evidence.free_controls(reach.prefix), label=_("同时送出的质控样"), required=False
        ),
    }


def hand_over(
    campaign: Campaign, *, by: Reach, on: date, laboratory: Laboratory, region: str, controls: Any
) -> tuple[str, int]:
    """Prepare a handover of the region's sampled points."""
    handover = actions.hand_over(campaign, laboratory, region, by=by, on=on, controls=list(controls))
    return "evidence.handover", handover.pk


# --- packing --------------------------------------------------------------------------------------------------


def no_fields(_record: Any, _reach: Reach) -> dict[str, forms.Field]:
    """Nothing to ask."""
    return {}


def pack(campaign: Campaign, *, by: Reach, on: date) -> tuple[str, int]:
    """Make the upload package of the reviewed points."""
    return "registers.package", actions.build_package(campaign, by=by, on=on).pk


# --- sheets filled in as far as known -------------------------------------------------------------------------


def field_sheet(campaign: Campaign, reach: Reach) -> tuple[str, bytes]:
    """The sheet of field records with sample and point codes of the points still to be sampled within reach."""
    waiting = facts.to_be_sampled(campaign, reach)
    if not waiting:
        raise DeedRefused(str(_("您的管辖范围内没有待采样的点位。")))
    rows = [
        {
            "sample_code": sample.code,
            "point_code": stage.point.code,
            "lon": f"{stage.point.longitude:.6f}",
            "lat": f"{stage.point.latitude:.6f}",
            "depth_top_cm": "0",
            "depth_bottom_cm": "20",
            "land_use": law.codes("land_use").label(stage.point.land_use),
        }
        for stage, sample in waiting
    ]
    return _("%(name)s-采样记录表.xlsx") % {"name": campaign.name}, blank_workbook(FIELD_RECORDS.spec, rows)


def receipt_sheet(package: Package, _reach: Reach) -> tuple[str, bytes]:
    """The sheet of a receipt with the package's points, all as accepted until the receiver says otherwise."""
    rows = [
        {"package_number": package.number, "point_code": key, "accepted": str(_("接收"))}
        for key in package.items.order_by("key").values_list("key", flat=True)
    ]
    return _("%(number)s-回执表.xlsx") % {"number": package.number}, blank_workbook(RECEIPTS.spec, rows)


PLAN = Tool("plan", _("拟定监测任务"), PROVINCE, plan_fields, plan, clause="行动计划二（二）2")
HAND_OVER = Tool(
    "hand_over", _("备样送检"), FIELD, hand_over_fields, hand_over,
    clause="HJ/T 166-2004 样品流转",
    hint=_("选中地区里已有采样记录、尚未送检的样品全部列入流转单。"), closed=_not_issued,
)  # fmt: skip
PACK = Tool(
    "pack", _("生成上报包"), PROVINCE, no_fields, pack,
    clause="行动计划二（二）2", hint=_("审核通过而未上报的点位全部列入。"), closed=_not_issued,
)  # fmt: skip
FIELD_SHEET = Download("field-sheet", _("下载采样记录表（已填样品与点位编码）"), field_sheet, (Role.CLERK,))
RECEIPT_SHEET = Download("receipt-sheet", _("下载回执表（已填点位编码）"), receipt_sheet, (Role.CLERK,))
