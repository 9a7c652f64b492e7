"""The private cluster: made, killed, started again, reached by its own users only."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jingtu.config.cluster import LONGEST_SOCKET_DIR, Cluster, _open_to_postgres
from jingtu.config.refusal import Refusal
from jingtu.config.serve import held, need_port, sole


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        made = Cluster(Path(folder), throwaway=True)
        made.start()
        yield made
        made.remove()


def test_it_is_reached_by_socket_only(cluster: Cluster) -> None:
    assert cluster.answers()
    assert cluster.sql("SHOW listen_addresses").strip() == ""
    assert cluster.socket_dir.stat().st_mode & 0o077 == 0


def test_roles_own_and_bypass_nothing_they_should_not(cluster: Cluster) -> None:
    rows = cluster.sql(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'jingtu%' ORDER BY 1"
    ).split()
    assert rows == ["jingtu_app|f|f", "jingtu_owner|f|f"]


def test_starting_twice_changes_nothing(cluster: Cluster) -> None:
    before = cluster.sql("SELECT pg_postmaster_start_time()")
    cluster.start()
    assert cluster.sql("SELECT pg_postmaster_start_time()") == before


def test_a_killed_server_comes_back(cluster: Cluster) -> None:
    pid = cluster._pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while cluster.answers() and time.monotonic() < deadline:
        time.sleep(0.1)
    cluster.start()
    assert cluster.answers()
    assert cluster._pid() != pid


def test_a_cluster_of_the_served_kind_loses_nothing_on_power_failure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        served = Cluster(Path(folder))
        try:
            served.start()
            assert [served.sql(f"SHOW {name}").strip() for name in ("fsync", "synchronous_commit")] == ["on", "on"]
            assert served.sql("SELECT datname FROM pg_database WHERE datname = 'jingtu'").strip() == "jingtu"
        finally:
            served.remove()


def test_a_long_path_gets_a_short_socket() -> None:
    deep = Cluster(Path("/srv") / ("x" * 120))
    assert len(str(deep.socket_dir)) <= LONGEST_SOCKET_DIR
    assert deep.socket_dir != Cluster(Path("/srv") / ("y" * 120)).socket_dir


def test_a_closed_parent_is_seen(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not _open_to_postgres(closed / "home")


def test_a_taken_port_is_refused_with_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=rf"{port} is taken.*PORT=\d+"):
            need_port(port)


def test_one_supervisor_at_a_time(tmp_path: Path) -> None:
    assert not held(tmp_path)
    with sole(tmp_path):
        assert held(tmp_path)
        with pytest.raises(Refusal, match="make down"), sole(tmp_path):
            pass
    assert not held(tmp_path)
