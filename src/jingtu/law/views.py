"""The law as it stands on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jingtu.law.errors import LawNotInForce
from jingtu.law.instruments import Instrument, Standing, instrument, instruments, predecessors
from jingtu.law.source import unique
from jingtu.law.tables import (
    Table,
    carriers,
    edition,
    printed_in,
    table_source,
    table_sources,
)


@dataclass(frozen=True, slots=True)
class LawView:
    """A frozen view of the texts on a day; ask it for tables and instruments."""

    on: date

    def table(self, name: str) -> Table:
        """The table as it stands on the day of the view.

        Raises ``UnknownTable`` for a name no text defines and ``LawNotInForce`` when the
        table had not begun, or no longer applied, on that day.

        >>> from datetime import date
        >>> cd = LawView(date(2021, 9, 15)).table("gb15618_control").where(analyte="Cd")
        >>> [str(row["value_mg_kg"]) for row in cd]
        ['1.5', '2.0', '3.0', '4.0']
        """
        in_force = tuple(c for c in carriers(name) if instrument(c).in_force(self.on))
        found = edition(name, in_force)
        if not found.rows:
            raise _not_in_force(name, self.on)
        return found

    def has(self, name: str) -> bool:
        """Whether the table applies on the day of the view."""
        in_force = tuple(c for c in carriers(name) if instrument(c).in_force(self.on))
        return bool(edition(name, in_force).rows)

    def tables(self) -> tuple[str, ...]:
        """Names of the tables that apply on the day of the view."""
        return tuple(name for name in table_sources() if self.has(name))

    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments certainly in force on the day of the view."""
        return tuple(i for i in instruments().values() if i.in_force(self.on))


@lru_cache(maxsize=512)
def at(day: date) -> LawView:
    """The law as it stands on a day (Asia/Shanghai)."""
    return LawView(day)


def _not_in_force(name: str, day: date) -> LawNotInForce:
    homes = tuple(instrument(code) for code in printed_in(name))
    earlier = tuple(h for h in homes if h.standing(day) in {Standing.ENDED, Standing.UNSURE})
    later = tuple(h for h in homes if h.standing(day) is Standing.NOT_YET)
    replaced = unique(p for h in later for p in predecessors(h.code) if p.in_force(day))
    unrecorded = tuple(p for p in replaced if p not in homes)
    return LawNotInForce(table_source(name).title_zh, day, earlier, later, unrecorded)
