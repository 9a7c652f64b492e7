"""Rows of a table of the law: frozen, typed by the column dictionary, citable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from jingtu.law.clauses import cite
from jingtu.law.errors import BrokenTable
from jingtu.law.source import Certainty, read_records, unique

Value = str | Decimal | int | bool | Certainty | None

UNKNOWN_COLUMN = "表 {table} 的列“{column}”没有在 columns.csv 中说明类型。"
BAD_FLAG = "表 {table} 的列“{column}”只能写 yes 或 no，现为“{value}”。"
WRONG_KIND = "列“{column}”不是{kind}。"


class Row(Mapping[str, Value]):
    """One row of a table; read it by column name, or typed through the getters.

    Columns whose name ends in a unit are ``Decimal`` (or ``None`` where the text sets no bound).
    """

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, Value]) -> None:
        self._values = MappingProxyType(values)

    def __getitem__(self, column: str) -> Value:
        return self._values[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Row({self.row_id})"

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    @property
    def row_id(self) -> str:
        """Stable id of the row; never reused."""
        return self.text("row_id")

    @property
    def clause(self) -> str:
        """Reference of the clause the row comes from, ``<instrument>#<anchor>``."""
        return self.text("clause")

    @property
    def citation(self) -> str:
        """The clause as an officer would cite it."""
        return cite(self.clause)

    @property
    def instrument(self) -> str:
        """Code of the instrument whose dates govern the row."""
        return self.text("instrument")

    @property
    def sources(self) -> tuple[str, ...]:
        """Codes of the instruments that must all be in force for the row to apply.

        A test method applies while the method stands and the standard that lists it stands.
        """
        return unique((self.instrument, self.clause.partition("#")[0]))

    @property
    def certainty(self) -> Certainty:
        """How well the source of the row is known."""
        return Certainty(self.text("certainty"))

    def text(self, column: str) -> str:
        """A text or code column."""
        value = self._values[column]
        if not isinstance(value, str):
            raise TypeError(WRONG_KIND.format(column=column, kind="文字"))
        return value

    def number(self, column: str) -> Decimal | None:
        """A quantity, or ``None`` where the text sets none."""
        value = self._values[column]
        if value is not None and not isinstance(value, Decimal):
            raise TypeError(WRONG_KIND.format(column=column, kind="数量"))
        return value

    def required_number(self, column: str) -> Decimal:
        """A quantity that every row of the table has."""
        value = self.number(column)
        if value is None:
            raise TypeError(WRONG_KIND.format(column=column, kind="数量"))
        return value

    def integer(self, column: str) -> int:
        """A count or ordinal."""
        value = self._values[column]
        if not isinstance(value, int):
            raise TypeError(WRONG_KIND.format(column=column, kind="整数"))
        return value

    def flag(self, column: str) -> bool:
        """A yes/no column, such as whether an end of an interval is included."""
        value = self._values[column]
        if not isinstance(value, bool):
            raise TypeError(WRONG_KIND.format(column=column, kind="是否"))
        return value


@cache
def column_kinds() -> dict[str, str]:
    """Kind of every column used in the tables of the law."""
    return {record["column"]: record["kind"] for record in read_records("columns.csv")}


@cache
def read_rows(table: str) -> tuple[Row, ...]:
    """All rows of a table in the printed order, whatever day they apply to."""
    records = read_records(f"{table}.csv")
    return tuple(Row({c: _typed(table, c, v) for c, v in record.items()}) for record in records)


def _typed(table: str, column: str, text: str) -> Value:
    kind = column_kinds().get(column)
    match kind:
        case "code" | "text":
            return text
        case "decimal":
            return Decimal(text) if text else None
        case "integer":
            return int(text)
        case "flag" if text in {"yes", "no"}:
            return text == "yes"
        case "flag":
            raise BrokenTable(BAD_FLAG.format(table=table, column=column, value=text))
        case "certainty":
            return Certainty(text)
        case _:
            raise BrokenTable(UNKNOWN_COLUMN.format(table=table, column=column))
