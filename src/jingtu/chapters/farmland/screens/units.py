"""What the page of a unit offers: bringing facts up to date, splitting, merging, redrawing, ending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from shapely import Point
from shapely.geometry.base import BaseGeometry

from jingtu import law
from jingtu.chapters.farmland.actions import divide, lineage
from jingtu.chapters.farmland.checking.parts import UnreadableBoundary, parts_of
from jingtu.chapters.farmland.checking.units import analytes_of, crops_of, unknown
from jingtu.chapters.farmland.facts import evaluating
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import PollutionDegree, Unit, UnitVersion
from jingtu.chapters.farmland.screens import drawing
from jingtu.chapters.farmland.screens.drawing import (
    CHANGE,
    LINE,
    SURFACE,
    Feature,
    boundary_field,
    in_mu,
    layer_field,
    one_surface,
    read_file,
)
from jingtu.chapters.farmland.workflow import clerk
from jingtu.registers import clock
from jingtu.registers.declare import Preview, Tool
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

UNIT = "farmland.unit"
_JOIN = "、"
RIGHTS = clerk("edit", "county", "city", "province")
WKT = _("在图上拖动界点或重新画；也可以填写 CGCS2000 经纬度的 WKT（POLYGON），或上传矢量文件。")


def ended(unit: Unit) -> str | None:
    """Why a unit may not be changed now."""
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


def _boundary(label: Any, hint: Any, ways: Sequence[str], shown: Iterable[Feature]) -> dict[str, forms.Field]:
    return {
        "wkt": boundary_field(label, hint, ways, shown),
        "layer": layer_field(),
    }


# --- splitting ------------------------------------------------------------------------------------------------


def split_fields(unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """The parts, drawn or cut, over the unit and its points of evidence."""
    hint = _(
        "在图上画一条线切开，或画一个面划出一块；也可以填写 WKT（LINESTRING 或 POLYGON，每行一个），或上传矢量文件。"
    )
    shown = [drawing.own(facts.latest_version(unit)), *drawing.points(unit, clock.today())]
    return _grounds(**_boundary(_("各块边界"), hint, (LINE, SURFACE), shown))


def split(unit: Unit, *, by: Reach, on: date, wkt: str, layer: Any, reason: str, document: Any) -> tuple[str, int]:
    """Divide a unit; each piece is evaluated by the evidence on its own ground."""
    divide.divide(unit, _parts(unit, wkt, layer), by=by, on=on, reason=reason, file=read_file(document))
    return UNIT, unit.pk


def split_preview(unit: Unit, _reach: Reach, on: date, said: Mapping[str, Any]) -> Preview:
    """The pieces with their areas and the points on each, before anything is done."""
    version, parts = facts.latest_version(unit), _parts(unit, said.get("wkt", ""), said.get("layer"))
    lineage.require_parts(as_ground(version.geom), parts, on)
    shares = lineage.shares_of(version.stated_area_mu, parts)
    places = evaluating.judged_points(unit.pk, on)
    whole = sum(in_mu(part) for part in parts)
    rows = [
        (str(number), f"{in_mu(part):.2f}", f"{in_mu(part) / whole * 100:.1f}", f"{share:.2f}", _on(part, places))
        for number, (part, share) in enumerate(zip(parts, shares, strict=True), 1)
    ]
    told = gettext("分成 %(count)d 块，合计 %(area).2f 亩。") % {"count": len(parts), "area": whole}
    return Preview(told, PIECES, rows, drawing.shapes(parts))


PIECES = (_("块"), _("图形面积（亩）"), _("占比（%）"), _("登记面积（亩）"), _("点位"))


def _on(part: BaseGeometry, places: Sequence[evaluating.Judged]) -> str:
    """How many points of each level lie on a piece."""
    own = [each.worst for each in places if part.covers(Point(each.place))]
    told = [f"{letter} {own.count(level)}" for level, (_sign, letter, _words) in drawing.LEVELS.items() if level in own]
    return "，".join(told) or gettext("没有点位")


def _parts(unit: Unit, wkt: str, layer: Any) -> list[BaseGeometry]:
    try:
        return parts_of(as_ground(facts.latest_version(unit).geom), wkt, read_file(layer))
    except UnreadableBoundary as error:
        raise DeedRefused(str(error)) from error


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
    made = lineage.merge(chosen, by=by, on=on, reason=reason, file=read_file(document))
    return UNIT, made.unit_id


# --- redrawing, facts, ending ---------------------------------------------------------------------------------


def redraw_fields(unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """The new boundary and stated area."""
    area = forms.DecimalField(
        label=_("登记面积（亩）"), required=False, min_value=Decimal("0.01"), help_text=_("不填按图形面积。")
    )
    version = facts.latest_version(unit)
    shown = [drawing.own(version), *drawing.neighbours(facts.around(version))]
    return _grounds(**_boundary(_("新边界"), WKT, (CHANGE, SURFACE), shown), stated_area_mu=area)


def redraw(
    unit: Unit, *, by: Reach, on: date, wkt: str, layer: Any, stated_area_mu: Decimal | None, reason: str, document: Any
) -> tuple[str, int]:
    """Give a unit another boundary."""
    ground = one_surface(wkt, layer)
    lineage.redraw(unit, ground, stated_area_mu, by=by, on=on, reason=reason, file=read_file(document))
    return UNIT, unit.pk


def redraw_preview(unit: Unit, _reach: Reach, on: date, said: Mapping[str, Any]) -> Preview:
    """The area before and after, and whether the new boundary leaves the neighbours alone."""
    ground = one_surface(said.get("wkt", ""), said.get("layer"))
    lineage.require_free(unit, ground, on)
    before = as_ground(facts.latest_version(unit).geom)
    was, now = in_mu(before), in_mu(ground)
    rows = [
        (
            f"{was:.2f}",
            f"{now:.2f}",
            f"{now - was:+.2f}",
            f"{_mu_of(ground, before):.2f}",
            f"{_mu_of(before, ground):.2f}",
        )
    ]
    return Preview(gettext("新边界与相邻单元不重叠。"), CHANGED, rows, drawing.shapes([ground]))


CHANGED = (_("现图形面积（亩）"), _("新图形面积（亩）"), _("增减（亩）"), _("划入（亩）"), _("划出（亩）"))


def _mu_of(ground: BaseGeometry, without: BaseGeometry) -> float:
    left = ground.difference(without)
    return 0.0 if left.is_empty else in_mu(left)


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
        pollution_degree=forms.ChoiceField(
            label=_("污染程度"),
            required=False,
            choices=[("", _("未入库")), *PollutionDegree.choices],
            help_text=_("普查或详查的结论，试行方法核算安全利用率时采用。"),
            initial=now.pollution_degree,
        ),
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
    lineage.change_facts(unit, told, by=by, on=on, reason=reason, file=read_file(document))
    return UNIT, unit.pk


def end_fields(_unit: Unit, _reach: Reach) -> dict[str, forms.Field]:
    """Only the grounds."""
    return _grounds()


def end(unit: Unit, *, by: Reach, on: date, reason: str, document: Any) -> tuple[str, int]:
    """End a unit."""
    lineage.end(unit, by=by, on=on, reason=reason, file=read_file(document))
    return UNIT, unit.pk


TOOLS = (
    Tool(
        "facts", _("更新属性"), RIGHTS, facts_fields, change_facts, closed=ended,
        hint=_("开始一个新版本；类别不在此修改，须经类别调整。"),
    ),
    Tool(
        "redraw", _("变更边界"), RIGHTS, redraw_fields, redraw, closed=ended, preview=redraw_preview,
        hint=_("开始一个新版本；新边界不得与相邻单元重叠。"),
    ),
    Tool(
        "split", _("拆分"), RIGHTS, split_fields, split, closed=ended, preview=split_preview,
        hint=_("原单元终止，各块成为新单元，沿用原类别并按块内点位重新评价；各块合起来须与原单元一致。"),
    ),
    Tool(
        "merge", _("合并"), RIGHTS, merge_fields, merge, closed=ended,
        hint=_("各单元终止，合成一个新单元；只能合并同县、同类别的单元。"),
    ),
    Tool(
        "end", _("终止"), RIGHTS, end_fields, end, closed=ended,
        hint=_("不再是耕地的单元在此终止；历次版本和记录照常保留。"),
    ),
)  # fmt: skip
