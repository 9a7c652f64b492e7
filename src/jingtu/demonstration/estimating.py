"""Interpolations: one that can be drawn, and one for which the points tell nothing of each other."""

from __future__ import annotations

from datetime import date

from jingtu.chapters.farmland.actions import interpolations
from jingtu.chapters.farmland.actions.interpolations import Wanted
from jingtu.demonstration.stage import Play, Step, at

ASKED_ON = date(2021, 9, 30)


def steps() -> list[Step]:
    """The province looks at arsenic, the county at its cadmium."""
    return [at(ASKED_ON, 14, estimate)]


def estimate(play: Play, on: date) -> None:
    """Both ask on the same afternoon."""
    for who, region, analyte in (("sheng-jingban", "140000", "As"), ("xian-hongtong-nongye", "141024", "Cd")):
        wanted = Wanted(region=region, analyte=analyte, as_of_on=on, known_on=on)
        interpolations.ask(wanted, by=play.cast[who], on=on)
