"""A reader of the part of JSON Schema that the shipped schemas use; anything else in a schema is an error."""

from __future__ import annotations

import re
from typing import Any

KNOWN = {"$schema", "title", "description", "type", "enum", "const", "pattern", "items", "properties", "required"}
KNOWN |= {"$defs", "$ref", "additionalProperties"}
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
Schema = dict[str, Any]


def faults(value: Any, schema: Schema, path: str = "$", whole: Schema | None = None) -> list[str]:
    """Every place where a value departs from a schema."""
    whole = schema if whole is None else whole
    unknown = set(schema) - KNOWN
    if unknown:
        raise ValueError(f"{path}: the schema uses {unknown}, which is not checked")
    if "$ref" in schema:
        return faults(value, whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], path, whole)
    found = _own_faults(value, schema, path)
    if isinstance(value, dict):
        found += _part_faults(value, schema, path, whole)
    if isinstance(value, list) and "items" in schema:
        for place, part in enumerate(value):
            found += faults(part, schema["items"], f"{path}[{place}]", whole)
    return found


def _part_faults(value: dict[str, Any], schema: Schema, path: str, whole: Schema) -> list[str]:
    found = [f"{path}: {name} is missing" for name in schema.get("required", []) if name not in value]
    others = schema.get("additionalProperties", True)
    for name, part in value.items():
        if name in schema.get("properties", {}):
            found += faults(part, schema["properties"][name], f"{path}.{name}", whole)
        elif isinstance(others, dict):
            found += faults(part, others, f"{path}.{name}", whole)
        elif not others:
            found.append(f"{path}: {name} is not described")
    return found


def _own_faults(value: Any, schema: Schema, path: str) -> list[str]:
    types = schema.get("type", [])
    allowed = [types] if isinstance(types, str) else types
    found = []
    if allowed and not any(_is(value, name) for name in allowed):
        found.append(f"{path}: {value!r} is not {allowed}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{path}: {value!r} is not {schema['const']!r}")
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        found.append(f"{path}: {value!r} does not match {schema['pattern']}")
    return found


def _is(value: Any, name: str) -> bool:
    if name in ("integer", "number") and isinstance(value, bool):
        return False
    return isinstance(value, TYPES[name])
