"""What the duties of the chapter share: their year, their due day, proofs by region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from jingtu import law
from jingtu.registers.duties import Evidence, Obligation

MOST_PROOFS = 20


def plan_year() -> int:
    """The year of the plan."""
    return law.plan().period_to.year


def tag_of(duty: str) -> str:
    """A duty's code as it names parameters."""
    return duty.replace("-", "_")


def due_of(duty: str) -> str:
    """SQL of the due day: the plan's, else what an office set by a document in force on the asked day, else none."""
    tag = tag_of(duty)
    return f"""coalesce(%({tag}_due)s::date, (
        SELECT d.due_on FROM registers_dutysetting d
        WHERE d.duty = '{duty}' AND d.from_on <= jingtu_on() AND d.recorded_at < jingtu_known()
        ORDER BY d.from_on DESC, d.id DESC LIMIT 1))"""


def terms(duty: str, **more: Any) -> dict[str, Any]:
    """The parameters of a duty's relation, each under the duty's own tag."""
    own = {"due": law.plan().duty(duty).due_on, "year": plan_year(), **more}
    return {f"{tag_of(duty)}_{name}": value for name, value in own.items()}


def by_region(
    obligations: Sequence[Obligation], rows: QuerySet[Any], said: Callable[[Any], Evidence]
) -> dict[str, tuple[Evidence, ...]]:
    """The first records of each obligation's own region as its proofs."""
    return {
        each.key: tuple(said(row) for row in rows.filter(region_id=each.region_code).order_by("pk")[:MOST_PROOFS])
        for each in obligations
    }
