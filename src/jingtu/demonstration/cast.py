"""Who plays: offices, laboratories and the accounts that sign in. The table in ``data/cast.csv`` is the one place."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jingtu import law
from jingtu.evidence import actions as evidence
from jingtu.land import actions as land
from jingtu.land.facts import organisation_named, posts_of
from jingtu.land.models import Account, Department, Organisation, Role
from jingtu.registers.reach import Reach

DATA = Path(__file__).parent / "data"
IN_OFFICE_FROM = date(2021, 1, 4)
CERTIFIED_FROM, CERTIFIED_TO = date(2019, 3, 1), date(2025, 2, 28)
ROUTINE = ("pH", *law.analytes().element_set("eight"))


@dataclass(frozen=True)
class Player:
    """One account of the demonstration and the post it holds."""

    account: str
    display_name: str
    organisation: str
    department: str
    region: str
    role: str
    about: str


@cache
def players() -> tuple[Player, ...]:
    """Everybody, in the order in which a visitor meets them."""
    with (DATA / "cast.csv").open(encoding="utf-8") as file:
        return tuple(Player(**row) for row in csv.DictReader(file))


def enter(password: str) -> dict[str, Reach]:
    """Open the accounts and fill the posts; returns the reach of each account."""
    found: dict[str, Reach] = {}
    for player in players():
        account = land.open_account(player.account, player.display_name, password, demonstration=True)
        department, role = Department(player.department), Role(player.role)
        land.appoint(account, _organisation(player), player.region, department, role, IN_OFFICE_FROM)
        found[player.account] = reach_of(account)
    return found


def _organisation(player: Player) -> Organisation:
    departments = [Department(player.department)]
    return land.found_organisation(player.organisation, player.region, departments, demonstration=True)


def reach_of(account: Account) -> Reach:
    """The reach that the account's post gives."""
    return Reach.of(posts_of(account, IN_OFFICE_FROM).select_related("account").get())


def enter_laboratories(cast: dict[str, Reach], on: date) -> None:
    """Enter the laboratories with certificates for the routine analytes and no others."""
    administrator = cast["guanli"]
    for number, player in enumerate((each for each in players() if each.role == Role.LABORATORY), 1):
        laboratory = evidence.enter_laboratory(_organisation(player), by=administrator, on=on)
        certificate = f"演示-{190300000000 + number}"
        evidence.accredit(laboratory, certificate, ROUTINE, CERTIFIED_FROM, CERTIFIED_TO, by=administrator, on=on)


def is_present() -> bool:
    """Whether the demonstration's first office is in the database already."""
    return organisation_named(players()[0].organisation) is not None
