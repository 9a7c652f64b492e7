"""What leaves the house: lock files, pages, doctests, traces of a machine."""

from __future__ import annotations

import doctest
import importlib
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from jingtu.config.instance import CHECKOUT
from tests.house.sources import BELOW_THE_LINE, PACKAGE, complain, sources, templates, where

PUBLIC_HOSTS = {"pypi.org", "files.pythonhosted.org", "registry.npmjs.org"}
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|\shx-on|javascript:|hx-vals\s*=\s*[\"']js:",
    re.IGNORECASE,
)
OUTSIDE = re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)
MACHINE = re.compile(r"/(?:home|root|Users|tmp|work|workspace|mnt)/[\w.-]+")
MACHINE_ALLOWED = re.compile(r"/path/to|/tmp/\.s\.PGSQL")


def test_lock_files_name_public_hosts_only() -> None:
    lock = (CHECKOUT / "uv.lock").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:registry|url) = "([^"]+)"', lock)
    assert addresses, "uv.lock names no address at all; is it a lock file?"
    found = {f"uv.lock: {address}" for address in addresses if urlsplit(address).hostname not in PUBLIC_HOSTS}
    npm = CHECKOUT / "package-lock.json"
    if npm.exists():
        packages = json.loads(npm.read_text(encoding="utf-8")).get("packages", {})
        found |= {
            f"package-lock.json: {facts['resolved']}"
            for facts in packages.values()
            if "resolved" in facts and urlsplit(facts["resolved"]).hostname not in PUBLIC_HOSTS
        }
    complain(
        sorted(found)[:10], "A lock file made through a mirror works on one machine only. Renew it with `make lock`."
    )


def test_npm_locks_by_content() -> None:
    npm = CHECKOUT / "package-lock.json"
    if not npm.exists():
        pytest.skip("no front-end packages yet")
    packages = json.loads(npm.read_text(encoding="utf-8"))["packages"]
    found = [name for name, facts in packages.items() if name and not facts.get("link") and "integrity" not in facts]
    complain(found, "Each front-end package is locked by the hash of its content. Renew the file with `make lock`.")


def test_pages_hold_nothing_inline_and_nothing_foreign() -> None:
    found = []
    for path in templates():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if INLINE.search(line):
                found.append(f"{where(path, number)}: inline")
            if OUTSIDE.search(line):
                found.append(f"{where(path, number)}: outside address")
    complain(
        found,
        "The content security policy drops inline styles, scripts and handlers, and closed networks have no outside. "
        "Styles and scripts live in web/ and are bundled.",
    )


def test_sources_name_no_machine() -> None:
    found = []
    for path in _tracked():
        if path.suffix not in {".py", ".md", ".html", ".toml", ".json", ".csv", ".css", ".js", ".mjs", ".sh", ""}:
            continue
        if path == Path(__file__) or path.stat().st_size > 2_000_000:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if MACHINE.search(MACHINE_ALLOWED.sub("", line)):
                found.append(f"{where(path, number)}: {line.strip()[:80]}")
    complain(
        found,
        "A path of one machine means nothing on another. Use the checkout, the home of the instance, or a variable.",
    )


def test_no_instance_is_committed() -> None:
    found = [
        where(path)
        for path in _tracked()
        if path.parts[len(CHECKOUT.parts)] in {"var", ".venv", "node_modules", ".node"}
    ]
    complain(
        found, "Instances, environments and installed packages are made on each machine; they are never committed."
    )


def _modules() -> list[str]:
    names = []
    for path in (*sources(*BELOW_THE_LINE), *sources("config")):
        if ">>>" in path.read_text(encoding="utf-8"):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            names.append(".".join(parts).removesuffix(".__init__"))
    return names


@pytest.mark.parametrize("name", _modules())
def test_examples_in_docstrings_hold(name: str) -> None:
    outcome = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert outcome.attempted > 0, f"{name} shows an example that doctest does not find."
    assert outcome.failed == 0, f"An example in {name} no longer holds; the lines above show it."


def _tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no list of committed files beside these sources")
    return [path for name in done.stdout.split("\0") if name and (path := CHECKOUT / name).is_file()]
