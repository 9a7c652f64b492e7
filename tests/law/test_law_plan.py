"""The plan as data: counts, closed codes, and every reference followed to its end."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jingtu import law

PLAN = law.plan()
EVERY_LEVEL = ("province", "city", "county")


def bare(text: str) -> str:
    """A text without blanks and with one kind of brackets, for comparing quotations."""
    text = re.sub(r"\s+", "", text)
    return text.translate(str.maketrans("（），；：", "(),;:"))


def test_the_plan_has_its_clauses_and_duties() -> None:
    assert [c.code for c in PLAN.clauses] == [
        "G",
        *(f"T{n:02}" for n in range(1, 15)),
        "S1",
        "S2",
        "S3",
        "S4",
    ]
    assert len(PLAN.duties) == 116
    assert len({d.code for d in PLAN.duties}) == 116
    assert PLAN.document_number == "晋环发〔2021〕24号"
    assert PLAN.issued_on == date(2021, 6, 22)


def test_every_duty_names_a_clause_of_the_plan() -> None:
    known = {c.code for c in PLAN.clauses}
    for duty in PLAN.duties:
        assert duty.clause in known, duty.code
        assert duty.code.startswith(f"{duty.clause}-")
    assert all(PLAN.duties_of(c) for c in known)


@pytest.mark.parametrize("field", ["force", "kind", "tier", "date_basis", "department_basis"])
def test_coded_fields_use_their_closed_list(field: str) -> None:
    allowed = law.codes(field)
    for duty in PLAN.duties:
        assert getattr(duty, field) in allowed, (duty.code, field)
    assert {getattr(d, field) for d in PLAN.duties} == set(allowed.codes)


def test_departments_and_levels_are_known_and_never_empty() -> None:
    for duty in PLAN.duties:
        assert duty.departments and duty.levels, duty.code
        assert all(d in law.codes("department") for d in duty.departments), duty.code
        assert all(level in law.codes("level") for level in duty.levels), duty.code
        assert len(set(duty.departments)) == len(duty.departments)
        assert ("unassigned" in duty.departments) == (duty.department_basis == "none"), duty.code


def test_what_the_plan_leaves_unowned_stays_unassigned() -> None:
    unowned = {d.code for d in PLAN.duties if d.department == "unassigned"}
    assert unowned == {"G-01", "G-02", "G-03", "G-04", *(f"S4-0{n}" for n in range(1, 6))}
    assert {d.code for d in PLAN.duties if d.level == "unassigned"} == {
        "S4-01",
        "S4-02",
        "S4-04",
        "S4-05",
    }


def test_dates_come_from_four_places_and_are_not_mixed() -> None:
    assert Counter(d.date_basis for d in PLAN.duties) == {
        "open": 76,
        "plan_year_default": 19,
        "law_rule": 13,
        "plan_explicit": 8,
    }
    for duty in PLAN.duties:
        if duty.date_basis in {"open", "law_rule"}:
            assert duty.due_on is None, duty.code
        if duty.date_basis == "plan_year_default":
            assert duty.due_on == PLAN.period_to, duty.code
    undated = {d.code for d in PLAN.duties if d.date_basis == "plan_explicit" and not d.due_on}
    assert undated == {"T11-06", "T13-05"}  # one year after listing; every quarter


def test_the_monitoring_duties_are_what_the_plan_says() -> None:
    for code, quantity in (("T02-01", "112"), ("T02-02", "19"), ("T02-03", "131"), ("T02-04", "131")):
        duty = PLAN.duty(code)
        assert (duty.due_on, duty.quantity) == (date(2021, 9, 30), quantity)
        assert (duty.departments, duty.levels) == (("ecology",), ("province",))


@pytest.mark.parametrize(
    ("code", "departments", "levels"),
    [
        ("T03-01", ("government",), ("city", "county")),
        ("T05-02", ("agriculture", "ecology"), EVERY_LEVEL),
        ("T11-05", ("ecology",), ("enterprise",)),
        ("T09-07", ("industry", "ecology", "natural_resources"), EVERY_LEVEL),
        ("T14-08", ("ecology", "police", "natural_resources", "agriculture", "forestry"), EVERY_LEVEL),
        ("T13-05", ("government", "ecology"), ("city", "province")),
    ],
)
def test_departments_follow_the_actor(code: str, departments: tuple[str, ...], levels: tuple[str, ...]) -> None:
    duty = PLAN.duty(code)
    assert (duty.departments, duty.levels) == (departments, levels)


def test_every_duty_quotes_its_clause() -> None:
    for duty in PLAN.duties:
        text = bare(PLAN.clause(duty.clause).text_zh)
        assert bare(duty.quote_zh) in text, duty.code


def test_every_clause_has_its_words_and_citation() -> None:
    for item in PLAN.clauses:
        quoted = law.clause(item.ref)
        assert quoted.kind == "quotation"
        assert quoted.certainty is law.Certainty.VERIFIED
        assert len(item.text_zh) > 20
        assert item.citation.startswith(PLAN.document_number)


def test_holders_agree_with_the_holders_named_in_the_clause() -> None:
    names = {
        "生态环境": "ecology",
        "工信": "industry",
        "公安": "police",
        "自然资源": "natural_resources",
        "农业农村": "agriculture",
        "林业和草原": "forestry",
    }
    for item in PLAN.clauses:
        if not item.code.startswith("T"):
            continue
        roles = {"lead": item.lead_zh, "cooperating": item.cooperating_zh}
        if "按职责分工" in item.lead_zh:
            roles = {"shared": item.lead_zh}
        for role, text in roles.items():
            named = {code for word, code in names.items() if word in text}
            held = {h.department for h in PLAN.holders_of(item.code) if h.role == role and h.level == "province"}
            assert held == named, (item.code, role)


def test_finance_signed_the_plan_but_holds_no_task() -> None:
    assert {h.clause for h in PLAN.holders if h.department == "finance"} == {"S1"}


def test_holder_codes_are_closed() -> None:
    clauses = {c.code for c in PLAN.clauses}
    for holder in PLAN.holders:
        assert holder.clause in clauses
        assert holder.role in law.codes("role")
        assert holder.level in law.codes("level")
        assert (holder.department in law.codes("department")) != (holder.level == "enterprise")


def test_numbers_of_the_plan_stand_in_its_text() -> None:
    assert len(PLAN.numbers) == 14
    by_number = {n.number: n for n in PLAN.numbers}
    assert by_number[1].quantity == 112
    assert by_number[4].day == date(2021, 9, 30)
    assert by_number[3].quantity == (by_number[1].quantity or 0) + (by_number[2].quantity or 0)
    assert by_number[8].quantity == (by_number[7].quantity or Decimal()) * len(law.regions().cities)
    for number in PLAN.numbers:
        if number.clause in {c.code for c in PLAN.clauses} and "合计" not in number.quote_zh:
            assert bare(number.quote_zh) in bare(PLAN.clause(number.clause).text_zh), number.number


def test_the_plan_is_an_instrument_with_its_number() -> None:
    text = law.instrument(PLAN.instrument)
    assert text.document_number == PLAN.document_number
    assert text.in_force(date(2021, 6, 22)) and not text.in_force(date(2021, 6, 21))


def test_unknown_names_are_refused_with_a_sentence() -> None:
    with pytest.raises(law.UnknownTable, match="没有任务项“T02-09”"):
        PLAN.duty("T02-09")
    with pytest.raises(law.UnknownTable, match="已收录：shanxi-2021"):
        law.plan("nowhere-2021")


def test_clause_words_are_those_of_the_document(shared: Path) -> None:
    document = bare((shared / "mission" / "plan.txt").read_text("utf-8"))
    for item in PLAN.clauses:
        assert bare(item.text_zh) in document, item.code


def test_no_duty_was_lost_on_the_way(shared: Path) -> None:
    with (shared / "data" / "clause_duties_attributes.csv").open(encoding="utf-8-sig") as file:
        source = {row["id"]: row for row in csv.DictReader(file)}
    assert {d.code for d in PLAN.duties} == set(source)
    for duty in PLAN.duties:
        row = source[duty.code]
        assert duty.quote_zh == row["quote_zh"]
        assert (duty.due_on.isoformat() if duty.due_on else "") == row["due_date"]
        assert (duty.force, duty.kind, duty.tier) == (row["force"], row["kind"], row["tier"])
