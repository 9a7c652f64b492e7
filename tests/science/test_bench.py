"""The benchmark of kriging runs at a small size and reaches PyKrige's numbers."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench" / "bench_krige.py"


def test_the_benchmark_and_its_peer_agree(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("bench_krige", BENCH)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_krige", bench)  # its dataclasses look themselves up there
    spec.loader.exec_module(bench)
    assert bench.main(80, 12) > 0
    assert "ratio" in capsys.readouterr().out
