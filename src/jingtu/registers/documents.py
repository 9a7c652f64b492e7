"""Files kept under the hash of their bytes: the same bytes are one document."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.utils.translation import gettext as _

from jingtu.registers import clock
from jingtu.registers.models import Document, DocumentLink


def keep(content: bytes, name: str) -> Document:
    """Keep a file's bytes; keeping the same bytes again returns the document already there."""
    digest = hashlib.sha256(content).hexdigest()
    _write(path_of(digest), content)
    document, _created = Document.objects.get_or_create(
        sha256=digest,
        defaults={
            "name": Path(name).name[:200],
            "media_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "size_bytes": len(content),
            "recorded_at": clock.now(),
        },
    )
    return document


def path_of(digest: str) -> Path:
    """Where the bytes with this hash lie."""
    return Path(settings.FILES_DIR) / digest[:2] / digest


def _write(path: Path, content: bytes) -> None:
    """Write beside the place and move there when all of it is on the disk; nothing half written stays behind."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = None
    try:
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            draft = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        if draft:
            draft.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """See that the folder itself remembers the new name after a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def content(document: Document) -> bytes:
    """The bytes of a document, checked against its hash."""
    data = path_of(document.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise ValueError(_("文件 %(name)s 的内容与登记的摘要不符，可能已损坏。") % {"name": document.name})
    return data


def attach(document: Document, register: str, subject_id: str, region_code: str, title: str) -> DocumentLink:
    """Make a document evidence of a record."""
    link, _created = DocumentLink.objects.get_or_create(
        document=document,
        register=register,
        subject_id=subject_id,
        title=title,
        defaults={"region_code": region_code, "recorded_at": clock.now()},
    )
    return link


def of(register: str, subject_id: str) -> list[DocumentLink]:
    """The documents of a record, oldest first."""
    return list(
        DocumentLink.objects.filter(register=register, subject_id=subject_id).select_related("document").order_by("id")
    )


def titled(titles: Sequence[str]) -> list[Document]:
    """The documents kept under one of these titles, each once, in the order in which they were kept."""
    return list(Document.objects.filter(links__title__in=titles).distinct().order_by("recorded_at", "name"))
