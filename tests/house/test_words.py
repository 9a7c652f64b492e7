"""The words of the house: one English word per term, Chinese marked for translation, commits that say what they do."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from jingtu.config.instance import CHECKOUT
from tests.house.sources import ABOVE_THE_LINE, complain, docstrings, sources, templates, tree, where

GLOSSARY = CHECKOUT / "docs" / "glossary.csv"
HAN = re.compile(r"[\u4e00-\u9fff]")
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop", "N_"}
# Content, not interface: what the demonstration plays in, and sentences that become rows of the record (issues,
# ledger, packages). A row keeps the language it was written in, whoever reads it later.
CONTENT = {
    *("demonstration.py", "demonstration", "intake.py", "checking.py", "normalise.py", "actions.py", "duties.py"),
    *("quality.py", "commands", "sql", "intake", "checking", "actions", "duties"),
}
QUOTED = {"clause", "basis", "source", "instrument"}  # arguments that quote a text by its own name
MARKED = re.compile(
    r"\{%-?\s*(?:blocktranslate|blocktrans)\b.*?\{%-?\s*end(?:blocktranslate|blocktrans)\s*-?%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->",
    re.DOTALL,
)
# Words that would name our nouns a second time. The glossary's word stands to the right.
BANNED = {
    "plot": "point or parcel",
    "plots": "points or parcels",
    "site": "point",
    "sites": "points",
    "lab": "laboratory",
    "labs": "laboratories",
    "county_code": "region_code",
    "city_code_of": "region_code",
    "org": "organisation",
    "organization": "organisation",
    "organizations": "organisations",
    "pollutant": "analyte",
    "pollutants": "analytes",
    "task_order": "campaign",
    "audit_log": "ledger",
    "custody": "handover",
    "qualification": "accreditation",
}
# A first line too long, seen only after others had built upon it.
TOO_LATE = {
    "intake: check what the file alone tells apart from the records; columns instead of rows, steady plans of history"
}
ALLOWED_WORDS = {"matplotlib", "website"}


@cache
def glossary() -> list[dict[str, str]]:
    with open(GLOSSARY, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_glossary_is_one_to_one() -> None:
    if not GLOSSARY.exists():
        pytest.fail("docs/glossary.csv is missing: it gives one English word per Chinese term.")
    chinese, english = list(glossary()[0])[:2]
    own = [row for row in glossary() if not row.get("note", "").startswith("the same as")]
    for column, rows in ((chinese, glossary()), (english, own)):
        twice = [word for word, times in Counter(row[column] for row in rows).items() if times > 1]
        complain(twice, f"docs/glossary.csv gives one English word per Chinese term; these stand twice in “{column}”.")


def test_nouns_have_one_name() -> None:
    found = []
    for path in sources():
        for name, line in _identifiers(path):
            for part in re.split(r"_|(?<=[a-z])(?=[A-Z])", name):
                word = part.lower()
                if word in BANNED and word not in ALLOWED_WORDS:
                    found.append(f"{where(path, line)} {name}: say {BANNED[word]}")
    complain(sorted(set(found)), "One word per noun, for ever: docs/glossary.csv says which.")


def test_chinese_in_code_is_marked_for_translation() -> None:
    found = []
    for path in sources(*ABOVE_THE_LINE):
        if path.name in CONTENT or CONTENT & set(path.parts):
            continue
        marked = _marked(tree(path)) | docstrings(tree(path))
        found += [
            f"{where(path, node.lineno)}: {node.value[:30]!r}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and HAN.search(node.value)
            and id(node) not in marked
        ]
    complain(found, 'Above the Django line every Chinese sentence is source text of a translation: wrap it in _("…").')


def test_chinese_in_templates_is_marked_for_translation() -> None:
    found = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        bare = MARKED.sub(lambda match: "\n" * match.group().count("\n"), text)
        found += [
            f"{where(path, number)}: {line.strip()[:40]}"
            for number, line in enumerate(bare.splitlines(), 1)
            if HAN.search(line)
        ]
    complain(found, "Chinese in a template stands inside {% translate %} or {% blocktranslate %}.")


def test_messages_say_more_than_failed() -> None:
    hollow = re.compile(r"操作失败|系统错误|未知错误|出错了|非法操作|参数错误")
    found = [
        where(path, number)
        for path in (*sources(), *templates())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if hollow.search(line)
    ]
    complain(found, "A message says what is wrong, where, how to mend it and by which clause; “操作失败” says nothing.")


def test_commits_say_what_they_do() -> None:
    done = subprocess.run(
        ["git", "log", "--no-merges", "--format=%h%x09%s"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("no history of commits beside these sources")
    empty = re.compile(r"^(wip|fix|fixes|update|updates|changes|misc|test|tmp|stuff|x+)\.?$", re.IGNORECASE)
    found = []
    for line in done.stdout.splitlines():
        mark, _, subject = line.partition("\t")
        if subject not in TOO_LATE and (
            empty.match(subject) or len(subject) > 100 or HAN.search(subject) or subject.endswith(".")
        ):
            found.append(f"{mark} {subject}")
    complain(
        found, "A commit's first line reads “room: what it does”, in English, under 100 letters, without a full stop."
    )


def _identifiers(path: Path) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append((node.name, node.lineno))
        elif isinstance(node, ast.arg):
            found.append((node.arg, node.lineno))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append((node.id, node.lineno))
    return found


def _marked(root: ast.AST) -> set[int]:
    """Constants that stand inside a call of gettext, or quote a text by its name."""
    found: set[int] = set()
    for node in ast.walk(root):
        marked = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MARKS
        if marked or (isinstance(node, ast.keyword) and node.arg in QUOTED):
            found |= {id(inner) for inner in ast.walk(node)}
    return found
