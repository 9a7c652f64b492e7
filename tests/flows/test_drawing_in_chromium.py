"""Hands on the map, in Chromium: a unit split by a drawn line, a piece redrawn by a corner, a zone drawn."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from shapely import from_wkt
from shapely.geometry import box, mapping

from tests.flows.test_farmland_in_chromium import CLERK, QINGXU, takes_in
from tests.flows.visitor import Visitor

pytestmark = pytest.mark.e2e
WEST, SOUTH, SIDE = 112.34, 37.60, 0.004  # inside Qingxu, away from all other units
DRAWN = "画图"


@pytest.fixture
def fields(visitor: Visitor) -> Visitor:
    """The clerk of Qingxu, with a field of class II and one of class III beside it."""
    features = [
        {
            "type": "Feature",
            "geometry": mapping(box(WEST + n * SIDE, SOUTH, WEST + (n + 1) * SIDE, SOUTH + SIDE)),
            "properties": {
                "县级行政区代码": QINGXU, "村": f"{DRAWN}{n}村", "土地利用": "水浇地", "主要作物": "玉米",
                "目标污染物": "镉", "类别": name, "建档日期": "2020-12-31",
            },
        }
        for n, name in enumerate(("安全利用类", "严格管控类"))
    ]  # fmt: skip
    path: Path = visitor.folder / "演示-清徐-画图单元.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    visitor.signs_in(CLERK)
    takes_in(visitor, "farmland.unit", path)
    return visitor


class Hand:
    """A hand with a mouse on the map of a tool."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.map = visitor.page.locator(".map-drawing[data-drawn][data-view]")
        self.map.wait_for()
        self.map.scroll_into_view_if_needed()

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place lies on the screen."""
        west, south, east, north = (float(each) for each in str(self.map.get_attribute("data-view")).split())
        frame = self.map.bounding_box()
        assert frame is not None
        down = (_mercator(north) - _mercator(lat)) / (_mercator(north) - _mercator(south))
        return frame["x"] + frame["width"] * (lon - west) / (east - west), frame["y"] + frame["height"] * down

    def clicks(self, lon: float, lat: float) -> None:
        """Go to a place and click; two clicks too close together would be one double click."""
        self.page.mouse.move(*self.at(lon, lat))
        self.page.mouse.click(*self.at(lon, lat))
        self.page.wait_for_timeout(300)

    def drags(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Take hold of a place and let go at another."""
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=5)
        self.page.mouse.up()

    def draws(self, way: str) -> None:
        """Choose a way of drawing."""
        self.page.get_by_role("button", name=way).click()

    @property
    def preview(self) -> Locator:
        """What would come of it."""
        return self.page.locator("[data-preview]")

    @property
    def wkt(self) -> str:
        """What was drawn, as the form will send it."""
        return self.page.locator("[name=wkt]").input_value()


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def test_a_unit_is_split_redrawn_and_a_zone_drawn_by_hand(fields: Visitor) -> None:
    splits(fields)
    redraws(fields)
    draws_a_zone(fields)


def opens_unit(visitor: Visitor, village: int, tool: str) -> None:
    """The tool of the standing unit of a village that came last."""
    visitor.opens(f"/r/farmland.unit/?q={DRAWN}{village}村&standing=standing&sort=-code")
    visitor.page.locator("#rows tbody th a").first.click()
    visitor.page.get_by_role("link", name=tool, exact=True).click()


def splits(visitor: Visitor) -> None:
    page, middle = visitor.page, WEST + SIDE / 2
    opens_unit(visitor, 0, "拆分")
    hand = Hand(visitor)
    hand.draws("画线切开")
    hand.clicks(middle, SOUTH + SIDE)
    page.keyboard.press("Escape")
    expect(page.locator("[data-act=undo]")).to_be_disabled()
    assert hand.wkt == ""
    hand.clicks(middle, SOUTH + SIDE)
    hand.clicks(WEST + SIDE * 0.9, SOUTH + SIDE * 0.7)
    page.keyboard.press("Backspace")
    hand.clicks(middle, SOUTH)
    page.keyboard.press("Enter")
    expect(hand.preview).to_contain_text("分成 2 块")
    assert hand.wkt.startswith("LINESTRING")
    assert len(from_wkt(hand.wkt).coords) == 2, "the corner that was undone is not there"
    for row in hand.preview.locator("tbody tr").all():
        assert float(row.locator("td").nth(1).inner_text()) == pytest.approx(50, abs=2)
    page.locator("[name=reason]").fill("走查：按渠道划开")
    page.get_by_role("button", name="拆分", exact=True).click()
    expect(page.locator("main")).to_contain_text("已办理：拆分")
    expect(page.locator("section", has=page.get_by_role("heading", name="后继单元")).locator("tbody tr")).to_have_count(
        2
    )


def redraws(visitor: Visitor) -> None:
    page = visitor.page
    opens_unit(visitor, 0, "变更边界")
    hand = Hand(visitor)
    shown = json.loads(str(page.locator("[name=wkt]").get_attribute("data-shown")))
    own = next(each for each in shown["features"] if each["properties"]["role"] == "own")
    longitudes = [place[0] for place in own["geometry"]["coordinates"][0][0]]
    west, east = min(longitudes), max(longitudes)
    inward = (west + east) / 2
    hand.draws("拖动现有界点")
    hand.drags((west, SOUTH), (inward, SOUTH + SIDE / 4))
    expect(hand.preview).to_contain_text("新边界与相邻单元不重叠")
    assert re.search(r"-\d+\.\d\d", hand.preview.inner_text())
    page.locator("[name=reason]").fill("走查：渠道改线")
    page.get_by_role("button", name="变更边界", exact=True).click()
    expect(page.locator("main")).to_contain_text("已办理：变更边界")


def draws_a_zone(visitor: Visitor) -> None:
    page = visitor.page
    visitor.opens("/r/farmland.zone/")
    page.get_by_role("link", name="拟定管控区").click()
    hand = Hand(visitor)
    middle = (WEST + SIDE * 1.5, SOUTH + SIDE / 2)
    for _turn in range(12):  # until the field is large enough for a hand
        left, right = hand.at(WEST + SIDE, SOUTH)[0], hand.at(WEST + SIDE * 2, SOUTH)[0]
        if right - left > 150:
            break
        page.mouse.move(*hand.at(*middle))
        page.mouse.wheel(0, -240)
        page.wait_for_timeout(500)
    hand.draws("画一个面")
    west, south, east, north = WEST + SIDE, SOUTH, WEST + SIDE * 2, SOUTH + SIDE
    for place in ((west, south), (east, south), (east, north), (west, north)):
        hand.clicks(*place)
    page.keyboard.press("Enter")
    expect(hand.preview).to_contain_text("含严格管控类单元 1 个")
    expect(hand.preview.locator(".notice-error")).to_have_count(0)
    page.locator("[name=name]").fill("走查管控区（演示）")
    page.locator("[name=banned_products]").first.check()
    page.get_by_role("button", name="拟定管控区", exact=True).click()
    expect(page.locator(".big-state")).to_contain_text("拟定中")
    expect(page.locator("section", has=page.get_by_role("heading", name="区内单元")).locator("tbody tr")).to_have_count(
        1
    )
