"""A small province to look at: a network of three points in two cities, one campaign, four people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from jingtu.chapters.monitoring import actions as monitoring
from jingtu.land import actions as land
from jingtu.land.models import Account, Department, Post, Role
from jingtu.registers import clock, ledger
from jingtu.registers.reach import Reach

ESTABLISHED_ON = date(2016, 12, 1)
# code, name, county, longitude, latitude
POINTS = (
    ("N-140105-01", "小店一号", "140105", 112.56, 37.74),
    ("N-140105-02", "小店二号", "140105", 112.58, 37.72),
    ("N-140303-01", "矿区一号", "140303", 113.56, 37.86),
)


@dataclass(frozen=True)
class Province:
    """Who asks, and what there is to see."""

    officer: Account
    city: Account
    county: Account
    laboratory: Account
    network: Any
    campaign: Any
    points: dict[str, Any]
    planned: dict[str, Any]


def person(name: str, region: str, role: Role, department: Department = Department.ECOLOGY) -> Post:
    organisation = land.found_organisation(f"{name}的单位", region, [department])
    account = land.open_account(name, name, "correct-horse-battery")
    return land.appoint(account, organisation, region, department, role, date(2020, 1, 1))


def enter(network: Any, by: Reach) -> dict[str, Any]:
    rows = [
        {
            "code": code, "name": name, "kind": "base", "land_use": "dry_field", "network": network.code,
            "county_code": county, "established_on": ESTABLISHED_ON, "lon": lon, "lat": lat,
        }
        for code, name, county, lon, lat in POINTS
    ]  # fmt: skip
    with ledger.deed(
        "monitoring.point.entered", by=by, on=clock.today(), register="monitoring.point", region="140000"
    ) as doing:
        monitoring.enter_points(rows, doing)
        doing.sentence = "点位入库"
    return {point.code: point for point in network.points.order_by("code")}


@pytest.fixture
def province(db: None) -> Province:
    officer = person("省级经办", "140000", Role.CLERK)
    by, today = Reach.of(officer), clock.today()
    network = monitoring.found_network("national", "国家土壤环境监测网", "生态环境部", by=by, on=today)
    points = enter(network, by)
    campaign = monitoring.plan_campaign("国家网监测", network, ["cd", "hg"], today, by=by, on=today)
    monitoring.issue_campaign(campaign, by=by, on=today)
    return Province(
        officer=officer.account,
        city=person("太原经办", "140100", Role.CLERK).account,
        county=person("矿区查阅", "140303", Role.OBSERVER).account,
        laboratory=person("检测员", "140000", Role.LABORATORY, Department.LABORATORY).account,
        network=network,
        campaign=campaign,
        points=points,
        planned={each.point.code: each for each in campaign.planned_points.select_related("point")},
    )


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client
