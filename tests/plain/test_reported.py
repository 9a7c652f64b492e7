"""Results as written: numbers, non-detects and blanks, and nothing ever becomes zero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingtu.plain.numbers import cell_number, display, parse_decimal, plain
from jingtu.plain.reported import Reported, parse_reported, parse_reported_column

LIMITED = [
    "<0.01",
    "＜0.01",
    "< 0.01",
    "0.01L",
    "0.01 L",
    "0.01l",
    "ND(0.01)",
    "nd（0.01）",
    "ND(<0.01)",
    "未检出(0.01)",
    "未检出（检出限0.01）",
    "低于检出限(0.01)",
    "小于0.01",
    "＜０．０１",
    "〈0.01",
]
OPEN = ["未检出", "低于检出限", "ND", "n.d.", "N.D.", "<检出限", "BDL"]
BLANK = ["", " ", "/", "／", "—", "－", "-", "--", "——", "NA", "N/A", "未测", "未检测", "\u3000"]
BAD = ["约0.1", "0.1?", "-0.1", "0,12", "<", "<0", "0.1-0.2", "1.2.3", "abc", "<<0.1", "0.1L2", "inf", "1_000", "无"]


@pytest.mark.parametrize("text", LIMITED)
def test_below_a_limit(text: str) -> None:
    assert parse_reported(text) == Reported(None, Decimal("0.01"), "ND")


@pytest.mark.parametrize("text", OPEN)
def test_not_detected_without_a_limit(text: str) -> None:
    assert parse_reported(text) == Reported(None, None, "ND")


@pytest.mark.parametrize("text", BLANK)
def test_not_measured(text: str) -> None:
    assert parse_reported(text) == Reported(None, None, "NM")


@pytest.mark.parametrize("text", BAD)
def test_what_is_none_of_these_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_reported(text)


@pytest.mark.parametrize(
    ("text", "value"), [("0.35", "0.35"), ("１２．５", "12.5"), ("1.2E-3", "0.0012"), ("1,234.5", "1234.5")]
)
def test_numbers(text: str, value: str) -> None:
    assert parse_reported(text) == Reported(Decimal(value), None, "")


@given(st.lists(st.sampled_from([*LIMITED, *OPEN, *BLANK, *BAD, "0.3", "12"])))
def test_a_column_reads_as_its_cells_do(texts: list[str]) -> None:
    column = parse_reported_column(texts)
    for place, text in enumerate(texts):
        if text in BAD:
            assert column.faults[place] == text
            assert column.items[place].value is None
        else:
            assert column.items[place] == parse_reported(text)
    assert 0 not in [value for value in column.value if value is not None]


@given(st.decimals(min_value=0, max_value=10**9, places=6))
def test_the_fixed_spelling_reads_back(value: Decimal) -> None:
    for item in (Reported(value, None, ""), Reported(None, value + 1, "ND")):
        assert parse_reported(item.text()) == item


@given(st.floats(min_value=1e-12, max_value=1e14))
def test_cell_numbers_keep_fifteen_digits(value: float) -> None:
    assert float(cell_number(value)) == pytest.approx(value, rel=1e-14)
    assert "e" not in cell_number(value).lower()


def test_spreadsheet_noise_disappears() -> None:
    assert cell_number(0.1 + 0.2) == "0.3"
    assert cell_number(1.1 * 3) == "3.3"


def test_rounding_is_for_the_eye_and_half_to_even() -> None:
    assert [display(Decimal(text), 1) for text in ("0.25", "0.35", "0.45")] == ["0.2", "0.4", "0.4"]
    assert plain(Decimal("1E+3")) == "1000"


def test_infinity_and_words_are_no_numbers() -> None:
    for text in ("inf", "NaN", "1__0", "٣", "--1", ""):
        with pytest.raises(ValueError, match="not a number"):
            parse_decimal(text)
