"""Reading the run file of ``jingtu risk``: TOML, one parcel, strictly, so that no misspelling is passed over."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from jingtu import law
from jingtu.assess.land_use import land_use
from jingtu.assess.risk import MEDIA, OFF_BY_DEFAULT, Case
from jingtu.assess.risk_parameters import SYMBOLS
from jingtu.assess.risk_sentences import MEDIUM_NAMES, ROUTE_SYMBOLS
from jingtu.cli.asking import Stopped, asked_day, file_bytes
from jingtu.cli.risk_distributions import AskedDraws, Varied, asked_draws, distribution
from jingtu.plain.reported import parse_reported
from jingtu.science.risk import Route
from jingtu.sheets.concentrations import WHOLE

SECTIONS: Final = ("parcel", "parameters", "chemicals", "routes", "lead", "draws", "correlations", "points")
PARCEL_KEYS: Final = ("name", "planned_use", "on", "demonstration")
GIVEN_KEYS: Final = ("value", "reason", "distribution")
LIMIT: Final = "groundwater_limit_mg_l"
_EXAMPLE: Final = "格式见 docs/risk.md"


@dataclass(slots=True)
class RunFile:
    """What a run file asks, ready to be computed, with what was set aside on the way."""

    name: str
    case: Case
    use_zh: str
    child_limit_mg_kg: float | None
    child_source: str
    draws: AskedDraws
    notes: list[str] = field(default_factory=list)
    demonstration: bool = False
    digest: str = ""


def read_run_file(path: Path, on_text: str | None = None) -> RunFile:
    """The case in a run file; ends with one Chinese sentence when something in it cannot be understood."""
    content = _parsed(path)
    _known(content, SECTIONS, "文件")
    parcel = _table(content, "parcel")
    _known(parcel, PARCEL_KEYS, "[parcel] ")
    on = asked_day(on_text or (str(parcel["on"]) if "on" in parcel else None))
    use = _use(str(parcel.get("planned_use", "")), on)
    notes = (
        [] if parcel.get("planned_use") else ["没有写 planned_use（规划用途），按规划用途不明确处理，采用第一类用地。"]
    )
    points = content.get("points", [])
    if not isinstance(points, list) or not points:
        raise Stopped(f"{path.name} 没有点位：每个点位写一节 [[points]]，{_EXAMPLE}。")
    names, analytes, contents = _contents(points, notes)
    varied: list[Varied] = []
    changes, reasons = _changes(_table(content, "parameters"), "[parameters]", varied)
    chemical_changes, chemical_reasons, limits = _chemicals(_table(content, "chemicals"), analytes, varied)
    lead = _table(content, "lead")
    _known(lead, ("child_limit_mg_kg", "child_source"), "[lead] ")
    case = Case(
        on=on,
        land_class=use.land_class,
        analytes=analytes,
        points=names,
        contents=contents,
        changes=changes,
        chemical_changes=chemical_changes,
        reasons=reasons | chemical_reasons,
        groundwater_limits_mg_l=limits,
        closed=_closed(_table(content, "routes")),
    )
    child = lead.get("child_limit_mg_kg")
    return RunFile(
        str(parcel.get("name", path.stem)),
        case,
        use.use_zh,
        None if child is None else _number(child, "[lead] child_limit_mg_kg"),
        str(lead.get("child_source", "")),
        asked_draws(_table(content, "draws"), content.get("correlations", []), varied, _analyte),
        notes,
        _yes(parcel.get("demonstration", False)),
        hashlib.sha256(file_bytes(path)).hexdigest(),
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Stopped(f"{path.name} 不是 UTF-8 编码的文本，请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise Stopped(f"{path.name} 不是正确的 TOML：{error}。{_EXAMPLE}。") from error


def _table(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = content.get(name, {})
    if not isinstance(found, dict):
        raise Stopped(f"“{name}”应当是一节 [{name}]，{_EXAMPLE}。")
    return found


def _known(found: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    for name in found:
        if name not in names:
            raise Stopped(f"{where}中的“{name}”不认识；可以写：{'、'.join(names)}。")


def _use(text: str, on: date) -> Any:
    try:
        return land_use(text, on)
    except ValueError as error:
        raise Stopped(str(error)) from error


def _yes(given: Any) -> bool:
    if not isinstance(given, bool):
        raise Stopped("[parcel] demonstration 应当写 true 或 false。")
    return given


def _analyte(text: str) -> str:
    found = law.analytes(law.CONSTRUCTION).find(text)
    if found is None:
        raise Stopped(f"污染物“{text}”不认识；请写 GB 36600 中的名称，或系统的检测项目代码。")
    return found.code


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Stopped(f"{where} 写的“{value}”不是数；请写不带单位的数。")
    return float(value)


def _contents(
    points: list[dict[str, Any]], notes: list[str]
) -> tuple[list[str], list[str], dict[str, np.ndarray[Any, Any]]]:
    """Names of points, chemicals in order of appearance, and contents by medium."""
    names: list[str] = []
    found: dict[tuple[str, str, str], float] = {}
    for point in points:
        name = str(point.get("name", ""))
        if not name or name in names:
            raise Stopped("每个点位都要有自己的 name（点位名称），不能空着也不能重复。")
        names.append(name)
        _known(point, ("name", *MEDIA), f"点位 {name} ")
        for medium in MEDIA:
            for text, given in _table(point, medium).items():
                key = (medium, _analyte(text), name)
                if key in found:
                    raise Stopped(f"点位 {name} {MEDIUM_NAMES[medium]}的“{text}”写了两次（名称不同，是同一种污染物）。")
                found[key] = _content(given, name, medium, text, notes)
    analytes = list(dict.fromkeys(analyte for _, analyte, _ in found))
    if not analytes:
        raise Stopped(f"所有点位都没有含量；在点位下写 surface_mg_kg 等，{_EXAMPLE}。")
    arrays = {
        medium: np.array([[found.get((medium, a, name), np.nan) for name in names] for a in analytes])
        for medium in MEDIA
    }
    return names, analytes, arrays


def _content(given: Any, name: str, medium: str, text: str, notes: list[str]) -> float:
    place = f"点位 {name} {MEDIUM_NAMES[medium]}的{text}"
    if isinstance(given, str):
        try:
            reported = parse_reported(given)
        except ValueError as error:
            raise Stopped(f"{place}写的“{given}”不是含量；请写数，或写 <检出限、未检出。") from error
        if reported.value is not None:
            return _possible(float(reported.value), given, place)
        if reported.qualifier == "ND":
            notes.append(f"{place}未检出（{given}），不计入风险；请确认检出限低于风险控制值。")
        return float("nan")
    return _possible(_number(given, place), given, place)


def _possible(value: float, given: Any, place: str) -> float:
    """A content that can be: not below nothing, not above the whole."""
    if not 0 <= value <= WHOLE:
        raise Stopped(
            f"{place}写的“{given}”不可能是含量，含量不能小于零，也不能超过 {WHOLE}（全部）；请核对数值和单位。"
        )
    return value


def _changes(
    section: Mapping[str, Any], where: str, varied: list[Varied], analyte: str = ""
) -> tuple[dict[str, float], dict[str, str]]:
    """Values and reasons; a value stands alone or as {value = …, reason = "…", distribution = {…}}."""
    values: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for name, given in _flat(section):
        if isinstance(given, dict):
            _known(given, GIVEN_KEYS, f"{where} {name} ")
            reasons[name] = str(given.get("reason", ""))
            if "distribution" in given:
                found = distribution(given["distribution"], f"{where} 的 {name}")
                varied.append(Varied(name, analyte, found, reasons[name]))
            if "value" not in given:
                continue
            given = given["value"]  # noqa: PLW2901
        values[name] = _number(given, f"{where} 的 {name}")
    return values, reasons


def _flat(section: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    """Entries with dotted keys put together again: ``ground.wind_cm_s = 180`` is one name."""
    for name, given in section.items():
        if isinstance(given, dict) and not {"value", "distribution"} & set(given):
            yield from _flat(given, f"{before}{name}.")
        else:
            yield f"{before}{name}", given


def _chemicals(
    section: Mapping[str, Any], analytes: list[str], varied: list[Varied]
) -> tuple[dict[str, dict[str, float]], dict[str, str], dict[str, float]]:
    changes: dict[str, dict[str, float]] = {}
    reasons: dict[str, str] = {}
    limits: dict[str, float] = {}
    for text, own in section.items():
        analyte = _analyte(text)
        if analyte not in analytes:
            raise Stopped(f"[chemicals] 写了“{text}”，但没有一个点位有它的含量；请去掉或补上含量。")
        if not isinstance(own, dict):
            raise Stopped(f"[chemicals] 的“{text}”应当是一节，{_EXAMPLE}。")
        values, why = _changes(own, f"[chemicals] {text}", varied, analyte)
        if LIMIT in values:
            limits[analyte] = values.pop(LIMIT)
        for name in values:
            if name in MEDIA:
                raise Stopped(f"[chemicals] {text} 的“{name}”只能写 distribution；含量本身写在 [[points]]。")
            if name not in SYMBOLS and name not in SYMBOLS.values():
                raise Stopped(f"[chemicals] {text} 的“{name}”不认识；可以写 {'、'.join(SYMBOLS)}、{LIMIT}。")
        changes[analyte] = values
        reasons |= {f"{analyte}/{name}": reason for name, reason in why.items()}
    return changes, reasons, limits


def _closed(section: Mapping[str, Any]) -> frozenset[Route]:
    _known(section, ("closed", "open"), "[routes] ")
    closed = set(OFF_BY_DEFAULT) | {_route(text) for text in section.get("closed", [])}
    return frozenset(closed - {_route(text) for text in section.get("open", [])})


def _route(text: Any) -> Route:
    for route, symbol in ROUTE_SYMBOLS.items():
        if text in (symbol, route.value):
            return route
    raise Stopped(f"途径“{text}”不认识；可以写：{'、'.join(ROUTE_SYMBOLS.values())}。")
