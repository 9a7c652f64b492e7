"""Text tables: encoding, delimiter, quoting."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from jingtu.plain.issues import Issue
from jingtu.sheets.container import Container
from jingtu.sheets.extent import narrow
from jingtu.sheets.faults import Place, issue, refuse
from jingtu.sheets.workbook import Cell

_DELIMITERS: Final = {",": "逗号", ";": "分号", "\t": "制表符"}
_SNIFFED_LINES: Final = 20
_SNIFFED_BYTES: Final = 1 << 16
_PIECE: Final = 1 << 20


def read_delimited(container: Container) -> tuple[list[list[Cell]], list[Issue]]:
    """All rows of a text table as text, with notes on how it was written."""
    rows, notes = stream_delimited(container)
    return list(rows), notes


def stream_delimited(container: Container) -> tuple[Iterator[list[Cell]], list[Issue]]:
    """The rows of a text table one by one, never the whole text in memory, with notes on how it was written."""
    place = Place(file=container.name)
    encoding, notes = encoding_of(container.data, place)
    start = container.data[:_SNIFFED_BYTES].decode(encoding, "ignore")
    delimiter = sniff_delimiter(start)
    if delimiter != "," and not container.name.lower().endswith(".tsv"):
        notes.append(issue("note.delimiter", place, _DELIMITERS[delimiter]))
    return _rows(container.data, encoding, delimiter, place), notes


def _rows(data: bytes, encoding: str, delimiter: str, place: Place) -> Iterator[list[Cell]]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    try:
        for row in csv.reader(text, delimiter=delimiter, strict=True):
            yield narrow([*row], place)
    except csv.Error as error:
        raise refuse("file.csv.quote", place, str(_last_sound_row(data.decode(encoding)) + 1)) from error


def encoding_of(data: bytes, place: Place) -> tuple[str, list[Issue]]:
    """Encoding of a text file: UTF-8, UTF-16 with mark, or GB18030; the whole file is tried."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _proven(data, "utf-16", place), [issue("note.encoding.utf16", place)]
    if b"\0" in data:
        raise refuse("file.encoding", place)
    if data.startswith(codecs.BOM_UTF8):
        return _proven(data, "utf-8-sig", place), [issue("note.encoding.bom", place)]
    if _decodes(data, "utf-8"):
        return "utf-8", []
    return _proven(data, "gb18030", place), [issue("note.encoding.gb18030", place)]


def _proven(data: bytes, encoding: str, place: Place) -> str:
    if not _decodes(data, encoding):
        raise refuse("file.encoding", place)
    return encoding


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether every byte decodes, tried in pieces so that the text is never whole in memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    try:
        for start in range(0, len(view), _PIECE):
            if "\0" in decoder.decode(bytes(view[start : start + _PIECE]), start + _PIECE >= len(view)):
                return False
    except UnicodeDecodeError:
        return False
    return True


def sniff_delimiter(text: str) -> str:
    """The delimiter most first lines agree on; a comma when nothing speaks for another.

    >>> sniff_delimiter("a;b;c\\n1;2;3")
    ';'
    """
    lines = [line for line in text.splitlines() if line.strip()][:_SNIFFED_LINES]
    counts = {
        mark: sum(mark in line for line in lines) * 1000 + sum(line.count(mark) for line in lines)
        for mark in _DELIMITERS
    }
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _last_sound_row(text: str) -> int:
    """Number of the last row before the quote that never closes."""
    count, opened = 0, 0
    for line in text.splitlines():
        count += 1
        opened += line.count('"')
        if opened % 2:
            return count - 1
    return count
