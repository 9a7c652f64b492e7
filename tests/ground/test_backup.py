"""Backups come back as they were, and a backup that was tampered with is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from jingtu.config.backup import DUMP, FILES, MANIFEST
from tests.browser import Served, command

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def kept(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the served demonstration, taken while it runs."""
    folder = tmp_path_factory.mktemp("backup")
    done = command(served.home, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_a_backup_is_rehearsed_in_a_second_cluster(served: Served, kept: Path) -> None:
    done = command(served.home, "restore", str(kept), "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "台账" in done.stdout
    assert "各链完整" in done.stdout
    assert "天前" in done.stdout


def test_a_restore_that_differs_is_reported(served: Served, kept: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    manifest["tables"]["public.monitoring_point"] = [1, "0"]
    (copy / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    victim = next((copy / FILES).glob("??/*"))
    victim.write_bytes(b"changed")
    done = command(served.home, "restore", str(copy), "--check")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "public.monitoring_point" in done.stdout
    assert victim.name in done.stdout


def test_a_changed_dump_is_refused_before_anything_is_made(served: Served, kept: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    with (copy / DUMP).open("ab") as dump:
        dump.write(b"x")
    done = command(served.home, "restore", str(copy), "--check")
    assert done.returncode == 2
    assert "改动" in done.stderr


def test_nothing_is_restored_over_an_instance(served: Served, kept: Path) -> None:
    done = command(served.home, "restore", str(kept), "--home", str(served.home))
    assert done.returncode == 2
    assert "已有实例" in done.stderr
