"""The benchmark runs at a small size, and its peer reaches the same levels and rows."""

from __future__ import annotations

import importlib.util
import sys
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


def test_classes_by_arrays_and_by_frames_agree(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("geopandas", reason="GeoPandas belongs to the dependency group bench, which is not installed")
    spec = importlib.util.spec_from_file_location("bench_classes", BENCH / "bench_classes.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    sys.modules["bench_classes"] = bench  # its dataclass asks for the module it stands in
    spec.loader.exec_module(bench)
    assert bench.main(2_000, 1) > 0
    assert "whole columns" in capsys.readouterr().out
