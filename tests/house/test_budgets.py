"""How long a function and a file may be."""

from __future__ import annotations

from tests.house.sources import complain, functions, sources, where

LONGEST_FUNCTION = 60
LONGEST_FILE = 600


def test_functions_fit_on_a_screen() -> None:
    found = [
        f"{where(path, node.lineno)} {node.name}: {length} lines"
        for path in sources(tests=True)
        for node in functions(path)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    complain(found, "A function is read as a whole: aim at 30 lines, 60 is the end. Give its steps names of their own.")


def test_files_keep_to_one_subject() -> None:
    found = [
        f"{where(path)}: {length} lines"
        for path in sources(tests=True)
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    complain(found, "A file holds one subject: aim at 400 lines, 600 is the end. Split it along its subjects.")
