"""Who asks: accounts of the demonstration, and posts made for one question."""

from __future__ import annotations

from datetime import date

from django.test import Client

from jingtu.demonstration import cast
from jingtu.land import actions as land
from jingtu.land.models import Account, Department, Organisation, Post, Role
from jingtu.registers.reach import Reach

SINCE = date(2021, 1, 4)
PROVINCE = "sheng-jingban"


def reach_of(name: str) -> Reach:
    """The reach of an account."""
    return cast.reach_of(Account.objects.get(username=name))


def client_of(name: str) -> Client:
    """A browser signed in as an account."""
    client = Client()
    client.force_login(Account.objects.get(username=name))
    return client


def holder(**post: object) -> Reach:
    """The reach of somebody who holds such a post."""
    return Reach.of(Post.objects.select_related("account", "region", "organisation").filter(**post).order_by("pk")[0])


def post(region: str, role: str, department: str = "ecology", which: str = "") -> str:
    """An account with just this post, made when first asked for; ``which`` tells colleagues in one office apart."""
    name = f"{role}-{department}-{region}{which}"
    if Account.objects.filter(username=name).exists():
        return name
    office, _made = Organisation.objects.get_or_create(
        name=f"{name}（测试）", region_id=region, departments=[department]
    )
    account = land.open_account(name, name, "only-for-tests-1", demonstration=True)
    land.appoint(account, office, region, Department(department), Role(role), SINCE)
    return name


def stranger_to(region: str) -> str:
    """A clerk whose region neither holds this one nor lies in it; for the province's own records, any city's clerk."""
    return "shi-yangquan-jingban" if not region.startswith("1403") else "shi-datong-jingban"
