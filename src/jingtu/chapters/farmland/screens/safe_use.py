"""What the pages of safe use offer beside moves: recording crops, plans, measures, the handling of grain, effect."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.actions import effect
from jingtu.chapters.farmland.actions import safe_use as actions
from jingtu.chapters.farmland.facts.safe_use import Done
from jingtu.chapters.farmland.models import Exceedance, Season, Unit
from jingtu.chapters.farmland.models.safe_use import Inputs, Variant
from jingtu.chapters.farmland.workflow import FARMING, clerk
from jingtu.land import facts as land
from jingtu.registers import clock
from jingtu.registers.declare import Tool
from jingtu.registers.reach import Reach

COUNTY_CLERKS = clerk("measure", "county", "city", departments=FARMING)
PLANNERS = clerk("plan", "county", "city", departments=FARMING)
HANDLERS = clerk("handle", "county", "city", departments=FARMING)
EARLIEST_YEAR = 2016  # the year of the state's soil plan, from which safe use is counted


def code_choices(name: str) -> list[tuple[str, str]]:
    """A code list of the law floor for a form."""
    return [(each.code, each.label_zh) for each in law.codes(name)]


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, entered with the browser's own calendar; today unless changed."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, initial=clock.today, **more)


def year_field() -> forms.IntegerField:
    """The year that something belongs to."""
    today = clock.today()
    return forms.IntegerField(label=_("年度"), initial=today.year, min_value=EARLIEST_YEAR, max_value=today.year + 1)


def area_field(label: Any, **more: Any) -> forms.DecimalField:
    """An area in mu."""
    return forms.DecimalField(label=label, min_value=Decimal("0.0001"), max_digits=14, decimal_places=4, **more)


def long_text(label: Any, **more: Any) -> forms.CharField:
    """Several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), **more)


# --- main crops and habits ------------------------------------------------------------------------------------


def cropping_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """A crop of a county's year."""
    counties = [(each.code, each.name) for each in land.regions_within(reach.prefix) if each.level == "county"]
    return {
        "region_code": forms.ChoiceField(label=_("县（市、区）"), choices=counties),
        "year": year_field(),
        "crop": forms.ChoiceField(label=_("作物"), choices=code_choices("crop")),
        "season": forms.ChoiceField(label=_("季别"), choices=Season.choices),
        "varieties": forms.CharField(label=_("主要品种"), max_length=120),
        "area_mu": forms.DecimalField(
            label=_("种植面积（亩）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
        ),
        "habits": long_text(_("种植习惯"), help_text=_("轮作方式、灌溉、施肥、秸秆去向等。")),
        "surveyed_on": day_field(_("调查日期")),
    }


def add_cropping(_record: None, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Enter a crop."""
    return "farmland.cropping", actions.enter_cropping(said, by=by, on=on).pk


# --- plans ----------------------------------------------------------------------------------------------------


def plan_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """The plan of the post's own region."""
    region, year = land.region(reach.region_code), clock.today().year
    title = _("%(region)s%(year)d年受污染耕地安全利用方案") % {"region": region.name if region else "", "year": year}
    return {
        "year": year_field(),
        "title": forms.CharField(label=_("方案名称"), max_length=120, initial=title),
        "summary": long_text(_("主要内容"), help_text=_("单元与面积、作物、拟采取的措施、协同监测、技术指导和培训。")),
    }


def draft_plan(_record: None, *, by: Reach, on: date, year: int, title: str, summary: str) -> tuple[str, int]:
    """Draft the plan."""
    return "farmland.safe_use_plan", actions.draft_plan(by.region_code, year, title, summary, by=by, on=on).pk


# --- measures -------------------------------------------------------------------------------------------------


def measure_fields(unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """What was done on a unit."""
    return {
        "code": forms.ChoiceField(
            label=_("措施"),
            choices=code_choices("measure"),
            help_text=_("优先采用农艺调控和替代种植；采用其他措施须写明理由。"),
        ),
        "variant": forms.ChoiceField(
            label=_("少耕免耕或休耕"),
            choices=[("", _("不涉及")), *Variant.choices],
            required=False,
            help_text=_("措施为“少耕免耕休耕”时选择：前者归优先保护类，后者归严格管控类。"),
        ),
        "year": year_field(),
        "season": forms.ChoiceField(label=_("季别"), choices=Season.choices),
        "area_mu": area_field(_("实施面积（亩）"), help_text=_("不超过单元面积。")),
        "carried_out_on": day_field(_("实施日期")),
        "carried_out_by": forms.CharField(label=_("实施主体"), max_length=120),
        "material": forms.CharField(label=_("农资"), max_length=120, required=False),
        "reason": long_text(_("选用理由"), required=False),
    }


def record_measure(unit: Unit, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Record the measure."""
    return "farmland.measure", actions.record_measure(Done(unit=unit, **said), by=by, on=on).pk


# --- exceeding crops ------------------------------------------------------------------------------------------


def handling_fields(case: Exceedance, _reach: Reach) -> dict[str, forms.Field]:
    """What became of the grain."""
    return {
        "handling": forms.ChoiceField(
            label=_("处置方式"), choices=code_choices("grain_handling"), initial=case.handling,
            help_text=_("处置方式凭记忆录入，以当地农业农村、粮食部门的办法为准。"),
        ),
        "amount_kg": forms.DecimalField(
            label=_("涉及数量（千克）"), min_value=Decimal("0.1"), max_digits=14, decimal_places=1,
            initial=case.amount_kg,
        ),
        "handled_on": day_field(_("处置日期")),
    }  # fmt: skip


def tell_handling(case: Exceedance, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Write it down."""
    return "farmland.exceedance", actions.tell_handling(case, **said, by=by, on=on).pk


def _not_open(case: Exceedance) -> str | None:
    return None if case.state == "open" else str(_("本记录已不在待处置状态。"))


# --- effect ---------------------------------------------------------------------------------------------------


def effect_fields(_unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """Which season, by whom, and how the yield changed."""
    return {
        "year": year_field(),
        "season": forms.ChoiceField(label=_("季别"), choices=Season.choices),
        "evaluated_by": forms.CharField(label=_("评价单位"), max_length=120),
        "yield_change_percent": forms.DecimalField(
            label=_("产量变化（%）"), min_value=-100, max_digits=7, decimal_places=2, required=False,
            help_text=_("与同条件对照相比，减产填负数；作物未变时填写，不详留空。"),
        ),
        "inputs": forms.ChoiceField(
            label=_("投入品检测"), choices=[("", _("没有检测")), *Inputs.choices], required=False,
            help_text=_("石灰、钝化剂、肥料等投入品是否带来二次污染。"),
        ),
    }  # fmt: skip


def evaluate_effect(unit: Unit, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Evaluate the season."""
    return "farmland.effect_evaluation", effect.evaluate_effect(unit, **said, by=by, on=on).pk


ADD_CROPPING = Tool("add", _("登记作物"), PLANNERS, cropping_fields, add_cropping, clause="行动计划二（三）")
DRAFT_PLAN = Tool(
    "draft", _("编制安全利用方案"), PLANNERS, plan_fields, draft_plan,
    clause="土壤污染防治法 第53条", hint=_("方案须以本年度主要作物与种植习惯为依据；报批前请先登记。"),
)  # fmt: skip
RECORD_MEASURE = Tool(
    "measure", _("登记措施"), COUNTY_CLERKS, measure_fields, record_measure, clause="土壤污染防治法 第53条"
)
TELL_HANDLING = Tool(
    "tell", _("填写处置情况"), HANDLERS, handling_fields, tell_handling,
    clause="行动计划二（三）", hint=_("填写后再点“报请办结”。"), closed=_not_open,
)  # fmt: skip
EVALUATE_EFFECT = Tool(
    "effect", _("评价安全利用效果"), COUNTY_CLERKS, effect_fields, evaluate_effect,
    clause="NY/T 3343-2018", hint=_("由本单元这一季可作证据的协同监测点对计算；标准条文凭记忆录入，依据见结论。"),
)  # fmt: skip
ON_UNITS = (RECORD_MEASURE, EVALUATE_EFFECT)
