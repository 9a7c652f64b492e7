"""A hundred officers at work on a served demonstration of their own: one request each every five seconds, closed loop.

Run: ``python bench/bench_load.py [SECONDS] [OFFICERS] [HOME]`` (600 100 for the full size); with the home of a
demonstration that runs already, that one is asked instead, and left as it is but for the files handed in.

An officer asks, waits for the answer, and asks again five seconds after having asked before, or at once when the answer
took longer. Lists with filters and pages, records, the board and its clauses, map tiles, searches, exports, and files
handed in (which the worker checks meanwhile), mixed by weight from a seed. Web server, worker, database and the
officers share the machine. Signing in is done before and not timed.
"""

from __future__ import annotations

import csv
import http.client
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import instance

FULL = "600 100"
EVERY_SECONDS = 5.0
JINGTU = Path(sys.executable).with_name("jingtu")
HOME = Path(__file__).resolve().parents[1] / "var" / "bench-load"
WEIGHTS = {"list": 26, "record": 24, "board": 12, "tile": 16, "search": 12, "export": 4, "work": 4, "submission": 2}
HEADINGS = "点位编码,点位名称,监测网,点位类型,县级行政区代码,经度,纬度,土地利用,设立日期"
SEARCHES = ("演示", "小店", "N-14", "旱地", "没有这样的")
LEFT_OUT = ("laboratory", "administrator", "security", "audit")  # they have other pages
MOST_LISTS = 5
EVERYBODYS = ("/r/monitoring.planned_point/", "/r/evidence.batch/")
JINGTU_DATA = Path(__file__).resolve().parents[1] / "src" / "jingtu" / "demonstration" / "data"
LATE_SECONDS = 1.0


@dataclass
class Taken:
    """What was asked: kind and seconds; and what went wrong."""

    seconds: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def demonstration(running: Path | None) -> Iterator[Path]:
    """The home of a demonstration: one that runs, or one started with the command people use."""
    if running is not None:
        yield running
        return
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JINGTU_", "DJANGO_"))}
    environment["JINGTU_HOME"] = str(HOME)

    def run(*words: str) -> None:
        subprocess.run([str(JINGTU), *words], env=environment, capture_output=True, text=True, check=True)

    if HOME.exists():
        run("reset", "--force")
    try:
        run("up", "--bg", "--demo", "--port", str(_free_port()))
        yield HOME
    finally:
        run("reset", "--force")
        shutil.rmtree(HOME, ignore_errors=True)


def officers_of(home: Path, number: int) -> list[Officer]:
    """So many officers of a demonstration, signed in; those of one account know the same pages."""
    port = json.loads((home / "supervisor.json").read_text(encoding="utf-8"))["port"]
    password = json.loads((home / "instance.json").read_text(encoding="utf-8"))["demo_password"]
    with (JINGTU_DATA / "cast.csv").open(encoding="utf-8") as file:
        accounts = [row["account"] for row in csv.DictReader(file) if row["role"] not in LEFT_OUT]
    people = [Officer(f"127.0.0.1:{port}", seed, accounts[seed % len(accounts)]) for seed in range(number)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: each.signs_in(password), people))
        list(pool.map(Officer.looks_around, people[: len(accounts)]))
    for place, officer in enumerate(people):
        known = people[place % len(accounts)]
        officer.lists, officer.records, officer.submits = known.lists, known.records, known.submits
    return people


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Officer:
    """One signed-in browser with its cookies and a connection that stays open."""

    def __init__(self, place: str, seed: int, account: str) -> None:
        """Not signed in yet."""
        self.account = account
        self.dice = random.Random(seed)
        self.cookies: dict[str, str] = {}
        self.link = http.client.HTTPConnection(place, timeout=60)
        self.lists: list[str] = []
        self.records: list[str] = []
        self.submits = False

    def ask(self, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """One request: status, text, and where it leads."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind or "application/x-www-form-urlencoded"
        try:
            self.link.request("POST" if body is not None else "GET", path, body, headers)
            answer = self.link.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self.link.close()  # the server may close a quiet connection; ask once more on a new one
            self.link.request("POST" if body is not None else "GET", path, body, headers)
            answer = self.link.getresponse()
        content = answer.read()
        for given in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = given.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, content.decode("utf-8", "replace"), answer.headers.get("Location", "")

    def token(self, text: str) -> str:
        """What a form sends along against forged requests."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        assert found, text[:300]
        return found.group(1)

    def signs_in(self, password: str) -> None:
        """Enter by the form."""
        form = {"username": self.account, "password": password}
        form["csrfmiddlewaretoken"] = self.token(self.ask("/sign-in/")[1])
        status, text, _to = self.ask("/sign-in/", urlencode(form).encode())
        assert status == 302, (self.account, status, text[:300])

    def looks_around(self) -> None:
        """Learn some lists of the menu, their records, and whether points may be handed in."""
        found = sorted(set(re.findall(r'href="(/r/[\w.]+/)"', self.ask("/")[1])))
        everybodys = [each for each in found if each in EVERYBODYS]
        self.lists = [*everybodys, *self.dice.sample(found, min(MOST_LISTS, len(found)))]
        for address in self.lists:
            self.records += sorted(set(re.findall(rf'href="({re.escape(address)}\d+/)"', self.ask(address)[1])))[:8]
        self.lists = self.lists or ["/dossiers/"]
        self.records = self.records or ["/posts/"]
        status, text, _to = self.ask("/dossiers/new/")
        self.submits = status == 200 and 'value="monitoring.point"' in text

    def does(self, kind: str) -> str:
        """One thing that officers do; returns why it went wrong, or nothing."""
        path = {
            "list": lambda: f"{self.dice.choice(self.lists)}?{urlencode({'sort': '', 'region': ''})}",
            "record": lambda: self.dice.choice(self.records),
            "board": lambda: self.dice.choice(("/board/", "/board/", "/clauses/T02/", "/duties/T02-04/")),
            "tile": self._tile,
            "search": lambda: f"{self.dice.choice(self.lists)}?q={quote(self.dice.choice(SEARCHES))}",
            "export": lambda: f"{self.dice.choice(self.lists)}?format={self.dice.choice(('csv', 'xlsx'))}",
            "work": lambda: "/",
            "submission": lambda: "/dossiers/new/",
        }[kind]()
        status, text, _to = self.ask(path)
        if kind == "submission" and status == 200:
            status, text, _to = self.ask(path, *self._file(text))
            return "" if status == 302 else f"{status} {path}: {_sentence(text)}"
        return "" if status in (200, 204) else f"{status} {path}: {_sentence(text)}"

    def _tile(self) -> str:
        zoom = self.dice.choice((6, 7, 8))
        x, y = int((112.5 + 180) / 360 * 2**zoom), {6: 24, 7: 49, 8: 98}[zoom]
        layer = self.dice.choice(("monitoring.point", "monitoring.planned_point"))
        return f"/tiles/{layer}/{zoom}/{x + self.dice.choice((0, 1))}/{y}.mvt"

    def _file(self, form: str) -> tuple[bytes, str]:
        mark = uuid.UUID(int=self.dice.getrandbits(128)).hex
        rows = [
            f"L-{mark[:8]}-{row},负载{row},national,base,140105,112.{560000 + row},37.{730000 + row},旱地,2016-12-01"
            for row in range(20)
        ]
        region = re.search(r'<option value="(\d{6})" selected', form)
        said = {
            "csrfmiddlewaretoken": self.token(form), "sheet": "monitoring.point", "on": "2021-10-08",
            "region": region.group(1) if region else "140000", "reason": "",
        }  # fmt: skip
        return multipart(said, f"负载-{mark[:8]}.csv", "\n".join([HEADINGS, *rows]).encode("utf-8-sig"))


def multipart(said: dict[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    """A form with a file, and its content type."""
    edge = "jingtu-load"
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in said.items()
    )
    head += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def _sentence(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    return " ".join((found.group(1) if found else text[:120]).split())


def works(officer: Officer, until: float, taken: Taken) -> None:
    """Ask every five seconds until the end."""
    kinds, weights = zip(*WEIGHTS.items(), strict=True)
    time.sleep(officer.dice.uniform(0, EVERY_SECONDS))
    while (begun := time.monotonic()) < until:
        kind = officer.dice.choices(kinds, weights)[0]
        kind = kind if officer.submits or kind != "submission" else "list"
        try:
            wrong = officer.does(kind)
        except (OSError, http.client.HTTPException, AssertionError) as error:
            wrong = f"{kind}: {error!r}"[:200]
        taken.seconds.append((kind, time.monotonic() - begun))
        if wrong:
            taken.wrong.append(wrong)
        time.sleep(max(0.0, begun + EVERY_SECONDS - time.monotonic()))


def processes(home: Path) -> Iterator[Path]:
    """The instance's processes: the supervisor, the database's first process, and all that come from them."""
    first = json.loads((home / "supervisor.json").read_text(encoding="utf-8"))["pid"]
    database = (home / "cluster" / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    parents = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit():
                parents[folder.name] = (folder / "stat").read_text().rpartition(")")[2].split()[1]
    for pid in parents:
        above = pid
        while above not in (str(first), database, "0", "1", ""):
            above = parents.get(above, "")
        if above in (str(first), database):
            yield Path("/proc") / pid


def memory_mib(home: Path) -> float:
    """What the instance holds, shared pages counted by share."""
    held = 0
    for folder in processes(home):
        with suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.MULTILINE)
            held += int(found.group(1)) if found else 0
    return held / 1024


def spent_seconds(home: Path) -> float:
    """Processor seconds of the instance so far: what others do on the machine does not count."""
    ticks = 0
    for folder in processes(home):
        with suppress(OSError):
            ticks += sum(map(int, (folder / "stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def tell(taken: Taken, seconds: float, memory: list[float], spent: float) -> None:
    """Print the figures."""
    everything = [each for _kind, each in taken.seconds]
    print(f"{'kind':<12}{'asked':>8}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'most ms':>10}")
    for kind in (*WEIGHTS, "all"):
        times = sorted(each for name, each in taken.seconds if kind in (name, "all"))
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=100, method="inclusive")
            told = "".join(f"{value * 1000:>10.0f}" for value in (cuts[49], cuts[94], cuts[98], times[-1]))
            print(f"{kind:<12}{len(times):>8}{told}")
    late = sum(each > LATE_SECONDS for each in everything)
    print(f"requests a second {len(everything) / seconds:>10.1f}   slower than 1 s: {late}   (p95 under 1 s wanted)")
    each_ms, cores = spent / len(everything) * 1000, spent / (seconds + EVERY_SECONDS)
    print(f"processor         {each_ms:>10.0f} ms a request, {cores:.2f} cores in use by the instance")
    print(f"errors            {len(taken.wrong):>10}   {dict(Counter(taken.wrong).most_common(5)) or ''}")
    print(f"memory MiB        {' → '.join(f'{each:.0f}' for each in memory)}   (start, quarters, end)")


def main(seconds: int = 60, officers: int = 100, running: Path | None = None) -> int:
    """Let them work; returns how much went wrong."""
    with demonstration(running) as home:
        people = officers_of(home, officers)
        taken, memory, load, spent = Taken(), [memory_mib(home)], os.getloadavg()[0], spent_seconds(home)
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=works, args=(each, until, taken), daemon=True) for each in people]
        for thread in threads:
            thread.start()
        for quarter in range(1, 5):
            time.sleep(max(0.0, until - seconds * (4 - quarter) / 4 - time.monotonic()))
            memory.append(memory_mib(home))
        for thread in threads:
            thread.join()
        print(f"machine           {instance.machine()}; load before, with whatever else ran: {load:.1f}")
        print(f"{officers} officers, {seconds} s, one request each every {EVERY_SECONDS:.0f} s")
        tell(taken, seconds, memory, spent_seconds(home) - spent)
        return len(taken.wrong)


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:3]]
    sys.exit(1 if main(*numbers, **({"running": Path(sys.argv[3])} if sys.argv[3:] else {})) else 0)
