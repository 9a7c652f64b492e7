#!/usr/bin/env python3
"""Kill one process at a random moment of a random deed of the tour, and see that nothing is lost; many times over.

    make faults [RUNS=200] [SEED=1]            or            .venv/bin/python -m tools.faults --runs 20

An instance of its own (own home, own port) is started with the demonstration. Each run picks a deed and a victim: a
process of the web server, its main process, the background worker, a process of the database that serves the
application, or the database itself. The deed is begun, the victim killed with SIGKILL after 0 to 600 ms, then the
person does what a person does: waits until the platform answers, looks, tries again. When the background work is
done, everything in ``tools/faulting/holding.py`` must hold. Exit code 0 only when it held after every run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineWorkbook
from tools.faulting.deeds import CITY, DEEDS, LABORATORY, PROVINCE, REVIEWER, Deed, Tour, Undone
from tools.faulting.holding import Holding
from tools.faulting.people import Failed, Interrupted, Person
from tools.faulting.victims import VICTIMS, Processes

from jingtu.config.serve import answers

JINGTU = Path(sys.executable).with_name("jingtu")
LONGEST_DELAY_S = 0.6
RETURN_SECONDS = 60
STEADY_SECONDS = 2  # a web server whose worker dies twice within seconds ends itself and is started anew a moment later
MOST_TRIES = 5
CORRECTED = "演示-检测结果-更正.xlsx"
SENTENCE = "没有保存一半"  # what every failure page and problem assures


@dataclass
class Run:
    """One kill and what came of it."""

    number: int
    deed: str
    victim: str
    delay_ms: int
    hit: bool = False
    tries: int = 0
    back_s: float = 0.0
    settled_s: float = 0.0
    violations: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line for the person who watches."""
        met = "interrupted" if self.hit else "came through"
        end = "; ".join(self.violations) or "holds"
        return (
            f"{self.number:4d}  {self.deed:<16} {self.victim:<10} +{self.delay_ms:3d} ms  {met:<12} "
            f"tries {self.tries}  answers {self.back_s:4.1f} s  settled {self.settled_s:5.1f} s  {end}"
        )


# -- an instance of its own -----------------------------------------------------------------------


def command(home: Path, *arguments: str) -> str:
    """Run ``jingtu`` for a home as a person would."""
    ours = ("JINGTU_", "DJANGO_", "DATABASE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [str(JINGTU), *arguments],
        env={**kept, "JINGTU_HOME": str(home)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise SystemExit(f"`jingtu {' '.join(arguments)}` failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def served(home: Path | None) -> Iterator[tuple[Path, int]]:
    """A demonstration of its own, deleted afterwards; a home that is given is kept."""
    with tempfile.TemporaryDirectory(prefix="jingtu-faults-") as name:
        place = home or Path(name)
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        try:
            command(place, "up", "--bg", "--port", str(port), "--demo")
            yield place, port
        finally:
            if home:
                command(place, "down")
            else:
                command(place, "reset", "--force")
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()


def people(home: Path, port: int) -> dict[str, Person]:
    """Those who do the deeds of the tour, each at a browser."""
    password = str(json.loads((home / "instance.json").read_text(encoding="utf-8"))["demo_password"])
    return {account: Person(port, account, password) for account in (PROVINCE, CITY, REVIEWER, LABORATORY)}


def corrected_results(home: Path) -> list[list[str]]:
    """The laboratory's corrected workbook as the demonstration leaves it: heading and rows."""
    with tempfile.TemporaryDirectory() as folder:
        command(home, "manage", "demonstration", "--files", folder)
        book = CalamineWorkbook.from_path(str(Path(folder) / CORRECTED))
    rows = book.get_sheet_by_index(0).to_python()[1:]
    return [[str(cell) for cell in row] for row in rows]


# -- one run --------------------------------------------------------------------------------------


class Bench:
    """One instance under test and the runs made on it."""

    def __init__(self, home: Path, port: int, seed: int) -> None:
        """Nobody has signed in yet."""
        self.port, self.chance = port, random.Random(seed)  # noqa: S311 - chance of a test, no secret
        self.processes, holding = Processes(home), Holding(home)
        self.tour = Tour(people(home, port), holding, corrected_results(home), self.chance, seed)

    def runs(self, number: int, deeds: Sequence[str] = tuple(DEEDS), victims: Sequence[str] = VICTIMS) -> Iterator[Run]:
        """So many runs; deeds and victims come up equally often, in an order of the seed."""
        pairs = [(deed, victim) for deed in deeds for victim in victims]
        drawn: list[tuple[str, str]] = []
        while len(drawn) < number:
            drawn += self.chance.sample(pairs, len(pairs))
        for count, (deed, victim) in enumerate(drawn[:number], 1):
            run = Run(count, deed, victim, round(self.chance.uniform(0, LONGEST_DELAY_S) * 1000))
            try:
                self._perform(run)
            except Undone as error:
                run.violations.append(str(error))
            yield run

    def _perform(self, run: Run) -> None:
        deed = DEEDS[run.deed](self.tour)
        self._disturb(deed, run)
        begun = time.monotonic()
        self.await_return()
        run.back_s = time.monotonic() - begun
        self._try_again(deed, run)
        run.settled_s = self.tour.settle()
        self.await_return(STEADY_SECONDS)
        run.violations += self.tour.holding.violations()

    def _disturb(self, deed: Deed, run: Run) -> None:
        """Begin the deed and kill the victim while it is under way, or while its background work is."""
        outcome: list[BaseException | None] = []
        person = threading.Thread(target=lambda: outcome.append(self._once(deed)))
        person.start()
        time.sleep(run.delay_ms / 1000)
        deadline = time.monotonic() + RETURN_SECONDS
        while not self.processes.kill(run.victim, self.chance) and time.monotonic() < deadline:
            time.sleep(0.02)
        person.join()
        run.tries, run.hit = 1, outcome[0] is not None
        if isinstance(outcome[0], Failed):
            run.violations += unclear(outcome[0])
        elif isinstance(outcome[0], Undone):
            run.violations.append(str(outcome[0]))

    def _once(self, deed: Deed) -> BaseException | None:
        try:
            deed.do()
        except (Interrupted, Undone) as error:
            return error
        return None

    def _try_again(self, deed: Deed, run: Run) -> None:
        """What a person does who got no answer: look, and do it again if it is not done."""
        if not run.hit:
            return
        while (error := self._once(deed)) is not None:
            run.tries += 1
            if isinstance(error, Undone) or run.tries > MOST_TRIES:
                raise Undone(f"trying again did not help: {error}")
            time.sleep(1)
        run.tries += 1

    def await_return(self, steady_seconds: float = 0) -> None:
        """Wait until the platform answers, and for as long as is asked goes on answering."""
        deadline, since = time.monotonic() + RETURN_SECONDS, time.monotonic()
        while True:
            if not (self.processes.all_there() and answers(self.port)):
                since = time.monotonic() + 0.2
            elif time.monotonic() >= since + steady_seconds:
                return
            if time.monotonic() > deadline:
                raise Undone(f"the instance does not answer {RETURN_SECONDS} s after the kill")
            time.sleep(0.2)


def unclear(failed: Failed) -> list[str]:
    """A failure must be a plain sentence: a page on the console, a problem of RFC 9457 from the API."""
    answer = failed.answer
    if answer.media_type in {"text/html", "application/problem+json"} and SENTENCE in answer.text:
        return []
    return [f"the failure is no plain sentence: {answer.status} {answer.media_type} {answer.text[:200]!r}"]


# -- the whole ------------------------------------------------------------------------------------


def report(runs: Sequence[Run], seconds: float) -> str:
    """Figures of all runs, by victim and by deed."""
    lines = [f"{len(runs)} runs in {seconds:.0f} s, {sum(bool(run.violations) for run in runs)} with violations"]
    for title, names in (("victim", VICTIMS), ("deed", tuple(DEEDS))):
        lines.append(f"{title:<16} kills  interrupted  median answers  longest answers  longest settled")
        for name in names:
            own = [run for run in runs if getattr(run, title) == name]
            if own:
                back = [run.back_s for run in own]
                lines.append(
                    f"{name:<16} {len(own):5d}  {sum(run.hit for run in own):11d}  {statistics.median(back):12.1f} s"
                    f"  {max(back):13.1f} s  {max(run.settled_s for run in own):13.1f} s"
                )
    return "\n".join(lines)


def main() -> int:
    """Run, print every run and the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="use and keep this home instead of a temporary one")
    parser.add_argument("--deed", action="append", choices=list(DEEDS), help="only this deed; may be repeated")
    parser.add_argument("--victim", action="append", choices=VICTIMS, help="only this victim; may be repeated")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first violation")
    args = parser.parse_args()
    done: list[Run] = []
    with served(args.home) as (home, port):
        bench, begun = Bench(home, port, args.seed), time.monotonic()
        for run in bench.runs(args.runs, args.deed or tuple(DEEDS), args.victim or VICTIMS):
            done.append(run)
            print(run.line(), flush=True)
            if run.violations and not args.go_on:
                break
        print(report(done, time.monotonic() - begun), flush=True)
    return 1 if any(run.violations for run in done) else 0


if __name__ == "__main__":
    sys.exit(main())
