"""Where things live: the rooms of a chapter, the doors to the database, what the pure floors may import."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from tests.house.sources import ABOVE_THE_LINE, BELOW_THE_LINE, PACKAGE, complain, sources, tree, where

ROOMS = {
    *("README.md", "__init__.py", "apps.py", "models.py", "registers.py", "workflow.py", "duties.py", "intake.py"),
    *("checking.py", "actions.py", "facts.py", "screens.py", "tasks.py", "demonstration.py", "quality.py"),
    *("templates", "migrations", "tests", "sheets", "management", "sql", "__pycache__"),
}
LARGE = {"models", "registers", "duties", "intake", "actions", "facts", "screens", "checking"}  # may be packages
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff", "base"}
DOORS = {
    *("models.py", "actions.py", "facts.py", "duties.py", "intake.py", "tasks.py", "demonstration.py", "quality.py"),
    *("registers.py", "workflow.py", "migrations"),
}
KERNEL = (PACKAGE / "registers", PACKAGE / "desk", PACKAGE / "entrance")
ACCOUNTS = PACKAGE / "config" / "accounts.py"  # printed at the start, before any face answers
THIRD_PARTY = {
    "plain": {"numpy"},
    "law": set(),
    "science": {"gstools", "numpy", "pyproj", "scipy", "shapely"},
    "assess": {"numpy"},
    "sheets": {"numpy", "polars", "pyogrio", "pyproj", "python_calamine", "shapely", "xlsxwriter"},
}


def test_chapters_furnish_the_same_rooms() -> None:
    chapters = [path for path in (PACKAGE / "chapters").glob("*") if path.is_dir() and path.name != "__pycache__"]
    found = [
        where(entry) for chapter in chapters for entry in sorted(chapter.iterdir()) if entry.name not in ROOMS | LARGE
    ]
    complain(
        found,
        "Whoever knows one chapter knows them all, so a chapter has only the rooms named in CONTRIBUTING.md. "
        "Move the code to the room it belongs to; a new kind of room needs an ADR and a line in this test.",
    )


def test_every_chapter_introduces_itself() -> None:
    chapters = list((PACKAGE / "chapters").glob("*/apps.py"))
    found = [where(path.parent) for path in chapters if not (path.parent / "README.md").exists()]
    complain(found, "A chapter opens with a README.md: what the plan asks, the registers, one worked example.")


def test_modules_say_what_they_hold() -> None:
    found = [where(path) for path in sources(tests=True) if path.stem in NAMELESS or path.parent.name in NAMELESS]
    complain(found, "A module named utils, helpers or common collects whatever has no home. Name it after its subject.")


def test_the_database_is_reached_through_doors() -> None:
    found = []
    for path in sources(*ABOVE_THE_LINE, "config", "cli"):
        room = f"{path.parent.name}.py" if path.parent.name in LARGE else path.name
        open_here = room in DOORS or path == ACCOUNTS or any(_inside(path, room) for room in KERNEL)
        if open_here:
            continue
        found += [
            where(path, node.lineno)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
        ]
    complain(
        found,
        "Reach and as-of day are kept where records are fetched. Screens and commands ask facts.py or the kernel, "
        "and write through actions.py; they never touch a manager themselves.",
    )


def test_pure_floors_import_nothing_heavy() -> None:
    found = []
    for room in BELOW_THE_LINE:
        for path in sources(room):
            for name, line in _imports(path):
                top = name.partition(".")[0]
                if top == "jingtu" or top in sys.stdlib_module_names or top in THIRD_PARTY[room]:
                    continue
                found.append(f"{where(path, line)} imports {top}")
    complain(
        found,
        "The pure half runs on a laptop without database or framework. What it may import stands in THIRD_PARTY here; "
        "a new package there needs an entry in docs/adr/ first.",
    )


def test_views_write_nothing() -> None:
    writers = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    found = [
        where(path, node.lineno)
        for path in sources("faces")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writers
    ]
    complain(
        found, "A face shows and asks. Every write is a verb in actions.py, which checks reach and keeps the ledger."
    )


def _imports(path: Path) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append((node.module, node.lineno))
    return found


def _inside(path: Path, folder: Path) -> bool:
    return folder in path.parents
