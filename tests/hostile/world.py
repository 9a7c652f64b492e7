"""A province in which every sheet has a clean file waiting: points, field records, results, a receipt."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.demonstration import ground, play, rows
from jingtu.demonstration.workbooks import Row
from jingtu.evidence import actions as evidence
from jingtu.evidence.facts import laboratories
from jingtu.plain.days import SHANGHAI
from jingtu.registers import clock, outbox
from jingtu.registers.models import Dossier, Package
from jingtu.registers.reach import Reach

SAMPLED_ON, HANDED_ON, REPORTED_ON, SENT_ON = date(2021, 8, 10), date(2021, 8, 16), date(2021, 9, 1), date(2021, 9, 6)
TODAY = date(2021, 9, 10)
MEASURED = 12  # points whose samples went to the laboratory


@dataclass(frozen=True)
class Waiting:
    """A clean file that could be handed in, and by whom for where."""

    sheet: str
    rows: list[Row]
    by: Reach
    region: str


@contextmanager
def at(day: date) -> Iterator[date]:
    """Ten in the morning of a day."""
    with clock.travelling(datetime.combine(day, time(10), SHANGHAI)):
        yield day


def build(seed: int) -> list[Waiting]:
    """Found the province and return the clean file of each sheet."""
    stage = play.Play(seed, random.Random(seed), {})  # noqa: S311
    for day, step in (
        (play.FOUNDED_ON, play.found), (play.POINTS_ON, play.enter_points), (play.PLANNED_ON, play.plan),
        (play.ISSUED_ON, play.issue),
    ):  # fmt: skip
        with at(day):
            step(stage, day)
            play.settle()
    planned = [each for points in stage.points.values() for each in points]
    by, campaign = stage.cast["sheng-jingban"], stage.campaigns["national"]
    national = [each for each in planned if each.campaign_id == campaign.pk]
    taiyuan = [each for each in national if each.point.region_id.startswith("1401")][:MEASURED]
    results = _results(seed, stage, taiyuan)
    with at(SENT_ON):
        items = [outbox.Item(each.point.code, "monitoring.planned_point", each.pk) for each in national]
        package = outbox.make(b"sent", "x.csv", items, target="平台", kind="测试", field_map="x", by=by, on=SENT_ON)
        outbox.send(package, by=by, on=SENT_ON)
    waiting = [each for each in national if each not in taiyuan]
    return [
        Waiting(
            "monitoring.point", [{**row, "name": f"{row['name']}更名"} for row in ground.points(seed)], by, "140000"
        ),
        Waiting("monitoring.field_record", rows.field_records(seed, SAMPLED_ON, waiting), by, "140000"),
        results,
        Waiting("monitoring.receipt", rows.receipt(Package.objects.get(), "HZ-1", TODAY, {}), by, "140000"),
    ]


def _results(seed: int, stage: play.Play, points: list[Any]) -> Waiting:
    """The laboratory's report on the samples of some points."""
    clerk, laboratory = stage.cast["shi-taiyuan-jingban"], stage.cast["jiance-yi"]
    with at(SAMPLED_ON) as on:
        play.accepted(
            play.hand_in("monitoring.field_record", rows.field_records(seed, on, points), "x.xlsx", clerk, on),
            clerk,
            on,
        )
    with at(HANDED_ON) as on:
        receiver = laboratories(on).get(organisation_id=laboratory.organisation_id)
        handover = monitoring.hand_over(stage.campaigns["national"], receiver, "140100", by=clerk, on=on)
        evidence.send(handover, by=clerk, on=on)
        handover = evidence.receive(handover, by=laboratory, on=on)
    analysed = (HANDED_ON + timedelta(1), REPORTED_ON - timedelta(1))
    content, _analytes = rows.results(seed, [handover], "jiance-yi", ("HOSTILE-1", REPORTED_ON), analysed)
    return Waiting("evidence.result", content, laboratory, "140100")


def handed_in(waiting: Waiting, content: bytes, name: str) -> Dossier:
    """A file through the front door, as checked."""
    from jingtu.registers import intake

    with at(TODAY) as on:
        dossier, _new = intake.receive(waiting.sheet, content, name, by=waiting.by, on=on, region=waiting.region)
        play.settle()
    dossier.refresh_from_db()
    return dossier
