"""Finding the heading of a table: title rows above it, two rows, merged cells, units inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jingtu.plain.text import fold, match_key
from jingtu.plain.units import canonical_unit

Matcher = Callable[[str], str | None]
Area = tuple[tuple[int, int], tuple[int, int]]

SEARCHED_ROWS: Final = 20
_BRACKET: Final = re.compile(r"(.+?)\s*[(\[]([^()\[\]]*)[)\]]")
_SUFFIX: Final = re.compile(
    r"(.+?)[_ ,:、/]+((?:[munp]|μ)?g)[_/ ]?((?:k|m)?g|m3|l)|(.+?)[_ ,、]+(%|ppm|ppb)",
    re.IGNORECASE,
)
_LOOSE: Final = re.compile(r"(.+?)[ ,、]+(\S*[/·⁻^]\S*|\S+ kg-?1?)")


@dataclass(frozen=True, slots=True)
class Label:
    """Heading of one column: the text shown, the field it stands for, the unit written in it."""

    text: str
    key: str | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading of a table is and what it says."""

    first: int
    depth: int
    labels: tuple[Label, ...]
    merged: bool = False

    @property
    def score(self) -> int:
        """How many different fields the heading names."""
        return len({label.key for label in self.labels if label.key})

    def keys(self) -> set[str]:
        """The fields the heading names."""
        return {label.key for label in self.labels if label.key}


def read_label(text: str, match: Matcher) -> Label:
    """The field and unit of one heading.

    >>> read_label("镉（Cd）(mg/kg)", {"镉": "Cd"}.get)
    Label(text='镉（Cd）(mg/kg)', key='Cd', unit='mg/kg')
    >>> read_label("Cd_ng_g", {"Cd": "Cd"}.get).unit
    'ng/g'
    """
    for name, unit in _splits(fold(text)):
        key = match(name)
        if key is not None:
            return Label(text, key, unit)
    return Label(text)


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Ways to part a heading into name and unit, the whole first."""
    yield text, ""
    suffix = _SUFFIX.fullmatch(text)
    if suffix:
        yield ((suffix[1], f"{suffix[2]}/{suffix[3]}") if suffix[1] else (suffix[4], suffix[5]))
    bracket = _BRACKET.fullmatch(text)
    if bracket:
        unit = bracket[2] if _looks_like_unit(bracket[2]) else ""
        for name, inner in _splits(bracket[1]):
            yield name, unit or inner
    loose = _LOOSE.fullmatch(text)
    if loose and _is_unit(loose[2]):
        yield loose[1], loose[2]


def _looks_like_unit(text: str) -> bool:
    return "/" in text or _is_unit(text)


def _is_unit(text: str) -> bool:
    try:
        canonical_unit(text)
    except ValueError:
        return False
    return True


def find_heading(rows: Sequence[Sequence[str]], match: Matcher, merged: Sequence[Area] = ()) -> Heading | None:
    """The heading that names most fields within the first rows; ``None`` when no row names two."""
    best: Heading | None = None
    for first in range(min(len(rows), SEARCHED_ROWS)):
        for heading in _headings_at(rows, first, match, merged):
            if best is None or heading.score > best.score:
                best = heading
    if best is None or best.score < min(2, _filled(rows[best.first])):
        return None
    return best if best.score else None


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _headings_at(
    rows: Sequence[Sequence[str]], first: int, match: Matcher, merged: Sequence[Area]
) -> Iterator[Heading]:
    top = list(rows[first])
    spans = [area for area in merged if area[0][0] == first]
    single = Heading(first, 1, tuple(read_label(cell, match) for cell in top), bool(spans))
    if first + 1 < len(rows):
        bottom = list(rows[first + 1]) + [""] * (len(top) - len(rows[first + 1]))
        double = Heading(first, 2, tuple(_stacked(top, bottom, spans, first, match)), bool(spans))
        if _is_second_row(single, double, bottom, match):
            yield double
    yield single


def _stacked(top: list[str], bottom: list[str], spans: Sequence[Area], first: int, match: Matcher) -> Iterator[Label]:
    for column in range(max(len(top), len(bottom))):
        upper, under = _cell(top, column), _cell(bottom, column)
        group = upper or _group_of(top, column, spans, first)
        if not under:
            yield read_label(upper, match)
            continue
        if upper and _is_unit(under):
            label = read_label(upper, match)
            yield Label(f"{upper} {under}", label.key, under)
            continue
        below, above = read_label(under, match), read_label(group, match)
        own = read_label(upper, match) if upper and not _heads_group(top, bottom, column) else Label("")
        chosen = own if own.key else below
        unit = chosen.unit or above.unit or _unit_of_group(group)
        yield Label(f"{group} {under}".strip(), chosen.key, unit)


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _heads_group(top: list[str], bottom: list[str], column: int) -> bool:
    following = column + 1
    return following < len(bottom) and not _cell(top, following) and bool(_cell(bottom, following))


def _group_of(top: list[str], column: int, spans: Sequence[Area], first: int) -> str:
    for (row, left), (_, right) in spans:
        if row == first and left <= column <= right:
            return _cell(top, left)
    if spans:
        return ""
    return next(
        (top[left].strip() for left in range(min(column, len(top) - 1), -1, -1) if top[left].strip()),
        "",
    )


def _unit_of_group(group: str) -> str:
    """Unit of a group heading such as ``检测结果(mg/kg)``, which names no field itself."""
    return next((unit for _, unit in _splits(fold(group)) if unit), "")


def _is_second_row(single: Heading, double: Heading, bottom: list[str], match: Matcher) -> bool:
    cells = [cell for cell in bottom if cell.strip()]
    if not cells or not single.score:
        return False
    if all(_is_unit(cell) for cell in cells):
        return True
    if double.score > single.score:
        return True
    matched = [read_label(cell, match).key for cell in bottom]
    same = [key for key, label in zip(matched, single.labels, strict=False) if key and key == label.key]
    return len(same) == len(cells)


def same_heading(row: Sequence[str], heading: Heading) -> bool:
    """Whether a row in the data repeats the heading."""
    texts = [match_key(label.text) for label in heading.labels if label.text.strip()]
    return [match_key(cell) for cell in row if cell.strip()] == texts
