"""Carrying out what a form states, through the doors of the registers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from jingtu.faces.console.forms import MoveForm
from jingtu.registers import documents, edit
from jingtu.registers.declare import Register
from jingtu.registers.reach import Reach


def stated(form: MoveForm) -> dict[str, Any]:
    """What a valid form of a move says."""
    found = form.cleaned_data
    return {"on": found["on"], "reason": found["reason"], "file": found["document"]}


def carry_out(
    declared: Register, record: Any, arrow: str, by: Reach, *, on: date, reason: str, file: UploadedFile | None
) -> None:
    """Do the register's own deed for an arrow; an attached file becomes evidence of the record."""
    with transaction.atomic():
        kept = [documents.keep(file.read(), str(file.name))] if file else []
        declared.deeds[arrow](record, by=by, on=on, reason=reason, documents=kept)
        for document in kept:
            label = str(declared.workflow.arrow(arrow).label) if declared.workflow else arrow
            documents.attach(document, declared.name, str(record.pk), declared.reach.region_of(record), label)


def change(
    declared: Register,
    record: Any,
    values: Mapping[str, Any],
    by: Reach,
    *,
    seen: str,
    on: date,
    reason: str,
    file: UploadedFile | None,
) -> None:
    """Change a record's declared fields; an attached file becomes evidence of the record."""
    with transaction.atomic():
        kept = [documents.keep(file.read(), str(file.name))] if file else []
        edit.edit(declared, record, values, by=by, on=on, reason=reason, documents=kept, seen=seen)
        for document in kept:
            region = declared.reach.region_of(record)
            documents.attach(document, declared.name, str(record.pk), region, _("修改依据"))
