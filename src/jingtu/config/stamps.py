"""What a preparation step was last done for, so that a second start skips it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1]
LEFT_OUT = frozenset({"__pycache__", "dist", "tests"})


class Stamps:
    """Step name → digest of all it depended on, kept in the home."""

    def __init__(self, home: Path) -> None:
        self.path = home / "stamps.json"

    def fresh(self, step: str, digest: str) -> bool:
        """True when the step was done for just this digest."""
        return self._read().get(step) == digest

    def put(self, step: str, digest: str) -> None:
        """Remember that the step was done."""
        known = self._read()
        known[step] = digest
        self.path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")

    def _read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}


def sources_digest() -> str:
    """Digest of the package's sources and data, and of the database address they were applied to."""
    return digest_of(_files(SOURCES, {".py", ".csv", ".json", ".md", ".sql", ".geojson", ".gz"}), database_mark())


def static_digest() -> str:
    """Digest of everything that is served as a static file."""
    folders = [folder for folder in SOURCES.rglob("static") if folder.is_dir()]
    return digest_of(path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


def database_mark() -> str:
    """A short mark of the database in use, without its password."""
    return hashlib.sha256(os.environ.get("DATABASE_URL", "private").encode()).hexdigest()[:16]


def digest_of(paths: Iterable[Path], extra: str = "") -> str:
    """Digest over names and contents."""
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(str(path).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path, endings: set[str]) -> list[Path]:
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - LEFT_OUT)
        found += [Path(root) / name for name in sorted(names) if Path(name).suffix in endings]
    return found
