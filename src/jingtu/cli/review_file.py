"""Reading a report to review: parcel, laboratory results and claims, each from its own worksheet."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any, Final

from jingtu import law
from jingtu.assess.review_claims import Claim, Report
from jingtu.cli.asking import Stopped
from jingtu.plain.issues import Issue
from jingtu.sheets import FileRefused, Options, Reading, SheetSpec, load_spec, read_sheet
from jingtu.sheets.concentrations import Contents, analyte_of
from jingtu.sheets.contents import read_contents
from jingtu.sheets.faults import Place, issue

PARCEL, RESULTS, CLAIMS = "地块情况", "检测结果", "结论"
_FILES: Final = {PARCEL: "review_parcel.csv", RESULTS: "review_points.csv", CLAIMS: "review_claims.csv"}


@dataclass(slots=True)
class HeldReport:
    """A report as read, with the issues of its worksheets."""

    report: Report
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)


def spec_of(title: str) -> SheetSpec:
    """The specification of one worksheet of the workbook."""
    return load_spec(files("jingtu.cli") / "specifications" / _FILES[title], title)


def read_report(data: bytes, filename: str) -> HeldReport:
    """The report in a workbook; stops when a worksheet is missing or the parcel is not stated."""
    parcel, claims = _sheet(data, filename, PARCEL), _sheet(data, filename, CLAIMS)
    if len(parcel.good_places()) != 1:
        raise Stopped(_first(parcel) or f"工作表“{PARCEL}”应当恰好有一行，现有 {len(parcel)} 行。")
    contents = _results(data, filename)
    points = _points(data, filename)
    cell = {name: column[parcel.good_places()[0]] for name, column in parcel.columns.items()}
    issues = [*parcel.issues, *contents.issues, *claims.issues]
    report = Report(
        name=str(cell["name"]),
        stage=str(cell["stage"]),
        area_m2=cell.get("area_m2"),  # type: ignore[arg-type]
        planned_use=str(cell["land_use"]),
        on=_day(cell["evaluated_on"]),
        subjects=contents.subjects,
        points=points,
        results=contents.results,
        claims=_claims(claims, issues),
    )
    notes = [note for note in (*parcel.notes, *contents.notes, *claims.notes) if note.code not in _EXPECTED]
    return HeldReport(report, issues, notes)


_EXPECTED: Final = ("note.sheet.other", "note.column.unknown")


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise Stopped(f"工作表“{PARCEL}”的评价日期读不出来，请写成 2021-06-30。")
    return value


def _sheet(data: bytes, filename: str, title: str) -> Reading:
    reading = read_sheet(spec_of(title), data, filename, Options(sheet=title))
    if not reading.columns:
        raise Stopped(_first(reading) or f"文件 {filename} 里没有工作表“{title}”。")
    return reading


def _first(reading: Reading) -> str:
    return reading.issues[0].sentence() if reading.issues else ""


def _results(data: bytes, filename: str) -> Contents:
    wanted = tuple(entry.code for entry in law.analytes(law.CONSTRUCTION) if entry.standard_unit == "mg/kg")
    try:
        return read_contents(data, filename, wanted, "", Options(sheet=RESULTS), law.CONSTRUCTION)
    except FileRefused as refused:
        raise Stopped(refused.issue.sentence()) from refused


def _points(data: bytes, filename: str) -> list[str]:
    """The points that samples were taken at; none when the results do not tell."""
    reading = read_sheet(spec_of(RESULTS), data, filename, Options(sheet=RESULTS))
    return [str(point) for point in reading.columns.get("point_code", []) if point]


def _claims(reading: Reading, issues: list[Issue]) -> list[Claim]:
    found = []
    for at in reading.good_places():
        cell = {name: column[at] for name, column in reading.columns.items()}
        named = str(cell.get("analyte") or "")
        analyte = analyte_of(named, law.CONSTRUCTION) if named else ""
        if analyte is None:
            label = spec_of(CLAIMS).column("analyte").label
            place = Place(reading.file, reading.sheet, reading.rows[at], label)
            issues.append(issue("cell.analyte.unknown", place, named, "元素符号或标准里的中文名"))
            continue
        found.append(_claim(cell, analyte, reading.rows[at]))
    return found


def _claim(cell: dict[str, Any], analyte: str, row: int) -> Claim:
    return Claim(
        number=str(cell["number"]),
        place=str(cell.get("place") or ""),
        kind=str(cell["kind"]),
        analyte=analyte,
        claimed=str(cell["claimed"]),
        unit=str(cell.get("unit") or ""),
        method=str(cell.get("method") or ""),
        target_mg_kg=cell.get("target"),
        content_mg_kg=cell.get("content"),
        row=row,
    )


def blank_report() -> bytes:
    """An empty workbook with the three worksheets, an example row each, and how to fill every column."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    for title in _FILES:
        sheet = book.add_worksheet(title)
        for index, column in enumerate(spec_of(title).columns):
            sheet.set_column(index, index, max(12, 2 * len(column.heading()) + 2), text)
            sheet.write_string(0, index, column.heading(), bold)
            sheet.write_string(1, index, column.example, text)
            if column.codes:
                sheet.data_validation(
                    1, index, 2000, index, {"validate": "list", "source": _choices(book, column.codes)}
                )
        sheet.freeze_panes(1, 0)
    _guidance(book)
    book.close()
    return out.getvalue()


def _choices(book: Any, codes: tuple[tuple[str, str], ...]) -> str:
    """The labels of a choice on a sheet of their own, as the range a drop-down takes."""
    from xlsxwriter.utility import xl_col_to_name

    sheet = book.get_worksheet_by_name("代码表") or book.add_worksheet("代码表")
    column = 0 if sheet.dim_colmax is None else sheet.dim_colmax + 1
    for row, (_, label) in enumerate(codes):
        sheet.write_string(row, column, label)
    letter = xl_col_to_name(column)
    return f"='代码表'!${letter}$1:${letter}${len(codes)}"


def _guidance(book: Any) -> None:
    sheet = book.add_worksheet("填写说明")
    sheet.set_column(0, 1, 14)
    sheet.set_column(2, 2, 90)
    rows = [(title, column) for title in _FILES for column in spec_of(title).columns]
    for index, (title, column) in enumerate(rows):
        needed = "必填。" if column.required else ""
        for at, words in enumerate((title, column.heading(), needed + column.guidance)):
            sheet.write_string(index, at, words)
