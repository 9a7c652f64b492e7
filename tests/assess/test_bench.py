"""The benchmark runs at a small size, and its peer reaches the same levels and rows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="DuckDB belongs to the dependency group bench, which is not installed")
BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.mark.parametrize("name", ["bench_assess", "bench_construction"])
def test_the_look_up_and_the_join_agree(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    assert bench.main(20_000, 1) > 0
    assert "ratio" in capsys.readouterr().out
