"""Findings drawn by the column say what findings drawn one by one say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess import farmland, farmland_columns
from jingtu.assess.farmland import ResultRow

DAY = date(2021, 9, 10)
ELEMENTS = law.analytes().element_set("eight")
numbers = st.decimals(min_value="0.001", max_value="3000", places=3)
cells = st.one_of(
    numbers.map(lambda value: (value, "", None)),
    st.one_of(st.none(), numbers).map(lambda limit: (None, "ND", limit)),
    st.just((None, "NM", None)),
)
samples = st.fixed_dictionaries(
    {
        "use": st.sampled_from(["paddy", "vegetable", "other", "orchard", ""]),
        "ph": st.one_of(st.none(), st.sampled_from(["5.5", "6.5", "7.5", "4.20", "8.1"]).map(Decimal)),
        "cells": st.dictionaries(st.sampled_from(ELEMENTS), cells),
    }
)


def rows_of(drawn: list[dict]) -> list[ResultRow]:
    rows: list[ResultRow] = []
    for number, sample in enumerate(drawn):
        subject = f'S"{number}\\'  # signs that JSON must escape
        rows.append((subject, sample["use"], "pH", sample["ph"], "", None, ""))
        for code, (value, qualifier, limit) in sample["cells"].items():
            rows.append((subject, sample["use"], code, value, qualifier, limit, ""))
    return rows


@settings(max_examples=60, deadline=None)
@given(st.lists(samples, max_size=8))
def test_columns_say_what_single_findings_say(drawn: list[dict]) -> None:
    rows = rows_of(drawn)
    one_by_one = list(farmland.findings_of_results(rows, law.at(DAY)))
    columns = farmland_columns.findings_of_results(rows, law.at(DAY))
    assert len(columns) == len(one_by_one)
    key = lambda finding: (finding.subject, finding.measure, finding.part("analyte"))  # noqa: E731
    assert sorted(columns.rows(), key=key) == sorted(one_by_one, key=key)


def test_no_results_give_no_findings() -> None:
    assert list(farmland_columns.findings_of_results([], law.at(DAY)).rows()) == []
