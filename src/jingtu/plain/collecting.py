"""Keeping the collector of cyclic garbage quiet while millions of small values are made that hold no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_quiet = 0


@contextmanager
def paused() -> Iterator[None]:
    """Pause the collector; it runs again when the last of those who paused it is done.

    >>> with paused():
    ...     gc.isenabled()
    False
    """
    global _quiet  # noqa: PLW0603  one collector a process, whoever pauses it
    with _lock:
        _quiet += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _quiet -= 1
            if not _quiet:
                gc.enable()
