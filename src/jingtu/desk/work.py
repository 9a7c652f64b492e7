"""My work: what a post owes, what waits for its decision, what came back to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.land import facts as land
from jingtu.registers import duties
from jingtu.registers.arrows import Arrow, Workflow
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register, all_registers, get_sheet
from jingtu.registers.models import Dossier, Standing
from jingtu.registers.reach import Reach

MOST_ROWS = 50
CITY_DIGITS = 4


@dataclass(frozen=True)
class Task:
    """One row of work: what, place, since when, due, and the button that does it."""

    what: str
    place: str
    since_on: date | None
    due_on: date | None
    state: str
    url: str
    button: str
    deed: Awaited | None = None


@dataclass(frozen=True)
class Awaited:
    """The move that a row waits for: register, key and arrow; rows of one register and arrow may be moved together."""

    register: str
    pk: int
    arrow: str


@dataclass(frozen=True)
class Work:
    """The three lists of the first page."""

    due: list[Task] = field(default_factory=list)
    decide: list[Task] = field(default_factory=list)
    returned: list[Task] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows wait in all."""
        return len(self.due) + len(self.decide) + len(self.returned)


def my_work(reach: Reach, clock: Clock) -> Work:
    """The work of a post as of a day."""
    return Work(_due(reach, clock), _decide(reach, clock), _returned(reach, clock))


def _due(reach: Reach, clock: Clock) -> list[Task]:
    if reach.is_laboratory or reach.is_administrator:
        return []
    digits = 6 if len(reach.prefix) >= CITY_DIGITS else CITY_DIGITS
    found = duties.arrears(clock.on, clock.known_on, reach.prefix, digits)
    return [_task(arrear) for arrear in found[:MOST_ROWS]]


def _task(arrear: duties.Arrear) -> Task:
    code = arrear.region_code.ljust(6, "0")
    region = land.region(code)
    asked = urlencode({"region": code, "state": arrear.state})
    return Task(
        what=_("%(missing)s %(number)d 项（%(clauses)s）")
        % {"missing": arrear.missing, "number": arrear.number, "clauses": _clauses(arrear.duties)},
        place=region.name if region else code,
        since_on=None,
        due_on=arrear.due_on,
        state=arrear.state,
        url=f"{reverse('duty', args=[arrear.duties[0]])}?{asked}",
        button=_("查看"),
    )


def _clauses(codes: list[str]) -> str:
    """The clauses of some duties by their headings, as officers call them."""
    plan = law.plan()
    return "、".join(dict.fromkeys(plan.clause(plan.duty(code).clause).heading_zh for code in codes))


def _decide(reach: Reach, clock: Clock) -> list[Task]:
    return [task for each, flow in _flows(reach) for task in _standing(each, reach, clock, decisions(flow, reach))]


def _flows(reach: Reach) -> list[tuple[Register, Workflow]]:
    return [(each, each.workflow) for each in all_registers() if each.workflow and each.sees(reach)]


def decisions(flow: Workflow, reach: Reach) -> dict[str, Arrow]:
    """The states of a workflow that wait for a decision of this post, each with the arrow that goes on from there.

    Who may only send back what another has to pass is not waited for.
    """
    found: dict[str, Arrow] = {}
    for state in flow.states:
        leaving = [arrow for arrow in flow.leaving(state) if arrow.is_decision and arrow.rights]
        onward = [arrow for arrow in leaving if not arrow.needs_reason] or leaving
        own = [arrow for arrow in onward if arrow.may(reach)]
        found |= {state: own[0]} if own else {}
    return found


def _standing(register: Register, reach: Reach, clock: Clock, ways: dict[str, Arrow]) -> list[Task]:
    """The records within reach that stand in one of these states, each with the arrow that goes on from there."""
    if not ways:
        return []
    since = Standing.objects.filter(register=register.name, subject_id=OuterRef("pk")).values("since_on")[:1]
    rows = register.rows(reach, clock).filter(standing__in=ways).annotate(stands_since=Subquery(since))
    return [
        Task(
            what=f"{register.title} {record}",
            place=str(getattr(record, "region", "")),
            since_on=record.stands_since,
            due_on=None,
            state="open",
            url=register.url(record.pk),
            button=str(ways[record.standing].label),
            deed=Awaited(register.name, record.pk, ways[record.standing].name),
        )
        for record in rows[:MOST_ROWS]
    ]


def _returned(reach: Reach, clock: Clock) -> list[Task]:
    """Files with problems, and records that were sent back to a state from which this post goes on."""
    return [*_faulty(reach), *_sent_back(reach, clock)]


def _sent_back(reach: Reach, clock: Clock) -> list[Task]:
    """Records sent back, but no files: a faulty file comes back only to those who handed it in."""
    found = []
    for register, flow in (each for each in _flows(reach) if each[0].model is not Dossier):
        back = [name for name, state in flow.states.items() if state.kind == "returned"]
        own = {name: next((arrow for arrow in flow.leaving(name) if arrow.may(reach)), None) for name in back}
        found += _standing(register, reach, clock, {name: arrow for name, arrow in own.items() if arrow})
    return found


def _faulty(reach: Reach) -> list[Task]:
    """Files with problems: the person's own, and those of whoever held the post before or is away from it."""
    inherited = Q(submitted_by_id__in=land.accounts_behind(reach.post_id), organisation_id=reach.organisation_id)
    mine = Dossier.objects.filter(Q(submitted_by_id=reach.account_id) | inherited, state__in=("faulty", "partly"))
    mine = mine.select_related("region")
    return [
        Task(
            what=_("%(sheet)s“%(file)s”有问题，待更正后重新提交")
            % {"sheet": get_sheet(dossier.sheet).title, "file": dossier.filename},
            place=str(dossier.region),
            since_on=dossier.on,
            due_on=None,
            state="overdue",
            url=reverse("dossier", args=[dossier.pk]),
            button=_("查看问题"),
        )
        for dossier in mine[:MOST_ROWS]
    ]
