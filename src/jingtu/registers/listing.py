"""A list page of any register: filters, sort, keyset paging, an honest count."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict

from jingtu.registers.clock import Clock
from jingtu.registers.declare import Column, Register, all_registers
from jingtu.registers.reach import Reach

PAGE_ROWS = 50
COUNT_EXACTLY_TO = 10_000
KEY_DIGITS = 19  # of a key that the database can hold


@dataclass(frozen=True)
class Row:
    """A row of a list: its key, its address, its values in the order of the columns."""

    pk: int
    url: str
    values: list[Any]


@dataclass(frozen=True)
class Listing:
    """What a list page shows."""

    register: Register
    columns: Sequence[Column]
    rows: list[Row]
    filterset: django_filters.FilterSet
    sort: str
    next_cursor: str
    previous_cursor: str
    count: int
    count_is_estimate: bool


def listing(register: Register, reach: Reach, clock: Clock, params: QueryDict, *, limit: int = PAGE_ROWS) -> Listing:
    """One page of a register, as the parameters ask: filters, ``q``, ``sort``, ``columns``, ``after``/``before``."""
    rows, filterset = _filtered(register, reach, clock, params)
    columns = _columns(register, params)
    sort = _sort(register, params.get("sort", ""))
    count, is_estimate = _count(rows)
    page, has_more = _page(rows, sort, [column.orm_path for column in columns], params, limit)
    shown = [Row(values[0], register.url(values[0]), list(values[2:])) for values in page]
    after, before = _cursors(page, params, has_more)
    return Listing(register, columns, shown, filterset, sort, after, before, count, is_estimate)


def export(register: Register, reach: Reach, clock: Clock, params: QueryDict) -> Iterator[list[Any]]:
    """All rows that the filters leave, or those picked of them, headings first; the columns as shown on the page."""
    rows, _filterset = _filtered(register, reach, clock, params)
    if keys := picked(params):
        rows = rows.filter(pk__in=keys)
    columns = _columns(register, params)
    yield [f"{column.label}({column.unit})" if column.unit else str(column.label) for column in columns]
    paths = [column.orm_path for column in columns]
    for values in rows.order_by("pk").values_list(*paths).iterator(chunk_size=2000):
        yield [_told(column, value) for column, value in zip(columns, values, strict=True)]


def picked(params: QueryDict) -> list[int]:
    """The keys of the rows that were picked on the page, as many as a page has at most."""
    return [int(key) for key in params.getlist("pick")[:PAGE_ROWS] if key.isdecimal() and len(key) < KEY_DIGITS]


def _told(column: Column, value: Any) -> Any:
    """A value by its word, several in a row."""
    if isinstance(value, list):
        return "、".join(str(column.choices.get(each, each)) for each in value)
    return column.choices.get(value, value)


def holding(register: Register, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The rows in which one of the searched columns holds the text."""
    if not (text and register.search):
        return rows
    return rows.filter(reduce(or_, [Q(**{f"{path}__icontains": text}) for path in register.search]))


def _filtered(
    register: Register, reach: Reach, clock: Clock, params: QueryDict
) -> tuple[QuerySet[Any], django_filters.FilterSet]:
    filterset = register.filterset_class()(params, queryset=register.rows(reach, clock))
    rows = holding(register, filterset.qs, params.get("q", "").strip())
    if (above := depending(register, params)) is not None:
        rows = rows.filter(**{above.path: above.pk})
    return rows, filterset


@dataclass(frozen=True)
class Above:
    """The record on whose page rows of this register stand: ``of=evidence.batch.12`` in the address."""

    register: Register
    pk: int
    path: str


def depending(register: Register, params: Mapping[str, Any]) -> Above | None:
    """The record whose dependent rows alone are asked for, by the way that its register declares."""
    name, _dot, key = str(params.get("of", "")).rpartition(".")
    above = next((each for each in all_registers() if each.name == name), None)
    if above is None or not key.isdecimal() or len(key) >= KEY_DIGITS:
        return None
    way = next((each.path for each in above.related if each.register == register.name), "")
    return Above(above, int(key), way) if way else None


def _columns(register: Register, params: QueryDict) -> list[Column]:
    wanted = params.getlist("columns")
    chosen = [column for column in register.columns if column.name in wanted]
    return chosen or [column for column in register.columns if column.shown]


def _sort(register: Register, wanted: str) -> str:
    names = {column.name: column.orm_path for column in register.columns}
    name = wanted.lstrip("-")
    return ("-" if wanted.startswith("-") else "") + names[name] if name in names else register.ordering


def _count(rows: QuerySet[Any]) -> tuple[int, bool]:
    exact = rows.order_by()[: COUNT_EXACTLY_TO + 1].count()
    if exact <= COUNT_EXACTLY_TO:
        return exact, False
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        plan = cursor.fetchone()[0]
    parsed = json.loads(plan) if isinstance(plan, str) else plan
    return max(int(parsed[0]["Plan"]["Plan Rows"]), COUNT_EXACTLY_TO), True


def _page(
    rows: QuerySet[Any], sort: str, paths: list[str], params: QueryDict, limit: int
) -> tuple[list[tuple[Any, ...]], bool]:
    """The page's rows as shown (key, sort value, then the columns), and whether more follow."""
    path, falling = sort.lstrip("-"), sort.startswith("-")
    backwards = "before" in params
    keyset = _decode(params.get("before", "") or params.get("after", ""))
    falling_now = falling != backwards
    if keyset is not None:
        rows = rows.filter(_beyond(path, falling_now, *keyset))
    ordered = rows.order_by(*_order(rows.model, path, falling_now))
    found = [(values[0], values[1], *values[2:]) for values in ordered.values_list("pk", path, *paths)[: limit + 1]]
    has_more, page = len(found) > limit, found[:limit]
    return (page[::-1] if backwards else page), has_more


def _order(model: type[Model], path: str, falling: bool) -> list[Any]:
    """By the value, then by key. Where a value may be missing it comes first going up and last going down; where it
    may not, nothing is said of it, so that an index serves."""
    key = "-pk" if falling else "pk"
    if path in ("pk", "id"):
        return [key]
    if _is_filled(model, path):
        return [f"-{path}" if falling else path, key]
    return [F(path).desc(nulls_last=True) if falling else F(path).asc(nulls_first=True), key]


def _is_filled(model: type[Model], path: str) -> bool:
    """Whether every row has a value at the path: a column that is never null, reached over none that may be."""
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False  # an annotation or a key spelled with _id
        if getattr(field, "null", True):
            return False
        model = field.related_model or model
    return True


def _beyond(path: str, falling: bool, value: Any, pk: int) -> Q:
    if path in ("pk", "id"):
        return Q(pk__lt=pk) if falling else Q(pk__gt=pk)
    same = Q(**{f"{path}__isnull": True}) if value is None else Q(**{path: value})
    if value is None:
        rest = Q(pk__in=[]) if falling else Q(**{f"{path}__isnull": False})
    elif falling:
        rest = Q(**{f"{path}__lt": value}) | Q(**{f"{path}__isnull": True})
    else:
        rest = Q(**{f"{path}__gt": value})
    return rest | (same & (Q(pk__lt=pk) if falling else Q(pk__gt=pk)))


def _cursors(page: list[tuple[Any, ...]], params: Mapping[str, Any], has_more: bool) -> tuple[str, str]:
    if not page:
        return "", ""
    backwards = "before" in params
    has_next = backwards or has_more
    has_previous = "after" in params or (backwards and has_more)
    return (_encode(page[-1]) if has_next else ""), (_encode(page[0]) if has_previous else "")


def _encode(row: tuple[Any, ...]) -> str:
    text = json.dumps([row[1], row[0]], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode()


def _decode(cursor: str) -> tuple[Any, int] | None:
    if not cursor:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor))
        return value, int(pk)
    except (ValueError, TypeError):
        return None
