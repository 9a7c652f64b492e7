"""Level and table row of many results against GB 15618, beside a range join of DuckDB on the same arrays.

Run: ``python bench/bench_assess.py [RESULTS] [REPEATS]`` (10000000 for the full size).
Both sides start from arrays in memory and end with arrays in memory; the medians of the same run are compared and
the answers are checked against each other. Both may use two threads.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import numpy as np

from jingtu.assess.levels import Levels, look_up
from jingtu.assess.limits import FarmlandLimits, farmland_limits

DAY = date(2021, 9, 15)
THREADS = 2
RANGE_JOIN = """
SELECT CASE WHEN r.value > l.control THEN 3 WHEN r.value > l.screening THEN 2 ELSE 1 END::TINYINT AS level,
       CASE WHEN r.value > l.control THEN l.control_row ELSE l.screening_row END::SMALLINT AS row
FROM results r JOIN limits l
  ON r.analyte = l.analyte AND r.land_use = l.land_use AND r.ph > l.ph_from AND r.ph <= l.ph_to
"""
ORDERED = RANGE_JOIN.replace("SELECT", "SELECT r.place,", 1)
FULL = "10_000_000 5"


def made_up_results(count: int, limits: FarmlandLimits) -> dict[str, np.ndarray[Any, Any]]:
    random = np.random.default_rng(15618)
    return {
        "place": np.arange(count, dtype=np.int64),
        "analyte": random.integers(0, len(limits.analytes), count, dtype=np.intp),
        "land_use": random.integers(0, len(limits.land_uses), count, dtype=np.intp),
        "ph": np.round(random.normal(7.6, 1.0, count), 2),
        "value": random.lognormal(2.0, 2.0, count),
    }


def limits_table(limits: FarmlandLimits) -> dict[str, np.ndarray[Any, Any]]:
    """The limits as the relation the range join needs: one row per analyte, land use and pH band."""
    shape = (len(limits.analytes), len(limits.land_uses) + 1, limits.bands)
    analyte, use, band = (axis.ravel() for axis in np.indices(shape))
    known = use < len(limits.land_uses)
    ends = np.array([-np.inf, *limits.edges.tolist(), np.inf])
    columns = {
        "analyte": analyte,
        "land_use": use,
        "ph_from": ends[band],
        "ph_to": ends[band + 1],
        "screening": limits.screening,
        "control": np.where(np.isnan(limits.control), np.inf, limits.control),
        "screening_row": limits.row_number[: len(known)],
        "control_row": limits.row_number[len(known) :],
    }
    return {name: column[known] for name, column in columns.items()}


def by_look_up(limits: FarmlandLimits, results: dict[str, np.ndarray[Any, Any]], threads: int) -> Levels:
    return look_up(limits, results["analyte"], results["land_use"], results["ph"], results["value"], threads)


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    run()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main(count: int = 200_000, repeats: int = 5) -> float:
    limits = farmland_limits(DAY)
    results = made_up_results(count, limits)
    database = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    database.register("results_in", results)
    database.execute("CREATE TABLE results AS SELECT * FROM results_in")
    database.register("limits_in", limits_table(limits))
    database.execute("CREATE TABLE limits AS SELECT * FROM limits_in")

    ours = by_look_up(limits, results, THREADS)
    theirs = database.execute(ORDERED + " ORDER BY r.place").fetchnumpy()
    assert (theirs["level"] == ours.level).all()
    assert (theirs["row"] == ours.row).all()

    one = median_seconds(lambda: by_look_up(limits, results, 1), repeats)
    two = median_seconds(lambda: by_look_up(limits, results, THREADS), repeats)
    join = median_seconds(lambda: database.execute(RANGE_JOIN).fetchnumpy(), repeats)
    print(f"results                         {count:>12,}")
    print(f"look-up, one thread             {one * 1000:>10.1f} ms")
    print(f"look-up, {THREADS} threads              {two * 1000:>10.1f} ms")
    print(f"DuckDB range join, {THREADS} threads    {join * 1000:>10.1f} ms")
    print(f"ratio (join / look-up)          {join / two:>10.1f} ×   one thread {join / one:.1f} ×")
    return join / two


if __name__ == "__main__":
    main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
