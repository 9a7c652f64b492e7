"""Farmland and construction land judged in partitions: by two Dask workers and by this process alone, digests compared.

Run: ``python bench/bench_partitions.py [ROWS] [ROWS A PARTITION]`` (1000000 for the full size).
Rows are made up partition by partition and sent to the workers, so that memory stays bounded on both sides. The digests
of all findings are added up modulo 2²⁵⁶, which tells any difference whatever their order. There is no peer: the point
is that nothing changes; the seconds say what the way to the workers and back costs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
from distributed import LocalCluster

from jingtu.assess import construction, farmland, farmland_columns
from jingtu.cli.spread import spread_over
from jingtu.plain.reported import Reported

DAY = date(2021, 9, 15)
WORKERS = 2
MODULUS = 1 << 256
FULL = "1_000_000"
Total = tuple[int, int]


def reported(values: Any) -> list[Reported]:
    return [Reported(Decimal(f"{value:.3f}"), None, "") for value in values]


def farmland_parts(rows: int, size: int) -> Iterator[farmland.Samples]:
    random = np.random.default_rng(15618)
    for start in range(0, rows, size):
        count = min(size, rows - start)
        ph = [Decimal(f"{value:.2f}") for value in random.normal(7.4, 0.8, count)]
        uses = ["paddy" if wet else "other" for wet in random.random(count) < 0.3]
        results = {code: reported(random.lognormal(mean, 0.8, count)) for code, mean in (("Cd", -1), ("Pb", 4))}
        yield farmland.Samples([f"Y{start + at}" for at in range(count)], ph, uses, results)


def construction_parts(rows: int, size: int) -> Iterator[construction.Samples]:
    random = np.random.default_rng(36600)
    for start in range(0, rows, size):
        count = min(size, rows - start)
        uses = ["R" if homes else "M1" for homes in random.random(count) < 0.5]
        results = {"Pb": reported(random.lognormal(6, 0.8, count))}
        yield construction.Samples([f"S{start + at}" for at in range(count)], uses, ["褐土"] * count, results)


def added(digests: list[str]) -> Total:
    return len(digests), sum(int(digest, 16) for digest in digests) % MODULUS


def judge_farmland(samples: farmland.Samples, on: date) -> Total:
    """Levels, classes and indices, drawn by the column."""
    return added(farmland_columns.findings_of_samples(samples, on).digest)


def judge_construction(samples: construction.Samples, on: date) -> Total:
    """Class of the use, items and worst level, drawn one by one."""
    assessment = construction.assess(samples, on)
    found = (construction.findings_of(assessment, at) for at in range(len(assessment)))
    return added([finding.digest for each in found for finding in each])


def total(judge: Callable[[Any], Total], parts: Iterator[Any], address: str) -> tuple[float, Total]:
    start = time.perf_counter()
    with spread_over(address) as spread:
        found = list(spread(judge, parts))
    return time.perf_counter() - start, (sum(n for n, _ in found), sum(digest for _, digest in found) % MODULUS)


def main(rows: int = 4_000, size: int = 0) -> float:
    size = size or max(500, min(5_000, rows // 8))
    kinds = (("farmland", judge_farmland, farmland_parts), ("construction", judge_construction, construction_parts))
    ratio = 0.0
    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0", memory_limit=0) as cluster:
        for name, judge, parts in kinds:
            alone, ours = total(partial(judge, on=DAY), parts(rows, size), "")
            spread, theirs = total(partial(judge, on=DAY), parts(rows, size), cluster.scheduler_address)
            assert ours == theirs, name
            ratio = alone / spread
            print(
                f"{name:13} {rows:>11,} rows, {ours[0]:>11,} findings, same digests ({ours[1]:064x})\n"
                f"{'':13} alone {alone:8.1f} s   {WORKERS} workers {spread:8.1f} s   {ratio:.2f} ×"
            )
    return ratio


if __name__ == "__main__":
    main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
