"""The kernel's own registers: dossiers and packages."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Role
from jingtu.registers import outbox, periods
from jingtu.registers.declare import Column, Panel, Register, all_sheets, register
from jingtu.registers.flows import DOSSIER, PACKAGE
from jingtu.registers.models import Dossier, DutySetting, Package
from jingtu.registers.reach import ReachBy, Right

DOSSIER_STATES = {name: str(state.label) for name, state in DOSSIER.states.items()}
PACKAGE_STATES = {name: str(state.label) for name, state in PACKAGE.states.items()}


def _sheet_choices() -> list[tuple[str, str]]:
    return [(sheet.name, sheet.title) for sheet in all_sheets()]


@register
class DossierRegister(Register):
    """Every file handed in."""

    name = "registers.dossier"
    model = Dossier
    title = _("数据导入卷宗")
    noun = _("卷宗")
    columns = (
        Column("number", _("卷宗号"), "link"),
        Column("sheet", _("表单"), "sheet"),
        Column("filename", _("文件名")),
        Column("region", _("行政区"), path="region__name"),
        Column("organisation", _("提交单位"), path="organisation__name"),
        Column("on", _("业务日期"), "date"),
        Column("row_count", _("行数"), "number"),
        Column("standing", _("状态"), "state", choices=DOSSIER_STATES),
    )
    filters = {
        "sheet": django_filters.ChoiceFilter(label=_("表单"), choices=_sheet_choices),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(DOSSIER_STATES.items())),
    }
    search = ("number", "filename")
    reach = ReachBy(region="region_id", organisation="organisation_id")
    workflow = DOSSIER
    in_menu = False
    empty = _("还没有导入过文件。点“导入文件”选一个表单开始。")

    def url(self, pk: object = None) -> str:
        """Dossiers have their own page."""
        return f"/dossiers/{pk}/" if pk is not None else "/dossiers/"


@register
class PackageRegister(Register):
    """Everything sent to other systems."""

    name = "registers.package"
    model = Package
    title = _("上报包")
    noun = _("上报包")
    clause = "T02"
    columns = (
        Column("number", _("上报包号"), "link"),
        Column("target", _("接收平台")),
        Column("kind", _("内容")),
        Column("sent_on", _("上报日期"), "date"),
        Column("receipt_number", _("回执编号")),
        Column("receipt_on", _("回执日期"), "date"),
        Column("standing", _("状态"), "state", choices=PACKAGE_STATES),
    )
    filters = {"standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(PACKAGE_STATES.items()))}
    search = ("number", "receipt_number")
    panels = (
        Panel(
            _("上报包"),
            (
                Column("number", _("上报包号")),
                Column("target", _("接收平台")),
                Column("kind", _("内容")),
                Column("field_map", _("字段映射版本")),
                Column("digest", _("内容摘要")),
                Column("document", _("文件"), "document"),
            ),
        ),
        Panel(
            _("上报与回执"),
            (
                Column("sent_on", _("上报日期"), "date"),
                Column("receipt_number", _("回执编号")),
                Column("receipt_on", _("回执日期"), "date"),
            ),
        ),
    )
    rights = (Right(Role.CLERK, "add", levels=("province",)),)
    workflow = PACKAGE
    deeds = {"send": outbox.send, "withdraw": outbox.withdraw}
    empty = _("还没有上报包。审核通过的点位可在监测任务页生成上报包。")


@register
class DutySettingRegister(Register):
    """The periods set for duties whose time the plan leaves open."""

    name = periods.REGISTER
    model = DutySetting
    title = _("任务期限设定")
    noun = _("任务期限")
    columns = (
        Column("duty", _("任务项"), "link"),
        Column("task", _("任务内容"), path="duty", choices=periods.open_duties()),
        Column("due_on", _("完成期限"), "date"),
        Column("from_on", _("起始日期"), "date"),
        Column("set_by", _("设定单位")),
        Column("document_number", _("文号")),
        Column("certainty", _("可靠程度"), choices=periods.certainties()),
        Column("recorded_at", _("记录时间"), "instant"),
    )
    filters = {
        "duty": django_filters.ChoiceFilter(label=_("任务项"), choices=list(periods.open_duties().items())),
        "certainty": django_filters.ChoiceFilter(label=_("可靠程度"), choices=list(periods.certainties().items())),
    }
    search = ("duty", "set_by", "document_number")
    panels = (
        Panel(
            _("任务期限"),
            (
                Column("duty", _("任务内容"), choices=periods.open_duties()),
                Column("due_on", _("完成期限"), "date"),
                Column("from_on", _("起始日期"), "date"),
                Column("set_by", _("设定单位")),
                Column("document_number", _("文号")),
                Column("certainty", _("可靠程度"), choices=periods.certainties()),
                Column("note", _("说明")),
            ),
        ),
    )
    reach = ReachBy(shared=True)
    openings = (periods.SET_PERIOD,)
    recorded_at = "recorded_at"
    ordering = "-from_on"
    empty = _("还没有设定过任务期限。计划没有写明期限的任务，设定前只显示“期限待设定”，不判逾期。")
