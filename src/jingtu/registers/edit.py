"""Changing a record by hand: the fields that its register declares in sections, through the ledger, and no others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Field
from django.forms.models import modelform_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu.registers import ledger
from jingtu.registers.declare import FormLine, Register
from jingtu.registers.models import Document
from jingtu.registers.reach import Reach

REQUIRED = gettext_lazy("请填写本栏。")
NO_DAY = gettext_lazy("日期读不出，请写成 2021-09-15。")


class FieldsRefused(ledger.DeedRefused):
    """Values that do not fit; ``found`` holds pairs of field and sentence."""

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        super().__init__("".join(sentence for _name, sentence in found))
        self.found = found


def lines(register: Register) -> list[FormLine]:
    """Every field of the edit form, in its order."""
    return [line for section in register.sections for line in section.lines]


def form_class(register: Register) -> type[forms.ModelForm]:
    """The form of a register's sections: labels from the model, guidance and codes from the declaration."""
    by_name = {line.name: line for line in lines(register)}

    def as_field(stored: Field[Any, Any], **more: Any) -> forms.Field | None:
        return _form_field(stored, by_name[stored.name])

    made: type[forms.ModelForm] = modelform_factory(register.model, fields=list(by_name), formfield_callback=as_field)
    return made


def _form_field(stored: Field[Any, Any], line: FormLine) -> forms.Field | None:
    said: dict[str, Any] = {"help_text": line.guidance, "error_messages": {"required": REQUIRED}}
    if line.choices:
        empty = [("", "")] if stored.blank else []
        return forms.ChoiceField(
            choices=[*empty, *line.choices.items()], label=stored.verbose_name, required=not stored.blank, **said
        )
    if stored.get_internal_type() == "DateField":
        said["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        said["error_messages"]["invalid"] = NO_DAY
    return stored.formfield(**said)


def mark(register: Register, record: Any) -> str:
    """A mark of the values that a form showed, by which a change made meanwhile by another is noticed."""
    shown = ledger.canonical({line.name: _plain(record, line.name) for line in lines(register)})
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def edit(
    register: Register,
    record: Any,
    values: Mapping[str, Any],
    *,
    by: Reach,
    on: date,
    reason: str,
    documents: Sequence[Document] = (),
    seen: str = "",
) -> Any:
    """Change declared fields of a record: lock, check, write, ledger. Returns the record as it now stands.

    ``seen`` is the ``mark`` of what the person saw. Raises ``ledger.DeedRefused`` with a sentence when the post may
    not, nothing changes or another changed the record meanwhile; ``FieldsRefused`` when values do not fit together.
    """
    if not register.may_edit(by):
        raise ledger.DeedRefused(_("您的岗位不能修改“%(register)s”。") % {"register": register.title})
    said = {"reason": reason, "subject_id": str(record.pk), "documents": documents}
    region = register.reach.region_of(record)
    with ledger.deed(f"{register.name}.edited", by=by, on=on, register=register.name, region=region, **said) as doing:
        locked = register.queryset().select_for_update(of=("self",)).get(pk=record.pk)
        _check(register, locked, reason, seen)
        doing.data = {"changes": _apply(register, locked, values)}
        if found := list(register.refusals(locked, on)):
            raise FieldsRefused(found)
        locked.save(update_fields=list(doing.data["changes"]))
        doing.sentence = _sentence(register, locked, doing.data["changes"])
    return locked


def _check(register: Register, locked: Any, reason: str, seen: str) -> None:
    if refusal := register.not_editable(locked):
        raise ledger.DeedRefused(refusal)
    if not reason.strip():
        raise ledger.DeedRefused(_("修改须写明理由。"))
    if seen and seen != mark(register, locked):
        raise ledger.DeedRefused(_("您打开表单后，本记录已被他人修改，没有保存。请返回记录页核对后重新填写。"))


def _apply(register: Register, locked: Any, values: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Set what differs; before and after of each changed field."""
    changes = {}
    for line in lines(register):
        before = _plain(locked, line.name)
        if line.name in values:
            setattr(locked, line.name, values[line.name])
        if (after := _plain(locked, line.name)) != before:
            changes[line.name] = [before, after]
    if not changes:
        raise ledger.DeedRefused(_("没有任何一栏与原来不同，不需要修改。"))
    return changes


def _plain(record: Any, name: str) -> str | None:
    value = record._meta.get_field(name).value_from_object(record)
    return None if value is None else str(value)


def _sentence(register: Register, record: Any, changes: Mapping[str, Any]) -> str:
    labels = "、".join(str(record._meta.get_field(name).verbose_name) for name in changes)
    return _("修改%(noun)s“%(record)s”：%(fields)s") % {
        "noun": register.noun or register.title,
        "record": record,
        "fields": labels,
    }
