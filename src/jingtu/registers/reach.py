"""Who sees and does what: posts, region subtrees, rights.

Out of reach is indistinguishable from not there: every door answers 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Model, Q, QuerySet, Value
from django.utils.translation import gettext as _

from jingtu.land.facts import posts_acted_from
from jingtu.land.models import Account, Post, Role

ADMINISTRATORS = (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDIT)


class OutOfReach(Exception):
    """The record lies outside the reach of the post that asks."""


@dataclass(frozen=True)
class Reach:
    """The reach of one post: the digits its regions share, its department, organisation and role."""

    account_id: int | None
    account_name: str
    post_id: int | None
    prefix: str
    region_code: str
    department: str
    organisation_id: int | None
    organisation_name: str
    role: str
    on_behalf_of: str = ""

    @classmethod
    def of(cls, post: Post, acting: Account | None = None) -> Reach:
        """The reach that a post gives to its holder, or to the delegate who acts from it."""
        account = acting or post.account
        return cls(
            account_id=account.pk,
            account_name=account.display_name,
            post_id=post.pk,
            prefix=post.region.prefix,
            region_code=post.region_id,
            department=post.department,
            organisation_id=post.organisation_id,
            organisation_name=post.organisation.name,
            role=post.role,
            on_behalf_of="" if account.pk == post.account_id else post.account.display_name,
        )

    @classmethod
    def system(cls) -> Reach:
        """The platform itself, for what it does unasked: checking files, drawing conclusions."""
        name = _("系统")
        return cls(None, name, None, "14", "140000", "ecology", None, name, "system")

    @property
    def is_laboratory(self) -> bool:
        """Laboratories see their own organisation's records only, never points or other laboratories."""
        return self.role == Role.LABORATORY

    @property
    def is_administrator(self) -> bool:
        """Administrators see accounts, posts and logs; none of the plan's registers."""
        return self.role in ADMINISTRATORS

    @property
    def reads_ledger(self) -> bool:
        """Offices read their region's ledger, and so does audit, which changes nothing; laboratories do not."""
        return self.role == Role.AUDIT or not (self.is_laboratory or self.is_administrator)

    @property
    def level(self) -> str:
        """province, city or county, by the length of the shared digits."""
        return {2: "province", 4: "city"}.get(len(self.prefix), "county")

    @property
    def submitting_prefix(self) -> str:
        """The digits of the regions for which files are handed in: laboratories work for the whole province."""
        return self.prefix[:2] if self.is_laboratory else self.prefix

    def covers(self, region_code: str) -> bool:
        """Whether a region lies in the subtree."""
        return region_code.startswith(self.prefix)


@dataclass(frozen=True)
class ReachBy:
    """How a register's rows find their region and, for laboratories, their organisation (ORM paths).

    ``shared`` rows are the province's and seen by every office below it; laboratories see them no more than others.
    """

    region: str = "region_id"
    organisation: str | None = None
    shared: bool = False

    def within(self, rows: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
        """The rows that a reach may see."""
        if reach.is_laboratory:
            return rows.filter(**{self.organisation: reach.organisation_id}) if self.organisation else rows.none()
        if self.shared:
            return rows
        if len(reach.prefix) == 6:
            return rows.filter(**{self.region: reach.prefix})
        upper = reach.prefix + "\uffff"
        return rows.filter(Q(**{f"{self.region}__gte": reach.prefix}) & Q(**{f"{self.region}__lt": upper}))

    def places(self, rows: QuerySet[Any]) -> Iterable[tuple[int, str, int | None]]:
        """Key, region and organisation of rows; both are empty where the register has none."""
        nobody = Value(None, output_field=BigIntegerField())
        organisation = F(self.organisation) if self.organisation else nobody
        region = Value("") if self.shared else F(self.region)
        return rows.values_list("pk", region, organisation)

    def region_of(self, record: Model) -> str:
        """The region code of one record."""
        value: Any = record
        for name in self.region.split("__"):
            value = getattr(value, name)
        return str(value)


@dataclass(frozen=True)
class Right:
    """One line of the table of rights: a role at these levels and departments may do a deed."""

    role: str
    deed: str
    levels: tuple[str, ...] = ("province", "city", "county")
    departments: tuple[str, ...] = ("ecology",)

    def allows(self, reach: Reach, deed: str) -> bool:
        """Whether the reach may do the deed under this line."""
        return (
            reach.role == self.role
            and deed == self.deed
            and (reach.is_laboratory or (reach.level in self.levels and reach.department in self.departments))
        )


def permits(rights: Iterable[Right], reach: Reach, deed: str = "") -> bool:
    """Whether one of these lines lets the reach do a deed; without one, whatever deed the line names."""
    return any(right.allows(reach, deed or right.deed) for right in rights)


def current_posts(account_id: int, on: date) -> QuerySet[Post]:
    """The posts from which an account acts on a day, with what a reach needs."""
    return posts_acted_from(account_id, on)
