"""Many rows at once into a table: whole columns turned to text, one COPY, one INSERT.

COPY is refused on a table with row-level security, so the rows come in by way of a temporary table and every policy,
constraint and trigger of the table itself still applies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

_NULL: Final = "\\N"
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NONE: Final = type(None)
_CHUNK_ROWS: Final = 20_000
Columns = Mapping[str, Sequence[Any]]


def insert(table: str, columns: Columns, constants: Mapping[str, Any] | None = None) -> int:
    """Insert columns of equal length into a table, with constants for all rows; returns the number of rows."""
    fixed = constants or {}
    texts = [_texts(values) for values in columns.values()]
    size = len(texts[0])
    if any(len(each) != size for each in texts):
        raise ValueError("all columns of one insertion are equally long")
    own, more = _names(columns), _names([*columns, *fixed])
    same = "".join(", %s" for _name in fixed)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {own} FROM "{table}" LIMIT 0')
        with cursor.copy(f"COPY incoming ({own}) FROM STDIN") as copy:
            for start in range(0, size, _CHUNK_ROWS):
                copy.write(_block([each[start : start + _CHUNK_ROWS] for each in texts]))
        cursor.execute(f'INSERT INTO "{table}" ({more}) SELECT {own}{same} FROM incoming', list(fixed.values()))
        cursor.execute("DROP TABLE incoming")
    return size


def _names(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _block(texts: Sequence[Sequence[str]]) -> str:
    return "\n".join(map("\t".join, zip(*texts, strict=True))) + "\n" if texts[0] else ""


def _texts(values: Sequence[Any]) -> list[str]:
    """A column as COPY reads it."""
    kinds = set(map(type, values))
    if kinds <= {str}:
        joined = "".join(values)
        clean = not any(sign in joined for sign in "\\\t\n\r")
        return list(values) if clean else [value.translate(_ESCAPED) for value in values]
    if dict not in kinds and str not in kinds and bool not in kinds:
        return (
            [_NULL if value is None else str(value) for value in values] if _NONE in kinds else list(map(str, values))
        )
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    if value is None:
        return _NULL
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False).translate(_ESCAPED)
    if isinstance(value, date):  # instants too: both are written in ISO form
        return value.isoformat()
    return str(value).translate(_ESCAPED)
