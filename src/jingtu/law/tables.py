"""The tables of the standards and the catalogue that says where each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jingtu.law.clauses import cite
from jingtu.law.errors import BrokenTable, UnknownTable
from jingtu.law.instruments import Instrument, instrument
from jingtu.law.intervals import Interval, interval_of, prove_cover
from jingtu.law.rows import Row, Value, read_rows
from jingtu.law.source import read_records, split, unique

UNKNOWN = "没有名为“{table}”的表；已收录的表：{known}。"
NO_ROW = "表 {table} 中没有 {wanted} 的行。"
MANY_ROWS = "表 {table} 中 {wanted} 有 {count} 行，须只有一行。"
NO_COLUMN = "表 {table} 没有“{column}”这一列。"
REPEATED = "表 {table} 的{what}“{value}”出现两次。"


@dataclass(frozen=True, slots=True)
class TableSource:
    """Catalogue entry: title, clause, key, and the interval it must tile."""

    name: str
    title_zh: str
    clause: str
    key: tuple[str, ...]
    interval_prefix: str
    interval_suffix: str
    interval_group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands on a day: rows in the printed order, clause and instrument."""

    name: str
    title_zh: str
    clause: str
    instrument: Instrument | None
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def citation(self) -> str:
        """The table as an officer would cite it."""
        return cite(self.clause) if self.clause else self.title_zh

    def where(self, **wanted: Value) -> tuple[Row, ...]:
        """Rows whose columns equal the given values, in the printed order."""
        if self.rows:
            for column in wanted:
                if column not in self.rows[0]:
                    raise UnknownTable(NO_COLUMN.format(table=self.name, column=column))
        return tuple(r for r in self.rows if all(r[c] == v for c, v in wanted.items()))

    def one(self, **wanted: Value) -> Row:
        """The only row with these values; raises ``UnknownTable`` when none or several."""
        found = self.where(**wanted)
        if not found:
            raise UnknownTable(NO_ROW.format(table=self.name, wanted=wanted))
        if len(found) > 1:
            raise UnknownTable(MANY_ROWS.format(table=self.name, wanted=wanted, count=len(found)))
        return found[0]

    def row(self, row_id: str) -> Row:
        """The row with this stable id."""
        return self.one(row_id=row_id)

    def column(self, name: str) -> tuple[Value, ...]:
        """One column over all rows."""
        if self.rows and name not in self.rows[0]:
            raise UnknownTable(NO_COLUMN.format(table=self.name, column=name))
        return tuple(row[name] for row in self.rows)

    def interval(self, row: Row) -> Interval:
        """The interval a row of this table declares."""
        source = table_source(self.name)
        return interval_of(row, source.interval_prefix, source.interval_suffix)


@cache
def table_sources() -> dict[str, TableSource]:
    """The catalogue of tables by name."""
    return {
        record["table"]: TableSource(
            name=record["table"],
            title_zh=record["title_zh"],
            clause=record["clause"],
            key=split(record["key"]),
            interval_prefix=record["interval_prefix"],
            interval_suffix=record["interval_suffix"],
            interval_group=split(record["interval_group"]),
        )
        for record in read_records("tables.csv")
    }


def table_source(name: str) -> TableSource:
    """Catalogue entry of a table; raises ``UnknownTable`` naming those that exist."""
    try:
        return table_sources()[name]
    except KeyError:
        known = "、".join(table_sources())
        raise UnknownTable(UNKNOWN.format(table=name, known=known)) from None


@cache
def edition(name: str, in_force: tuple[str, ...]) -> Table:
    """The rows of a table that rest on the given instruments alone, checked once."""
    source = table_source(name)
    rows = tuple(r for r in read_rows(name) if all(code in in_force for code in r.sources))
    _prove_unique(source, rows)
    _prove_intervals(source, rows)
    clauses = unique(r.clause for r in rows)
    clause = source.clause or (clauses[0] if len(clauses) == 1 else "")
    homes = unique(r.clause.partition("#")[0] for r in rows)
    home = instrument(homes[0]) if len(homes) == 1 else None
    return Table(name, source.title_zh, clause, home, rows)


@cache
def carriers(name: str) -> tuple[str, ...]:
    """Codes of the instruments on which any row of the table rests."""
    table_source(name)
    return unique(code for r in read_rows(name) for code in r.sources)


@cache
def printed_in(name: str) -> tuple[str, ...]:
    """Codes of the instruments in whose text the table is printed."""
    return unique(r.clause.partition("#")[0] for r in read_rows(name))


def _prove_unique(source: TableSource, rows: tuple[Row, ...]) -> None:
    for what, key in (("行号", ("row_id",)), ("主键", source.key)):
        seen: set[tuple[Value, ...]] = set()
        for row in rows:
            value = tuple(row[c] for c in key)
            if value in seen:
                raise BrokenTable(REPEATED.format(table=source.name, what=what, value=value))
            seen.add(value)


def _prove_intervals(source: TableSource, rows: tuple[Row, ...]) -> None:
    if not source.interval_prefix:
        return
    groups: dict[tuple[Value, ...], list[Interval]] = {}
    for row in rows:
        group = tuple(row[c] for c in source.interval_group)
        interval = interval_of(row, source.interval_prefix, source.interval_suffix)
        groups.setdefault(group, []).append(interval)
    for intervals in groups.values():
        prove_cover(source.name, intervals)
