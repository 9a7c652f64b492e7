"""Pictures that records lay over the map: who may see which, and what a face needs to show one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register, all_registers
from jingtu.registers.reach import Reach

MOST_OFFERED = 50


def overlaid(reach: Reach) -> list[Register]:
    """The registers with pictures that a post may see; laboratories and administrators see none."""
    return [] if reach.is_laboratory else [each for each in all_registers() if each.overlay and each.sees(reach)]


def find(name: str, reach: Reach) -> Register | None:
    """A register with pictures by its name, or none for those who must not know of it."""
    return next((each for each in overlaid(reach) if each.name == name), None)


def ready(register: Register, reach: Reach, clock: Clock) -> QuerySet[Any]:
    """The records within reach that have pictures, as of the asked day, the newest first."""
    if register.overlay is None:
        raise LookupError(f"Register {register.name} declares no overlay.")
    return register.overlay.ready(register.rows(reach, clock)).order_by("-pk")
