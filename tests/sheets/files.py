"""Builds the files named in ``cases.csv``: each function writes one practice or one fault, and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
import xlwt

from jingtu.sheets import Options

HEAD = ["样品编号", "采样日期", "镉", "砷"]
ROW = ["Y1", "2021-09-03", "0.12", "11.5"]


@dataclass(frozen=True)
class CaseFile:
    """A file as a user would hand it over."""

    name: str
    data: bytes
    options: Options | None = None


BUILDERS: dict[str, Callable[[], CaseFile]] = {}


def case(build: Callable[[], CaseFile]) -> Callable[[], CaseFile]:
    BUILDERS[build.__name__] = build
    return build


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def csv_file(*rows: list[str], head: list[str] | None = None) -> CaseFile:
    return CaseFile("交表.csv", csv_bytes([head or HEAD, *rows]))


def one(column: str, value: str) -> CaseFile:
    """One good row with one more column that holds the value in question."""
    if column in HEAD:
        row = [value if name == column else cell for name, cell in zip(HEAD, ROW, strict=True)]
        return csv_file(row)
    return csv_file([*ROW, value], head=[*HEAD, column])


def xlsx(rows: list[list[object]], touch: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if touch:
        touch(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_file(*rows: list[object], touch: Callable[[openpyxl.Workbook], None] | None = None) -> CaseFile:
    return CaseFile("交表.xlsx", xlsx([list(row) for row in rows], touch))


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


# ---- broken ---------------------------------------------------------------------------------------------------


@case
def empty_file() -> CaseFile:
    return CaseFile("交表.csv", b"")


@case
def too_large() -> CaseFile:
    return CaseFile("交表.csv", csv_bytes([HEAD, ROW]), Options(max_file_bytes=20))


@case
def pdf_named_xlsx() -> CaseFile:
    return CaseFile("交表.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")


@case
def html_named_xls() -> CaseFile:
    return CaseFile(
        "交表.xls",
        "<html><body><table><tr><td>样品编号</td></tr></table></body></html>".encode(),
    )


@case
def truncated_zip() -> CaseFile:
    whole = xlsx([HEAD, ROW])
    return CaseFile("交表.xlsx", whole[: len(whole) // 2])


@case
def encrypted() -> CaseFile:
    names = "".join(f"{name}\0" for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    return CaseFile(
        "交表.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names.encode("utf-16-le"),
    )


@case
def macro() -> CaseFile:
    return CaseFile("交表.xlsm", with_member(xlsx([HEAD, ROW]), "xl/vbaProject.bin", b"\0" * 64))


@case
def zip_bomb() -> CaseFile:
    return CaseFile("交表.xlsx", with_member(xlsx([HEAD, ROW]), "xl/media/x.bin", b"\0" * 8_000_000))


@case
def not_a_text() -> CaseFile:
    return CaseFile("交表.csv", b"\x81\xff\xfe\x00\x01\xff\xff\x80" * 20)


@case
def open_quote() -> CaseFile:
    return CaseFile("交表.csv", csv_bytes([HEAD, ['"Y1', *ROW[1:]], ROW]))


@case
def no_cells() -> CaseFile:
    return xlsx_file()


@case
def two_candidates() -> CaseFile:
    def copy(book: openpyxl.Workbook) -> None:
        book.copy_worksheet(book.active).title = "副本"

    return xlsx_file(HEAD, ROW, touch=copy)


@case
def named_sheet_absent() -> CaseFile:
    return CaseFile("交表.xlsx", xlsx([HEAD, ROW]), Options(sheet="检测结果"))


@case
def no_heading() -> CaseFile:
    return csv_file(["Y2", "2021-09-04", "0.2", "9"], head=ROW)


@case
def heading_only() -> CaseFile:
    return csv_file()


@case
def required_column_absent() -> CaseFile:
    return csv_file(["Y1", "2021-09-03", "11.5"], head=["样品编号", "采样日期", "砷"])


@case
def column_twice() -> CaseFile:
    return csv_file([*ROW, "0.3"], head=[*HEAD, "总镉"])


@case
def heading_unit_unknown() -> CaseFile:
    return csv_file(ROW, head=["样品编号", "采样日期", "镉(斤/亩)", "砷"])


@case
def heading_unit_other() -> CaseFile:
    return csv_file(ROW, head=["样品编号", "采样日期", "镉(mg/L)", "砷"])


@case
def required_blank() -> CaseFile:
    return one("样品编号", "")


@case
def number_unreadable() -> CaseFile:
    return one("采样深度", "二十")


@case
def integer_fraction() -> CaseFile:
    return one("袋数", "1.5")


@case
def reported_unreadable() -> CaseFile:
    return one("镉", "约0.1")


@case
def reported_negative() -> CaseFile:
    return one("镉", "-0.1")


@case
def reported_thousands() -> CaseFile:
    return one("镉", '"0,12"')


@case
def date_impossible() -> CaseFile:
    return one("采样日期", "2021-02-30")


@case
def date_two_digit_year() -> CaseFile:
    return one("采样日期", "21/9/3")


@case
def choice_unknown() -> CaseFile:
    return one("土地利用", "沙漠")


@case
def region_unknown() -> CaseFile:
    return one("行政区", "149999")


@case
def region_ambiguous() -> CaseFile:
    return one("行政区", "城区")


@case
def code_numeric_long() -> CaseFile:
    return xlsx_file([*HEAD, "耕地代码"], [*ROW, 140105285245219113])


@case
def code_scientific() -> CaseFile:
    return one("耕地代码", "1.40105E+17")


@case
def formula_uncached() -> CaseFile:
    return xlsx_file(HEAD, ["Y1", "2021-09-03", "=0.1+0.2", "11.5"])


@case
def formula_error() -> CaseFile:
    book = xlwt.Workbook()
    sheet = book.add_sheet("结果", cell_overwrite_ok=True)
    for column, (name, cell) in enumerate(zip(HEAD, ROW, strict=True)):
        sheet.write(0, column, name)
        sheet.write(1, column, cell)
    sheet.row(1).set_cell_error(2, "#DIV/0!")
    return CaseFile("交表.xls", _saved(book))


@case
def lon_lat_swapped() -> CaseFile:
    return csv_file([*ROW, "37.87", "112.55"], head=[*HEAD, "经度", "纬度"])


@case
def lon_outside() -> CaseFile:
    return csv_file([*ROW, "12.55", "37.87"], head=[*HEAD, "经度", "纬度"])


@case
def mojibake() -> CaseFile:
    return one("备注", "锟斤拷锟斤拷")


@case
def row_too_long() -> CaseFile:
    return csv_file([*ROW, "0.7"])


# ---- merely practice ------------------------------------------------------------------------------------------


@case
def utf8_bom() -> CaseFile:
    return CaseFile("交表.csv", csv_bytes([HEAD, ROW], "utf-8-sig"))


@case
def gb18030() -> CaseFile:
    return CaseFile("交表.csv", csv_bytes([HEAD, ROW], "gb18030"))


@case
def utf16_tab() -> CaseFile:
    return CaseFile("交表.csv", csv_bytes([HEAD, ROW], "utf-16", "\t"))


@case
def semicolon() -> CaseFile:
    return CaseFile("交表.csv", csv_bytes([HEAD, ROW], delimiter=";"))


@case
def full_width_digits() -> CaseFile:
    return one("镉", "０．１２")


@case
def date_dotted() -> CaseFile:
    return one("采样日期", "2021.9.3")


@case
def date_chinese() -> CaseFile:
    return one("采样日期", "2021年9月3日")


@case
def date_serial() -> CaseFile:
    return xlsx_file(HEAD, ["Y1", 44442, 0.12, 11.5])


@case
def title_row() -> CaseFile:
    return csv_file(HEAD, ROW, head=["2021年土壤监测结果表", "", "", ""])


@case
def two_row_heading() -> CaseFile:
    return csv_file(["", "", "镉", "砷"], ROW, head=["样品编号", "采样日期", "检测结果", ""])


@case
def unit_row() -> CaseFile:
    return csv_file(["", "", "mg/kg", "mg/kg"], ROW, head=HEAD)


@case
def merged_heading() -> CaseFile:
    def merge(book: openpyxl.Workbook) -> None:
        for area in ("A1:A2", "B1:B2", "C1:D1"):
            book.active.merge_cells(area)

    top: list[object] = ["样品编号", "采样日期", "检测结果(mg/kg)", None]
    return xlsx_file(top, [None, None, "镉", "砷"], ["Y1", "2021-09-03", 0.12, 11.5], touch=merge)


@case
def xlsx_named_csv() -> CaseFile:
    return CaseFile("交表.csv", xlsx([HEAD, ROW]))


@case
def csv_named_xls() -> CaseFile:
    return CaseFile("交表.xls", csv_bytes([HEAD, ROW]))


@case
def old_xls() -> CaseFile:
    book = xlwt.Workbook()
    sheet = book.add_sheet("结果")
    for column, (name, cell) in enumerate(zip(HEAD, ROW, strict=True)):
        sheet.write(0, column, name)
        sheet.write(1, column, cell)
    return CaseFile("交表.xls", _saved(book))


@case
def unit_in_heading() -> CaseFile:
    return csv_file(
        ["Y1", "2021-09-03", "120", "11.5"],
        head=["样品编号", "采样日期", "镉(µg/kg)", "As_mg_kg"],
    )


@case
def unknown_column() -> CaseFile:
    return one("天气", "晴")


@case
def blank_rows() -> CaseFile:
    return csv_file(["", "", "", ""], ROW)


@case
def footer_row() -> CaseFile:
    return csv_file(ROW, ["填表人：", "", "审核人：", ""])


@case
def numeric_noise() -> CaseFile:
    return xlsx_file(HEAD, ["Y1", "2021-09-03", 0.1 + 0.02, 11.5])


@case
def numeric_code() -> CaseFile:
    return xlsx_file(HEAD, [20210001, "2021-09-03", 0.12, 11.5])


@case
def degrees_minutes() -> CaseFile:
    return csv_file([*ROW, "112°33′00″", "37°52′12″"], head=[*HEAD, "经度", "纬度"])


@case
def external_link() -> CaseFile:
    link = b'<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return CaseFile(
        "交表.xlsx",
        with_member(xlsx([HEAD, ROW]), "xl/externalLinks/externalLink1.xml", link),
    )


@case
def other_sheets() -> CaseFile:
    def more(book: openpyxl.Workbook) -> None:
        book.create_sheet("说明").append(["随便写点什么"])

    return xlsx_file(HEAD, ROW, touch=more)


@case
def english_headings() -> CaseFile:
    return csv_file(ROW, head=["sample_id", "sampled_on", "Cd", "As"])


@case
def non_detects() -> CaseFile:
    marks = ["<0.01", "＜0.01", "0.01L", "ND(0.01)", "未检出", "低于检出限"]
    return csv_file(*([f"Y{place}", "2021-09-03", mark, "/"] for place, mark in enumerate(marks)))


@case
def region_by_name() -> CaseFile:
    return one("行政区", "小店区")


def _saved(book: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
