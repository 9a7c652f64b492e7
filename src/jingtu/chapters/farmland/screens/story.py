"""One unit's story through time: a picture of lanes over the days, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu.chapters.farmland.facts.story import LANES, Told, class_spans, told_of
from jingtu.chapters.farmland.models.units import ROMAN, LandClass
from jingtu.registers.declare import get_register
from jingtu.registers.pages import Asked, Page, page

WIDTH, LEFT, RIGHT = 980, 104, 16
TOP, LANE, BAND = 28, 34, 22
LEAST_DAYS = 90
MONTHS_APART = (1, 3, 6, 12, 24, 60)
MOST_TICKS = 12
DAYS_A_MONTH = 30
CLASS_MARKS = {"I": "class-1", "II": "class-2", "III": "class-3", "": "class-0"}
LETTERS = {"done": "✓", "soon": "!", "returned": "✕", "ended": "–"}
APART = 17  # marks closer than their own width are one
NARROW = 46  # a band too narrow for its words shows the numeral alone


@dataclass(frozen=True)
class Scale:
    """Days along the picture."""

    first: date
    last: date

    def x(self, on: date) -> float:
        """Where a day lies."""
        share = (on - self.first).days / (self.last - self.first).days
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """The firsts of months, as many as fit, with their words."""
        months = (self.last - self.first).days // DAYS_A_MONTH
        step = next((each for each in MONTHS_APART if months // each <= MOST_TICKS), MONTHS_APART[-1])
        at = self.first.year * 12 + self.first.month
        while (on := date(at // 12, at % 12 + 1, 1)) <= self.last:
            if at % step == 0:
                yield self.x(on), on.strftime("%Y" if step >= MONTHS_APART[3] else "%Y-%m")
            at += 1


def fill(asked: Asked) -> dict[str, Any]:
    """The picture and the list of what happened."""
    unit, told = asked.record, told_of(asked.record, asked.clock)
    first = min([unit.begun_on, *(each.on for each in told)])
    scale = Scale(first, max(asked.clock.on, first + timedelta(LEAST_DAYS)))
    lanes = [name for name in LANES if name == "version" or any(each.lane == name for each in told)]
    return {
        "heading": _("单元 %(unit)s 的来龙去脉") % {"unit": unit},
        "unit_url": get_register("farmland.unit").url(unit.pk),
        "unit": unit,
        "height": TOP + LANE * len(lanes) + BAND / 2,
        "width": WIDTH,
        "left": LEFT,
        "bottom": TOP + LANE * len(lanes),
        "ticks": list(scale.ticks()),
        "lanes": [(LANES[name], TOP + LANE * place + LANE / 2) for place, name in enumerate(lanes)],
        "bands": list(_bands(asked, scale)),
        "marks": list(_marks(told, scale, lanes)),
        "days": [(on, [_line(each) for each in own]) for on, own in groupby(reversed(told), key=lambda each: each.on)],
        "count": len(told),
        "today_x": scale.x(asked.clock.on),
    }


def _bands(asked: Asked, scale: Scale) -> Iterator[dict[str, Any]]:
    """The class of each version as a band, told by pattern, numeral and words."""
    for from_on, until_on, version in class_spans(asked.record, asked.clock):
        left, right = scale.x(from_on), scale.x(until_on)
        label = LandClass(version.land_class).label if version.land_class else _("未划分类别")
        numeral = ROMAN.get(version.land_class, "–")
        yield {
            "x": left,
            "y": TOP + (LANE - BAND) / 2,
            "width": round(max(right - left, 2), 1),
            "height": BAND,
            "mark": CLASS_MARKS[version.land_class],
            "words": f"{numeral} {label}"
            if right - left > NARROW * 2
            else numeral
            if right - left > NARROW / 3
            else "",
            "text_x": round((left + right) / 2, 1),
            "text_y": TOP + LANE / 2 + 4,
            "title": f"{from_on} — {until_on} {numeral} {label}",
        }


def _marks(told: list[Told], scale: Scale, lanes: list[str]) -> Iterator[dict[str, Any]]:
    """One mark for what happened in a lane close together; more than one thing shows its number, else its sign."""
    for place, lane in enumerate(lanes):
        own = [each for each in told if each.lane == lane != "version"]
        for group in _near(own, scale):
            kind = next((each.kind for each in group if each.kind in ("soon", "returned")), group[-1].kind)
            yield {
                "x": scale.x(group[0].on),
                "y": TOP + LANE * place + LANE / 2,
                "text": len(group) if len(group) > 1 else LETTERS.get(kind, ""),
                "kind": kind,
                "title": "；".join(f"{each.on} {each.words}" for each in group),
                "url": f"#d{group[0].on}",
            }


def _near(told: list[Told], scale: Scale) -> Iterator[list[Told]]:
    """What lies too close together to be marked apart."""
    group: list[Told] = []
    for each in told:
        if group and scale.x(each.on) - scale.x(group[0].on) >= APART:
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _line(each: Told) -> dict[str, Any]:
    return {
        "lane": LANES[each.lane],
        "words": each.words,
        "detail": each.detail,
        "url": get_register(each.register).url(each.pk),
        "is_late": each.is_late,
    }


def rows(asked: Asked) -> Iterator[list[Any]]:
    """The same as a table to take away."""
    yield [_("日期"), _("方面"), _("事项"), _("说明"), _("补录")]
    for each in told_of(asked.record, asked.clock):
        yield [each.on, str(LANES[each.lane]), each.words, each.detail, _("是") if each.is_late else ""]


STORY = page(
    Page(
        "farmland.story", gettext_lazy("看来龙去脉（时间线）"), "farmland/story.html", fill, rows,
        clause="T05", about="farmland.unit",
    )
)  # fmt: skip
