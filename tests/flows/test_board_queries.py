"""However many points there are, the board, the clause and the waiting work ask the database as often."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import Point as Place
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jingtu.chapters.monitoring.models import PlannedPoint, Point
from jingtu.land.models import Account
from jingtu.registers import clock
from tests.flows import world as worlds

FEW, MANY = 10, 1000


class Queries(TestCase):
    """One campaign that grows."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = worlds.build()
        worlds.issue(cls.world)

    def grow(self, until: int) -> None:
        """Plan further points in the campaign."""
        now, there = clock.now(), PlannedPoint.objects.count()
        points = Point.objects.bulk_create(
            [
                Point(
                    code=f"M-{number}", name=f"点 {number}", network=self.world.network, kind="base",
                    region_id=("140105", "140213")[number % 2], geom=Place(112.5, 37.7, srid=4490),
                    land_use="dryland", established_on=date(2016, 12, 1), recorded_at=now,
                )
                for number in range(there, until)
            ]
        )  # fmt: skip
        planned = {"campaign": self.world.campaign, "planned_on": date(2021, 7, 12), "recorded_at": now}
        PlannedPoint.objects.bulk_create([PlannedPoint(point=point, **planned) for point in points])
        assert PlannedPoint.objects.count() == until

    def queries(self, address: str) -> int:
        """How many queries a page takes, the session's own left out by asking once before."""
        client = Client()
        client.force_login(Account.objects.get(username="province"))
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            response = client.get(address)
        assert response.status_code == 200
        return len(caught)

    def test_ten_points_and_a_thousand_take_as_many_queries(self) -> None:
        addresses = [reverse("board"), reverse("clause", args=["T02"]), reverse("waiting"), reverse("map")]
        self.grow(FEW)
        few = [self.queries(address) for address in addresses]
        self.grow(MANY)
        assert [self.queries(address) for address in addresses] == few
