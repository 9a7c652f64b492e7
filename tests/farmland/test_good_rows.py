"""A layer with some faulty features: the good ones come in, the others go back as a layer and come in when mended."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.test import Client, TestCase
from pyogrio.raw import read
from shapely.geometry.base import BaseGeometry

from jingtu.chapters.farmland.facts import units as facts
from jingtu.chapters.farmland.models import Unit
from jingtu.land.models import Account
from jingtu.registers import goodrows, intake
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import Dossier, LedgerEntry
from jingtu.registers.reach import Reach
from tests.farmland import ground
from tests.farmland.ground import square
from tests.farmland.test_units_import import ON, layer, received, row
from tests.flows.world import at
from tests.sheets import vectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Reach:
    return ground.people()["county-clerk"]


def client() -> Client:
    found = Client()
    found.force_login(Account.objects.get(username="county-clerk"))
    return found


def taken(dossier: Dossier, by: Reach) -> Dossier:
    with TestCase.captureOnCommitCallbacks(execute=True):
        goodrows.accept(dossier, by=by, on=ON)
    dossier.refresh_from_db()
    return dossier


def mixed() -> list[dict[str, object]]:
    """Six features: the third crosses itself, the fifth reaches into the fourth, the sixth has a strange crop."""
    rows = [row(square(step, 0)) for step in range(4)]
    rows[2] = row(vectors.BOWTIE)
    return [*rows, row(square(3, 0, 1.2), 村="甲村"), row(square(8, 0), 主要作物="荷")]


def opened_layer(content: bytes) -> tuple[dict[str, list[str]], list[BaseGeometry]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.gpkg"
        path.write_bytes(content)
        meta, _fids, shapes, columns = read(str(path))
    fields = {name: list(cells) for name, cells in zip(meta["fields"], columns, strict=True)}
    return fields, list(shapely.from_wkb(np.asarray(shapes, dtype=object)))


def test_the_good_features_come_in_and_the_rest_stays_open(by: Reach) -> None:
    with at(ON):
        dossier = received(by, layer(mixed()))
        assert (dossier.state, dossier.row_count, dossier.good_count) == ("faulty", 6, 3)
        assert "新增耕地单元 3 个" in dossier.summary["preview"][0]
        page = client().get(f"/dossiers/{dossier.pk}/").content.decode()
        assert "可以先接收无误的行" in page
        assert "下载有问题的图斑" in page
        answer = client().post(f"/dossiers/{dossier.pk}/move/accept_good/", {"accept_good-on": ON.isoformat()})
        assert answer.status_code == 302, answer.content.decode()
        dossier.refresh_from_db()
        assert (dossier.state, Unit.objects.count()) == ("partly", 3)
        page = client().get(f"/dossiers/{dossier.pk}/").content.decode()
        assert "3 行已入库，其余 3 行待更正" in page
    said = LedgerEntry.objects.get(deed="registers.dossier.accept_good")
    assert "3 行入库，3 行待更正" in said.sentence
    assert {each.dossier_id for each in facts.standing(ON)} == {dossier.pk}


def test_the_faulty_features_are_a_layer_that_comes_back_mended(by: Reach) -> None:
    with at(ON):
        dossier = taken(received(by, layer(mixed())), by)
        answer = client().get(f"/dossiers/{dossier.pk}/faulty.gpkg")
        fields, shapes = opened_layer(answer.content)
        assert answer.status_code == 200
        assert fields["原文件序号"] == ["3", "5", "6"]
        for number, words in enumerate(("图形无效", "边界存疑", "不在作物代码表里")):
            assert words in fields["问题"][number]
        assert "使相邻单元只相接" in fields["怎样改"][1]
        assert "耕地单元面积" in fields["依据"][1]
        assert shapes[1].equals(square(3, 0, 1.2))
        fields["主要作物"][2] = "谷子"
        mended = [square(2, 0), square(4, 0), shapes[2]]
        again = received(by, vectors.written("gpkg", mended, fields), "更正.gpkg")
        assert again.state == "ready", list(again.issues.values("code", "row", "message"))
        with TestCase.captureOnCommitCallbacks(execute=True):
            intake.accept(again, by=by, on=ON)
        closed = goodrows.settle(dossier, by=by, on=ON, reason=f"其余见卷宗 {again.number}")
    assert (closed.state, Unit.objects.count()) == ("accepted", 6)
    assert "甲村" in {each.village for each in facts.standing(ON)}


def test_what_rests_on_a_row_left_out_is_left_out_too(by: Reach) -> None:
    with at(ON):
        first = received(by, layer([row(square(0, 0))]))
        with TestCase.captureOnCommitCallbacks(execute=True):
            intake.accept(first, by=by, on=ON)
        number = Unit.objects.get().number
        moved, into = row(square(5, 5), number, 主要作物="荷", 类别=""), row(square(0, 0))
        dossier = received(by, layer([moved, into, row(square(2, 0))]))
        assert (dossier.good_count, dossier.state) == (1, "faulty")
        assert ("farmland.unit.overlap", 2) in set(dossier.issues.values_list("code", "row"))
        taken(dossier, by)
    assert Unit.objects.count() == 2


def test_records_that_changed_since_the_check_are_noticed(by: Reach) -> None:
    with at(ON):
        dossier = received(by, layer(mixed()))
        ground.opened(by, ground.entry(square(0, 0), ON))
        with pytest.raises(DeedRefused, match="已有变动"):
            goodrows.accept(dossier, by=by, on=ON)
    dossier.refresh_from_db()
    assert (dossier.state, Unit.objects.count()) == ("faulty", 1)


def test_a_fault_of_the_whole_file_leaves_nothing_good(by: Reach) -> None:
    with at(ON):
        content = vectors.written("gpkg", [square(0, 0)], {"村": ["演示村"]})
        dossier = received(by, content)
        assert (dossier.state, dossier.good_count) == ("faulty", 0)
        with pytest.raises(DeedRefused, match="没有无误的行"):
            goodrows.accept(dossier, by=by, on=ON)
        assert client().get(f"/dossiers/{dossier.pk}/faulty.gpkg").status_code == 404


def test_a_table_says_where_a_surface_lies(by: Reach) -> None:
    with at(ON):
        dossier = received(by, layer([row(square(0, 0)), row(square(0, 0, 0.9), 村="乙村")]))
    issue = dossier.issues.get(code="farmland.unit.overlap")
    assert issue.value.startswith("东经 111.70")
    assert issue.clause == "本系统的约定：耕地单元面积"
