"""What is shown of the safe-use rate: the page from number to fields and back, and setting down a target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu import law
from jingtu.assess import certainty
from jingtu.assess import safe_use_counting as counting
from jingtu.assess.finding import Finding
from jingtu.chapters.farmland.actions import rate as actions
from jingtu.chapters.farmland.facts import rate as facts
from jingtu.chapters.farmland.facts.rate import Counted, Target
from jingtu.chapters.farmland.models.units import ROMAN
from jingtu.chapters.farmland.screens.safe_use import day_field, year_field
from jingtu.land import facts as land
from jingtu.land.models import Region
from jingtu.registers.declare import Tool, get_register
from jingtu.registers.pages import Asked, Page, page
from jingtu.registers.reach import Reach

MODES = {
    counting.CLASS_BASED: gettext_lazy("按类别核算"),
    counting.TRIAL: gettext_lazy("按试行方法核算"),
}
WAYS = {counting.WHOLE: gettext_lazy("按整单元"), counting.SHARE: gettext_lazy("按达标点位比例")}
TERM_WORDS = {
    "safe_done": gettext_lazy("实现安全利用"),
    "strict_done": gettext_lazy("落实管控"),
    "safe": gettext_lazy("安全利用类"),
    "strict": gettext_lazy("严格管控类"),
}
DEGREE_RULE = "practice#rate-degree"
MOST_UNITS = 500
HUNDRED = 100


@dataclass(frozen=True)
class Question:
    """Which place, counted in which way; which units of it are listed."""

    asked: Asked
    region: Region
    mode: str
    way: str
    missing: str

    @cached_property
    def units(self) -> list[Counted]:
        """Every unit of the place that is an object of the rate, with what it adds."""
        on = self.asked.clock.on
        return facts.counted(facts.on_record(self.region.prefix, on), self.mode, on, self.way)

    @property
    def listed(self) -> list[Counted]:
        """The units that are listed: all, or those that lack something, or one thing."""
        if self.missing == "any":
            return [each for each in self.units if each.contribution.missing]
        return [each for each in self.units if not self.missing or self.missing in each.contribution.missing]

    def rate_of(self, units: Sequence[Counted], subject: str = "") -> Finding:
        """The rate over some of the units."""
        return facts.rate_of(subject or self.region.name, units, self.mode, self.asked.clock.on)

    def address(self, **other: str) -> str:
        """The address of this page with something else asked."""
        own = {"region": self.region.code, "mode": self.mode, "by": self.way, **other}
        return "?" + urlencode({name: value for name, value in own.items() if value})


def question(asked: Asked) -> Question:
    """What is asked; a place out of reach is not there."""
    region = land.region(asked.given.get("region") or asked.reach.region_code)
    if region is None or not region.prefix.startswith(asked.reach.prefix):
        raise Http404
    mode, way = asked.given.get("mode", ""), asked.given.get("by", "")
    return Question(
        asked,
        region,
        mode if mode in MODES else counting.CLASS_BASED,
        way if way in WAYS else counting.WHOLE,
        asked.given.get("missing", ""),
    )


# --- the page -------------------------------------------------------------------------------------------------


def fill(asked: Asked) -> dict[str, Any]:
    """The place's rate, its parts by region, what is missing by kind, the units."""
    this = question(asked)
    whole = this.rate_of(this.units)
    target = facts.targets([this.region.code], asked.clock)[this.region.code]
    return {
        "place": this.region,
        "crumbs": _above(this),
        "modes": [(this.address(mode=mode), label, mode == this.mode) for mode, label in MODES.items()],
        "ways": [(this.address(by=way), label, way == this.way) for way, label in WAYS.items()],
        "whole": _line(this, this.region, this.units, target),
        "gap": _gap(whole, target),
        "terms": _terms(this, whole),
        "sentence": whole.sentence(),
        "grounds": _grounds(this, whole),
        "degrees": _degrees(this),
        "parts": list(_parts(this)),
        "lacks": list(_lacks(this)),
        "lacking_name": counting.MISSING_NAMES.get(this.missing, ""),
        "units": [_unit(each, this.mode) for each in this.listed[:MOST_UNITS]],
        "listed": len(this.listed),
        "most": MOST_UNITS,
        "all_url": this.address(),
        "any_url": this.address(missing="any"),
        "export_query": this.address(missing=this.missing)[1:],
    }


def _above(this: Question) -> list[tuple[str, str]]:
    """The regions above the place that are within reach, the highest first."""
    codes = [this.region.code[:digits].ljust(6, "0") for digits in (2, 4)]
    above = [code for code in codes if code != this.region.code]
    found = [region for code in above if (region := land.region(code))]
    return [
        (region.name, this.address(region=region.code))
        for region in found
        if region.prefix.startswith(this.asked.reach.prefix)
    ]


def _line(this: Question, region: Region, units: Sequence[Counted], target: Target) -> dict[str, Any]:
    """A region's line: number, numerator, denominator, target, state."""
    found = this.rate_of(units, region.code)
    percent = found.value
    state = "na"
    if percent is not None:
        state = "period_open" if target.percent is None else "done" if percent >= target.percent else "open"
    return {
        "name": region.name,
        "url": this.address(region=region.code),
        "percent": None if percent is None else f"{round(percent, 2):.2f}",
        "numerator": _mu(Decimal(found.part("numerator"))),
        "denominator": _mu(Decimal(found.part("denominator"))),
        "units": len(units),
        "lacking": sum(bool(each.contribution.missing) for each in units),
        "target": target.percent,
        "target_basis": target.basis,
        "target_note": target.note,
        "state": state,
    }


def _mu(area: Decimal) -> Decimal:
    return round(area, 2)


def _gap(whole: Finding, target: Target) -> Decimal | None:
    """How much more area must count to reach the target; nothing where it is reached or not set down."""
    if target.percent is None or whole.value is None:
        return None
    owed = target.percent * Decimal(whole.part("denominator")) / HUNDRED - Decimal(whole.part("numerator"))
    return _mu(owed) if owed > 0 else None


def _terms(this: Question, whole: Finding) -> list[dict[str, Any]]:
    """Each term of the rate with its words, area and certainty."""
    rows = law.at(this.asked.clock.on).table("rate_terms").where(rate=this.mode)
    return [
        {
            "term": TERM_WORDS.get(row.text("term"), row.text("term")),
            "words": row.text("term_zh"),
            "part": _("分子") if row.text("counts_in") == "numerator" else _("分母"),
            "area": _mu(Decimal(whole.part(f"area.{row.text('term')}") or 0)),
            "certainty": certainty.label(row.certainty.value),
        }
        for row in rows
    ]


def _degrees(this: Question) -> str:
    """Of the trial method: how many degrees of pollution are on record, how many are read off the class."""
    if this.mode != counting.TRIAL:
        return ""
    known = sum(bool(each.record.degree) for each in this.units)
    return _("污染程度：%(known)d 个单元按普查、详查的等级，%(others)d 个单元没有入库，由类别推定。") % {
        "known": known,
        "others": len(this.units) - known,
    }


def _grounds(this: Question, whole: Finding) -> list[dict[str, str]]:
    """The texts behind the counting with how sure they are; the code's version stands beside."""
    named = [whole.clause, "nyt3343-2018#season", "practice#count-unit"]
    if this.mode == counting.TRIAL:
        named.append(DEGREE_RULE)
    clauses = [law.clause(each) for each in dict.fromkeys(named)]
    return [
        {"citation": each.citation, "text": each.text_zh, "certainty": certainty.label(str(each.certainty))}
        for each in clauses
    ]


def _parts(this: Question) -> Iterator[dict[str, Any]]:
    """The lines of the regions directly below the place; those without any object say so."""
    code = this.region.code
    below = land.cities() if this.region.level == "province" else land.counties(code)
    regions = list(below.order_by("code")) if this.region.level != "county" else []
    targets = facts.targets([each.code for each in regions], this.asked.clock)
    for region in regions:
        own = [each for each in this.units if each.record.region_code.startswith(region.prefix)]
        yield _line(this, region, own, targets[region.code])


def _lacks(this: Question) -> Iterator[dict[str, Any]]:
    """What is missing by kind: how many units, how much area not counted, the way to the units."""
    for code, name in counting.MISSING_NAMES.items():
        own = [each for each in this.units if code in each.contribution.missing]
        if own:
            area = sum((each.contribution.lacking for each in own), Decimal(0))
            yield {
                "name": name,
                "units": len(own),
                "area": _mu(area),
                "url": this.address(missing=code) + "#units",
                "current": code == this.missing,
            }


def _unit(each: Counted, mode: str) -> dict[str, Any]:
    """One unit: what it adds to which term, or what it lacks."""
    added = each.contribution
    return {
        "code": each.record.number + ROMAN.get(each.record.land_class, ""),
        "url": get_register("farmland.unit").url(each.record.unit),
        "village": each.record.village,
        "area": _mu(added.area),
        "term": TERM_WORDS.get(added.numerator, added.numerator) if added.counted else "",
        "counted": _mu(added.counted),
        "missing": [counting.MISSING_NAMES[code] for code in added.missing],
        "certainty": certainty.label(added.certainty),
        "read_off": mode == counting.TRIAL and not each.record.degree,
        "state": "done" if not added.missing else "soon" if added.counted else "open",
    }


def rows(asked: Asked) -> Iterator[list[Any]]:
    """The units with what each adds, as a table to take away."""
    this = question(asked)
    yield [
        _("单元编号"), _("行政区代码"), _("村"), _("类别"), _("面积（亩）"), _("计入项"),
        _("计入面积（亩）"), _("缺什么"),
        _("核算方式"), _("计数方式"), _("依据可靠程度"), _("截至"),
    ]  # fmt: skip
    for each in this.listed:
        added = each.contribution
        missing = "；".join(counting.MISSING_NAMES[code] for code in added.missing)
        yield [
            each.record.number, each.record.region_code, each.record.village, each.record.land_class, added.area,
            str(TERM_WORDS.get(added.numerator, added.numerator)) if added.counted else "", added.counted, missing,
            str(MODES[this.mode]),
            str(WAYS[this.way]), certainty.label(added.certainty), asked.clock.on,
        ]  # fmt: skip


RATE = page(
    Page("farmland.rate", gettext_lazy("受污染耕地安全利用率"), "farmland/rate.html", fill, rows, clause="行动计划一")
)


# --- targets --------------------------------------------------------------------------------------------------


def target_fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """Which place must reach what, by which document."""
    regions = [(each.code, each.full_name) for each in land.regions_within(reach.prefix)]
    return {
        "region": forms.ChoiceField(label=gettext_lazy("行政区"), choices=regions),
        "year": year_field(),
        "percent": forms.DecimalField(
            label=gettext_lazy("目标值（%）"),
            min_value=Decimal("0.01"),
            max_value=HUNDRED,
            max_digits=5,
            decimal_places=2,
        ),
        "document_number": forms.CharField(
            label=gettext_lazy("文号"), max_length=60, help_text=gettext_lazy("照下达文件上的文号填写。")
        ),
        "set_by": forms.CharField(label=gettext_lazy("下达机关"), max_length=120),
        "set_on": day_field(gettext_lazy("下达日期")),
    }


def set_target(_record: None, *, by: Reach, on: date, **said: Any) -> tuple[str, int]:
    """Write it down."""
    return "farmland.rate_target", actions.set_target(**said, by=by, on=on).pk


SET_TARGET = Tool(
    "set", gettext_lazy("登记目标"), actions.SETTERS, target_fields, set_target,
    clause="行动计划一", hint=gettext_lazy("计划只写“满足国家考核要求”，没有数值；下达数值后在此登记。"),
)  # fmt: skip
