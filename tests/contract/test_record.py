"""Every register: the page of a record, the same in the API, and its edit form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ModelForm
from django.test import Client
from django.urls import reverse

from jingtu.land.models import Region
from jingtu.registers import clock, edit, history, record
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register, get_register
from jingtu.registers.models import LedgerEntry
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of, post, reach_of

FACTS = [
    (name, column.name)
    for name in kit.NAMES
    for panel in get_register(name).panels
    for column in panel.columns
]  # fmt: skip


@pytest.mark.parametrize("name", kit.NAMES)
def test_the_page_of_a_record_says_what_is_declared(name: str) -> None:
    register = get_register(name)
    client = client_of(PROVINCE)
    for found in kit.rows(register).order_by("pk")[: kit.LEAST_ROWS]:
        response = client.get(register.url(found.pk))
        assert response.status_code == 200
        page = response.content.decode()
        for panel in register.panels if name != "registers.dossier" else ():
            assert str(panel.title) in page
            assert all(str(column.label) in page for column in panel.columns)
    if register.workflow is not None:
        state = register.workflow.states[found.state]
        assert str(state.label) in page


@pytest.mark.parametrize(("name", "fact"), FACTS)
def test_a_declared_fact_has_values(name: str, fact: str) -> None:
    register = get_register(name)
    column = next(each for panel in register.panels for each in panel.columns if each.name == fact)
    values = (record.value_of(found, column) for found in kit.rows(register).order_by("pk"))
    assert any(value not in (None, "", []) for value in values), (
        f"{name}: no record has “{fact}”. Add one in tests/contract/seeds.py."
    )


@pytest.mark.parametrize("name", kit.NAMES)
def test_related_rows_are_found(name: str) -> None:
    register = get_register(name)
    for related in register.related:
        found = False
        for each in (*kit.rows(register).order_by("pk")[:20], *kit.rows(register).order_by("-pk")[:20]):
            page = record.record(register, reach_of(PROVINCE), Clock.present(), each.pk)
            found = found or any(part.rows for part in page.related if part.related is related)
        assert found, f"{name}: no record has {related.register}. Add one in tests/contract/seeds.py."


@pytest.mark.parametrize("name", kit.NAMES)
def test_the_interface_tells_the_same_of_a_record(name: str) -> None:
    register = get_register(name)
    client = client_of(PROVINCE)
    listed = client.get(kit.api(register), {"columns": [column.name for column in register.columns]}).json()
    for item in listed["items"][: kit.LEAST_ROWS]:
        told = client.get(item["url"])
        assert told.status_code == 200
        content = told.json()
        assert content["values"] == item["values"]
        assert [panel["title"] for panel in content["panels"]] == [str(panel.title) for panel in register.panels]
        assert content["page"] == register.url(item["id"])


@pytest.mark.parametrize("name", [name for name in kit.NAMES if not get_register(name).sections])
def test_a_register_without_sections_has_no_form(name: str) -> None:
    register = get_register(name)
    found = kit.rows(register).first()
    address = reverse("edit", args=[name, found.pk])
    assert client_of(PROVINCE).get(address).status_code == 404
    assert client_of(PROVINCE).post(address, {}).status_code == 404
    assert address not in client_of(PROVINCE).get(register.url(found.pk)).content.decode()


def open_record(register: Register) -> Any:
    """A record that may be changed by hand now."""
    found = next((each for each in kit.rows(register).order_by("pk") if not register.not_editable(each)), None)
    assert found is not None, f"{register.name}: every record is closed to its form. Add an open one in seeds.py."
    return found


def filled(form: ModelForm) -> dict[str, str]:
    """What a browser would send back untouched."""
    return {name: "" if (value := form[name].value()) is None else str(value) for name in form.fields}


def stated(register: Register, found: Any, **changed: str) -> dict[str, Any]:
    """The whole form of a record with some fields changed."""
    deed = {"deed-on": clock.today().isoformat(), "deed-reason": "契约测试"}
    seen = {"seen": edit.mark(register, found)}
    return {**filled(register.form_class()(instance=found)), **deed, **seen, **changed}


def another(register: Register, found: Any, name: str) -> str:
    """A value that the field may take and does not have."""
    field = register.form_class()(instance=found).fields[name]
    current = filled(register.form_class()(instance=found))[name]
    if choices := [str(key) for key, _label in getattr(field, "choices", ()) if str(key) not in ("", current)]:
        return choices[0]
    kind = register.model._meta.get_field(name).get_internal_type()
    if kind == "DateField":
        day = found._meta.get_field(name).value_from_object(found)
        return ((day - timedelta(1)) if day else clock.today()).isoformat()
    if kind == "DecimalField":
        return f"{7:.{register.model._meta.get_field(name).decimal_places}f}"
    return "7" if kind == "IntegerField" else f"{current}（改）"


def editor(register: Register, found: Any) -> Client:
    """A browser of the province's clerk when he may edit, else of a post of the record's region that may."""
    if register.may_edit(reach_of(PROVINCE)):
        return client_of(PROVINCE)
    region = Region.objects.get(code=register.reach.region_of(found))
    right = next(each for each in register.rights if each.deed == "edit" and region.level in each.levels)
    who = post(region.code, right.role, right.departments[0])
    assert register.may_edit(reach_of(who))
    return client_of(who)


@pytest.mark.parametrize("name", kit.EDITED)
def test_each_field_of_the_form_is_changed_through_the_ledger(name: str) -> None:
    register = get_register(name)
    client = editor(register, open_record(register))
    for line in edit.lines(register):
        found = open_record(register)
        address, value = reverse("edit", args=[name, found.pk]), another(register, found, line.name)
        shown = client.get(address).content.decode()
        assert str(line.guidance) in shown
        assert str(found._meta.get_field(line.name).verbose_name) in shown
        entries = LedgerEntry.objects.filter(register=name, subject_id=str(found.pk)).count()
        response = client.post(address, stated(register, found, **{line.name: value}))
        assert response.status_code == 302, response.content.decode()
        after = register.queryset().get(pk=found.pk)
        assert filled(register.form_class()(instance=after))[line.name] == value
        assert LedgerEntry.objects.filter(register=name, subject_id=str(found.pk)).count() == entries + 1
        change = history.changes(after)[0]
        assert change.deed == f"{name}.edited"
        assert str(found._meta.get_field(line.name).verbose_name) in [label for label, _before, _after in change.fields]
        assert address in client.get(register.url(found.pk)).content.decode() or register.not_editable(after)


@pytest.mark.parametrize("name", kit.EDITED)
def test_the_form_refuses_in_sentences(name: str) -> None:
    register = get_register(name)
    found = open_record(register)
    client = editor(register, found)
    address, first = reverse("edit", args=[name, found.pk]), edit.lines(register)[0].name
    good = stated(register, found, **{first: another(register, found, first)})
    cases = {
        "请填写本栏": {first: ""},
        "办理本步须写明理由": {"deed-reason": ""},
        "没有任何一栏与原来不同": {first: filled(register.form_class()(instance=found))[first]},
        "已被他人修改": {"seen": "0" * 32},
        "晚于今天": {"deed-on": (clock.today() + timedelta(1)).isoformat()},
        "补录": {"deed-on": (clock.today() - timedelta(60)).isoformat()},
    }
    for sentence, changed in cases.items():
        response = client.post(address, {**good, **changed})
        assert response.status_code == 422, sentence
        assert sentence in response.content.decode()
    before = filled(register.form_class()(instance=found))
    assert filled(register.form_class()(instance=register.queryset().get(pk=found.pk))) == before


@pytest.mark.parametrize("name", kit.EDITED)
def test_only_those_who_may_see_the_form(name: str) -> None:
    register = get_register(name)
    found = open_record(register)
    address, first = reverse("edit", args=[name, found.pk]), edit.lines(register)[0].name
    form = stated(register, found, **{first: another(register, found, first)})
    for who in (post("140000", "observer"), post("140000", "clerk", "agriculture"), post("140300", "clerk")):
        client = client_of(who)
        assert client.get(address).status_code == 404
        assert client.post(address, form).status_code == 404
    past = editor(register, found).post(f"{address}?on=2021-08-01", form)
    assert past.status_code in (302, 404)
    assert edit.mark(register, register.queryset().get(pk=found.pk)) == edit.mark(register, found)


def test_a_document_of_a_change_is_kept_with_the_record() -> None:
    register = get_register("monitoring.point")
    found = open_record(register)
    day = clock.today() - timedelta(60)
    form = stated(register, found, name="补录改名", **{"deed-on": day.isoformat()})
    file = SimpleUploadedFile("依据.txt", "点位更名的函".encode())
    response = editor(register, found).post(
        reverse("edit", args=[register.name, found.pk]), {**form, "deed-document": file}
    )
    assert response.status_code == 302, response.content.decode()
    assert "依据.txt" in editor(register, found).get(register.url(found.pk)).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ended_on": "2010-01-01"}, "停用日期早于设立日期"),
        ({"ended_on": "2031-01-01"}, "停用日期晚于业务日期"),
        ({"established_on": "2031-01-01"}, "设立日期晚于业务日期"),
    ],
)
def test_the_days_of_a_point_fit_together(changed: dict[str, str], sentence: str) -> None:
    register = get_register("monitoring.point")
    found = kit.rows(register).filter(ended_on__isnull=True).first()
    response = editor(register, found).post(
        reverse("edit", args=[register.name, found.pk]), stated(register, found, **changed)
    )
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_what_a_register_closes_stays_closed() -> None:
    register = get_register("sample.well")
    closed = kit.rows(register).get(closed_on__isnull=False)
    response = editor(register, closed).post(reverse("edit", args=[register.name, closed.pk]), stated(register, closed))
    assert response.status_code == 302
    with pytest.raises(edit.ledger.DeedRefused, match="已封填"):
        edit.edit(register, closed, {"name": "x"}, by=reach_of(PROVINCE), on=clock.today(), reason="x")
