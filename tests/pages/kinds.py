"""Every kind of page of the console, who sees it, and the way there as a person goes: an address, then links.

A new address of the console belongs here: into ``PAGES`` when it shows a page, else into ``NO_PAGE`` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from jingtu.registers.pages import all_pages
from tests.flows.visitor import Visitor

CLERK, CITY, LABORATORY, FARMING = "sheng-jingban", "shi-datong-jingban", "jiance-er", "shi-linfen-nongye"
COUNTY = "xian-hongtong-nongye"
SYSTEM, SECURITY, AUDIT = "guanli", "anquan", "shenji"
ADMINISTRATORS = (SYSTEM, SECURITY, AUDIT)
OBSERVER = "/administration/accounts/?q=chayue"
FIRST_ROW = "#rows tbody th a"


@dataclass(frozen=True)
class Kind:
    """A kind of page: the name of its address, the account that sees it (none: a stranger), and the way."""

    name: str
    account: str
    address: str
    links: tuple[str, ...] = ()
    only: str = ""

    @property
    def label(self) -> str:
        """A name for files and failures."""
        return f"{self.name}-{self.only}" if self.only else self.name


OF_CHAPTERS = tuple(
    Kind("chapter-page", CLERK, f"/r/{each.about}/", (FIRST_ROW, f"a[href*='/pages/{each.name}/']"), only=each.name)
    if each.about
    else Kind("chapter-page", CLERK, f"/pages/{each.name}/", only=each.name)
    for each in all_pages()
)
PAGES = (
    *OF_CHAPTERS,
    Kind("sign-in", "", "/sign-in/"),
    Kind("work", CLERK, "/"),
    Kind("search", CLERK, "/search/?q=YS-G-1402"),
    Kind("help", CLERK, "/help/"),
    Kind("board", CLERK, "/board/"),
    Kind("clause", CLERK, "/clauses/T02/"),
    Kind("duty", CLERK, "/duties/T02-04/"),
    Kind("map", CLERK, "/map/"),
    Kind("listing", CLERK, "/r/monitoring.planned_point/"),
    Kind("listing", CLERK, "/r/monitoring.point/?q=没有这样的点", only="empty"),
    Kind("record", CLERK, "/r/evidence.batch/", (FIRST_ROW,), only="batch"),
    Kind("record", CLERK, "/r/monitoring.campaign/", (FIRST_ROW,), only="campaign"),
    Kind("record", CLERK, "/r/monitoring.planned_point/", (FIRST_ROW,), only="point"),
    Kind("edit", CLERK, "/r/monitoring.point/", (FIRST_ROW, "a[href$='/edit/']")),
    Kind("opening", CLERK, "/r/monitoring.campaign/", ("a[href*='/open/']",)),
    Kind("tool", CLERK, "/r/monitoring.campaign/", (f"{FIRST_ROW} >> nth=-1", "a[href*='/do/'] >> nth=0")),
    Kind("together", COUNTY, "/", ("a[href*='/together/']",)),
    Kind("dossiers", CITY, "/dossiers/"),
    Kind("dossier-new", CITY, "/dossiers/new/"),
    Kind("dossier", LABORATORY, "/dossiers/", (FIRST_ROW,)),
    Kind("ledger", CLERK, "/ledger/"),
    Kind("posts", CLERK, "/posts/"),
    Kind("delegate", CLERK, "/posts/", ("a[href$='/delegate/']",)),
    Kind("password", CLERK, "/password/"),
    Kind("second-factor", CLERK, "/second-factor/"),
    Kind("sessions", CLERK, "/sessions/"),
    Kind("tokens", CLERK, "/tokens/"),
    Kind("calendar", CLERK, "/calendar/"),
    Kind("administration", SYSTEM, "/administration/"),
    Kind("accounts", SYSTEM, "/administration/accounts/"),
    Kind("account-new", SYSTEM, "/administration/accounts/new/"),
    Kind("account", SECURITY, "/administration/accounts/?q=shi-datong-jingban", ("main tbody th a",)),
    Kind("appoint", SECURITY, OBSERVER, ("main tbody th a", "a[href$='/appoint/']")),
    Kind("post-end", SECURITY, OBSERVER, ("main tbody th a", "a[href*='/posts/'][href$='/end/']")),
    Kind("security-log", AUDIT, "/administration/log/"),
)  # fmt: skip
NO_PAGE = {
    "waiting": "a number inside the bar",
    "sign-out": "a deed",
    "sign-in-code": "only with a second factor: tests/security/test_entry_in_chromium.py",
    "token-end": "a deed",
    "delegation-end": "a deed",
    "administration-close": "a deed",
    "account-do": "a deed on the page of the account",
    "move": "a deed on the page of the record",
    "record-file": "a file",
    "dossier-progress": "a part of the dossier's page",
    "dossier-marked": "a file",
    "dossier-faulty": "a file",
    "dossier-move": "a deed on the page of the dossier",
    "blank": "a file",
    "view-keep": "a deed",
    "view-drop": "a deed",
    "calendar-feed": "a calendar",
    "document": "a file",
}


def names() -> set[str]:
    """The names of the console's addresses."""
    console = next(each for each in get_resolver().url_patterns if "console" in str(getattr(each, "urlconf_name", "")))
    return set(_names(console))


def _names(resolver: URLResolver) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _names(each)
        elif isinstance(each, URLPattern) and each.name:
            yield each.name


class Walker(Visitor):
    """Somebody who looks at page after page and signs in only when another account is needed."""

    account: str | None = None

    def goes_to(self, kind: Kind) -> Page:
        """Stand before a kind of page, its fragments loaded."""
        if kind.account != self.account:
            self._becomes(kind.account)
        self.opens(kind.address)
        for link in kind.links:
            self.page.locator(link).first.click()
            self.page.wait_for_load_state()
        self.page.wait_for_load_state("networkidle")
        return self.page

    def _becomes(self, account: str) -> None:
        self.page.context.clear_cookies()
        self.account = account
        if not account:
            return
        self.signs_in(account)
        if account in ADMINISTRATORS:
            self.opens("/administration/")
            self.page.locator("[name=reason]").fill("逐页查看界面")
            self.page.locator("[name=password]").fill(self.served.password)
            self.page.locator("[name=password]").press("Enter")
            self.page.locator("form[action$='/administration/close/']").wait_for()
