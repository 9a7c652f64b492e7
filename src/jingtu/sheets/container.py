"""What a file really is, before a byte of it is parsed: format by content, size, password, macros, bombs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import Final

from jingtu.plain.issues import Issue
from jingtu.sheets.faults import Place, issue, refuse
from jingtu.sheets.reading import Options

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = (
    (b"%PDF", "PDF 文件"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"\x89PNG", "PNG 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"SQLite format 3", "数据库文件"),
    (b"{\\rtf", "RTF 文档"),
)
_PAGES: Final = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")
_EXTENSIONS: Final = {
    "xlsx": ("xlsx",),
    "xls": ("xls",),
    "csv": ("csv", "txt", "tsv"),
    "gpkg": ("gpkg",),
    "geojson": ("geojson", "json"),
    "shp": ("zip",),
    "gdb": ("zip",),
}
VECTORS: Final = ("gpkg", "geojson", "shp", "gdb")


@dataclass(slots=True)
class Container:
    """A file that may be read: its format (``xlsx``, ``xls``, ``csv``, ``gpkg`` …), its bytes and what was noted."""

    kind: str
    name: str
    data: bytes
    notes: list[Issue] = field(default_factory=list)


def open_container(data: bytes, filename: str, options: Options) -> Container:
    """Decide by content what a file is; raises :class:`FileRefused` when it may not or cannot be read.

    Vector files are read only where a sheet has a column of geometries (``options.geometry``).
    """
    place = Place(file=filename)
    if not data:
        raise refuse("file.empty", place)
    if len(data) > options.max_file_bytes:
        raise refuse("file.too_large", place, _size(len(data)), _size(options.max_file_bytes))
    container = Container((options.geometry and _vector_kind(data)) or _kind(data, place), filename, data)
    if container.kind in ("xlsx", "shp", "gdb"):
        _inspect_zip(container, place, options)
    extension = filename.rpartition(".")[2].lower()
    if "." in filename and extension not in _EXTENSIONS[container.kind]:
        container.notes.append(issue("note.extension", place, extension, container.kind.upper()))
    return container


def _vector_kind(data: bytes) -> str:
    """The vector format of a file; blank when it is a table or nothing known."""
    if data.startswith(b"SQLite format 3"):
        return "gpkg"
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "geojson"
    if not data.startswith(b"PK"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except zipfile.BadZipFile:
        return ""
    if any(".gdb/" in name for name in names):
        return "gdb"
    return "shp" if any(name.endswith((".shp", ".dbf", ".shx")) for name in names) else ""


def _kind(data: bytes, place: Place) -> str:
    for magic, words in _OTHERS:
        if data.startswith(magic):
            raise refuse("file.format.unknown", place, words)
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith(_OLE):
        return _ole_kind(data, place)
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_PAGES):
        raise refuse("file.format.html", place)
    if start.startswith(b"<?xml"):
        raise refuse("file.format.unknown", place, " XML 文件")
    return "csv"


def _ole_kind(data: bytes, place: Place) -> str:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise refuse("file.encrypted", place)
    if holds("_VBA_PROJECT"):
        raise refuse("file.macro", place)
    if not holds("Workbook") and not holds("Book"):
        raise refuse("file.format.unknown", place, "旧版 Word 等文档")
    return "xls"


def _inspect_zip(container: Container, place: Place, options: Options) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(container.data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise refuse("file.format.damaged", place) from error
    unpacked = sum(member.file_size for member in members)
    allowed = min(options.max_unpacked_bytes, options.max_unpack_ratio * len(container.data))
    if unpacked > max(allowed, 1 << 20):
        raise refuse("file.zip_bomb", place, _size(unpacked))
    names = {member.filename for member in members}
    if "xl/vbaProject.bin" in names:
        raise refuse("file.macro", place)
    if container.kind == "xlsx" and "xl/workbook.xml" not in names:
        raise refuse("file.format.unknown", place, "别的压缩文件或文档")
    if any(name.startswith("xl/externalLinks/") for name in names):
        container.notes.append(issue("note.link.external", place))


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1 << 20 else f"{count} 字节"
