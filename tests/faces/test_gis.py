"""Tiles: what is drawn, for whom, as of which day, and what the browser may keep."""

from __future__ import annotations

import gzip
import math
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jingtu.faces.gis.tile import Tile
from jingtu.registers import clock
from tests.faces import mvt
from tests.faces.conftest import ESTABLISHED_ON, Province, signed_in

LAYER = "monitoring.planned_point"


def place(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    count = 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return z, int((lon + 180) / 360 * count), int(y * count)


def tile(client: Client, layer: str, z: int, lon: float = 112.57, lat: float = 37.73, **query: str) -> Any:
    at = "/".join(str(number) for number in place(lon, lat, z))
    return client.get(f"/tiles/{layer}/{at}.mvt", query)


def drawn(client: Client, layer: str, z: int, **query: Any) -> dict[str, list[dict[str, Any]]]:
    response = tile(client, layer, z, **query)
    assert response.status_code == 200, response.content
    return mvt.layers(response.content)


def test_regions_come_with_labels_of_their_own(province: Province) -> None:
    found = drawn(signed_in(province.officer), "regions", 6)
    names = {each["code"]: each for each in found["regions"]}
    assert names["140105"]["level"] == "county"
    assert names["140105"]["type"] == "polygon"
    labels = [each["code"] for each in found["labels"]]
    assert "140105" in labels
    assert len(labels) == len(set(labels))


def test_far_away_only_cities_are_drawn(province: Province) -> None:
    found = drawn(signed_in(province.officer), "regions", 3)
    assert {each["level"] for each in found["regions"]} == {"province", "city"}
    assert sum(each["level"] == "city" for each in found["labels"]) == 11


def test_cities_are_drawn_over_counties(province: Province) -> None:
    levels = [each["level"] for each in drawn(signed_in(province.officer), "regions", 6)["regions"]]
    assert levels == sorted(levels, key=["county", "city", "province"].index)


def test_every_county_is_drawn_once_labelled(province: Province) -> None:
    client = signed_in(province.officer)
    z, seen = 6, []
    west, north = place(110.0, 41.0, z)[1:]
    east, south = place(114.8, 34.3, z)[1:]
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            found = mvt.layers(client.get(f"/tiles/regions/{z}/{x}/{y}.mvt").content)
            seen += [each["code"] for each in found.get("regions", []) if each["level"] == "county"]
    assert len(set(seen)) == 117


def test_points_carry_what_the_map_says_of_them(province: Province) -> None:
    found = drawn(signed_in(province.officer), LAYER, 10)[LAYER]
    one = next(each for each in found if each["code"] == "N-140105-01")
    planned = province.planned["N-140105-01"]
    assert one["#"] == planned.pk
    assert one["label"] == "小店一号"
    assert one["region"] == "小店区"
    assert (one["state"], one["state_label"], one["sign"]) == ("planned", "待采样", "open")
    assert one["url"] == f"/r/{LAYER}/{planned.pk}/"
    assert one["type"] == "point"


def test_a_layer_without_states_has_a_plain_sign(province: Province) -> None:
    found = drawn(signed_in(province.officer), "monitoring.point", 10)["monitoring.point"]
    assert {each["sign"] for each in found} == {"plain"}
    assert all("state" not in each for each in found)


def test_out_of_reach_nothing_is_drawn(province: Province) -> None:
    everything = drawn(signed_in(province.officer), "monitoring.point", 6)["monitoring.point"]
    assert {each["code"] for each in everything} == {"N-140105-01", "N-140105-02", "N-140303-01"}
    taiyuan = drawn(signed_in(province.city), "monitoring.point", 6)["monitoring.point"]
    assert {each["code"] for each in taiyuan} == {"N-140105-01", "N-140105-02"}
    county = signed_in(province.county)
    assert {each["code"] for each in drawn(county, LAYER, 6)[LAYER]} == {"N-140303-01"}
    assert drawn(county, LAYER, 10) == {}


def test_a_tile_holds_only_its_own_ground(province: Province) -> None:
    client = signed_in(province.officer)
    near = drawn(client, "monitoring.point", 10, lon=113.56, lat=37.86)["monitoring.point"]
    assert {each["code"] for each in near} == {"N-140303-01"}
    assert drawn(client, "monitoring.point", 10, lon=111.0, lat=36.0) == {}


def test_the_past_is_drawn_as_it_stood(province: Province) -> None:
    client = signed_in(province.officer)
    day = ESTABLISHED_ON - timedelta(days=1)
    assert drawn(client, "monitoring.point", 10, on=day.isoformat()) == {}
    assert len(drawn(client, "monitoring.point", 10, on=ESTABLISHED_ON.isoformat())["monitoring.point"]) == 2
    yesterday = clock.today() - timedelta(days=1)
    assert drawn(client, LAYER, 10, on=yesterday.isoformat()) == {}


@pytest.mark.parametrize("address", ["/tiles/regions/6/51/24.mvt", f"/tiles/{LAYER}/6/51/24.mvt", "/tiles/layers.json"])
def test_laboratories_and_strangers_see_no_places(province: Province, address: str) -> None:
    assert signed_in(province.laboratory).get(address).status_code == 404
    assert Client().get(address).status_code == 401
    assert signed_in(province.officer).get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/tiles/evidence.batch/6/51/24.mvt",
        "/tiles/nothing/6/51/24.mvt",
        "/tiles/regions/6/64/1.mvt",
        "/tiles/regions/23/1/1.mvt",
    ],
)
def test_what_is_no_tile_is_not_there(province: Province, address: str) -> None:
    response = signed_in(province.officer).get(address)
    assert response.status_code == 404
    assert "没有您可以查看的图层或瓦片" in response.content.decode()


def test_tiles_are_read_only(province: Province) -> None:
    assert signed_in(province.officer).post("/tiles/regions/6/51/24.mvt").status_code == 405


def test_the_browser_keeps_what_has_not_changed(province: Province) -> None:
    client = signed_in(province.officer)
    first = tile(client, LAYER, 10)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first["Vary"]
    at = first.request["PATH_INFO"]
    again = client.get(at, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    other = signed_in(province.county).get(at, headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200


def test_packed_tiles_are_the_same_bytes_each_time(province: Province) -> None:
    client = signed_in(province.officer)
    packed = [client.get("/tiles/regions/6/51/24.mvt", headers={"accept-encoding": "gzip"}) for _each in range(2)]
    plain = client.get("/tiles/regions/6/51/24.mvt")
    assert packed[0]["Content-Encoding"] == "gzip"
    assert packed[0].content == packed[1].content
    assert gzip.decompress(packed[0].content) == plain.content
    assert packed[0]["ETag"] == plain["ETag"]


def test_the_index_tells_what_there_is_to_draw(province: Province) -> None:
    told = signed_in(province.officer).get("/tiles/layers.json").json()
    assert told["on"] == clock.today().isoformat()
    by_name = {each["name"]: each for each in told["layers"]}
    assert next(iter(by_name)) == "regions"
    planned = by_name[LAYER]
    assert planned["title"] == "计划点位"
    assert planned["geometry"] == "POINT"
    assert planned["tiles"] == f"/tiles/{LAYER}/{{z}}/{{x}}/{{y}}.mvt"
    letters = {each["state"]: each["letter"] for each in planned["states"]}
    assert letters["uploaded"] == "✓"
    assert len(set(letters.values())) == len(letters)
    assert planned["states"][0] == {
        "state": "planned",
        "label": "待采样",
        "letter": "1",
        "kind": "open",
        "sign": "open",
    }
    assert by_name["monitoring.point"]["states"] == []
    assert by_name["monitoring.point"]["legend"] == [{"sign": "plain", "label": "监测点位"}]


def test_the_box_of_a_tile_reaches_a_little_beyond_it() -> None:
    west, south, east, north = Tile(1, 1, 0).box
    assert -3 < west < 0
    assert -3 < south < 0
    assert east == 180.0
    assert north > 85
    assert not Tile(3, 8, 0).exists
    assert Tile(3, 7, 7).exists
