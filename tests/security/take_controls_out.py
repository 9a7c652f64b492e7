"""Takes each control of ``controls.csv`` out of a copy of the sources and sees its test fail.

``python -m tests.security.take_controls_out [WORD …]`` runs all, or those whose name holds a word. The copy is made of
what is committed; the checkout itself is never touched. A few seconds a control.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jingtu.config.instance import CHECKOUT

TABLE = Path(__file__).with_name("controls.csv")


def controls() -> list[dict[str, str]]:
    """The rows: control, file, as it is, taken out, test."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def copy_to(place: Path) -> None:
    """What is committed, unpacked in a folder of its own."""
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=CHECKOUT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(place)], input=packed.stdout, check=True)


def outcome(place: Path, test: str) -> bool:
    """Whether a test passes in the copy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JINGTU_", "DATABASE_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test],
        cwd=place,
        env={**kept, "PYTHONPATH": str(place / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{test} could not be run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 0


def without(place: Path, row: dict[str, str]) -> bool:
    """Whether the test of a control passes although the control is taken out."""
    path = place / row["file"]
    text = path.read_text(encoding="utf-8")
    if text.count(row["as_it_is"]) != 1:
        raise SystemExit(f"{row['control']}: its text stands {text.count(row['as_it_is'])} times in {row['file']}.")
    path.write_text(text.replace(row["as_it_is"], row["taken_out"]), encoding="utf-8")
    try:
        return outcome(place, row["test"])
    finally:
        path.write_text(text, encoding="utf-8")


def main(words: list[str]) -> int:
    """Go through the rows; the number of controls whose loss no test sees is the answer."""
    rows = [row for row in controls() if not words or any(word in row["control"] for word in words)]
    place = Path(tempfile.mkdtemp(prefix="jingtu-controls-"))
    unseen = []
    try:
        copy_to(place)
        for row in rows:
            passed = without(place, row)
            unseen += [row["control"]] if passed else []
            print(f"{'NOT SEEN' if passed else 'seen':<9}{row['control']}", flush=True)
    finally:
        subprocess.run(
            [str(Path(sys.executable).with_name("jingtu")), "cluster", "stop", "--testing"],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(place / "src")},
            check=False,
        )
        shutil.rmtree(place, ignore_errors=True)
    print(f"{len(rows) - len(unseen)} of {len(rows)} losses are seen.")
    return len(unseen)


if __name__ == "__main__":
    raise SystemExit(min(main(sys.argv[1:]), 1))
