"""Backup and restore: database, files and settings of an instance, with proof that they came back as they were.

A backup is a folder: ``database.dump`` (pg_dump, custom format), ``files/`` by hash, ``instance.json`` and
``manifest.json`` with a digest of every table taken in the same snapshot as the dump. It is as secret as the instance.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from jingtu.config import instance as instances
from jingtu.config.cluster import DATABASE, SUPERUSER, Cluster, program
from jingtu.config.refusal import Refusal

DUMP, MANIFEST, FILES = "database.dump", "manifest.json", "files"
TABLES = """
SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'spatial_ref_sys' ORDER BY 1
"""
# Independent of the order of rows: the sum of the leading bits of each row's own digest.
DIGEST = "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text FROM {} t"
NEWEST = "SELECT max(recorded_at) FROM registers_ledgerentry"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: digests of tables (rows and sum), the newest deed, when it was made."""

    made_at: str
    newest_deed_at: str
    tables: dict[str, list[Any]]
    files: int
    dump_sha256: str


@dataclass(frozen=True)
class Outcome:
    """What a restore proved, and what did not come back as it was."""

    manifest: Manifest
    ledger_entries: int
    faults: list[str]


def backup(home: Path, folder: Path) -> Manifest:
    """Write a backup of the running or stopped instance in ``home`` into an empty or earlier backup folder."""
    if not instances.record(home).exists():
        raise Refusal(f"There is no instance in {home}. {home} 中没有实例。")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    cluster = Cluster(home)
    cluster.start()
    with _superuser(cluster) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        _dump(cluster, folder / DUMP, snapshot)
        tables, newest = digests(connection), _one(connection, NEWEST)
    files = _copy_files(home / FILES, folder / FILES)
    shutil.copy2(instances.record(home), folder / instances.record(home).name)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(made_at, newest.isoformat() if newest else "", tables, files, _sha256(folder / DUMP))
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return manifest


def restore(folder: Path, home: Path) -> Outcome:
    """Bring a backup back into a new home and prove it: dump, tables, files and ledger."""
    manifest = read(folder)
    if instances.record(home).exists() or Cluster(home).exists():
        raise Refusal(f"{home} already holds an instance; choose an empty folder. {home} 已有实例，请另选空文件夹。")
    home.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(home)
    cluster.start()
    _load(cluster, folder / DUMP)
    _copy_files(folder / FILES, home / FILES)
    record = instances.record(home)
    shutil.copy2(folder / record.name, record)
    with _superuser(cluster) as connection:
        faults = [*_compare(manifest, digests(connection)), *_broken_files(home / FILES, manifest)]
        entries, broken = _ledger(connection)
    return Outcome(manifest, entries, [*faults, *broken])


def rehearse(folder: Path) -> Outcome:
    """Restore into a second cluster, compare, and throw it away: the proof that a backup is one."""
    with tempfile.TemporaryDirectory(prefix="jingtu-rehearsal-") as name:
        home = Path(name)
        home.chmod(0o755)
        try:
            return restore(folder, home)
        finally:
            Cluster(home).stop()


def read(folder: Path) -> Manifest:
    """The manifest of a backup whose dump is whole."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise Refusal(f"{folder} is not a backup: {error}. {folder} 不是备份文件夹。") from None
    if _sha256(folder / DUMP) != manifest.dump_sha256:
        raise Refusal(f"{folder / DUMP} was changed since it was made. 备份文件已被改动，不能使用。")
    return manifest


def digests(connection: psycopg.Connection[Any]) -> dict[str, list[Any]]:
    """Rows and digest of every table, by its name."""
    names = [row[0] for row in connection.execute(TABLES).fetchall()]
    found = {name: connection.execute(DIGEST.format(name)).fetchone() for name in names}
    return {name: list(row or ()) for name, row in found.items()}


def _superuser(cluster: Cluster) -> psycopg.Connection[Any]:
    return psycopg.connect(host=str(cluster.socket_dir), port=cluster.port, dbname=DATABASE, user=SUPERUSER)


def _one(connection: psycopg.Connection[Any], statement: str) -> Any:
    row = connection.execute(sql.SQL(statement)).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


def _place(cluster: Cluster) -> list[str]:
    return ["-h", str(cluster.socket_dir), "-p", str(cluster.port), "-U", SUPERUSER]


def _dump(cluster: Cluster, target: Path, snapshot: str) -> None:
    command = [program("pg_dump"), *_place(cluster), "-Fc", f"--snapshot={snapshot}", "-f", str(target), DATABASE]
    _run(command, "pg_dump")
    target.chmod(0o600)


def _load(cluster: Cluster, source: Path) -> None:
    _run([program("pg_restore"), *_place(cluster), "--exit-on-error", "-d", DATABASE, str(source)], "pg_restore")
    cluster.gather_statistics()


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal(f"{name} failed: {done.stderr.strip()[:500]}")


def _copy_files(source: Path, target: Path) -> int:
    count = 0
    for path in sorted(source.glob("??/*")) if source.exists() else []:
        count += 1
        copy = target / path.parent.name / path.name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    return count


def _compare(manifest: Manifest, found: dict[str, list[Any]]) -> Iterator[str]:
    for name in sorted(manifest.tables.keys() | found.keys()):
        if manifest.tables.get(name) != found.get(name):
            yield f"{name}: {manifest.tables.get(name)} in the backup, {found.get(name)} after the restore"


def _broken_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    paths = sorted(folder.glob("??/*")) if folder.exists() else []
    if len(paths) != manifest.files:
        yield f"files: {manifest.files} in the backup, {len(paths)} after the restore"
    for path in paths:
        if _sha256(path) != path.name:
            yield f"file {path.name}: its content does not match its name"


def _ledger(connection: psycopg.Connection[Any]) -> tuple[int, list[str]]:
    """Recompute the chains from the restored rows."""
    count = 0
    faults: list[str] = []
    last: dict[str, tuple[int, str]] = {}
    rows = connection.execute(
        "SELECT stream, seq, previous, hash, body FROM registers_ledgerentry ORDER BY stream, seq"
    )
    for stream, seq, previous, digest, body in rows:
        count += 1
        expected = hashlib.sha256(f"{previous}{seq}\n{body}".encode()).hexdigest()
        if digest != expected or last.get(stream, (0, "0" * 64)) != (seq - 1, previous):
            faults.append(f"ledger {stream} {seq}: the chain does not hold")
        last[stream] = (seq, digest)
    return count, faults


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
