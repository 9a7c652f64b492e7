"""Numbers come from the texts; days are days in Shanghai."""

from __future__ import annotations

import ast
import re

from tests.house.sources import PACKAGE, complain, sources, tree, where

CALLS_OF_UTC = {
    "date.today": "registers.clock.today() above the Django line, an argument below it",
    "datetime.today": "registers.clock.today()",
    "datetime.utcnow": "registers.clock.now()",
    "datetime.utcfromtimestamp": "an aware instant",
    "timezone.now().date": "registers.clock.today()",
    "now().date": "plain.days.day_of(instant)",
}
DAY_OF_UTC = re.compile(r"::date\b|\bcast\s*\([^)]*\bas\s+date\s*\)|\bdate_trunc\s*\(|\bCURRENT_DATE\b", re.IGNORECASE)
TEXT_TO_DAY = re.compile(
    r"(current_setting\([^()]*(\([^()]*\))?[^()]*\)\s*,?\s*('')?\s*\)?|'[^']*'|%s|%\([^)]*\)s|\{\w+\}|ARRAY\[[^\]]*\]|NULL)\s*::date"
    r"|nullif\(.*?\)\s*::date",
    re.IGNORECASE,
)


def test_assess_holds_no_number_of_the_law() -> None:
    found = []
    for path in sources("assess"):
        quiet = _annotations(tree(path))
        found += [
            f"{where(path, node.lineno)}: {node.value}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant)
            and type(node.value) in (int, float, complex)
            and node.value not in (0, 1)
            and id(node) not in quiet
        ]
    complain(
        found,
        "A threshold in code cannot be dated, cited or amended. Put the number into a table of law/ with its clause "
        "and read it through law.at(day); assess/ knows only 0 and 1.",
    )


def test_no_day_is_taken_in_utc() -> None:
    found = []
    for path in sources(tests=True):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                said = ast.unparse(node.func)
                for wrong, right in CALLS_OF_UTC.items():
                    if (said == wrong or said.endswith(f".{wrong}")) and path != PACKAGE / "registers" / "clock.py":
                        found.append(f"{where(path, node.lineno)}: {said}() — use {right}")
    complain(
        found, "At 00:30 in Shanghai the machine's or UTC's day is still yesterday, and a deadline would be misjudged."
    )


def test_sql_takes_days_in_shanghai() -> None:
    found = []
    places = [*sources(tests=True), *sorted(PACKAGE.rglob("*.sql"))]
    for path in places:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not day_in_utc(line):
                continue
            if path.suffix == ".sql" or re.search(r"SELECT|WHERE|CREATE|_at\b|['\"].*::date", line):
                found.append(f"{where(path, number)}: {line.strip()[:100]}")
    complain(
        found,
        "Connections run in UTC, so an instant must be turned into a day by (at AT TIME ZONE 'Asia/Shanghai')::date. "
        "Where the value is a day already, say so in a comment with the words “a day already” on that line.",
    )


def day_in_utc(line: str) -> bool:
    """True when a line of SQL turns an instant into a day without saying where."""
    if not DAY_OF_UTC.search(line) or "Asia/Shanghai" in line or "a day already" in line:
        return False
    return bool(re.search(r"_at\W*::date", line)) or not TEXT_TO_DAY.search(line)


def _annotations(root: ast.AST) -> set[int]:
    """Constants inside annotations (shapes, literals) are no numbers of the law."""
    found: set[int] = set()
    for node in ast.walk(root):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is not None:
                found |= {id(inner) for inner in ast.walk(part)}
    return found
