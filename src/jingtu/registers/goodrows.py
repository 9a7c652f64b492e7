"""The good rows of a file with faults, where rows stand each for itself: they come in, the rest stays open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jingtu.registers import intake, ledger, workflow
from jingtu.registers.declare import get_sheet
from jingtu.registers.flows import DOSSIER
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Reach


def accept(dossier: Dossier, *, by: Reach, on: date, reason: str = "") -> Dossier:
    """Bring the good rows of a faulty dossier into the register, in one transaction; the others wait to be mended."""
    sheet = get_sheet(dossier.sheet)

    def effect(record: Any, doing: ledger.Deed) -> None:
        reading = intake.read(record)
        part, _more = sheet.good_part(record, reading, [*reading.issues, *sheet.check(record, reading)])
        if len(part) != record.good_count:
            raise ledger.DeedRefused(_("检查之后登记册已有变动，可入库的行与当时不同。请撤回本卷，重新提交文件。"))
        intake.bring_in(record, part, doing)
        doing.data = doing.data | {"rows": part.rows}
        doing.sentence = _("接收卷宗 %(number)s 中无误的行：%(sheet)s %(good)d 行入库，%(left)d 行待更正") % {
            "number": record.number,
            "sheet": sheet.title,
            "good": len(part),
            "left": record.row_count - len(part),
        }

    return workflow.move(
        DOSSIER, dossier, "accept_good",
        by=by, on=on, region=dossier.region_id, reason=reason, documents=[dossier.document], effect=effect,
    )  # fmt: skip


def settle(dossier: Dossier, *, by: Reach, on: date, reason: str) -> Dossier:
    """Close a dossier of which a part was taken: the rest came in by another file, or will not come."""
    return workflow.move(DOSSIER, dossier, "settle", by=by, on=on, region=dossier.region_id, reason=reason)
