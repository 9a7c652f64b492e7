"""Two hundred broken and malicious files, made from good ones by a seed."""

from __future__ import annotations

import csv
import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import xlsxwriter
import xlwt

from jingtu.sheets.spec import SheetSpec, parse_spec

SPEC: SheetSpec = parse_spec(
    "hostile",
    "name,label,kind,unit,required\n"
    "code,编码,code,,yes\nvalue,结果,reported,,yes\ndepth,深度,number,cm,no\non,日期,date,,yes\nlon,经度,lon,,no\n",
    "敌意",
)
ROWS = [[f"S{number}", "0.23", "20", "2021-09-03", "112.5"] for number in range(1, 41)]
HEADINGS = [column.heading() for column in SPEC.columns]
SEED = 20211123
Maker = Callable[[random.Random], tuple[str, bytes]]


def good_xlsx() -> bytes:
    """A good workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2021, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("表")
    for place, row in enumerate([HEADINGS, *ROWS]):
        for index, cell in enumerate(row):
            sheet.write_string(place, index, cell)
    book.close()
    return out.getvalue()


def good_xls() -> bytes:
    """A good workbook of the old kind."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for place, row in enumerate([HEADINGS, *ROWS]):
        for index, cell in enumerate(row):
            sheet.write(place, index, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def good_csv() -> bytes:
    """A good text file."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *ROWS])
    return out.getvalue().encode()


# --- bytes ------------------------------------------------------------------------------------------------------


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed."""
    spoilt = bytearray(content)
    for _each in range(chance.randint(1, 60)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def cut(content: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(1, len(content))]


def doubled(content: bytes, chance: random.Random) -> bytes:
    """A piece of it stands twice."""
    start = chance.randrange(len(content))
    return content[:start] + content[start : start + chance.randint(1, 5000)] + content[start:]


def zeroed(content: bytes, chance: random.Random) -> bytes:
    """A block of zeros, as a bad disk leaves it."""
    start, length = chance.randrange(len(content)), chance.randint(1, 2000)
    return content[:start] + bytes(length) + content[start + length :]


BYTES = (flipped, cut, doubled, zeroed)
GOOD = {"xlsx": good_xlsx, "xls": good_xls, "csv": good_csv}


def damaged(form: str, way: Callable[[bytes, random.Random], bytes]) -> Maker:
    """A good file with its bytes damaged."""

    def make(chance: random.Random) -> tuple[str, bytes]:
        return f"{way.__name__}.{form}", way(GOOD[form](), chance)

    return make


# --- the parts of a workbook ------------------------------------------------------------------------------------


def rezipped(name: str, change: Callable[[dict[str, bytes], random.Random], None]) -> Maker:
    """A workbook whose parts are changed before it is packed again."""

    def make(chance: random.Random) -> tuple[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(good_xlsx())) as archive:
            parts = {member: archive.read(member) for member in archive.namelist()}
        change(parts, chance)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in parts.items():
                archive.writestr(_undated(member), content)
        return f"{name}.xlsx", out.getvalue()

    return make


def _undated(member: str) -> zipfile.ZipInfo:
    """A part of an archive without the time of day, so that the same seed gives the same bytes."""
    info = zipfile.ZipInfo(member, (2021, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def entity(parts: dict[str, bytes], chance: random.Random) -> None:
    """An external entity that asks for a file of the server."""
    declared = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    parts[STRINGS] = parts[STRINGS].replace(b"?>", b"?>" + declared, 1).replace(b"<t>S1</t>", b"<t>&e;</t>")


def laughs(parts: dict[str, bytes], chance: random.Random) -> None:
    """Entities within entities."""
    levels = b"".join(
        b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level else b"ha") for level in range(12)
    )
    parts[STRINGS] = parts[STRINGS].replace(b"?>", b"?><!DOCTYPE x [" + levels + b"]>", 1)
    parts[STRINGS] = parts[STRINGS].replace(b"<t>S1</t>", b"<t>&l11;</t>")


def far_cell(parts: dict[str, bytes], chance: random.Random) -> None:
    """A cell in the last corner of a sheet: a reader that fills the area in between needs all memory."""
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", far)


def wild_place(parts: dict[str, bytes], chance: random.Random) -> None:
    """Cells at places that do not exist."""
    place = chance.choice([b"A0", b"ZZZZZ9", b"A99999999999", b"", b"1A", b"\xe5\x9b\x9b1"])
    parts[SHEET] = parts[SHEET].replace(b'r="B3"', b'r="' + place + b'"')


def wild_string(parts: dict[str, bytes], chance: random.Random) -> None:
    """Shared strings that are not there."""
    index = chance.choice([b"999999", b"-1", b"18446744073709551616", b"x", b""])
    parts[SHEET] = re.sub(rb"<v>\d+</v>", b"<v>" + index + b"</v>", parts[SHEET], count=chance.randint(1, 90))


def wild_size(parts: dict[str, bytes], chance: random.Random) -> None:
    """A sheet that claims another size."""
    claim = chance.choice([b"A1:XFD1048576", b"Z9:A1", b"", b"A1:A1", b"nonsense"])
    parts[SHEET] = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="' + claim + b'"/>', parts[SHEET])


def part_missing(parts: dict[str, bytes], chance: random.Random) -> None:
    """One part is not in the file."""
    del parts[chance.choice(list(parts))]


def part_garbage(parts: dict[str, bytes], chance: random.Random) -> None:
    """One part is noise."""
    parts[chance.choice(list(parts))] = chance.randbytes(chance.randint(0, 3000))


def markup_broken(parts: dict[str, bytes], chance: random.Random) -> None:
    """One part stops in the middle."""
    name = chance.choice([SHEET, STRINGS, BOOK])
    parts[name] = parts[name][: chance.randrange(len(parts[name]))]


def deep(parts: dict[str, bytes], chance: random.Random) -> None:
    """Markup nested a hundred thousand deep."""
    parts[SHEET] = parts[SHEET].replace(b"<sheetData>", b"<sheetData>" + b"<x>" * 100_000)


def many_merged(parts: dict[str, bytes], chance: random.Random) -> None:
    """Merged areas without end, each as large as the sheet."""
    areas = b"".join(b'<mergeCell ref="A%d:XFD1048576"/>' % number for number in range(1, 3000))
    merged = b'<mergeCells count="3000">' + areas + b"</mergeCells>"
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b"</sheetData>" + merged)


def macro(parts: dict[str, bytes], chance: random.Random) -> None:
    """A program inside."""
    parts["xl/vbaProject.bin"] = b"Attribute VB_Name"


def slip(parts: dict[str, bytes], chance: random.Random) -> None:
    """A part that would be unpacked elsewhere."""
    parts["../../../etc/cron.d/x"] = b"* * * * * root true"


def fetches(parts: dict[str, bytes], chance: random.Random) -> None:
    """A link to another server."""
    parts["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink><x href="http://169.254.169.254/latest"/></externalLink>'
    )


def formulas(parts: dict[str, bytes], chance: random.Random) -> None:
    """Cells that would run something in a spreadsheet."""
    text = chance.choice(["=cmd|' /C calc'!A0", '=WEBSERVICE("http://x")', "@SUM(1)", "+1+cmd|x", "-2+3"])
    parts[STRINGS] = parts[STRINGS].replace(b"<t>S1</t>", f"<t>{text.replace('<', '')}</t>".encode().replace(b"&", b""))


def long_cell(parts: dict[str, bytes], chance: random.Random) -> None:
    """A cell of two million letters."""
    parts[STRINGS] = parts[STRINGS].replace(b"<t>S1</t>", b"<t>" + b"A" * 2_000_000 + b"</t>")


PARTS = (
    entity, laughs, far_cell, wild_place, wild_string, wild_size, part_missing, part_garbage, markup_broken, deep,
    many_merged, macro, slip, fetches, formulas, long_cell,
)  # fmt: skip


def bomb(chance: random.Random) -> tuple[str, bytes]:
    """A few hundred kilobytes that unpack to hundreds of megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(_undated(BOOK), b"<workbook/>")
        archive.writestr(_undated(SHEET), bytes(300 * 1024 * 1024))
    return "bomb.xlsx", out.getvalue()


def lying_bomb(chance: random.Random) -> tuple[str, bytes]:
    """A bomb whose directory claims that it is small."""
    name, content = bomb(chance)
    size = struct.pack("<I", 300 * 1024 * 1024)
    return f"lying-{name}", content.replace(size, struct.pack("<I", 1000))


# --- text files -------------------------------------------------------------------------------------------------


def text(name: str, content: bytes) -> Maker:
    """A text file of this content."""
    return lambda chance: (f"{name}.csv", content)


def noise(chance: random.Random) -> tuple[str, bytes]:
    """Bytes without sense, under any name."""
    return f"noise.{chance.choice(['csv', 'xlsx', 'xls', 'pdf'])}", chance.randbytes(chance.randint(1, 50_000))


def texts() -> Iterator[Maker]:
    """Text files that a careless reader chokes on."""
    head = ",".join(HEADINGS).encode()
    yield text("nulls", good_csv().replace(b"S1", b"S\x001"))
    yield text("open-quote", good_csv() + b'"' + b"x" * 3_000_000)
    yield text("quotes", head + b"\n" + b'"' * 200_001)
    yield text("wide", head + b"," * 200_000 + b"\n" + b"1," * 200_000)
    yield text("one-line", b"A" * 8_000_000)
    yield text("commas", b"," * 3_000_000)
    yield text("newlines", b"\n" * 3_000_000)
    yield text("headings", (head + b"\n") * 60_000)
    yield text("utf16-half", b"\xff\xfe" + good_csv().decode().encode("utf-16-le")[:-1])
    yield text("surrogates", good_csv().replace(b"S1", b"\xed\xa0\x80"))
    yield text("direction", good_csv().replace(b"S1", "\u202eS1\u202c".encode()))
    yield text("digits", good_csv().replace(b"0.23", b"9" * 100_000))
    yield text("exponent", good_csv().replace(b"0.23", b"1e999999999"))
    yield text("nan", good_csv().replace(b"0.23", b"NaN"))
    yield text("infinity", good_csv().replace(b"112.5", b"-Infinity"))
    yield text("brackets", head.replace("编码".encode(), "编码".encode() + b"(" * 20_000) + b"\n1,1,1,1,1")
    yield text("spaces", good_csv().replace(b"S1", b" " * 500_000))
    yield text("dates", good_csv().replace(b"2021-09-03", b"99999999999999-1-1"))


def makers() -> list[Maker]:
    """All kinds in their order, each as often as it takes to come to two hundred."""
    fixed: list[Maker] = [*texts(), bomb, lying_bomb]
    changing = [rezipped(change.__name__, change) for change in PARTS]
    changing += [damaged(form, way) for form in GOOD for way in BYTES]
    changing += [noise]
    wanted = 200 - len(fixed)
    return fixed + [changing[number % len(changing)] for number in range(wanted)]


def files() -> Iterator[tuple[str, bytes]]:
    """The two hundred files, the same for the same seed."""
    for number, make in enumerate(makers()):
        name, content = make(random.Random(f"{SEED}:{number}"))  # noqa: S311
        yield f"{number:03d}-{name}", content
