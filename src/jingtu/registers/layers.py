"""A register on the map: its features with label, state and address, and the legend of its states.

Tiles and GeoJSON ask here, so that both keep the register's reach and the asked day, and name the same fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import Case, CharField, F, Field, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from jingtu.registers import spatial
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Layer, Register, all_registers, get_register
from jingtu.registers.reach import Reach

FIELDS = ("id", "label", "code", "region", "state", "state_label", "sign", "note", "url")
SIGNS = {"open": "open", "soon": "soon", "done": "done", "returned": "overdue", "ended": "na"}
LETTERS = {"soon": "!", "done": "✓", "returned": "✕", "ended": "–"}
PLAIN = "plain"


@dataclass(frozen=True)
class LegendEntry:
    """A state as the map draws it: its word, its letter, its kind and the sign of that kind."""

    state: str
    label: str
    letter: str
    kind: str
    sign: str


def layered(reach: Reach) -> list[Register]:
    """The registers with a map layer that a post may see; laboratories see no places at all, administrators nothing."""
    return [] if reach.is_laboratory else [each for each in all_registers() if each.layer and each.sees(reach)]


def find(name: str, reach: Reach) -> Register | None:
    """A register with a map layer by its name, or none for those who must not know of it."""
    try:
        found = get_register(name)
    except KeyError:
        return None
    return found if found in layered(reach) else None


def legend(register: Register) -> list[LegendEntry]:
    """The states of a layer in their order; open ones are numbered, since one letter must tell them apart."""
    states = {**(register.workflow.states if register.workflow else {}), **register.states}
    if not layer_of(register).state:
        return []
    return [
        LegendEntry(
            code,
            str(state.label),
            state.letter or LETTERS.get(state.kind, str(place)),
            state.kind,
            state.sign or SIGNS[state.kind],
        )
        for place, (code, state) in enumerate(states.items(), 1)
    ]


def layer_of(register: Register) -> Layer:
    """The layer of a register that has one."""
    if register.layer is None:
        raise LookupError(f"Register {register.name} declares no layer.")
    return register.layer


def geometry_type(register: Register) -> str:
    """What the layer draws: POINT, MULTIPOLYGON and so on, from the model's field."""

    model, name = _holder(register)
    field: Any = model._meta.get_field(name)
    return str(field.geom_type)


def _holder(register: Register) -> tuple[type[Model], str]:
    """The model that holds the layer's geometry, and the field."""

    def step(model: type[Model], name: str) -> Any:
        return model._meta.get_field(name).related_model

    *way, last = layer_of(register).geometry.split("__")
    return reduce(step, way, register.model), last


def features(register: Register, reach: Reach, clock: Clock) -> QuerySet[Any]:
    """The rows within reach that have a place, annotated with ``feature_<field>`` for each of ``FIELDS``."""
    layer, text = layer_of(register), CharField()
    codes = {column.name: column.orm_path for column in register.columns}
    before, _zero, after = register.url(0).rpartition("0")
    rows = register.rows(reach, clock).filter(**{f"{layer.geometry}__isnull": False})
    return rows.annotate(
        feature_id=F("pk"),
        feature_label=F(layer.label),
        feature_code=F(codes["code"]) if "code" in codes else _nothing(text),
        feature_region=F(register.reach.region.removesuffix("_id") + "__name"),
        feature_state=F(layer.state) if layer.state else _nothing(text),
        feature_state_label=_told(register, {each.state: each.label for each in legend(register)}, None),
        feature_sign=_told(register, {each.state: each.sign for each in legend(register)}, PLAIN),
        feature_note=F(layer.note) if layer.note else _nothing(text),
        feature_url=Concat(Value(before), Cast("pk", text), Value(after), output_field=text),
    )


def meeting(register: Register, box: Sequence[float], reach: Reach) -> Q:
    """Whose place meets a box of west, south, east, north in degrees, within reach."""
    model, name = _holder(register)
    found = spatial.near(model, name, box, Reach.system() if register.reach.shared else reach)
    way = layer_of(register).geometry.rpartition("__")[0]
    return Q(**{f"{way or 'pk'}__in": found})


def _nothing(kind: Field[Any, Any]) -> Value:
    return Value(None, output_field=kind)


def _told(register: Register, words: dict[str, str], otherwise: str | None) -> Any:
    path, text = layer_of(register).state, CharField()
    if not words:
        return Value(otherwise, output_field=text)
    cases = [When(**{path: state}, then=Value(word)) for state, word in words.items()]
    return Case(*cases, default=Value(otherwise, output_field=text), output_field=text)
