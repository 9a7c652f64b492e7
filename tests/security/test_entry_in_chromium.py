"""The first sign-in of an administrator in a browser: a password of one's own, the second factor, a span."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Served

pytestmark = pytest.mark.e2e
OWN = "the old locust tree"


def test_the_security_administrator_comes_in_for_the_first_time(served_empty: Served, page: Page) -> None:
    """The page fixture fails on any break of the content policy: the QR code and the forms run nothing inline."""
    found = re.search(r"首位安全管理员：(\S+?)，一次性密码：(\S+?)（", served_empty.said)
    assert found
    page.goto(f"{served_empty.url}/board/")
    page.locator("[name=username]").fill(found.group(1))
    page.locator("[name=password]").fill(found.group(2))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("修改密码")
    for name, value in (("password", found.group(2)), ("new", OWN), ("again", OWN)):
        page.locator(f"[name={name}]").fill(value)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("启用动态口令")
    expect(page.locator(".factor-picture svg")).to_be_visible()
    seed = page.locator("p.code").inner_text().replace(" ", "")
    page.locator("[name=first_code]").fill(pyotp.TOTP(seed).now())
    page.locator("[name=password]").fill(OWN)
    page.keyboard.press("Enter")
    expect(page.locator("ol.codes li")).to_have_count(10)
    code = page.locator("ol.codes li").first.inner_text()
    page.goto(f"{served_empty.url}/administration/log/")
    expect(page.locator("h1")).to_have_text("管理")
    page.get_by_role("group").locator("summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.locator("[name=username]").fill(found.group(1))
    page.locator("[name=password]").fill(OWN)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("填写动态口令")
    page.locator("[name=code]").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("管理")
