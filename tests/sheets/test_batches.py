"""Batches read what the whole reading reads, and a long file stays small in memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jingtu.sheets import load_spec, read_batches, read_sheet
from tests.sheets.files import BUILDERS, HEAD, csv_bytes

HERE = Path(__file__).parent
SPEC = load_spec(HERE / "demo.csv", "演示表")


def rows(count: int) -> list[list[str]]:
    return [[f"Y{n}", "2021-09-03", "bad" if n % 7 == 0 else f"0.{n}", "<0.01"] for n in range(1, count + 1)]


@pytest.mark.parametrize("size", [1, 3, 21, 22, 50, 1000])
def test_batches_agree_with_the_whole(size: int) -> None:
    data = csv_bytes([["标题", "", "", ""], HEAD, *rows(60), ["填表人：", "", "", ""]])
    whole = read_sheet(SPEC, data, "a.csv")
    parts = list(read_batches(SPEC, data, "a.csv", size=size))
    assert [row for part in parts for row in part.rows] == whole.rows
    assert [value for part in parts for value in part.columns["cd"]] == whole.columns["cd"]
    assert [issue for part in parts for issue in part.issues] == whole.issues
    assert {note.code for part in parts for note in part.notes} == {note.code for note in whole.notes}


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_every_case_says_the_same_in_batches(name: str) -> None:
    file = BUILDERS[name]()
    whole = read_sheet(SPEC, file.data, file.name, file.options)
    parts = list(read_batches(SPEC, file.data, file.name, file.options))
    assert {issue.code for part in parts for issue in part.issues} == {issue.code for issue in whole.issues}
    assert {note.code for part in parts for note in part.notes} == {note.code for note in whole.notes}


@pytest.mark.slow
def test_a_long_file_stays_small_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEAD) + "\n")
        file.writelines(f"Y{n},2021-09-03,0.{n % 9999},{n % 40}.5\n" for n in range(300_000))
    script = (
        "import resource, sys; from pathlib import Path; from jingtu.sheets import load_spec, read_batches\n"
        f"spec = load_spec(Path({str(HERE / 'demo.csv')!r})); data = Path({str(path)!r}).read_bytes()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "count = sum(len(part) for part in read_batches(spec, data, 'long.csv'))\n"
        "print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    count, grown_mib = map(int, done.stdout.split())
    assert count == 300_000
    assert grown_mib < 150
