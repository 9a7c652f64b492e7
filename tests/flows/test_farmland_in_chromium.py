"""A season of farmland as people walk it, in Chromium: pairs come in, a class is decided, map and board follow.

One county proposes three times: the first proposal is decided, the second withdrawn, the third refused; each leaves its
trail.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Locator, expect
from shapely.geometry import box, mapping

from tests.browser import Served, command
from tests.flows.visitor import Visitor

pytestmark = pytest.mark.e2e
QINGXU, SAMPLED, TODAY = "140121", date(2021, 10, 6), date(2021, 10, 8)
WEST, SOUTH, SIDE = 112.30, 37.60, 0.004  # inside Qingxu, away from the units of the demonstration
WALK = "走查"
CLERK, LABORATORY = "xian-qingxu-nongye", "jiance-yi"
RATE = f"/pages/farmland.rate/?region={QINGXU}"
CITY, PROVINCE = "shi-taiyuan-shenhe", "sheng-nongye-shenhe"
FOUND = {
    "土壤": {"pH值": "8.1", "镉": "0.9", "汞": "0.03", "砷": "9.8", "铅": "20", "铬": "60"},
    "农产品": {"镉": "0.02", "汞": "0.002", "砷": "0.05", "铅": "0.04", "铬": "0.1"},
}
PAIR_COLUMNS = (
    "点对编号", "县级行政区代码", "年度", "季别", "作物", "土地利用", "土壤采样日期", "土壤采样经度", "土壤采样纬度",
    "采样深度上(cm)", "采样深度下(cm)", "收获采样日期", "农产品采样经度", "农产品采样纬度", "采样组长", "采样人",
)  # fmt: skip


def test_a_county_proposes_a_class_and_the_province_decides(visitor: Visitor, served: Served) -> None:
    visitor.signs_in(CLERK)
    takes_in(visitor, "farmland.unit", units(visitor.folder))
    takes_in(visitor, "farmland.pair", pairs(visitor.folder))
    visitor.opens(RATE)
    expect(visitor.page.locator("main")).to_contain_text(f"{WALK}0村")
    handed = [hands_over(visitor, medium) for medium in FOUND]
    the_laboratory_reports(visitor, handed)
    both_reports_are_taken_and_reviewed(visitor)
    adjustment = the_county_takes_up_the_event(visitor)
    moves(visitor, CITY, adjustment, "审核通过，报省级", "待省级审定")
    moves(visitor, PROVINCE, adjustment, "审定", "已审定")
    everything_follows(visitor)
    for way in (
        ((CLERK, "撤回", "已撤回"),),
        ((CITY, "审核通过，报省级", "待省级审定"), (PROVINCE, "不予调整", "不予调整")),
    ):
        a_proposal_comes_to_nothing(visitor, way)
    checked = command(served.home, "ledger", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr


# --- files ----------------------------------------------------------------------------------------------------


def units(folder: Path) -> Path:
    """Two fields of class II as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "geometry": mapping(box(WEST + n * SIDE, SOUTH, WEST + (n + 1) * SIDE, SOUTH + SIDE)),
            "properties": {
                "县级行政区代码": QINGXU, "村": f"{WALK}{n}村", "土地利用": "水浇地", "主要作物": "玉米",
                "目标污染物": "镉", "类别": "安全利用类", "建档日期": "2020-12-31",
            },
        }
        for n in range(2)
    ]  # fmt: skip
    path = folder / "演示-清徐-走查单元.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def pairs(folder: Path) -> Path:
    """Three pairs on the first field, as a workbook."""
    book = Workbook()
    rows = book.active
    rows.append(PAIR_COLUMNS)
    for number in range(3):
        lon, lat = f"{WEST + 0.001 + number * 0.0005:.6f}", f"{SOUTH + 0.002:.6f}"
        rows.append(
            [f"XT-{WALK}-{number}", QINGXU, "2021", "秋收", "玉米", "水浇地", SAMPLED, lon, lat, "0", "20",
             SAMPLED, lon, lat, "演示组长", "演示采样员"]
        )  # fmt: skip
    path = folder / "演示-清徐-点对.xlsx"
    book.save(path)
    return path


def filled(sheet: Path, values: dict[str, str], report: str) -> Path:
    """The laboratory fills in the sheet it was given."""
    book = load_workbook(sheet)
    rows = book.worksheets[0]
    heads = [str(cell.value or "") for cell in rows[1]]
    place = {name: next(n for n, text in enumerate(heads, 1) if text.startswith(name)) for name in (
        "检测报告编号", "报告日期", "检测项目", "检测结果", "检出限", "检测方法", "分析日期")}  # fmt: skip
    for row in range(2, rows.max_row + 1):
        analyte = rows.cell(row, place["检测项目"]).value
        if analyte:
            told = {"检测报告编号": report, "报告日期": TODAY, "检测结果": values[analyte], "检出限": "0.001",
                    "检测方法": "演示方法", "分析日期": TODAY}  # fmt: skip
            for name, value in told.items():
                rows.cell(row, place[name], value)
    book.save(sheet)
    return sheet


# --- deeds ----------------------------------------------------------------------------------------------------


def state(visitor: Visitor) -> Locator:
    return visitor.page.locator(".big-state")


def hands_in(visitor: Visitor, sheet: str, file: Path) -> None:
    """Hand in a file and wait until it is checked."""
    page = visitor.page
    visitor.opens("/dossiers/new/")
    page.locator("[name=sheet]").select_option(sheet)
    page.locator("[name=region]").select_option(QINGXU)
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="提交并检查").click()
    expect(page.locator(".verdict")).to_be_visible(timeout=30_000)
    expect(state(visitor)).to_contain_text("待接收")


def does(visitor: Visitor, label: str, reason: str = "") -> None:
    """Do a move on the page that is open."""
    page = visitor.page
    page.locator("summary", has_text=re.compile(f"^\\s*{label}\\s*$")).click()
    form = page.locator("details[open] form", has=page.get_by_role("button", name=label, exact=True))
    if reason:
        form.locator("textarea").fill(reason)
    form.get_by_role("button", name=label, exact=True).click()


def takes_in(visitor: Visitor, sheet: str, file: Path) -> None:
    """Hand in a file and accept it."""
    hands_in(visitor, sheet, file)
    does(visitor, "接收入库")
    expect(state(visitor)).to_contain_text("已接收")


def hands_over(visitor: Visitor, medium: str) -> str:
    """Hand the season's soil, or crop, to the laboratory; the address of the handover."""
    page = visitor.page
    visitor.opens("/r/farmland.pair/")
    page.get_by_role("link", name="备样送检").click()
    page.locator("[name=region]").select_option(QINGXU)
    page.locator("[name=season]").select_option("autumn")
    page.locator("[name=medium]").select_option(label=medium)
    page.locator("[name=laboratory]").select_option(label="演示检测一所")
    page.get_by_role("button", name="备样送检").click()
    does(visitor, "登记送出")
    expect(state(visitor)).to_contain_text("已送出")
    return page.url.removeprefix(visitor.served.url)


def the_laboratory_reports(visitor: Visitor, handed: list[str]) -> None:
    visitor.signs_in(LABORATORY)
    for number, (address, values) in enumerate(zip(handed, FOUND.values(), strict=True)):
        visitor.opens(address)
        does(visitor, "确认接样")
        expect(state(visitor)).to_contain_text("已接样")
        sheet = visitor.takes(visitor.page.get_by_role("link", name="下载检测结果表"))
        hands_in(visitor, "evidence.result", filled(sheet, values, f"演示-{WALK}-{number}"))


def both_reports_are_taken_and_reviewed(visitor: Visitor) -> None:
    page = visitor.page
    for who, label in ((CLERK, "接收入库"), (CITY, "审核通过")):
        visitor.signs_in(who)
        for number in range(len(FOUND)):
            visitor.opens("/r/evidence.batch/?q=" + f"演示-{WALK}-{number}" if who == CITY else "/")
            chosen = "#rows tbody th a" if who == CITY else "section[aria-labelledby=work-decide] th a"
            page.locator(chosen).first.click()
            does(visitor, label)
            expect(state(visitor)).to_contain_text("已接收" if who == CLERK else "审核通过")


def the_county_takes_up_the_event(visitor: Visitor) -> str:
    """The event that the evidence raised becomes a proposal; its address."""
    page = visitor.page
    visitor.signs_in(CLERK)
    for _patience in range(30):  # the worker evaluates within seconds
        visitor.opens("/r/farmland.trigger/")
        if page.locator("#rows tbody th a").count():
            break
        page.wait_for_timeout(500)
    page.locator("#rows tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("Ⅱ→Ⅰ")
    does(visitor, "提出调整")
    expect(state(visitor)).to_contain_text("正在调整")
    page.locator("a", has_text=re.compile("^TZ2021-")).first.click()
    expect(page.locator("main")).to_contain_text("U1+U7+C2")
    address = page.url.removeprefix(visitor.served.url)
    does(visitor, "报市级审核")
    expect(state(visitor)).to_contain_text("待市级审核")
    return address


def moves(visitor: Visitor, who: str, address: str, label: str, goal: str, reason: str = "") -> None:
    """Somebody moves a proposal on."""
    visitor.signs_in(who)
    visitor.opens(address)
    does(visitor, label, reason)
    expect(state(visitor)).to_contain_text(goal)


def everything_follows(visitor: Visitor) -> None:
    """The unit stands in class I: on its page, on the map, on the board; the safe-use rate counts it no longer."""
    page = visitor.page
    expect(page.locator("main")).to_contain_text("面积平衡")
    page.locator("a", has_text=re.compile(f"^{QINGXU}\\d+$")).first.click()
    page.locator("a", has_text=re.compile(f"^{QINGXU}\\d+$")).first.click()
    expect(page.locator("main")).to_contain_text("优先保护类")
    box_of_it = f"{WEST},{SOUTH},{WEST + SIDE},{SOUTH + SIDE}"
    reply = page.request.get(f"{visitor.served.url}/api/v1/layers/farmland.unit/items?bbox={box_of_it}&limit=100")
    assert reply.ok, reply.text()
    states = {each["properties"]["state"] for each in reply.json()["features"]}
    assert "I" in states, reply.json()
    visitor.opens(RATE)
    expect(page.locator("main")).to_contain_text(f"{WALK}1村")
    expect(page.locator("main")).not_to_contain_text(f"{WALK}0村")
    visitor.opens("/board/")
    expect(page.locator('.board a.cell[href*="/clauses/T05/"][href*="region=1401"]')).to_be_visible()


def a_proposal_comes_to_nothing(visitor: Visitor, way: tuple[tuple[str, str, str], ...]) -> None:
    """An event told by hand, a proposal for a stated reason, and its end; the trail names every step and reason."""
    page = visitor.page
    visitor.signs_in(CLERK)
    visitor.opens(f"/r/farmland.unit/?q={WALK}1村")
    number = re.sub(r"\D", "", page.locator("#rows tbody th a").first.inner_text())
    visitor.opens("/r/farmland.trigger/")
    page.get_by_role("link", name="登记触发事件").click()
    page.locator("[name=kind]").select_option("T6")
    page.locator("[name=region]").select_option(QINGXU)
    page.locator("[name=happened_on]").fill(TODAY.isoformat())
    page.locator("[name=numbers]").fill(number)
    page.locator("[name=told]").fill("走查：渠道溃口，农田进水")
    page.get_by_role("button", name="登记触发事件").click()
    page.get_by_role("link", name="按触发事件拟定调整").click()
    page.locator("[name=title]").fill("走查：按事件调整")
    page.locator("[name=to_class]").select_option("III")
    page.locator("[name=grounds]").fill("事件调查报告")
    page.get_by_role("button", name="按触发事件拟定调整").click()
    page.wait_for_url(re.compile(r"/r/farmland\.adjustment/\d+/"))
    address = page.url.removeprefix(visitor.served.url)
    does(visitor, "报市级审核")
    expect(state(visitor)).to_contain_text("待市级审核")
    for who, label, goal in way:
        moves(visitor, who, address, label, goal, "走查的理由")
    history = page.locator("section", has=page.get_by_role("heading", name="修改历史"))
    for step in ("待市级审核", way[-1][2]):
        expect(history).to_contain_text(step)
    expect(page.locator("main")).to_contain_text("走查的理由")
