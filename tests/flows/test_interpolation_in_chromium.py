"""The map as officers walk it, in Chromium: estimates laid over it and switched by keyboard, days on a slider."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.flows.visitor import Visitor

pytestmark = pytest.mark.e2e
REGISTER = "/r/farmland.interpolation/"
NOTICE = "插值估计，不作为分类依据"
WHILE_IT_WORKS_MS = 60_000


def test_an_estimate_is_asked_for_and_laid_over_the_map(visitor: Visitor) -> None:
    page = visitor.page
    visitor.signs_in("xian-hongtong-nongye")
    visitor.opens(f"{REGISTER}open/ask/")
    page.locator("[name=analyte]").select_option("Cd")
    page.locator("[name=is_logged]").check()
    page.locator("main form button.button-main").click()
    page.wait_for_url(re.compile(rf"{REGISTER}\d+/$"))
    record = page.url
    page.get_by_role("link", name="插值图和精度").click()
    expect(page.get_by_role("heading", name="留一交叉验证")).to_be_visible(timeout=WHILE_IT_WORKS_MS)
    expect(page.locator("main figure img")).to_have_count(3)
    for picture in page.locator("main figure img").all():
        expect(picture).to_have_js_property("complete", value=True, timeout=WHILE_IT_WORKS_MS)
        assert picture.evaluate("each => each.naturalWidth > 100")
    expect(page.locator("main")).to_contain_text(NOTICE)
    page.get_by_role("link", name="在一张图上看").click()
    the_map_switches(visitor)
    page.goto(record)
    page.get_by_role("link", name="重算核对").click()
    page.locator("main form button.button-main").click()
    expect(page.locator("main")).to_contain_text("重算含量插值")
    expect(page.locator("main")).to_contain_text("：一致")


def the_map_switches(visitor: Visitor) -> None:
    """Measures are switched with the arrow keys; picture, legend and notice follow."""
    page, shown = visitor.page, visitor.page.locator("[data-map]")
    expect(shown).to_have_attribute("data-overlay-shown", "above")
    expect(shown.locator(".map-estimate")).to_have_text(NOTICE)
    expect(page.locator("[data-overlay-legend=above]")).to_be_visible()
    first = page.locator("[data-overlay]").first
    visitor.tabs_to(first)
    with page.expect_response(re.compile(r"/tiles/overlays/.*/content\.png")) as answered:
        page.keyboard.press("ArrowDown")
    assert answered.value.status in (200, 304), "the page before has shown it already"
    expect(shown).to_have_attribute("data-overlay-shown", "content")
    expect(page.locator("[data-overlay-legend=content]")).to_be_visible()
    expect(page.locator("[data-overlay-legend=above]")).to_be_hidden()


def test_the_day_of_the_map_slides_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    visitor.signs_in("xian-hongtong-nongye")
    visitor.opens("/map/?layer=farmland.unit")
    shown, slider = page.locator("[data-map]"), page.locator("[data-map-slider]")
    expect(shown).to_have_attribute("data-drawn", "1")
    visitor.tabs_to(slider)
    with page.expect_response(re.compile(r"/tiles/farmland\.unit/.*on=2021-10-07")) as answered:
        page.keyboard.press("ArrowLeft")
    assert answered.value.ok
    expect(page.locator("[data-map-day]").first).to_have_text("2021-10-07")
    with page.expect_response(re.compile(r"/tiles/farmland\.unit/.*on=2020-01-01")) as answered:
        page.keyboard.press("Home")
    assert answered.value.body() == b"", "no unit stood before the first division"
    visitor.opens("/map/")
    expect(page.locator("[data-map-day]").first).to_have_text("2021-10-08")
