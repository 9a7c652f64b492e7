"""How sure a conclusion is: as sure as the weakest of the rows it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from jingtu import law
from jingtu.law import Certainty, Row

STRONGEST_FIRST: Final = (
    Certainty.VERIFIED,
    Certainty.MEMORY_HIGH,
    Certainty.MEMORY_MEDIUM,
    Certainty.DESIGN,
    Certainty.MEMORY_LOW,
)


def rank(certainty: str) -> int:
    """Place of a certainty, the strongest first.

    >>> rank("verified") < rank("memory_medium") < rank("memory_low")
    True
    """
    return STRONGEST_FIRST.index(Certainty(certainty))


def weakest(grounds: Iterable[Row | str]) -> str:
    """The weakest certainty among rows of the law or certainties; blank when there are none.

    A convention of our own ranks below a text remembered with medium confidence: no text stands behind it.

    >>> weakest(["verified", "memory_low", "memory_high"]), weakest([])
    ('memory_low', '')
    """
    named = [each.certainty.value if isinstance(each, Row) else each for each in grounds]
    return max(named, key=rank, default="")


def label(certainty: str) -> str:
    """How sure, in Chinese, as it stands on a page; blank for none.

    >>> label("memory_low")
    '凭记忆录入，待核实'
    """
    return law.codes("certainty").label(certainty) if certainty else ""
