"""A laboratory's workbook from receipt to committed results with quality control and findings, beside two peers.

Run: ``python bench/bench_intake.py [RESULTS] [REPEATS]`` (100000 3 for the full size).

* ours: ``intake.receive`` (file kept, read, checked), ``intake.accept`` (one transaction), quality control, findings;
* django-import-export: the same workbook and the same checks, ``use_bulk``, batches of 1000, ``skip_diff``: loaded,
  dry run (its preview), imported; it draws neither quality control nor findings;
* bare: calamine, typing in Polars, one COPY into the same table; it checks nothing and concludes nothing.

All three commit to the same PostgreSQL (fsync on) in the same run, in turns; medians are compared.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import instance
import intake_world as worlds

WAYS = ("ours", "import-export", "bare")
FULL = "100_000 3"


def ours(world: worlds.World, content: bytes, report: str) -> None:
    """The way every report goes: through the doors, each under the reach of the post that opens it."""
    from django.db import transaction

    from jingtu.registers import clock, intake, rowsecurity

    filename = f"{report}.xlsx"
    with clock.travelling(worlds.instant(worlds.ON)):
        with transaction.atomic(), rowsecurity.entering(world.laboratory):
            dossier, _new = intake.receive(
                "evidence.result", content, filename, by=world.laboratory, on=worlds.ON, region="140100"
            )
        with transaction.atomic(), rowsecurity.entering(world.clerk):
            dossier.refresh_from_db()
            assert dossier.state == "ready", list(dossier.issues.values_list("code", "message")[:5])
            intake.accept(dossier, by=world.clerk, on=worlds.ON)
    assert worlds.batch(report).quality_checked


def import_export(world: worlds.World, content: bytes, report: str) -> None:
    """The same workbook through django-import-export, into a batch made beforehand."""
    import intake_peers

    _with_batch(world, report, lambda batch: intake_peers.import_export(world, content, batch))


def bare(world: worlds.World, content: bytes, report: str) -> None:
    """The same workbook copied into the table."""
    import intake_peers

    _with_batch(world, report, lambda batch: intake_peers.bare(content, batch, worlds.samples()))


def _with_batch(world: worlds.World, report: str, run: Callable[[Any], None]) -> None:
    from django.db import transaction

    from jingtu.registers import rowsecurity
    from jingtu.registers.reach import Reach

    with transaction.atomic(), rowsecurity.entering(Reach.system()):
        run(worlds.empty_batch(world, report))


def main(count: int = 9_000, repeats: int = 1) -> dict[str, float]:
    """Medians in seconds, by way."""
    runs = dict(zip(WAYS, (ours, import_export, bare), strict=True))
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    with instance.served():
        world = worlds.build(count)
        for turn in range(repeats):
            for way, run in runs.items():
                report = f"{way}-{turn}"
                content = worlds.as_workbook(worlds.rows(world, report, count, seed=turn))
                before, start = instance.spent(), time.perf_counter()
                run(world, content, report)
                taken[way].append((time.perf_counter() - start, instance.spent() - before))
        assert {worlds.count_of(f"{way}-0") for way in WAYS} == {count}
    medians = {way: statistics.median(wall for wall, _spent in runs) for way, runs in taken.items()}
    spent = {way: statistics.median(spent for _wall, spent in runs) for way, runs in taken.items()}
    print(f"machine                         {instance.machine()}")
    print(f"results, runs                   {count:>12,} {repeats}")
    _show("seconds", medians)
    _show("processor seconds, client and database session", spent)
    return medians


def _show(what: str, medians: dict[str, float]) -> None:
    print(what)
    for way, seconds in medians.items():
        print(f"  {way:<30}{seconds:>10.2f} s")
    print(f"  import-export / ours          {medians['import-export'] / medians['ours']:>10.1f} ×   (5 or more wanted)")
    print(f"  ours / bare                   {medians['ours'] / medians['bare']:>10.1f} ×   (4 or less wanted)")


if __name__ == "__main__":
    main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
