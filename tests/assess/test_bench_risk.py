"""The benchmark of the draws runs at a small size, its loops reach the same numbers, and memory stays bounded."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


def test_the_draws_and_the_loops_agree(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    spec = importlib.util.spec_from_file_location("bench_risk", BENCH / "bench_risk.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_risk", bench)
    spec.loader.exec_module(bench)
    _by_chemical, _shared, memory = bench.main(60_000, 100, 1)
    assert memory < 512
    assert "ratio" in capsys.readouterr().out
