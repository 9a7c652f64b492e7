"""Samples in partitions: the same functions judge each, wherever it is, and the findings are the same.

Every finding about a sample is drawn from that sample alone, so a long list can be cut anywhere; only what is said of
a whole parcel needs all of them (:class:`jingtu.assess.construction.ParcelPart`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from jingtu.assess import assessment, construction_assessment
from jingtu.plain.blocks import blocks

AnySamples = TypeVar("AnySamples", assessment.Samples, construction_assessment.Samples)


def partitions(samples: AnySamples, size: int) -> Iterator[AnySamples]:
    """Samples in partitions of ``size`` rows (the last may be shorter), in their order.

    *Source*: none; it only cuts columns.

    >>> from decimal import Decimal
    >>> from jingtu.plain.reported import Reported
    >>> lead = [Reported(Decimal(value), None, "") for value in (20, 80, 900)]
    >>> whole = construction_assessment.Samples(["a", "b", "c"], ["R"] * 3, [""] * 3, {"Pb": lead})
    >>> [part.subjects for part in partitions(whole, 2)]
    [['a', 'b'], ['c']]
    """
    if size < 1:
        raise ValueError("a partition holds at least one sample")
    for part in blocks(len(samples), size):
        yield replace(samples, **{field.name: _cut(getattr(samples, field.name), part) for field in fields(samples)})


def _cut(column: Any, part: slice) -> Any:
    if isinstance(column, Mapping):
        return {code: items[part] for code, items in column.items()}
    return column[part]
