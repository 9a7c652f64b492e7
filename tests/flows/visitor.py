"""A person at the console."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

from tests.browser import Served


class Visitor:
    """Somebody at the console, under one account after another."""

    def __init__(self, page: Page, served: Served, folder: Path) -> None:
        self.page, self.served, self.folder = page, served, folder

    def signs_in(self, account: str) -> None:
        """Leave the account before and enter by the form."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.served.url}/sign-in/")
        self.page.locator("[name=username]").fill(account)
        self.page.locator("[name=password]").fill(self.served.password)
        self.page.locator("[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def opens(self, path: str) -> None:
        """Go to a page of the console."""
        reply = self.page.goto(self.served.url + path)
        assert reply is not None and reply.ok, path

    def takes(self, button: Locator) -> Path:
        """Click something that gives a file, and keep the file."""
        with self.page.expect_download() as waiting:
            button.click()
        given: Download = waiting.value
        path = self.folder / given.suggested_filename
        given.save_as(path)
        return path

    def hands_in(self, sheet: str, region: str, file: Path) -> None:
        """Upload a file and wait until it is checked."""
        page = self.page
        self.opens("/dossiers/new/")
        page.locator("[name=sheet]").select_option(sheet)
        page.locator("[name=region]").select_option(region)
        page.locator("[name=file]").set_input_files(file)
        page.get_by_role("button", name="提交并检查").click()
        page.wait_for_url(re.compile(r"/dossiers/\d+/$"))
        expect(page.locator(".verdict")).to_be_visible(timeout=30_000)

    def moves(self, label: str) -> None:
        """Open a move, confirm it, and see that it was done."""
        page = self.page
        page.locator("summary", has_text=label).click()
        page.get_by_role("button", name=label, exact=True).click()
        expect(page.locator("summary", has_text=label)).to_have_count(0)

    def cell(self, city: str) -> Locator:
        """The board's cell of task 2 in a city."""
        self.opens("/board/")
        return self.page.locator(f'.board a.cell[href$="/clauses/T02/?region={city[:4]}"]')
