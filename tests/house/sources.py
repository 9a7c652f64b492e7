"""What the house tests look at: every source, its tree, its floor."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jingtu.config.instance import CHECKOUT

PACKAGE = CHECKOUT / "src" / "jingtu"
BELOW_THE_LINE = ("plain", "law", "science", "assess", "sheets")
ABOVE_THE_LINE = ("land", "registers", "desk", "entrance", "evidence", "chapters", "faces", "demonstration")
LEFT_OUT = {"__pycache__", "migrations", "node_modules"}


@cache
def sources(*rooms: str, tests: bool = False) -> tuple[Path, ...]:
    """The Python files of the package, or of some of its rooms; tests inside chapters only when asked for."""
    folders = [PACKAGE / room for room in rooms] or [PACKAGE]
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            parts = set(path.relative_to(PACKAGE).parts)
            if parts & LEFT_OUT or ("tests" in parts and not tests):
                continue
            found.append(path)
    return tuple(found)


@cache
def templates() -> tuple[Path, ...]:
    """Every template of the package."""
    return tuple(path for path in sorted(PACKAGE.rglob("*.html")) if "templates" in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a source."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def where(path: Path, line: int | None = None) -> str:
    """A place a reader can click on."""
    place = str(path.relative_to(CHECKOUT))
    return f"{place}:{line}" if line else place


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a source."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def docstrings(root: ast.AST) -> set[int]:
    """The ids of the nodes that are docstrings, or bare strings that only comment."""
    return {
        id(node.value) for node in ast.walk(root) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def complain(found: list[str], why: str) -> None:
    """Fail with every place, the reason and the cure."""
    assert not found, f"{why}\n  " + "\n  ".join(found)
