"""The register of interpolations: contents estimated between the sampled places, kept as made; no evidence."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.chapters.farmland.models import Interpolation
from jingtu.chapters.farmland.models.interpolations import Outcome
from jingtu.chapters.farmland.screens import interpolations as screens
from jingtu.registers.arrows import State
from jingtu.registers.declare import Column, Panel, Register, register
from jingtu.registers.filters import RegionFilter
from jingtu.registers.reach import ReachBy

ANALYTES = {entry.code: entry.name_zh for entry in law.analytes()}
USES = {code.code: code.label_zh for code in law.codes("land_use")}
KINDS = {Outcome.DRAWN: "done", Outcome.REFUSED: "ended"}
OUTCOMES = dict(Outcome.choices)
STATES = {name: State(label, KINDS.get(Outcome(name), "open")) for name, label in OUTCOMES.items()}


@register
class InterpolationRegister(Register):
    """Estimates of contents between sampled places, with their uncertainty. What decides classes never reads them."""

    name = "farmland.interpolation"
    model = Interpolation
    chapter = "farmland"
    title = _("土壤含量插值")
    noun = _("含量插值")
    clause = "T05"
    columns = (
        Column("number", _("插值编号"), "link"),
        Column("region", _("行政区"), path="region__name"),
        Column("analyte", _("检测项目"), choices=ANALYTES),
        Column("as_of_on", _("数据截至"), "date"),
        Column("point_count", _("点数"), "number"),
        Column("limit_mg_kg", _("界限"), "number", unit="mg/kg"),
        Column("replay_agrees", _("重算一致"), "bool", shown=False),
        Column("asked_on", _("提出日期"), "date"),
        Column("outcome", _("结果"), "state", choices=OUTCOMES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "analyte": django_filters.ChoiceFilter(label=_("检测项目"), choices=list(ANALYTES.items())),
        "outcome": django_filters.ChoiceFilter(label=_("结果"), choices=list(OUTCOMES.items())),
    }
    search = ("number",)
    panels = (
        Panel(
            _("问题"),
            (
                Column("number", _("插值编号")),
                Column("region", _("行政区")),
                Column("analyte", _("检测项目"), choices=ANALYTES),
                Column("land_uses", _("土地利用"), "list", choices=USES),
                Column("as_of_on", _("数据截至"), "date"),
                Column("known_on", _("按此日所知"), "date"),
                Column("is_logged", _("取对数"), "bool"),
            ),
        ),
        Panel(
            _("结果（仅为估计值，不作为分类依据）"),
            (
                Column("outcome", _("结果"), "state", choices=OUTCOMES),
                Column("refusal", _("不成图的原因")),
                Column("point_count", _("点数"), "number"),
                Column("limit_mg_kg", _("界限"), "number", unit="mg/kg"),
                Column("minded", _("须注意")),
                Column("inputs_digest", _("输入摘要")),
                Column("cells_digest", _("结果摘要")),
                Column("replayed_on", _("最近重算日期"), "date"),
                Column("replay_agrees", _("重算一致"), "bool"),
            ),
        ),
    )
    openings = (screens.ASK,)
    tools = (screens.REPLAY,)
    downloads = screens.FILES
    overlay = screens.OVERLAY
    states = STATES
    reach = ReachBy(region="region_id")
    from_on = "asked_on"
    recorded_at = "recorded_at"
    empty = _("还没有含量插值。由已入库的土壤结果作一次，即可在一张图上叠加。")
