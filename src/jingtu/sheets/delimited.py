"""Text tables: encoding, delimiter, quoting."""

from __future__ import annotations

import codecs
import csv
import io
from typing import Final

from jingtu.plain.issues import Issue
from jingtu.sheets.container import Container
from jingtu.sheets.faults import Place, issue, refuse
from jingtu.sheets.workbook import Cell

_DELIMITERS: Final = {",": "逗号", ";": "分号", "\t": "制表符"}
_SNIFFED_LINES: Final = 20


def read_delimited(container: Container) -> tuple[list[list[Cell]], list[Issue]]:
    """All rows of a text table as text, with notes on how it was written."""
    place = Place(file=container.name)
    text, notes = decode(container.data, place)
    delimiter = sniff_delimiter(text)
    if delimiter != "," and not container.name.lower().endswith(".tsv"):
        notes.append(issue("note.delimiter", place, _DELIMITERS[delimiter]))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[*row] for row in reader], notes
    except csv.Error as error:
        raise refuse("file.csv.quote", place, str(_last_sound_row(text, delimiter) + 1)) from error


def decode(data: bytes, place: Place) -> tuple[str, list[Issue]]:
    """Text of a file in UTF-8, UTF-16 with mark, or GB18030."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16", place), [issue("note.encoding.utf16", place)]
    if data.startswith(codecs.BOM_UTF8):
        return _decode(data, "utf-8-sig", place), [issue("note.encoding.bom", place)]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, "gb18030", place), [issue("note.encoding.gb18030", place)]
    return _without_nul(text, place), []


def _decode(data: bytes, encoding: str, place: Place) -> str:
    try:
        return _without_nul(data.decode(encoding), place)
    except UnicodeDecodeError as error:
        raise refuse("file.encoding", place) from error


def _without_nul(text: str, place: Place) -> str:
    if "\0" in text:
        raise refuse("file.encoding", place)
    return text


def sniff_delimiter(text: str) -> str:
    """The delimiter most first lines agree on; a comma when nothing speaks for another.

    >>> sniff_delimiter("a;b;c\\n1;2;3")
    ';'
    """
    lines = [line for line in text[:65536].splitlines() if line.strip()][:_SNIFFED_LINES]
    counts = {
        mark: sum(mark in line for line in lines) * 1000 + sum(line.count(mark) for line in lines)
        for mark in _DELIMITERS
    }
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _last_sound_row(text: str, delimiter: str) -> int:
    count = 0
    opened = 0
    for line in text.splitlines():
        count += 1
        opened += line.count('"')
        if opened % 2:
            return count - 1
    return count
