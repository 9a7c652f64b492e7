"""Code lists a sheet may point to by name, taken from the law floor."""

from __future__ import annotations

from jingtu import law

ANALYTES = "analytes"


def code_list(name: str) -> tuple[tuple[str, str], ...]:
    """Pairs of code and Chinese label of a code list, or of the analytes; an unknown name raises."""
    if name == ANALYTES:
        return tuple((analyte.code, analyte.name_zh) for analyte in law.analytes())
    return tuple((entry.code, entry.label_zh) for entry in law.codes(name))


def find_code(name: str, text: str) -> str | None:
    """The code meant by a cell, by code, label or alias.

    >>> find_code("analytes", "总镉"), find_code("land_use", "旱田")
    ('Cd', 'dryland')
    """
    entry = law.analytes().find(text) if name == ANALYTES else law.codes(name).find(text)
    return entry.code if entry else None
