"""Carrying out what a form states, through the doors of the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from jingtu.faces.console.forms import MoveForm
from jingtu.registers import documents, edit
from jingtu.registers.declare import Register
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import Document
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
        _carry_out(declared, record, arrow, by, on, reason, _kept(file))


def carry_out_each(
    declared: Register,
    records: Sequence[Any],
    arrow: str,
    by: Reach,
    *,
    on: date,
    reason: str,
    file: UploadedFile | None,
) -> tuple[list[Any], list[tuple[Any, str]]]:
    """The same deed on several records, each for itself: what is refused of one, with its sentence, stops no other."""
    done: list[Any] = []
    refused: list[tuple[Any, str]] = []
    kept = _kept(file)
    for record in records:
        try:
            with transaction.atomic():
                _carry_out(declared, record, arrow, by, on, reason, kept)
        except DeedRefused as refusal:
            refused.append((record, str(refusal)))
        else:
            done.append(record)
    return done, refused


def _kept(file: UploadedFile | None) -> list[Document]:
    return [documents.keep(file.read(), str(file.name))] if file else []


def _carry_out(
    declared: Register, record: Any, arrow: str, by: Reach, on: date, reason: str, kept: list[Document]
) -> None:
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
        kept = _kept(file)
        edit.edit(declared, record, values, by=by, on=on, reason=reason, documents=kept, seen=seen)
        for document in kept:
            region = declared.reach.region_of(record)
            documents.attach(document, declared.name, str(record.pk), region, _("修改依据"))
