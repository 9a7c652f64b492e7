"""Sheets for the records: a PDF with page numbers, the ledger's word and the demonstration's label on each page."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest

from jingtu.registers.declare import get_register
from jingtu.registers.models import LedgerEntry
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of

pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils reads the PDF back")


def pages(response: Any) -> list[str]:
    """The text of each page of an answered PDF."""
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=response.content, capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


def squeezed(text: str) -> str:
    """The text without spaces, which setting moves about."""
    return re.sub(r"\s+", "", text)


def test_the_board_is_a_numbered_sheet_with_the_same_figures() -> None:
    client = client_of(PROVINCE)
    found = pages(client.get("/board/?format=pdf"))
    for number, page in enumerate(found, 1):
        assert f"第{number}页共{len(found)}页" in squeezed(page)
        assert "演示数据" in page
        assert "台账各链末条的合并摘要" in page
    shown = re.findall(r'class="figure">([\d,]+/[\d,]+)<', client.get("/board/").content.decode())
    assert shown
    whole = squeezed("".join(found))
    assert all(figure in whole for figure in shown)


def test_a_record_carries_its_newest_entry() -> None:
    register = get_register("registers.package")
    record = kit.rows(register).filter(state="reconciled").order_by("pk")[0]
    entry = LedgerEntry.objects.filter(register=register.name, subject_id=str(record.pk)).order_by("-id")[0]
    found = pages(client_of(PROVINCE).get(f"{register.url(record.pk)}?format=pdf"))
    assert squeezed(record.number) in squeezed(found[0])
    assert all(entry.hash[:16] in squeezed(page) for page in found)


def test_a_laboratory_is_not_told_of_the_ledger() -> None:
    register = get_register("evidence.handover")
    client = client_of("jiance-er")
    address = re.search(r'<th scope="row"><a href="([^"]+)"', client.get(register.url()).content.decode())
    assert address
    found = pages(client.get(f"{address[1]}?format=pdf"))
    assert found
    assert "台账" not in "".join(found)
