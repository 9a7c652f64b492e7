"""Fonts that can show Chinese, on pictures that are drawn here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

CHINESE: Final = (
    *("Noto Sans CJK SC", "Noto Serif CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
    *("Microsoft YaHei", "SimHei", "PingFang SC", "Noto Sans CJK JP", "Noto Serif CJK JP"),
)


def chinese_font(installed: Iterable[str]) -> str:
    """The first of the families that is installed; blank when none is.

    >>> chinese_font(["DejaVu Sans", "SimHei"])
    'SimHei'
    """
    known = set(installed)
    return next((name for name in CHINESE if name in known), "")
