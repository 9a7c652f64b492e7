"""Filters that registers share."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from jingtu.land.models import Level, Region


class RegionFilter(django_filters.ChoiceFilter):
    """A region and everything below it; cities first, then their counties."""

    def __init__(self, *, field_name: str = "region", **more: Any) -> None:
        """``field_name`` is the ORM path to the region."""
        super().__init__(field_name=field_name, choices=_choices, **more)

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows whose region code starts with the digits that the region's subtree shares."""
        if not value:
            return rows
        digits = value[:4] if value.endswith("00") else value
        path = f"{self.field_name}_id"
        return rows.filter(Q(**{f"{path}__gte": digits}) & Q(**{f"{path}__lt": digits + "\uffff"}))


def _choices() -> list[tuple[str, str]]:
    regions = Region.objects.exclude(level=Level.PROVINCE).order_by("code").values_list("code", "name", "level")
    return [(code, name if level == Level.CITY else f"　{name}") for code, name, level in regions]


class HoldsFilter(django_filters.ChoiceFilter):
    """A code that a list of codes holds, perhaps among others; a row with several codes is found under each."""

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows whose list holds the code."""
        return rows.filter(**{f"{self.field_name}__contains": [value]}) if value else rows
