"""Files that come in are limited and looked at before they are read; files that go out run nothing."""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jingtu.faces.console import attachments, tablefiles
from jingtu.plain.text import guard_formula, unguard_formula
from jingtu.registers import documents
from jingtu.registers.models import Document
from jingtu.sheets import load_spec, read_sheet
from tests.security.conftest import Office, sign_in
from tests.sheets.files import HEAD, ROW, with_member, xlsx

SPEC = load_spec(Path(__file__).parents[1] / "sheets" / "demo.csv")
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><x>&a11;</x>"
)
SECRET = "/etc/passwd"
OUTSIDE = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{SECRET}">]><x>&e;</x>'.encode()


def written() -> bytes:
    """A good workbook whose texts stand in a table of their own."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate([HEAD, ROW]):
        sheet.write_row(number, 0, row)
    book.close()
    assert read_sheet(SPEC, out.getvalue(), "交表.xlsx").is_clean()
    return out.getvalue()


def replaced(data: bytes, member: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize("content", [LAUGHS, OUTSIDE], ids=["laughs", "outside"])
def test_entities_are_neither_fetched_nor_blown_up(member: str, content: bytes) -> None:
    """The readers resolve no entity, so nothing of ours could be taken out; these files try to make them."""
    good = written()
    begun = time.monotonic()
    reading = read_sheet(SPEC, replaced(good, member, content), "交表.xlsx")
    assert time.monotonic() - begun < 5
    told = repr(reading.raw) + repr(reading.issues)
    assert "root:" not in told
    assert "hahaha" not in told
    assert reading.issues


@pytest.mark.parametrize(
    ("member", "content", "code"),
    [("xl/media/x.bin", b"\0" * 8_000_000, "file.zip_bomb"), ("xl/vbaProject.bin", b"\0" * 64, "file.macro")],
)
def test_bombs_and_macros_are_refused_before_reading(member: str, content: bytes, code: str) -> None:
    """Seen to fail with ``_inspect_zip`` taken out."""
    reading = read_sheet(SPEC, with_member(xlsx([HEAD, ROW]), member, content), "交表.xlsx")
    assert [issue.code for issue in reading.issues] == [code]
    assert len(reading) == 0


def test_too_large_a_request_is_refused_unread(client: Client, office: Office, settings: pytest.FixtureRequest) -> None:
    """Seen to fail with ``BodyLimit`` taken out of the settings."""
    sign_in(client, "clerk")
    reply = client.post("/dossiers/new/", CONTENT_LENGTH=str(settings.MOST_REQUEST_BYTES + 1))  # type: ignore[attr-defined]
    assert reply.status_code == 413
    assert "上限" in reply.text
    assert client.post("/sign-in/", CONTENT_LENGTH="-1").status_code == 413


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("函.pdf", b"%PDF-1.7 ...", True),
        ("照片.png", b"\x89PNG\r\n\x1a\n....", True),
        ("说明.txt", "情况说明".encode(), True),
        ("表.xlsx", xlsx([HEAD, ROW]), True),
        ("网页.html", b"<html><script>alert(1)</script>", False),
        ("函.pdf", b"<html><script>alert(1)</script>", False),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", False),
        ("说明.txt", b"\xef\xbb\xbf <svg onload='alert(1)'/>", False),
        ("程序.exe", b"MZ\x90\x00", False),
        ("脚本.sh", b"#!/bin/sh\n", False),
        ("表.xlsm", with_member(xlsx([HEAD, ROW]), "xl/vbaProject.bin", b"\0"), False),
        ("旧表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), False),
        ("坏.zip", b"PK\x03\x04....", False),
    ],
)
def test_attachments_are_documents_by_their_bytes(name: str, content: bytes, taken: bool) -> None:
    """Seen to fail with ``clean_document`` taken out, and with the ending believed."""
    from datetime import date

    from jingtu.faces.console.forms import MoveForm

    file = SimpleUploadedFile(name, content)
    form = MoveForm(date(2021, 9, 1), False, {"on": "2021-09-01"}, {"document": file})
    assert form.is_valid() is taken, form.errors
    assert attachments.refusal(file) == "" if taken else attachments.refusal(file).endswith("。")


def test_a_name_leads_nowhere_on_the_disk(office: Office) -> None:
    """Seen to fail with the file kept under its own name."""
    kept = documents.keep(b"%PDF-1.7 x", "../../etc/cron.d/x.pdf")
    assert kept.name == "x.pdf"
    assert re.fullmatch(r"[0-9a-f]{64}", documents.path_of(kept.sha256).name)
    assert Path(documents.path_of(kept.sha256)).is_relative_to(documents.settings.FILES_DIR)


def test_kept_files_that_could_run_are_only_handed_out_as_downloads(client: Client, office: Office) -> None:
    """Seen to fail with every type shown in the browser."""
    page = documents.keep(b"<html><script>alert(1)</script>", "x.html")
    documents.attach(page, "monitoring.point", "1", "140100", "测试")
    sign_in(client, "clerk")
    reply = client.get(f"/documents/{page.sha256}/")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    assert Document.objects.get(pk=page.pk).media_type == "text/html"


CELLS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=x",
    "-0.5",
    "+8613800000000",
    "平常",
    "'",
    "''a",
]


@pytest.mark.parametrize("cell", CELLS)
def test_exported_texts_are_no_formulas_and_come_back_whole(cell: str) -> None:
    """Seen to fail with ``guard_formula`` returning its text."""
    reply = tablefiles.answer([["栏"], [cell]], "x", "csv")
    text = b"".join(reply.streaming_content).decode("utf-8-sig")
    import csv

    written = list(csv.reader(io.StringIO(text, newline="")))[1][0]
    assert written[0] not in "=@\t\r" and (written[0] not in "+-" or re.fullmatch(r"[+-]?[\d.]+", written))
    assert unguard_formula(written) == cell
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(tablefiles.answer([["栏"], [cell]], "x", "xlsx").streaming_content))
    )
    found = book.active["A2"]
    assert found.data_type == "s"


@given(st.text(max_size=30) | st.text(alphabet="'=+-@\t\r0.a", max_size=6))
def test_the_guard_takes_nothing_away(text: str) -> None:
    """Seen to fail with a guard that adds nothing before an apostrophe."""
    guarded = guard_formula(text)
    assert unguard_formula(guarded) == text
    assert not guarded.startswith(("=", "@", "\t", "\r"))


def test_errors_tell_nothing_of_the_inside(client: Client, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail with the exception's own words on the page."""
    from jingtu.faces.console.views import mine

    def fall(*_given: object) -> None:
        raise RuntimeError("SELECT secret FROM land_account")

    monkeypatch.setattr(mine, "my_work", fall)
    client.raise_request_exception = False
    sign_in(client, "clerk")
    reply = client.get("/")
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "Traceback" not in reply.text
