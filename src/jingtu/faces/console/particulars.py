"""The sheets on a record's page: panels, dependent rows, documents, findings, history, place on the map."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.faces.console import cells
from jingtu.registers import layers
from jingtu.registers.declare import Register
from jingtu.registers.record import RecordPage, RelatedRows


def panels(found: RecordPage) -> list[dict[str, Any]]:
    """Facts in panels, then the dependent rows."""
    facts = [
        {"title": title, "facts": [cells.value(found.register, column, raw, label=True) for column, raw in pairs]}
        for title, pairs in found.panels
    ]
    return [*facts, *(_related(found, rows) for rows in found.related if rows.rows)]


def lacking(found: RecordPage) -> list[str]:
    """What might hang on the record but does not yet: said in one line, since an empty sheet each says no more."""
    kinds = [str(rows.related.title) for rows in found.related if not rows.rows]
    return [*kinds, *([] if found.documents else [_("文件")])]


def _related(found: RecordPage, rows: RelatedRows) -> dict[str, Any]:
    table = {
        "columns": [cells.heading(column) for column in rows.columns],
        "rows": [cells.row(rows.register, rows.columns, url, values) for url, values in rows.rows],
        "more_url": f"{rows.register.url()}?of={found.register.name}.{found.record.pk}" if rows.has_more else "",
    }
    return {"title": rows.related.title, "table": table}


def documents(found: RecordPage) -> list[dict[str, Any]]:
    """The files that belong to the record."""
    return [
        {
            "name": link.document.name,
            "title": link.title,
            "size_bytes": link.document.size_bytes,
            "recorded_at": link.recorded_at,
            "sha256": link.document.sha256,
            "url": reverse("document", args=[link.document.sha256]),
        }
        for link in found.documents
    ]


def history(found: RecordPage) -> list[dict[str, Any]]:
    """Who changed what, before and after."""
    return [
        {
            "at": change.at,
            "who": f"{change.organisation} {change.account}".strip(),
            "fields": [_in_words(found.register, *field) for field in change.fields],
        }
        for change in found.history
        if change.fields
    ]


def _in_words(register: Register, label: str, before: Any, after: Any) -> tuple[str, Any, Any]:
    """A changed field; states by their words, codes of a column by their labels."""
    words: dict[Any, Any] = {}
    for column in (*register.columns, *(column for panel in register.panels for column in panel.columns)):
        if str(column.label) == label:
            words.update(column.choices)
    return label, _word(words, before), _word(words, after)


def _word(words: dict[Any, Any], raw: Any) -> Any:
    return words.get(raw, raw) if isinstance(raw, str) else raw


def passed(found: RecordPage) -> list[dict[str, Any]]:
    """The states the record went through."""
    return [
        {
            "on": each.on,
            "words": cells.words_of(found.register, each.to_state),
            "sign": cells.sign_of(found.register, each.to_state),
            "who": str(each.post.organisation) if each.post else "",
            "reason": each.reason,
            "is_late": each.is_late,
        }
        for each in found.moves
    ]


def place(found: RecordPage) -> dict[str, str] | None:
    """Where the record lies, for the small map."""
    layer = found.register.layer
    if layer is None:
        return None
    shape = found.record
    for name in layer.geometry.split("__"):
        shape = getattr(shape, name, None)
    if shape is None:
        return None
    middle = shape if shape.geom_type == "Point" else shape.point_on_surface
    zoom = "9" if shape.geom_type == "Point" else "14"  # a point within its county, a field among its neighbours
    letters = "|".join(f"{each.state}={each.letter}" for each in layers.legend(found.register))
    spot = {"lon": f"{middle.x:.6f}", "lat": f"{middle.y:.6f}", "zoom": zoom}
    return {**spot, "name": found.register.name, "letters": letters}
