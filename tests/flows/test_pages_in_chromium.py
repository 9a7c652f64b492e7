"""The console's pages in Chromium: every account, a past day, a phone, paper, the keyboard."""

from __future__ import annotations

import re
import zlib

import pytest
from playwright.sync_api import Page, expect

from jingtu.demonstration import cast
from tests.flows.visitor import Visitor

pytestmark = pytest.mark.e2e
PLAYERS = cast.players()
PHONE = {"width": 390, "height": 844}
ON_A_PHONE = ("/", "/board/", "/clauses/T02/", "/r/monitoring.point/", "/r/evidence.batch/", "/dossiers/", "/ledger/")
A4_POINTS = (595, 842)


@pytest.mark.parametrize("player", PLAYERS, ids=[player.account for player in PLAYERS])
def test_every_account_enters_and_finds_its_pages(visitor: Visitor, player: cast.Player) -> None:
    visitor.signs_in(player.account)
    page = visitor.page
    administers = player.role in ("administrator", "security", "audit")
    expect(page.locator("h1")).to_have_text("管理" if administers else "待办")
    expect(page.locator(".band-demo")).to_contain_text("2021-10-08")
    expect(page.locator(".bar-account summary")).to_have_text(player.display_name)
    if administers:
        assert page.request.get(f"{visitor.served.url}/r/monitoring.planned_point/").status == 404
        return
    reply = page.request.get(f"{visitor.served.url}/board/")
    assert reply.status == (404 if player.role == "laboratory" else 200)
    visitor.opens("/r/evidence.handover/" if player.role == "laboratory" else "/r/monitoring.planned_point/")
    first = page.locator("#rows tbody tr th a").first
    expect(first).to_be_visible()
    name = first.inner_text()
    first.click()
    expect(page.locator("h1")).to_contain_text(name)


def test_days_and_files_are_in_the_page_s_own_words(visitor: Visitor) -> None:
    """Without the scripts this Chromium, which speaks English, writes 10/08/2021 and “Choose File”."""
    visitor.signs_in("sheng-jingban")
    page = visitor.page
    visitor.opens("/dossiers/new/")
    day = page.locator("main [name=on]")
    assert day.input_value() == "2021-10-08"
    assert day.evaluate("field => field.type") == "text"
    day.fill("2021/10/8")
    assert not day.evaluate("field => field.checkValidity()")
    page.get_by_role("button", name="打开日历").last.click()
    day.locator("xpath=following-sibling::input").evaluate(
        "field => { field.value = '2021-09-30'; field.dispatchEvent(new Event('change')) }"
    )
    assert day.input_value() == "2021-09-30"
    expect(page.locator(".file-name")).to_have_text("未选择文件")
    page.locator("[name=file]").set_input_files({"name": "演示.csv", "mimeType": "text/csv", "buffer": b"a"})
    expect(page.locator(".file-name")).to_have_text("演示.csv")


def test_a_past_day_is_read_only_and_known_by_its_band(visitor: Visitor) -> None:
    visitor.signs_in("sheng-jingban")
    page = visitor.page
    visitor.opens("/board/?on=2021-09-15&known_on=2021-09-15")
    expect(page.locator(".band-day")).to_contain_text("截至 2021-09-15")
    signs = page.locator(".board a.cell[href*='T02']")
    expect(signs.first).to_have_class(re.compile("cell-soon"))
    assert page.locator(".board .cell-overdue").count() == 0
    visitor.opens("/r/monitoring.campaign/")
    page.locator("#rows tbody th a").first.click()
    expect(page.locator(".big-state")).to_contain_text("已下达")
    expect(page.locator(".band-day")).to_contain_text("不能办理")
    expect(page.locator("main form")).to_have_count(0)
    expect(page.get_by_role("link", name="生成上报包")).to_have_count(0)
    assert page.request.get(f"{visitor.served.url}/dossiers/new/").status == 404
    page.get_by_role("link", name="回到今天").click()
    expect(page.locator(".band-day")).to_have_count(0)


def test_no_page_is_wider_than_a_phone(visitor: Visitor) -> None:
    visitor.signs_in("sheng-jingban")
    page = visitor.page
    page.set_viewport_size(PHONE)
    for path in (*ON_A_PHONE, *_records(visitor)):
        visitor.opens(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], (path, width)
    visitor.opens("/")
    page.get_by_role("button", name="菜单").click()
    expect(page.locator("#menu a", has_text="计划总览")).to_be_visible()


def _records(visitor: Visitor) -> list[str]:
    """One record of each register in the menu."""
    visitor.opens("/")
    lists = visitor.page.locator("#menu a[href^='/r/']").evaluate_all("links => links.map(each => each.pathname)")
    found = []
    for path in lists:
        visitor.opens(path)
        link = visitor.page.locator("#rows tbody th a").first
        if link.count():
            found.append(str(link.evaluate("each => each.pathname")))
    assert len(found) >= 7
    return found


def test_a_record_prints_on_a4_without_what_only_screens_need(visitor: Visitor) -> None:
    visitor.signs_in("sheng-jingban")
    page = visitor.page
    visitor.opens("/r/registers.package/")
    page.locator("#rows tbody th a").last.click()
    expect(page.locator(".big-state")).to_be_visible()
    page.emulate_media(media="print")
    for part in (".bar", ".menu", ".page-tools"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator(".print-head")).to_be_visible()
    paper = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", _plain(paper))
    assert 1 <= len(sizes) <= 3
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {A4_POINTS}
    assert _fits(page)


def _plain(paper: bytes) -> bytes:
    """A PDF with its packed parts opened."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL)
    opened = []
    for part in packed:
        try:
            opened.append(zlib.decompress(part))
        except zlib.error:
            continue
    return paper + b"\n".join(opened)


def _fits(page: Page) -> bool:
    """Whether nothing is cut off at the paper's right edge (A4 less margins, in CSS pixels)."""
    page.set_viewport_size({"width": 680, "height": 1000})
    return bool(page.evaluate("document.documentElement.scrollWidth <= 680"))


def test_the_keyboard_leads_everywhere(visitor: Visitor) -> None:
    visitor.signs_in("sheng-jingban")
    page = visitor.page
    visitor.opens("/r/monitoring.point/")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("main [data-search]")).to_be_focused()
    page.keyboard.type("小店")
    page.keyboard.press("Enter")
    expect(page.locator("#rows tbody tr").first).to_contain_text("小店")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.locator("h1")).to_have_text("计划总览")
