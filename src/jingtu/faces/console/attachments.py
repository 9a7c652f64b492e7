"""What may be kept as evidence: judged by its bytes, not by its name. Attachments are never opened by the system."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.utils.translation import gettext as _

MAGICS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
ZIPPED = b"PK\x03\x04"
OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
MARKUP = (b"<html", b"<!doctype", b"<svg", b"<?xml", b"<script", b"<?php", b"#!")
TEXT_ENDINGS = (".txt", ".csv")
MOST_MEMBERS = 10_000
MOST_UNPACKED = 1024**3


def refusal(file: Any) -> str:
    """Why a file is not taken as an attachment, as a sentence; empty when it is."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    if data.startswith(ZIPPED):
        return _zip_refusal(data)
    if data.startswith(MAGICS):
        return _macros() if OLE_MACROS in data else ""
    if str(file.name).lower().endswith(TEXT_ENDINGS) and b"\x00" not in data and not _is_markup(data):
        return ""
    return _(
        "附件须是 PDF、图片（PNG、JPEG、TIFF）、Word、Excel、OFD、ZIP 或纯文本文件；所选文件不是，或内容与扩展名不符。"
    )


def _is_markup(data: bytes) -> bool:
    return data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP)


def _zip_refusal(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return _("附件已损坏，打不开。请重新导出或另存后再选。")
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        return _macros()
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        return _("附件展开后过大，不能留存。请只附所需的文件。")
    return ""


def _macros() -> str:
    return _("附件带有宏，不能留存。请另存为不带宏的格式，或转成 PDF 后再附。")
