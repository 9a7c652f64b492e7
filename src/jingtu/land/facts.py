"""Questions about regions, organisations and posts."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from jingtu.land.models import Account, Level, Organisation, Post, Region


def cities() -> QuerySet[Region]:
    """The cities of the province, by code."""
    return Region.objects.filter(level=Level.CITY).defer("geom", "label_point")


def counties(city_code: str) -> QuerySet[Region]:
    """The counties of a city, by code."""
    return Region.objects.filter(level=Level.COUNTY, parent_id=city_code).defer("geom", "label_point")


def region(code: str) -> Region | None:
    """A region by its code, without its boundary."""
    return Region.objects.defer("geom", "label_point").filter(code=code).first()


def regions_within(prefix: str) -> QuerySet[Region]:
    """Every region whose code starts with the prefix."""
    return Region.objects.filter(code__startswith=prefix).defer("geom", "label_point")


def posts_of(account: Account, on: date) -> QuerySet[Post]:
    """The posts that an account holds on a day."""
    holding = Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gte=on))
    return account.posts.filter(holding).select_related("region", "organisation")


def organisation_named(name: str) -> Organisation | None:
    """An organisation by its full name."""
    return Organisation.objects.filter(name=name).first()
