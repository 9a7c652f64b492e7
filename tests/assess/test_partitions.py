"""A list of samples cut into partitions, judged here or by two Dask workers: the same reports, digest by digest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jingtu.assess import construction, farmland
from jingtu.assess.finding import code_version
from jingtu.assess.partitions import partitions
from jingtu.cli import main
from jingtu.plain.reported import parse_reported

DAY = ("--on", "2021-09-15")
ROWS = 90


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Two worker processes on this machine."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", memory_limit=0) as cluster:
        yield cluster.scheduler_address


def farmland_file(folder: Path) -> Path:
    rng = np.random.default_rng(15618)
    lines = ["样品编号,pH,土地利用,镉(mg/kg),铅(mg/kg),砷(mg/kg),锌(mg/kg)"]
    for at in range(ROWS):
        cadmium, lead, arsenic, zinc = rng.lognormal([-1, 4, 2.5, 5], 0.9)
        shown = "<0.9" if at % 11 == 0 else f"{cadmium:.3f}"
        lines.append(
            f"Y{at},{'' if at % 13 == 0 else f'{rng.normal(7.4, 0.7):.2f}'},{'水田' if at % 3 else '旱地'},"
            f"{shown},{lead:.1f},{arsenic:.2f},{zinc:.0f}"
        )
    path = folder / "农用地.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def construction_file(folder: Path) -> Path:
    """Nickel and PCB 126 are measured in a few rows only, so that most partitions do not know of them."""
    rng = np.random.default_rng(36600)
    lines = ["样品编号,规划用途,土壤类型,砷(mg/kg),铅(mg/kg),镍(mg/kg),PCB 126(mg/kg)"]
    for at in range(ROWS):
        arsenic, lead, nickel = rng.lognormal([3, 5.5, 4.5], 0.7)
        rare = f"{nickel:.1f},0.00003" if at == 41 else ","
        lines.append(f"S{at},{'R' if at % 4 else 'M1'},{'褐土' if at % 5 else ''},{arsenic:.2f},{lead:.0f},{rare}")
    path = folder / "建设用地.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def report(subject: str, path: Path, *options: str) -> tuple[int, bytes]:
    out = path.with_suffix(".json")
    code = main(["assess", subject, str(path), *DAY, *options, "--format", "json", "--out", str(out)])
    return code, out.read_bytes()


@pytest.mark.parametrize(("subject", "file"), [("farmland", farmland_file), ("construction", construction_file)])
def test_cut_anywhere_the_report_is_the_same_to_the_byte(tmp_path: Path, subject: str, file: Any) -> None:
    path = file(tmp_path)
    whole = report(subject, path)
    assert whole[1].count(b'"digest"') > 2 * ROWS
    for size in ("1", "7", "89", "1000"):
        assert report(subject, path, "--partition", size) == whole


@pytest.mark.parametrize(("subject", "file"), [("farmland", farmland_file), ("construction", construction_file)])
def test_two_workers_say_what_this_process_says(tmp_path: Path, scheduler: str, subject: str, file: Any) -> None:
    path = file(tmp_path)
    whole = report(subject, path)
    assert report(subject, path, "--scheduler", scheduler, "--partition", "8") == whole
    assert report(subject, path, "--scheduler", scheduler) == whole


def test_what_stands_in_the_way_of_the_workers_is_said(
    tmp_path: Path, scheduler: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = construction_file(tmp_path)
    spread = ("--scheduler", scheduler)
    assert main(["assess", "construction", str(path), "--on", "1999-01-01", *spread]) == 2
    assert "1999" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        patch.setattr("jingtu.assess.finding.metadata.version", lambda _package: "0.0.0")
        code_version.cache_clear()
        assert main(["assess", "construction", str(path), *DAY, *spread]) == 2
    code_version.cache_clear()
    assert "本机是 0.0.0；结论要由同一版本得出，请先统一版本。" in capsys.readouterr().err
    monkeypatch.setattr("jingtu.cli.spread._PATIENCE", "1s")
    assert main(["assess", "construction", str(path), *DAY, "--scheduler", "tcp://127.0.0.1:9"]) == 2
    said = capsys.readouterr().err
    assert "连不上调度器 tcp://127.0.0.1:9" in said
    assert len(said.splitlines()) == 1


def test_a_scheduler_without_workers_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0") as cluster:
        path = farmland_file(tmp_path)
        assert main(["assess", "farmland", str(path), *DAY, "--scheduler", cluster.scheduler_address]) == 2
    assert "没有工作进程" in capsys.readouterr().err


def test_the_parcel_is_the_same_however_it_is_cut() -> None:
    lead = [parse_reported(text) for text in ("20", "900", "<500", "3000", "")]
    mercury = [parse_reported(text) for text in ("2", "1", "900", "", "3")]
    samples = construction.Samples(list("abcde"), ["R"] * 5, [""] * 5, {"Hg": mercury, "Pb": lead})
    on = date(2021, 9, 15)
    whole = construction.parcel_finding(construction.assess(samples, on), "地块")
    assert whole.part("above") == "Pb Hg"  # as the standard lists them
    for size in (1, 2, 3, 5):
        parts = [construction.parcel_part(construction.assess(part, on)) for part in partitions(samples, size)]
        assert construction.parcel_of(parts, on, "preliminary", "地块") == whole
    with pytest.raises(ValueError, match="at least one"):
        next(partitions(farmland.Samples([], [], [], {}), 0))
