"""Closed code lists and the analytes, found by code, Chinese label or alias."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jingtu.law.errors import UnknownTable
from jingtu.law.source import Certainty, read_records, split, unique

FARMLAND = "farmland"
CONSTRUCTION = "construction"
CROPS = "crops"
UNKNOWN_LIST = "没有名为“{name}”的代码表；已有：{known}。"
UNKNOWN_CODE = "代码表“{title}”中没有“{code}”；可用：{known}。"
UNKNOWN_ANALYTE = "没有代码为“{code}”的检测项目；可用：{known}。"
UNKNOWN_SET = "没有名为“{name}”的项目组；可用 five（五项）、eight（八项）或 gb36600（85项）。"


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list."""

    code: str
    label_zh: str
    label_en: str
    aliases: tuple[str, ...]
    clause: str
    certainty: Certainty
    note: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of codes in its printed order."""

    name: str
    title_zh: str
    entries: tuple[Code, ...]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(entry.code for entry in self.entries)

    def get(self, code: str) -> Code:
        """The entry with this code; raises ``UnknownTable`` naming the codes that exist."""
        for entry in self.entries:
            if entry.code == code:
                return entry
        known = "、".join(self.codes)
        raise UnknownTable(UNKNOWN_CODE.format(title=self.title_zh, code=code, known=known))

    def label(self, code: str) -> str:
        """The Chinese label of a code."""
        return self.get(code).label_zh

    def find(self, text: str) -> Code | None:
        """The entry meant by a code, label or alias as written in a file, or ``None``.

        >>> codes("land_use").find("旱田").code
        'dryland'
        """
        return _index(self.name).get(fold(text))


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing a laboratory measures, with the unit the texts state it in."""

    code: str
    symbol: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    standard_unit: str
    kind: str
    element_sets: tuple[str, ...]
    cas: str
    certainty: Certainty
    note: str


@dataclass(frozen=True, slots=True)
class AnalyteList:
    """The analytes of one field of work in their printed order."""

    entries: tuple[Analyte, ...]
    name: str = FARMLAND

    def __iter__(self) -> Iterator[Analyte]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.entries)

    def __getitem__(self, code: str) -> Analyte:
        return self.get(code)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(entry.code for entry in self.entries)

    def get(self, code: str) -> Analyte:
        """The analyte with this code; raises ``UnknownTable`` naming those that exist."""
        for entry in self.entries:
            if entry.code == code:
                return entry
        known = "、".join(self.codes)
        raise UnknownTable(UNKNOWN_ANALYTE.format(code=code, known=known))

    def find(self, text: str) -> Analyte | None:
        """The analyte meant by a code, symbol, name or alias, or ``None``.

        >>> analytes().find("总镉").code
        'Cd'
        """
        return _analyte_index(self.name).get(fold(text))

    def element_set(self, name: str) -> tuple[str, ...]:
        """Codes of a set in order: ``five`` or ``eight`` elements of farmland, ``gb36600`` items."""
        found = tuple(entry.code for entry in self.entries if name in entry.element_sets)
        if not found:
            raise UnknownTable(UNKNOWN_SET.format(name=name))
        return found


def fold(text: str) -> str:
    """A spelling reduced for matching only: full width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def codes(name: str) -> CodeList:
    """A code list by name, for example ``land_use`` or ``department``."""
    records = [record for record in read_records("codes.csv") if record["list"] == name]
    if not records:
        known = "、".join(code_lists())
        raise UnknownTable(UNKNOWN_LIST.format(name=name, known=known))
    entries = tuple(_code(record) for record in records)
    return CodeList(name, records[0]["list_title_zh"], entries)


@cache
def code_lists() -> tuple[str, ...]:
    """Names of all code lists."""
    return unique(record["list"] for record in read_records("codes.csv"))


@cache
def analytes(name: str = FARMLAND) -> AnalyteList:
    """The analytes of ``farmland`` (the routine network too) or of ``construction`` land.

    The lists are apart because texts use one word for different things: 滴滴涕 is four substances in GB 15618 and
    two in GB 36600. Codes are never used twice.

    >>> [analytes(name).find("滴滴涕").code for name in ("farmland", "construction")]
    ['DDT_total', 'ddt']
    """
    entries = tuple(_analyte(record) for record in read_records("analytes.csv") if name in split(record["lists"]))
    if not entries:
        raise UnknownTable(UNKNOWN_LIST.format(name=name, known=f"{FARMLAND}、{CONSTRUCTION}"))
    return AnalyteList(entries, name)


@cache
def analyte(code: str) -> Analyte:
    """The analyte with this code, whatever list it is on; raises ``UnknownTable``.

    >>> analyte("benzene").name_zh, analyte("Cd").name_zh
    ('苯', '镉')
    """
    for name in (FARMLAND, CONSTRUCTION):
        if code in analytes(name):
            return analytes(name).get(code)
    known = "、".join(analytes(CONSTRUCTION).codes)
    raise UnknownTable(UNKNOWN_ANALYTE.format(code=code, known=known))


def _code(record: dict[str, str]) -> Code:
    return Code(
        code=record["code"],
        label_zh=record["label_zh"],
        label_en=record["label_en"],
        aliases=split(record["aliases"]),
        clause=record["clause"],
        certainty=Certainty(record["certainty"]),
        note=record["note"],
    )


def _analyte(record: dict[str, str]) -> Analyte:
    return Analyte(
        code=record["code"],
        symbol=record["symbol"],
        name_zh=record["name_zh"],
        name_en=record["name_en"],
        aliases=split(record["aliases"]),
        standard_unit=record["standard_unit"],
        kind=record["kind"],
        element_sets=split(record["element_sets"]),
        cas=record["cas"],
        certainty=Certainty(record["certainty"]),
        note=record["note"],
    )


@cache
def _index(name: str) -> dict[str, Code]:
    found: dict[str, Code] = {}
    for entry in codes(name):
        for spelling in (entry.code, entry.label_zh, entry.label_en, *entry.aliases):
            found.setdefault(fold(spelling), entry)
    return found


@cache
def _analyte_index(name: str) -> dict[str, Analyte]:
    found: dict[str, Analyte] = {}
    for a in analytes(name):
        for spelling in (a.code, a.symbol, a.name_zh, a.name_en, *a.aliases, *filter(None, [a.cas])):
            found.setdefault(fold(spelling), a)
    return found
