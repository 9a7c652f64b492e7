"""The register of targets of the safe-use rate."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from jingtu.chapters.farmland.models import RateTarget
from jingtu.chapters.farmland.screens import rate as screens
from jingtu.registers.declare import Column, Panel, Register, register
from jingtu.registers.filters import RegionFilter


@register
class RateTargetRegister(Register):
    """What safe-use rate places must reach."""

    name = "farmland.rate_target"
    model = RateTarget
    chapter = "farmland"
    title = _("安全利用率目标")
    noun = _("安全利用率目标")
    clause = "G"
    columns = (
        Column("region", _("行政区"), "link", path="region__name"),
        Column("year", _("年度"), "plain"),
        Column("percent", _("目标值"), "number", unit="%"),
        Column("document_number", _("文号")),
        Column("set_by", _("下达机关")),
        Column("set_on", _("下达日期"), "date"),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "year": django_filters.NumberFilter(label=_("年度")),
    }
    search = ("document_number", "set_by")
    panels = (
        Panel(
            _("目标"),
            (
                Column("region", _("行政区")),
                Column("year", _("年度"), "plain"),
                Column("percent", _("目标值"), "number", unit="%"),
                Column("document_number", _("文号")),
                Column("set_by", _("下达机关")),
                Column("set_on", _("下达日期"), "date"),
            ),
        ),
    )
    openings = (screens.SET_TARGET,)
    from_on = "set_on"
    recorded_at = "recorded_at"
    empty = _("尚未下达安全利用率目标。下达后由省级登记。")
