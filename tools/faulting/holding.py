"""What must hold in the database and among the kept files after whatever happened, asked as the superuser."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from tools.verify_ledger import faults as ledger_faults

from jingtu.config.cluster import DATABASE, SUPERUSER, Cluster

# Each asks for what must not be there; one row is one violation, and the sentence takes its columns.
FORBIDDEN = {
    "{0} {1} stands in “{2}”, its last move led to “{3}”": """
        WITH record AS (
            SELECT 'registers.dossier' AS register, id, state FROM registers_dossier
            UNION ALL SELECT 'registers.package', id, state FROM registers_package
            UNION ALL SELECT 'evidence.batch', id, state FROM evidence_batch
            UNION ALL SELECT 'evidence.handover', id, state FROM evidence_handover
            UNION ALL SELECT 'monitoring.campaign', id, state FROM monitoring_campaign)
        SELECT r.register, r.id, r.state, m.to_state FROM record r LEFT JOIN LATERAL (
            SELECT to_state FROM registers_move WHERE register = r.register AND subject_id = r.id
            ORDER BY id DESC LIMIT 1) m ON true
        WHERE m.to_state IS DISTINCT FROM r.state""",
    "{0} {1}: {3} moves “{2}”, but {4} entries of the ledger": """
        SELECT * FROM (
            SELECT register, subject_id, arrow, count(*) AS moves FROM registers_move
            WHERE arrow <> 'begin' GROUP BY 1, 2, 3) m
        LEFT JOIN LATERAL (
            SELECT count(*) AS entries FROM registers_ledgerentry e
            WHERE e.register = m.register AND e.subject_id = m.subject_id::text
              AND e.deed = m.register || '.' || m.arrow) e ON true
        WHERE moves <> entries""",
    "{0} entry {1} ({2}) tells of a move that is not there": """
        SELECT e.register, e.seq, e.deed FROM registers_ledgerentry e
        WHERE e.register IN ('registers.dossier', 'registers.package')
          AND e.deed NOT IN ('registers.dossier.received', 'registers.package.made')
          AND NOT EXISTS (SELECT FROM registers_move m WHERE m.register = e.register
                AND m.subject_id::text = e.subject_id AND m.register || '.' || m.arrow = e.deed)""",
    "{0} {1} began {2} times, with {3} entries of the ledger": """
        SELECT r.register, r.id, r.begun, r.entries FROM (
            SELECT 'dossier' AS register, d.id,
                (SELECT count(*) FROM registers_move m WHERE m.register = 'registers.dossier'
                    AND m.subject_id = d.id AND m.arrow = 'begin') AS begun,
                (SELECT count(*) FROM registers_ledgerentry e WHERE e.deed = 'registers.dossier.received'
                    AND e.subject_id = d.id::text) AS entries
            FROM registers_dossier d
            UNION ALL SELECT 'package', p.id,
                (SELECT count(*) FROM registers_move m WHERE m.register = 'registers.package'
                    AND m.subject_id = p.id AND m.arrow = 'begin'),
                (SELECT count(*) FROM registers_ledgerentry e WHERE e.deed = 'registers.package.made'
                    AND e.subject_id = p.id::text)
            FROM registers_package p) r
        WHERE r.begun <> 1 OR r.entries <> 1""",
    "dossier {0} is {1}, but has {2} batches": """
        SELECT d.number, d.state, count(b.id) FROM registers_dossier d
        LEFT JOIN evidence_batch b ON b.dossier_id = d.id
        WHERE d.sheet = 'evidence.result' GROUP BY d.id
        HAVING count(b.id) <> (CASE d.state WHEN 'accepted' THEN 1 ELSE 0 END)""",
    "batch {0} should hold {1} results, dossier says {2}, there are {3}": """
        SELECT b.number, b.result_count, d.row_count, count(r.id) FROM evidence_batch b
        JOIN registers_dossier d ON d.id = b.dossier_id LEFT JOIN evidence_result r ON r.batch_id = b.id
        GROUP BY b.id, d.row_count HAVING count(r.id) <> b.result_count OR count(r.id) <> d.row_count""",
    "batch {0}: quality checked {1}, {2} checks, {3} findings, {4} entries of the ledger": """
        SELECT * FROM (SELECT b.number, b.quality_checked AS done,
            (SELECT count(*) FROM evidence_qualitycheck q WHERE q.batch_id = b.id) AS checks,
            (SELECT count(*) FROM registers_findingrecord f
             WHERE f.register = 'evidence.batch' AND f.subject_id = b.id) AS findings,
            (SELECT count(*) FROM registers_ledgerentry e
             WHERE e.deed = 'evidence.batch.concluded' AND e.subject_id = b.id::text) AS entries
            FROM evidence_batch b) x
        WHERE (done AND (checks = 0 OR findings = 0 OR entries = 0))
            OR (NOT done AND checks + findings + entries > 0)""",
    "report {1} of laboratory {0} is in force {2} times": """
        SELECT laboratory_id, number, count(*) FROM evidence_batch WHERE state <> 'superseded'
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "the same file stands in {1} open dossiers of {0}": """
        SELECT sheet, count(*) FROM registers_dossier WHERE state NOT IN ('withdrawn', 'faulty')
        GROUP BY sheet, document_id HAVING count(*) > 1""",
    "number {0} was given to {1} dossiers": """
        SELECT number, count(*) FROM registers_dossier GROUP BY 1 HAVING count(*) > 1""",
    "dossiers of points say {0} new points, there are {1}": """
        SELECT said, there FROM (SELECT coalesce(sum((summary #>> '{outcome,made}')::int), 0) AS said
            FROM registers_dossier WHERE sheet = 'monitoring.point' AND state = 'accepted') s,
            (SELECT count(*) AS there FROM monitoring_point) t WHERE said <> there""",
    "dossier {0} of points: {1} rows, outcome {2}": """
        SELECT number, row_count, summary -> 'outcome' FROM registers_dossier
        WHERE sheet = 'monitoring.point' AND state = 'accepted' AND row_count IS DISTINCT FROM
            (summary #>> '{outcome,made}')::int + (summary #>> '{outcome,changed}')::int""",
    "point {0} is on its way in {1} packages at once": """
        SELECT i.key, count(*) FROM registers_packageitem i JOIN registers_package p ON p.id = i.package_id
        WHERE p.state IN ('draft', 'sent') AND i.accepted IS NULL GROUP BY 1 HAVING count(*) > 1""",
    "package {0} is {1}: sent on {2}, receipt “{3}”, {4} points, {5} answered": """
        SELECT p.number, p.state, p.sent_on, p.receipt_number, count(i.id) AS items,
            count(i.accepted) AS answered
        FROM registers_package p LEFT JOIN registers_packageitem i ON i.package_id = p.id GROUP BY p.id
        HAVING count(i.id) = 0 OR (p.state IN ('sent', 'reconciled')) <> (p.sent_on IS NOT NULL)
            OR (p.state = 'reconciled') <> (p.receipt_number <> '')
            OR (p.state = 'reconciled') <> (count(i.accepted) > 0)""",
    "{0} receipts were accepted, {1} packages reconciled": """
        SELECT accepted, reconciled FROM
            (SELECT count(*) AS accepted FROM registers_dossier WHERE sheet = 'monitoring.receipt'
             AND state = 'accepted') a,
            (SELECT count(*) AS reconciled FROM registers_move WHERE register = 'registers.package'
             AND arrow = 'reconcile') r WHERE accepted <> reconciled""",
    "job {0} ({1}) is {2} after {3} attempts": """
        SELECT id, args ->> 'name', status, attempts FROM procrastinate_jobs
        WHERE task_name = 'jingtu.run' AND status IN ('failed', 'aborted', 'cancelled')""",
    "job {0} has been “doing” for {1} s without a living worker": """
        SELECT j.id, extract(epoch FROM now() - max(e.at))::int FROM procrastinate_jobs j
        JOIN procrastinate_events e ON e.job_id = j.id LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
        WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '90 seconds')
        GROUP BY j.id HAVING max(e.at) < now() - interval '90 seconds'""",
}
UNSETTLED = """
    SELECT 'dossier ' || number || ' waits to be checked' FROM registers_dossier WHERE state = 'received'
    UNION ALL SELECT 'batch ' || number || ' waits for its conclusions' FROM evidence_batch
    WHERE state = 'accepted' AND NOT quality_checked"""
COUNTED = ("registers_dossier", "registers_document", "registers_move", "registers_ledgerentry")
CONNECT_SECONDS = 60
ENTRIES = "SELECT stream, seq, previous, hash, body FROM registers_ledgerentry ORDER BY stream, seq"


@dataclass
class Holding:
    """Asks one instance what holds; remembers what people were told."""

    home: Path
    told: dict[str, str] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    connection: psycopg.Connection[Any] | None = None

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database as its superuser; a connection that was lost is opened again once."""
        if self.connection is None or self.connection.closed:
            self.connection = self._connect()
        try:
            return self.connection.execute(statement).fetchall()
        except psycopg.OperationalError:
            self.connection = self._connect()
            return self.connection.execute(statement).fetchall()

    def _connect(self) -> psycopg.Connection[Any]:
        """Come in, with patience while the database is being started again."""
        cluster = Cluster(self.home)
        place = {"host": str(cluster.socket_dir), "port": cluster.port, "user": SUPERUSER, "dbname": DATABASE}
        deadline = time.monotonic() + CONNECT_SECONDS
        while True:
            try:
                return psycopg.connect(**place, autocommit=True, connect_timeout=10)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def counts(self) -> tuple[int, ...]:
        """How many dossiers, documents, moves and entries of the ledger there are."""
        return self.rows("SELECT " + ", ".join(f"(SELECT count(*) FROM {name})" for name in COUNTED))[0]

    def unsettled(self) -> list[str]:
        """What still waits for the background work."""
        return [str(row[0]) for row in self.rows(UNSETTLED)]

    def violations(self) -> list[str]:
        """Everything that does not hold, as sentences."""
        return [*self._forbidden(), *self._ledger(), *self._numbers(), *self._files()]

    def _forbidden(self) -> Iterator[str]:
        for sentence, statement in FORBIDDEN.items():
            for row in self.rows(statement):
                yield sentence.format(*row)

    def _ledger(self) -> Iterator[str]:
        """The chains by the separate verifier; entries seen after an earlier run must still be there."""
        names = ("stream", "seq", "previous", "hash", "body")
        rows = self.rows(ENTRIES)
        lines = (json.dumps(dict(zip(names, row, strict=True))) for row in rows)
        yield from ledger_faults(lines, self.heads)
        self.heads = {row[0]: (row[1], row[3]) for row in rows}

    def _numbers(self) -> Iterator[str]:
        """Every number that a person was told stands for the file that the person handed in."""
        there = dict(self.rows("SELECT number, document_id FROM registers_dossier"))
        for number, digest in self.told.items():
            if there.get(number) != digest:
                yield f"number {number} was told for {digest[:12]}, now stands for {there.get(number)}"

    def _files(self) -> Iterator[str]:
        for digest, size in self.rows("SELECT sha256, size_bytes FROM registers_document"):
            path = self.home / "files" / digest[:2] / digest
            content = path.read_bytes() if path.exists() else None
            if content is None:
                yield f"the file of document {digest[:12]} is missing"
            elif len(content) != size or hashlib.sha256(content).hexdigest() != digest:
                yield f"the file of document {digest[:12]} is not what was handed in"
