"""Spatial search: within reach by a function, by the spatial index, on a table under row-level security."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingtu.faces.gis import sources
from jingtu.faces.gis.tile import Tile
from jingtu.land.models import Region
from jingtu.registers import layers, rowsecurity, spatial
from jingtu.registers.clock import Clock
from jingtu.registers.declare import get_register
from jingtu.registers.reach import Reach
from tests.contract.sample_app.models import Well

WELLS = 30_000
TAIYUAN, DATONG = (
    Reach(None, "测试", None, prefix, f"{prefix}00", "ecology", None, "测试局", "clerk") for prefix in ("1401", "1402")
)
HERE, BOX = Tile(12, 3329, 1580), (112.50, 37.80, 112.60, 37.90)
INSIDE = (BOX[0], BOX[2], BOX[1], BOX[3])
# Wells lie all over the province's box, those of both cities mixed.
SOW = """
INSERT INTO sample_well (code, name, use, region_id, geom, depth_m, dug_on, recorded_at)
SELECT 'S-' || n, 'S', 'drink', CASE n %% 2 WHEN 0 THEN '140105' ELSE '140212' END,
       ST_SetSRID(ST_MakePoint(110 + 4.0 * (n %% 173) / 173, 34.5 + 6.2 * (n %% 179) / 179), 4490),
       10, '2021-01-01', now()
FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def wells(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SOW, [WELLS])


def explained(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def keys(box: tuple[float, ...], asked: Reach, session: Reach) -> set[str]:
    with rowsecurity.entering(session):
        return set(
            Well.objects.filter(pk__in=spatial.near(Well, "geom", box, asked)).values_list("region_id", flat=True)
        )


@pytest.mark.usefixtures("wells")
def test_a_tile_of_a_secured_table_walks_the_spatial_index() -> None:
    register = get_register("sample.well")
    with rowsecurity.entering(TAIYUAN):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            drawn = sources.register_tile(register, TAIYUAN, Clock.present(), HERE)
        (statement,) = [query["sql"] for query in caught if "ST_AsMVT(" in query["sql"]]
        plan = explained(statement)
    assert drawn, "there are wells in the tile"
    assert "near_sample_well_geom" in statement
    assert "sample_well_geom" in plan, plan
    assert "Seq Scan on sample_well" not in plan, plan
    assert "region_from" in plan, "row-level security has its word in the plan"


@pytest.mark.usefixtures("wells")
def test_the_search_keeps_to_the_reach_it_is_given_and_to_that_of_the_session() -> None:
    everyone, wide = Reach.system(), (111.5, 37.0, 113.5, 38.5)
    assert keys(wide, everyone, everyone) == {"140105", "140212"}
    assert keys(wide, TAIYUAN, everyone) == {"140105"}
    assert keys(wide, everyone, DATONG) == {"140212"}, "a wider argument opens nothing"
    assert keys(wide, TAIYUAN, DATONG) == set()


@pytest.mark.usefixtures("wells")
def test_the_search_finds_what_meets_the_box_and_nothing_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM sample_well WHERE ST_X(geom) BETWEEN %s AND %s AND ST_Y(geom) BETWEEN %s AND %s", INSIDE
        )
        inside = {key for (key,) in cursor.fetchall()}
    assert inside
    met = layers.meeting(get_register("sample.well"), BOX, Reach.system())
    assert set(Well.objects.filter(met).values_list("pk", flat=True)) == inside


@pytest.mark.django_db
def test_boundaries_are_found_by_their_index() -> None:
    rows = Region.objects.filter(pk__in=spatial.near(Region, "geom", HERE.box, Reach.system())).values("code")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a hundred rows are read faster than an index
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", parameters)
        assert "land_region_geom" in str(cursor.fetchall())
