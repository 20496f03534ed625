"""The county rule: each coefficient by itself, preconditions, vetoes, states, and rules that change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.unit.monitoring.counties import (
    CODE,
    ENOUGH,
    REGION,
    YEAR,
    conditions,
    judged,
    pupils,
    school,
    table,
    tables,
)

from junheng import rules
from junheng.model.errors import Refused
from junheng.monitoring.assessment import assess

SHA = "c" * 64
EVIDENCE = ("G1", "G2", "G8", "G10", "G14", "G15", "Q3", "Q5", "Q6", "Q7", "Q8", "P2")
VETOES = ("V1", "V2", "V3", "V4", "V6")


def shown(item: str, claim: str, **more: Any) -> dict[str, Any]:
    return {
        "evidence_id": f"E-{item}-{claim}",
        "assessment": "quality_balance",
        "item": item,
        "unit_code": CODE,
        "year": YEAR,
        "claim": claim,
        "file_name": f"{item}.pdf",
        "file_sha256": SHA,
        "reviewed_by": "督导室",
        "reviewed_on": date(2025, 12, 1),
        "outcome": "confirmed",
        **more,
    }


def passing() -> dict[str, list[dict[str, Any]]]:
    """Everything a small county needs to pass, table by table."""
    money = [
        {"unit_code": CODE, "year": YEAR - 1, "item": item, "basis": "final", "amount": amount}
        for item, amount in (("teacher_pay_average", 100_000.0), ("civil_servant_pay_average", 100_000.0))
    ]
    for code in ("A", "B", "J"):
        for item, amount in (("public_funds", 100_000.0), ("training_funds", 5_000.0)):
            money.append({"unit_code": code, "year": YEAR, "item": item, "basis": "budget", "amount": amount})
    counts = [
        {
            "unit_code": CODE,
            "year": YEAR,
            "measure": measure,
            "stage": stage,
            "numerator": n,
            "denominator": 100,
        }
        for measure, stage, n in (
            ("exchange", None, 10),
            ("exchange_backbone", None, 20),
            ("nearby_enrolment", "primary", 100),
            ("nearby_enrolment", "junior", 95),
            ("quota_share", None, 50),
            ("migrant_public", None, 85),
            ("retention_a", "junior", 95),
            ("disabled_enrolment", None, 95),
        )
    ]
    results = [
        {"result": name, "unit_code": CODE, "year": YEAR, "stage": stage, "value": value, "document": "公告"}
        for name, stage, value in (
            ("quality_monitoring", "primary", 0.149),
            ("quality_monitoring_level", "primary", 3.0),
            ("public_recognition", None, 0.85),
            ("basic_balance_years", None, 3.0),
        )
    ]
    listed = [
        {"school_id": code, "year": YEAR, "class_id": f"{grade}-1", "grade": grade, "pupils": size}
        for code, grades, size in (("A", range(1, 7), 40), ("B", range(1, 7), 40), ("J", range(7, 10), 40))
        for grade in (f"G{number:02d}" for number in grades)
    ]
    rooms = [
        {"school_id": code, "room_id": kind, "kind": kind, "area": area}
        for code in ("A", "B", "J")
        for kind, area in (("music", 96.0), ("art", 90.0))
    ]
    evidence = [shown(item, "met") for item in EVIDENCE] + [shown(item, "not_found") for item in VETOES]
    return {
        "finance": money,
        "reported_counts": counts,
        "external_results": results,
        "classes": listed,
        "rooms": rooms,
        "evidence": evidence,
    }


def county(
    others: dict[str, list[dict[str, Any]]], second: dict[str, float] | None = None, **options: Any
) -> Any:
    """Two primary schools and a junior school; `second` changes what the second primary school has."""
    schools = [school("A"), school("B"), school("J", "311")]
    heads = [*pupils("A", "primary", 240, 6), *pupils("B", "primary", 240, 6), *pupils("J", "junior", 120, 3)]
    rows = [
        conditions("A", "primary", **ENOUGH),
        conditions("B", "primary", **{**ENOUGH, **(second or {})}),
        conditions("J", "junior", **ENOUGH),
    ]
    return judged(tables(schools, heads, rows, **others), **options)


def test_a_county_with_everything_passes() -> None:
    result = county(passing())
    open_ = [(row.item, row.status, row.status_reason) for row in result.items if row.status != "met"]
    assert open_ == [("Q1", "not_computable", "not_reported")]  # the other formula, beside
    assert result.county.status == "met"
    assert (result.county.n_items, result.county.n_met) == (32, 32)
    assert result.check() == []


def test_without_anything_examined_it_never_passes() -> None:
    result = county({})
    assert result.county.status != "met"
    assert {
        result.item(code).status for code in EVIDENCE if code[0] in "GQ" and code not in ("G8", "G14", "G15")
    } == {"not_examined"}


@pytest.mark.parametrize(("second", "status", "value"), [(3.0, "met", 0.5), (3.00001, "unmet", None)])
def test_a_coefficient_of_exactly_one_half_passes(second: float, status: str, value: float | None) -> None:
    """Two schools of equal size, one with three times the other's: mean 2, spread 1, coefficient 0.5."""
    amount = 9_000_000.0
    result = county(passing(), {"equipment_value": amount * second})
    row = result.item("C6", "primary")
    assert row.status == status
    if value is not None:
        assert row.value == value
    assert result.county.status == status


def test_coefficients_are_never_averaged() -> None:
    """One over its limit fails the county, however level the other thirteen are."""
    result = county(passing(), {"multimedia_rooms": 90 * 4})
    coefficients = [row for row in result.items if row.kind == "balance"]
    assert [row.item for row in coefficients if row.status == "unmet"] == ["C7"]
    assert sum(row.value for row in coefficients) / 14 < 0.1
    assert result.county.status == "unmet"


@pytest.mark.parametrize("veto", VETOES)
def test_each_veto_found_fails_the_county_whatever_the_numbers(veto: str) -> None:
    others = passing()
    others["evidence"].append(shown(veto, "found"))
    result = county(others)
    assert (result.county.status, result.county.status_reason) == ("unmet", "veto_found")
    assert result.county.reason_parameters["vetoes"] == [veto]


@pytest.mark.parametrize("veto", VETOES)
def test_a_veto_nobody_looked_at_keeps_the_county_from_passing(veto: str) -> None:
    others = passing()
    others["evidence"] = [row for row in others["evidence"] if row["item"] != veto]
    result = county(others)
    assert result.item(veto).status == "not_examined"
    assert result.county.status == "not_examined"


def test_recognition_below_its_line_is_a_veto_too() -> None:
    others = passing()
    for row in others["external_results"]:
        if row["result"] == "public_recognition":
            row["value"] = 0.8499
    result = county(others)
    assert (result.item("S1").status, result.item("V5").status) == ("unmet", "unmet")
    assert result.county.reason_parameters["vetoes"] == ["V5"]


@pytest.mark.parametrize(
    ("table", "name", "column", "value", "item", "stage"),
    [
        ("reported_counts", "exchange", "numerator", 9, "G11", ""),
        ("reported_counts", "exchange_backbone", "numerator", 19, "G11", ""),
        ("reported_counts", "nearby_enrolment", "numerator", 94, "G13", "junior"),
        ("reported_counts", "quota_share", "numerator", 49, "G14", ""),
        ("reported_counts", "migrant_public", "numerator", 84, "G15", ""),
        ("reported_counts", "retention_a", "numerator", 94, "Q1", ""),
        ("reported_counts", "disabled_enrolment", "numerator", 94, "Q2", ""),
        ("external_results", "quality_monitoring", "value", 0.15, "Q9", ""),
        ("external_results", "quality_monitoring_level", "value", 2.0, "Q9", ""),
        ("external_results", "basic_balance_years", "value", 2.0, "P1", ""),
    ],
)
def test_one_step_under_a_line_fails_its_item_and_the_county(
    table: str, name: str, column: str, value: float, item: str, stage: str
) -> None:
    others = passing()
    for row in others[table]:
        if name in (row.get("measure"), row.get("result")):
            row[column] = value
    result = county(others)
    assert result.item(item, stage).status == "unmet"
    assert result.county.status == "unmet"


@pytest.mark.parametrize("missing", ["finance", "reported_counts", "external_results", "classes", "evidence"])
def test_a_missing_table_leaves_the_county_unknown(missing: str) -> None:
    others = passing()
    del others[missing]
    assert county(others).county.status in ("not_computable", "not_examined")


def test_a_file_that_changed_since_its_review_opens_its_item_again() -> None:
    files = {f"{item}.pdf": SHA for item in (*EVIDENCE, *VETOES)}
    assert county(passing(), files=files).county.status == "met"
    changed = county(passing(), files={**files, "Q7.pdf": "d" * 64})
    assert (changed.item("Q7").status, changed.item("Q7").status_reason) == ("not_examined", "file_changed")
    assert changed.county.status == "not_examined"


def test_what_the_county_and_a_school_both_report_is_not_added_up() -> None:
    others = passing()
    twin = next(row for row in others["reported_counts"] if row["measure"] == "exchange")
    others["reported_counts"].append({**twin, "unit_code": "A", "numerator": 90})
    result = county(others)
    assert (result.item("G11").status, result.county.status) == ("not_computable", "not_computable")
    reasons = {row.status_reason for row in result.items if row.item == "G11"}
    assert "reported_twice" in reasons


def test_of_tables_with_several_counties_only_its_own_schools_are_judged() -> None:
    other = {"area_code": "990301", "name": "邻县", "level": "county"}
    schools = [school("A"), {**school("Z"), "area_code": "990301"}]
    heads = [*pupils("A", "primary", 240, 6), *pupils("Z", "primary", 240, 6)]
    rows = [
        conditions("A", "primary", **ENOUGH),
        conditions("Z", "primary", **{**ENOUGH, "equipment_value": 0}),
    ]
    given = tables(schools, heads, rows)
    given["areas"] = table("areas", [*given["areas"].to_dicts(), other])
    result = judged(given)
    assert {row.area for row in result.results} == {CODE, "A"}
    assert {row.area for row in result.items} == {CODE, "A"}
    assert result.item("C6", "primary").value == 0  # one school, and not the neighbour's


def test_states_are_data_and_lead_on() -> None:
    result = county(passing(), state="province_eval")
    assert [state.id for state in result.next_states()] == ["national_qualify", "county_self"]
    assert county(passing()).state == "draft"
    with pytest.raises(Refused) as refused:
        county(passing(), state="certifed")
    assert refused.value.code == "monitoring.assess.unknown_state"


def test_a_rule_that_changes_between_two_years_judges_each_year_by_its_own(tmp_path: Any) -> None:
    """A region raises a line from 2026: the count of 2025 goes by the old one, that of 2026 by the new."""
    (tmp_path / "quality_balance.yaml").write_text(
        "topic: quality_balance\nentries:\n- from: 2026-01-01\n  values: {equipment_primary: 2400}\n"
        "  source: {document: 县级标准}\n  verified: original\n",
        encoding="utf-8",
    )
    book = rules.load(tmp_path)
    found: dict[int, tuple[str, float | None]] = {}
    versions: set[str] = set()
    for year in (2025, 2026):
        heads = [{**row, "year": year} for row in pupils("A", "primary", 1000, 25)]
        rows = [{**conditions("A", "primary", **{**ENOUGH, "equipment_value": 2_000_000}), "year": year}]
        law = book.at(date(year, 9, 1), REGION)
        given = tables([school("A")], heads, rows)
        result = assess(given, law.assessment("quality_balance"), year=year, law=law, region=REGION)
        row = next(row for row in result.items if (row.item, row.level) == ("L6", "school"))
        found[year] = (row.status, row.threshold)
        versions |= set(
            result.measured["indicator_values"].filter(indicator="equipment_value_per_pupil")["rule_version"]
        )
    assert found == {2025: ("met", 2000.0), 2026: ("unmet", 2400.0)}
    assert len(versions) == 2


def test_before_the_assessment_was_in_force_there_is_none() -> None:
    law = rules.load().at(date(2015, 9, 1), REGION)
    with pytest.raises(Refused):
        law.assessment("quality_balance")
    assert law.assessment("basic_balance_2012").id == "basic_balance_2012"


def test_an_example_list_of_standard_schools_asks_for_every_item() -> None:
    result = county({}, {"equipment_value": 479_999.99}, assessment="standard_school_example")
    verdicts = {row.area: row.status for row in result.results if row.level == "school"}
    assert verdicts == {"A": "met", "B": "unmet", "J": "met"}
    assert result.county.status == "unmet"
    assert county({}, assessment="standard_school_example").county.status == "met"
