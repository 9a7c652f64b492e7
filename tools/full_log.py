#!/usr/bin/env python3
"""Leave PostgreSQL no room for its own log while an officer accepts a dossier, and see that nothing is lost.

    .venv/bin/python -m tools.full_log [--rounds 3]

A demonstration of its own is started; in each round its log (pg_wal) lies on a disk of 20 MiB that is filled to the
last segment. The officer must get a sentence, for as long as there is no room. Once there is, the platform must go on
by itself, with dossiers, documents, moves and ledger as they were, and the same dossier must be accepted. Needs root,
to mount a disk; says so and does nothing where it may not. Exit code 0 only when it held in every round.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.faulting.deeds import ACCEPTER, POINT, Tour
from tools.faulting.people import Failed, Interrupted
from tools.faulting.tiny_disk import NoDisk
from tools.faulting.tiny_log import fill, tiny_log
from tools.faults import STEADY_SECONDS, Bench, served, unclear

from jingtu.config.cluster import Cluster

SEED = 20211008
FULL_SECONDS = 10
MOST_TRIES = 6


def main() -> int:
    """Run the rounds; print a line each and a sentence at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    broken = 0
    with served(None) as (home, port):
        bench = Bench(home, port, SEED)
        for number in range(1, rounds + 1):
            try:
                faults = list(_round(bench, home))
            except NoDisk as refusal:
                print(f"Not tried: {refusal}.")
                return 0
            broken += bool(faults)
            print(f"{number:3d}  {'; '.join(faults) or 'holds'}", flush=True)
    print(f"{rounds} rounds without room for the log, {broken} with violations.")
    return min(broken, 1)


def _round(bench: Bench, home: Path) -> Iterator[str]:
    """One time without room; gives what did not hold."""
    tour = bench.tour
    tour.hand_in(POINT, tour.file(POINT), by_api=True)
    tour.settle()
    page = f"/dossiers/{tour.waiting(POINT)}/"
    before = tour.holding.counts()
    with tiny_log(home) as make_room:
        bench.await_return(STEADY_SECONDS)
        fill(Cluster(home))
        yield from _without_room(tour, page)
        make_room()
        bench.await_return(STEADY_SECONDS)
        if (after := tour.holding.counts()) != before:
            yield f"{before} rows before, {after} after"
        if not _accept(tour, page):
            yield "the dossier could not be accepted afterwards"
        tour.settle()
    bench.await_return(STEADY_SECONDS)
    yield from tour.holding.violations()


def _accept(tour: Tour, page: str) -> bool:
    return tour.press(ACCEPTER[POINT], page, f"{page}move/accept/", "accept")


def _without_room(tour: Tour, page: str) -> Iterator[str]:
    """Press the button, and look at the list for a while; whatever fails must fail with a sentence."""
    if not any(_failure(lambda: _accept(tour, page)) for _try in range(MOST_TRIES)):
        yield "accepting went through although there was no room"
    told: set[str] = set()
    until = time.monotonic() + FULL_SECONDS
    while time.monotonic() < until:
        failed = _failure(lambda: tour.people[ACCEPTER[POINT]].get("/dossiers/"))
        if isinstance(failed, Failed):
            told.update(unclear(failed))
        elif failed:
            told.add(f"no answer: {failed}")
        time.sleep(1)
    yield from sorted(told)


def _failure(do: Callable[[], object]) -> Interrupted | None:
    """What a try failed with, if it did."""
    try:
        do()
    except Interrupted as failed:
        return failed
    return None


if __name__ == "__main__":
    sys.exit(main())
