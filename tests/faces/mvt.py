"""Reading vector tiles back: the little of the protocol buffers' wire format that they use."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

VALUES = {1: "text", 2: "float", 3: "double", 4: "int", 5: "uint", 6: "sint", 7: "bool"}


def layers(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The features of each layer with their properties; ``#`` holds the feature's id, ``type`` its kind of geometry."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, part in _fields(content):
        if number == 3:
            name, features = _layer(part)
            found.setdefault(name, []).extend(features)
    return found


def _layer(content: bytes) -> tuple[str, list[dict[str, Any]]]:
    name, keys, values, features = "", [], [], []
    for number, part in _fields(content):
        if number == 1:
            name = part.decode()
        elif number == 2:
            features.append(part)
        elif number == 3:
            keys.append(part.decode())
        elif number == 4:
            values.append(_value(part))
    return name, [_feature(part, keys, values) for part in features]


def _feature(content: bytes, keys: list[str], values: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, part in _fields(content):
        if number == 1:
            found["#"] = part
        elif number == 2:
            tags = list(_varints(part))
            found |= {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
        elif number == 3:
            found["type"] = {1: "point", 2: "line", 3: "polygon"}[part]
    return found


def _value(content: bytes) -> Any:
    number, part = next(_fields(content))
    if number == 1:
        return part.decode()
    if number in (2, 3):
        return struct.unpack("<f" if number == 2 else "<d", part)[0]
    if number == 6:
        return (part >> 1) ^ -(part & 1)
    return part


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(content, place)
            yield key >> 3, value
            continue
        size, place = _varint(content, place) if kind == 2 else ({1: 8, 5: 4}[kind], place)
        yield key >> 3, content[place : place + size]
        place += size


def _varints(content: bytes) -> Iterator[int]:
    place = 0
    while place < len(content):
        value, place = _varint(content, place)
        yield value


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value, place
