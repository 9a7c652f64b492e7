"""Pages of a chapter that no register makes: a template, what fills it, the rows to take away.

A chapter's ``screens.py`` declares them with ``page``; a face shows them in its frame, as of the asked day, within the
reach that asks. A page about the records of a register is offered on each of them; the others stand in the menu.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jingtu.registers.clock import Clock
from jingtu.registers.reach import Reach


@dataclass(frozen=True)
class Asked:
    """Who asks for a page, as of when, with which parameters; ``record`` is what the page is about, if anything."""

    reach: Reach
    clock: Clock
    given: Mapping[str, str]
    record: Any = None


@dataclass(frozen=True)
class Page:
    """A page: ``fill`` gives the template's context, ``rows`` the same as a table to take away."""

    name: str
    title: str
    template: str
    fill: Callable[[Asked], dict[str, Any]]
    rows: Callable[[Asked], Iterable[Iterable[Any]]] | None = None
    clause: str = ""
    about: str = ""

    @property
    def chapter(self) -> str:
        """The chapter that declares it."""
        return self.name.split(".")[0]


_pages: dict[str, Page] = {}


def page(declared: Page) -> Page:
    """Enter a page."""
    if declared.name in _pages:
        raise ValueError(f"Page {declared.name} is declared twice.")
    _pages[declared.name] = declared
    return declared


def all_pages() -> list[Page]:
    """Every page, in the order of declaration."""
    return list(_pages.values())


def get_page(name: str) -> Page:
    """A page by its name; KeyError when there is none."""
    return _pages[name]


def pages_about(register_name: str) -> list[Page]:
    """The pages about the records of a register."""
    return [each for each in _pages.values() if each.about == register_name]
