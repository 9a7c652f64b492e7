"""The menu: the plan's table of contents, only what exists and what the post may see."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from jingtu.land.models import Role
from jingtu.registers.declare import Register, all_registers
from jingtu.registers.pages import all_pages
from jingtu.registers.reach import Reach


@dataclass(frozen=True)
class Item:
    """A line of the menu; ``part`` lines only divide it."""

    title: str
    url: str = ""
    key: str = ""
    part: bool = False
    sub: bool = False
    current: bool = False


def menu(reach: Reach, path: str) -> list[Item]:
    """The lines for a post, with the one that leads to this page marked."""
    lines = [*_first(reach), *_chapters(reach), *_last(reach)]
    best = max((len(line.url) for line in lines if _leads(line.url, path)), default=0)
    return [
        Item(line.title, line.url, line.key, line.part, line.sub, bool(line.url) and _at(line.url, path, best))
        for line in lines
    ]


def keys(lines: list[Item]) -> list[Item]:
    """The lines that a key opens."""
    return [line for line in lines if line.key]


def _first(reach: Reach) -> list[Item]:
    if reach.is_administrator:
        return []
    lines = [Item(_("待办"), reverse("work"), "w")]
    if not reach.is_laboratory:
        lines += [Item(_("计划总览"), reverse("board"), "b"), Item(_("一张图"), reverse("map"), "m")]
    return lines


def _chapters(reach: Reach) -> list[Item]:
    shown = [each for each in all_registers() if each.in_menu and each.sees(reach)]
    shown.sort(key=lambda each: _order(_chapter(each)))
    lines: list[Item] = []
    for chapter, registers in groupby(shown, key=_chapter):
        lines.append(Item(_chapter_title(chapter), part=True))
        lines += [] if reach.is_laboratory else _pages(chapter)
        lines += [Item(str(each.title), each.url()) for each in registers]
    return lines


def _pages(part: str) -> list[Item]:
    """The pages of a part of the plan that are about no record."""
    own = [each for each in all_pages() if not each.about and _part(each.chapter, each.clause) == part]
    return [Item(str(each.title), reverse("chapter-page", args=[each.name])) for each in own]


def _last(reach: Reach) -> list[Item]:
    if reach.is_administrator:
        return _administration(reach)
    lines = [Item(_("资料"), part=True), Item(_("数据导入"), reverse("dossiers"), "d")]
    return lines + ([Item(_("台账"), reverse("ledger"), "l")] if reach.reads_ledger else [])


def _administration(reach: Reach) -> list[Item]:
    lines = [
        Item(_("管理"), part=True),
        Item(_("管理时段"), reverse("administration")),
        Item(_("账号与岗位"), reverse("accounts")),
    ]
    if reach.role in {Role.SECURITY, Role.AUDIT}:
        lines.append(Item(_("安全日志"), reverse("security-log")))
    if reach.reads_ledger:
        lines.append(Item(_("台账"), reverse("ledger"), "l"))
    return lines


def _chapter_title(chapter: str) -> str:
    titles = {
        "monitoring": _("任务二 监测"),
        "farmland.T03": _("任务三 安全利用"),
        "farmland.T04": _("任务四 严格管控"),
        "farmland.T05": _("任务五 耕地类别"),
        "evidence": _("样品与检测"),
        "registers": _("报送"),
    }
    return titles.get(chapter, chapter)


def _chapter(each: Register) -> str:
    return _part(each.chapter or each.name.split(".")[0], each.clause)


def _part(chapter: str, clause: str) -> str:
    """The part of the menu: farmland holds three tasks of the plan, and the goal stands with the first of them."""
    if chapter != "farmland":
        return chapter
    return f"{chapter}.{clause}" if clause in ("T04", "T05") else f"{chapter}.T03"


def _order(chapter: str) -> int:
    order = ("monitoring", "farmland.T03", "farmland.T04", "farmland.T05", "evidence")
    return order.index(chapter) if chapter in order else len(order)


def _leads(url: str, path: str) -> bool:
    return bool(url) and (path == url or (url != "/" and path.startswith(url)))


def _at(url: str, path: str, best: int) -> bool:
    return _leads(url, path) and len(url) == best
