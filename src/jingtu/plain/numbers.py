"""Numbers as people write them: reading, spreadsheet noise, rounding for display."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from jingtu.plain.text import fold

PLAIN_NUMBER: Final = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_POWER: Final = re.compile(r"([+-]?[0-9.]+) ?[×xX*] ?10(?:\^|\*\*)?([+-]?[0-9]{1,2})", re.ASCII)
_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def parse_decimal(text: str) -> Decimal:
    """A number as written, exactly; raises ``ValueError`` when it is not one.

    Reads full-width digits, thousands separators and powers of ten up to 99; more than that nobody measures.

    >>> parse_decimal("１，２３４．５０")
    Decimal('1234.50')
    >>> parse_decimal("1.2×10⁻³")
    Decimal('0.0012')
    """
    if PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    folded = fold(text)
    if _NUMBER.fullmatch(folded):
        return Decimal(folded)
    if _GROUPED.fullmatch(folded):
        return Decimal(folded.replace(",", ""))
    power = _POWER.fullmatch(folded.translate(_SUPERSCRIPT))
    if power and _NUMBER.fullmatch(power[1]):
        return shift(Decimal(power[1]), int(power[2]))
    raise ValueError(f"not a number: {text!r}")


def decimal_of(value: float) -> Decimal:
    """A computed number as a decimal of 15 significant digits.

    >>> decimal_of(0.1 + 0.2)
    Decimal('0.3')
    """
    return Decimal(cell_number(value))


def shift(value: Decimal, exponent: int) -> Decimal:
    """Value times a power of ten, exact whatever its length.

    >>> shift(Decimal("700"), -3)
    Decimal('0.700')
    """
    if not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    sign, digits, own = value.as_tuple()
    return Decimal((sign, digits, int(own) + exponent))


def cell_number(value: float) -> str:
    """Text of a numeric spreadsheet cell: 15 significant digits, so that formula noise disappears.

    >>> cell_number(0.1 + 0.2), cell_number(12.0), cell_number(1e-7)
    ('0.3', '12', '0.0000001')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return plain(Decimal(f"{value:.15g}"))


def plain(value: Decimal) -> str:
    """A number without exponent and without trailing zeros of a fraction.

    >>> plain(Decimal("1E+2")), plain(Decimal("0.300"))
    ('100', '0.3')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def display(value: Decimal, places: int = 2) -> str:
    """A number rounded for the eye only, half to even (GB/T 8170).

    >>> display(Decimal("0.125"), 2), display(Decimal("0.135"), 2)
    ('0.12', '0.14')
    """
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN):f}"


def significant(value: Decimal | float, digits: int = 3) -> str:
    """A number in significant digits, for the eye only.

    >>> significant(0.97592), significant(1.0247e-06), significant(Decimal("1504"))
    ('0.976', '1.02e-06', '1500')
    """
    text = f"{float(value):.{digits}g}"
    return text if "e-" in text else plain(Decimal(text))


def worked(value: Decimal | float) -> str:
    """A computed number as it stands in arithmetic that is shown: six significant digits, no trailing zeros.

    >>> worked(15.970912), worked(Decimal("13.25")), worked(20.0004)
    ('15.9709', '13.25', '20.0004')
    """
    return plain(Decimal(significant(value, 6)))
