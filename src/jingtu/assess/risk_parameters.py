"""What a risk assessment is computed with: the defaults of the law, and every deviation from them.

*Source*: HJ 25.3-2019 annexes B and G. A parameter goes by its code (``ground.organic_matter_g_kg``) or by the symbol
of the standard (``fom``); a property of a chemical likewise (``oral_slope_kg_d_mg`` or ``SFo``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jingtu import law
from jingtu.law import Row
from jingtu.science.risk import Building, Chemicals, Ground, Habits, LeadModel, Person, Scene, Target

Floats = NDArray[np.float64]

LAND_CLASSES: Final = ("class1", "class2")
GROUPS: Final = ("voc", "other")
MODEL: Final = "hj253"
DEPTH, FRINGE, ABOVE = "ground.water_depth_cm", "ground.capillary_thickness_cm", "ground.vadose_thickness_cm"
MAY_BE_ZERO: Final = ("building.pressure_g_cm_s2", "skin_ratio")
SYMBOLS: Final = {
    "SFo": "oral_slope_kg_d_mg",
    "IUR": "unit_risk_m3_mg",
    "RfDo": "oral_reference_mg_kg_d",
    "RfC": "reference_mg_m3",
    "ABSgi": "gut_ratio",
    "ABSd": "skin_ratio",
    "H'": "henry",
    "Da": "air_diffusion_cm2_s",
    "Dw": "water_diffusion_cm2_s",
    "Koc": "koc_l_kg",
    "Kd": "kd_l_kg",
    "S": "solubility_mg_l",
    "Kp": "permeability_cm_h",
}
_UNKNOWN: Final = "参数“{name}”不认识；可以写 HJ 25.3 的符号（如 fom、OSIRa、LB）或代码（如 {example}）。"
_UNKNOWN_PROPERTY: Final = "污染物“{chemical}”的参数“{name}”不认识；可以写 {known}。"
_NO_CHILD: Final = "参数 {name} 是儿童的暴露参数，第二类用地只计成人，请去掉这一项。"
_NOT_POSITIVE: Final = "参数 {name} 的值 {value} 不可能：应当大于零{most}，单位 {unit}。"
_CANNOT_BE: Final = (
    "参数 {name} 的分布在 {low} 与 {high} 之间，其中有不可能的值：应当大于零{most}；请用 low、high 截断。"
)
_AT_MOST_ONE: Final = "且不超过 1"
_LAYERS: Final = (
    "毛细管层厚度与非饱和土层厚度之和是 {sum} cm，地下水埋深是 {depth} cm，两者应当相等；请核对 hcap、hv、Lgw。"
)
_NOT_HELD: Final = "没有“{analyte}”的毒性参数和理化参数，HJ 25.3 的计算没有收录这一项；请在运行文件中去掉。"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One value that differs from the law's default; ``chemical`` is blank for a parameter of the model."""

    name: str
    symbol: str
    name_zh: str
    unit: str
    chemical: str
    group: str
    default: float | None
    value: float
    reason: str
    table_row: str


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """All parameters of a run: one value per code, or one per group of chemicals."""

    on: date
    land_class: str
    values: Mapping[tuple[str, str], float]
    rows: Mapping[tuple[str, str], Row]
    deviations: tuple[Deviation, ...]

    def scene(self, change: tuple[str, float] = ("", 1)) -> Scene:
        """People, ground and building; ``change`` multiplies one parameter, as a sensitivity analysis does."""
        people = {who: self._part(who, Person, change) for who in ("adult", "child") if self._has(who)}
        return Scene(
            adult=people["adult"],
            child=people.get("child"),
            habits=self._part("habits", Habits, change),
            ground=self._part("ground", Ground, change),
            building=self._part("building", Building, change),
        )

    def target(self, groups: Sequence[str], change: tuple[str, float] = ("", 1)) -> Target:
        """Acceptable levels, with the allocation factors of each chemical's group."""
        found = {
            field.name: np.array([self._value(f"target.{field.name}", group, change) for group in groups])
            for field in fields(Target)
        }
        return Target(**found)

    def codes(self) -> tuple[str, ...]:
        """Codes of the parameters that hold for this class of land, in the printed order."""
        return tuple(dict.fromkeys(code for code, _ in self.values))

    def row(self, code: str) -> Row:
        """The row of the law behind a parameter."""
        return next(row for (own, _), row in self.rows.items() if own == code)

    def _has(self, part: str) -> bool:
        return any(code.startswith(f"{part}.") for code, _ in self.values)

    def _part(self, part: str, kind: type, change: tuple[str, float]):  # type: ignore[no-untyped-def]
        names = [field.name for field in fields(kind)]
        return kind(**{name: self._value(f"{part}.{name}", "", change) for name in names})

    def _value(self, code: str, group: str, change: tuple[str, float]) -> float:
        changed, factor = change
        value = self.values[code, group if (code, group) in self.values else ""]
        if code == ABOVE and changed == DEPTH:
            return self.values[DEPTH, ""] * factor - self.values[FRINGE, ""]
        return value * factor if code == changed else value


def setting(
    on: date, land_class: str, changes: Mapping[str, float] | None = None, reasons: Mapping[str, str] | None = None
) -> Setting:
    """The parameters of a class of land on a day, with changes by code or symbol.

    Raises ``ValueError`` with a sentence for an unknown name, a value that cannot be, or layers that do not add up.

    >>> from datetime import date
    >>> here = setting(date(2021, 9, 15), "class1", {"fom": 20.0})
    >>> [(d.symbol, d.default, d.value) for d in here.deviations]
    [('fom', 15.0, 20.0)]
    """
    rows = _parameter_rows(on, land_class)
    values = {key: float(row.required_number("value")) for key, row in rows.items()}
    deviations: list[Deviation] = []
    for name, value in (changes or {}).items():
        for key in _keys(name, land_class, rows, on):
            deviations += _changed(values, rows, key, value, (reasons or {}).get(name, ""))
    _settle_layers(values, rows, deviations)
    return Setting(on, land_class, values, rows, tuple(deviations))


@dataclass(frozen=True, slots=True, eq=False)
class ChemicalSet:
    """Chemicals in order, their groups, and their properties as arrays."""

    analytes: tuple[str, ...]
    groups: tuple[str, ...]
    models: tuple[str, ...]
    values: Mapping[str, Floats]
    deviations: tuple[Deviation, ...] = ()

    @property
    def chemicals(self) -> Chemicals:
        """The properties as the model takes them."""
        return self.changed("", 1)

    def changed(self, name: str, factor: float) -> Chemicals:
        """The properties with one of them multiplied."""
        return Chemicals(**{own: values * factor if own == name else values for own, values in self.values.items()})

    def name(self, number: int) -> str:
        """Chinese name of a chemical."""
        return law.analyte(self.analytes[number]).name_zh


def chemical_set(
    on: date,
    analytes: Sequence[str],
    changes: Mapping[str, Mapping[str, float]] | None = None,
    reasons: Mapping[tuple[str, str], str] | None = None,
    *,
    published_only: bool = False,
) -> ChemicalSet:
    """Toxicity and physical chemistry of chemicals as the law holds them on a day, with changes by chemical.

    ``published_only`` leaves out what is held from memory. Raises ``ValueError`` for a chemical or property that is
    not held.

    >>> from datetime import date
    >>> found = chemical_set(date(2021, 9, 15), ["benzene"])
    >>> float(found.values["koc_l_kg"][0]), found.groups
    (145.8, ('voc',))
    """
    held, printed = _chemical_rows(on), _property_rows(on)
    for analyte in analytes:
        if analyte not in held:
            raise ValueError(_NOT_HELD.format(analyte=law.analyte(analyte).name_zh))
    values = {name: np.full(len(analytes), np.nan) for name in Chemicals.names()}
    for (analyte, name), row in printed.items():
        if published_only and row.certainty is not law.Certainty.VERIFIED:
            continue
        if analyte in analytes and name in values:
            values[name][analytes.index(analyte)] = float(row.required_number("value"))
    values["gut_ratio"] = np.where(np.isnan(values["gut_ratio"]), 1, values["gut_ratio"])
    deviations = list(_chemical_changes(values, analytes, changes or {}, reasons or {}, printed))
    return ChemicalSet(
        tuple(analytes),
        tuple(held[analyte].text("chemical_group") for analyte in analytes),
        tuple(held[analyte].text("model") for analyte in analytes),
        values,
        tuple(deviations),
    )


def parameter_code(here: Setting, name: str) -> str:
    """The code of a parameter given by code or symbol; ``ValueError`` with a sentence for an unknown one."""
    return _keys(name, here.land_class, here.rows, here.on)[0][0]


def property_code(chemical: str, name: str) -> str:
    """The code of a chemical's property given by code or symbol; ``ValueError`` for an unknown one."""
    code = SYMBOLS.get(name, name)
    if code not in Chemicals.names():
        raise ValueError(_UNKNOWN_PROPERTY.format(chemical=chemical, name=name, known="、".join(SYMBOLS)))
    return code


def check_between(code: str, symbol: str, low: float, high: float) -> None:
    """Whether a parameter may lie anywhere between two values; ``ValueError`` with a sentence when not."""
    above = low >= 0 if code in MAY_BE_ZERO else low > 0
    ratio = code.endswith("_ratio")
    if not above or (ratio and high > 1) or low == np.inf:
        raise ValueError(_CANNOT_BE.format(name=symbol, low=f"{low:g}", high=f"{high:g}", most=_AT_MOST_ONE * ratio))


def rule(on: date, name: str) -> float:
    """One of the agreed numbers of risk assessment and of re-deriving the national table."""
    return float(law.at(on).table("risk_rules").one(rule=name).required_number("value"))


def lead_model(on: date) -> LeadModel:
    """The adult lead model with the values the law holds."""
    found = {r.text("parameter").partition(".")[-1]: r for r in law.at(on).table("adult_lead_model")}
    return LeadModel(**{name: float(row.required_number("value")) for name, row in found.items()})


@cache
def _parameter_rows(on: date, land_class: str) -> dict[tuple[str, str], Row]:
    rows = law.at(on).table("hj253_parameters").where(land_class=land_class)
    return {(row.text("parameter"), row.text("chemical_group")): row for row in rows}


@cache
def _chemical_rows(on: date) -> dict[str, Row]:
    return {row.text("analyte"): row for row in law.at(on).table("hj253_chemicals")}


@cache
def _property_rows(on: date) -> dict[tuple[str, str], Row]:
    return {(r.text("analyte"), r.text("property")): r for r in law.at(on).table("hj253_chemical_properties")}


def _keys(name: str, land_class: str, rows: Mapping[tuple[str, str], Row], on: date) -> list[tuple[str, str]]:
    found = [key for key, row in rows.items() if name in (key[0], row.text("symbol"), f"{key[0]}.{key[1]}")]
    if found:
        return found
    for other in LAND_CLASSES:
        if any(name in (key[0], row.text("symbol")) for key, row in _parameter_rows(on, other).items()):
            raise ValueError(_NO_CHILD.format(name=name))
    raise ValueError(_UNKNOWN.format(name=name, example=DEPTH))


def _changed(
    values: dict[tuple[str, str], float],
    rows: Mapping[tuple[str, str], Row],
    key: tuple[str, str],
    value: float,
    reason: str,
) -> Iterator[Deviation]:
    row = rows[key]
    _check(key[0], row.text("symbol"), value, row.text("unit"))
    default = values[key]
    values[key] = value
    if value != default:
        yield Deviation(
            key[0],
            row.text("symbol"),
            row.text("name_zh"),
            row.text("unit"),
            "",
            key[1],
            default,
            value,
            reason,
            row.row_id,
        )


def _check(code: str, symbol: str, value: float, unit: str) -> None:
    ratio = code.endswith("_ratio")
    enough = value >= 0 if code in MAY_BE_ZERO else value > 0
    if not np.isfinite(value) or not enough or (ratio and value > 1):
        most = _AT_MOST_ONE if ratio else ""
        raise ValueError(_NOT_POSITIVE.format(name=symbol, value=value, most=most, unit=unit))


_FOLLOWS: Final = "随地下水埋深和毛细管层厚度而变"


def _settle_layers(
    values: dict[tuple[str, str], float], rows: Mapping[tuple[str, str], Row], deviations: list[Deviation]
) -> None:
    """The unsaturated layer is what lies between the fringe and the surface unless it was stated."""
    stated = {found.name for found in deviations}
    left = values[DEPTH, ""] - values[FRINGE, ""]
    if ABOVE not in stated and stated & {DEPTH, FRINGE}:
        deviations += _changed(values, rows, (ABOVE, ""), left, _FOLLOWS)
    total = values[FRINGE, ""] + values[ABOVE, ""]
    if not np.isclose(total, values[DEPTH, ""]):
        raise ValueError(_LAYERS.format(sum=f"{total:g}", depth=f"{values[DEPTH, '']:g}"))


def _chemical_changes(
    values: dict[str, Floats],
    analytes: Sequence[str],
    changes: Mapping[str, Mapping[str, float]],
    reasons: Mapping[tuple[str, str], str],
    printed: Mapping[tuple[str, str], Row],
) -> Iterator[Deviation]:
    symbols = {name: symbol for symbol, name in SYMBOLS.items()}
    for analyte, own in changes.items():
        chemical = law.analyte(analyte).name_zh
        for name, value in own.items():
            code = SYMBOLS.get(name, name)
            if code not in values:
                known = "、".join(SYMBOLS)
                raise ValueError(_UNKNOWN_PROPERTY.format(chemical=chemical, name=name, known=known))
            row = printed.get((analyte, code))
            unit = row.text("unit") if row else ""
            if not np.isnan(value):
                _check(code, f"{chemical} {name}", value, unit)
            at = analytes.index(analyte)
            default = float(values[code][at])
            values[code][at] = value
            yield Deviation(
                code,
                symbols[code],
                symbols[code],
                unit,
                analyte,
                "",
                None if np.isnan(default) else default,
                value,
                reasons.get((analyte, name), ""),
                row.row_id if row else "",
            )
