"""The API: same reach and same days as the screens, every refusal a sentence."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingtu.config.instance import CHECKOUT
from jingtu.faces.api.service import description
from jingtu.registers import clock, duties
from jingtu.registers.declare import get_sheet
from tests.faces.conftest import ESTABLISHED_ON, POINTS, Province, signed_in
from tests.flows.world import workbook

V1 = "/api/v1"
POINT = f"{V1}/registers/monitoring.point"
PLANNED_ITEMS = f"{V1}/layers/monitoring.planned_point/items"


def told(client: Client, address: str, query: dict[str, Any] | None = None) -> Any:
    response = client.get(address, query or {})
    assert response.status_code == 200, response.content.decode()
    return response.json()


def refused(response: Any, status: int) -> dict[str, Any]:
    """A problem of RFC 9457 with its sentences; returns it."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:jingtu:problem:api.")
    assert problem["title"]
    assert problem["detail"].endswith(("。", "）"))
    return dict(problem)


def codes(page: dict[str, Any]) -> set[str]:
    return {row["values"]["code"] for row in page["items"]}


# --- registers --------------------------------------------------------------------------------------------------


def test_the_registers_are_told_as_declared(province: Province) -> None:
    found = {each["name"]: each for each in told(signed_in(province.officer), f"{V1}/registers")["items"]}
    point = found["monitoring.point"]
    assert point["title"] == "监测点位"
    assert [each["name"] for each in point["columns"]][:2] == ["code", "name"]
    kind = next(each for each in point["filters"] if each["name"] == "kind")
    assert kind["choices"]["base"] == "基础点位"
    assert point["has_layer"] is True
    assert point["sheets"] == ["monitoring.point"]


def test_laboratories_are_told_of_their_own_registers_only(province: Province) -> None:
    found = {each["name"] for each in told(signed_in(province.laboratory), f"{V1}/registers")["items"]}
    assert "evidence.batch" in found
    assert "monitoring.point" not in found
    assert "monitoring.planned_point" not in found


def test_a_list_has_the_names_and_values_declared(province: Province) -> None:
    page = told(signed_in(province.officer), POINT)
    assert page["register"] == "monitoring.point"
    assert page["count"] == 3
    assert page["items"][0]["values"] == {
        "code": "N-140105-01", "name": "小店一号", "network": "国家土壤环境监测网", "kind": "base", "city": "太原市",
        "county": "小店区", "land_use": "dry_field", "established_on": ESTABLISHED_ON.isoformat(),
    }  # fmt: skip
    assert page["next"] == page["previous"] == ""


def test_lists_keep_to_the_reach(province: Province) -> None:
    assert codes(told(signed_in(province.city), POINT)) == {"N-140105-01", "N-140105-02"}
    assert codes(told(signed_in(province.county), POINT)) == {"N-140303-01"}
    refused(signed_in(province.laboratory).get(POINT), 404)


def test_lists_filter_search_and_sort_as_on_the_screen(province: Province) -> None:
    client = signed_in(province.officer)
    assert codes(told(client, POINT, {"region": "140300"})) == {"N-140303-01"}
    assert codes(told(client, POINT, {"q": "二号"})) == {"N-140105-02"}
    falling = told(client, POINT, {"sort": "-code", "columns": "code"})
    assert [row["values"] for row in falling["items"]] == [
        {"code": code} for code, *_rest in sorted(POINTS, reverse=True)
    ]


def test_pages_follow_each_other_both_ways(province: Province) -> None:
    client = signed_in(province.officer)
    first = told(client, POINT, {"limit": 2, "sort": "code"})
    second = told(client, first["next"])
    assert codes(first) == {"N-140105-01", "N-140105-02"}
    assert codes(second) == {"N-140303-01"}
    assert second["next"] == ""
    assert codes(told(client, second["previous"])) == codes(first)


def test_lists_answer_as_of_a_day(province: Province) -> None:
    client = signed_in(province.officer)
    assert told(client, POINT, {"on": "2016年12月1日"})["count"] == 3
    before = told(client, POINT, {"on": (ESTABLISHED_ON - timedelta(days=1)).isoformat()})
    assert (before["count"], before["on"]) == (0, "2016-11-30")
    now = told(client, POINT)
    assert (now["count"], now["on"]) == (3, clock.today().isoformat()), "a day asked for once must not linger"


def test_answers_are_as_known_on_a_day(province: Province) -> None:
    client, address = signed_in(province.officer), f"{V1}/duties/T02-01/obligations"
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert told(client, address, {"region": "140303"})["items"]
    assert told(client, address, {"region": "140303", "known_on": yesterday})["items"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"knd": "base"}, "api.filter.unknown"),
        ({"kind": "nonsense"}, "api.filter.value"),
        ({"sort": "geom"}, "api.column.unknown"),
        ({"columns": "secret"}, "api.column.unknown"),
        ({"after": "@@"}, "api.cursor"),
        ({"after": "WyJhIl0="}, "api.cursor"),
        ({"limit": "0"}, "api.parameter"),
        ({"limit": "many"}, "api.parameter"),
        ({"on": "tomorrow"}, "api.day.unreadable"),
        ({"on": "2999-01-01"}, "api.day.future"),
        ({"known_on": "2999-01-01"}, "api.day.future"),
    ],
)
def test_what_a_list_cannot_answer_it_refuses(province: Province, query: dict[str, str], code: str) -> None:
    problem = refused(signed_in(province.officer).get(POINT, query), 422)
    assert problem["type"] == f"urn:jingtu:problem:{code}"


def test_a_cursor_of_another_order_is_refused(province: Province) -> None:
    client = signed_in(province.officer)
    cursor = told(client, POINT, {"limit": 1, "sort": "code"})["next"].partition("after=")[2].partition("&")[0]
    response = client.get(f"{POINT}?sort=established_on&after={cursor}")
    assert refused(response, 422)["type"].endswith("api.cursor")


def test_a_record_tells_what_its_page_tells(province: Province) -> None:
    planned = province.planned["N-140105-01"]
    found = told(signed_in(province.city), f"{V1}/registers/monitoring.planned_point/{planned.pk}")
    assert found["values"]["stage"] == "planned"
    assert found["values"]["code"] == "N-140105-01"
    assert [panel["title"] for panel in found["panels"]] == ["点位", "进度"]
    fact = next(each for each in found["panels"][0]["facts"] if each["name"] == "campaign")
    assert fact["value"] == {"id": province.campaign.pk, "label": "国家网监测"}
    assert {each["duty"] for each in found["obligations"]} >= {"T02-01"}


def test_a_workflow_record_tells_moves_and_ledger(province: Province) -> None:
    found = told(signed_in(province.officer), f"{V1}/registers/monitoring.campaign/{province.campaign.pk}")
    assert (found["state"], found["state_label"], found["values"]["standing"]) == ("issued", "已下达", "issued")
    assert [each["to_state"] for each in found["moves"]] == ["draft", "issued"]
    assert len(found["ledger"]) == 2
    assert found["related"][0]["register"] == "monitoring.planned_point"
    assert len(found["related"][0]["rows"]) == 3


def test_records_out_of_reach_are_not_there(province: Province) -> None:
    address = f"{V1}/registers/monitoring.planned_point/{province.planned['N-140303-01'].pk}"
    told(signed_in(province.county), address)
    refused(signed_in(province.city).get(address), 404)
    refused(signed_in(province.laboratory).get(address), 404)
    refused(signed_in(province.officer).get(f"{V1}/registers/monitoring.planned_point/987654321"), 404)
    refused(signed_in(province.officer).get(f"{V1}/registers/nothing"), 404)


# --- layers -----------------------------------------------------------------------------------------------------


def test_layers_are_geojson_within_reach(province: Province) -> None:
    found = told(signed_in(province.city), PLANNED_ITEMS)
    assert found["type"] == "FeatureCollection"
    assert {each["properties"]["code"] for each in found["features"]} == {"N-140105-01", "N-140105-02"}
    one = next(each for each in found["features"] if each["properties"]["code"] == "N-140105-01")
    assert one["geometry"] == {"type": "Point", "coordinates": [112.56, 37.74]}
    assert one["properties"]["state_label"] == "待采样"
    assert one["id"] == province.planned["N-140105-01"].pk


def test_layers_answer_for_a_box_and_page_by_page(province: Province) -> None:
    client = signed_in(province.officer)
    boxed = told(client, PLANNED_ITEMS, {"bbox": "113,37,114,38"})
    assert [each["properties"]["code"] for each in boxed["features"]] == ["N-140303-01"]
    first = told(client, PLANNED_ITEMS, {"limit": 2})
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    second = told(client, following)
    assert (first["numberReturned"], second["numberReturned"]) == (2, 1)
    assert not [link for link in second["links"] if link["rel"] == "next"]
    ids = [each["id"] for each in first["features"] + second["features"]]
    assert ids == sorted(set(ids))


def test_layers_answer_as_of_a_day(province: Province) -> None:
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert told(signed_in(province.officer), PLANNED_ITEMS, {"on": yesterday})["features"] == []


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "114,37,113,38", "0,0,0,91", "nan,0,1,1"])
def test_what_is_no_box_is_refused(province: Province, box: str) -> None:
    assert refused(signed_in(province.officer).get(PLANNED_ITEMS, {"bbox": box}), 422)["type"].endswith("api.bbox")


def test_layers_describe_themselves(province: Province) -> None:
    client = signed_in(province.officer)
    found = {each["id"]: each for each in told(client, f"{V1}/layers")["items"]}
    assert set(found) >= {"monitoring.point", "monitoring.planned_point"}
    assert told(client, f"{V1}/layers/monitoring.point") == found["monitoring.point"]
    assert found["monitoring.planned_point"]["geometry"] == "POINT"
    refused(client.get(f"{V1}/layers/evidence.batch"), 404)


# --- plan -------------------------------------------------------------------------------------------------------


def test_duties_say_whether_they_are_bound(province: Province) -> None:
    found = {each["code"]: each for each in told(signed_in(province.officer), f"{V1}/duties")["items"]}
    assert len(found) == 116
    assert found["T02-01"]["bound"] is True
    bound = {code for code, each in found.items() if each["bound"]}
    assert {"T02-01", "T02-02", "T02-03", "T02-04"} <= bound == set(duties.bound())
    assert bound != set(found), "what no record answers for says so"


def test_obligations_are_counted_within_reach(province: Province) -> None:
    address = f"{V1}/duties/T02-01/obligations"
    everything = told(signed_in(province.officer), address, {"limit": 1000})
    assert len(everything["items"]) == 112
    mine = told(signed_in(province.city), address)
    assert [each["key"] for each in mine["items"]] == ["N-140105-01", "N-140105-02"]
    assert {each["missing"] for each in mine["items"]} == {"待采样"}
    assert mine["due_on"]
    assert told(signed_in(province.officer), address, {"region": "140303"})["items"][0]["key"] == "N-140303-01"
    refused(signed_in(province.city).get(address, {"region": "140300"}), 404)


def test_obligations_come_page_by_page_and_by_state(province: Province) -> None:
    client, address = signed_in(province.officer), f"{V1}/duties/T02-01/obligations"
    keys, following = [], f"{address}?limit=50"
    while following:
        page = told(client, following)
        keys += [each["key"] for each in page["items"]]
        following = page["next"]
    assert len(keys) == len(set(keys)) == 112
    assert told(client, address, {"state": "done"})["items"] == []
    refused(client.get(address, {"state": "fine"}), 422)


def test_an_unbound_duty_says_so(province: Province) -> None:
    unbound = next(
        each["code"] for each in told(signed_in(province.officer), f"{V1}/duties")["items"] if not each["bound"]
    )
    found = told(signed_in(province.officer), f"{V1}/duties/{unbound}/obligations")
    assert found["bound"] is False
    assert "尚未接入" in found["note"]
    assert found["items"] == []
    assert "T99-99" in refused(signed_in(province.officer).get(f"{V1}/duties/T99-99/obligations"), 404)["detail"]


def test_the_board_counts_what_the_obligations_are(province: Province) -> None:
    client = signed_in(province.officer)
    found = told(client, f"{V1}/board", {"clause": "T02"})
    row = next(each for each in found["rows"] if each["code"] == "T02-01")
    assert row["total"]["total"] == 112
    assert row["cells"]["1401"]["total"] == 2
    assert len(found["columns"]) == 11
    counties = told(client, f"{V1}/board", {"clause": "T02", "region": "140100"})
    assert {each["code"] for each in counties["columns"]} >= {"140105"}
    departments = told(client, f"{V1}/board", {"by": "department"})
    assert len(departments["rows"]) == 19
    refused(client.get(f"{V1}/board", {"by": "colour"}), 422)
    refused(signed_in(province.county).get(f"{V1}/board", {"region": "140100"}), 404)


# --- dossiers ---------------------------------------------------------------------------------------------------


def points_file(rows: list[dict[str, str]], name: str = "点位.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, workbook(get_sheet("monitoring.point").spec, rows))


NEW_POINT = {
    "code": "N-140105-09", "name": "小店九号", "network": "national", "kind": "base", "county_code": "140105",
    "lon": "112.566", "lat": "37.73", "land_use": "旱地", "established_on": "2016-12-01",
}  # fmt: skip


def hand_in(client: Client, file: Any, capture: Any, **said: str) -> Any:
    with capture(execute=True):
        return client.post(f"{V1}/dossiers", {"sheet": "monitoring.point", **said, "file": file})


def test_a_file_becomes_a_dossier(province: Province, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in(province.officer)
    made = hand_in(client, points_file([NEW_POINT]), django_capture_on_commit_callbacks)
    assert made.status_code == 201, made.content.decode()
    assert made.json()["is_new"] is True
    assert made["Location"] == made.json()["url"]
    found = told(client, made["Location"])
    assert (found["state"], found["row_count"], found["good_count"]) == ("ready", 1, 1), found["issues"]
    again = hand_in(client, SimpleUploadedFile("另名.xlsx", _bytes(found)), django_capture_on_commit_callbacks)
    assert (again.status_code, again.json()["is_new"], again.json()["id"]) == (200, False, found["id"])


def _bytes(found: dict[str, Any]) -> bytes:
    from jingtu.registers import documents

    return documents.path_of(found["sha256"]).read_bytes()


def test_a_faulty_file_tells_its_problems(province: Province, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in(province.officer)
    rows = [{**NEW_POINT, "lon": "113.9"}, {**NEW_POINT, "code": "N-140105-10", "established_on": "某日"}]
    made = hand_in(client, points_file(rows), django_capture_on_commit_callbacks)
    found = told(client, made["Location"])
    assert found["state"] == "faulty"
    assert found["blocking_count"] == 2
    issue = next(each for each in found["issues"] if each["code"] == "monitoring.point.outside")
    assert issue["place"].startswith("文件 点位.xlsx")
    assert "第 2 行" in issue["place"]
    assert issue["cure"]
    first = told(client, made["Location"], {"limit": 1, "severity": "blocking"})
    second = told(client, first["next"])
    assert first["issues"][0]["id"] < second["issues"][0]["id"]
    assert second["next"] == ""


def test_dossiers_keep_to_the_reach(province: Province, django_capture_on_commit_callbacks: Any) -> None:
    made = hand_in(signed_in(province.city), points_file([NEW_POINT]), django_capture_on_commit_callbacks)
    assert made.status_code == 201, made.content.decode()
    assert told(signed_in(province.officer), made["Location"])["region"] == "140100"
    refused(signed_in(province.county).get(made["Location"]), 404)
    refused(signed_in(province.laboratory).get(made["Location"]), 404)


def test_what_cannot_be_handed_in_leaves_nothing(province: Province, django_capture_on_commit_callbacks: Any) -> None:
    client, capture = signed_in(province.officer), django_capture_on_commit_callbacks
    count = told(client, f"{V1}/registers/registers.dossier")["count"]
    refused(hand_in(client, points_file([NEW_POINT]), capture, sheet="nothing"), 422)
    refused(hand_in(client, SimpleUploadedFile("空.xlsx", b""), capture), 422)
    refused(hand_in(client, points_file([NEW_POINT]), capture, on="某日"), 422)
    refused(hand_in(client, points_file([NEW_POINT]), capture, region="999999"), 404)
    future = refused(hand_in(client, points_file([NEW_POINT]), capture, on="2999-01-01"), 409)
    assert "晚于今天" in future["detail"]
    assert future["clause"] == get_sheet("monitoring.point").clause
    refused(hand_in(signed_in(province.county), points_file([NEW_POINT]), capture), 409)
    assert "缺少参数" in refused(client.post(f"{V1}/dossiers", {"sheet": "monitoring.point"}), 422)["detail"]
    assert told(client, f"{V1}/registers/registers.dossier")["count"] == count


def test_writing_needs_the_token(province: Province) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(province.officer)
    response = client.post(f"{V1}/dossiers", {"sheet": "monitoring.point", "file": points_file([NEW_POINT])})
    assert "X-CSRFToken" in refused(response, 403)["detail"]


# --- ledger, sign-in, addresses -----------------------------------------------------------------------------------


def test_the_heads_of_the_ledger_are_the_newest_entries(province: Province) -> None:
    client = signed_in(province.officer)
    heads = {each["stream"]: each for each in told(client, f"{V1}/ledger/heads")["items"]}
    campaign = told(client, f"{V1}/registers/monitoring.campaign/{province.campaign.pk}")
    assert heads["monitoring.campaign"]["hash"] == campaign["ledger"][0]["hash"]
    assert heads["monitoring.campaign"]["seq"] == 2


OFFICERS_ONLY = (
    "/layers",
    "/layers/monitoring.point/items",
    "/duties",
    "/duties/T02-01/obligations",
    "/board",
    "/ledger/heads",
)


@pytest.mark.parametrize("address", OFFICERS_ONLY)
def test_laboratories_do_not_learn_of_places_or_progress(province: Province, address: str) -> None:
    refused(signed_in(province.laboratory).get(f"{V1}{address}"), 404)
    told(signed_in(province.officer), f"{V1}{address}")


@pytest.mark.parametrize(
    "address", [*OFFICERS_ONLY, "/registers", "/registers/monitoring.point", "/dossiers/1", "/openapi.json"]
)
def test_nobody_asks_unknown(db: None, address: str) -> None:
    refused(Client().get(f"{V1}{address}"), 401)


def test_whoever_holds_no_post_is_told_so(db: None) -> None:
    from jingtu.land import actions as land

    account = land.open_account("无岗", "无岗", "correct-horse-battery")
    for address in ("/registers", "/openapi.json"):
        assert "岗位" in refused(signed_in(account).get(f"{V1}{address}"), 403)["detail"]


def test_wrong_addresses_and_methods_are_problems_too(province: Province) -> None:
    client = signed_in(province.officer)
    for address in ("/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/registers", f"{POINT}/one"):
        refused(client.get(address), 404)
    response = client.delete(f"{V1}/registers")
    assert "GET" in refused(response, 405)["detail"]
    assert response["Allow"] == "GET"


def test_a_fault_of_the_system_is_a_problem_too(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("jingtu.faces.api.ledger_routes.ledger.heads", broken)
    problem = refused(signed_in(province.officer).get(f"{V1}/ledger/heads"), 500)
    assert "secret" not in json.dumps(problem)


def test_the_description_is_the_one_that_is_kept(province: Province) -> None:
    served = told(signed_in(province.officer), f"{V1}/openapi.json")
    assert served == json.loads(description())
    kept = CHECKOUT / "docs" / "openapi.json"
    assert kept.exists(), "docs/openapi.json is missing; write it with: jingtu manage write_openapi"
    assert kept.read_text(encoding="utf-8") == description(), (
        "The API changed and docs/openapi.json did not. If the change is meant and harms nobody who relies on the old "
        "form, write it anew with: jingtu manage write_openapi"
    )
