"""One question over all registers: the first rows of each that hold the words, within reach and as of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jingtu.registers.clock import Clock
from jingtu.registers.declare import Column, Register, all_registers
from jingtu.registers.listing import holding
from jingtu.registers.reach import Reach

MOST_EACH, MOST_COLUMNS = 5, 4


@dataclass(frozen=True)
class Found:
    """What one register holds of the words: some columns of its first rows, and whether there are more."""

    register: Register
    columns: list[Column]
    rows: list[tuple[str, list[Any]]]
    has_more: bool


def search(reach: Reach, clock: Clock, text: str) -> list[Found]:
    """The registers that hold the text, in the order of the menu's declarations."""
    seen = [each for each in all_registers() if each.search and each.in_menu and each.sees(reach)]
    return [found for each in seen if (found := _found(each, reach, clock, text)).rows]


def _found(register: Register, reach: Reach, clock: Clock, text: str) -> Found:
    columns = [column for column in register.columns if column.shown][:MOST_COLUMNS]
    rows = holding(register, register.rows(reach, clock), text).order_by(register.ordering, "pk")
    values = list(rows.values_list("pk", *[column.orm_path for column in columns])[: MOST_EACH + 1])
    shown = [(register.url(each[0]), list(each[1:])) for each in values[:MOST_EACH]]
    return Found(register, columns, shown, len(values) > MOST_EACH)
