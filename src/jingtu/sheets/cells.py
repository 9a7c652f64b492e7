"""Typing one column: each distinct text is read once, then laid back over the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

import numpy as np

from jingtu.plain.days import SHANGHAI, parse_day
from jingtu.plain.numbers import parse_decimal
from jingtu.plain.text import fold
from jingtu.sheets.reading import Typed
from jingtu.sheets.regions import AmbiguousRegion, region_code
from jingtu.sheets.spec import Column, Kind

_ISO: Final = re.compile(r"\d{4}([-/])\d{1,2}\1\d{1,2}", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_WIDE: Final = re.compile("[０-９．－＋，Ａ-Ｚａ-ｚ]")
_BROKEN: Final = re.compile("\ufffd|锟斤拷|烫烫烫|(?:[ÃÂåæçèéä][\x80-\xbf]){2}")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{2}", re.IGNORECASE | re.ASCII)
_CLOCK: Final = re.compile(r".*?[ T日]\s*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})?秒?)?")
_DMS: Final = re.compile(
    r"[NSEW]?\s*(\d{1,3})[°度](?:\s*(\d{1,2}(?:\.\d+)?)['′分](?:\s*(\d{1,2}(?:\.\d+)?)[\"″秒]?)?)?\s*[NE]?"
)
_DIGITS: Final = re.compile(r"[0-9.\n]+", re.ASCII)
_REACH: Final = {Kind.LON: (73.0, 136.0), Kind.LAT: (3.0, 54.0)}


@dataclass(frozen=True, slots=True)
class Read:
    """What one text became: a value, or the code of a fault, or a value and the code of a note."""

    value: Typed = None
    fault: str = ""
    note: str = ""
    expected: str = ""


@dataclass(slots=True)
class TypedColumn:
    """A column after typing: values, and for each fault or note the places it stands at."""

    values: list[Typed]
    faults: dict[int, Read] = field(default_factory=dict)
    notes: dict[str, list[int]] = field(default_factory=dict)


def type_column(column: Column, texts: Sequence[str]) -> TypedColumn:
    """Type a column of text by its specification."""
    plain = _plain_column(column, texts)
    if plain is not None:
        return TypedColumn(plain)
    read = _READERS.get(column.kind, _text)
    distinct = {text: _whole(column, text, read) for text in dict.fromkeys(texts)}
    typed = TypedColumn([distinct[text].value for text in texts])
    special = {text: item for text, item in distinct.items() if item.fault or item.note}
    if special:
        for place, text in enumerate(texts):
            item = special.get(text)
            if item is None:
                continue
            if item.fault:
                typed.faults[place] = item
            else:
                typed.notes.setdefault(item.note, []).append(place)
    return typed


def _plain_column(column: Column, texts: Sequence[str]) -> list[Typed] | None:
    """The whole column at once when no cell needs a second look; ``None`` when one may."""
    joined = "\n".join(texts)
    if not joined.isascii() or joined.count("\n") != len(texts) - 1 or "" in texts:
        return None
    if column.kind in (Kind.TEXT, Kind.CODE):
        odd = " \t\r" if column.kind is Kind.TEXT else " \t\r\fEe"
        return None if any(sign in joined for sign in odd) else list(texts)
    if column.kind not in _REACH or not _DIGITS.fullmatch(joined):
        return None
    try:
        values = np.array(texts, dtype=np.float64)
    except ValueError:
        return None
    low, high = _REACH[column.kind]
    return values.tolist() if bool(((values >= low) & (values <= high)).all()) else None


def _whole(column: Column, text: str, read: Callable[[Column, str], Read]) -> Read:
    folded = fold(text)
    if not folded:
        blank = "" if column.kind in (Kind.TEXT, Kind.CODE, Kind.CHOICE, Kind.REGION) else None
        return Read(blank, fault="cell.required" if column.required else "")
    if _BROKEN.search(text):
        return Read("" if column.kind is Kind.TEXT else None, fault="cell.text.mojibake")
    item = read(column, text.strip() if column.kind is Kind.TEXT else folded)
    if not item.fault and not item.note and column.kind is not Kind.TEXT and _WIDE.search(text):
        return Read(item.value, note="note.width.full")
    return item


def _text(_: Column, text: str) -> Read:
    return Read(text)


def _code(_: Column, text: str) -> Read:
    if _SCIENTIFIC.fullmatch(text):
        return Read("", fault="cell.code.truncated")
    return Read(text)


def _number(_: Column, text: str) -> Read:
    try:
        return Read(parse_decimal(text))
    except ValueError:
        return Read(fault="cell.number.unreadable")


def _integer(_: Column, text: str) -> Read:
    try:
        value = parse_decimal(text)
    except ValueError:
        return Read(fault="cell.integer.unreadable")
    return Read(int(value)) if value == value.to_integral_value() else Read(fault="cell.integer.unreadable")


def _date(_: Column, text: str) -> Read:
    serial = bool(_SERIAL.fullmatch(text))
    try:
        day = parse_day(text)
    except ValueError:
        return Read(fault="cell.date.unreadable")
    if serial:
        return Read(day, note="note.date.serial")
    return Read(day, note="" if _ISO.match(text) else "note.date.spelling")


def _datetime(_: Column, text: str) -> Read:
    serial = bool(_SERIAL.fullmatch(text))
    clock = _CLOCK.fullmatch(text)
    hour, minute, second = (int(clock[part] or 0) for part in (1, 2, 3)) if clock else (0, 0, 0)
    try:
        day = parse_day(text)
        if serial:
            seconds = round(float("0." + (text.partition(".")[2] or "0")) * 86400)
            hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
        at = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return Read(fault="cell.date.unreadable")
    note = "note.date.serial" if serial else "" if _ISO.match(text) else "note.date.spelling"
    return Read(at, note=note)


def _choice(column: Column, text: str) -> Read:
    code = column.code_of(text)
    if code is None:
        return Read(
            "",
            fault="cell.choice.unknown",
            expected="、".join(label for _, label in column.codes),
        )
    return Read(code)


def _region(_: Column, text: str) -> Read:
    try:
        code = region_code(text)
    except AmbiguousRegion as error:
        return Read("", fault="cell.region.ambiguous", expected="、".join(error.candidates))
    except KeyError:
        return Read("", fault="cell.region.unknown")
    return Read(code, note="" if code == text else "note.region.name")


def _angle(column: Column, text: str) -> Read:
    dms = _DMS.fullmatch(text)
    try:
        value = _degrees(dms) if dms else parse_decimal(text)
    except ValueError:
        return Read(fault="cell.angle.unreadable")
    low, high = _REACH[column.kind]
    if not low <= value <= high:
        return Read(fault=f"cell.{column.kind}.outside")
    return Read(float(value), note="note.angle.dms" if dms else "")


def _degrees(found: re.Match[str]) -> Decimal:
    degrees, minutes, seconds = (Decimal(found[part] or "0") for part in (1, 2, 3))
    if minutes >= 60 or seconds >= 60:
        raise ValueError("minutes and seconds stay below sixty")
    return degrees + (minutes + seconds / 60) / 60


def _shape(column: Column, text: str) -> Read:
    from jingtu.sheets.shapes import read_shape  # only sheets with geometries need its library

    shape, fault, said = read_shape(column.kind, text)
    return Read(shape, fault=fault, expected=said)


_READERS: Final[dict[Kind, Callable[[Column, str], Read]]] = {
    Kind.CODE: _code,
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.CHOICE: _choice,
    Kind.REGION: _region,
    Kind.LON: _angle,
    Kind.LAT: _angle,
    Kind.POLYGON: _shape,
    Kind.POINT: _shape,
}
