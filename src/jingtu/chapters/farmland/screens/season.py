"""A county's season at a glance: one page of counts, each a link to the rows that make it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu import law
from jingtu.assess import measures as advice
from jingtu.chapters.farmland.facts.season import NO_PAIR, STEPS, Glance, glance
from jingtu.chapters.farmland.models import Season
from jingtu.chapters.farmland.workflow import EXCEEDANCE, SAFE_USE_PLAN
from jingtu.land import facts as land
from jingtu.land.models import Region
from jingtu.registers.declare import get_register
from jingtu.registers.pages import Asked, Page, page

STEP_WORDS = {
    "sampled": gettext_lazy("已采样"),
    "handed": gettext_lazy("已送检"),
    "analysed": gettext_lazy("已出结果"),
    "complete": gettext_lazy("成对，可作证据"),
}
OUTCOMES = {
    "reached": gettext_lazy("达到效果"),
    "not_reached": gettext_lazy("未达到效果"),
    "not_judged": gettext_lazy("无法判定"),
}
BAR_LEFT, BAR_WIDTH, BAR_STEP, BAR_HEIGHT = 118, 360, 30, 16
LAST_SUMMER_MONTH = 8


def fill(asked: Asked) -> dict[str, Any]:
    """The season's counts with their links."""
    region, year, season = _asked(asked)
    found = glance(region.code, year, season, asked.clock)
    links = _Links(region.code, year, season)
    return {
        "heading": _("%(region)s %(year)d 年%(season)s协同监测与安全利用") % {
            "region": region.name, "year": year, "season": Season(season).label,
        },
        "choices": list(_choices(region, year, season)),
        "regions": [
            (each.code, each.name, each.code == region.code) for each in land.regions_within(asked.reach.prefix)
        ],
        "given": {"region": region.code, "year": year, "season": season},
        "bars": list(_bars(found, links)),
        "bars_height": BAR_STEP * (len(STEPS) + 1) + BAR_HEIGHT,
        "bars_width": BAR_LEFT + BAR_WIDTH + 60,
        "no_pair": sum(found.pairs[state] for state in NO_PAIR),
        "crops": list(_crops(found, links)),
        "cases": [(str(EXCEEDANCE.states[state].label), number) for state, number in found.cases.items()],
        "cases_url": links.to("farmland.exceedance"),
        "grain": [(law.codes("grain_handling").label(code), kg) for code, kg in found.grain_kg.items()],
        "measures": list(_measures(found, asked, links)),
        "plan": found.plan,
        "plan_url": get_register("farmland.safe_use_plan").url(found.plan.pk) if found.plan else "",
        "plan_state": str(SAFE_USE_PLAN.states[found.plan_state].label) if found.plan_state else "",
        "effects": [(OUTCOMES[name], number) for name, number in found.effects.items()],
        "effects_url": links.to("farmland.effect_evaluation"),
    }  # fmt: skip


def _asked(asked: Asked) -> tuple[Region, int, str]:
    """The place, year and season asked for; a place out of reach is not there."""
    region = land.region(asked.given.get("region") or asked.reach.region_code)
    if region is None or not region.prefix.startswith(asked.reach.prefix):
        raise Http404
    year = asked.given.get("year", "")
    newest = str(Season.SUMMER if asked.clock.on.month <= LAST_SUMMER_MONTH else Season.AUTUMN)
    season = asked.given.get("season", "")
    return region, int(year) if year.isdigit() else asked.clock.on.year, season if season in Season.values else newest


def _choices(region: Region, year: int, season: str) -> Iterator[tuple[str, str, bool]]:
    """The seasons before, of and after the year, as links."""
    for each in (year - 1, year, year + 1):
        for own, label in Season.choices:
            given = urlencode({"region": region.code, "year": each, "season": own})
            yield f"?{given}", f"{each} {label}", (each, own) == (year, season)


class _Links:
    """Ways to the rows behind a count."""

    def __init__(self, region: str, year: int, season: str) -> None:
        self.given = {"region": region, "year": year, "season": season}

    def to(self, register: str, **more: str) -> str:
        """A register's list with the season's filters, as far as the register has them."""
        found = get_register(register)
        given = {name: value for name, value in (self.given | more).items() if name in found.filters}
        return f"{found.url()}?{urlencode(given)}"


def _bars(found: Glance, links: _Links) -> Iterator[dict[str, Any]]:
    """The steps of the season's pairs as bars, each cut from the one before; what exceeds last."""
    most = max(found.reached(STEPS[0]), 1)
    steps = [(str(STEP_WORDS[step]), found.reached(step), links.to("farmland.pair"), "in") for step in STEPS]
    exceeding = sum(found.exceeding.values())
    steps.append((_("农产品超标"), exceeding, links.to("farmland.exceedance"), "bad"))
    for place, (words, number, url, kind) in enumerate(steps):
        y = BAR_STEP * place + BAR_HEIGHT / 2
        width = round(BAR_WIDTH * number / most, 1)
        yield {
            "words": words, "number": number, "url": url, "kind": kind, "y": y, "x": BAR_LEFT, "width": width,
            "whole": BAR_WIDTH, "height": BAR_HEIGHT, "text_y": y + BAR_HEIGHT - 4, "text_x": BAR_LEFT + BAR_WIDTH + 8,
        }  # fmt: skip


def _crops(found: Glance, links: _Links) -> Iterator[dict[str, Any]]:
    """Each crop: pairs sampled, complete, exceeding."""
    for crop, states in found.by_crop.items():
        complete, above = states["complete"], found.exceeding[crop]
        yield {
            "name": law.codes("crop").label(crop),
            "url": links.to("farmland.pair", crop=crop),
            "sampled": sum(states[step] for step in STEPS),
            "complete": complete,
            "no_pair": sum(states[state] for state in NO_PAIR),
            "above": above,
            "percent": f"{round(Decimal(100 * above) / complete, 1)}" if complete else "",
        }


def _measures(found: Glance, asked: Asked, links: _Links) -> Iterator[dict[str, Any]]:
    """Each measure: area accepted and area that waits, the preferred ones first."""
    on = asked.clock.on
    for code, areas in sorted(found.measures.items(), key=lambda each: not advice.is_preferred(each[0], on)):
        yield {
            "name": law.codes("measure").label(code),
            "preferred": advice.is_preferred(code, on),
            "accepted": round(areas.get("accepted", Decimal(0)), 2),
            "waiting": round(areas.get("recorded", Decimal(0)), 2),
            "rejected": round(areas.get("rejected", Decimal(0)), 2),
            "url": links.to("farmland.measure", code=code),
        }


def rows(asked: Asked) -> Iterator[list[Any]]:
    """The crops of the season as a table to take away."""
    region, year, season = _asked(asked)
    found = glance(region.code, year, season, asked.clock)
    yield [
        _("行政区"),
        _("年度"),
        _("季别"),
        _("作物"),
        _("已采样"),
        _("成对"),
        _("不成对"),
        _("超标"),
        _("超标率（%）"),
    ]
    for line in _crops(found, _Links(region.code, year, season)):
        counts = [line["sampled"], line["complete"], line["no_pair"], line["above"], line["percent"]]
        yield [region.name, year, str(Season(season).label), line["name"], *counts]


SEASON = page(
    Page("farmland.season", gettext_lazy("一季概览"), "farmland/season.html", fill, rows, clause="T03")
)  # fmt: skip
