"""Numbers of points and effect of remediation: every rule a case, replay, monotone in what must be monotone."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingtu import law
from jingtu.assess import effect, sampling
from jingtu.assess.effect import Range
from jingtu.plain.reported import parse_reported
from jingtu.science.ucl import student_ucl

DAY = date(2021, 9, 15)
CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(text: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in (part.split("=") for part in text.split(";"))}


@pytest.mark.parametrize("case", rows("sampling.csv"), ids=lambda case: case["case"])
def test_number_of_points(case: dict[str, str]) -> None:
    found = sampling.findings(case["subject"], numbers(case["given"]), DAY)
    one = next(item for item in found if item.measure == f"sampling.{case['measure']}")
    assert one.threshold == (Decimal(case["count"]) if case["count"] else None)
    assert (one.reason, one.clause) == (case["gap"], case["clause"])
    assert (one.outcome == "gap") == (not case["count"])
    assert law.cite(case["clause"]) in one.sentence()
    assert sampling.replay(one) == one


def test_a_plan_is_enough_or_short_by_a_number() -> None:
    planned = {"preliminary": Decimal(5), "units": Decimal(7)}
    short, enough = (
        next(f for f in sampling.findings("survey", {"area_m2": Decimal(9642)}, DAY, planned) if f.measure == name)
        for name in ("sampling.preliminary", "sampling.units")
    )
    assert (short.outcome, enough.outcome) == ("short", "enough")
    assert "还差 1 个" in short.sentence() and "满足" in enough.sentence()
    assert sampling.replay(short) == short


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="suspected"):
        sampling.findings("survey", numbers("area_m2=10;suspected_m2=11"), DAY)
    with pytest.raises(ValueError, match="negative"):
        sampling.findings("pit", numbers("area_m2=-1"), DAY)
    with pytest.raises(law.LawError):
        sampling.findings("pit", numbers("area_m2=50"), date(2018, 1, 1))


@settings(max_examples=80, deadline=None)
@given(st.decimals(0, 40000, places=1), st.decimals(0, 40000, places=1))
def test_a_larger_area_never_asks_for_fewer_points(one: Decimal, other: Decimal) -> None:
    small, large = sorted((one, other))
    for subject in ("survey", "wells"):
        few, many = (
            {f.measure: f.threshold or 0 for f in sampling.findings(subject, {"area_m2": area}, DAY)}
            for area in (small, large)
        )
        assert all(many[measure] >= count for measure, count in few.items())


def held(case: dict[str, str]) -> Range:
    texts = case["results"].split()
    pairs = [tuple(map(Decimal, part.split("|"))) for part in case["pairs"].split()]
    names = [f"第 {at} 行" for at in range(len(texts))]
    return Range("1号 坑", "As", Decimal(case["target"]), names, [parse_reported(t) for t in texts], pairs)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", rows("effect.csv"), ids=lambda case: case["case"])
def test_effect(case: dict[str, str]) -> None:
    found = {one.measure: one for one in effect.assess(held(case), DAY)}
    for name in ("one_by_one", "statistics", "t_test", "verdict"):
        assert found[f"effect.{name}"].outcome == case[name], name
    for one in found.values():
        assert effect.replay(one) == one
        assert one.sentence().endswith("。")


def test_the_arithmetic_of_statistics_is_shown() -> None:
    values = [12, 15, 13, 14, 22, 10, 9, 11]
    case = {"results": " ".join(map(str, values)), "target": "20", "pairs": ""}
    one = effect.assess(held(case), DAY)[1]
    assert float(one.value or 0) == pytest.approx(student_ucl(values, 0.95))
    for part in ("均值 13.25", "15.9709", "最大值 22", "2 倍 40"):
        assert part in one.sentence()


def test_a_target_reached_above_the_values_of_class_one_asks_for_aftercare() -> None:
    case = {"results": "25 20", "target": "25", "pairs": ""}
    assert effect.assess(held(case), DAY)[-1].clause == "hj25.5-2018#aftercare"
    case = {"results": "19 20", "target": "25", "pairs": ""}
    assert effect.assess(held(case), DAY)[-1].measure == "effect.verdict"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals("0.01", 60, places=2), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_samples_does_not_count(values: list[Decimal], random: object) -> None:
    turned = list(values)
    random.shuffle(turned)  # type: ignore[attr-defined]
    verdicts = []
    for texts in (values, turned):
        case = {"results": " ".join(f"{value:f}" for value in texts), "target": "20", "pairs": ""}
        verdicts.append([one.outcome for one in effect.assess(held(case), DAY)])
    assert verdicts[0] == verdicts[1]
    if max(values) <= 20:
        assert verdicts[0][3] == "reached"
    if max(values) > 40:
        assert verdicts[0][3] == "not_reached"
