"""My work: what a post owes, what waits for its decision, what came back to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.land import facts as land
from jingtu.registers import duties
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register, all_registers, get_sheet
from jingtu.registers.models import Dossier
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
    return Work(_due(reach, clock), _decide(reach, clock), _returned(reach))


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
        what=_("%(missing)s %(number)d 项（%(duties)s）")
        % {"missing": arrear.missing, "number": arrear.number, "duties": "、".join(arrear.duties)},
        place=region.name if region else code,
        since_on=None,
        due_on=arrear.due_on,
        state=arrear.state,
        url=f"{reverse('duty', args=[arrear.duties[0]])}?{asked}",
        button=_("查看"),
    )


def _decide(reach: Reach, clock: Clock) -> list[Task]:
    return [
        task for each in all_registers() if each.workflow and each.sees(reach) for task in _open(each, reach, clock)
    ]


def _open(register: Register, reach: Reach, clock: Clock) -> list[Task]:
    flow = register.workflow
    if flow is None:
        return []
    arrows = {
        source: arrow
        for arrow in flow.arrows
        if arrow.is_decision and any(right.allows(reach, right.deed) for right in arrow.rights)
        for source in arrow.sources
    }
    if not arrows:
        return []
    waiting = register.rows(reach, clock).filter(standing__in=arrows)[:MOST_ROWS]
    return [_decision(register, reach, record, arrows[record.standing].label) for record in waiting]


def _decision(register: Register, reach: Reach, record: Any, label: str) -> Task:
    return Task(
        what=f"{register.title} {record}",
        place=str(getattr(record, "region", "")),
        since_on=getattr(record, "on", None),
        due_on=None,
        state="open",
        url=register.url(record.pk),
        button=label,
    )


def _returned(reach: Reach) -> list[Task]:
    """Files with problems: the person's own, and those of whoever held the post before or is away from it."""
    inherited = Q(submitted_by_id__in=land.accounts_behind(reach.post_id), organisation_id=reach.organisation_id)
    mine = Dossier.objects.filter(Q(submitted_by_id=reach.account_id) | inherited, state="faulty")
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
