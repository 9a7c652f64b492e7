"""What the pages of strict control offer beside moves: zones, approvals, boards, patrols, changes of use, payments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.gis.geos import Point as Place
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingtu.assess import crops
from jingtu.chapters.farmland.actions import control as actions
from jingtu.chapters.farmland.facts import zone_ground
from jingtu.chapters.farmland.facts.control import Changed, Found, Paid, Seen
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.facts.safe_use import standing_of, units_of_class
from jingtu.chapters.farmland.models import ControlUse, Unit, UnitVersion, Zone
from jingtu.chapters.farmland.models.control import ControlKind
from jingtu.chapters.farmland.screens import drawing
from jingtu.chapters.farmland.screens.drawing import layer_field, one_surface
from jingtu.chapters.farmland.screens.safe_use import area_field, code_choices, day_field, long_text, year_field
from jingtu.chapters.farmland.workflow import FARMING, GOVERNMENT, clerk, reviewer
from jingtu.registers import clock
from jingtu.registers.declare import Preview, Tool
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

PROPOSERS = clerk("propose", "county", "city", departments=FARMING)
APPROVERS = reviewer("approve", "county", "city", departments=GOVERNMENT)
PATROLLERS = clerk("patrol", "county", "city", departments=FARMING)
CONTROLLERS = clerk("control", "county", "city", departments=FARMING)


def _place_fields(required: bool = True) -> dict[str, forms.Field]:
    """A place in degrees."""
    return {
        "lon": forms.DecimalField(
            label=_("经度"), min_value=-180, max_value=180, decimal_places=6, required=required,
            help_text=_("CGCS2000，十进制度。"),
        ),
        "lat": forms.DecimalField(label=_("纬度"), min_value=-90, max_value=90, decimal_places=6, required=required),
    }  # fmt: skip


def _place(lon: Decimal, lat: Decimal) -> Place:
    return Place(float(lon), float(lat), srid=4490)


# --- zones ----------------------------------------------------------------------------------------------------


def zone_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """A boundary, drawn or handed in, or which strictly controlled units; and what may not be grown there."""
    versions = standing_of(list(units_of_class(reach.region_code, "III")))
    edible = [(code, label) for code, label in code_choices("crop") if crops.edible(code, clock.today())]
    taken = zone_ground.zoned(each.unit_id for each in versions)
    free = [(each.unit_id, _unit_label(each)) for each in versions if each.unit_id not in taken]
    shown = [
        drawing.surface(as_ground(each.geom), "neighbour" if each.unit_id in taken else "chosen", each.code)
        for each in versions
    ]
    return {
        "name": forms.CharField(label=_("名称"), max_length=120),
        "wkt": drawing.boundary_field(_("管控区边界"), BOUNDARY, (drawing.SURFACE,), shown),
        "layer": layer_field(),
        "units": forms.TypedMultipleChoiceField(
            coerce=int, label=_("严格管控类耕地单元"), choices=free,
            widget=forms.CheckboxSelectMultiple, required=False,
            help_text=CHOOSING if free else _("没有可选的单元：严格管控类耕地单元都已在管控区内。"),
        ),
        "banned_products": forms.MultipleChoiceField(
            label=_("禁止种植的产品"), choices=edible, widget=forms.CheckboxSelectMultiple
        ),
    }  # fmt: skip


CHOOSING = _("没有边界时在此选择，边界取所选单元合并后的范围，须在同一个县；画了边界的，以边界内的单元为准。")
BOUNDARY = _(
    "在图上沿严格管控类单元（红色；灰色的已在别的管控区内）外缘画一个面；也可以填写 WKT（POLYGON），或上传矢量文件。"
)


def _unit_label(version: UnitVersion) -> str:
    return f"{version.code} {version.village} {version.stated_area_mu:.1f} {_('亩')}"


def draft_zone(
    _record: None, *, by: Reach, on: date, name: str, wkt: str, layer: Any, units: Any, banned_products: Any
) -> tuple[str, int]:
    """Draft the zone."""
    if not wkt.strip() and not layer:
        chosen = units_of_class(by.region_code, "III").filter(pk__in=units)
        return "farmland.zone", actions.draft_zone(name, list(chosen), banned_products, by=by, on=on).pk
    if units:
        raise DeedRefused(str(_("边界和单元只用一种方式：画了边界的，请不要再勾选单元。")))
    ground = one_surface(wkt, layer)
    return "farmland.zone", actions.draft_zone_within(name, ground, banned_products, by=by, on=on).pk


def zone_preview(_record: None, _reach: Reach, on: date, said: Mapping[str, Any]) -> Preview:
    """The units within the boundary drawn so far, and what speaks against it."""
    ground = one_surface(said.get("wkt", ""), said.get("layer"))
    found = zone_ground.ground_of(ground, on)
    rows = [(each.code, each.village, f"{each.stated_area_mu:.2f}") for each in found.within]
    told = gettext("管控区 %(area).2f 亩，含严格管控类单元 %(count)d 个。") % {
        "area": drawing.in_mu(ground),
        "count": len(found.within),
    }
    return Preview(told, TAKEN_IN, rows, drawing.shapes([ground]), zone_ground.faults(ground, found, on))


TAKEN_IN = (_("单元"), _("村"), _("登记面积（亩）"))


def approval_fields(zone: Zone, _reach: Reach) -> dict[str, forms.Field]:
    """By which document which government approves."""
    return {
        "approved_by": forms.CharField(label=_("批准机关"), max_length=120, initial=zone.approved_by),
        "approval_number": forms.CharField(
            label=_("批准文号"), max_length=60, initial=zone.approval_number, help_text=_("照文件上的文号填写。")
        ),
    }


def tell_approval(zone: Zone, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Write the document down."""
    return "farmland.zone", actions.tell_approval(zone, **said, by=by, on=on).pk


def board_fields(zone: Zone, _reach: Reach) -> dict[str, forms.Field]:
    """When and where the sign board was put up."""
    return {"board_on": day_field(_("标志牌设立日期")), **_place_fields()}


def tell_board(zone: Zone, *, by: Reach, on: date, board_on: date, lon: Decimal, lat: Decimal) -> tuple[str, int]:
    """Write the board down."""
    return "farmland.zone", actions.tell_board(zone, board_on, _place(lon, lat), by=by, on=on).pk


# --- patrols --------------------------------------------------------------------------------------------------


def patrol_fields(_zone: Zone, _reach: Reach) -> dict[str, forms.Field]:
    """A patrol, and a crop when one was found."""
    return {
        "patrolled_on": day_field(_("巡查日期")),
        "patrolled_by": forms.CharField(label=_("巡查人"), max_length=60),
        "means": forms.ChoiceField(label=_("巡查方式"), choices=code_choices("patrol_means")),
        "found": long_text(_("巡查情况")),
        "crop": forms.ChoiceField(
            label=_("违规作物"), choices=[("", _("未发现")), *code_choices("crop")], required=False,
            help_text=_("发现种植食用农产品时选择，并填面积和位置；发现几处的请用巡查记录表导入。"),
        ),
        "area_mu": area_field(_("违规面积（亩）"), required=False),
        **_place_fields(required=False),
    }  # fmt: skip


def record_patrol(zone: Zone, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Record the patrol."""
    crop, area, lon, lat = (said.pop(name) for name in ("crop", "area_mu", "lon", "lat"))
    if crop and None in (area, lon, lat):
        raise DeedRefused(str(_("发现违规作物的，面积、经度、纬度都要填写。")))
    plantings = (Found(crop, area, _place(lon, lat)),) if crop else ()
    return "farmland.patrol", actions.record_patrol(Seen(zone=zone, plantings=plantings, **said), by=by, on=on).pk


# --- changes of use and payments ------------------------------------------------------------------------------


def control_use_fields(_unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """How the use of a unit changed."""
    return {
        "kind": forms.ChoiceField(
            label=_("方式"), choices=ControlKind.choices, help_text=_("退耕还林还草由林业和草原部门确认。")
        ),
        "year": year_field(),
        "area_mu": area_field(_("面积（亩）")),
        "from_crop": forms.CharField(label=_("原种植"), max_length=60),
        "to_crop": forms.CharField(label=_("现用途"), max_length=60),
        "done_on": day_field(_("落实日期")),
    }


def record_control_use(unit: Unit, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Record the change."""
    return "farmland.control_use", actions.record_control_use(Changed(unit=unit, **said), by=by, on=on).pk


def subsidy_fields(_use: ControlUse, _reach: Reach) -> dict[str, forms.Field]:
    """A payment."""
    return {
        "amount_yuan": forms.DecimalField(
            label=_("金额（元）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
        ),
        "recipient": forms.CharField(label=_("领取人"), max_length=60),
        "paid_on": day_field(_("兑付日期")),
        "voucher": forms.CharField(label=_("凭证号"), max_length=60),
    }


def pay_subsidy(use: ControlUse, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Record the payment."""
    return "farmland.subsidy", actions.pay_subsidy(Paid(control_use=use, **said), by=by, on=on).pk


def _unless(state: str, sentence: Any) -> Any:
    """A tool that is open in one state only."""

    def closed(record: Any) -> str | None:
        return None if record.state == state else str(sentence)

    return closed


DRAFT_ZONE = Tool(
    "draft", _("拟定管控区"), PROPOSERS, zone_fields, draft_zone, preview=zone_preview,
    clause="土壤污染防治法 第54条", hint=_("计划称“特定农产品严格管控区”，法律称“特定农产品禁止生产区域”。"),
)  # fmt: skip
TELL_APPROVAL = Tool(
    "approval", _("填写批准文件"), APPROVERS, approval_fields, tell_approval,
    clause="土壤污染防治法 第54条", hint=_("填写后再点“批准划定”。"),
    closed=_unless("proposed", _("管控区不在待批准状态。")),
)  # fmt: skip
TELL_BOARD = Tool(
    "board", _("登记标志牌"), PROPOSERS, board_fields, tell_board,
    hint=_("填写后再点“立牌生效”。"), closed=_unless("approved", _("管控区不在待立标志牌状态。")),
)  # fmt: skip
RECORD_PATROL = Tool(
    "patrol", _("登记巡查"), PATROLLERS, patrol_fields, record_patrol,
    clause="行动计划二（三）", closed=_unless("in_force", _("管控区尚未生效或已取消。")),
)  # fmt: skip
RECORD_CONTROL_USE = Tool(
    "control_use",
    _("登记管控利用"),
    CONTROLLERS,
    control_use_fields,
    record_control_use,
    clause="土壤污染防治法 第54条",
)
PAY_SUBSIDY = Tool(
    "subsidy", _("登记补贴兑付"), CONTROLLERS, subsidy_fields, pay_subsidy,
    closed=_unless("confirmed", _("管控利用尚未确认。")),
)  # fmt: skip
ON_UNITS = (RECORD_CONTROL_USE,)
