"""The plan board: clauses down, places or departments across, every cell a count of obligations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from jingtu import law
from jingtu.land import facts as land
from jingtu.land.models import Department
from jingtu.registers import duties
from jingtu.registers.clock import Clock
from jingtu.registers.duties import Count
from jingtu.registers.reach import Reach

UNBOUND, UNASSIGNED, NOT_APPLICABLE = "unbound", "unassigned", "na"
Group = tuple[str, str, tuple[law.Duty, ...]]
WORST_FIRST = (duties.OVERDUE, duties.SOON, duties.OPEN, duties.NO_PERIOD, duties.DONE)


@dataclass(frozen=True)
class Cell:
    """How many of how many obligations are done, and the state that shows.

    ``late`` are overdue and open, ``done_late`` are done, but after their day.
    """

    state: str
    done: int = 0
    total: int = 0
    late: int = 0
    done_late: int = 0


@dataclass(frozen=True)
class BoardRow:
    """A clause (or a duty) with one cell a column."""

    code: str
    heading: str
    holder: str
    due_text: str
    total: Cell
    cells: list[tuple[str, Cell]]
    duties: int
    bound: int


@dataclass(frozen=True)
class Board:
    """The whole board as of a day."""

    columns: list[tuple[str, str]]
    rows: list[BoardRow]
    by: str
    parent: str


def cell_of(counts: Iterable[Count]) -> Cell:
    """One cell out of counts by state: the worst state shows."""
    by_state: dict[str, int] = {}
    done_late = 0
    for count in counts:
        done_late += count.done_late
        by_state[count.state] = by_state.get(count.state, 0) + count.number
    total = sum(by_state.values())
    if not total:
        return Cell(NOT_APPLICABLE)
    state = next(state for state in WORST_FIRST if by_state.get(state))
    return Cell(state, by_state.get(duties.DONE, 0), total, by_state.get(duties.OVERDUE, 0), done_late)


def board(clock: Clock, reach: Reach, *, by: str = "city", parent: str = "", clause: str = "") -> Board:
    """The board within reach: clauses × cities, × counties of ``parent``, or × departments; of one clause, duties."""
    prefix = _prefix(reach, parent)
    digits = 6 if len(prefix) >= 4 else 4
    counted = duties.counts(clock.on, clock.known_on, prefix, digits)
    columns = _columns(reach, by, prefix)
    plan = law.plan()
    if clause:
        groups: list[Group] = [(duty.code, duty.duty_zh, (duty,)) for duty in plan.duties_of(clause)]
    else:
        groups = [(each.code, each.heading_zh, plan.duties_of(each.code)) for each in plan.clauses]
    days = duties.due_days(clock)
    rows = [_row(code, heading, own, counted, columns, by, days) for code, heading, own in groups]
    return Board(columns, rows, by, parent)


def _prefix(reach: Reach, parent: str) -> str:
    region = land.region(parent) if parent else None
    wanted = region.prefix if region else reach.prefix
    return wanted if wanted.startswith(reach.prefix) else reach.prefix


def _columns(reach: Reach, by: str, prefix: str) -> list[tuple[str, str]]:
    if by == "department":
        return [(code, str(label)) for code, label in Department.choices if code != Department.LABORATORY]
    if len(prefix) == 2:
        return [(region.prefix, region.name) for region in land.cities()]
    if len(prefix) == 4:
        return [(region.code, region.name) for region in land.counties(prefix + "00")]
    region = land.region(prefix)
    return [(region.code, region.name)] if region else []


def _row(
    code: str,
    heading: str,
    own: Sequence[law.Duty],
    counted: Sequence[Count],
    columns: Sequence[tuple[str, str]],
    by: str,
    days: Mapping[str, date | None],
) -> BoardRow:
    ids = {duty.code for duty in own}
    counts = [count for count in counted if count.duty in ids]
    bound = sum(duties.is_bound(duty.code) for duty in own)
    cells = [(column, _cell(column, own, counts, by)) for column, _name in columns]
    total = cell_of(counts) if bound else _missing(own)
    return BoardRow(code, heading, _holder(own), due_text(own, days), total, cells, len(ids), bound)


def _cell(code: str, own: Sequence[law.Duty], counts: Sequence[Count], by: str) -> Cell:
    if by == "department":
        led = {duty.code for duty in own if code in duty.departments}
        if not led:
            return Cell(NOT_APPLICABLE)
        bound = [count for count in counts if count.duty in led]
        return cell_of(bound) if any(duties.is_bound(duty) for duty in led) else Cell(UNBOUND)
    if not any(duties.is_bound(duty.code) for duty in own):
        return _missing(own)
    return cell_of(count for count in counts if count.region_code == code)


def _missing(own: Sequence[law.Duty]) -> Cell:
    return Cell(UNASSIGNED if all(duty.department == UNASSIGNED for duty in own) else UNBOUND)


def _holder(own: Sequence[law.Duty]) -> str:
    if not own or all(duty.department == UNASSIGNED for duty in own):
        return _("未明确")
    return own[0].lead_zh


def due_text(own: Sequence[law.Duty], days: Mapping[str, date | None]) -> str:
    """When duties are due, in a few words; open periods say so."""
    known = sorted({day for duty in own if (day := days[duty.code])})
    return _("%(day)s 前") % {"day": f"{known[0]:%m-%d}"} if known else _("未定期限")
