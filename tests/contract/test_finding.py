"""Finding one's way: one search for everything, lists narrowed to what hangs on a record, what came back to whom."""

from __future__ import annotations

import re

from django.http import QueryDict

from jingtu.desk.search import MOST_EACH, search
from jingtu.desk.work import my_work
from jingtu.registers.clock import Clock
from jingtu.registers.declare import get_register
from jingtu.registers.listing import listing
from jingtu.registers.models import Dossier
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of, reach_of

CITY, COUNTY = "shi-datong-jingban", "xian-xiaodian-jingban"


def test_a_code_is_found_in_every_register_that_holds_it() -> None:
    code = kit.rows(get_register("monitoring.point")).filter(code__startswith="YS-").order_by("pk")[0].code
    found = {each.register.name: each for each in search(reach_of(PROVINCE), Clock.present(), code)}
    assert {"monitoring.point", "monitoring.planned_point"} <= set(found)
    assert all(0 < len(each.rows) <= MOST_EACH for each in found.values())
    page = client_of(PROVINCE).get("/search/", {"q": code}).content.decode()
    assert all(url in page for each in found.values() for url, _values in each.rows)


def test_the_search_keeps_to_the_reach() -> None:
    """Seen to fail with the register's rows asked without the reach."""
    point = kit.rows(get_register("monitoring.point")).filter(region__code__startswith="1402").order_by("pk")[0]
    assert search(reach_of(CITY), Clock.present(), point.code)
    assert not search(reach_of(COUNTY), Clock.present(), point.code)
    assert "没有找到" in client_of(COUNTY).get("/search/", {"q": point.code}).content.decode()


def test_places_duties_and_pages_are_found_as_well() -> None:
    client = client_of(PROVINCE)
    assert "/board/?parent=140200" in client.get("/search/", {"q": "大同"}).content.decode()
    assert "/duties/T02-04/" in client.get("/search/", {"q": "t02-04"}).content.decode()
    assert 'href="/r/evidence.batch/"' in client.get("/search/", {"q": "检测批"}).content.decode()
    assert "请写两个字以上" in client.get("/search/", {"q": "大"}).content.decode()


def test_what_hangs_on_a_record_is_listed_to_its_end() -> None:
    """Seen to fail while “看全部” led to the whole register."""
    register, hanging = get_register("monitoring.campaign"), get_register("monitoring.planned_point")
    campaign = kit.rows(register).filter(state="issued").order_by("pk")[0]
    client, number = client_of(PROVINCE), campaign.planned_points.count()
    assert number > 20
    link = re.search(r'href="(/r/monitoring\.planned_point/\?of=[^"]+)"', client.get(register.url(campaign.pk)).text)
    assert link
    page = client.get(link[1]).text
    assert f"共 {number} 条" in page
    assert f"只列出“{register.title} {campaign}”之下的记录" in page
    asked = QueryDict(f"of=monitoring.campaign.{campaign.pk}")
    assert listing(hanging, reach_of(PROVINCE), Clock.present(), asked).count == number
    assert listing(hanging, reach_of(PROVINCE), Clock.present(), QueryDict("of=x.y.z")).count > number


def test_a_faulty_file_comes_back_to_who_handed_it_in_and_to_nobody_else() -> None:
    """Seen to fail while every clerk within reach was asked to withdraw it."""
    faulty = Dossier.objects.filter(state="faulty", organisation__name="演示检测二所").order_by("pk")[0]
    mine = [task.url for task in my_work(reach_of("jiance-er"), Clock.present()).returned]
    assert mine.count(f"/dossiers/{faulty.pk}/") == 1
    assert f"/dossiers/{faulty.pk}/" not in [each.url for each in my_work(reach_of(PROVINCE), Clock.present()).returned]
