"""Pictures of every kind of page, for those who want to see the product before they run it.

``make screens`` starts a demonstration of its own, walks to every kind of page and writes ``docs/screens/*.webp`` with
their list. ``python -m tests.pages.screens URL HOME`` takes a demonstration that runs already.
"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import Page, sync_playwright

from jingtu.config.instance import CHECKOUT
from tests.browser import Served, chromium_path, serve

FOLDER = CHECKOUT / "docs" / "screens"
SIZE = {"width": 1366, "height": 860}
SECRET = "second-factor"  # shows a seed, if only of a demonstration that is gone
QUALITY, SCALE = 62, 0.8
HEAD = """# The screens

Every kind of page of the demonstration (演示, invented data, 8 October 2021), made by `make screens`. The names are
those of the console's addresses; who sees what stands in `tests/pages/kinds.py`.

"""


@contextmanager
def walking(served: Served) -> Iterator[Any]:
    """A walker with a browser of his own."""
    from tests.pages.kinds import Walker

    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(
            executable_path=chromium_path(), args=["--disable-dev-shm-usage", "--lang=zh-CN"]
        )
        context = browser.new_context(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")
        yield Walker(context.new_page(), served, Path(folder))
        browser.close()


def picture(page: Page) -> bytes:
    """What stands in the window, as WebP."""
    clip = {"x": 0, "y": page.evaluate("window.scrollY"), **SIZE, "scale": SCALE}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    return base64.b64decode(taken["data"])


def take(served: Served) -> None:
    """Walk everywhere and keep what is seen."""
    from tests.pages.kinds import PAGES

    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    lines = []
    with walking(served) as walker:
        for kind in (each for each in PAGES if each.name != SECRET):
            page = walker.goes_to(kind)
            (FOLDER / f"{kind.label}.webp").write_bytes(picture(page))
            heading = page.locator("h1").inner_text().splitlines()[0]
            lines.append(f"## {heading}\n\n`{kind.name}`, seen by {kind.account or 'anybody'}\n\n")
            lines.append(f"![{heading}]({kind.label}.webp)\n\n")
    (FOLDER / "README.md").write_text(HEAD + "".join(lines).rstrip() + "\n", encoding="utf-8")
    size = sum(file.stat().st_size for file in FOLDER.glob("*.webp"))
    print(f"{len(list(FOLDER.glob('*.webp')))} pictures, {size / 1024**2:.1f} MB, in {FOLDER}.")


def main() -> None:
    """Take the pictures of a demonstration that runs, or of one started for them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jingtu.config.testing"
    django.setup()
    if len(sys.argv) > 1:
        take(Served(sys.argv[1].rstrip("/"), Path(sys.argv[2]), ""))
        return
    for served in serve(CHECKOUT / "var" / "screens", "--demo"):
        take(served)


if __name__ == "__main__":
    main()
