"""What is wrong with a record, where, and how to mend it: the one shape every check hands back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum


class Severity(StrEnum):
    """How much an issue matters: blocking stops acceptance, warning asks, note informs."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of a file or record, in words an officer can act on.

    ``code`` is stable and dotted; ``row`` counts as the spreadsheet counts (first row is 1).

    >>> Issue("sheet.number.unreadable", Severity.BLOCKING, "读不成数", file="a.csv", row=3, column="镉").place()
    '文件 a.csv 第 3 行 “镉”'
    """

    code: str
    severity: Severity
    message: str
    cure: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    expected: str = ""
    who: str = ""
    clause: str = ""

    def place(self) -> str:
        """Where the fault is, in Chinese words."""
        parts = [
            f"文件 {self.file}" if self.file else "",
            f"工作表 {self.sheet}" if self.sheet else "",
            f"第 {self.row} 行" if self.row is not None else "",
            f"“{self.column}”" if self.column else "",
        ]
        return " ".join(part for part in parts if part)

    def sentence(self) -> str:
        """Place, fault and cure as one text."""
        return "：".join(part for part in (self.place(), self.message + self.cure) if part)

    def as_dict(self) -> dict[str, str | int | None]:
        """All parts under their names, for JSON or a table row."""
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**row, "severity": self.severity.value, "place": self.place()}


def blocking(issues: Iterable[Issue]) -> list[Issue]:
    """The issues that stop acceptance, in their order."""
    return [issue for issue in issues if issue.severity is Severity.BLOCKING]
