"""No kind of page hinders people with other eyes, ears and hands: axe-core finds nothing to complain of.

On the same walk each page is put on paper, which leaves bar, menu and tools out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyotp
import pytest
from playwright.sync_api import Page, expect

from jingtu.config.instance import CHECKOUT
from tests.pages.kinds import CITY, CLERK, NO_PAGE, PAGES, SYSTEM, Kind, Walker, names

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
SCREEN_ONLY = (".bar", ".menu", ".page-tools", ".skip", "#keys")
NEWCOMER, NEW_PASSWORD = "xinren", "four-quiet-wheat-fields"
UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"


@cache
def axe() -> str:
    """The checker, run in the page by the browser's own debugger: the content policy of the page stays as it is."""
    assert AXE.exists(), "axe-core is not installed; `make setup` brings it."
    return AXE.read_text(encoding="utf-8")


def complaints(page: Page) -> Iterator[str]:
    """What hinders somebody on this page, with everything folded opened."""
    page.evaluate(UNFOLD)
    page.evaluate(axe())
    for found in page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]:
        places = [" ".join(map(str, node["target"])) for node in found["nodes"][:3]]
        yield f"{found['id']} ({found['impact']}): {found['help']}: {places}"


def on_paper(page: Page) -> Iterator[str]:
    """What only screens need and paper shows all the same."""
    page.emulate_media(media="print")
    for part in SCREEN_ONLY:
        if any(each.is_visible() for each in page.locator(part).all()):
            yield f"{part} is printed"
    page.emulate_media(media="screen")


def test_every_address_is_a_known_kind_of_page() -> None:
    known = {kind.name for kind in PAGES} | set(NO_PAGE)
    assert names() == known, (
        "Enter new addresses of the console into tests/pages/kinds.py, and drop those that are gone."
    )


@pytest.mark.e2e
def test_no_kind_of_page_hinders_anybody(walker: Walker) -> None:
    found = {}
    for kind in PAGES:
        page = walker.goes_to(kind)
        if told := [*on_paper(page), *complaints(page)]:
            found[kind.label] = told
    assert not found, found


@pytest.mark.e2e
def test_neither_do_refusals_and_past_days(walker: Walker) -> None:
    page, found = walker.page, []
    walker.goes_to(Kind("work", CLERK, "/"))
    page.goto(f"{walker.served.url}/no/such/page/")
    found += complaints(page)
    walker.opens("/clauses/T02/?on=2021-09-15")
    found += complaints(page)
    walker.opens("/?on=&known_on=")
    walker.goes_to(Kind("dossier-new", CITY, "/dossiers/new/"))
    page.get_by_role("button", name="提交并检查").click()
    expect(page.locator(".error").first).to_be_visible()
    found += complaints(page)
    assert not found, found


@pytest.mark.e2e
def test_neither_do_the_first_pages_of_a_new_account(walker: Walker) -> None:
    page, found = walker.page, []
    walker.goes_to(Kind("account-new", SYSTEM, "/administration/accounts/new/"))
    for name, said in (("username", NEWCOMER), ("display_name", "演示·新人"), ("reason", "查看首次登录的页面")):
        page.locator(f"[name={name}]").fill(said)
    page.get_by_role("button", name="开立账号").click()
    one_time = page.locator("dd.code").nth(1).inner_text()
    found += complaints(page)
    page.context.clear_cookies()
    signs_in(walker, one_time)
    page.wait_for_url(lambda url: url.endswith("/password/"))
    found += complaints(page)
    for name, said in (("password", one_time), ("new", NEW_PASSWORD), ("again", NEW_PASSWORD)):
        page.locator(f"[name={name}]").fill(said)
    page.get_by_role("button", name="修改密码").click()
    walker.opens("/second-factor/")
    found += second_factor(walker)
    assert not found, found


def signs_in(walker: Walker, password: str) -> None:
    """The newcomer's account and password."""
    walker.opens("/sign-in/")
    for name, said in (("username", NEWCOMER), ("password", password)):
        walker.page.locator(f"[name={name}]").fill(said)
    walker.page.locator("[name=password]").press("Enter")


def second_factor(walker: Walker) -> Iterator[str]:
    """What hinders while the factor is put in force, in force, and asked for at the next sign-in."""
    page = walker.page
    seed = pyotp.TOTP(page.locator("p.code").inner_text().replace(" ", ""))
    page.locator("[name=first_code]").fill(seed.now())
    page.locator("[name=password]").fill(NEW_PASSWORD)
    page.get_by_role("button", name="启用").click()
    expect(page.locator("li.code")).to_have_count(10)
    yield from complaints(page)
    walker.opens("/second-factor/")
    yield from complaints(page)
    page.context.clear_cookies()
    signs_in(walker, NEW_PASSWORD)
    expect(page.locator("[name=code]")).to_be_visible()
    yield from complaints(page)
