"""A county's units taken away as a layer: GDAL opens it, QGIS finds its style, it comes back without a difference."""

from __future__ import annotations

import io
import sqlite3
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
import pytest
from django.test import Client
from pyogrio.raw import read

from jingtu.chapters.farmland.actions import lineage
from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.facts.geometry import as_ground
from jingtu.chapters.farmland.models import UnitVersion
from jingtu.land.models import Account
from tests.farmland import ground
from tests.farmland.ground import square
from tests.farmland.test_units_import import accepted, received
from tests.flows.world import at
from tests.sheets import vectors

pytestmark = pytest.mark.django_db
ON, LATER = date(2021, 4, 12), date(2021, 6, 10)


def taken() -> tuple[str, bytes]:
    client = Client()
    client.force_login(Account.objects.get(username="county-clerk"))
    with at(LATER):
        answer = client.get(f"/r/farmland.unit/{UnitVersion.objects.order_by('pk')[0].unit_id}/files/layer/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/geopackage+sqlite3"
    return answer["Content-Disposition"], b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def content() -> bytes:
    by = ground.people()["county-clerk"]
    hole = square(3, 0).difference(square(3, 0, 0.25))
    with at(ON):
        ground.opened(
            by, ground.entry(square(0, 0), ON), ground.entry(square(1, 0), ON, land_class="III"),
            ground.entry(square(2, 0), ON, land_class="", crops=[], target_analytes=[]), ground.entry(hole, ON),
            ground.entry(square(5, 0).union(square(7, 0)), ON, land_use="dryland"),
        )  # fmt: skip
    with at(LATER):
        unit = facts.standing(LATER).order_by("unit__number")[0].unit
        lineage.split(
            unit, [square(0, 0, 0.5), square(0, 0).difference(square(0, 0, 0.5))], by=by, on=LATER, reason="测"
        )
    return taken()[1]


def test_gdal_opens_it(content: bytes) -> None:
    assert [str(name) for name, kind in pyogrio.list_layers(io.BytesIO(content)) if kind] == ["洪洞县-耕地单元"]
    meta, _fids, shapes, fields = read(io.BytesIO(content), layer="洪洞县-耕地单元")
    assert (meta["crs"], len(shapes), meta["geometry_type"]) == ("EPSG:4490", 6, "MultiPolygon")
    classes = dict(zip(meta["fields"], fields, strict=True))["类别"]
    assert sorted(classes) == ["", "严格管控类", "安全利用类", "安全利用类", "安全利用类", "安全利用类"]


def test_the_style_draws_every_class(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "layer.gpkg"
    path.write_bytes(content)
    told = sqlite3.connect(path).execute("SELECT f_table_name, useAsDefault, styleQML FROM layer_styles").fetchall()
    assert [(name, default) for name, default, _qml in told] == [("洪洞县-耕地单元", 1)]
    style = ElementTree.fromstring(told[0][2])  # noqa: S314  (our own document)
    values = [each.get("value") for each in style.iter("category")]
    assert values == ["优先保护类", "安全利用类", "严格管控类", ""]
    patterns = [each.get("v") for each in style.iter("prop") if each.get("k") == "style"]
    assert len(set(patterns)) == len(values), "a class is told by its pattern too"


def test_it_comes_back_without_a_difference(content: bytes) -> None:
    by = ground.people()["county-clerk"]
    before = list(UnitVersion.objects.order_by("pk").values())
    with at(LATER):
        dossier = received(by, content, on=LATER)
        accepted(by, dossier, LATER)
    dossier.refresh_from_db()
    assert dossier.summary["outcome"] == {"made": 0, "changed": 0, "same": 6}
    assert list(UnitVersion.objects.order_by("pk").values()) == before
    assert taken()[1] == content, "the same units are the same bytes"


def test_through_another_program_too(content: bytes) -> None:
    """Read by GDAL and written again in another format, nothing but the grid of the geodatabase is lost."""
    meta, _fids, _shapes, fields = read(io.BytesIO(content), layer="洪洞县-耕地单元")
    columns = {str(name): list(values) for name, values in zip(meta["fields"], fields, strict=True)}
    shapes = [as_ground(each.geom) for each in facts.standing(LATER).order_by("unit__number")]
    by = ground.people()["county-clerk"]
    with at(LATER):
        dossier = received(by, vectors.written("gpkg", shapes, columns), on=LATER)
        accepted(by, dossier, LATER)
    dossier.refresh_from_db()
    assert dossier.summary["outcome"] == {"made": 0, "changed": 0, "same": 6}
