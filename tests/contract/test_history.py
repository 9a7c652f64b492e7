"""Every register's model: a change is in its history however it was made: one record, many at once, or plain SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from jingtu.registers import history
from jingtu.registers.declare import Register, get_register
from tests.contract import kit


def free_field(register: Register) -> models.Field[Any, Any]:
    """A field on which nothing else hangs: plain text if there is some, else a day, else a link."""
    fields = [field for field in register.model._meta.concrete_fields if not field.choices and not field.primary_key]
    text = [each for each in fields if isinstance(each, (models.CharField, models.TextField))]
    plain = [each for each in text if each.name not in ("state", "sheet", "code", "number")]
    days = [
        each for each in fields if isinstance(each, models.DateField) and not isinstance(each, models.DateTimeField)
    ]
    links = [each for each in fields if isinstance(each, models.ForeignKey)]
    return [*plain, *days, *links][0]


def other(register: Register, field: models.Field[Any, Any], record: Any, mark: str) -> Any:
    """Another value for the field."""
    current = getattr(record, field.attname)
    if isinstance(field, (models.CharField, models.TextField)):
        return mark[: field.max_length]
    if isinstance(field, models.DateField):
        return current - timedelta(1)
    return kit.rows(register).exclude(**{field.attname: current}).values_list(field.attname, flat=True)[0]


@pytest.mark.parametrize("name", kit.NAMES)
def test_a_saved_a_bulk_and_an_sql_change_are_kept(name: str) -> None:
    register = get_register(name)
    field = free_field(register)
    record = register.queryset().get(pk=kit.rows(register).order_by("-pk")[0].pk)
    table, key = record._meta.db_table, record._meta.pk.column
    for way in ("save", "bulk", "sql"):
        before = len(history.changes(record))
        old, new = getattr(record, field.attname), other(register, field, record, f"变-{way}")
        if way == "save":
            setattr(record, field.attname, new)
            record.save(update_fields=[field.name])
        elif way == "bulk":
            register.queryset().filter(pk=record.pk).update(**{field.attname: new})
        else:
            with connection.cursor() as cursor:
                cursor.execute(f'UPDATE "{table}" SET "{field.column}" = %s WHERE "{key}" = %s', [new, record.pk])
        changes = history.changes(record)
        assert len(changes) == before + 1, way
        told = [tuple(map(str, change)) for change in changes[0].fields]
        assert (str(field.verbose_name), str(old), str(new)) in told, way
        assert changes[0].label == "update"
        record = register.queryset().get(pk=record.pk)


@pytest.mark.parametrize("name", kit.NAMES)
def test_history_cannot_be_rewritten(name: str) -> None:
    events = next(iter(get_register(name).model.pgh_event_models.values()))
    for statement in (f"UPDATE {events._meta.db_table} SET pgh_label = 'x'", f"DELETE FROM {events._meta.db_table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("name", kit.NAMES)
def test_history_cannot_be_silenced(name: str) -> None:
    register = get_register(name)
    record = register.queryset().get(pk=kit.rows(register).order_by("-pk")[0].pk)
    field, before = free_field(register), len(history.changes(record))
    new = other(register, field, record, "静默")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', '{' || string_agg(tgname, ',') || '}', true)"
            " FROM pg_trigger WHERE tgrelid = %s::regclass",
            [record._meta.db_table],
        )
        register.queryset().filter(pk=record.pk).update(**{field.attname: new})
    assert len(history.changes(record)) == before + 1
