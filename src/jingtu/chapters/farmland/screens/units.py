"""What the page of a unit offers: bringing facts up to date, splitting, merging, redrawing, ending."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.actions import lineage
from jingtu.chapters.farmland.actions.units import as_ground
from jingtu.chapters.farmland.checking.parts import UnreadableBoundary, parts_of, surfaces
from jingtu.chapters.farmland.checking.units import analytes_of, crops_of, unknown
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.models import Unit, UnitVersion
from jingtu.chapters.farmland.workflow import clerk
from jingtu.registers.declare import Tool
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

UNIT = "farmland.unit"
_JOIN = "、"
RIGHTS = clerk("edit", "county", "city", "province")
WKT = _("CGCS2000 经纬度的 WKT，每行一个面；也可以在下面上传矢量文件。")


def _ended(unit: Unit) -> str | None:
    if unit.ended_on is not None:
        return str(_("单元已终止。"))
    return str(_("单元正在类别调整中，审定或撤回后再变更。")) if facts.is_under_adjustment(unit) else None


def _grounds(**more: forms.Field) -> dict[str, forms.Field]:
    """What every change states: its grounds and the document that proves it."""
    return {
        **more,
        "reason": forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 2})),
        "document": forms.FileField(label=_("证明文件"), required=False, help_text=_("业务日期距今超过 10 天的须附。")),
    }


def _boundary(label: Any, hint: Any) -> dict[str, forms.Field]:
    return {
        "wkt": forms.CharField(label=label, required=False, help_text=hint, widget=forms.Textarea(attrs={"rows": 5})),
        "layer": forms.FileField(
            label=_("边界文件"), required=False, help_text=_("GeoPackage、Shapefile 压缩包、GeoJSON 或 .gdb 压缩包。")
        ),
    }


def _read(file: Any) -> tuple[str, bytes] | None:
    return (str(file.name), file.read()) if file else None


# --- splitting ------------------------------------------------------------------------------------------------


def split_fields(_unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """The parts, drawn or cut."""
    hint = _("每行一个面；或只写一条 LINESTRING，按线切开。也可以在下面上传矢量文件。")
    return _grounds(**_boundary(_("各块边界"), hint))


def split(unit: Unit, *, by: Reach, on: date, wkt: str, layer: Any, reason: str, document: Any) -> tuple[str, int]:
    """Divide a unit."""
    try:
        parts = parts_of(as_ground(facts.latest_version(unit).geom), wkt, _read(layer))
    except UnreadableBoundary as error:
        raise DeedRefused(str(error)) from error
    lineage.split(unit, parts, by=by, on=on, reason=reason, file=_read(document))
    return UNIT, unit.pk


# --- merging --------------------------------------------------------------------------------------------------


def merge_fields(unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """Which neighbours of the same class to join."""
    choices = [
        (each.unit.number, gettext("%(code)s %(village)s %(area)s 亩") % _told(each)) for each in facts.neighbours(unit)
    ]
    return _grounds(
        others=forms.MultipleChoiceField(
            choices=choices, label=_("并入的相邻单元"), widget=forms.CheckboxSelectMultiple,
            help_text=_("列出同县、同类别、相邻的现行单元。"),
        )
    )  # fmt: skip


def _told(version: UnitVersion) -> dict[str, str]:
    return {"code": version.code, "village": version.village, "area": f"{version.stated_area_mu:.2f}"}


def merge(unit: Unit, *, by: Reach, on: date, others: list[str], reason: str, document: Any) -> tuple[str, int]:
    """Join units."""
    chosen = [unit, *facts.units_by_number(others).values()]
    made = lineage.merge(chosen, by=by, on=on, reason=reason, file=_read(document))
    return UNIT, made.unit_id


# --- redrawing, facts, ending ---------------------------------------------------------------------------------


def redraw_fields(_unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """The new boundary and stated area."""
    area = forms.DecimalField(
        label=_("登记面积（亩）"), required=False, min_value=Decimal("0.01"), help_text=_("不填按图形面积。")
    )
    return _grounds(**_boundary(_("新边界"), WKT), stated_area_mu=area)


def redraw(
    unit: Unit, *, by: Reach, on: date, wkt: str, layer: Any, stated_area_mu: Decimal | None, reason: str, document: Any
) -> tuple[str, int]:
    """Give a unit another boundary."""
    try:
        found = surfaces(wkt, _read(layer))
    except UnreadableBoundary as error:
        raise DeedRefused(str(error)) from error
    if len(found) != 1:
        raise DeedRefused(str(_("边界须正好是一个面（可以有多个部分和孔洞）。")))
    lineage.redraw(unit, found[0], stated_area_mu, by=by, on=on, reason=reason, file=_read(document))
    return UNIT, unit.pk


def facts_fields(unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """The facts that stand, to be changed."""
    now = facts.latest_version(unit)
    uses = [(each.code, each.label_zh) for each in law.codes("land_use")]
    area = now.stated_area_mu.normalize()
    return _grounds(
        township=forms.CharField(label=_("乡镇"), required=False, max_length=60, initial=now.township),
        village=forms.CharField(label=_("村"), max_length=60, initial=now.village),
        stated_area_mu=forms.DecimalField(label=_("登记面积（亩）"), min_value=Decimal("0.01"), initial=f"{area:f}"),
        land_use=forms.ChoiceField(label=_("土地利用"), choices=uses, initial=now.land_use),
        crops=forms.CharField(
            label=_("主要作物"),
            required=False,
            help_text=_("几种之间用顿号分开，如 小麦、玉米。"),
            initial=_JOIN.join(law.codes("crop").label(each) for each in now.crops),
        ),
        target_analytes=forms.CharField(
            label=_("目标污染物"),
            required=False,
            help_text=_("元素名称或符号，用顿号分开，如 镉、砷。"),
            initial=_JOIN.join(law.analytes()[each].name_zh for each in now.target_analytes),
        ),
    )


def change_facts(unit: Unit, *, by: Reach, on: date, reason: str, document: Any, **told: Any) -> tuple[str, int]:
    """Begin a version with other facts."""
    told |= {"crops": crops_of(told["crops"]), "target_analytes": analytes_of(told["target_analytes"])}
    if strange := unknown(told["crops"], told["target_analytes"]):
        raise DeedRefused(str(_("代码表里没有：%(names)s。") % {"names": _JOIN.join(strange)}))
    lineage.change_facts(unit, told, by=by, on=on, reason=reason, file=_read(document))
    return UNIT, unit.pk


def end_fields(_unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """Only the grounds."""
    return _grounds()


def end(unit: Unit, *, by: Reach, on: date, reason: str, document: Any) -> tuple[str, int]:
    """End a unit."""
    lineage.end(unit, by=by, on=on, reason=reason, file=_read(document))
    return UNIT, unit.pk


TOOLS = (
    Tool(
        "facts", _("更新属性"), RIGHTS, facts_fields, change_facts, closed=_ended,
        hint=_("开始一个新版本；类别不在此修改，须经类别调整。"),
    ),
    Tool(
        "redraw", _("变更边界"), RIGHTS, redraw_fields, redraw, closed=_ended,
        hint=_("开始一个新版本；新边界不得与相邻单元重叠。"),
    ),
    Tool(
        "split", _("拆分"), RIGHTS, split_fields, split, closed=_ended,
        hint=_("原单元终止，各块成为新单元，沿用原类别；各块合起来须与原单元一致。"),
    ),
    Tool(
        "merge", _("合并"), RIGHTS, merge_fields, merge, closed=_ended,
        hint=_("各单元终止，合成一个新单元；只能合并同县、同类别的单元。"),
    ),
    Tool(
        "end", _("终止"), RIGHTS, end_fields, end, closed=_ended,
        hint=_("不再是耕地的单元在此终止；历次版本和记录照常保留。"),
    ),
)  # fmt: skip
