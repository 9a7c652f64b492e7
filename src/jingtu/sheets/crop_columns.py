"""What a file of crop results says of each sample beside its results: which crop, harvested when."""

from __future__ import annotations

from datetime import date
from typing import Final

from jingtu import law
from jingtu.plain.days import parse_day
from jingtu.sheets.codes import find_code
from jingtu.sheets.concentrations import Contents
from jingtu.sheets.faults import Place, issue

SHOWN: Final = 12


def crop_names() -> str:
    """The first names of the list of crops, and how many there are."""
    labels = [entry.label_zh for entry in law.codes("crop")]
    return f"{'、'.join(labels[:SHOWN])}等 {len(labels)} 种"


def crops_of(contents: Contents, otherwise: str = "") -> list[str]:
    """The crop of each sample as a code; a word that is none, or no word, becomes an issue and a blank."""
    found = []
    for row, text in zip(contents.rows, contents.crop, strict=True):
        code = find_code("crop", text) if text else otherwise
        if not code:
            contents.add(
                issue("cell.choice.unknown", Place(contents.file, contents.sheet, row, "作物"), text, crop_names())
            )
        found.append(code or "")
    return found


def harvest_days_of(contents: Contents, otherwise: date | None = None) -> list[date | None]:
    """The day of harvest of each sample; what is no day becomes an issue and stays open."""
    found: list[date | None] = []
    for row, text in zip(contents.rows, contents.harvested_on, strict=True):
        day = otherwise
        if text:
            try:
                day = parse_day(text)
            except ValueError:
                day = None
                place = Place(contents.file, contents.sheet, row, "收获日期")
                contents.add(issue("cell.date.unreadable", place, text))
        found.append(day)
    return found
