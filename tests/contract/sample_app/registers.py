"""The declarations under test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import django_filters

from jingtu.land.models import Role
from jingtu.plain.issues import Issue
from jingtu.registers.declare import (
    Column,
    FormLine,
    Layer,
    Panel,
    Register,
    Section,
    Sheet,
    register,
    sheet,
)
from jingtu.registers.filters import RegionFilter
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Dossier
from jingtu.registers.reach import ReachBy, Right
from jingtu.sheets.checked import FileSheet
from jingtu.sheets.reading import Reading
from tests.contract.sample_app import actions
from tests.contract.sample_app.models import Memo, Permit, Well
from tests.contract.sample_app.workflow import PERMIT

USES = {"drink": "饮用", "field": "灌溉"}
STATES = {name: str(state.label) for name, state in PERMIT.states.items()}
CLERKS = (Right(Role.CLERK, "edit", levels=("province", "city")), Right(Role.CLERK, "submit"))


@register
class WellRegister(Register):
    """Plain, with geometry, an edit form and a sheet."""

    name = "sample.well"
    model = Well
    title = "水井"
    noun = "水井"
    columns = (
        Column("code", "井号", "link"),
        Column("name", "井名"),
        Column("use", "用途", choices=USES),
        Column("county", "县（市、区）", path="region__name"),
        Column("depth_m", "井深", "number", unit="m"),
        Column("dug_on", "成井日期", "date"),
        Column("closed_on", "封填日期", "date", shown=False),
    )
    filters = {
        "region": RegionFilter(label="行政区"),
        "use": django_filters.ChoiceFilter(label="用途", choices=list(USES.items())),
    }
    search = ("code", "name")
    panels = (
        Panel("水井", (Column("code", "井号"), Column("name", "井名"), Column("use", "用途", choices=USES))),
        Panel("井身", (Column("depth_m", "井深", "number", unit="m"), Column("dug_on", "成井日期", "date"))),
    )
    sections = (
        Section("水井", (FormLine("name", "照井口的牌子写。"), FormLine("use", choices=USES))),
        Section("井身", (FormLine("depth_m"), FormLine("dug_on"), FormLine("closed_on", "封填以后填写。"))),
    )
    rights = CLERKS
    sheets = ("sample.well",)
    ordering = "code"
    layer = Layer(geometry="geom", label="name")
    from_on = "dug_on"
    recorded_at = "recorded_at"

    def not_editable(self, record: Well) -> str | None:
        """A well filled in stays as it is."""
        return "水井已封填，不再修改。" if record.closed_on else None

    def refusals(self, record: Well, on: date) -> Iterator[tuple[str, str]]:
        """Dug before it is filled in."""
        if record.closed_on and record.closed_on < record.dug_on:
            yield "closed_on", "封填日期早于成井日期。"


@register
class MemoRegister(Register):
    """Plain, without geometry, form, sheet or filters: the smallest declaration."""

    name = "sample.memo"
    model = Memo
    title = "便函"
    columns = (
        Column("title", "标题", "link"),
        Column("county", "行政区", path="region__name"),
        Column("written_on", "日期", "date"),
    )
    panels = (Panel("便函", (Column("title", "标题"), Column("written_on", "日期", "date"))),)
    from_on = "written_on"
    recorded_at = "recorded_at"


@register
class PermitRegister(Register):
    """Six states, four eyes."""

    name = "sample.permit"
    model = Permit
    title = "许可"
    noun = "许可"
    columns = (
        Column("number", "编号", "link"),
        Column("subject", "事由"),
        Column("standing", "状态", "state", choices=STATES),
    )
    filters = {"standing": django_filters.ChoiceFilter(label="状态", choices=list(STATES.items()))}
    search = ("number", "subject")
    panels = (Panel("许可", (Column("number", "编号"), Column("subject", "事由"))),)
    sections = (Section("许可", (FormLine("subject"),)),)
    rights = CLERKS
    workflow = PERMIT
    deeds = {arrow.name: actions.moving(arrow.name) for arrow in PERMIT.arrows}
    reach = ReachBy(region="region_id")

    def not_editable(self, record: Permit) -> str | None:
        """Only what is still with the clerk is changed."""
        return None if record.state in ("draft", "returned") else "许可已提出，不能再修改。"


def _rows(reading: Reading) -> list[dict[str, Any]]:
    names = list(reading.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*reading.columns.values(), strict=True)]


def nothing_in_the_file(reading: Reading, on: date) -> list[Issue]:
    """The file alone tells nothing more."""
    return []


def nothing_in_the_records(dossier: Dossier, reading: Reading) -> list[Issue]:
    """Nor do the records."""
    return []


def preview(dossier: Dossier, reading: Reading) -> list[str]:
    """How many wells come in."""
    return [f"新增水井 {len(reading.rows)} 口。"]


def commit(dossier: Dossier, reading: Reading, doing: Deed) -> dict[str, Any]:
    """Write the wells."""
    return actions.enter_wells(_rows(reading), doing)


PATH = Path(__file__).parent / "sheets" / "well.csv"
WELLS = sheet(
    Sheet(
        file=FileSheet("sample.well", "水井表", PATH, nothing_in_the_file),
        register="sample.well",
        clause="",
        rights=CLERKS,
        check_records=nothing_in_the_records,
        preview=preview,
        commit=commit,
    )
)
