"""Code lists, analytes, clauses, governing days, and the loader itself."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from jingtu import law
from jingtu.law.codes import fold
from jingtu.law.source import read_records


@pytest.mark.parametrize("name", law.code_lists())
def test_a_code_list_is_closed_ordered_and_unambiguous(name: str) -> None:
    entries = law.codes(name).entries
    assert len({e.code for e in entries}) == len(entries)
    assert len({e.label_zh for e in entries}) == len(entries)
    spellings = Counter(s for e in entries for s in {fold(t) for t in (e.code, e.label_zh, *e.aliases)})
    assert not [s for s, n in spellings.items() if n > 1]
    for entry in entries:
        assert law.codes(name).find(entry.label_zh) is entry
        assert not entry.clause or law.clause(entry.clause)
    order = [int(r["order"]) for r in read_records("codes.csv") if r["list"] == name]
    assert order == list(range(1, len(entries) + 1))


@pytest.mark.parametrize(
    ("text", "code"),
    [("水田", "paddy"), ("旱田", "dryland"), (" 水浇 地 ", "irrigated"), ("OTHER", "other"), ("Paddy", "paddy")],
)
def test_land_use_is_found_as_written(text: str, code: str) -> None:
    found = law.codes("land_use").find(text)
    assert found is not None and found.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("镉", "Cd"),
        ("总镉", "Cd"),
        ("cd", "Cd"),
        ("镉（Cd）", "Cd"),
        ("Ｃｄ", "Cd"),
        ("pH值", "pH"),
        ("PH", "pH"),
        ("苯并(a)芘", "BaP"),
        ("六六六", "HCH_total"),
        ("有机质", "OM"),
        ("CEC", "CEC"),
    ],
)
def test_analytes_are_found_as_written(text: str, code: str) -> None:
    found = law.analytes().find(text)
    assert found is not None and found.code == code


@pytest.mark.parametrize("text", ["六价铬", "Cr6+", "甲基汞", "", "C"])
def test_what_is_no_analyte_is_not_guessed(text: str) -> None:
    assert law.analytes().find(text) is None


def test_element_sets() -> None:
    assert law.analytes().element_set("five") == ("Cd", "Hg", "As", "Pb", "Cr")
    assert law.analytes().element_set("eight") == ("Cd", "Hg", "As", "Pb", "Cr", "Cu", "Ni", "Zn")
    with pytest.raises(law.UnknownTable, match="五项"):
        law.analytes().element_set("nine")


@pytest.mark.parametrize("name", ["farmland", "construction"])
def test_analyte_spellings_do_not_collide(name: str) -> None:
    spellings = Counter(
        s for a in law.analytes(name) for s in {fold(t) for t in (a.code, a.symbol, a.name_zh, a.name_en, *a.aliases)}
    )
    assert not [s for s, n in spellings.items() if n > 1]


def test_every_clause_belongs_to_an_instrument_and_is_reachable() -> None:
    for ref, clause in law.clauses().items():
        assert law.instrument(clause.instrument)
        assert ref == clause.ref
        assert clause.kind in {"quotation", "rule", "table"}
        assert clause.text_zh.endswith(("。", ")", "）", ");")), ref
    with pytest.raises(law.UnknownTable, match="文件代码#条款代码"):
        law.clause("gb15618-2018#t9")


def test_only_the_plan_is_quoted_word_for_word() -> None:
    quoted = {c.instrument for c in law.clauses().values() if c.kind == "quotation"}
    assert quoted == {"shanxi-2021"}


def test_governing_days() -> None:
    assert law.which_day("soil_class").day == "evaluation"
    assert law.which_day("crop_limit").day == "sampling_or_harvest"
    assert law.which_day("method").day == law.which_day("accreditation").day == "analysis"
    assert set(law.governing_days()) >= {"gate", "penalty", "time_limit"}
    with pytest.raises(law.UnknownTable, match="已有：soil_class"):
        law.which_day("weather")


def test_importing_the_law_reads_no_file_and_nothing_from_above() -> None:
    script = (
        "import sys, jingtu.law as law\n"
        "from jingtu.law.source import read_records\n"
        "assert read_records.cache_info().currsize == 0\n"
        "bad = {'django', 'polars', 'shapely', 'jingtu.science'} & set(sys.modules)\n"
        "assert not bad, bad\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
