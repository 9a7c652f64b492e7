"""Code lists a sheet may point to by name, taken from the law floor."""

from __future__ import annotations

from jingtu import law


def code_list(name: str) -> tuple[tuple[str, str], ...]:
    """Pairs of code and Chinese label of a code list; raises ``KeyError`` for a list that does not exist."""
    return tuple((code, label) for code, label in law.codes(name).items())
