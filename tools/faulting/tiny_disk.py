"""A disk so small that it is full at once, mounted where something is to find no room."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PIECE = b"x" * 4096


class NoDisk(Exception):
    """This machine, or this account, may not mount a disk."""


def mount(place: Path, size: str) -> None:
    """Mount a disk of a size such as ``20m`` in a folder; raises ``NoDisk`` where that may not be."""
    if os.geteuid() != 0:
        raise NoDisk("only root can mount a tiny disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tiny", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        raise NoDisk(f"this machine lets nobody mount a disk: {done.stderr.decode().strip()}")


def enlarge(place: Path, size: str) -> None:
    """Give a mounted disk another size."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


def unmount(place: Path) -> None:
    """Take a disk away with all that is on it."""
    subprocess.run(["umount", str(place)], check=True)


def fill(place: Path) -> Path:
    """Write until there is no room left; the file that takes it."""
    filler = place / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while True:
                file.write(PIECE)
    except OSError:
        return filler
