"""Items judged as the sum of their components: what the parts say about the whole, as an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jingtu.plain.reported import Reported

STATED, SUMMED, INCOMPLETE, LIMIT_UNKNOWN, CONTRADICTS, ABSENT = (
    "", "sum.complete", "sum.incomplete", "sum.limit_unknown", "sum.contradicts", "value.not_measured"
)  # fmt: skip
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Content:
    """A content known to lie from ``low`` to ``high``, both ends included, in mg/kg.

    A number has equal ends; a non-detect goes from zero to its limit; ``high`` is ``None`` when nothing bounds it.
    ``basis`` says where it comes from: ``""`` as reported, else the code of the sum.
    """

    low: Decimal | None
    high: Decimal | None
    basis: str = STATED

    @property
    def value(self) -> Decimal | None:
        """The content as one number, where it is one."""
        return self.low if self.low is not None and self.low == self.high else None


NOTHING: Final = Content(None, None, ABSENT)


def content_of(item: Reported) -> Content:
    """A reported result as an interval.

    >>> content_of(Reported(None, Decimal("0.01"), "ND"))
    Content(low=Decimal('0'), high=Decimal('0.01'), basis='')
    """
    if item.value is not None:
        return Content(item.value, item.value)
    return NOTHING if item.qualifier == "NM" else Content(ZERO, item.limit)


def sum_of(parts: Sequence[Reported]) -> Content:
    """The sum of the components, as far as they bound it.

    *Source*: GB 36600-2018 table 2 notes 2 to 5. A non-detect adds between nothing and its limit; a component that was
    not measured, or has no limit, leaves the sum open above.

    >>> low, missing = Reported(Decimal("1.5"), None, ""), Reported(None, None, "NM")
    >>> sum_of([low, Reported(None, Decimal("0.1"), "ND")]).high, sum_of([low, missing]).basis
    (Decimal('1.6'), 'sum.incomplete')
    """
    found = [content_of(part) for part in parts]
    measured = [one for one in found if one.low is not None]
    if not measured:
        return NOTHING
    low = sum((one.low for one in measured if one.low is not None), ZERO)
    if len(measured) < len(found):
        return Content(low, None, INCOMPLETE)
    if any(one.high is None for one in measured):
        return Content(low, None, LIMIT_UNKNOWN)
    return Content(low, sum((one.high for one in measured if one.high is not None), ZERO), SUMMED)


def whole(stated: Reported, parts: Sequence[Reported]) -> Content:
    """The content of an item: as reported, else by its components; a total below its parts cannot be right.

    >>> one = Reported(Decimal(1), None, "")
    >>> whole(one, [one, one]).basis, whole(one, []).basis
    ('sum.contradicts', '')
    """
    own, by_parts = content_of(stated), sum_of(parts)
    if own.low is None:
        return by_parts
    if by_parts.low is not None and own.high is not None and by_parts.low > own.high:
        return Content(by_parts.low, None, CONTRADICTS)
    return own
