"""The text of the clauses, quoted once: ``data/clauses/<instrument>.md``, one anchor each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from jingtu.law.errors import BrokenTable, UnknownTable
from jingtu.law.source import Certainty, names_under, read_text

HEADING = re.compile(r"^## (?P<heading>.+?) \{#(?P<anchor>[a-z0-9-]+)\}$")
FIELD = re.compile(r"^(?P<name>kind|certainty|cite): (?P<value>.+)$")
UNKNOWN = "没有收录条款“{ref}”；引用应写成“文件代码#条款代码”，例如 gb15618-2018#t1。"
BROKEN = "条款文件 {instrument} 的“{heading}”缺少 {field}。"
REPEATED = "条款文件 {instrument} 的“{anchor}”出现两次。"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: where it stands, how it is cited, its words and how sure they are.

    ``kind`` is ``quotation`` (the words of the text), ``rule`` (its content in short) or
    ``table`` (what a table of the text holds).
    """

    ref: str
    instrument: str
    heading_zh: str
    citation: str
    kind: str
    certainty: Certainty
    text_zh: str


@cache
def clauses() -> dict[str, Clause]:
    """All clauses by reference."""
    found: dict[str, Clause] = {}
    for name in names_under("clauses", ".md"):
        found.update(_read(name))
    return found


def clause(ref: str) -> Clause:
    """The clause behind a reference such as ``gb15618-2018#t1``."""
    try:
        return clauses()[ref]
    except KeyError:
        raise UnknownTable(UNKNOWN.format(ref=ref)) from None


def cite(ref: str) -> str:
    """How an officer would cite a clause.

    >>> cite("gb15618-2018#t1")
    'GB 15618-2018 表1'
    """
    return clause(ref).citation


def _read(instrument: str) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    blocks = re.split(r"(?m)^(?=## )", read_text(f"clauses/{instrument}.md"))
    for block in blocks[1:]:
        item = _block(instrument, block)
        if item.ref in found:
            raise BrokenTable(REPEATED.format(instrument=instrument, anchor=item.ref))
        found[item.ref] = item
    return found


def _block(instrument: str, block: str) -> Clause:
    first, *rest = block.strip().splitlines()
    heading = HEADING.match(first)
    if heading is None:
        raise BrokenTable(BROKEN.format(instrument=instrument, heading=first, field="锚点"))
    fields: dict[str, str] = {}
    body: list[str] = []
    for line in rest:
        field = FIELD.match(line)
        if field and not body:
            fields[field["name"]] = field["value"]
        elif line.strip():
            body.append(line.strip())
    for name in ("kind", "certainty", "cite"):
        if name not in fields:
            raise BrokenTable(BROKEN.format(instrument=instrument, heading=first, field=name))
    return Clause(
        ref=f"{instrument}#{heading['anchor']}",
        instrument=instrument,
        heading_zh=heading["heading"],
        citation=fields["cite"],
        kind=fields["kind"],
        certainty=Certainty(fields["certainty"]),
        text_zh="\n".join(body),
    )
