"""Values of registers as cells: text, figure or state, with the way to where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu.registers.declare import Column, Register, all_registers, get_sheet
from jingtu.registers.models import Document

SIGNS = {"open": "open", "soon": "soon", "done": "done", "returned": "overdue", "ended": "na"}
FIGURES = ("number", "decimal", "degrees", "right")
LEDGER_ONLY = {
    "land.account": gettext_lazy("账号"),
    "land.post": gettext_lazy("岗位"),
    "land.administration": gettext_lazy("管理时段"),
    "land.token": gettext_lazy("接口令牌"),
}
TONES = {"pass": "pass", "within": "within", "ok": "pass", "fail": "fail", "exceeds": "exceeds"}


@dataclass(frozen=True)
class Value:
    """One value as shown."""

    text: Any
    figure: bool = False
    state: str = ""
    url: str = ""
    label: str = ""
    unit: str = ""
    wide: bool = False
    tone: str = ""

    @property
    def narrow(self) -> bool:
        """Whether the value must stay on one line."""
        return isinstance(self.text, date)


@dataclass(frozen=True)
class Heading:
    """A column's heading: label, unit, and how it sorts."""

    label: str
    unit: str = ""
    figure: bool = False
    sort_url: str = ""
    sorted: str = ""


def sign_of(register: Register, state: str) -> str:
    """The sign of a record's state, or of a derived stage."""
    found = register.state(state)
    return SIGNS.get(found.kind, "open") if found else "open"


def words_of(register: Register, state: str) -> str:
    """A record's state in the words of its register."""
    found = register.state(state)
    return str(found.label) if found else state


def value(register: Register, column: Column, raw: Any, label: bool = False) -> Value:
    """One value of a register, shown as its column says."""
    named = {"label": str(column.label), "unit": column.unit} if label else {}
    if column.kind == "state" and raw:
        return Value(words_of(register, raw), state=sign_of(register, raw), **named)
    text = _text(column, raw)
    tone = TONES.get(str(raw), "unknown") if column.kind == "outcome" and raw else ""
    return Value(text, figure=_is_figure(column, raw), url=_url(raw), wide=_is_wide(text), tone=tone, **named)


def _text(column: Column, raw: Any) -> Any:
    if column.kind == "list" and raw:
        return "、".join(str(column.choices.get(each, each)) for each in raw)
    if column.kind == "degrees" and raw is not None:
        return f"{raw:.6f}"
    if column.kind == "sheet":
        return _sheet_title(str(raw))
    if isinstance(raw, Decimal):
        places = _places(column)
        return f"{raw.normalize():,f}" if places is None else f"{raw:,.{places}f}"
    if raw is None:
        return None
    named = column.choices.get(raw, raw) if isinstance(raw, str) else raw
    return str(named) if column.kind == "plain" or isinstance(named, Model) else named


def _places(column: Column) -> int | None:
    """Decimals of areas as officers read them: 0.01 mu, 0.0001 ha; other figures as they are."""
    return {_("亩"): 2, _("公顷"): 4}.get(str(column.unit))


def _is_figure(column: Column, raw: Any) -> bool:
    if column.kind in FIGURES:
        return True
    return column.kind != "plain" and isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool)


def heading(column: Column) -> Heading:
    """A column's heading without sorting."""
    return Heading(str(column.label), column.unit, column.kind in FIGURES)


def row(register: Register, columns: Sequence[Column], url: str, values: Sequence[Any]) -> dict[str, Any]:
    """A row of a list."""
    return {"url": url, "cells": [value(register, column, raw) for column, raw in zip(columns, values, strict=False)]}


def subject_url(register_name: str, pk: object) -> str:
    """The page of a record by the names the ledger keeps; empty when there is none."""
    found = next((each for each in all_registers() if each.name == register_name), None)
    if found is None or pk in (None, ""):
        return ""
    try:
        return found.url(int(str(pk)))
    except (ValueError, NoReverseMatch):
        return ""


def register_title(name: str) -> str:
    """A register's title by its name."""
    found = next((each for each in all_registers() if each.name == name), None)
    return str(found.title if found else LEDGER_ONLY.get(name, name))


def _url(raw: Any) -> str:
    if isinstance(raw, Document):
        return reverse("document", args=[raw.sha256])
    if isinstance(raw, Model):
        found = next((each for each in all_registers() if each.model is type(raw)), None)
        return found.url(raw.pk) if found else ""
    return ""


def _is_wide(text: Any) -> bool:
    narrow = (int, float, Decimal, date, datetime, bool)
    return text is not None and not isinstance(text, narrow) and len(str(text)) > 24


def _sheet_title(name: str) -> str:
    try:
        return str(get_sheet(name).title)
    except KeyError:
        return name
