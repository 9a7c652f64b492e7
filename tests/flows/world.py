"""A small world built through the real doors: two counties of two cities, four points, one campaign."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from django.test import TestCase

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.chapters.monitoring.models import Campaign, Network, PlannedPoint
from jingtu.evidence.models import Accreditation, Laboratory, Sample
from jingtu.land import actions as land
from jingtu.land.models import Department, Role
from jingtu.plain.days import SHANGHAI
from jingtu.registers import clock, declare, intake
from jingtu.registers.models import Dossier
from jingtu.registers.reach import Reach
from jingtu.sheets.spec import SheetSpec

ANALYTES = ["pH", "Cd", "Hg", "As", "Pb", "Cr"]
VALUES = {"pH": "8.1", "Cd": "0.12", "Hg": "0.03", "As": "9.8", "Pb": "20", "Cr": "60"}
UNITS = {"pH": "无量纲"}
# Four places inside Xiaodian (Taiyuan) and Pingcheng (Datong).
POINTS = (
    ("P-1", "140105", "112.5650", "37.7300"),
    ("P-2", "140105", "112.5700", "37.7350"),
    ("P-3", "140213", "113.2980", "40.0760"),
    ("P-4", "140213", "113.3020", "40.0800"),
)


def at(day: date) -> Any:
    """Ten in the morning of a day, for ``clock.travelling``."""
    return clock.travelling(datetime.combine(day, time(10), SHANGHAI))


def workbook(spec: SheetSpec, rows: list[dict[str, str]]) -> bytes:
    """A workbook with the sheet's headings and these rows, all cells as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.set_properties({"created": datetime(2021, 1, 1)})  # the same rows are the same bytes, whenever made
    sheet = book.add_worksheet()
    for index, column in enumerate(spec.columns):
        sheet.write_string(0, index, column.heading())
        for place, row in enumerate(rows, start=1):
            sheet.write_string(place, index, row.get(column.name, ""))
    book.close()
    return out.getvalue()


@dataclass
class World:
    """The people and things of the small world."""

    people: dict[str, Reach] = field(default_factory=dict)
    laboratory: Laboratory | None = None
    network: Network | None = None
    campaign: Campaign | None = None

    def submit(self, who: str, sheet: str, rows: list[dict[str, str]], on: date, region: str) -> Dossier:
        """Hand in a file and return its dossier as checked."""
        spec = declare.get_sheet(sheet).spec
        name = f"{sheet}-{on}.xlsx"
        with TestCase.captureOnCommitCallbacks(execute=True):
            dossier, _new = intake.receive(sheet, workbook(spec, rows), name, by=self.people[who], on=on, region=region)
        dossier.refresh_from_db()
        return dossier

    def accept(self, dossier: Dossier, who: str, on: date) -> None:
        """Accept a dossier that must be clean, and do the work it defers."""
        assert dossier.state == "ready", list(dossier.issues.values("code", "message"))
        with TestCase.captureOnCommitCallbacks(execute=True):
            intake.accept(dossier, by=self.people[who], on=on)

    def sample_of(self, code: str) -> Sample:
        """The routine sample drawn for a point."""
        planned = PlannedPoint.objects.get(point__code=code)
        return Sample.objects.get(origin_id=planned.pk, kind="routine")

    def field_rows(self, codes: list[str], taken_on: date) -> list[dict[str, str]]:
        """Field records of these points."""
        places = {code: (lon, lat) for code, _county, lon, lat in POINTS}
        return [
            {
                "sample_code": self.sample_of(code).code, "point_code": code, "taken_on": taken_on.isoformat(),
                "weather": "晴", "lon": places[code][0], "lat": places[code][1], "depth_top_cm": "0",
                "depth_bottom_cm": "20", "soil_colour": "黄棕", "soil_moisture": "潮", "soil_roots": "少量",
                "soil_texture": "中壤土", "land_use": "旱地", "crop": "玉米", "sampler": "测试甲", "checker": "测试乙",
            }
            for code in codes
        ]  # fmt: skip

    def result_rows(self, samples: list[Sample], report: str, on: date) -> list[dict[str, str]]:
        """A clean laboratory report over these samples."""
        return [
            {
                "report_number": report, "reported_on": on.isoformat(), "sample_code": sample.code, "analyte": analyte,
                "value": value, "unit": UNITS.get(analyte, "mg/kg"), "detection_limit": "0.002",
                "method": "测试方法", "replicate": "1", "analysed_on": on.isoformat(),
            }
            for sample in samples
            for analyte, value in VALUES.items()
        ]  # fmt: skip


def person(
    world: World, key: str, name: str, region: str, role: Role, department: Department, organisation: str
) -> None:
    """Open an account in a post."""
    office = land.found_organisation(organisation, region, [department], demonstration=True)
    account = land.open_account(key, name, "only-for-tests-1", demonstration=True)
    post = land.appoint(account, office, region, department, role, date(2021, 1, 1))
    world.people[key] = Reach.of(post)


def build() -> World:
    """Regions, people, laboratory, network: nothing measured yet."""
    world = World()
    land.load_regions()
    eco, lab = Department.ECOLOGY, Department.LABORATORY
    person(world, "province", "省经办", "140000", Role.CLERK, eco, "省厅（测试）")
    person(world, "reviewer", "省审核", "140000", Role.REVIEWER, eco, "省厅（测试）")
    person(world, "taiyuan", "太原经办", "140100", Role.CLERK, eco, "太原局（测试）")
    person(world, "datong", "大同经办", "140200", Role.CLERK, eco, "大同局（测试）")
    person(world, "laboratory", "检测员", "140000", Role.LABORATORY, lab, "检测所（测试）")
    person(world, "stranger", "另一检测员", "140000", Role.LABORATORY, lab, "另一检测所（测试）")
    organisation_id = world.people["laboratory"].organisation_id
    world.laboratory = Laboratory.objects.create(
        organisation_id=organisation_id, name="检测所（测试）", region_id="140000"
    )
    Accreditation.objects.create(
        laboratory=world.laboratory, certificate_number="测试-1", analytes=ANALYTES,
        from_on=date(2020, 1, 1), to_on=date(2026, 1, 1),
    )  # fmt: skip
    world.network = Network.objects.create(code="national", name="国家网（测试）", owner="测试")
    Network.objects.create(code="provincial", name="省级网（测试）", owner="测试")
    return world


def issue(world: World) -> None:
    """Points entered by sheet, a campaign planned and issued."""
    rows = [
        {"code": code, "name": f"测试点 {code}", "network": "national", "kind": "base", "county_code": county,
         "lon": lon, "lat": lat, "land_use": "旱地", "established_on": "2016-12-01"}
        for code, county, lon, lat in POINTS
    ]  # fmt: skip
    with at(date(2021, 6, 20)):
        dossier = world.submit("province", "monitoring.point", rows, date(2021, 6, 20), "140000")
        world.accept(dossier, "province", date(2021, 6, 20))
    with at(date(2021, 7, 12)):
        world.campaign = monitoring.plan_campaign(
            "测试任务 2021",
            world.network,
            ANALYTES,
            date(2021, 9, 30),
            by=world.people["province"],
            on=date(2021, 7, 12),
        )
        world.campaign = monitoring.issue_campaign(world.campaign, by=world.people["province"], on=date(2021, 7, 12))
