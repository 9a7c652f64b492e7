"""Units: every spelling in use, exact conversion, and a refusal for what does not convert."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingtu.plain.units import canonical_unit, convert

SPELLINGS = {
    "mg/kg": [
        "mg/kg",
        "MG/KG",
        "ｍｇ／ｋｇ",
        "mg·kg-1",
        "mg kg-1",
        "mg·kg⁻¹",
        "mg.kg^-1",
        "10-6",
        "×10⁻⁶",
        "ppm",
        "毫克/千克",
        "毫克每千克",
        "(mg/kg)",
    ],
    "ug/kg": ["ug/kg", "\u00b5g/kg", "\u03bcg/kg", "μg·kg-1", "微克/千克", "ppb", "10^-9"],
    "ng/g": ["ng/g", "NG/G", "ng·g-1", "纳克/克"],
    "ug/g": ["ug/g", "µg/g", "微克/克"],
    "g/kg": ["g/kg", "g·kg-1", "克/千克", "10-3"],
    "%": ["%", "％"],
    "pH": ["pH", "PH", "无量纲", "pH单位"],
    "cmol/kg": ["cmol/kg", "cmol(+)/kg", "cmol·kg-1"],
    "degC": ["℃", "°C"],
}


@pytest.mark.parametrize(("unit", "spelling"), [(u, s) for u, spellings in SPELLINGS.items() for s in spellings])
def test_every_spelling_has_one_meaning(unit: str, spelling: str) -> None:
    assert canonical_unit(spelling) == unit


@pytest.mark.parametrize("text", ["", "斤/亩", "mg/lb", "kg/mg/l", "x"])
def test_unknown_units_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        canonical_unit(text)


def test_things_of_another_kind_do_not_convert() -> None:
    with pytest.raises(ValueError, match="does not convert"):
        convert(Decimal(1), "mg/L", "mg/kg")


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=Decimal(10) ** 12),
    st.sampled_from(["ug/kg", "ng/g", "g/kg", "%", "ug/g"]),
)
def test_there_and_back_is_exactly_the_same(value: Decimal, unit: str) -> None:
    assert convert(convert(value, "mg/kg", unit), unit, "mg/kg") == value


def test_conversion_keeps_every_digit() -> None:
    long = Decimal("1.23456789012345678901234567890123456789")
    assert convert(long, "ug/kg", "mg/kg") == Decimal("0.00123456789012345678901234567890123456789")
