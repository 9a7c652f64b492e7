"""A person at the console."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

from tests.browser import Served

MOST_TABS, MOST_CHOICES = 250, 200


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

    def tabs_to(self, wanted: Locator) -> None:
        """Reach something with the Tab key alone, from where the keyboard stands."""
        wanted.first.wait_for()
        handle = wanted.first.element_handle()
        for _press in range(MOST_TABS):
            if handle.evaluate("wanted => wanted === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The Tab key does not lead to {wanted}")

    def skips_to_the_page(self) -> None:
        """Leave bar and menu out by the link that is first on every page."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator("a.skip")).to_be_focused()
        self.page.keyboard.press("Enter")

    def presses(self, wanted: Locator, key: str = "Enter") -> None:
        """Reach something by keyboard and press it."""
        self.tabs_to(wanted)
        self.page.keyboard.press(key)

    def chooses(self, select: Locator, value: str) -> None:
        """Choose from a list with the arrow keys."""
        self.tabs_to(select)
        self.page.keyboard.press("Home")
        for _press in range(MOST_CHOICES):
            if select.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrow keys do not lead to {value}")

    def hands_in(self, sheet: str, region: str, file: Path) -> None:
        """Hand in a file by keyboard alone and wait until it is checked."""
        page = self.page
        self.opens("/dossiers/new/")
        self.skips_to_the_page()
        self.chooses(page.locator("[name=sheet]"), sheet)
        self.chooses(page.locator("[name=region]"), region)
        self.tabs_to(page.locator("[name=file]"))
        with page.expect_file_chooser() as waiting:
            page.keyboard.press("Space")
        waiting.value.set_files(file)
        self.presses(page.get_by_role("button", name="提交并检查"))
        page.wait_for_url(re.compile(r"/dossiers/\d+/(#page)?$"))
        expect(page.locator(".verdict")).to_be_visible(timeout=30_000)

    def moves(self, label: str) -> None:
        """Do a move by keyboard alone: open it, confirm it, and see that it was done."""
        page = self.page
        self.presses(page.locator("summary", has_text=label))
        self.presses(page.get_by_role("button", name=label, exact=True))
        expect(page.locator("summary", has_text=label)).to_have_count(0)

    def cell(self, city: str) -> Locator:
        """The board's cell of task 2 in a city."""
        self.opens("/board/")
        return self.page.locator(f'.board a.cell[href$="/clauses/T02/?region={city[:4]}"]')
