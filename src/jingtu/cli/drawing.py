"""Lines, bars and words of a picture as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

# told apart also by those who do not see red and green alike, and in grey
COLOURS: Final = ("#0b5394", "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#7f6000", "#999999", "#d55e00", "#5b3a8e")
WIDE: Final = 760


def bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" fill="{colour}"/>'


def line(x: float, y: float, to_x: float, to_y: float, colour: str, dashes: str = "") -> str:
    """A straight line, broken where dashes are given."""
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"{broken}/>'


def text(x: float, y: float, words: str, anchor: str, colour: str = "#222") -> str:
    """Words at a place; anchor start, middle or end."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def picture(height: int, title: str, parts: Sequence[str]) -> str:
    """The whole picture with its title."""
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" width="{WIDE}" height="{height}" '
        f'font-family="Noto Sans CJK SC, sans-serif" font-size="12">\n<rect width="{WIDE}" height="{height}" '
        f'fill="#fff"/>\n<text x="{WIDE / 2:.0f}" y="22" text-anchor="middle" font-size="14" fill="#222">'
        f"{escape(title)}</text>\n{inside}\n</svg>\n"
    )
