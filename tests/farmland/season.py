"""A season of paired samples in Hongtong, taken through the real doors: sheet, laboratory, results, review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import TestCase

from jingtu.chapters.farmland.actions import pairs
from jingtu.chapters.farmland.models import Pair, UnitVersion
from jingtu.evidence import actions as evidence
from jingtu.evidence.models import Accreditation, Batch, Handover, Laboratory, Sample
from jingtu.land import actions as land
from jingtu.land.models import Department, Role
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.flows.world import World, at, person

AUTUMN = (2021, "autumn")
SAMPLED, SUBMITTED, HANDED, REPORTED = date(2021, 9, 13), date(2021, 9, 14), date(2021, 9, 15), date(2021, 9, 24)
SOIL = ["pH", "Cd", "Hg", "As", "Pb", "Cr"]
CROP = ["Cd", "Hg", "As", "Pb", "Cr"]
IN_SOIL = {"pH": "8.1", "Cd": "0.9", "Hg": "0.03", "As": "9.8", "Pb": "20", "Cr": "60"}  # Cd above 0.6: class II
IN_CROP = {"Cd": "0.02", "Hg": "0.002", "As": "0.05", "Pb": "0.04", "Cr": "0.1"}  # maize, all within GB 2762


def clean_row(code: str, version: UnitVersion | None = None, **own: str) -> dict[str, str]:
    """A row of the sheet of pairs without a fault, in the middle of a unit (or beside all units)."""
    place = version.geom.centroid if version else ground.entry(ground.square(40, 40)).ground.centroid
    lon, lat = f"{place.x:.6f}", f"{place.y:.6f}"
    return {
        "code": code, "region_code": ground.HONGTONG, "year": "2021", "season": "秋收", "crop": "玉米",
        "land_use": "水浇地", "soil_on": SAMPLED.isoformat(), "soil_lon": lon, "soil_lat": lat,
        "depth_top_cm": "0", "depth_bottom_cm": "20", "harvested_on": SAMPLED.isoformat(), "crop_lon": lon,
        "crop_lat": lat, "leader": "测试甲", "sampler": "测试乙",
    } | own  # fmt: skip


@dataclass
class Season:
    """The people and things of a season."""

    world: World = field(default_factory=World)
    laboratory: Laboratory | None = None
    reports: int = 0

    @property
    def people(self) -> dict[str, Reach]:
        """Reaches by level and role, and the laboratory's."""
        return self.world.people

    def pair_row(self, code: str, version: UnitVersion | None = None, **own: str) -> dict[str, str]:
        """A clean row of the sheet in the middle of a unit (or beside all units)."""
        return clean_row(code, version, **own)

    def submit(self, rows: Sequence[dict[str, str]], on: date = SUBMITTED) -> Dossier:
        """Hand in the sheet of pairs; the dossier as checked."""
        with at(on):
            return self.world.submit("county-clerk", "farmland.pair", list(rows), on, ground.HONGTONG)

    def enter(self, rows: Sequence[dict[str, str]], on: date = SUBMITTED) -> list[Pair]:
        """Hand in the sheet of pairs and accept it."""
        dossier = self.submit(rows, on)
        with at(on):
            self.world.accept(dossier, "county-clerk", on)
        return list(Pair.objects.filter(code__in=[row["code"] for row in rows]).order_by("code"))

    def hand_over(self, medium: str, analytes: Sequence[str], on: date = HANDED) -> Handover:
        """Send the season's samples of a medium to the laboratory, which takes them."""
        assert self.laboratory is not None
        by = self.people["county-clerk"]
        with at(on):
            made = pairs.hand_over(self.laboratory, ground.HONGTONG, AUTUMN, medium, analytes, by=by, on=on)
            made = evidence.send(made, by=by, on=on)
            return evidence.receive(made, by=self.people["laboratory"], on=on)

    def report(
        self,
        handover: Handover,
        values: dict[str, str],
        on: date = REPORTED,
        own: dict[str, dict[str, str]] | None = None,
    ) -> Batch:
        """The laboratory's report on a handover, accepted; ``own`` gives other values for some sample codes."""

        def told(sample: Sample) -> dict[str, str]:
            whole = sample.parent.code if sample.parent else ""
            return {**values, **(own or {}).get(whole, {}), **(own or {}).get(sample.code, {})}

        self.reports += 1
        number = f"XT-{self.reports}"
        rows = [
            {
                "report_number": number, "reported_on": on.isoformat(), "sample_code": item.sample.code,
                "analyte": analyte, "value": told(item.sample)[analyte],
                "unit": "无量纲" if analyte == "pH" else "mg/kg", "detection_limit": "0.001", "method": "测试方法",
                "replicate": "1", "analysed_on": on.isoformat(),
            }
            for item in handover.items.select_related("sample__parent").order_by("sample__code")
            for analyte in handover.analytes
        ]  # fmt: skip
        with at(on):
            dossier = self.world.submit("laboratory", "evidence.result", rows, on, ground.HONGTONG)
            self.world.accept(dossier, "county-clerk", on)
        return dossier.batch

    def review(self, batch: Batch, on: date = REPORTED, reason: str = "") -> Batch:
        """The city passes a report."""
        batch.refresh_from_db()
        with at(on), TestCase.captureOnCommitCallbacks(execute=True):
            return evidence.review(batch, by=self.people["city-reviewer"], on=on, reason=reason)

    def measure(self, on: date = REPORTED, crops: dict[str, dict[str, str]] | None = None, **soil: Any) -> list[Batch]:
        """Hand over both media, report and review; ``crops`` gives other values of crops by pair code."""
        own = {}
        for code, values in (crops or {}).items():
            own[Pair.objects.get(code=code).crop_sample.code] = values
        batches = []
        for medium, analytes, values in (("soil", SOIL, IN_SOIL | soil), ("crop", CROP, IN_CROP)):
            handover = self.hand_over(medium, analytes)
            batches.append(self.review(self.report(handover, values, on, own)))
        return batches


def begun() -> Season:
    """People of agriculture and a laboratory with its certificate: nothing sampled yet."""
    season = Season()
    season.world.people.update(ground.people())
    person(season.world, "laboratory", "检测员", "141000", Role.LABORATORY, Department.LABORATORY, "检测所（测试）")
    office = land.found_organisation("检测所（测试）", "141000", [Department.LABORATORY], demonstration=True)
    season.laboratory = Laboratory.objects.create(organisation=office, name=office.name, region_id="141000")
    Accreditation.objects.create(
        laboratory=season.laboratory, certificate_number="测试", analytes=SOIL, from_on=date(2019, 1, 1),
        to_on=date(2025, 1, 1),
    )  # fmt: skip
    return season
