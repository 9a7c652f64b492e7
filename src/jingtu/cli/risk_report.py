"""What ``jingtu risk`` says: one report of tables, shown as text, JSON or a workbook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from jingtu import law
from jingtu.assess.finding import code_version
from jingtu.assess.risk import CANCER, HAZARD, LEAD, RiskAssessment, assess_lead
from jingtu.assess.risk_findings import UNACCEPTABLE, risk_findings
from jingtu.assess.risk_parameters import SYMBOLS, Deviation, rule
from jingtu.assess.risk_sensitivity import Sensitivity, sensitivities
from jingtu.assess.risk_sentences import MEDIUM_NAMES, ROUTE_NAMES, ROUTE_SYMBOLS
from jingtu.cli.risk_draws_report import DrawnPart
from jingtu.cli.risk_file import RunFile
from jingtu.cli.risk_sheets import Cell, Sheet, known_value, shown, width
from jingtu.plain.numbers import significant

CLASS_NAMES: Final = {"class1": "第一类用地", "class2": "第二类用地"}
GROUP_NAMES: Final = {"voc": "挥发性有机物", "other": "其他", "": ""}
DECIDED: Final = {"cancer": "致癌效应", "hazard": "非致癌效应", "groundwater": "保护地下水", "": ""}
CERTAINTY: Final = "certainty"
SCHEMA: Final = "jingtu.risk/1"
MOST_ROWS: Final = 60
DEMONSTRATION: Final = "（演示数据）"


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run says, in the order it is read."""

    name: str
    heading: str
    notes: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    shares: dict[str, tuple[tuple[str, str, float], ...]]
    tornado: tuple[Sensitivity, ...]
    sentences: tuple[str, ...]
    over: tuple[bool, ...]  # for each sentence, whether something is not acceptable
    findings: tuple[dict[str, object], ...]
    complete: bool
    demonstration: bool = False
    drawn: DrawnPart | None = None
    digest: str = ""  # of the run file


def build(run: RunFile, assessment: RiskAssessment, drawn: DrawnPart | None = None) -> Report:
    """The report of a run; with draws also how the risks are spread."""
    findings = tuple(risk_findings(assessment))
    ranked = sensitivities(assessment)
    sheets = [
        _risks(assessment),
        _routes(assessment, CANCER),
        _routes(assessment, HAZARD),
        _controls(assessment),
        _sensitivity(assessment, ranked),
        *_lead(run, assessment),
        *(drawn.sheets if drawn else ()),
        _deviations(assessment.deviations),
        _parameters(assessment),
        _properties(assessment),
    ]
    land_class = CLASS_NAMES[assessment.case.land_class]
    heading = (
        f"{DEMONSTRATION if run.demonstration else ''}{run.name}：{land_class}，按 {assessment.case.on} 施行的 "
        f"HJ 25.3-2019 计算，{len(assessment.case.points)} 个点位，{len(assessment.case.analytes)} 种污染物。"
    )
    return Report(
        run.name,
        heading,
        (*run.notes, *_notes(assessment), *(drawn.notes if drawn else ())),
        tuple(sheets),
        {effect: _shares(assessment, effect) for effect in (CANCER, HAZARD)},
        ranked,
        tuple(finding.sentence() for finding in findings),
        tuple(finding.outcome == UNACCEPTABLE for finding in findings),
        tuple(finding.as_dict() for finding in findings),
        not any(finding.outcome == "not_assessed" for finding in findings),
        run.demonstration,
        drawn,
        run.digest,
    )


def as_text(report: Report) -> bytes:
    """The report for the screen, without the long tables of defaults."""
    lines = [report.heading, ""]
    lines += [f"注意：{note}" for note in report.notes]
    for sheet in report.sheets[:-2]:
        if len(sheet.rows) > MOST_ROWS:
            lines += ["", f"【{sheet.title}】", f"{len(sheet.rows)} 行，见 --xlsx、--pdf 或 --format json。"]
            continue
        lines += ["", f"【{sheet.title}】"]
        lines += _aligned(sheet) if sheet.rows else ["没有。"]
    lines += ["", "【结论】", *report.sentences, ""]
    return "\n".join(lines).encode()


def as_json(report: Report) -> bytes:
    """The report for a machine: tables by title, findings with clause and digest."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "code_version": code_version(),
        "heading": report.heading,
        "demonstration": report.demonstration,
        "notes": list(report.notes),
        "complete": report.complete,
        "tables": [{"title": s.title, "headings": s.headings, "rows": s.rows} for s in report.sheets],
        "findings": list(report.findings),
        "draws": report.drawn.as_dict() if report.drawn else None,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _aligned(sheet: Sheet) -> list[str]:
    rows = [sheet.headings, *(tuple(shown(cell, sheet.digits) for cell in row) for row in sheet.rows)]
    widths = [max(width(row[at]) for row in rows) for at in range(len(sheet.headings))]
    return ["  ".join(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _name(assessment: RiskAssessment, at: int) -> str:
    return assessment.chemicals.name(at)


def _risks(assessment: RiskAssessment) -> Sheet:
    target = assessment.setting.values
    rows = []
    for at in range(len(assessment.case.analytes)):
        for point, label in enumerate(assessment.case.points):
            if not assessment.modelled[at]:
                continue
            cancer, hazard = assessment.total_cancer[at, point], assessment.total_hazard[at, point]
            over = [
                name
                for name, value, limit in (
                    ("致癌风险", cancer, target["target.risk", ""]),
                    ("危害指数", hazard, target["target.quotient", ""]),
                )
                if value > limit
            ]
            known = not (np.isnan(cancer) and np.isnan(hazard))
            verdict = f"{'、'.join(over)}超过可接受水平" if over else ("可接受" if known else "未评估")
            rows.append((_name(assessment, at), label, known_value(cancer), known_value(hazard), verdict))
    return Sheet(
        "各点位的总致癌风险和危害指数", ("污染物", "点位", "致癌风险 CRn", "危害指数 HIn", "结论"), tuple(rows)
    )


def _routes(assessment: RiskAssessment, effect: str) -> Sheet:
    parts = assessment.cancer if effect == CANCER else assessment.hazard
    shares = assessment.shares(effect)
    rows = []
    for at in range(len(assessment.case.analytes)):
        worst = int(assessment.worst[at])
        for route, part in parts.items():
            value, share = float(part[at, worst]), float(shares[route][at])
            if np.isnan(value):
                continue
            label = f"{ROUTE_NAMES[route]}（{ROUTE_SYMBOLS[route]}）"
            percent = "" if np.isnan(share) else f"{share:.1%}"
            rows.append((_name(assessment, at), assessment.case.points[worst], label, value, percent))
    what = "致癌风险" if effect == CANCER else "危害商"
    return Sheet(f"各途径的{what}和贡献率（风险最高的点位）", ("污染物", "点位", "途径", what, "贡献率"), tuple(rows))


def _controls(assessment: RiskAssessment) -> Sheet:
    control = assessment.control
    soil, decided = assessment.soil_control()
    water, _ = assessment.water_control()
    columns = (
        control.soil_cancer,
        control.soil_hazard,
        assessment.protecting,
        soil,
        control.water_cancer,
        control.water_hazard,
        water,
        control.soil_saturation,
    )
    rows = []
    for at in range(len(assessment.case.analytes)):
        cells: list[Cell] = [known_value(column[at]) for column in columns]
        rows.append((_name(assessment, at), *cells[:4], DECIDED[decided[at]], *cells[4:]))
    soil_headings = ("RCVS mg/kg", "HCVS mg/kg", "CVSpgw mg/kg", "土壤风险控制值 mg/kg", "决定于")
    water_headings = ("RCVG mg/L", "HCVG mg/L", "地下水风险控制值 mg/L", "土壤饱和浓度 mg/kg")
    headings = ("污染物", *soil_headings, *water_headings)
    return Sheet("风险控制值", headings, tuple(rows))


def _sensitivity(assessment: RiskAssessment, ranked: Sequence[Sensitivity]) -> Sheet:
    rows = tuple(
        (one.symbol, "" if one.name_zh == one.symbol else one.name_zh, _name(assessment, at), *map(known_value, pair))
        for one in ranked
        for at, pair in enumerate(zip(one.cancer, one.hazard, strict=True))
        if any(np.isfinite(value) and value != 0 for value in pair)
    )
    headings = ("符号", "参数", "污染物", "致癌风险敏感性比", "危害指数敏感性比")
    on = assessment.case.on
    step, least = rule(on, "sensitivity.step"), rule(on, "sensitivity.least_share")
    return Sheet(f"参数敏感性（参数变动 {step:.0%}，只计贡献率不低于 {least:.0%} 的途径）", headings, rows)


def _lead(run: RunFile, assessment: RiskAssessment) -> list[Sheet]:
    if LEAD not in assessment.case.analytes:
        return []
    found = assess_lead(assessment, run.child_limit_mg_kg, run.child_source)
    rows: list[tuple[Cell, ...]] = [("成人（ALM）", "土壤铅控制值 mg/kg", found.adult_limit_mg_kg, "")]
    child = found.child_limit_mg_kg
    told = found.child_source if child is not None else "未评估：儿童的 IEUBK 结果由运行文件的 [lead] 给出"
    rows.append(("儿童（IEUBK）", "土壤铅控制值 mg/kg", child, told))
    for limit in ("screening", "control"):
        row = (
            law.at(assessment.case.on)
            .table("gb36600")
            .one(analyte=LEAD, land_class=assessment.case.land_class, limit=limit)
        )
        label = "筛选值" if limit == "screening" else "管制值"
        rows.append((f"GB 36600 {label}", "mg/kg", float(row.required_number("value_mg_kg")), row.citation))
    for point, blood in zip(assessment.case.points, found.blood_ug_dl, strict=True):
        rows.append((f"点位 {point}", "成人血铅中心估计 ug/dL", known_value(float(blood)), ""))
    return [Sheet("铅（不计算致癌风险和危害商）", ("对象", "量", "值", "说明"), tuple(rows))]


def _deviations(found: Sequence[Deviation]) -> Sheet:
    rows = tuple(
        (
            law.analyte(one.chemical).name_zh if one.chemical else "",
            one.symbol,
            one.name_zh if one.name_zh != one.symbol else "",
            one.default,
            known_value(one.value),
            one.unit,
            one.reason or "没有说明理由",
        )
        for one in found
    )
    return Sheet("与推荐值不同的参数", ("污染物", "符号", "参数", "推荐值", "采用值", "单位", "理由"), rows, digits=6)


def _parameters(assessment: RiskAssessment) -> Sheet:
    here = assessment.setting
    known = law.codes(CERTAINTY)
    rows = tuple(
        (
            row.text("symbol"),
            row.text("name_zh"),
            GROUP_NAMES[row.text("chemical_group")],
            here.values[key],
            row.text("unit"),
            row.citation,
            known.label(row.certainty.value),
            row.text("note"),
        )
        for key, row in here.rows.items()
    )
    headings = ("符号", "参数", "污染物类别", "采用值", "单位", "依据", "可靠程度", "说明")
    return Sheet("全部参数", headings, rows, digits=6)


def _properties(assessment: RiskAssessment) -> Sheet:
    table = law.at(assessment.case.on).table("hj253_chemical_properties")
    symbols = {code: symbol for symbol, code in SYMBOLS.items()}
    known = law.codes(CERTAINTY)
    rows = []
    for at, analyte in enumerate(assessment.case.analytes):
        for row in table.where(analyte=analyte):
            name = row.text("property")
            if name in assessment.chemicals.values:
                value = float(assessment.chemicals.values[name][at])
                cells = (row.text("unit"), row.text("source_key"), row.citation, known.label(row.certainty.value))
                rows.append((_name(assessment, at), symbols[name], known_value(value), *cells))
    headings = ("污染物", "参数", "采用值", "单位", "来源代号", "依据", "可靠程度")
    return Sheet("污染物参数", headings, tuple(rows), digits=6)


def _shares(assessment: RiskAssessment, effect: str) -> tuple[tuple[str, str, float], ...]:
    return tuple(
        (_name(assessment, at), ROUTE_NAMES[route], float(share[at]))
        for route, share in assessment.shares(effect).items()
        for at in range(len(assessment.case.analytes))
        if np.isfinite(share[at])
    )


def _notes(assessment: RiskAssessment) -> list[str]:
    found = [f"没有{MEDIUM_NAMES[medium]}的含量，有关途径没有计算。" for medium in assessment.unsampled]
    for at, analyte in enumerate(assessment.case.analytes):
        if not assessment.modelled[at]:
            note = law.at(assessment.case.on).table("hj253_chemicals").one(analyte=analyte).text("note")
            found.append(f"{_name(assessment, at)}：{note}。")
            continue
        saturation = float(assessment.control.soil_saturation[at])
        highest = np.nanmax(np.append(assessment.case.content("subsurface_mg_kg")[at], -np.inf))
        if highest > saturation:
            found.append(
                f"{_name(assessment, at)}的下层土壤含量 {significant(highest)} mg/kg 高于土壤饱和浓度 "
                f"{significant(saturation)} mg/kg，可能有非水相液体，蒸气途径的结果偏高。"
            )
    unsure = sum(row.certainty is not law.Certainty.VERIFIED for row in assessment.setting.rows.values())
    found.append(
        f"{len(assessment.setting.rows)} 个推荐参数中有 {unsure} 个没有与 HJ 25.3-2019 原表核对，见“全部参数”。"
    )
    return found
