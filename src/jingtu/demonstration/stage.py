"""What every part of the play stands on: its state, its steps, files through the door."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from jingtu.chapters.monitoring.models import Campaign, PlannedPoint
from jingtu.demonstration.workbooks import Row, filled
from jingtu.evidence.models import Batch, Handover
from jingtu.plain.days import SHANGHAI
from jingtu.registers import intake
from jingtu.registers.declare import get_sheet
from jingtu.registers.models import Dossier, Package
from jingtu.registers.reach import Reach


class DemonstrationBroken(Exception):
    """A step of the play that the checker or the rules refused; the message says which."""


@dataclass
class Play:
    """The state of the play while it runs."""

    seed: int
    chance: random.Random
    cast: dict[str, Reach]
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    points: dict[str, list[PlannedPoint]] = field(default_factory=dict)
    handovers: dict[str, list[Handover]] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    packages: dict[date, list[Package]] = field(default_factory=dict)
    farmland: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """Something done at an instant."""

    at: datetime
    do: Callable[[Play, date], None]


def settle() -> None:
    """Do now, at the same instant, what the step left for after the commit."""
    while connection.run_on_commit:
        connection.run_on_commit.pop(0)[1]()


def at(day: date, hour: int, do: Callable[[Play, date], None], minute: int = 0) -> Step:
    """A step of a day."""
    return Step(datetime.combine(day, time(hour, minute), SHANGHAI), do)


def hand_in(sheet: str, content: list[Row], filename: str, by: Reach, on: date, region: str = "") -> Dossier:
    """Hand in a filled workbook; the checker reads it back at once."""
    data = filled(get_sheet(sheet).spec, content)
    dossier, _new = intake.receive(sheet, data, filename, by=by, on=on, region=region or by.region_code)
    settle()
    dossier.refresh_from_db()
    return dossier


def accepted(dossier: Dossier, by: Reach, on: date) -> Dossier:
    """Accept a dossier that must be clean."""
    if dossier.state != "ready":
        first = dossier.issues.filter(severity="blocking").first()
        raise DemonstrationBroken(
            f"{dossier.filename}: {first.code} row {first.row} {first.message}" if first else dossier.filename
        )
    return intake.accept(dossier, by=by, on=on)
