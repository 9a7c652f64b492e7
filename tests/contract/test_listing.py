"""Every register: its list, each filter, each sort, search, columns, export, and the API's list of the same rows."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

import django_filters
import pytest
from django.db.models import F
from django.http import QueryDict
from python_calamine import CalamineWorkbook

from jingtu.plain.text import unguard_formula
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Column, Register, get_register
from jingtu.registers.filters import HoldsFilter, RegionFilter
from jingtu.registers.listing import export, listing
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of, reach_of

COLUMNS = [(name, column.name) for name in kit.NAMES for column in get_register(name).columns]
FILTERS = [(name, each) for name in kit.NAMES for each in get_register(name).filters]
ORDERED = {"date", "number", "decimal", "instant"}


@pytest.mark.parametrize("name", kit.NAMES)
def test_a_register_has_data_to_be_tested_on(name: str) -> None:
    register = get_register(name)
    found = kit.rows(register).count()
    assert found >= kit.LEAST_ROWS, (
        f"{name} has {found} rows; the kit can only vouch for what it sees. Add rows in tests/contract/seeds.py."
    )


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_a_declared_column_has_values(name: str, column: str) -> None:
    register = get_register(name)
    path = register.column(column).orm_path
    filled = kit.rows(register).exclude(**{f"{path}__isnull": True})
    values = filled.order_by().values_list(path, flat=True).distinct()
    assert any(value != "" for value in values), f"{name}: no row has “{column}”. Add one in tests/contract/seeds.py."


@pytest.mark.parametrize("name", kit.NAMES)
def test_the_page_lists_what_there_is(name: str) -> None:
    register = get_register(name)
    response = client_of(PROVINCE).get(register.url())
    assert response.status_code == 200
    page = response.content.decode()
    assert str(register.title) in page or name == "registers.dossier"
    found = listing(register, reach_of(PROVINCE), Clock.present(), QueryDict())
    assert found.rows
    assert all(f'href="{row.url}"' in page for row in found.rows)
    assert f"{found.count:,}".replace(",", "") in page.replace(",", "").replace("\u202f", "").replace(" ", "")
    assert all(str(column.label) in page for column in register.columns if column.shown)


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_each_column_sorts_both_ways_over_all_pages(name: str, column: str) -> None:
    register = get_register(name)
    declared, total = register.column(column), kit.rows(register).count()
    for falling in (False, True):
        order = F(declared.orm_path).desc(nulls_last=True) if falling else F(declared.orm_path).asc(nulls_first=True)
        expected = list(kit.rows(register).order_by(order, "-pk" if falling else "pk").values_list("pk", flat=True))
        assert _walk(register, f"{'-' if falling else ''}{column}", math.ceil(total / 3)) == expected
    if declared.kind in ORDERED:
        stored = kit.rows(register).filter(pk__in=expected).values_list("pk", declared.orm_path)
        values = dict(stored)
        filled = [values[pk] for pk in expected if values[pk] is not None]
        assert filled == sorted(filled, reverse=True)


def _walk(register: Register, sort: str, limit: int) -> list[int]:
    """All keys, page by page as a reader turns them; and the same pages backwards."""
    seen: list[list[int]] = []
    asked = QueryDict(f"sort={sort}", mutable=True)
    while True:
        page = listing(register, reach_of(PROVINCE), Clock.present(), asked, limit=limit)
        seen.append([row.pk for row in page.rows])
        if not page.next_cursor:
            break
        asked = QueryDict(f"sort={sort}", mutable=True)
        asked["after"] = page.next_cursor
    if len(seen) > 1:
        asked = QueryDict(f"sort={sort}", mutable=True)
        asked["before"] = page.previous_cursor
        before = listing(register, reach_of(PROVINCE), Clock.present(), asked, limit=limit)
        assert [row.pk for row in before.rows] == seen[-2]
    return [pk for page in seen for pk in page]


@pytest.mark.parametrize(("name", "parameter"), FILTERS)
def test_each_filter_parts_the_rows(name: str, parameter: str) -> None:
    register = get_register(name)
    everything = set(kit.rows(register).values_list("pk", flat=True))
    declared = register.filterset_class().base_filters[parameter]
    value = _parts(register, parameter, declared, everything)
    left = kit.filtered(register, **{parameter: value})
    client = client_of(PROVINCE)
    page = client.get(register.url(), {parameter: value})
    told = client.get(kit.api(register), {parameter: value, "limit": 500}).json()
    assert page.status_code == 200
    assert told["count"] == len(left)
    assert {item["id"] for item in told["items"]} == left or len(left) > 500


def _choices(register: Register, parameter: str) -> list[str]:
    form = register.filterset_class()(QueryDict(), queryset=kit.rows(register)).form
    return [str(value) for value, _label in getattr(form.fields[parameter], "choices", ()) if value not in ("", None)]


def _parts(register: Register, parameter: str, declared: Any, everything: set[int]) -> str:
    """A value that leaves some rows; the values of a list part the rows without overlap and leave none out."""
    if isinstance(declared, django_filters.NumberFilter):
        return str(kit.rows(register).order_by("pk").values_list(declared.field_name, flat=True).first())
    if isinstance(declared, django_filters.CharFilter):
        path = declared.field_name
        return str(kit.rows(register).exclude(**{path: ""}).values_list(path, flat=True).first())
    if isinstance(declared, django_filters.NumberFilter):
        return str(kit.rows(register).values_list(declared.field_name, flat=True).first())
    choices = _choices(register, parameter)
    if isinstance(declared, HoldsFilter):  # a row may be found under several of its codes
        return next(value for value in choices if kit.filtered(register, **{parameter: value}))
    cities = [value for value in choices if value.endswith("00")] if isinstance(declared, RegionFilter) else choices
    left = {value: kit.filtered(register, **{parameter: value}) for value in cities}
    assert sum(map(len, left.values())) == len(set().union(*left.values())), "two values leave the same row"
    rest = everything - set().union(*left.values())
    if isinstance(declared, RegionFilter):
        path = declared.field_name + "_id"
        assert set(kit.rows(register).filter(pk__in=rest).values_list(path, flat=True)) <= {"140000"}
        _counties(register, parameter, path, left)
    else:
        unstated = set(kit.rows(register).filter(pk__in=rest).values_list(declared.field_name, flat=True))
        assert unstated <= {None, ""}, f"{register.name}: {unstated} is no choice of the filter “{parameter}”"
    return next(value for value, found in left.items() if found)


def _counties(register: Register, parameter: str, path: str, cities: dict[str, set[int]]) -> None:
    for code in set(kit.rows(register).values_list(path, flat=True)[:50]):
        if not code.endswith("00"):
            county = kit.filtered(register, **{parameter: code})
            assert county
            assert county <= cities[f"{code[:4]}00"]


@pytest.mark.parametrize("name", [name for name in kit.NAMES if get_register(name).search])
def test_search_finds_by_each_path(name: str) -> None:
    register = get_register(name)
    for path in register.search:
        row = kit.rows(register).filter(**{f"{path}__gt": ""}).values_list("pk", path).first()
        assert row is not None, f"{name}: nothing to search under {path}"
        found = client_of(PROVINCE).get(kit.api(register), {"q": row[1], "limit": 500}).json()
        assert row[0] in {item["id"] for item in found["items"]}
    nothing = client_of(PROVINCE).get(kit.api(register), {"q": "no-such-thing-9f3"}).json()
    assert nothing["count"] == 0


@pytest.mark.parametrize("name", kit.NAMES)
def test_the_interface_lists_the_same_rows(name: str) -> None:
    register = get_register(name)
    client, columns = client_of(PROVINCE), [column.name for column in register.columns]
    told = client.get(kit.api(register), {"columns": columns, "limit": 500}).json()
    assert told["count"] == kit.rows(register).count()
    assert set(told["items"][0]["values"]) == set(columns)
    page = client.get(register.url(), {"columns": columns}).content.decode()
    assert all(f'href="{item["page"]}"' in page for item in told["items"][:50])
    for parameter in ("nonsense", "sort", "columns"):
        refused = client.get(kit.api(register), {parameter: "no_such_name"})
        assert refused.status_code == 422, parameter


@pytest.mark.parametrize("name", kit.NAMES)
def test_the_export_comes_back_as_it_went(name: str) -> None:
    register = get_register(name)
    columns = [column for column in register.columns if column.shown]
    asked = QueryDict(mutable=True)
    asked.setlist("columns", [column.name for column in columns])
    expected = [
        [kit.as_text(cell) for cell in row] for row in export(register, reach_of(PROVINCE), Clock.present(), asked)
    ]
    assert len(expected) == kit.rows(register).count() + 1
    written = _csv(register)
    assert [[unguard_formula(cell) for cell in row] for row in written] == expected
    risky = [cell for row in written for cell in row if cell.startswith(("=", "@", "\t", "\r"))]
    assert not risky, f"{name}: {risky[:3]} would run as a formula"
    _same_workbook(register, expected, columns)


def _csv(register: Register) -> list[list[str]]:
    response = client_of(PROVINCE).get(register.url(), {"format": "csv"})
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert {row.pop() for row in rows} == {"演示数据"}, "every row of a demonstration says so"
    return [heading[:-1], *rows]


def _same_workbook(register: Register, expected: list[list[str]], columns: list[Column]) -> None:
    response = client_of(PROVINCE).get(register.url(), {"format": "xlsx"})
    content = b"".join(response.streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(book) == len(expected)
    for place in range(len(columns)):
        shown = [_number_or_text(kit.as_text(row[place])) for row in book]
        assert shown == [_number_or_text(row[place]) for row in expected]


def _number_or_text(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
