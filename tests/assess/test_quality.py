"""Quality control against the limits of HJ/T 166, at the edges and on real noise."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assess.test_unit_class import rows

from jingtu import law
from jingtu.assess.quality import judge_blanks, judge_duplicates, judge_references
from jingtu.plain.reported import parse_reported

VIEW = law.at(date(2021, 9, 15))
EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "examples"


@pytest.mark.parametrize("case", rows("duplicates.csv"), ids=lambda case: case["case"])
def test_duplicates_at_the_edges_of_the_table(case: dict[str, str]) -> None:
    view = law.at(date.fromisoformat(case["on"]))
    verdict = judge_duplicates([Decimal(case["first"])], [Decimal(case["second"])], view)[0]
    assert (verdict.outcome, verdict.limit) == (case["outcome"], Decimal(case["limit"]))
    assert verdict.table_row.startswith("hjt166_2004.duplicate_rd.")
    assert verdict.clause == case["clause"]


def test_non_detects_among_duplicates() -> None:
    both, one = judge_duplicates([None, Decimal("0.02")], [None, None], VIEW)
    assert (both.outcome, both.reason_code) == ("pass", "rd.both_not_detected")
    assert (one.outcome, one.reason_code) == ("undecided", "rd.one_not_detected")


def test_two_zeros_agree() -> None:
    assert judge_duplicates([Decimal(0)], [Decimal(0)], VIEW)[0].outcome == "pass"


@pytest.mark.parametrize("case", rows("quality.csv"), ids=lambda case: case["case"])
def test_blanks_and_reference_materials(case: dict[str, str]) -> None:
    view = law.at(date.fromisoformat(case["on"]))
    value, target, tolerance = (
        [Decimal(case[name]) if case[name] else None] for name in ("value", "target", "tolerance")
    )
    judged = (
        judge_blanks(value, target, view)
        if case["kind"] == "blank"
        else judge_references(value, target, tolerance, view)
    )
    assert (judged[0].outcome, judged[0].clause) == (case["outcome"], case["clause"])


def test_rules_of_a_text_not_yet_in_force_are_refused() -> None:
    early = law.at(date(2003, 1, 1))
    with pytest.raises(law.LawError):
        judge_blanks([None], [None], early)
    with pytest.raises(law.LawError):
        judge_duplicates([None], [None], early)


values = st.one_of(st.none(), st.decimals(min_value=0, max_value=500, places=3))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(values, values), max_size=20), st.randoms())
def test_order_and_side_do_not_matter(pairs: list[tuple[Decimal | None, Decimal | None]], dice: object) -> None:
    verdicts = judge_duplicates([a for a, _ in pairs], [b for _, b in pairs], VIEW)
    assert judge_duplicates([b for _, b in pairs], [a for a, _ in pairs], VIEW) == verdicts
    order = list(range(len(pairs)))
    dice.shuffle(order)  # type: ignore[attr-defined]
    mixed = judge_duplicates([pairs[n][0] for n in order], [pairs[n][1] for n in order], VIEW)
    assert mixed == [verdicts[n] for n in order]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the example files are not beside this checkout")
def test_real_field_duplicates_are_judged_one_by_one() -> None:
    with (EXAMPLES / "kola_field_duplicates.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 49
    for analyte in ("Cd", "Pb", "Zn"):
        first = [parse_reported(row[f"F1_{analyte}"]).value for row in rows]
        second = [parse_reported(row[f"F2_{analyte}"]).value for row in rows]
        verdicts = judge_duplicates(first, second, VIEW)
        for a, b, verdict in zip(first, second, verdicts, strict=True):
            if a is None or b is None or verdict.limit is None:
                assert verdict.outcome == "undecided" or a is b is None
                continue
            by_hand = abs(a - b) / (a + b) * 100
            assert (verdict.outcome == "pass") == (by_hand <= verdict.limit)
        assert {"pass", "fail"} <= {verdict.outcome for verdict in verdicts}
