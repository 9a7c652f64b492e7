"""What the pages of the evidence room offer beside moves: the sheet of results filled in as far as known."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext_lazy as _

from jingtu import law
from jingtu.evidence.intake import RESULTS
from jingtu.evidence.models import Handover
from jingtu.land.models import Role
from jingtu.plain.text import guard_formula
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


def relabelling(handover: Handover, _reach: Reach) -> tuple[str, bytes]:
    """For those who pack the samples: which code goes on which sampler's label, and what is a duplicate or control."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_("样品编码"), _("采样标签号"), _("样品类型"), _("原样编码"), _("原样采样标签号")])
    for item in handover.items.select_related("sample__parent").order_by("sample__code"):
        sample, parent = item.sample, item.sample.parent
        cells = (sample.code, sample.label, sample.get_kind_display(), *((parent.code, parent.label) if parent else ()))
        writer.writerow([guard_formula(str(cell)) for cell in cells])
    return _("%(number)s-换码对照表.csv") % {"number": handover.number}, out.getvalue().encode("utf-8-sig")


RELABELLING = Download(
    "relabelling", _("下载换码对照表（不得交检测机构）"), relabelling, for_roles=(Role.CLERK, Role.REVIEWER)
)
RESULT_SHEET = Download("result-sheet", _("下载检测结果表（已填样品编码与项目）"), result_sheet)
