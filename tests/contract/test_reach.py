"""Out of reach is not there: page, form, moves, files, API, tile, export and count say nothing of the record."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jingtu.faces.gis.tile import Tile
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Register, get_register
from tests.contract import kit
from tests.contract.people import PROVINCE, client_of, post, reach_of, stranger_to
from tests.faces import mvt

ZOOM = 10
OF_OFFICES = [name for name in kit.NAMES if not get_register(name).reach.shared]
LAYERS = [name for name in kit.NAMES if get_register(name).layer]


def of_taiyuan(register: Register) -> Any:
    """A record whose region the stranger's post does not hold; by preference one of Taiyuan."""
    path = register.reach.region
    found = kit.rows(register).filter(**{f"{path}__gte": "1401", f"{path}__lt": "1402"}).order_by("pk").first()
    return found or kit.rows(register).order_by("pk")[0]


def stranger(register: Register, found: Any) -> str:
    """Another city's clerk."""
    return stranger_to(register.reach.region_of(found))


def addresses(register: Register, found: Any) -> list[str]:
    """Every address of a record that its declaration makes."""
    name, pk = register.name, found.pk
    files = [reverse("record-file", args=[name, pk, each.name]) for each in register.files(reach_of(PROVINCE))]
    tools = [reverse("tool", args=[name, pk, each.name]) for each in register.tools]
    return [register.url(pk), reverse("record", args=[name, pk]), reverse("edit", args=[name, pk]), *files, *tools]


def keys(client: Client, register: Register) -> set[int]:
    """The keys that the API lists, page by page."""
    found: set[int] = set()
    address = f"{kit.api(register)}?limit=500"
    while address:
        told = client.get(address).json()
        found |= {item["id"] for item in told["items"]}
        address = told["next"]
    assert told["count"] == len(found)
    return found


@pytest.mark.parametrize("name", OF_OFFICES)
def test_another_region_does_not_see_the_record(name: str) -> None:
    register = get_register(name)
    found = of_taiyuan(register)
    who = stranger(register, found)
    client = client_of(who)
    for address in addresses(register, found):
        assert client.get(address, follow=True).status_code == 404, address
    assert client.get(kit.api(register, found.pk)).status_code == 404
    moves = [arrow.name for arrow in register.workflow.arrows] if register.workflow else ["any"]
    for arrow in moves:
        sent = client.post(reverse("move", args=[name, found.pk, arrow]), {f"{arrow}-on": "2021-09-01"})
        assert sent.status_code == 404, arrow
    assert client.post(reverse("edit", args=[name, found.pk]), {}).status_code == 404


@pytest.mark.parametrize("name", OF_OFFICES)
def test_lists_counts_and_exports_hold_the_reach_and_no_more(name: str) -> None:
    register = get_register(name)
    found = of_taiyuan(register)
    who = stranger(register, found)
    client, reach = client_of(who), reach_of(who)
    everything = {row.pk: register.reach.region_of(row) for row in kit.rows(register)}
    own = {pk for pk, region in everything.items() if region.startswith(reach.prefix)}
    assert found.pk not in own
    assert keys(client, register) == own
    assert keys(client_of(PROVINCE), register) == set(everything)
    page = client.get(register.url()).content.decode()
    assert f'href="{register.url(found.pk)}"' not in page
    exported = b"".join(client.get(register.url(), {"format": "csv"}).streaming_content)
    lines = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"))))
    assert len(lines) == len(own) + 1


@pytest.mark.parametrize("name", LAYERS)
def test_a_tile_draws_only_what_lies_within_reach(name: str) -> None:
    register = get_register(name)
    found = of_taiyuan(register)
    place = found
    for part in register.layer.geometry.split("__"):
        place = getattr(place, part)
    place = place if place.geom_type == "Point" else place.point_on_surface
    z, x, y = _tile_of(place.x, place.y)
    address = f"/tiles/{name}/{z}/{x}/{y}.mvt"
    assert found.pk in _drawn(client_of(PROVINCE), address, name)
    assert found.pk not in _drawn(client_of(stranger(register, found)), address, name)
    items = f"/api/v1/layers/{name}/items?bbox={place.x - 0.01},{place.y - 0.01},{place.x + 0.01},{place.y + 0.01}"
    assert found.pk in {each["id"] for each in client_of(PROVINCE).get(items).json()["features"]}
    assert found.pk not in {each["id"] for each in client_of(stranger(register, found)).get(items).json()["features"]}
    for address_of_laboratory in (address, items, kit.api(register)):
        assert client_of("jiance-yi").get(address_of_laboratory).status_code == 404


def _tile_of(lon: float, lat: float) -> tuple[int, int, int]:
    near = (
        (x, y)
        for x in range(2**ZOOM)
        if Tile(ZOOM, x, 0).box[0] <= lon <= Tile(ZOOM, x, 0).box[2]
        for y in range(2**ZOOM)
        if Tile(ZOOM, x, y).box[1] <= lat <= Tile(ZOOM, x, y).box[3]
    )
    x, y = next(near)
    return ZOOM, x, y


def _drawn(client: Client, address: str, name: str) -> set[int]:
    response = client.get(address)
    assert response.status_code == 200
    return {each["#"] for each in mvt.layers(response.content).get(name, [])}


@pytest.mark.parametrize("name", kit.NAMES)
def test_a_laboratory_sees_its_own_and_nothing_else(name: str) -> None:
    register = get_register(name)
    client = client_of("jiance-yi")
    found = kit.rows(register).order_by("pk")[0]
    if register.reach.organisation is None:
        for address in (register.url(), *addresses(register, found), kit.api(register), kit.api(register, found.pk)):
            assert client.get(address).status_code == 404, address
        return
    reach = reach_of("jiance-yi")
    own = set(
        kit.rows(register).filter(**{register.reach.organisation: reach.organisation_id}).values_list("pk", flat=True)
    )
    foreign = kit.rows(register).exclude(pk__in=own).order_by("pk").first()
    assert own, f"{name}: the laboratory has no record of its own. Add one in tests/contract/seeds.py."
    assert foreign is not None
    assert keys(client, register) == own
    assert client.get(register.url(min(own))).status_code == 200
    assert client.get(register.url(foreign.pk)).status_code == 404
    assert client.get(kit.api(register, foreign.pk)).status_code == 404


@pytest.mark.parametrize("name", [name for name in kit.NAMES if get_register(name).reach.shared])
def test_a_shared_register_is_every_office_s(name: str) -> None:
    register = get_register(name)
    everything = set(kit.rows(register).values_list("pk", flat=True))
    assert keys(client_of(post("140303", "observer")), register) == everything


@pytest.mark.parametrize("name", [name for name in kit.NAMES if get_register(name).from_on])
def test_before_its_day_a_record_is_not_there(name: str) -> None:
    register = get_register(name)
    found = kit.rows(register).order_by(register.from_on).first()
    client, day = client_of(PROVINCE), "2000-01-01"
    assert client.get(kit.api(register, found.pk), {"on": day}).status_code == 404
    assert client.get(kit.api(register), {"on": day}).json()["count"] == 0
    assert client.get(register.url(found.pk), {"on": day}).status_code == 404


@pytest.mark.parametrize("name", [name for name in kit.NAMES if get_register(name).workflow])
def test_before_its_first_move_a_record_is_not_there(name: str) -> None:
    register = get_register(name)
    with_past = Clock.present()
    client = client_of(PROVINCE)
    found = kit.rows(register).order_by("pk")[0]
    assert with_past.on.isoformat() > "2021-01-05"
    assert client.get(kit.api(register, found.pk), {"on": "2021-01-05"}).status_code == 404
