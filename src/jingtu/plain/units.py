"""Units of content: one spelling for each, and conversion by moving the decimal point.

Values are never multiplied as floats: 700 µg/kg is exactly 0.7 mg/kg.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from jingtu.plain.numbers import shift
from jingtu.plain.text import fold

# unit -> (dimension, power of ten against the dimension's base)
_UNITS: Final[dict[str, tuple[str, int]]] = {
    "kg/kg": ("mass fraction", 0),
    "%": ("mass fraction", -2),
    "g/kg": ("mass fraction", -3),
    "mg/g": ("mass fraction", -3),
    "mg/kg": ("mass fraction", -6),
    "ug/g": ("mass fraction", -6),
    "ug/kg": ("mass fraction", -9),
    "ng/g": ("mass fraction", -9),
    "ng/kg": ("mass fraction", -12),
    "pg/g": ("mass fraction", -12),
    "g/L": ("mass concentration", 0),
    "mg/L": ("mass concentration", -3),
    "ug/L": ("mass concentration", -6),
    "ng/L": ("mass concentration", -9),
    "mg/m3": ("gas concentration", -3),
    "ug/m3": ("gas concentration", -6),
    "cmol/kg": ("charge", -2),
    "mmol/kg": ("charge", -3),
    "km": ("length", 3),
    "m": ("length", 0),
    "cm": ("length", -2),
    "mm": ("length", -3),
    "t": ("mass", 6),
    "kg": ("mass", 3),
    "g": ("mass", 0),
    "mg": ("mass", -3),
    "m2": ("area", 0),
    "hm2": ("area", 4),
    "km2": ("area", 6),
    "亩": ("area of fields", 0),  # two thirds of 1000 m2: no power of ten leads to the areas above
    "万亩": ("area of fields", 4),
    "pH": ("pH", 0),
    "degC": ("temperature", 0),
    "mV": ("potential", 0),
}
_WORDS: Final = {
    "ppm": "mg/kg", "ppb": "ug/kg", "ppt": "ng/kg", "无量纲": "pH", "ph单位": "pH", "ph值": "pH",
    "摄氏度": "degC", "℃": "degC", "°c": "degC", "10-2": "%", "10-3": "g/kg", "10-6": "mg/kg", "10-9": "ug/kg",
    "公顷": "hm2", "ha": "hm2", "平方米": "m2", "米": "m", "厘米": "cm", "毫米": "mm", "千米": "km",
    "吨": "t", "千克": "kg", "克": "g", "毫克": "mg",
}  # fmt: skip
_CHINESE: Final = (
    ("毫克", "mg"), ("微克", "ug"), ("纳克", "ng"), ("皮克", "pg"), ("千克", "kg"), ("公斤", "kg"), ("克", "g"),
    ("毫升", "mL"), ("升", "L"), ("立方米", "m3"), ("每", "/"), ("厘摩尔", "cmol"), ("厘摩", "cmol"),
)  # fmt: skip
_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_PER: Final = re.compile(r"^([a-z]+)(?:\(\+\))?[ ·.⋅•*]?([a-z]+)\^?-1$")
_POWER_OF_TEN: Final = re.compile(r"^[×x*]?1[0]\^?\(?(-\d+)\)?$")
_LOWER: Final = {name.lower(): name for name in _UNITS}


@lru_cache(maxsize=512)
def canonical_unit(text: str) -> str:
    """The one spelling of a unit; raises ``ValueError`` for a unit that is not known.

    >>> [canonical_unit(t) for t in ("µg/kg", "μg·kg-1", "mg kg⁻¹", "ＭＧ／ＫＧ", "×10^-6", "毫克/千克")]
    ['ug/kg', 'ug/kg', 'mg/kg', 'mg/kg', 'mg/kg', 'mg/kg']
    """
    folded = fold(text).translate(_SUPERSCRIPT).strip("()[] ")
    for word, symbol in _CHINESE:
        if "/" in folded or "每" in folded:
            folded = folded.replace(word, symbol)
    key = folded.lower().replace("μ", "u").replace("(+)", "").replace("－", "-")
    key = _POWER_OF_TEN.sub(r"10\1", key)
    per = _PER.fullmatch(key)
    if per:
        key = f"{per[1]}/{per[2]}"
    key = key.replace(" ", "").replace("²", "2").replace("³", "3")
    found = _LOWER.get(key) or _WORDS.get(key)
    if found is None:
        raise ValueError(f"unknown unit: {text!r}")
    return found


def exponent_between(from_unit: str, to_unit: str) -> int:
    """Power of ten that turns one unit into the other; ``ValueError`` when they measure different things.

    >>> exponent_between("ug/kg", "mg/kg")
    -3
    """
    source, target = canonical_unit(from_unit), canonical_unit(to_unit)
    (dimension, power), (other, base) = _UNITS[source], _UNITS[target]
    if dimension != other:
        raise ValueError(f"{source} ({dimension}) does not convert to {target} ({other})")
    return power - base


def convert(value: Decimal, from_unit: str, to_unit: str) -> Decimal:
    """The same quantity in another unit, by the decimal exponent alone.

    >>> convert(Decimal("700"), "µg/kg", "mg/kg") == Decimal("0.7")
    True
    >>> convert(Decimal("0.00003"), "%", "mg/kg")
    Decimal('0.3')
    """
    return shift(value, exponent_between(from_unit, to_unit))
