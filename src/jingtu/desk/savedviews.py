"""Saved views: a list's filters, columns and sort, kept by an account under a name."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from jingtu.registers import clock
from jingtu.registers.declare import Register
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import SavedView
from jingtu.registers.reach import Reach

MOST_VIEWS, MOST_NAME, MOST_QUERY = 30, 40, 2000
PASSING = ("after", "before", "format", "on", "known_on", "csrfmiddlewaretoken")


@dataclass(frozen=True)
class View:
    """A kept view and where it leads."""

    pk: int
    name: str
    url: str


def asked(params: QueryDict) -> str:
    """What a list was asked for, without page, day and format: the part worth keeping."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(params) - set(PASSING)):
        kept.setlist(name, [value for value in params.getlist(name) if value])
    return kept.urlencode()


def kept(register: Register, reach: Reach) -> list[View]:
    """The views that the account keeps of a register."""
    rows = SavedView.objects.filter(account_id=reach.account_id, register=register.name).order_by("name")
    return [View(row.pk, row.name, f"{register.url()}?{row.query}" if row.query else register.url()) for row in rows]


def keep(register: Register, name: str, query: str, *, by: Reach) -> View:
    """Keep a view under a name; the same name again replaces it."""
    name, query = " ".join(name.split()), asked(QueryDict(query))
    if not name or len(name) > MOST_NAME:
        raise DeedRefused(_("视图须有名称，不超过 %(most)d 个字。请改过再存。") % {"most": MOST_NAME})
    if len(query) > MOST_QUERY:
        raise DeedRefused(_("筛选条件太长，不能存为视图。请减少条件后再存。"))
    own = SavedView.objects.filter(account_id=by.account_id, register=register.name)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        raise DeedRefused(_("每个登记册最多存 %(most)d 个视图。请先删去不用的。") % {"most": MOST_VIEWS})
    row, _created = SavedView.objects.update_or_create(
        account_id=by.account_id,
        register=register.name,
        name=name,
        defaults={"query": query, "recorded_at": clock.now()},
    )
    return View(row.pk, row.name, f"{register.url()}?{row.query}")


def drop(register: Register, pk: int, *, by: Reach) -> bool:
    """Forget one of the account's own views; returns whether there was one."""
    count, _by_model = SavedView.objects.filter(pk=pk, account_id=by.account_id, register=register.name).delete()
    return bool(count)
