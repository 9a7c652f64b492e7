"""One declared class per register; everything else is derived from it.

A chapter's ``registers.py`` declares subclasses of ``Register`` under ``@register`` and its ``intake.py`` declares
sheets with ``sheet``; both are imported when the apps are ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import django_filters
from django.apps import apps
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.forms import Field, ModelForm
from django.urls import reverse

from jingtu.plain.issues import Issue, blocking
from jingtu.registers.arrows import Arrow, State, Workflow
from jingtu.registers.models import Standing
from jingtu.registers.reach import Reach, ReachBy, Right, permits
from jingtu.sheets.checked import FileSheet
from jingtu.sheets.reading import Reading
from jingtu.sheets.spec import SheetSpec

if TYPE_CHECKING:
    from jingtu.registers.clock import Clock
    from jingtu.registers.ledger import Deed
    from jingtu.registers.models import Dossier


@dataclass(frozen=True)
class Column:
    """A column of a list: its ORM path, its label, how it is shown, its unit."""

    name: str
    label: str
    kind: str = "text"
    unit: str = ""
    path: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    shown: bool = True

    @property
    def orm_path(self) -> str:
        """The ORM path that gives the value."""
        return self.path or self.name


@dataclass(frozen=True)
class Panel:
    """A group of facts on the page of a record: labels and ORM paths, in the order a person asks."""

    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class FormLine:
    """A field that may be changed by hand: the model's field, how to fill it, its codes when it has a list of them."""

    name: str
    guidance: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A group of the edit form, in the order a person fills it."""

    title: str
    lines: tuple[FormLine, ...]


@dataclass(frozen=True)
class Related:
    """A list of dependent rows on the page of a record: another register, by the record, some columns of it."""

    title: str
    register: str
    path: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What a tool would bring about: a sentence, rows under headings, surfaces as GeoJSON, what speaks against it."""

    told: str
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    shapes: str = ""
    against: Sequence[str] = ()


@dataclass(frozen=True)
class Tool:
    """A deed on a record that is no move, or (without a record) one that opens a new record.

    ``fields(record, reach)`` gives the form's fields; ``run(record, by=, on=, **fields)`` does the deed and returns the
    register and key of the record to show (no key: its list); ``closed(record)`` says why it cannot be done now.
    ``preview(record, reach, on, said)`` says beforehand what would come of what is filled in so far, or raises as the
    deed would.
    """

    name: str
    label: str
    rights: tuple[Right, ...]
    fields: Callable[[Any, Reach], dict[str, Field]]
    run: Callable[..., tuple[str, int | None]]
    clause: str = ""
    hint: str = ""
    closed: Callable[[Any], str | None] = field(default=lambda record: None)
    preview: Callable[[Any, Reach, date, Mapping[str, Any]], Preview] | None = None

    def may(self, reach: Reach) -> bool:
        """Whether a post may use the tool."""
        return permits(self.rights, reach)


@dataclass(frozen=True)
class Download:
    """A file made from a record: ``make(record, reach)`` gives its name and bytes, or why there is nothing to give."""

    name: str
    label: str
    make: Callable[[Any, Reach], tuple[str, bytes]]
    for_roles: tuple[str, ...] = ()

    def may(self, reach: Reach) -> bool:
        """Whether a post may take the file."""
        return not self.for_roles or reach.role in self.for_roles


@dataclass(frozen=True)
class Layer:
    """A map layer: which geometry, which label, which column gives the state, from which zoom on, what else is told."""

    geometry: str
    label: str
    state: str = ""
    min_zoom: int = 0
    note: str = ""


@dataclass(frozen=True)
class Overlay:
    """Pictures that a record lays over the map, one for each measure, with a notice of what they are not.

    ``ready(rows)`` keeps the records that have pictures; ``box(record)`` gives west, south, east, north in metres of
    web maps, ``picture(record, measure)`` a PNG over that box, ``measures(record)`` what may be shown, with legends.
    """

    title: str
    notice: str
    ready: Callable[[QuerySet[Any]], QuerySet[Any]]
    box: Callable[[Any], tuple[float, float, float, float]]
    measures: Callable[[Any], Sequence[Measure]]
    picture: Callable[[Any, str], bytes]


@dataclass(frozen=True)
class Measure:
    """What an overlay may show: its name, its words, its bands (letter, words, colour)."""

    name: str
    title: str
    bands: Sequence[tuple[str, str, str]]


class Register:
    """A register; subclasses only declare. ``name`` is dotted and unique: ``monitoring.point``."""

    name: str
    model: type[Model]
    title: str
    clause: str = ""
    chapter: str = ""
    noun: str = ""
    columns: Sequence[Column] = ()
    filters: Mapping[str, django_filters.Filter] = {}
    search: Sequence[str] = ()
    panels: Sequence[Panel] = ()
    sections: Sequence[Section] = ()
    related: Sequence[Related] = ()
    ordering: str = "-id"
    reach: ReachBy = ReachBy()
    rights: Sequence[Right] = ()
    workflow: Workflow | None = None
    states: Mapping[str, State] = {}
    deeds: Mapping[str, Callable[..., Any]] = {}
    tools: Sequence[Tool] = ()
    openings: Sequence[Tool] = ()
    downloads: Sequence[Download] = ()
    layer: Layer | None = None
    overlay: Overlay | None = None
    sheets: Sequence[str] = ()
    in_menu: bool = True
    from_on: str = ""
    recorded_at: str = ""
    empty: str = ""

    def state(self, name: str) -> State | None:
        """A state of the register's workflow, or of its derived stages."""
        return self.states.get(name) or (self.workflow.states.get(name) if self.workflow else None)

    def queryset(self) -> QuerySet[Any]:
        """All rows of the register."""
        return self.model._default_manager.all()

    def rows(self, reach: Reach, clock: Clock) -> QuerySet[Any]:
        """The rows within reach that existed on the asked day, each with ``standing`` when there is a workflow."""
        rows = self.reach.within(self.queryset(), reach)
        if self.workflow is not None:
            standing = Standing.objects.filter(register=self.name, subject_id=OuterRef("pk"))
            rows = rows.annotate(standing=Subquery(standing.values("state")[:1])).filter(standing__isnull=False)
        return self._then(rows, clock) if clock.is_past else rows

    def _then(self, rows: QuerySet[Any], clock: Clock) -> QuerySet[Any]:
        """Those of the rows that stood on the asked day and were known by then."""
        if self.recorded_at:
            rows = rows.filter(**{f"{self.recorded_at}__lt": clock.known_until})
        return rows.filter(**{f"{self.from_on}__lte": clock.on}) if self.from_on else rows

    def filterset_class(self) -> type[django_filters.FilterSet]:
        """The django-filter class of the declared filters."""
        meta = type("Meta", (), {"model": self.model, "fields": []})
        return type(f"{self.__class__.__name__}Filters", (django_filters.FilterSet,), {**self.filters, "Meta": meta})

    def column(self, name: str) -> Column:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)

    def may(self, reach: Reach, deed: str) -> bool:
        """Whether a post may do a deed (view, add, edit, export) on this register."""
        return permits(self.rights, reach, deed)

    def ways(self, reach: Reach) -> list[Arrow]:
        """The arrows of the register that a post may go by a deed of the register, whatever the record."""
        arrows = self.workflow.arrows if self.workflow else ()
        return [arrow for arrow in arrows if arrow.name in self.deeds and arrow.may(reach)]

    def may_edit(self, reach: Reach) -> bool:
        """Whether there is an edit form and a post may use it."""
        return bool(self.sections) and self.may(reach, "edit")

    def not_editable(self, record: Any) -> str | None:
        """Why a record cannot be changed by hand now, as a sentence; registers with such a rule say so here."""
        return None

    def refusals(self, record: Any, on: date) -> Iterable[tuple[str, str]]:
        """Fields and sentences of what does not fit together in a changed record; ``on`` is the day of the change."""
        return ()

    def form_class(self) -> type[ModelForm]:
        """The form of the declared sections."""
        from jingtu.registers.edit import form_class

        return form_class(self)

    def files(self, reach: Reach) -> list[Download]:
        """The files offered on a record to a post: the register's own and those of higher chapters."""
        return [each for each in (*self.downloads, *_offered.get(self.name, ())) if each.may(reach)]

    def sees(self, reach: Reach) -> bool:
        """Whether a post sees the register at all."""
        if reach.is_administrator:
            return False
        return not reach.is_laboratory or self.reach.organisation is not None

    def url(self, pk: object = None) -> str:
        """The address of the list, or of one record."""
        return reverse("record", args=[self.name, pk]) if pk is not None else reverse("listing", args=[self.name])


@dataclass(frozen=True)
class Sheet:
    """A kind of file that may be imported: what the file alone tells, and what the records tell about it."""

    file: FileSheet
    register: str
    clause: str
    rights: tuple[Right, ...]
    check_records: Callable[[Dossier, Reading], list[Issue]]
    preview: Callable[[Dossier, Reading], list[str]]
    commit: Callable[[Dossier, Reading, Deed], dict[str, Any]]
    all_or_nothing: bool = True
    guidance: str = ""

    @property
    def name(self) -> str:
        """The sheet's dotted name."""
        return self.file.name

    @property
    def title(self) -> str:
        """The sheet's name in words."""
        return self.file.title

    @property
    def spec(self) -> SheetSpec:
        """The sheet's specification."""
        return self.file.spec

    def check(self, dossier: Dossier, reading: Reading) -> list[Issue]:
        """All that is wrong with a file: what it tells by itself, then what the records tell."""
        return [*self.file.check(reading, dossier.on), *self.check_records(dossier, reading)]

    def good_part(self, dossier: Dossier, reading: Reading, issues: Sequence[Issue]) -> tuple[Reading, list[Issue]]:
        """The rows that can be taken once the faulty ones are left out, and what is found wrong only then.

        What was said of a row may rest on another that is left out, so the rest is checked again until it is clean.
        A fault of the whole file leaves no row. Of a sheet that is taken whole or not at all nothing is checked again.
        """
        left = {reading.rows[place] for place in reading.faulty}
        stopping, more = blocking(issues), list[Issue]()
        if self.all_or_nothing:
            left |= {issue.row for issue in stopping if issue.row is not None}
            stopping = []
        while stopping:
            if not self.file.is_whole(reading) or any(issue.row is None for issue in stopping):
                return reading.without(reading.rows), more
            left |= {issue.row for issue in stopping if issue.row is not None}
            part = reading.without(left)
            stopping = blocking(self.check(dossier, part)) if self.file.is_whole(part) else []
            more += stopping
        return reading.without(left) if left else reading, more

    def may_submit(self, reach: Reach) -> bool:
        """Whether a post may hand in such a file."""
        return permits(self.rights, reach)


_registers: dict[str, Register] = {}
_offered: dict[str, list[Download]] = {}
_sheets: dict[str, Sheet] = {}


def register(declared: type[Register]) -> type[Register]:
    """Class decorator: enter a register."""
    if declared.name in _registers:
        raise ValueError(f"Register {declared.name} is declared twice.")
    _registers[declared.name] = declared()
    return declared


def offer(register_name: str, download: Download) -> None:
    """Let a chapter offer a file on the records of a register below it."""
    _offered.setdefault(register_name, []).append(download)


def sheet(declared: Sheet) -> Sheet:
    """Enter a sheet."""
    _sheets[declared.name] = declared
    return declared


def all_registers() -> list[Register]:
    """Every register, in the order of declaration."""
    return list(_registers.values())


def get_register(name: str) -> Register:
    """A register by its name; KeyError when there is none."""
    return _registers[name]


def all_sheets() -> list[Sheet]:
    """Every sheet, in the order of declaration."""
    return list(_sheets.values())


def get_sheet(name: str) -> Sheet:
    """A sheet by its name; KeyError when there is none."""
    return _sheets[name]


def discover() -> None:
    """Import the rooms of every app that declare something: registers, intake, duties."""
    import_module("jingtu.registers.kernel_registers")
    for config in apps.get_app_configs():
        if config.name.startswith("jingtu.") and config.name != "jingtu.registers":
            for room in ("registers", "intake", "duties"):
                if find_spec(f"{config.name}.{room}"):
                    import_module(f"{config.name}.{room}")
