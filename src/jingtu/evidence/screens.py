"""What the pages of the evidence room offer beside moves: the sheet of results filled in as far as known."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.evidence.intake import RESULTS
from jingtu.evidence.models import Handover
from jingtu.registers.declare import Download
from jingtu.registers.reach import Reach
from jingtu.sheets.blank import blank_workbook


def result_sheet(handover: Handover, _reach: Reach) -> tuple[str, bytes]:
    """The sheet of results with a row for each sample and analyte of the handover."""
    analytes = law.analytes()
    rows = [
        {
            "sample_code": code,
            "analyte": analytes[analyte].name_zh,
            "unit": str(_("无量纲")) if analyte == "pH" else analytes[analyte].standard_unit,
            "replicate": "1",
        }
        for code in handover.items.order_by("sample__code").values_list("sample__code", flat=True)
        for analyte in handover.analytes
    ]
    return _("%(number)s-检测结果表.xlsx") % {"number": handover.number}, blank_workbook(RESULTS.spec, rows)


RESULT_SHEET = Download("result-sheet", _("下载检测结果表（已填样品编码与项目）"), result_sheet)
