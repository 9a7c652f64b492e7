"""How many points the rules ask for, and whether those planned are enough: surveys, pits, stockpiles, wells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Final

from jingtu import law
from jingtu.assess.finding import Finding, draw
from jingtu.law import Interval, LawView, Row
from jingtu.plain.numbers import parse_decimal, plain

LEAST, ENOUGH, SHORT, GAP = "least", "enough", "short", "gap"
RULES: Final = "parcel_rules"
ONE: Final = Decimal(1)
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Need:
    """What one rule asks for: the least number, or none where the rule leaves a gap; how it was reached."""

    measure: str
    count: Decimal | None
    row: Row
    arithmetic: Mapping[str, str]
    gap: str = ""


def ceil_div(amount: Decimal, share: Decimal) -> Decimal:
    """How many shares an amount takes, the last one counted whole.

    >>> ceil_div(Decimal(1601), Decimal(1600)), ceil_div(Decimal(0), Decimal(400))
    (Decimal('2'), Decimal('0'))
    """
    return (amount / share).to_integral_value(rounding=ROUND_CEILING)


def rule(view: LawView, name: str) -> Row:
    """One number of the rules, as a row."""
    return view.table(RULES).one(rule=name)


def _number(row: Row) -> Decimal:
    return row.required_number("value")


def _row_for(view: LawView, table: str, prefix: str, suffix: str, value: Decimal) -> Row | None:
    """The row whose interval holds a value; ``None`` where the text leaves it out."""
    for row in view.table(table):
        interval = Interval(
            row.row_id,
            row.number(f"{prefix}_from{suffix}"),
            row.flag(f"{prefix}_from_included"),
            row.number(f"{prefix}_to{suffix}"),
            row.flag(f"{prefix}_to_included"),
        )
        if interval.contains(value):
            return row
    return None


def survey(given: Mapping[str, Decimal], view: LawView) -> list[Need]:
    """Points of a survey of construction land.

    *Source*: Notice 72 of 2017 (preliminary and detailed survey), HJ 25.2-2019 6.1 and depth rules. ``given``:
    ``area_m2`` of the parcel; ``suspected_m2`` of it suspected of pollution, for the detailed survey; ``depth_m`` to be
    sampled and ``layers``, the number of soil layers, for the samples of one bore.

    >>> needs = survey({"area_m2": Decimal(9642), "suspected_m2": Decimal(2000)}, law.at(date(2021, 9, 15)))
    >>> {need.measure: str(need.count) for need in needs}["sampling.preliminary"]
    '6'
    """
    area = given["area_m2"]
    needs = [_preliminary(area, view)]
    if "suspected_m2" in given:
        needs += _detailed(area, given["suspected_m2"], view)
    needs += [_units(area, view), _background(view)]
    if "depth_m" in given:
        needs.append(_bore(given["depth_m"], given.get("layers", ONE), view))
    return needs


def _preliminary(area: Decimal, view: LawView) -> Need:
    row = _row_for(view, "survey_points", "area", "_m2", area)
    if row is None:
        raise ValueError("the area of a parcel cannot be negative")
    return Need("sampling.preliminary", Decimal(row.integer("point_count")), row, {"area_m2": plain(area)})


def _detailed(area: Decimal, suspected: Decimal, view: LawView) -> list[Need]:
    other = area - suspected
    if other < ZERO:
        raise ValueError("the suspected part cannot be larger than the parcel")
    wells = rule(view, "survey.wells_least")
    parts = (("suspected", suspected), ("other", other), ("groundwater", area))
    needs = []
    for name, part in parts:
        row = rule(view, f"survey.{name}_m2")
        count = ceil_div(part, _number(row))
        least = _number(wells) if name == "groundwater" else ZERO
        words = {"part_m2": plain(part), "per_point_m2": plain(_number(row)), "least": plain(least)}
        needs.append(Need(f"sampling.detailed_{name}", max(count, least), row if count >= least else wells, words))
    return needs


def _units(area: Decimal, view: LawView) -> Need:
    size, least = rule(view, "survey.unit_m2"), rule(view, "survey.units_least")
    count = ceil_div(area, _number(size))
    words = {"part_m2": plain(area), "per_point_m2": plain(_number(size)), "least": plain(_number(least))}
    return Need("sampling.units", max(count, _number(least)), size if count >= _number(least) else least, words)


def _background(view: LawView) -> Need:
    directions, points = rule(view, "survey.background_directions"), rule(view, "survey.background_points")
    words = {"directions": plain(_number(directions)), "points": plain(_number(points))}
    return Need("sampling.background", _number(directions) * _number(points), points, words)


def _bore(depth: Decimal, layers: Decimal, view: LawView) -> Need:
    """Samples of one bore; below the depth the interval rule reaches, the number is left open."""
    surface, step = rule(view, "survey.surface_m"), rule(view, "survey.interval_m")
    reach = _number(rule(view, "survey.interval_to_m"))
    below = max(min(depth, reach) - _number(surface), ZERO)
    count = ONE + ceil_div(below, _number(step))
    words = {
        "depth_m": plain(depth), "surface_m": plain(_number(surface)), "step_m": plain(_number(step)),
        "reach_m": plain(reach), "layers": plain(layers),
    }  # fmt: skip
    return Need("sampling.bore", max(count, layers), step, words, "below_reach" if depth > reach else "")


def pit(given: Mapping[str, Decimal], view: LawView) -> list[Need]:
    """Samples of a pit after excavation.

    *Source*: HJ 25.5-2018 table 1 and the rule on layers of walls. ``given``: ``area_m2`` of the bottom, ``wall_m``
    length of the walls (for large pits), ``depth_m``. At exactly 12,500 m² the table has no row: a gap, not a number.

    >>> [need.gap for need in pit({"area_m2": Decimal(12500)}, law.at(date(2021, 9, 15)))]
    ['no_row', 'no_row']
    """
    area = given["area_m2"]
    row = _row_for(view, "effect_pit_points", "area", "_m2", area)
    layers, layer_row = _layers(given.get("depth_m", ZERO), view)
    if row is None:
        if area < ZERO:
            raise ValueError("an area cannot be negative")
        nearest = view.table("effect_pit_points").rows[-1]
        return [Need(f"sampling.pit_{part}", None, nearest, {"area_m2": plain(area)}, "no_row")
                for part in ("bottom", "wall")]  # fmt: skip
    bottom, wall, words = _pit_counts(row, area, given.get("wall_m"))
    deep = {**words, "layers": plain(layers), "depth_m": plain(given.get("depth_m", ZERO))}
    needs = [
        Need("sampling.pit_bottom", bottom, row, words),
        Need("sampling.pit_wall", None if wall is None else wall * layers, row, deep, "" if wall else "wall_unknown"),
    ]
    return [*needs, Need("sampling.pit_layers", layers, layer_row, deep)]


def _pit_counts(row: Row, area: Decimal, wall_m: Decimal | None) -> tuple[Decimal, Decimal | None, dict[str, str]]:
    spacing = row.number("spacing_m")
    words = {"area_m2": plain(area)}
    if spacing is None:
        return Decimal(row.integer("bottom_count")), Decimal(row.integer("wall_count")), words
    words |= {"spacing_m": plain(spacing), "wall_m": plain(wall_m) if wall_m else ""}
    return ceil_div(area, spacing * spacing), ceil_div(wall_m, spacing) if wall_m else None, words


def _layers(depth: Decimal, view: LawView) -> tuple[Decimal, Row]:
    """Layers of a wall: more than one where the pit is deep enough, no further apart than the rule allows."""
    above, row = rule(view, "pit.layered_above_m"), rule(view, "pit.layer_m")
    if depth <= _number(above):
        return ONE, above
    return max(ceil_div(depth, _number(row)), ONE + ONE), row


def pile(given: Mapping[str, Decimal], view: LawView) -> list[Need]:
    """Samples of soil treated off its place and heaped up.

    *Source*: HJ 25.5-2018, at most 500 m³ a sample; table 2 by the coefficient ``cv`` where it is known; table 3 by the
    volume of a heap. ``given``: ``volume_m3``, ``cv`` = (target - mean) / standard deviation.

    >>> [str(n.count) for n in pile({"volume_m3": Decimal(1800), "cv": Decimal("0.3")}, law.at(date(2021, 9, 15)))]
    ['4', '6', '6']
    """
    volume = given["volume_m3"]
    if volume <= ZERO:
        raise ValueError("a volume must be above zero")
    largest = rule(view, "pile.unit_m3")
    words = {"volume_m3": plain(volume), "unit_m3": plain(_number(largest))}
    needs = [Need("sampling.pile", ceil_div(volume, _number(largest)), largest, words)]
    if "cv" in given:
        needs.append(_pile_by_cv(volume, given["cv"], view))
    return [*needs, _pile_by_volume(volume, view)]


def _pile_by_cv(volume: Decimal, cv: Decimal, view: LawView) -> Need:
    row = _row_for(view, "effect_pile_cv", "cv", "", cv)
    if row is None:
        nearest = view.table("effect_pile_cv").rows[0]
        return Need("sampling.pile_cv", None, nearest, {"cv": plain(cv)}, "no_row")
    unit = row.required_number("unit_volume_m3")
    words = {"cv": plain(cv), "volume_m3": plain(volume), "unit_m3": plain(unit)}
    return Need("sampling.pile_cv", ceil_div(volume, unit), row, words)


def _pile_by_volume(volume: Decimal, view: LawView) -> Need:
    row = _row_for(view, "effect_pile_units", "volume", "_m3", volume)
    words = {"volume_m3": plain(volume)}
    if row is not None:
        return Need("sampling.pile_heap", Decimal(row.integer("unit_count")), row, words)
    last, further = view.table("effect_pile_units").rows[-1], rule(view, "pile.further_m3")
    over = ceil_div(volume - last.required_number("volume_to_m3"), _number(further))
    words["further_m3"] = plain(_number(further))
    return Need("sampling.pile_heap", Decimal(last.integer("unit_count")) + over, last, words)


def wells(given: Mapping[str, Decimal], view: LawView) -> list[Need]:
    """Wells and rounds for the effect of cleaning groundwater.

    *Source*: HJ 25.6-2019, evaluation of effect. ``given``: ``area_m2`` of the part cleaned; ``fine`` is 1 where there
    are liquids that do not dissolve, or high contents.

    >>> [(need.measure, str(need.count)) for need in wells({"area_m2": Decimal(30000)}, law.at(date(2021, 9, 15)))][1]
    ('sampling.wells_inside', '5')
    """
    area = given["area_m2"]
    grid = rule(view, "groundwater.fine_grid_m" if given.get("fine") else "groundwater.grid_m")
    inside = rule(view, "groundwater.inside")
    by_grid = ceil_div(area, _number(grid) * _number(grid))
    words = {"part_m2": plain(area), "grid_m": plain(_number(grid)), "least": plain(_number(inside))}
    needs = [_plain_need("sampling.wells_upstream", "groundwater.upstream", view)]
    count = max(by_grid, _number(inside))
    needs.append(Need("sampling.wells_inside", count, grid if by_grid > _number(inside) else inside, words))
    needs.append(_plain_need("sampling.wells_downstream", "groundwater.downstream", view))
    return [*needs, _plain_need("sampling.wells_rounds", "groundwater.batches", view)]


def _plain_need(measure: str, name: str, view: LawView) -> Need:
    row = rule(view, name)
    return Need(measure, _number(row), row, {})


Asked = Callable[[Mapping[str, Decimal], LawView], list[Need]]
SUBJECTS: Final[dict[str, Asked]] = {"survey": survey, "pit": pit, "pile": pile, "wells": wells}


def findings(
    subject: str, given: Mapping[str, Decimal], on: date, planned: Mapping[str, Decimal] | None = None
) -> list[Finding]:
    """What the rules in force on a day ask for, and whether the numbers planned are enough.

    ``subject`` is one of ``SUBJECTS``; ``planned`` gives numbers by measure without its first word.

    >>> found = findings("survey", {"area_m2": Decimal(5001)}, date(2021, 9, 15), {"preliminary": Decimal(5)})
    >>> found[0].outcome, str(found[0].threshold)
    ('short', '6')
    """
    needs = SUBJECTS[subject](given, law.at(on))
    texts = {name: plain(value) for name, value in given.items()}
    return [_finding(subject, need, texts, on, (planned or {}).get(_short(need.measure))) for need in needs]


def _short(measure: str) -> str:
    return measure.partition(".")[-1]


def _finding(subject: str, need: Need, given: Mapping[str, str], on: date, planned: Decimal | None) -> Finding:
    return draw(
        subject=subject,
        measure=need.measure,
        outcome=_outcome(need, planned),
        law_on=on,
        given={**given, **({"planned": plain(planned)} if planned is not None else {})},
        drawn={**{f"how.{name}": text for name, text in need.arithmetic.items()}, "certainty": need.row.certainty},
        value=planned,
        operator="" if planned is None or need.count is None else (">=" if planned >= need.count else "<"),
        threshold=need.count,
        unit="count",
        reason=need.gap,
        clause=need.row.clause,
        rule_clause=need.row.clause,
        table_row=need.row.row_id,
    )


def _outcome(need: Need, planned: Decimal | None) -> str:
    if need.count is None:
        return GAP
    if planned is None:
        return LEAST
    return ENOUGH if planned >= need.count else SHORT


def replay(finding: Finding) -> Finding:
    """Reach a stored conclusion about a number of points again."""
    if finding.law_on is None or not finding.measure.startswith("sampling."):
        raise ValueError(f"cannot replay {finding.measure}")
    stored = {key: text for key, text in finding.inputs if key != "certainty" and not key.startswith("how.")}
    planned = {_short(finding.measure): parse_decimal(stored.pop("planned"))} if "planned" in stored else {}
    given = {name: parse_decimal(text) for name, text in stored.items()}
    again = findings(finding.subject, given, finding.law_on, planned)
    return next(item for item in again if item.measure == finding.measure)
