"""Text as it arrives in files: folding for matching, guarding for spreadsheets.

The raw text is never changed; :func:`fold` and :func:`match_key` only serve comparisons.
"""

from __future__ import annotations

import re
from typing import Final

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES: Final = dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, 0x202F, 0x0009, 0x000A, 0x000D), 0x20)
_INVISIBLE: Final = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060))
_SIGNS: Final = {
    0x00B5: 0x03BC,
    0x2212: 0x2D,
    0x3010: 0x5B,
    0x3011: 0x5D,
    0x3014: 0x5B,
    0x3015: 0x5D,
}
_FOLD: Final = {**_FULL_WIDTH, **_SPACES, **_INVISIBLE, **_SIGNS}
_NEEDS_FOLD: Final = re.compile("[" + "".join(re.escape(chr(code)) for code in _FOLD if code > 0x20) + "\t\n\r]")
_BLANKS: Final = re.compile(" {2,}")
_NOT_KEY: Final = re.compile(r"[\s_\-.,:;·、，。：；*/]+")
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?%?")


def fold(text: str) -> str:
    """Text made comparable: full-width signs narrow, all blanks one space, micro sign as Greek mu.

    Roman numerals such as ``Ⅱ`` stay as they are (a full NFKC would turn them into ``II``).

    >>> fold("　Ｃｄ（ｍｇ／ｋｇ）\u00a0")
    'Cd(mg/kg)'
    >>> fold("Ⅱ类")
    'Ⅱ类'
    """
    if _NEEDS_FOLD.search(text):
        text = text.translate(_FOLD)
    return _BLANKS.sub(" ", text).strip()


def match_key(text: str) -> str:
    """Key under which two headings or codes count as the same word.

    >>> match_key("样品 编号*") == match_key("样品编号")
    True
    >>> match_key("Sample_ID") == match_key("sample id")
    True
    """
    return _NOT_KEY.sub("", fold(text)).casefold()


def guard_formula(text: str) -> str:
    """Text cell made harmless for a spreadsheet: an apostrophe before anything that would run as a formula.

    Negative numbers stay numbers. :func:`unguard_formula` restores every text.

    >>> guard_formula("=1+1"), guard_formula("-0.5"), guard_formula("'=x")
    ("'=1+1", '-0.5', "''=x")
    """
    if not text or (not text.startswith(_RISKY) and not text.startswith("'")):
        return text
    if text.startswith(("+", "-")) and _NUMBER.fullmatch(text):
        return text
    return "'" + text


def unguard_formula(text: str) -> str:
    """Text as it was before :func:`guard_formula`.

    >>> unguard_formula(guard_formula("'=x"))
    "'=x"
    """
    if text.startswith("'") and text[1:].startswith((*_RISKY, "'")):
        return text[1:]
    return text
