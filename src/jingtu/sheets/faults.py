"""The words of every fault and note a file can get, by stable code; nothing else in this floor speaks to officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jingtu.plain.issues import Issue, Severity


@dataclass(frozen=True, slots=True)
class Wording:
    """One kind of fault: how much it matters, what is said, how to mend it."""

    severity: Severity
    message: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""


class FileRefused(Exception):
    """A file that cannot be read at all; carries the issue to show."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.sentence())
        self.issue = issue


def _stop(message: str, cure: str) -> Wording:
    return Wording(Severity.BLOCKING, message, cure)


def _note(message: str) -> Wording:
    return Wording(Severity.NOTE, message)


_TO_XLSX: Final = "请在 Excel 或 WPS 中打开原件，另存为“Excel 工作簿 (*.xlsx)”后重新提交。"
_BLANK: Final = "请下载空白表，把数据粘贴进去后重新提交。"

WORDINGS: Final[dict[str, Wording]] = {
    "file.empty": _stop("文件是空的（0 字节）。", "请检查是否传错了文件，重新导出后再提交。"),
    "file.too_large": _stop("文件有 {value}，超过允许的 {expected}。", "请按批次拆成几个文件分别提交。"),
    "file.format.unknown": _stop(
        "这不是表格文件，内容看起来是{value}。", "请提交 .xlsx、.xls 或 .csv 文件；扫描件须先录入表格。"
    ),
    "file.format.html": _stop("这个文件实际是网页，只是改成了表格的扩展名。", _TO_XLSX),
    "file.format.damaged": _stop("工作簿已损坏或没有传完，无法打开。", "请确认原件能打开，再重新上传一次。"),
    "file.encrypted": _stop("工作簿设了打开密码，无法读取。", "请在“文件—信息—保护工作簿”中取消密码后重新提交。"),
    "file.macro": _stop("工作簿带有宏，按规定不接收。", _TO_XLSX),
    "file.zip_bomb": _stop(
        "工作簿展开后有 {value}，大小不合常理，已停止读取。", "请删去图片、嵌入文件等与数据无关的内容后重新提交。"
    ),
    "file.columns.many": _stop(
        "表格有 {value} 列，超过 {expected} 列，不像是数据表。", "请删去多余的列；数据是横着排的，请转置后重新提交。"
    ),
    "file.encoding": _stop("文本文件的编码无法识别（既不是 UTF-8，也不是 GB18030）。", _TO_XLSX),
    "file.csv.quote": _stop(
        "CSV 文件的引号没有配对，从第 {value} 行附近开始无法分清列。", "请改正该处引号，或另存为 .xlsx 后提交。"
    ),
    "file.sheet.none": _stop("工作簿里没有任何数据。", _BLANK),
    "file.sheet.ambiguous": _stop(
        "有几张工作表都符合本表的表头：{value}，不知道该读哪一张。", "请只保留一张，或在提交时指明工作表名称。"
    ),
    "file.sheet.missing": _stop("没有名为“{expected}”的工作表，文件里有：{value}。", "请改正工作表名称后重新提交。"),
    "sheet.heading.missing": _stop("前 {value} 行里找不到表头。", "表头应包含：{expected}。" + _BLANK),
    "sheet.rows.none": _stop("只有表头，没有数据行。", "请填入数据后重新提交。"),
    "sheet.column.missing": _stop("缺少必填的列“{expected}”。", "请补上这一列；表头可以写：{value}。"),
    "sheet.column.duplicate": _stop("有两列都是“{expected}”：{value}。", "请删去其中一列，或改正表头。"),
    "sheet.unit.unknown": _stop("表头里的单位“{value}”不认识。", "请写成 {expected} 等常用单位。"),
    "sheet.unit.incompatible": _stop("表头里的单位“{value}”不能换算成 {expected}。", "请核对单位后重新提交。"),
    "cell.required": _stop("这一格必须填写，现在是空的。", "请补填；确实没有的，请整行删去并说明原因。"),
    "cell.number.unreadable": _stop("“{value}”不是数字。", "请只填数字，单位写在表头里，说明写在备注列。"),
    "cell.integer.unreadable": _stop("“{value}”不是整数。", "请填写不带小数的数。"),
    "cell.reported.unreadable": _stop(
        "“{value}”不能读作检测结果。", "请填数字；低于检出限写“<检出限”（如 <0.01）或“未检出”，没有测的写“/”。"
    ),
    "cell.date.unreadable": _stop("“{value}”不是有效的日期。", "请写成 2021-09-03 这样的四位年份日期。"),
    "cell.choice.unknown": _stop("“{value}”不在本列的选项之内。", "可以填：{expected}。"),
    "cell.region.unknown": _stop(
        "没有“{value}”这个行政区。", "请填 2021 年区划的六位代码或规范名称（如 140105 小店区）。"
    ),
    "cell.region.ambiguous": _stop("叫“{value}”的行政区不止一个：{expected}。", "请改填六位代码。"),
    "cell.code.truncated": _stop(
        "代码存成了数字，“{value}”末几位已经丢失，无法还原。", "请把这一列设为“文本”格式，从原始资料重新录入代码。"
    ),
    "cell.formula.uncached": _stop(
        "这一格是公式，但文件里没有保存算出的值。", "请在 Excel 中打开并保存一次，或改成“选择性粘贴—数值”。"
    ),
    "cell.formula.error": _stop("这一格是错误值 {value}。", "请改正公式，或填入实际数值。"),
    "cell.lon.swapped": _stop("经度 {value} 与纬度写反了。", "请把经度、纬度两格对调。"),
    "cell.lat.swapped": _stop("纬度 {value} 与经度写反了。", "请把经度、纬度两格对调。"),
    "cell.lon.outside": _stop(
        "经度 {value} 不在我国范围之内。", "请填 CGCS2000 经度，以度为单位（山西约 110 至 115）。"
    ),
    "cell.lat.outside": _stop("纬度 {value} 不在我国范围之内。", "请填 CGCS2000 纬度，以度为单位（山西约 34 至 41）。"),
    "cell.angle.unreadable": _stop("“{value}”不能读作经纬度。", "请写成 112.5500 这样的度数，或 112°33′00″。"),
    "cell.text.mojibake": _stop("文字已经变成乱码：“{value}”。", "请从原始文件重新导出，存为 UTF-8 或 .xlsx。"),
    "cell.unit.unknown": _stop("单位“{value}”不认识。", "请写成 mg/kg、µg/kg 等常用单位。"),
    "cell.unit.missing": _stop(
        "“{value}”没有单位，不知道如何与标准比较。", "请在表头、单位列里写明单位，或用 --unit 指定。"
    ),
    "cell.analyte.unknown": _stop("检测项目“{value}”不认识。", "可以写：{expected}。"),
    "cell.result.twice": _stop("同一样品的“{value}”有两个不同的结果。", "请只留一个，平行样请用不同的样品编号。"),
    "cell.reported.zero": Wording(
        Severity.WARNING, "检测结果写成 0，检测不可能得到 0。", "请核对：低于检出限的写“<检出限”，没有测的写“/”。"
    ),
    "cell.reported.whole": _stop(
        "“{value}”比样品本身还多（超过 100 %），按没有测定处理。", "请核对数值和单位，例如是否把 µg/kg 写成了 mg/kg。"
    ),
    "cell.ph.outside": _stop("pH 值 {value} 不在 0 到 14 之间，按没有 pH 处理。", "请核对 pH 值。"),
    "cell.land_use.twice": _stop("样品“{value}”写了两种不同的土地利用。", "请改成同一种。"),
    "cell.geometry.unreadable": _stop(
        "“{value}”不能读作图形。", "请填 WKT（如 POLYGON ((111.70 36.25, …))），或改交 GeoPackage、Shapefile 压缩包。"
    ),
    "cell.geometry.kind": _stop("图形的类型是 {expected}，本列要的不是这种图形。", "请只提交本表要求的面或点。"),
    "cell.geometry.empty": _stop("图形是空的。", "请删去没有图形的要素，或补画图形。"),
    "cell.geometry.invalid": _stop("图形无效：{expected}。", "请在制图软件中用“检查几何”修复该处后重新提交。"),
    "cell.geometry.swapped": _stop("图形的经度与纬度写反了（{expected}）。", "请把每一点的经度写在前、纬度写在后。"),
    "cell.geometry.outside": _stop(
        "图形的坐标（{expected}）不在我国经纬度范围之内。",
        "表格里的 WKT 须是 CGCS2000 经纬度；平面坐标请改交带坐标系的矢量文件。",
    ),
    "file.vector.damaged": _stop(
        "矢量文件已损坏、过大或不是所写的格式，无法打开。", "请在制图软件中另存为 GeoPackage 后重新提交。"
    ),
    "file.vector.several": _stop(
        "压缩包里应当只有一个 Shapefile（或一个 .gdb），现有：{value}。", "请一个压缩包只放一个图层。"
    ),
    "file.vector.part_missing": _stop(
        "压缩包里的 Shapefile 缺少 {value} 文件。", "请把同名的 .shp、.shx、.dbf、.prj 一起压缩。"
    ),
    "file.vector.empty": _stop("矢量文件里没有带图形的要素。", "请确认导出的是有图形的图层。"),
    "file.crs.missing": _stop(
        "矢量文件没有写明坐标系，不知道坐标是什么意思。",
        "请在制图软件中定义坐标系（CGCS2000 经纬度或 3 度带）后重新导出；Shapefile 须带 .prj 文件。",
    ),
    "file.crs.old": _stop(
        "坐标系是{value}，与 CGCS2000 相差几十米以上，转换参数不公开，平台不代为转换。",
        "请由测绘主管部门转换为 2000 国家大地坐标系后重新提交。",
    ),
    "file.crs.unknown": _stop(
        "坐标系“{value}”不在可接收之列。", "可接收 2000 国家大地坐标系（经纬度、3 度带 37、38 带）和 WGS 84。"
    ),
    "note.crs.wgs84": _note("坐标系是 {value}；WGS 84 与 CGCS2000 在本省相差厘米级，按相同处理。"),
    "note.vector.rows": _note("这是矢量文件，共 {value} 个要素；“行”指要素的序号，从 1 起。"),
    "row.too_long": _stop("这一行比表头多出内容“{value}”，各列可能已经错位。", "请检查该行是否多了分隔符。"),
    "sheet.issues.many": Wording(
        Severity.WARNING, "同类问题共有 {value} 处，这里只列出前 {expected} 处。", "请先改正已列出的，再重新提交。"
    ),
    "note.encoding.bom": _note("文件是带 BOM 的 UTF-8 编码，已照常读取。"),
    "note.encoding.gb18030": _note("文件是 GB18030（GBK）编码，已照常读取。"),
    "note.encoding.utf16": _note("文件是 UTF-16 编码（Excel 的“Unicode 文本”），已照常读取。"),
    "note.delimiter": _note("各列之间用{value}分隔，已照常读取。"),
    "note.extension": _note("扩展名与内容不符：内容是 {expected} 格式，已按内容读取。"),
    "note.link.external": _note("工作簿引用了别的文件，引用一律不读取，只用已保存的数值。"),
    "note.sheet.other": _note("还有别的工作表没有读取：{value}。"),
    "note.title.row": _note("表头上面有 {value} 行标题，已跳过。"),
    "note.heading.two_rows": _note("表头占两行，已合起来读。"),
    "note.heading.merged": _note("表头有合并单元格，已按合并范围读取。"),
    "note.column.unknown": _note("列“{value}”不属于本表，没有读取。"),
    "note.row.blank": _note("有 {value} 个空行，已跳过。"),
    "note.row.footer": _note("“{value}”不是数据，已跳过。"),
    "note.row.heading_again": _note("数据中间又出现一次表头，已跳过。"),
    "note.width.full": _note("有 {expected} 处写成全角字符（如“{value}”），已按半角读取。"),
    "note.date.spelling": _note("有 {expected} 处日期写法不是 2021-09-03（如“{value}”），已照常读取。"),
    "note.date.serial": _note("有 {expected} 处日期存成了序列号（如 {value}），已换算成日期。"),
    "note.code.numeric": _note("有 {expected} 处代码存成了数字（如 {value}），请确认开头没有丢掉 0。"),
    "note.angle.dms": _note("有 {expected} 处经纬度写成度分秒（如 {value}），已换算成度。"),
    "note.unit.converted": _note("表头单位是 {value}，已逐格换算成 {expected}。"),
    "note.region.name": _note("有 {expected} 处行政区写成名称（如“{value}”），已换成代码。"),
}


def issue(code: str, place: Place, value: str = "", expected: str = "", clause: str = "") -> Issue:
    """The issue of that code at that place, in full sentences."""
    wording = WORDINGS[code]
    return Issue(
        code=code,
        severity=wording.severity,
        message=wording.message.format(value=shorten(value), expected=expected),
        cure=wording.cure.format(value=shorten(value), expected=expected),
        file=place.file,
        sheet=place.sheet,
        row=place.row,
        column=place.column,
        value=value,
        expected=expected,
        who="填表人" if wording.severity is not Severity.NOTE else "",
        clause=clause,
    )


def refuse(code: str, place: Place, value: str = "", expected: str = "") -> FileRefused:
    """The exception that stops reading of a whole file."""
    return FileRefused(issue(code, place, value, expected))


def shorten(text: str, width: int = 60) -> str:
    """A long cell cut for a sentence; the issue itself keeps the whole value."""
    return text if len(text) <= width else text[: width - 1] + "…"
