"""An empty production instance, started as people start it, entered in Chromium by its first administrator."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Served, command

pytestmark = pytest.mark.e2e


def test_the_first_administrator_signs_in(served_empty: Served, page: Page) -> None:
    name, password = served_empty.first_administrator
    page.goto(f"{served_empty.url}/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    expect(page.locator("h1")).to_be_visible()


def test_the_password_is_shown_once_and_kept_nowhere(served_empty: Served) -> None:
    _name, password = served_empty.first_administrator
    port = served_empty.url.rpartition(":")[2]
    again = command(served_empty.home, "up", "--bg", "--port", port)
    assert again.returncode == 0
    assert "已在运行" in again.stdout
    assert password not in again.stdout
    for path in (served_empty.home / "instance.json", served_empty.home / "log" / "supervisor.log"):
        assert password not in path.read_text(encoding="utf-8")


def test_another_port_or_purpose_is_refused_in_one_sentence(served_empty: Served) -> None:
    other = command(served_empty.home, "up", "--bg", "--port", "1")
    assert other.returncode == 2
    assert "make down" in other.stderr
    assert "Traceback" not in other.stderr


def test_static_files_are_hashed_for_ever(served_empty: Served) -> None:
    known = json.loads((served_empty.home / "static" / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    name = known["console/dist/console.css"]
    with urllib.request.urlopen(f"{served_empty.url}/static/{name}") as reply:
        assert "immutable" in reply.headers["Cache-Control"]
