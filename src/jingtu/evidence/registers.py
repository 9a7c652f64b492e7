"""The registers of the evidence room."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.evidence import actions, screens
from jingtu.evidence.models import (
    Batch,
    Handover,
    HandoverItem,
    Laboratory,
    Medium,
    Outcome,
    QualityCheck,
    Result,
    SampleKind,
)
from jingtu.evidence.workflow import BATCH, HANDOVER
from jingtu.registers.declare import Column, Panel, Register, Related, register
from jingtu.registers.filters import RegionFilter
from jingtu.registers.reach import ReachBy

ANALYTES = {analyte.code: f"{analyte.name_zh}({analyte.symbol})" for analyte in law.analytes()}
# Measured values and limits of quality control stand in these units; a duplicate's deviation says its % itself.
IN_UNITS = {
    analyte.code: f"{ANALYTES[analyte.code]} {analyte.standard_unit}".removesuffix(f" {analyte.symbol}")
    for analyte in law.analytes()
}
BATCH_STATES = {name: str(state.label) for name, state in BATCH.states.items()}
HANDOVER_STATES = {name: str(state.label) for name, state in HANDOVER.states.items()}
KINDS = {value: str(label) for value, label in SampleKind.choices}
MEDIA = {value: str(label) for value, label in Medium.choices}
CROPS = {code.code: code.label_zh for code in law.codes("crop")}
REASONS = {
    "rd.within": _("相对偏差在允许范围内"),
    "rd.above": _("相对偏差超出允许范围"),
    "rd.both_not_detected": _("两份均未检出"),
    "rd.one_not_detected": _("一份未检出，不能计算偏差"),
    "blank.below": _("低于检出限"),
    "blank.detected": _("空白中检出"),
    "blank.limit_unknown": _("没有检出限，不能判断"),
    "reference.inside": _("在证书给出的范围内"),
    "reference.outside": _("超出证书给出的范围"),
    "reference.not_detected": _("标准物质未检出"),
    "reference.not_certified": _("证书没有给出该项"),
}
OUTCOMES = {value: str(label) for value, label in Outcome.choices}


@register
class LaboratoryRegister(Register):
    """Laboratories that may be given samples."""

    name = "evidence.laboratory"
    model = Laboratory
    title = _("检测机构")
    noun = _("检测机构")
    clause = "T02"
    columns = (
        Column("name", _("检测机构"), "link"),
        Column("region", _("行政区"), path="region__name"),
    )
    search = ("name",)
    panels = (Panel(_("检测机构"), (Column("name", _("检测机构")), Column("region", _("行政区")))),)
    reach = ReachBy(region="region_id", organisation="organisation_id")
    ordering = "name"
    empty = _("还没有登记检测机构。")


@register
class HandoverRegister(Register):
    """Samples on their way to a laboratory."""

    name = "evidence.handover"
    model = Handover
    title = _("样品流转单")
    noun = _("流转单")
    clause = "T02"
    columns = (
        Column("number", _("流转单号"), "link"),
        Column("region", _("送样地区"), path="region__name"),
        Column("laboratory", _("检测机构"), path="laboratory__name"),
        Column("standing", _("状态"), "state", choices=HANDOVER_STATES),
        Column("recorded_at", _("记录时间"), "instant"),
    )
    filters = {
        "region": RegionFilter(label=_("送样地区")),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(HANDOVER_STATES.items())),
    }
    search = ("number", "laboratory__name")
    panels = (
        Panel(
            _("流转单"),
            (
                Column("number", _("流转单号")),
                Column("region", _("送样地区")),
                Column("laboratory", _("检测机构")),
                Column("analytes", _("检测项目"), "list", choices=ANALYTES),
            ),
        ),
    )
    related = (Related(_("样品"), "evidence.handover_item", "handover_id"),)
    reach = ReachBy(region="region_id", organisation="laboratory__organisation_id")
    workflow = HANDOVER
    deeds = {"send": actions.send, "receive": actions.receive}
    downloads = (screens.RESULT_SHEET, screens.RELABELLING)
    empty = _("还没有样品流转单。采样记录入库后，可在监测任务页备样送检。")


@register
class HandoverItemRegister(Register):
    """The coded samples of a handover: all that a laboratory is told of them."""

    name = "evidence.handover_item"
    model = HandoverItem
    title = _("流转样品")
    noun = _("样品")
    columns = (
        Column("sample", _("样品编码"), "link", path="sample__code"),
        Column("medium", _("样品介质"), path="sample__medium", choices=MEDIA),
        Column("crop", _("作物"), path="sample__crop", choices=CROPS),
        Column("handover", _("流转单号"), path="handover__number"),
    )
    search = ("sample__code",)
    panels = (
        Panel(
            _("样品"),
            (
                Column("sample", _("样品编码")),
                Column("medium", _("样品介质"), path="sample__medium", choices=MEDIA),
                Column("crop", _("作物"), path="sample__crop", choices=CROPS),
                Column("handover", _("流转单号")),
            ),
        ),
    )
    reach = ReachBy(region="handover__region_id", organisation="handover__laboratory__organisation_id")
    recorded_at = "handover__recorded_at"
    ordering = "sample__code"
    in_menu = False


@register
class BatchRegister(Register):
    """Laboratories' reports."""

    name = "evidence.batch"
    model = Batch
    title = _("检测批次")
    noun = _("检测批次")
    clause = "T02"
    columns = (
        Column("number", _("检测报告编号"), "link"),
        Column("laboratory", _("检测机构"), path="laboratory__name"),
        Column("region", _("行政区"), path="region__name"),
        Column("reported_on", _("报告日期"), "date"),
        Column("result_count", _("结果数"), "number"),
        Column("quality_failed", _("质控不合格"), "number"),
        Column("standing", _("状态"), "state", choices=BATCH_STATES),
    )
    filters = {
        "region": RegionFilter(label=_("行政区")),
        "standing": django_filters.ChoiceFilter(label=_("状态"), choices=list(BATCH_STATES.items())),
    }
    search = ("number", "laboratory__name")
    panels = (
        Panel(
            _("检测报告"),
            (
                Column("number", _("检测报告编号")),
                Column("laboratory", _("检测机构")),
                Column("region", _("行政区")),
                Column("reported_on", _("报告日期"), "date"),
                Column("dossier", _("导入卷宗"), "dossier"),
                Column("supersedes", _("所替代批次")),
            ),
        ),
        Panel(
            _("质量控制"),
            (
                Column("result_count", _("结果数"), "number"),
                Column("quality_checked", _("质控已计算"), "bool"),
                Column("quality_failed", _("质控不合格"), "number"),
            ),
        ),
    )
    related = (
        Related(_("质量控制"), "evidence.quality_check", "batch_id"),
        Related(
            _("检测结果"),
            "evidence.result",
            "batch_id",
            ("sample", "analyte", "reported", "unit_reported", "value", "unit", "flag"),
        ),
    )
    reach = ReachBy(region="region_id", organisation="laboratory__organisation_id")
    workflow = BATCH
    deeds = {"review": actions.review, "return": actions.send_back}
    empty = _("还没有检测批次。检测机构提交的结果表经接收后成为批次。")


@register
class ResultRegister(Register):
    """Every measured value, as reported and normalised."""

    name = "evidence.result"
    model = Result
    title = _("检测结果")
    noun = _("检测结果")
    clause = "T02"
    columns = (
        Column("sample", _("样品编码"), "link", path="sample__code"),
        Column("medium", _("样品介质"), path="sample__medium", choices=MEDIA),
        Column("crop", _("作物"), path="sample__crop", choices=CROPS, shown=False),
        Column("analyte", _("检测项目"), choices=ANALYTES),
        Column("reported", _("报出值"), "right"),
        Column("unit_reported", _("报出单位")),
        Column("value", _("标准单位数值"), "decimal"),
        Column("unit", _("标准单位")),
        Column("qualifier", _("限定符")),
        Column("detection_limit", _("检出限"), "decimal"),
        Column("method", _("检测方法")),
        Column("analysed_on", _("分析日期"), "date"),
        Column("flag", _("质控标记")),
        Column("batch", _("检测批次"), path="batch__number", shown=False),
    )
    filters = {
        "region": RegionFilter(field_name="batch__region", label=_("行政区")),
        "analyte": django_filters.ChoiceFilter(label=_("检测项目"), choices=list(ANALYTES.items())),
        "medium": django_filters.ChoiceFilter(
            field_name="sample__medium", label=_("样品介质"), choices=list(MEDIA.items())
        ),
        "batch": django_filters.CharFilter(field_name="batch__number", label=_("检测报告编号")),
    }
    search = ("sample__code",)
    panels = (
        Panel(
            _("检测结果"),
            (
                Column("sample", _("样品编码")),
                Column("medium", _("样品介质"), path="sample__medium", choices=MEDIA),
                Column("crop", _("作物"), path="sample__crop", choices=CROPS),
                Column("analyte", _("检测项目"), choices=ANALYTES),
                Column("reported", _("报出值")),
                Column("unit_reported", _("报出单位")),
                Column("value", _("标准单位数值"), "decimal"),
                Column("unit", _("标准单位")),
                Column("qualifier", _("限定符")),
                Column("detection_limit", _("检出限"), "decimal"),
                Column("method", _("检测方法")),
                Column("analysed_on", _("分析日期"), "date"),
                Column("flag", _("质控标记")),
                Column("batch", _("检测批次")),
            ),
        ),
    )
    reach = ReachBy(region="batch__region_id", organisation="batch__laboratory__organisation_id")
    ordering = "id"
    from_on = "analysed_on"
    recorded_at = "recorded_at"
    empty = _("还没有检测结果。")


@register
class QualityCheckRegister(Register):
    """What quality control said of each batch."""

    name = "evidence.quality_check"
    model = QualityCheck
    title = _("质量控制")
    noun = _("质控项")
    columns = (
        Column("samples", _("样品"), "link"),
        Column("kind", _("质控类型"), choices=KINDS),
        Column("analyte", _("检测项目和单位"), choices=IN_UNITS),
        Column("measured", _("实测"), "right"),
        Column("limit", _("允许限"), "right"),
        Column("outcome", _("结论"), "outcome", choices=OUTCOMES),
        Column("reason_code", _("理由"), choices=REASONS),
        Column("clause", _("依据"), shown=False),
    )
    filters = {
        "outcome": django_filters.ChoiceFilter(label=_("结论"), choices=Outcome.choices),
        "kind": django_filters.ChoiceFilter(label=_("质控类型"), choices=SampleKind.choices),
    }
    panels = (
        Panel(
            _("质量控制"),
            (
                Column("samples", _("样品")),
                Column("kind", _("质控类型"), choices=KINDS),
                Column("analyte", _("检测项目和单位"), choices=IN_UNITS),
                Column("measured", _("实测")),
                Column("limit", _("允许限")),
                Column("outcome", _("结论"), "outcome", choices=OUTCOMES),
                Column("reason_code", _("理由"), choices=REASONS),
                Column("clause", _("依据")),
                Column("batch", _("检测批次")),
            ),
        ),
    )
    reach = ReachBy(region="batch__region_id")
    ordering = "id"
    recorded_at = "batch__recorded_at"
    in_menu = False
