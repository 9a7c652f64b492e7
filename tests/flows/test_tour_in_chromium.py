"""The tour as people walk it, in Chromium: a laboratory's workbook goes in, the cells of task 2 turn green.

Every deed is done by keyboard alone: handing in, accepting, reviewing, building and sending packages, receipts.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from jingtu.demonstration import faults, tour
from tests.browser import Served, command
from tests.flows.visitor import Visitor

pytestmark = pytest.mark.e2e
DATONG = "140200"
RECEIPT = ("回执编号", "回执日期", "点位编码")
CAMPAIGNS = ("2021年国家网监测任务（演示）", "2021年省级网监测任务（演示）")


def test_the_whole_tour(visitor: Visitor, served: Served) -> None:
    visitor.signs_in("sheng-jingban")
    expect(visitor.cell(DATONG)).to_have_class(re.compile("cell-overdue"))
    faulty, corrected = the_laboratory_finds_its_files(visitor)
    the_laboratory_sees_what_is_wrong(visitor, faulty)
    the_laboratory_hands_in_the_corrected_file(visitor, corrected)
    the_city_accepts_and_another_reviews(visitor)
    for campaign in CAMPAIGNS:
        the_province_uploads(visitor, campaign)
    the_board_is_green_and_leads_to_its_evidence(visitor)
    checked = command(served.home, "ledger", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def the_laboratory_finds_its_files(visitor: Visitor) -> tuple[Path, Path]:
    page = visitor.page
    visitor.signs_in("jiance-er")
    visitor.opens("/r/evidence.handover/")
    newest = page.locator("#rows tbody tr", has_text="大同").first
    newest.locator("th a").click()
    expect(page.locator(".big-state")).to_contain_text("实验室已接样")
    return tuple(visitor.takes(page.get_by_role("link", name=name)) for name in (tour.FAULTY, tour.CORRECTED))


def the_laboratory_sees_what_is_wrong(visitor: Visitor, faulty: Path) -> None:
    page = visitor.page
    visitor.hands_in("evidence.result", DATONG, faulty)
    expect(page.locator(".big-state")).to_contain_text("有问题")
    for kind in page.locator("details.issue-kind").all():
        if kind.get_attribute("open") is None:
            kind.locator("summary").click()
    rows = page.locator("details.issue-kind tbody tr")
    blocking = [fault for fault in faults.faults() if fault.severity == "blocking"]
    assert rows.count() >= len(faults.faults())
    told = rows.all_inner_texts()
    assert sum("检测机构" in row for row in told) >= len(blocking) // 2, "who must act is named"
    placed = [row for row in told if re.search(r"第 \d+ 行", row)]
    assert len(placed) >= len(faults.faults())
    assert any("约0.2" in row for row in told)
    book = visitor.takes(page.get_by_role("link", name="下载标注文件"))
    marked = [cell for row in load_workbook(book).worksheets[0].iter_rows() for cell in row if cell.comment]
    assert len(marked) >= len(blocking)
    assert all(cell.fill.fgColor.rgb not in ("00000000", "FFFFFFFF") for cell in marked)
    assert any(cell.value == "约0.2" and "请填数字" in cell.comment.text for cell in marked)


def the_laboratory_hands_in_the_corrected_file(visitor: Visitor, corrected: Path) -> None:
    visitor.hands_in("evidence.result", DATONG, corrected)
    expect(visitor.page.locator(".big-state")).to_contain_text("待接收")
    expect(visitor.page.locator("main")).to_contain_text("新增检测批次")
    expect(visitor.page.get_by_role("button", name="接收入库")).to_have_count(0)


def the_city_accepts_and_another_reviews(visitor: Visitor) -> None:
    page = visitor.page
    visitor.signs_in("shi-datong-jingban")
    visitor.presses(page.locator("section[aria-labelledby=work-decide] th a"))
    visitor.moves("接收入库")
    expect(page.locator(".big-state")).to_contain_text("已接收")
    visitor.signs_in("shi-datong-shenhe")
    visitor.presses(page.locator("section[aria-labelledby=work-decide] th a"))
    expect(page.locator("main")).to_contain_text("GB 15618")
    visitor.moves("审核通过")
    expect(page.locator(".big-state")).to_contain_text("审核通过")


def the_province_uploads(visitor: Visitor, campaign: str) -> None:
    page = visitor.page
    visitor.signs_in("sheng-jingban")
    visitor.opens("/r/monitoring.campaign/")
    visitor.skips_to_the_page()
    for role, name in (("link", campaign), ("link", "生成上报包"), ("button", "生成上报包")):
        visitor.presses(page.get_by_role(role, name=name))
    expect(page.locator(".big-state")).to_contain_text("已生成，待上报")
    visitor.moves("登记上报")
    expect(page.locator(".big-state")).to_contain_text("已上报，待回执")
    sheet = visitor.takes(page.get_by_role("link", name="下载回执表"))
    visitor.hands_in("monitoring.receipt", "140000", answered(sheet))
    visitor.moves("接收入库")
    expect(page.locator(".big-state")).to_contain_text("已接收")


def answered(sheet: Path) -> Path:
    """Write number and day of the receipt into every row of the sheet, as the officer does."""
    book = load_workbook(sheet)
    rows = book.worksheets[0]
    headings = [str(cell.value or "") for cell in rows[1]]
    places = {name: next(n for n, text in enumerate(headings, 1) if text.startswith(name)) for name in RECEIPT}
    for row in range(2, rows.max_row + 1):
        if rows.cell(row, places["点位编码"]).value:
            rows.cell(row, places["回执编号"], f"演示-HZ-{sheet.stem}")
            rows.cell(row, places["回执日期"], date(2021, 10, 8))
    book.save(sheet)
    return sheet


def the_board_is_green_and_leads_to_its_evidence(visitor: Visitor) -> None:
    page = visitor.page
    cell = visitor.cell(DATONG)
    expect(cell).to_have_class(re.compile("cell-done"))
    expect(cell).to_contain_text("33/33")
    assert "逾期完成 33 项" in (cell.get_attribute("title") or "")
    cell.click()
    obligation = page.locator("#owed tbody tr", has_text="T02-04").first
    expect(obligation).to_contain_text("已完成（逾期 8 天）")
    for proof in ("采样记录", "检测批次", "上报包"):
        expect(obligation).to_contain_text(proof)
    obligation.get_by_role("link", name="检测批次").click()
    expect(page.locator(".big-state")).to_contain_text("审核通过")
    history = page.locator("section", has=page.get_by_role("heading", name="修改历史"))
    expect(history).to_contain_text("审核通过")
    entries = page.locator("section", has=page.get_by_role("heading", name="台账"))
    expect(entries).to_contain_text("演示·大同审核")
    visitor.opens("/ledger/?register=registers.package")
    expect(page.locator("main tbody tr").first).to_contain_text("核对回执")
