"""The deeds of the tour as people do them: what each needs, doing it, and seeing whether it is done.

Every deed is done through the console or the API by the account whose deed it is. What a deed needs (a clean dossier
to accept, a package to send) is taken from what earlier runs left, or made without disturbance first.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tools.faulting.holding import Holding
from tools.faulting.people import Answer, File, Interrupted, Person

TODAY = "2021-10-08"
POINT, RESULT, RECEIPT = "monitoring.point", "evidence.result", "monitoring.receipt"
REGION = {POINT: "140000", RESULT: "140200", RECEIPT: "140000"}
PROVINCE, CITY, REVIEWER, LABORATORY = "sheng-jingban", "shi-datong-jingban", "shi-datong-shenhe", "jiance-er"
SUBMITTER = {POINT: PROVINCE, RESULT: LABORATORY, RECEIPT: PROVINCE}
ACCEPTER = {POINT: PROVINCE, RESULT: CITY, RECEIPT: PROVINCE}
NOTICE = "演示数据，非真实监测结果"
POINTS_A_SHEET = 12
SETTLE_SECONDS = 120


class Undone(Exception):
    """A person could not do what the rules allow: that is a violation, not a mishap."""


@dataclass
class Tour:
    """The people, the files they bring, and what stands in the instance."""

    people: dict[str, Person]
    holding: Holding
    results: Sequence[Sequence[str]]
    chance: random.Random
    seed: int
    files: dict[str, File] = field(default_factory=dict)
    made: int = 0

    # -- files ------------------------------------------------------------------------------------

    def file(self, sheet: str) -> File:
        """A file for a sheet that nobody handed in yet."""
        self.made += 1
        rows = {POINT: self._points, RESULT: self._results, RECEIPT: self._receipt}[sheet]()
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows([[NOTICE], *rows])
        return File(f"演示-{sheet}-{self.seed}-{self.made}.csv", out.getvalue().encode("utf-8-sig"))

    def _points(self) -> Iterator[list[str]]:
        """New points beside those that are there."""
        yield ["点位编码", "点位名称", "监测网", "点位类型", "县级行政区代码", "经度", "纬度", "土地利用", "设立日期"]
        places = self.holding.rows(
            "SELECT region_id, ST_X(geom), ST_Y(geom) FROM monitoring_point ORDER BY id LIMIT 131"
        )
        for number, (region, lon, lat) in enumerate(self.chance.sample(places, POINTS_A_SHEET), 1):
            code = f"YS-G-{region}-{self.seed % 1000}{self.made:03d}{number:02d}"
            place = [f"{lon + 0.0001 * number:.6f}", f"{lat:.6f}"]
            yield [code, f"演示点位 {code}", "national", "base", region, *place, "旱地", "2021-09-01"]

    def _results(self) -> Iterator[list[str]]:
        """The laboratory's corrected report, every time under a number of its own."""
        heading, *rows = (list(row) for row in self.results)
        yield heading
        place = next(index for index, label in enumerate(heading) if label.startswith("检测报告编号"))
        for row in rows:
            yield [*row[:place], f"演示-YS-{self.seed}-{self.made:03d}", *row[place + 1 :]]

    def _receipt(self) -> Iterator[list[str]]:
        """The receiving platform sends every point of a sent package back, so that it can be packed again."""
        number, _key = self.package("sent")
        yield ["上报包号", "回执编号", "回执日期", "点位编码", "接收状态", "说明"]
        keys = self.holding.rows(
            "SELECT i.key FROM registers_packageitem i JOIN registers_package p ON p.id = i.package_id"
            f" WHERE p.number = '{number}' ORDER BY 1"
        )
        for (key,) in keys:
            yield [number, f"演示-HZ-{self.seed}-{self.made:03d}", TODAY, key, "退回", "演示：请重新上报"]

    # -- what stands there ------------------------------------------------------------------------

    def waiting(self, sheet: str) -> int | None:
        """A clean dossier of a sheet that waits for acceptance."""
        condition = f"sheet = '{sheet}' AND state = 'ready'"
        rows = self.holding.rows(f"SELECT id FROM registers_dossier WHERE {condition} ORDER BY id LIMIT 1")
        return int(rows[0][0]) if rows else None

    def batch(self) -> int | None:
        """A batch of the city that waits for its review."""
        condition = "region_id = '140200' AND state = 'accepted' AND quality_checked"
        rows = self.holding.rows(f"SELECT id FROM evidence_batch WHERE {condition} ORDER BY id LIMIT 1")
        return int(rows[0][0]) if rows else None

    def package(self, state: str) -> tuple[str, int]:
        """The oldest package in a state: number and key, or an empty number."""
        rows = self.holding.rows(
            f"SELECT number, id FROM registers_package WHERE state = '{state}' ORDER BY id LIMIT 1"
        )
        return (str(rows[0][0]), int(rows[0][1])) if rows else ("", 0)

    def campaign(self) -> int:
        """The campaign of the national network."""
        return int(self.holding.rows("SELECT id FROM monitoring_campaign WHERE name LIKE '%国家网%'")[0][0])

    # -- doing ------------------------------------------------------------------------------------

    def hand_in(self, sheet: str, file: File, *, by_api: bool) -> None:
        """Hand a file in; the number that is told counts as a promise."""
        person = self.people[SUBMITTER[sheet]]
        fields = {"sheet": sheet, "region": REGION[sheet], "on": TODAY, "reason": ""}
        if by_api:
            answer = person.send("/api/v1/dossiers", fields, file)
            _need(answer, 200, 201)
        else:
            sent = person.send("/dossiers/new/", fields, file)
            _need(sent, 302)
            answer = person.get(f"/api/v1{sent.location.rstrip('/')}")
            _need(answer, 200)
        found = answer.json()
        self.holding.told[found["number"]] = hashlib.sha256(file.content).hexdigest()

    def press(self, account: str, page: str, path: str, prefix: str) -> bool:
        """Open a page and press a button of it; False when the page does not offer it any more."""
        person = self.people[account]
        seen = person.get(page)
        _need(seen, 200)
        if f'action="{path}"' not in seen.text:
            return False
        fields = {f"{prefix}-on": TODAY, f"{prefix}-reason": "演示：按程序办理"}
        _need(person.send(path, fields), 302)
        return True

    def pack(self) -> bool:
        """Build a package; False when no point waits for it."""
        path = f"/r/monitoring.campaign/{self.campaign()}/do/pack/"
        answer = self.people[PROVINCE].send(path, {"on": TODAY})
        if answer.status == 422 and "没有审核通过而未上报的点位" in answer.text:
            return False
        _need(answer, 302)
        return True

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """What is prepared must succeed at once, and its background work be done."""
        try:
            yield
        except Interrupted as error:
            raise Undone(f"nothing was killed, and yet: {error}") from error
        self.settle()

    def settle(self) -> float:
        """Wait until the background work is done; returns the seconds it took."""
        begun = time.monotonic()
        while waiting := self.holding.unsettled():
            if time.monotonic() - begun > SETTLE_SECONDS:
                raise Undone(f"after {SETTLE_SECONDS} s: {'; '.join(waiting)}")
            time.sleep(0.2)
        return time.monotonic() - begun


def _need(answer: Answer, *statuses: int) -> None:
    if answer.status not in statuses:
        raise Undone(f"answer {answer.status} {answer.location}: {answer.problems()}")


@dataclass(frozen=True)
class Deed:
    """A deed ready to be done: ``do`` may be called again until it comes through."""

    name: str
    do: Callable[[], Any]


def _handing_in(tour: Tour, sheet: str, name: str) -> Deed:
    if sheet == RECEIPT and not tour.package("sent")[0]:
        sent = _sending(tour)
        with tour.undisturbed():
            sent.do()
    file, by_api = tour.file(sheet), tour.chance.random() < 0.5
    return Deed(name, lambda: tour.hand_in(sheet, file, by_api=by_api))


def _accepting(tour: Tour, sheet: str, name: str) -> Deed:
    if tour.waiting(sheet) is None:
        with tour.undisturbed():
            _handing_in(tour, sheet, name).do()
    if (key := tour.waiting(sheet)) is None:
        raise Undone(f"the {sheet} handed in is not clean: {tour.holding.rows(ISSUES)}")
    page = f"/dossiers/{key}/"
    return Deed(name, lambda: tour.press(ACCEPTER[sheet], page, f"{page}move/accept/", "accept"))


ISSUES = "SELECT code, message, value FROM registers_dossierissue ORDER BY id DESC LIMIT 5"


def _reviewing(tour: Tour) -> Deed:
    if tour.batch() is None:
        with tour.undisturbed():
            _accepting(tour, RESULT, "").do()
    key = tour.batch()
    page = f"/r/evidence.batch/{key}/"
    return Deed("review", lambda: tour.press(REVIEWER, page, f"{page}move/review/", "review"))


def _packing(tour: Tour) -> Deed:
    """Points must be ready, with content that was not packed before: a new batch is reviewed first."""
    while tour.package("draft")[0] or tour.package("sent")[0]:
        with tour.undisturbed():
            _accepting(tour, RECEIPT, "").do()
    with tour.undisturbed():
        _reviewing(tour).do()
    return Deed("build package", tour.pack)


def _sending(tour: Tour) -> Deed:
    if not tour.package("draft")[0]:
        with tour.undisturbed():
            _packing(tour).do()
    _number, key = tour.package("draft")
    page = f"/r/registers.package/{key}/"
    return Deed("send package", lambda: tour.press(PROVINCE, page, f"{page}move/send/", "send"))


DEEDS: dict[str, Callable[[Tour], Deed]] = {
    "hand in points": lambda tour: _handing_in(tour, POINT, "hand in points"),
    "accept points": lambda tour: _accepting(tour, POINT, "accept points"),
    "hand in results": lambda tour: _handing_in(tour, RESULT, "hand in results"),
    "accept results": lambda tour: _accepting(tour, RESULT, "accept results"),
    "review": _reviewing,
    "build package": _packing,
    "send package": _sending,
    "hand in receipt": lambda tour: _handing_in(tour, RECEIPT, "hand in receipt"),
    "accept receipt": lambda tour: _accepting(tour, RECEIPT, "accept receipt"),
}
