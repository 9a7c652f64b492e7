"""Every sheet: a good file goes through the front door into its register, a bad one is refused and changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from jingtu.chapters.monitoring.models import Campaign, Point
from jingtu.demonstration import play, rows
from jingtu.demonstration.workbooks import Row, filled
from jingtu.registers import clock, intake, outbox
from jingtu.registers.declare import get_register, get_sheet
from jingtu.registers.models import Dossier, Package
from jingtu.registers.reach import Reach
from jingtu.sheets.blank import blank_workbook
from jingtu.sheets.sheet import read_sheet
from tests.contract import kit, seeds, seeds_farmland
from tests.contract.people import client_of, holder, post, reach_of

Good = tuple[list[Row], Reach, str]


def good_points() -> Good:
    """The points of the demonstration once more, under other names."""
    dossier = Dossier.objects.filter(sheet="monitoring.point", state="accepted").order_by("pk")[0]
    again = [{**row, "name": f"{row['name']}（更名）"} for row in seeds.rows_of(dossier)]
    return again, reach_of("sheng-jingban"), "140000"


def good_records() -> Good:
    """Field records of a campaign issued now."""
    by, today = reach_of("sheng-jingban"), clock.today()
    campaign = Campaign.objects.get(name="契约测试任务")
    campaign = get_register("monitoring.campaign").deeds["issue"](campaign, by=by, on=today)
    planned = campaign.planned_points.select_related("point").order_by("point__code")[:5]
    return rows.field_records(1, today, list(planned)), by, "140000"


def good_results() -> Good:
    """The results of a batch that was accepted, as the laboratory's correction of it."""
    old = Dossier.objects.filter(sheet="evidence.result", batch__state="accepted").order_by("pk")[0]
    laboratory = holder(role="laboratory", organisation_id=old.organisation_id)
    first, *rest = seeds.rows_of(old)
    return [{**first, "method": f"{first['method']}（更正）"}, *rest], laboratory, old.region_id


def good_receipt() -> Good:
    """The answer to a package sent today."""
    by, today = reach_of("sheng-jingban"), clock.today()
    point = Point.objects.order_by("code")[0]
    items = [outbox.Item(point.code, "monitoring.point", point.pk)]
    package = outbox.make(b"new", "n.csv", items, target="平台", kind="契约", field_map="draft", by=by, on=today)
    outbox.send(package, by=by, on=today)
    return rows.receipt(Package.objects.get(pk=package.pk), "HZ-契约", today, {}), by, "140000"


def good_wells() -> Good:
    """More wells."""
    more = [{**row, "code": f"N-{row['code']}"} for row in seeds.WELLS]
    return more, reach_of("shi-taiyuan-jingban"), "140100"


def of_hongtong(rows_of: Callable[[], list[Row]]) -> Callable[[], Good]:
    """Rows handed in by the county of the farmland demonstration."""
    return lambda: (rows_of(), reach_of("xian-hongtong-nongye"), seeds_farmland.HONGTONG)


GOOD: dict[str, Callable[[], Good]] = {
    "farmland.unit": of_hongtong(seeds_farmland.good_units),
    "farmland.land_change": of_hongtong(seeds_farmland.good_land_changes),
    "farmland.pair": of_hongtong(seeds_farmland.good_pairs),
    "farmland.cropping": of_hongtong(seeds_farmland.good_croppings),
    "farmland.measure": of_hongtong(seeds_farmland.good_measures),
    "farmland.patrol": of_hongtong(seeds_farmland.good_patrols),
    "farmland.zone": of_hongtong(seeds_farmland.good_zones),
    "farmland.control_use": of_hongtong(seeds_farmland.good_control_uses),
    "farmland.subsidy": of_hongtong(seeds_farmland.good_subsidies),
    "monitoring.point": good_points,
    "monitoring.field_record": good_records,
    "monitoring.receipt": good_receipt,
    "evidence.result": good_results,
    "sample.well": good_wells,
}


def good(name: str) -> Good:
    """A good file of a sheet."""
    assert name in GOOD, f"The sheet {name} has no good file. Say in tests/contract/test_sheets.py how one is made."
    return GOOD[name]()


def client_of_reach(by: Reach) -> Any:
    """A browser of the account behind a reach."""
    from jingtu.land.models import Account

    return client_of(Account.objects.get(pk=by.account_id).username)


def handed_in(name: str, content: bytes, by: Reach, region: str) -> Dossier:
    """Hand in a file on the page; returns its dossier as checked."""
    file = SimpleUploadedFile(f"{name}.xlsx", content)
    said = {"sheet": name, "region": region, "on": clock.today().isoformat(), "file": file}
    response = client_of_reach(by).post(reverse("dossier-new"), said)
    assert response.status_code == 302, response.content.decode()
    play.settle()
    return Dossier.objects.get(pk=int(response["Location"].rstrip("/").rpartition("/")[2]))


@pytest.mark.parametrize("name", kit.SHEETS)
def test_a_good_file_is_taken(name: str) -> None:
    content, by, region = good(name)
    sheet = get_sheet(name)
    dossier = handed_in(name, filled(sheet.spec, content), by, region)
    assert dossier.state == "ready", list(dossier.issues.values_list("code", "row", "message"))
    assert dossier.row_count == dossier.good_count == len(content)
    assert dossier.summary["preview"]
    clerk = by if by.role == "clerk" else holder(role="clerk", region_id=region)
    accept = {"accept-on": clock.today().isoformat(), "accept-reason": ""}
    response = client_of_reach(clerk).post(reverse("dossier-move", args=[dossier.pk, "accept"]), accept)
    assert response.status_code == 302, response.content.decode()
    play.settle()
    dossier.refresh_from_db()
    assert dossier.state == "accepted"
    assert dossier.summary["outcome"]
    page = client_of_reach(clerk).get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert dossier.number in page


@pytest.mark.parametrize("name", kit.SHEETS)
def test_a_bad_file_changes_nothing(name: str) -> None:
    content, by, region = good(name)
    sheet = get_sheet(name)
    register = get_register(sheet.register)
    before = register.queryset().count()
    for column in sheet.spec.required():
        spoilt = [dict(row) for row in content]
        spoilt[-1][column.name] = ""
        dossier = handed_in(name, filled(sheet.spec, spoilt), by, region)
        assert dossier.state == "faulty", column.name
        found = set(dossier.issues.filter(code="cell.required").values_list("row", "column"))
        assert found == {(len(spoilt) + 2, column.heading())}
        assert dossier.good_count < dossier.row_count
    with pytest.raises(intake.ledger.DeedRefused, match="当前状态"):
        intake.accept(dossier, by=reach_of("sheng-jingban"), on=clock.today())
    marked = client_of_reach(by).get(reverse("dossier-marked", args=[dossier.pk]))
    assert marked.status_code == 200
    assert CalamineWorkbook.from_filelike(io.BytesIO(marked.content)).sheet_names
    assert register.queryset().count() == before


@pytest.mark.parametrize("name", kit.SHEETS)
def test_the_blank_workbook_is_the_sheet(name: str) -> None:
    spec = get_sheet(name).spec
    response = client_of("chayue").get(reverse("blank", args=[name]))
    assert response.status_code == 200
    empty = read_sheet(spec, response.content, "blank.xlsx")
    assert {issue.code for issue in empty.issues} == {"sheet.rows.none"}
    example = {column.name: column.example for column in spec.columns}
    reading = read_sheet(spec, blank_workbook(spec, [example]), "example.xlsx")
    assert reading.is_clean(), [issue.message for issue in reading.issues]


@pytest.mark.parametrize("name", kit.SHEETS)
def test_only_those_who_may_hand_in(name: str) -> None:
    content, _by, region = good(name)
    book = filled(get_sheet(name).spec, content)
    for who in ("chayue", post("140100", "clerk", "finance")):
        file = SimpleUploadedFile("x.xlsx", book)
        said = {"sheet": name, "region": region, "on": clock.today().isoformat(), "file": file}
        assert client_of(who).post(reverse("dossier-new"), said).status_code == 404
    count = Dossier.objects.count()
    with pytest.raises(intake.ledger.DeedRefused):
        intake.receive(name, book, "x.xlsx", by=reach_of("chayue"), on=clock.today(), region=region)
    assert Dossier.objects.count() == count


@pytest.mark.parametrize("name", kit.SHEETS)
def test_the_same_file_again_is_the_same_dossier(name: str) -> None:
    content, by, region = good(name)
    book = filled(get_sheet(name).spec, content)
    assert handed_in(name, book, by, region).pk == handed_in(name, book, by, region).pk


@pytest.mark.parametrize("name", kit.NAMES)
def test_sheets_of_a_register_are_offered_on_its_list(name: str) -> None:
    register = get_register(name)
    page = client_of("sheng-jingban").get(register.url()).content.decode()
    for each in register.sheets:
        assert get_sheet(each).register == name
        assert reverse("blank", args=[each]) in page
