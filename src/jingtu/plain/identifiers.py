"""Public identifiers: region codes, document numbers, unified social credit codes."""

from __future__ import annotations

import re

REGION_CODE = re.compile(r"\d{6}")
OPENING = "[(（【〔［﹝"
CLOSING = "])）】〕］﹞"
NUMBERED = re.compile(
    rf"^(?P<issuer>[^\d{re.escape(OPENING)}]+)[{re.escape(OPENING)}](?P<year>(?:19|20)\d{{2}})"
    rf"[{re.escape(CLOSING)}]第?(?P<serial>[1-9]\d*)号$"
)
DECREE = re.compile(r"^(?P<issuer>[^\d]+?)(?P<year>(?:19|20)\d{2}年)?第(?P<serial>[1-9]\d*)号$")
FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

BAD_REGION = "“{code}”不是六位行政区代码。"
BAD_NUMBER = "“{text}”不是文号；文号应写成“晋环发〔2021〕24号”或“生态环境部令第3号”的样子。"


def region_prefix(code: str) -> str:
    """The digits of a region code that all regions below it share.

    >>> region_prefix("140000"), region_prefix("140100"), region_prefix("140105")
    ('14', '1401', '140105')
    """
    if not REGION_CODE.fullmatch(code):
        raise ValueError(BAD_REGION.format(code=code))
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def document_number(text: str) -> str:
    """A document number in its official spelling; brackets and blanks are normalised.

    >>> document_number("晋环发[2021] 24 号")
    '晋环发〔2021〕24号'

    Raises ``ValueError`` for what is no document number; nothing is ever completed.
    """
    plain = "".join(text.translate(FULL_WIDTH_DIGITS).split())
    numbered = NUMBERED.match(plain)
    if numbered:
        return f"{numbered['issuer']}〔{numbered['year']}〕{numbered['serial']}号"
    decree = DECREE.match(plain)
    if decree:
        return f"{decree['issuer']}{decree['year'] or ''}第{decree['serial']}号"
    raise ValueError(BAD_NUMBER.format(text=text))


def uscc_is_valid(code: str) -> bool:
    """Whether a unified social credit code has a right check character.

    *Source*: GB 32100-2015 (weights 3**i mod 31 over the first 17 characters).

    >>> uscc_is_valid("91350100M000100Y43")
    True
    """
    if len(code) != len(USCC_WEIGHTS) + 1 or any(c not in USCC_ALPHABET for c in code):
        return False
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(code, USCC_WEIGHTS, strict=False))
    base = len(USCC_ALPHABET)
    return USCC_ALPHABET[(base - total % base) % base] == code[-1]
