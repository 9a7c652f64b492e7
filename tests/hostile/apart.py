"""A process apart that reads hostile files, so that one that kills its reader is noticed and nothing else dies."""

from __future__ import annotations

import resource
import time
from multiprocessing.connection import Connection
from typing import Any

from jingtu.sheets.marked import marked_workbook
from jingtu.sheets.sheet import read_sheet
from tests.hostile.breaking import SPEC

MOST_BYTES = 2 * 1024**3
Answer = tuple[str, str, float, int]


def reads(pipe: Connection) -> None:
    """Read one file after another until the pipe closes; the process may not take more memory than a file is worth."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    while True:
        try:
            name, content = pipe.recv()
        except EOFError:
            return
        began = time.process_time()
        try:
            reading = read_sheet(SPEC, content, name)
            marked_workbook(SPEC, content, name, [*reading.issues])
            told = "" if reading.issues or reading.rows else "neither rows nor issues"
        except BaseException as error:
            told, reading = f"{type(error).__name__}: {error}"[:200], read_sheet(SPEC, b"", name)
        pipe.send((name, told, time.process_time() - began, len(reading.rows)))


def started(context: Any) -> tuple[Connection, Any]:
    """A new process and the pipe to it."""
    ours, theirs = context.Pipe()
    child = context.Process(target=reads, args=(theirs,), daemon=True)
    child.start()
    theirs.close()
    return ours, child


def received(pipe: Connection) -> Answer | None:
    """The answer, or none when the process died over the file."""
    try:
        answer: Answer = pipe.recv()
    except EOFError:
        return None
    return answer
