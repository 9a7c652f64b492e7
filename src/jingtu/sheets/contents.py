"""Soil contents from any table: wide (a column per element) or long (a row per result), all in mg/kg.

Headings may be Chinese or English, units may stand in the heading, in a column, or be given as an option.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from jingtu import law
from jingtu.plain.text import match_key
from jingtu.sheets.concentrations import PH, Contents, analyte_of
from jingtu.sheets.faults import Place, issue, refuse
from jingtu.sheets.heading import SEARCHED_ROWS
from jingtu.sheets.long_form import read_long
from jingtu.sheets.reading import Options
from jingtu.sheets.table import Table, open_table
from jingtu.sheets.wide_form import read_wide

_ALIASES: Final = {
    "id": "样品 样品编号 样品编码 样品号 样号 样品名称 点位编号 点位编码 点位代码 点位 点号 地块编号 地块编码 编号 "
    "sample_id sample_no sample_code sample id point_id point_code site_id code",
    "serial": "序号 no number",
    "land_use": "土地利用 土地利用类型 土地利用方式 土地利用现状 利用方式 利用类型 地类 用地类型 耕地类型 "
    "land_use landuse land_use_type",
    "soil_type": "土壤类型 土类 土壤类别 soil_type",
    "analyte": "检测项目 监测项目 分析项目 测定项目 项目 项目名称 元素 污染物 指标 analyte element parameter",
    "value": "检测结果 检测值 测定值 测定结果 监测结果 监测值 结果 含量 浓度 数值 value result concentration",
    "unit": "单位 计量单位 结果单位 unit units",
    "limit": "检出限 方法检出限 最低检出限 detection_limit mdl lod dl",
}
_PLANNED: Final = "规划用途 规划用地 规划用地性质 用地性质 用地类别 用地代码 土地用途 planned_use"
_GROUND: Final = "pH、土地利用"
_BESIDE: Final = {law.CROPS: "作物、收获日期"}
_EXPECTED: Final = "样品编号、{beside}，以及各元素一列（如“镉(mg/kg)”），或检测项目、检测结果、单位三列"
_KEYS: Final = {match_key(alias): key for key, names in _ALIASES.items() for alias in names.split()}
_PARTS: Final = "基坑 基坑编号 修复范围 评估范围 评估单元 范围 堆体 堆体编号 part"
_DUPLICATES: Final = "平行样对应 平行于 原样编号 原样品编号 对应样品编号 duplicate_of"
_CROP: Final = "作物 作物名称 作物种类 农产品 农产品名称 农产品种类 crop"
_HARVESTED: Final = "收获日期 收获日 收获时间 采收日期 采样日期 采样时间 harvested_on harvest_date"
_OWN_KEYS: Final = {
    law.CONSTRUCTION: {
        match_key(alias): key
        for key, names in (("land_use", _PLANNED), ("part", _PARTS), ("duplicate_of", _DUPLICATES))
        for alias in names.split()
    },
    law.CROPS: {
        match_key(alias): key
        for key, names in (("crop", _CROP), ("harvested_on", _HARVESTED))
        for alias in names.split()
    },
    law.FARMLAND: {},
}


def read_contents(
    data: bytes,
    filename: str,
    wanted: Sequence[str],
    unit: str = "",
    options: Options | None = None,
    listing: str = law.FARMLAND,
    beside: Callable[[str], str | None] | None = None,
) -> Contents:
    """Read the analytes ``wanted`` and pH, samples in the order of the file.

    ``unit`` is taken where the file states none; ``listing`` names the list of analytes (and with it the meaning of
    land use); ``beside`` knows headings that are read elsewhere and make a row a heading here too.
    Raises :class:`FileRefused` for a file that cannot be read at all;
    every single cell that cannot be read becomes an issue and counts as not measured.
    """
    elements = {*wanted, PH}
    own = _OWN_KEYS[listing]

    def match(heading: str) -> str | None:
        known = own.get(match_key(heading)) or _KEYS.get(match_key(heading))
        if known:
            return known
        code = analyte_of(heading, listing)
        if code in elements:
            return f"element:{code}"
        return beside(heading) if beside else None

    expected = (
        f"样品编号、{_BESIDE.get(listing, _GROUND)}，以及各元素一列（如“镉(mg/kg)”），或检测项目、检测结果、单位三列"
    )
    table = open_table(data, filename, options or Options(), match, _is_complete, expected)
    if not _is_complete(table.heading.keys()):
        raise refuse("sheet.heading.missing", Place(filename, table.sheet), str(SEARCHED_ROWS), expected)
    contents = Contents(filename, listing, table.sheet, notes=list(table.notes))
    columns = _columns(table, contents)
    if not table.rows:
        contents.add(issue("sheet.rows.none", table.place()))
    if "analyte" in columns and "value" in columns:
        read_long(table, columns, wanted, unit, contents)
    else:
        read_wide(table, columns, unit, contents)
    return contents


def _is_complete(keys: set[str]) -> bool:
    return {"analyte", "value"} <= keys or any(key.startswith("element:") for key in keys - {f"element:{PH}"})


def _columns(table: Table, contents: Contents) -> dict[str, int]:
    columns: dict[str, int] = {}
    row = table.heading.first + 1
    for index, label in enumerate(table.heading.labels):
        place = Place(table.file, table.sheet, row, label.text)
        if label.key is None:
            if label.text.strip():
                contents.add(issue("note.column.unknown", place, label.text))
        elif label.key not in columns:
            columns[label.key] = index
        elif label.key.startswith("element:") or label.key in ("analyte", "value", "unit"):
            both = f"“{table.heading.labels[columns[label.key]].text}”“{label.text}”"
            contents.add(issue("sheet.column.duplicate", place, both, label.key.removeprefix("element:")))
    return columns
