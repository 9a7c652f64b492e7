"""False alarms on real files as their authors left them, none of them written for this platform's sheets.

The numbers stand in ``docs/trust.md``. What a file really lacks (a unit, a heading) is no false alarm.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from jingtu.cli import main

# file: samples read, and how often each alarm was raised
FILES = {
    "kola_c_horizon.csv": (605, {}),
    "cumcm2011a_samples.csv": (319, {}),
    "cd_paired_soil_rice.csv": (136, {}),
    "jura_prediction.csv": (259, {"cell.choice.unknown": 203, "cell.unit.missing": 6}),
    "kola_reference_material.csv": (52, {"cell.unit.missing": 8}),
}
REFUSED = {"kola_field_duplicates.csv", "kola_analytical_duplicates.csv"}


@pytest.mark.parametrize("name", FILES)
def test_alarms_on_untouched_files_are_those_reported(shared: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "report.json"
    main(
        [
            "assess",
            "farmland",
            str(shared / "examples" / name),
            "--on",
            "2021-09-15",
            "--format",
            "json",
            "--out",
            str(out),
        ]
    )
    report = json.loads(out.read_text(encoding="utf-8"))
    samples, alarms = FILES[name]
    assert len(report["samples"]) == samples
    assert Counter(issue["code"] for issue in report["issues"]) == alarms


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_pairs_side_by_side_are_refused_with_a_sentence(
    shared: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", "farmland", str(shared / "examples" / name)]) == 2
    assert "找不到表头" in "".join(capsys.readouterr())
