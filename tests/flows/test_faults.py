"""Nothing is lost: processes are killed, connections cut and the disk filled in the middle of the deeds of the tour."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from tools.faulting import tiny_disk
from tools.faulting.deeds import ACCEPTER, LABORATORY, POINT, REGION, RESULT, TODAY
from tools.faulting.people import Answer, Failed, Person
from tools.faults import SENTENCE, Bench, served

from jingtu.config.cluster import DATABASE, SUPERUSER, Cluster

pytestmark = pytest.mark.e2e
RUNS, SEED = 20, 20211008
WAITING = """SELECT pid FROM pg_stat_activity
    WHERE usename = 'jingtu_app' AND wait_event_type = 'Lock' AND state = 'active'"""
TINY = "64k"
WAIT_SECONDS = 20


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """A demonstration of its own: it is treated badly."""
    with served(None) as (home, port):
        yield Bench(home, port, SEED)


@pytest.fixture
def blocked(bench: Bench) -> Iterator[psycopg.Connection[tuple[int]]]:
    """The superuser holds the table of dossiers: whoever wants to write there waits."""
    cluster = Cluster(bench.tour.holding.home)
    place = {"host": str(cluster.socket_dir), "port": cluster.port, "user": SUPERUSER, "dbname": DATABASE}
    with psycopg.connect(**place, autocommit=True) as holder:
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE registers_dossier IN EXCLUSIVE MODE")
        yield holder


def wait_for(bench: Bench, number: int) -> list[int]:
    """The database processes that wait for the table, once there are so many."""
    deadline = time.monotonic() + WAIT_SECONDS
    while len(found := bench.tour.holding.rows(WAITING)) < number:
        assert time.monotonic() < deadline, f"{len(found)} of {number} wait"
        time.sleep(0.05)
    return [row[0] for row in found]


def aside(do: Callable[[], Answer]) -> tuple[threading.Thread, list[Answer]]:
    """Do something in another thread; its answer, a failure's too, comes into the list."""
    answers: list[Answer] = []

    def work() -> None:
        try:
            answers.append(do())
        except Failed as failed:
            answers.append(failed.answer)

    thread = threading.Thread(target=work)
    thread.start()
    return thread, answers


def test_the_same_file_handed_in_twice_at_once_is_one_dossier(
    bench: Bench, blocked: psycopg.Connection[tuple[int]]
) -> None:
    tour = bench.tour
    file = tour.file(RESULT)
    digest = hashlib.sha256(file.content).hexdigest()
    blocked.execute(
        "INSERT INTO registers_document (sha256, name, media_type, size_bytes, recorded_at)"
        " VALUES (%s, %s, 'text/csv', %s, now())",
        [digest, file.name, len(file.content)],
    )
    blocked.execute("COMMIT")
    blocked.execute("BEGIN")
    blocked.execute("LOCK TABLE registers_dossier IN EXCLUSIVE MODE")
    fields = {"sheet": RESULT, "region": REGION[RESULT], "on": TODAY, "reason": ""}
    password = tour.people[LABORATORY].password
    people = [Person(bench.port, LABORATORY, password) for _twice in range(2)]
    for person in people:
        person.sign_in()
    both = [aside(lambda person=person: person.send("/api/v1/dossiers", fields, file)) for person in people]
    wait_for(bench, 2)
    blocked.execute("COMMIT")
    for thread, _answers in both:
        thread.join()
    told = [answers[0] for _thread, answers in both]
    assert sorted(answer.status for answer in told) == [200, 201]
    assert len({answer.json()["number"] for answer in told}) == 1
    tour.settle()
    assert tour.holding.violations() == []


def test_a_connection_lost_while_handing_in_leaves_nothing(
    bench: Bench, blocked: psycopg.Connection[tuple[int]]
) -> None:
    tour, file = bench.tour, bench.tour.file(POINT)
    before = tour.holding.counts()
    fields = {"sheet": POINT, "region": REGION[POINT], "on": TODAY, "reason": ""}
    thread, answers = aside(lambda: tour.people[ACCEPTER[POINT]].send("/api/v1/dossiers", fields, file))
    for pid in wait_for(bench, 1):
        blocked.execute("SELECT pg_terminate_backend(%s)", [pid])
    thread.join()
    blocked.execute("COMMIT")
    assert answers[0].status == 503
    assert answers[0].media_type == "application/problem+json"
    assert SENTENCE in answers[0].json()["detail"]
    assert tour.holding.counts() == before
    tour.hand_in(POINT, file, by_api=True)
    tour.settle()
    assert tour.holding.violations() == []


def test_a_connection_lost_while_accepting_leaves_the_dossier_as_it_was(bench: Bench) -> None:
    tour = bench.tour
    tour.hand_in(POINT, tour.file(POINT), by_api=False)
    tour.settle()
    key = tour.waiting(POINT)
    page = f"/dossiers/{key}/"
    stood = tour.holding.rows(f"SELECT state, summary FROM registers_dossier WHERE id = {key}")
    points = tour.holding.rows("SELECT count(*) FROM monitoring_point")
    cluster = Cluster(tour.holding.home)
    place = {"host": str(cluster.socket_dir), "port": cluster.port, "user": SUPERUSER, "dbname": DATABASE}
    person = tour.people[ACCEPTER[POINT]]
    person.get(page)
    with psycopg.connect(**place) as holder:
        holder.execute("LOCK TABLE monitoring_point IN EXCLUSIVE MODE")
        form = {"accept-on": TODAY, "accept-reason": ""}
        thread, answers = aside(lambda: person.send(f"{page}move/accept/", form))
        for pid in wait_for(bench, 1):
            holder.execute("SELECT pg_terminate_backend(%s)", [pid])
        thread.join()
    assert (answers[0].status, answers[0].media_type) == (503, "text/html")
    assert SENTENCE in answers[0].text
    assert tour.holding.rows(f"SELECT state, summary FROM registers_dossier WHERE id = {key}") == stood
    assert tour.holding.rows("SELECT count(*) FROM monitoring_point") == points
    assert tour.press(ACCEPTER[POINT], page, f"{page}move/accept/", "accept")
    assert tour.holding.violations() == []


@contextmanager
def full_disk(bench: Bench) -> Iterator[None]:
    """A tiny disk in the place of the kept files, with no room left on it."""
    place = bench.tour.holding.home / "files"
    try:
        tiny_disk.mount(place, TINY)
    except tiny_disk.NoDisk as refusal:
        pytest.skip(str(refusal))
    try:
        tiny_disk.fill(place)
        yield
        assert [path.name for path in place.rglob("*") if path.is_file()] == ["filler"], "nothing half written stays"
    finally:
        tiny_disk.unmount(place)


@pytest.mark.parametrize("by_api", [True, False])
def test_a_full_disk_is_said_and_leaves_everything_as_it_was(bench: Bench, by_api: bool) -> None:
    tour, file = bench.tour, bench.tour.file(POINT)
    tour.people[ACCEPTER[POINT]].get("/dossiers/")
    before = tour.holding.counts()
    with full_disk(bench), pytest.raises(Failed) as caught:
        tour.hand_in(POINT, file, by_api=by_api)
    answer = caught.value.answer
    assert answer.status == 507
    assert answer.media_type == ("application/problem+json" if by_api else "text/html")
    assert "存储空间已满" in answer.text
    assert SENTENCE in answer.text
    assert tour.holding.counts() == before
    tour.hand_in(POINT, file, by_api=by_api)
    tour.settle()
    assert tour.holding.violations() == []


def test_whatever_is_killed_nothing_is_lost(bench: Bench) -> None:
    """The script's own runs, a few of them; ``make faults`` makes two hundred."""
    found = [run.line() for run in bench.runs(RUNS) if run.violations]
    assert not found, "\n".join(found)
