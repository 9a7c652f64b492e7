"""Routine monitoring on farmland: a reviewed point is soil evidence of the unit on whose ground it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import TestCase
from shapely import box

from jingtu.chapters.farmland.actions import units
from jingtu.chapters.farmland.models import Evaluation, Trigger
from jingtu.chapters.monitoring import actions as monitoring
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Batch
from jingtu.registers import ledger
from tests.farmland import ground
from tests.flows import world as small
from tests.flows.world import World, at

pytestmark = pytest.mark.django_db
APRIL, SAMPLED, HANDED, REPORTED = date(2021, 4, 12), date(2021, 7, 20), date(2021, 7, 22), date(2021, 8, 10)
XIAODIAN = "140105"


def reviewed(world: World, code: str) -> Batch:
    """A point sampled, handed over, reported and reviewed."""
    taiyuan, laboratory = world.people["taiyuan"], world.people["laboratory"]
    with at(SAMPLED):
        records = world.submit(
            "taiyuan", "monitoring.field_record", world.field_rows([code], SAMPLED), SAMPLED, "140100"
        )
        world.accept(records, "taiyuan", SAMPLED)
    with at(HANDED):
        made = monitoring.hand_over(world.campaign, world.laboratory, "140100", by=taiyuan, on=HANDED)
        evidence.receive(evidence.send(made, by=taiyuan, on=HANDED), by=laboratory, on=HANDED)
    samples = [item.sample for item in made.items.select_related("sample").order_by("pk")]
    with at(REPORTED):
        rows = world.result_rows(samples, "YS-1", REPORTED)
        dossier = world.submit("laboratory", "evidence.result", rows, REPORTED, "140100")
        world.accept(dossier, "taiyuan", REPORTED)
        dossier.batch.refresh_from_db()
        with TestCase.captureOnCommitCallbacks(execute=True):
            return evidence.review(dossier.batch, by=world.people["reviewer"], on=REPORTED)


def test_a_routine_point_speaks_for_the_unit_it_lies_on() -> None:
    world = small.build()
    small.issue(world)
    lon, lat = (float(text) for text in small.POINTS[0][2:])
    around = ground.entry(box(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001), APRIL)
    beside = ground.entry(box(lon + 0.02, lat, lon + 0.022, lat + 0.002), APRIL)
    by = world.people["taiyuan"]
    with at(APRIL), ledger.deed("test.opened", by=by, on=APRIL, register="farmland.unit", region=XIAODIAN) as doing:
        version, _other = units.open_units([replace(each, region=XIAODIAN) for each in (around, beside)], doing)
    batch = reviewed(world, small.POINTS[0][0])
    found = Evaluation.objects.get(is_current=True)
    assert found.unit_id == version.unit_id
    assert (found.soil_points, found.crop_points) == (1, 0)
    assert (found.soil_class, found.proposed_class, found.standing_class) == ("I", "I", "II")
    trigger = Trigger.objects.get()
    assert (trigger.kind, trigger.region_id, batch.number in trigger.told) == ("T2", XIAODIAN, True)
