"""Verbs of the sample app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point as Place

from jingtu.registers import ledger, workflow
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Document
from jingtu.registers.reach import Reach
from tests.contract.sample_app.models import Memo, Permit, Well
from tests.contract.sample_app.workflow import PERMIT


def enter_wells(rows: Sequence[Mapping[str, Any]], doing: Deed) -> dict[str, int]:
    """Insert wells inside the deed that accepted their sheet."""
    wells = [
        Well(
            **{name: row[name] for name in ("code", "name", "use", "depth_m", "dug_on")},
            region_id=row["region_code"],
            geom=Place(float(row["lon"]), float(row["lat"]), srid=4490),
            recorded_at=doing.recorded_at,
        )
        for row in rows
    ]
    return {"made": len(Well.objects.bulk_create(wells))}


def write_memo(title: str, region: str, *, by: Reach, on: date) -> Memo:
    """Write a memo."""
    with ledger.deed("sample.memo.written", by=by, on=on, register="sample.memo", region=region) as doing:
        memo = Memo.objects.create(title=title, region_id=region, written_on=on, recorded_at=doing.recorded_at)
        doing.subject_id, doing.sentence = str(memo.pk), f"便函“{title}”"
    return memo


def draft_permit(number: str, subject: str, region: str, *, by: Reach, on: date) -> Permit:
    """Draft a permit."""
    with ledger.deed("sample.permit.drafted", by=by, on=on, register=PERMIT.register, region=region) as doing:
        permit = Permit.objects.create(number=number, subject=subject, region_id=region, recorded_at=doing.recorded_at)
        workflow.begin(PERMIT, permit, doing)
        doing.subject_id, doing.sentence = str(permit.pk), f"草拟许可 {number}"
    return permit


def moving(arrow: str) -> Any:
    """The deed of an arrow."""

    def move(permit: Permit, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()) -> Permit:
        moved: Permit = workflow.move(
            PERMIT, permit, arrow, by=by, on=on, region=permit.region_id, reason=reason, documents=documents
        )
        return moved

    return move
