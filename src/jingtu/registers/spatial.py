"""Spatial search: which rows meet a box, asked of a function that takes the reach as an argument.

Each geometry of the house has one, made anew after each migrate: ``near_<table>_<column>(box, region_from, region_to)``
gives the keys of the rows whose geometry meets the box and whose region lies within the reach. The planner sees
through it, so that the spatial index is walked, under row-level security too: for that the test of boxes must be
leakproof, which ``config.roles`` sees to (and whoever runs a server of his own once, as its superuser).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.db import connection
from django.db.models import Model
from django.db.models.expressions import RawSQL

from jingtu.registers import rowsecurity
from jingtu.registers.reach import Reach

SRID = 4490
REGIONS = ("region_id", "region_code")

_SEARCH = """
CREATE OR REPLACE FUNCTION {name}(box geometry, region_from text, region_to text) RETURNS SETOF {key}
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT "{pk}" FROM "{table}" WHERE "{column}" && box AND ST_Intersects("{column}", box){within}
$$;
"""


def searches() -> Iterator[tuple[str, str]]:
    """Each table with a geometry, and the SQL of the function that searches it."""
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model") or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, GeometryField) and field.spatial_index:
                yield model._meta.db_table, _function(model, field)


def _function(model: type[Model], field: Any) -> str:
    columns = {each.column for each in model._meta.concrete_fields}
    region = next((name for name in REGIONS if name in columns), None)
    pk = model._meta.pk
    return _SEARCH.format(
        name=name_of(model, field.column),
        key=pk.rel_db_type(connection),
        pk=pk.column,
        table=model._meta.db_table,
        column=field.column,
        within=f' AND "{region}" >= region_from AND "{region}" < region_to' if region else "",
    )


def name_of(model: type[Model], column: str) -> str:
    """The name of the function that searches a geometry."""
    return f"near_{model._meta.db_table}_{column}"


def near(model: type[Model], column: str, box: Sequence[float], reach: Reach) -> RawSQL:
    """The keys of the rows whose geometry meets a box of west, south, east, north in degrees, within a reach."""
    region_from, region_to, *_others = rowsecurity.of(reach)
    return RawSQL(  # noqa: S611 - the name is our own model's, the values are parameters
        f"SELECT * FROM {name_of(model, column)}(ST_MakeEnvelope(%s, %s, %s, %s, {SRID}), %s, %s)",
        [*box, region_from, region_to],
    )
