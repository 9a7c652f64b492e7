"""Folding serves matching only; the formula guard can always be taken off again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingtu.plain.text import fold, guard_formula, match_key, unguard_formula


def test_roman_numerals_stay_and_look_alike_signs_meet() -> None:
    assert fold("Ⅱ类") == "Ⅱ类"
    assert fold("\u00b5g/kg") == fold("\u03bcg/kg")
    assert fold("\u3000Ａ\u00a0 １\t") == "A 1"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_keys_are_stable_under_folding(text: str) -> None:
    assert match_key(fold(text)) == match_key(text)


@given(st.text(alphabet="'=+-@\t\r0123456789.eA中"))
def test_guarded_text_is_restored_and_never_runs(text: str) -> None:
    guarded = guard_formula(text)
    assert unguard_formula(guarded) == text
    if guarded.startswith(("=", "@")):
        pytest.fail(f"{guarded!r} would run")


def test_negative_numbers_are_left_alone() -> None:
    assert guard_formula("-0.35") == "-0.35"
    assert guard_formula("-1+2") == "'-1+2"
