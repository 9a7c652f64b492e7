"""The registers of units: what stands, its versions, where it comes from; patches of changed land."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, CharField, DateField, DecimalField, ExpressionWrapper, F, QuerySet, Value, When
from django.db.models.functions import Concat, Round
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.models import (
    Change,
    LandChange,
    LandClass,
    Lineage,
    Origin,
    PollutionDegree,
    Unit,
    UnitVersion,
)
from jingtu.chapters.farmland.models.units import ROMAN
from jingtu.chapters.farmland.screens import control, safe_use
from jingtu.chapters.farmland.screens import units as screens
from jingtu.chapters.farmland.screens.unit_layer import COUNTY_LAYER
from jingtu.chapters.farmland.workflow import BOTH
from jingtu.land.models import Role
from jingtu.registers.arrows import State
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Column, Layer, Panel, Register, Related, register
from jingtu.registers.filters import HoldsFilter, RegionFilter
from jingtu.registers.reach import Reach, ReachBy, Right

CHAPTER = "farmland"
MU = _("亩")
CLASSES = {value: str(label) for value, label in LandClass.choices}
CHANGES = {value: str(label) for value, label in Change.choices}
DEGREES = {value: str(label) for value, label in PollutionDegree.choices}
ORIGINS = {value: str(label) for value, label in Origin.choices}
LAND_USES = {code.code: code.label_zh for code in law.codes("land_use")}
CROPS = {code.code: code.label_zh for code in law.codes("crop")}
ANALYTES = {each.code: each.name_zh for each in law.analytes()}
IMPORT = (Right(Role.CLERK, "import", levels=("county", "city", "province"), departments=BOTH),)
STANDING = {"standing": _("现行"), "ended": _("已终止")}
NOW = "standing_version__version__"


def printed(number: str, land_class: str) -> Concat:
    """The printed code: number and Ⅰ, Ⅱ or Ⅲ, as the class is."""
    letters = [When(**{land_class: code}, then=Value(letter)) for code, letter in ROMAN.items()]
    return Concat(F(number), Case(*letters, default=Value(""), output_field=CharField()), output_field=CharField())


def in_mu(area_m2: str) -> Round:
    """An area of square metres in mu."""
    area = DecimalField(max_digits=16, decimal_places=2)
    return Round(ExpressionWrapper(F(area_m2) * Value(3) / Value(2000), output_field=area), 2)


def years() -> list[tuple[int, int]]:
    """The years of which changed land was told, the last first."""
    return [(year, year) for year in LandChange.objects.order_by("-year").values_list("year", flat=True).distinct()]


@register
class UnitRegister(Register):
    """Farmland units with the facts of the version that stands on the asked day."""

    name = "farmland.unit"
    model = Unit
    chapter = CHAPTER
    title = _("耕地单元")
    noun = _("耕地单元")
    clause = "T05"
    columns = (
        Column("code", _("类别编码"), "link", path="printed_code"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("township", _("乡镇"), path=NOW + "township"),
        Column("village", _("村"), path=NOW + "village"),
        Column("land_class", _("类别"), choices=CLASSES, path=NOW + "land_class"),
        Column("area", _("登记面积"), "number", unit=MU, path=NOW + "stated_area_mu"),
        Column("land_use", _("土地利用"), choices=LAND_USES, path=NOW + "land_use"),
        Column("crops", _("主要作物"), "list", choices=CROPS, path=NOW + "crops"),
        Column("target_analytes", _("目标污染物"), "list", choices=ANALYTES, path=NOW + "target_analytes"),
        Column("pollution_degree", _("污染程度"), choices=DEGREES, path=NOW + "pollution_degree", shown=False),
        Column("standing", _("状态"), choices=STANDING, path="stands"),
        Column("begun_on", _("建档日期"), "date", shown=False),
        Column("ended_on", _("终止日期"), "date", shown=False),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "land_class": django_filters.ChoiceFilter(
            field_name=NOW + "land_class", label=_("类别"), choices=LandClass.choices, null_label=_("未划分")
        ),
        "land_use": django_filters.ChoiceFilter(
            field_name=NOW + "land_use", label=_("土地利用"), choices=list(LAND_USES.items())
        ),
        "crop": HoldsFilter(field_name=NOW + "crops", label=_("主要作物"), choices=list(CROPS.items())),
        "standing": django_filters.ChoiceFilter(
            field_name="stands", label=_("状态"), choices=list(STANDING.items())
        ),
    }  # fmt: skip
    search = ("number", "region__name", NOW + "village", NOW + "township")
    panels = (
        Panel(
            _("单元"),
            (
                Column("code", _("类别编码"), path="printed_code"),
                Column("number", _("单元编号")),
                Column("region", _("县（市、区）")),
                Column("township", _("乡镇"), path=NOW + "township"),
                Column("village", _("村"), path=NOW + "village"),
                Column("origin", _("来源"), choices=ORIGINS),
                Column("begun_on", _("建档日期"), "date"),
                Column("ended_on", _("终止日期"), "date"),
            ),
        ),
        Panel(
            _("现行版本"),
            (
                Column("land_class", _("类别"), choices=CLASSES, path=NOW + "land_class"),
                Column("version", _("版本"), "plain", path=NOW + "version"),
                Column("from_on", _("起始日期"), "date", path=NOW + "from_on"),
                Column("stated_area_mu", _("登记面积"), "number", unit=MU, path=NOW + "stated_area_mu"),
                Column("computed_area_mu", _("图形面积"), "number", unit=MU),
                Column("land_use", _("土地利用"), choices=LAND_USES, path=NOW + "land_use"),
                Column("crops", _("主要作物"), "list", choices=CROPS, path=NOW + "crops"),
                Column("target_analytes", _("目标污染物"), "list", choices=ANALYTES, path=NOW + "target_analytes"),
                Column("pollution_degree", _("污染程度"), choices=DEGREES, path=NOW + "pollution_degree"),
                Column("dossier", _("导入卷宗"), "dossier", path=NOW + "dossier"),
            ),
        ),
    )
    related = (
        Related(_("历次版本"), "farmland.unit_version", "unit_id"),
        Related(_("来源单元"), "farmland.lineage", "descendant_id", ("ancestor", "change", "on", "shared")),
        Related(_("后继单元"), "farmland.lineage", "ancestor_id", ("descendant", "change", "on", "shared")),
        Related(_("协同监测点对"), "farmland.pair", "unit_id", ("code", "year", "season", "crop", "progress")),
        Related(
            _("措施落实"), "farmland.measure", "unit_id", ("code", "year", "season", "area_mu", "warnings", "standing")
        ),
        Related(
            _("安全利用效果评价"),
            "farmland.effect_evaluation",
            "unit_id",
            ("year", "season", "pair_count", "mean_index", "exceeding_percent", "outcome", "overall"),
        ),
        Related(_("管控利用"), "farmland.control_use", "unit_id", ("kind", "year", "area_mu", "done_on", "standing")),
    )
    rights = IMPORT
    sheets = ("farmland.unit",)
    tools = (*screens.TOOLS, *safe_use.ON_UNITS, *control.ON_UNITS)
    downloads = (COUNTY_LAYER,)
    ordering = "number"
    states = {
        "I": State(_("优先保护类"), "done", "class-1", "Ⅰ"),
        "II": State(_("安全利用类"), "soon", "class-2", "Ⅱ"),
        "III": State(_("严格管控类"), "returned", "class-3", "Ⅲ"),
        "": State(_("未划分类别"), "ended", "class-0", "–"),
    }
    layer = Layer(
        geometry=NOW + "geom",
        label=NOW + "village",
        state="standing_version__land_class",
        min_zoom=8,
        note="told_area",
    )
    from_on = "begun_on"
    recorded_at = "recorded_at"
    empty = _("还没有耕地单元。请导入耕地单元（GeoPackage、Shapefile 压缩包、GeoJSON、.gdb 压缩包或带 WKT 的表格）。")

    def rows(self, reach: Reach, clock: Clock) -> QuerySet[Any]:
        """The units within reach, each with its printed code and drawn area as they stand on the asked day."""
        rows = super().rows(reach, clock).select_related(NOW.removesuffix("__"))
        return rows.annotate(
            printed_code=printed("number", "standing_version__land_class"),
            computed_area_mu=in_mu("standing_version__computed_area_m2"),
            stands=Case(
                When(standing_version__isnull=True, then=Value("ended")),
                default=Value("standing"),
                output_field=CharField(),
            ),
            told_area=Concat(Round(NOW + "stated_area_mu", 2), Value(gettext(" 亩")), output_field=CharField()),
        )


@register
class UnitVersionRegister(Register):
    """Every version of every unit: from when until when, why it began, what it was."""

    name = "farmland.unit_version"
    model = UnitVersion
    chapter = CHAPTER
    title = _("单元版本")
    noun = _("单元版本")
    clause = "T05"
    in_menu = False
    columns = (
        Column("code", _("类别编码"), "link", path="printed_code"),
        Column("version", _("版本"), "plain"),
        Column("change", _("变化"), choices=CHANGES),
        Column("from_on", _("起始日期"), "date"),
        Column("until_on", _("截止日期"), "date", path="known_until_on"),
        Column("land_class", _("类别"), choices=CLASSES),
        Column("area", _("登记面积"), "number", unit=MU, path="stated_area_mu"),
        Column("drawn", _("图形面积"), "number", unit=MU, path="computed_area_mu"),
        Column("village", _("村"), shown=False),
        Column("county", _("县（市、区）"), path="region__name", shown=False),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "change": django_filters.ChoiceFilter(label=_("变化"), choices=Change.choices),
        "land_class": django_filters.ChoiceFilter(label=_("类别"), choices=LandClass.choices),
    }
    search = ("unit__number", "village")
    panels = (
        Panel(
            _("版本"),
            (
                Column("unit", _("耕地单元"), "record:farmland.unit"),
                Column("version", _("版本"), "plain"),
                Column("change", _("变化"), choices=CHANGES),
                Column("from_on", _("起始日期"), "date"),
                Column("until_on", _("截止日期"), "date", path="known_until_on"),
                Column("land_class", _("类别"), choices=CLASSES),
                Column("adjustment_item", _("类别调整")),
                Column("dossier", _("导入卷宗"), "dossier"),
            ),
        ),
        Panel(
            _("属性"),
            (
                Column("region", _("县（市、区）")),
                Column("township", _("乡镇")),
                Column("village", _("村")),
                Column("stated_area_mu", _("登记面积"), "number", unit=MU),
                Column("computed_area_mu", _("图形面积"), "number", unit=MU),
                Column("land_use", _("土地利用"), choices=LAND_USES),
                Column("crops", _("主要作物"), "list", choices=CROPS),
                Column("target_analytes", _("目标污染物"), "list", choices=ANALYTES),
                Column("pollution_degree", _("污染程度"), choices=DEGREES),
            ),
        ),
    )
    ordering = "-from_on"
    from_on = "from_on"
    recorded_at = "recorded_at"
    empty = _("还没有单元版本。")

    def rows(self, reach: Reach, clock: Clock) -> QuerySet[Any]:
        """The versions within reach; an end that was recorded after the asked day is not known yet."""
        known = When(until_recorded_at__lt=clock.known_until, then=F("until_on"))
        return (
            super()
            .rows(reach, clock)
            .select_related("unit")
            .annotate(
                printed_code=printed("unit__number", "land_class"),
                computed_area_mu=in_mu("computed_area_m2"),
                known_until_on=Case(known, output_field=DateField()),
            )
        )


@register
class LineageRegister(Register):
    """From which unit a unit came by splitting or merging."""

    name = "farmland.lineage"
    model = Lineage
    chapter = CHAPTER
    title = _("单元沿革")
    noun = _("单元沿革")
    clause = "T05"
    in_menu = False
    columns = (
        Column("descendant", _("新单元"), "link", path="descendant__number"),
        Column("ancestor", _("原单元"), path="ancestor__number"),
        Column("change", _("变化"), choices=CHANGES),
        Column("on", _("日期"), "date"),
        Column("shared", _("重合面积"), "number", unit=MU, path="shared_area_mu"),
        Column("county", _("县（市、区）"), path="descendant__region__name"),
    )
    filters = {
        "region": RegionFilter(field_name="descendant__region", label=_("行政区")),
        "change": django_filters.ChoiceFilter(label=_("变化"), choices=Change.choices),
    }
    search = ("descendant__number", "ancestor__number")
    panels = (
        Panel(
            _("沿革"),
            (
                Column("ancestor", _("原单元"), "record:farmland.unit"),
                Column("descendant", _("新单元"), "record:farmland.unit"),
                Column("change", _("变化"), choices=CHANGES),
                Column("on", _("日期"), "date"),
                Column("shared", _("重合面积"), "number", unit=MU, path="shared_area_mu"),
            ),
        ),
    )
    reach = ReachBy(region="descendant__region_id")
    ordering = "-on"
    from_on = "on"
    recorded_at = "recorded_at"
    empty = _("还没有拆分或合并。")

    def rows(self, reach: Reach, clock: Clock) -> QuerySet[Any]:
        """The descents within reach with the shared ground in mu."""
        rows = super().rows(reach, clock).select_related("ancestor", "descendant")
        return rows.annotate(shared_area_mu=in_mu("shared_area_m2"))


@register
class LandChangeRegister(Register):
    """Patches of the yearly survey whose use changed."""

    name = "farmland.land_change"
    model = LandChange
    chapter = CHAPTER
    title = _("用途变更图斑")
    noun = _("用途变更图斑")
    clause = "T05"
    columns = (
        Column("number", _("图斑编号"), "link"),
        Column("county", _("县（市、区）"), path="region__name"),
        Column("year", _("年度"), "plain"),
        Column("from_use", _("变更前地类")),
        Column("to_use", _("变更后地类")),
        Column("changed_on", _("变更日期"), "date"),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "year": django_filters.ChoiceFilter(label=_("年度"), choices=years),
    }
    search = ("number", "from_use", "to_use")
    panels = (
        Panel(
            _("图斑"),
            (
                Column("number", _("图斑编号")),
                Column("region", _("县（市、区）")),
                Column("year", _("年度"), "plain"),
                Column("from_use", _("变更前地类")),
                Column("to_use", _("变更后地类")),
                Column("changed_on", _("变更日期"), "date"),
                Column("dossier", _("导入卷宗"), "dossier"),
            ),
        ),
    )
    rights = IMPORT
    sheets = ("farmland.land_change",)
    ordering = "-changed_on"
    layer = Layer(geometry="geom", label="number")
    from_on = "changed_on"
    recorded_at = "recorded_at"
    empty = _("还没有用途变更图斑。请导入年度国土变更调查的图层。")
