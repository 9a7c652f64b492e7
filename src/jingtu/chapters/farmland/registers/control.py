"""The registers of strict control: zones, patrols, plantings found, changes of use, subsidies."""

from __future__ import annotations

from functools import partial

import django_filters
from django.utils.translation import gettext_lazy as _

from jingtu.chapters.farmland.actions import control as actions
from jingtu.chapters.farmland.models import ControlUse, Patrol, Planting, Subsidy, Zone, ZoneUnit
from jingtu.chapters.farmland.models.control import ControlKind
from jingtu.chapters.farmland.registers.safe_use import ANALYTES, CHAPTER, CROPS, MU, labels, state_labels
from jingtu.chapters.farmland.screens import control as screens
from jingtu.chapters.farmland.workflow import CONTROL_USE, FARMING, PLANTING, ZONE, clerk
from jingtu.registers.declare import Column, FormLine, Layer, Panel, Register, Related, Section, register
from jingtu.registers.filters import RegionFilter
from jingtu.registers.reach import ReachBy

KINDS = {value: str(label) for value, label in ControlKind.choices}
MEANS = labels("patrol_means")
ZONE_STATES, PLANTING_STATES, USE_STATES = (state_labels(each) for each in (ZONE, PLANTING, CONTROL_USE))


@register
class ZoneRegister(Register):
    """Zones where named products may not be grown."""

    name = "farmland.zone"
    model = Zone
    chapter = CHAPTER
    title = _("严格管控区")
    noun = _("严格管控区")
    clause = "T04"
    columns = (
        Column("name", _("名称"), "link"),
        Column("number", _("管控区编号")),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("banned_products", _("禁止种植的产品"), "list", choices=CROPS),
        Column("approval_number", _("批准文号")),
        Column("board_on", _("立牌日期"), "date"),
        Column("standing", _("状态"), "state", choices=ZONE_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(ZONE_STATES.items())),
    }
    search = ("name", "number", "approval_number")
    panels = (
        Panel(
            _("管控区"),
            (
                Column("name", _("名称")),
                Column("number", _("管控区编号")),
                Column("region", _("县（市、区）")),
                Column("banned_products", _("禁止种植的产品"), "list", choices=CROPS),
                Column("target_analytes", _("主要污染物"), "list", choices=ANALYTES),
                Column("proposed_on", _("建议日期"), "date"),
            ),
        ),
        Panel(
            _("批准与标志牌"),
            (
                Column("approved_by", _("批准机关")),
                Column("approval_number", _("批准文号")),
                Column("approved_on", _("批准日期"), "date"),
                Column("board_on", _("标志牌设立日期"), "date"),
                Column("board_longitude", _("标志牌经度"), "degrees", unit="°"),
                Column("board_latitude", _("标志牌纬度"), "degrees", unit="°"),
            ),
        ),
    )
    sections = (
        Section(
            _("管控区"),
            (FormLine("name", _("边界、单元和禁止种植的产品随建议确定；有变的，撤回后另拟。")),),
        ),
    )
    related = (
        Related(_("区内单元"), "farmland.zone_unit", "zone_id", ("unit", "county")),
        Related(_("巡查记录"), "farmland.patrol", "zone_id"),
    )
    rights = clerk("edit", "county", "city", departments=FARMING)
    workflow = ZONE
    deeds = {each.name: partial(actions.move_zone, each.name) for each in ZONE.arrows}
    sheets = ("farmland.zone",)
    openings = (screens.DRAFT_ZONE,)
    tools = (screens.TELL_APPROVAL, screens.TELL_BOARD, screens.RECORD_PATROL)
    layer = Layer(geometry="geom", label="name", state="standing")
    from_on = "proposed_on"
    recorded_at = "recorded_at"
    empty = _("还没有严格管控区。由农业农村部门提出建议，报本级人民政府批准。")

    def not_editable(self, record: Zone) -> str | None:
        """Only what is still with the clerk is changed."""
        return None if record.state in ("draft", "returned") else str(_("管控区已报批，不能再修改。"))


@register
class ZoneUnitRegister(Register):
    """The units that zones cover."""

    name = "farmland.zone_unit"
    model = ZoneUnit
    chapter = CHAPTER
    title = _("管控区内单元")
    noun = _("管控区内单元")
    columns = (
        Column("unit", _("单元编号"), "link", path="unit__number"),
        Column("zone", _("严格管控区"), path="zone__name"),
        Column("county", _("县（市、区）"), path="unit__region__name"),
    )
    search = ("unit__number", "zone__name")
    panels = (
        Panel(
            _("管控区内单元"),
            (
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("zone", _("严格管控区"), "record:farmland.zone"),
            ),
        ),
    )
    reach = ReachBy(region="zone__region_id")
    in_menu = False
    from_on = "zone__proposed_on"
    recorded_at = "zone__recorded_at"
    empty = _("还没有划入管控区的单元。")


@register
class PatrolRegister(Register):
    """Patrols through zones."""

    name = "farmland.patrol"
    model = Patrol
    chapter = CHAPTER
    title = _("巡查记录")
    noun = _("巡查记录")
    clause = "T04"
    columns = (
        Column("zone", _("严格管控区"), "link", path="zone__name"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("patrolled_on", _("巡查日期"), "date"),
        Column("patrolled_by", _("巡查人")),
        Column("means", _("巡查方式"), choices=MEANS),
        Column("found", _("巡查情况")),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "means": django_filters.ChoiceFilter(label=_("巡查方式"), choices=list(MEANS.items())),
    }
    search = ("zone__name", "zone__number", "patrolled_by")
    panels = (
        Panel(
            _("巡查"),
            (
                Column("zone", _("严格管控区"), "record:farmland.zone"),
                Column("patrolled_on", _("巡查日期"), "date"),
                Column("patrolled_by", _("巡查人")),
                Column("means", _("巡查方式"), choices=MEANS),
                Column("found", _("巡查情况")),
            ),
        ),
    )
    related = (Related(_("违规种植"), "farmland.planting", "patrol_id"),)
    sheets = ("farmland.patrol",)
    from_on = "patrolled_on"
    recorded_at = "recorded_at"
    empty = _("还没有巡查记录。请在严格管控区的记录页登记，或导入巡查记录表。")


@register
class PlantingRegister(Register):
    """Edible crops found growing inside zones."""

    name = "farmland.planting"
    model = Planting
    chapter = CHAPTER
    title = _("违规种植发现")
    noun = _("违规种植")
    clause = "T04"
    columns = (
        Column("crop", _("作物"), "link", choices=CROPS),
        Column("zone", _("严格管控区"), path="patrol__zone__name"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("area_mu", _("面积"), "number", unit=MU),
        Column("found_on", _("发现日期"), "date"),
        Column("rectified_on", _("整改完成日期"), "date"),
        Column("standing", _("状态"), "state", choices=PLANTING_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(PLANTING_STATES.items())),
    }
    search = ("patrol__zone__name", "patrol__zone__number")
    panels = (
        Panel(
            _("违规种植"),
            (
                Column("crop", _("作物"), choices=CROPS),
                Column("patrol", _("巡查记录"), "record:farmland.patrol"),
                Column("region", _("县（市、区）")),
                Column("area_mu", _("面积"), "number", unit=MU),
                Column("longitude", _("经度"), "degrees", unit="°"),
                Column("latitude", _("纬度"), "degrees", unit="°"),
                Column("found_on", _("发现日期"), "date"),
                Column("rectified_on", _("整改完成日期"), "date"),
            ),
        ),
    )
    workflow = PLANTING
    deeds = {each.name: partial(actions.move_planting, each.name) for each in PLANTING.arrows}
    layer = Layer(geometry="place", label="patrol__zone__name", state="standing")
    from_on = "found_on"
    recorded_at = "recorded_at"
    empty = _("没有发现违规种植。")


@register
class ControlUseRegister(Register):
    """Changes of use on strictly controlled units."""

    name = "farmland.control_use"
    model = ControlUse
    chapter = CHAPTER
    title = _("管控利用")
    noun = _("管控利用")
    clause = "T04"
    columns = (
        Column("kind", _("方式"), "link", choices=KINDS),
        Column("unit", _("单元编号"), path="unit__number"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("year", _("年度"), "plain"),
        Column("area_mu", _("面积"), "number", unit=MU),
        Column("to_crop", _("现用途")),
        Column("done_on", _("落实日期"), "date"),
        Column("standing", _("状态"), "state", choices=USE_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "year": django_filters.NumberFilter(label=_("年度")),
        "kind": django_filters.ChoiceFilter(label=_("方式"), choices=ControlKind.choices),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(USE_STATES.items())),
    }
    search = ("unit__number", "to_crop")
    panels = (
        Panel(
            _("管控利用"),
            (
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("kind", _("方式"), choices=KINDS),
                Column("year", _("年度"), "plain"),
                Column("area_mu", _("面积"), "number", unit=MU),
                Column("from_crop", _("原种植")),
                Column("to_crop", _("现用途")),
                Column("done_on", _("落实日期"), "date"),
                Column("confirmed_on", _("确认日期"), "date"),
            ),
        ),
    )
    related = (Related(_("补贴兑付"), "farmland.subsidy", "control_use_id"),)
    workflow = CONTROL_USE
    deeds = {each.name: partial(actions.move_control_use, each.name) for each in CONTROL_USE.arrows}
    tools = (screens.PAY_SUBSIDY,)
    sheets = ("farmland.control_use",)
    from_on = "done_on"
    recorded_at = "recorded_at"
    empty = _("还没有登记管控利用。请在严格管控类单元的记录页登记，或导入管控利用表。")


@register
class SubsidyRegister(Register):
    """Money paid for changes of use."""

    name = "farmland.subsidy"
    model = Subsidy
    chapter = CHAPTER
    title = _("补贴兑付")
    noun = _("补贴兑付")
    clause = "T04"
    columns = (
        Column("voucher", _("凭证号"), "link"),
        Column("unit", _("单元编号"), path="control_use__unit__number"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("kind", _("方式"), path="control_use__kind", choices=KINDS),
        Column("amount_yuan", _("金额"), "number", unit=_("元")),
        Column("paid_on", _("兑付日期"), "date"),
    )
    filters = {"region": RegionFilter(label=_("行政区"))}
    search = ("voucher", "control_use__unit__number")
    panels = (
        Panel(
            _("补贴兑付"),
            (
                Column("voucher", _("凭证号")),
                Column("control_use", _("管控利用"), "record:farmland.control_use"),
                Column("amount_yuan", _("金额"), "number", unit=_("元")),
                Column("recipient", _("领取人")),
                Column("paid_on", _("兑付日期"), "date"),
            ),
        ),
    )
    sheets = ("farmland.subsidy",)
    from_on = "paid_on"
    recorded_at = "recorded_at"
    empty = _("还没有补贴兑付记录。管控利用确认后可在其记录页登记。")
