"""A second opinion on the statistics: runs the R scripts of ``tests/science/referee`` and freezes what they say.

``make referee`` installs R from the distribution where it is missing; nothing else needs it. Each number is kept with
the script, the script's digest and the versions it came from. Tests compare ours with the frozen numbers and see that
no script was changed without being run again.
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "science" / "referee"
FROZEN = FOLDER / "frozen.csv"
LIBRARIES = ("survival", "boot", "nortest", "fitdistrplus", "sp", "gstat")
PACKAGES = ("r-base-core", *(f"r-cran-{name}" for name in LIBRARIES))
SHARED = ("reading.R",)  # read by the others, tells nothing itself
DATA = (FOLDER / "data.csv", FOLDER.parent / "meuse_zinc.csv")
HEADINGS = ("script", "script_sha256", "versions", "set", "quantity", "value")


def scripts() -> list[Path]:
    """The scripts that tell numbers, in order."""
    return [path for path in sorted(FOLDER.glob("*.R")) if path.name not in SHARED]


def digest(script: Path) -> str:
    """Of a script with what it reads: the shared lines and the data."""
    parts = (script, *(FOLDER / name for name in SHARED), *DATA)
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in parts)).hexdigest()


def main() -> int:
    """Run every script and write the frozen numbers."""
    if not _installed():
        _install()
    versions = _versions()
    rows = []
    for script in scripts():
        told = _run("Rscript", "--vanilla", script.name)
        lines = [line.split(",") for line in told.splitlines() if line]
        rows += [(script.name, digest(script), versions, *line) for line in lines]
        print(f"{script.name}: {len(lines)} numbers")
    with FROZEN.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(rows)
    print(f"{FROZEN.relative_to(Path.cwd()) if FROZEN.is_relative_to(Path.cwd()) else FROZEN}: {versions}")
    return 0


def _installed() -> bool:
    if shutil.which("Rscript") is None:
        return False
    wanted = " && ".join(f'requireNamespace("{name}", quietly = TRUE)' for name in LIBRARIES)
    return _run("Rscript", "--vanilla", "-e", f"cat({wanted})").endswith("TRUE")


def _install() -> None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.exit(f"The referee needs R. Install {' '.join(PACKAGES)} and run make referee again.")
    print(f"Installing from the distribution: {' '.join(PACKAGES)}")
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], check=True)


def _versions() -> str:
    told = [f'as.character(packageVersion("{name}"))' for name in LIBRARIES]
    found = _run("Rscript", "--vanilla", "-e", f"cat(as.character(getRversion()), {', '.join(told)})").split()
    return " ".join(f"{name} {version}" for name, version in zip(("R", *LIBRARIES), found, strict=True))


def _run(*words: str) -> str:
    return subprocess.run(words, cwd=FOLDER, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
