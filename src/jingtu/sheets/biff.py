"""Error cells of an old ``.xls`` workbook, which the reader would hand on as blanks.

Source: [MS-CFB] (compound file) and [MS-XLS] (records BOUNDSHEET8, BOOLERR, FORMULA); BIFF8 only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

_END: Final = 0xFFFFFFF0
_ERRORS: Final = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}
_BOUNDSHEET, _BOOLERR, _FORMULA, _EOF = 0x85, 0x205, 0x06, 0x0A

_STREAM, _ROOT = 2, 5
_STREAMS: Final = (_STREAM, _ROOT)
_SHIFTS: Final = (9, 12)  # sectors of 512 or 4096 bytes
_MINI_SHIFT: Final = 6

Dead = dict[tuple[int, int], tuple[str, str]]


class Damaged(Exception):
    """The compound file cannot be followed."""


def error_cells(data: bytes) -> dict[str, Dead]:
    """Per worksheet, the cells (row, column) whose stored value is an error."""
    try:
        stream = _workbook_stream(data)
        return {name: dict(_errors(stream, start)) for name, start in _sheets(stream)}
    except (struct.error, IndexError) as error:
        raise Damaged(str(error)) from error


def check_chains(data: bytes) -> None:
    """Refuse a compound file whose chains of sectors run in circles: a reader follows them until memory ends."""
    try:
        size, _mini_size = _sector_sizes(data)
        first_directory, _, mini_cutoff, first_mini = struct.unpack_from("<IIII", data, 48)
        fat = _fat(data, size)
        directory = b"".join(_chain(data, fat, first_directory, size, size))
        table = b"".join(_chain(data, fat, first_mini, size, size))
        mini_fat = list(struct.unpack(f"<{len(table) // 4}I", table))
        for place in range(0, len(directory) - 127, 128):
            kind = directory[place + 66]
            first, length = struct.unpack_from("<II", directory, place + 116)
            large = length >= mini_cutoff or kind == _ROOT
            for _sector in _chain(data, fat if large else mini_fat, first, size, size) if kind in _STREAMS else ():
                pass
    except (struct.error, IndexError) as error:
        raise Damaged(str(error)) from error


def _sector_sizes(data: bytes) -> tuple[int, int]:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in _SHIFTS or mini_shift != _MINI_SHIFT:
        raise Damaged("sectors of no known size")
    return 1 << shift, 1 << mini_shift


def _workbook_stream(data: bytes) -> bytes:
    """The ``Workbook`` stream of the compound file."""
    size, mini_size = _sector_sizes(data)
    first_directory, _, mini_cutoff, first_mini = struct.unpack_from("<IIII", data, 48)
    fat = _fat(data, size)
    directory = b"".join(_chain(data, fat, first_directory, size, size))
    root = _entry(directory, ("Root Entry",))
    name_start, length = _entry(directory, ("Workbook", "Book"))
    if length >= mini_cutoff:
        return b"".join(_chain(data, fat, name_start, size, size))[:length]
    mini = b"".join(_chain(data, fat, root[0], size, size))
    table = b"".join(_chain(data, fat, first_mini, size, size))
    mini_fat = list(struct.unpack(f"<{len(table) // 4}I", table))
    return b"".join(_chain(mini, mini_fat, name_start, mini_size, 0))[:length]


def _fat(data: bytes, size: int) -> list[int]:
    sectors = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        block = struct.unpack_from(f"<{size // 4}I", data, size + following * size)
        sectors += block[:-1]
        following = block[-1]
    found: list[int] = []
    for sector in sectors:
        if sector < _END:
            found += struct.unpack_from(f"<{size // 4}I", data, size + sector * size)
    return found


def _chain(data: bytes, fat: list[int], start: int, size: int, offset: int) -> Iterator[bytes]:
    sector, steps = start, 0
    while sector < _END:
        if steps > len(fat):
            raise Damaged("a chain of sectors runs in a circle")
        yield data[offset + sector * size : offset + (sector + 1) * size]
        sector, steps = fat[sector], steps + 1


def _entry(directory: bytes, names: tuple[str, ...]) -> tuple[int, int]:
    for start in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, start + 64)[0]
        name = directory[start : start + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name in names:
            first, count = struct.unpack_from("<II", directory, start + 116)
            return first, count
    raise Damaged("no workbook stream")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    place = start
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, place + 4, length
        if kind == _EOF:
            return
        place += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, place, _ in _records(stream, 0):
        if kind == _BOUNDSHEET:
            start, _state, count, flags = struct.unpack_from("<IHBB", stream, place)
            raw = stream[place + 8 : place + 8 + (count * 2 if flags & 1 else count)]
            yield raw.decode("utf-16-le" if flags & 1 else "latin-1"), start


def _errors(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    for kind, place, _ in _records(stream, start):
        if kind == _BOOLERR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", stream, place)
            if is_error:
                yield (
                    (row, column),
                    ("cell.formula.error", _ERRORS.get(value, "#ERROR")),
                )
        elif kind == _FORMULA:
            row, column, _, tag, _, value, _, _, _, mark = struct.unpack_from("<HHHBBBBBBH", stream, place)
            if mark == 0xFFFF and tag == 2:
                yield (
                    (row, column),
                    ("cell.formula.error", _ERRORS.get(value, "#ERROR")),
                )
