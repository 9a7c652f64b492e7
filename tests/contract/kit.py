"""What the kit asks of every register, named after the declaration."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from jingtu.plain.days import SHANGHAI
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register, all_registers, all_sheets
from tests.contract.people import PROVINCE, reach_of

LEAST_ROWS = 3
NAMES = [register.name for register in all_registers()]
SHEETS = [sheet.name for sheet in all_sheets()]
FLOWS = [register.name for register in all_registers() if register.workflow]
EDITED = [register.name for register in all_registers() if register.sections]


def rows(register: Register) -> QuerySet[Any]:
    """All rows of a register as the province sees them today."""
    return register.rows(reach_of(PROVINCE), Clock.present())


def filtered(register: Register, **parameters: str) -> set[int]:
    """The keys of the rows that a filter leaves."""
    given = QueryDict(mutable=True)
    given.update(parameters)
    filterset = register.filterset_class()(given, queryset=rows(register))
    assert not filterset.errors, filterset.errors
    return set(filterset.qs.values_list("pk", flat=True))


def api(register: Register, pk: int | None = None) -> str:
    """The address of a register, or of one record, in the API."""
    address = f"/api/v1/registers/{register.name}"
    return f"{address}/{pk}" if pk is not None else address


def as_text(cell: Any) -> str:
    """A value as an export writes it."""
    if isinstance(cell, datetime):
        return cell.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, Decimal):
        return str(float(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
