"""Level and table row of many results against GB 36600, beside a join of DuckDB on the same arrays.

Run: ``python bench/bench_construction.py [RESULTS] [REPEATS]`` (10000000 for the full size).
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

from jingtu.assess.construction_limits import ConstructionLimits, construction_limits, look_up
from jingtu.assess.land_use import CLASSES
from jingtu.assess.levels import Levels

DAY = date(2021, 9, 15)
THREADS = 2
JOIN = """
SELECT CASE WHEN r.value > l.control THEN 3 WHEN r.value > l.screening THEN 2 ELSE 1 END::TINYINT AS level,
       CASE WHEN r.value > l.control THEN l.control_row ELSE l.screening_row END::SMALLINT AS row
FROM results r JOIN limits l ON r.analyte = l.analyte AND r.land_class = l.land_class
"""
ORDERED = JOIN.replace("SELECT", "SELECT r.place,", 1)
FULL = "10_000_000 5"


def made_up_results(count: int, limits: ConstructionLimits) -> dict[str, np.ndarray[Any, Any]]:
    random = np.random.default_rng(36600)
    return {
        "place": np.arange(count, dtype=np.int64),
        "analyte": random.integers(0, len(limits.analytes), count, dtype=np.intp),
        "land_class": random.integers(0, len(CLASSES), count, dtype=np.intp),
        "value": random.lognormal(2.0, 3.0, count),
    }


def limits_table(limits: ConstructionLimits) -> dict[str, np.ndarray[Any, Any]]:
    """The limits as the relation the join needs: one row per item and class."""
    analyte, land_class = (axis.ravel() for axis in np.indices((len(limits.analytes), len(CLASSES))))
    cells = len(limits.screening)
    return {
        "analyte": analyte,
        "land_class": land_class,
        "screening": limits.screening,
        "control": limits.control,
        "screening_row": limits.row_number[:cells],
        "control_row": limits.row_number[cells:],
    }


def by_look_up(limits: ConstructionLimits, results: dict[str, np.ndarray[Any, Any]], threads: int) -> Levels:
    return look_up(limits, results["analyte"], results["land_class"], results["value"], threads)


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    run()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main(count: int = 200_000, repeats: int = 5) -> float:
    limits = construction_limits(DAY)
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
    join = median_seconds(lambda: database.execute(JOIN).fetchnumpy(), repeats)
    print(f"results                         {count:>12,}")
    print(f"look-up, one thread             {one * 1000:>10.1f} ms")
    print(f"look-up, {THREADS} threads              {two * 1000:>10.1f} ms")
    print(f"DuckDB join, {THREADS} threads          {join * 1000:>10.1f} ms")
    print(f"ratio (join / look-up)          {join / two:>10.1f} ×   one thread {join / one:.1f} ×")
    return join / two


if __name__ == "__main__":
    main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
