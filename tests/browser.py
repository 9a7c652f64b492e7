"""A served instance of its own and Chromium before it, for the walks through the product.

The instance is started with the very command people use, in a home that is deleted afterwards.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from jingtu.config.instance import CHECKOUT

JINGTU = Path(sys.executable).with_name("jingtu")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LISTEN = """
document.addEventListener("securitypolicyviolation",
  event => console.error("CSP " + event.violatedDirective + " " + event.blockedURI))
"""


@dataclass(frozen=True)
class Served:
    """Where a started instance answers and what its start said."""

    url: str
    home: Path
    said: str

    @property
    def password(self) -> str:
        """The password of the demonstration accounts."""
        return str(json.loads((self.home / "instance.json").read_text(encoding="utf-8"))["demo_password"])

    @property
    def first_administrator(self) -> tuple[str, str]:
        """Name and one-time password, as printed at the first start of an empty instance."""
        found = re.search(r"首位系统管理员：(\S+?)，一次性密码：(\S+?)（", self.said)
        assert found, self.said
        return found.group(1), found.group(2)


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``jingtu`` for a home, as a person would."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JINGTU_", "DJANGO_", "DATABASE_"))
    }
    return subprocess.run(
        [str(JINGTU), *arguments],
        env={**kept, "JINGTU_HOME": str(home)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=300,
    )


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(home: Path, *options: str) -> Iterator[Served]:
    """Start an instance, hand it out, stop it and delete its home."""
    port = free_port()
    try:
        done = command(home, "up", "--bg", "--port", str(port), *options)
        assert done.returncode == 0, done.stdout + done.stderr
        yield Served(f"http://127.0.0.1:{port}", home, done.stdout)
    finally:
        command(home, "reset", "--force")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The demonstration, freshly played in."""
    yield from serve(CHECKOUT / "var" / "testing" / f"demo-{os.getpid()}", "--demo")


@pytest.fixture(scope="session")
def served_empty() -> Iterator[Served]:
    """An empty production instance."""
    yield from serve(CHECKOUT / "var" / "testing" / f"empty-{os.getpid()}", "--production")


def chromium_path() -> str:
    """Where the machine's own Chromium lies."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert path, "Chromium is not on this machine; `make test` installs it."
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A clean page at desk size; fails the test when a script fails or the content policy is broken."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_init_script(LISTEN)
    sheet = context.new_page()
    faults: list[str] = []
    sheet.on("pageerror", lambda error: faults.append(str(error)))
    sheet.on("console", lambda said: faults.append(said.text) if said.text.startswith("CSP ") else None)
    yield sheet
    context.close()
    assert not faults, faults
