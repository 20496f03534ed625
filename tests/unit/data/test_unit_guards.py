"""A value typed in another unit is asked about and never converted."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.unit.data.test_checking import REGION, count, found, school, table

from junheng.data import check_tables


def held(*rows: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """A school of 400 pupils in two years with these conditions."""
    return {
        "schools": table("schools", school()),
        "enrolment": table("enrolment", count(400), count(400, year=2024)),
        "school_years": table("school_years", *rows),
    }


def year(at: int = 2025, **more: Any) -> dict[str, Any]:
    return {"school_id": "a", "stage": "primary", "year": at, **more}


@pytest.mark.parametrize(
    ("column", "right", "wrong", "code"),
    [
        ("equipment_value", 800_000.0, 80.0, "guard_wan"),
        ("site_area", 9333.33, 14.0, "guard_mu"),
        ("sports_ground_area", 3000.0, 4.5, "guard_mu"),
        ("building_area", 3333.33, 5.0, "guard_mu"),
    ],
)
def test_a_value_implausible_as_it_stands(column: str, right: float, wrong: float, code: str) -> None:
    assert found(**held(year(**{column: right}))) == []
    assert found(**held(year(**{column: wrong}))) == [(code, "warning")]
    assert found(**held(year(**{column: 0.0}))) == []  # none is a fact


@pytest.mark.parametrize(
    ("column", "before", "now", "code"),
    [
        ("equipment_value", 30_000_000.0, 3000.0, "guard_wan"),
        ("equipment_value", 30_000_000.0, 2_900_000.0, None),
        ("site_area", 30_000.0, 45.0, "guard_mu"),
        ("site_area", 30_000.0, 25_000.0, None),
    ],
)
def test_a_value_off_last_years_by_the_factor(
    column: str, before: float, now: float, code: str | None
) -> None:
    told = found(**held(year(2024, **{column: before}), year(**{column: now})))
    assert told == ([(code, "warning")] if code else [])


def test_the_question_names_what_would_be_meant_and_leaves_the_value() -> None:
    tables = held(year(equipment_value=80.0))
    (finding,) = check_tables(tables, REGION)
    assert finding.column == "教学仪器设备值" and finding.value == "80.0"
    assert float(finding.parameters["meant"]) == 800_000.0
    assert tables["school_years"]["equipment_value"].to_list() == [80.0]


def spent(amount: float, at: int = 2025, **more: Any) -> dict[str, Any]:
    row = {"unit_code": "a", "year": at, "item": "public_funds", "basis": "final", "amount": amount}
    return row | more


def money(*rows: dict[str, Any]) -> list[tuple[str, str]]:
    return found(
        schools=table("schools", school()),
        enrolment=table("enrolment", count(400), count(400, year=2024)),
        finance=table("finance", *rows),
    )


def test_money_in_ten_thousands() -> None:
    assert money(spent(300_000.0)) == []
    assert money(spent(30.0)) == [("guard_wan", "warning")]
    county = {"unit_code": "990101", "item": "public_budget_education"}
    assert money(spent(6_000_000.0, **county)) == []
    assert money(spent(600.0, **county)) == [("guard_wan", "warning")]
    training = {"item": "training_funds"}
    assert money(spent(20_000.0, 2024, **training), spent(19_000.0, **training)) == []
    assert money(spent(20_000.0, 2024, **training), spent(2.1, **training)) == [("guard_wan", "warning")]
    # a budget is not held against a final account
    assert money(spent(20_000.0, 2024, **training), spent(2.1, basis="budget", **training)) == []


def test_a_years_pay() -> None:
    pay = {"unit_code": "990101", "item": "teacher_pay_average"}
    assert money(spent(108_600.0, **pay)) == []
    assert money(spent(10.86, **pay)) == [("guard_wan", "warning")]


def result(value: float, at: int) -> dict[str, Any]:
    row = {"result": "public_recognition", "unit_code": "990101", "document": "结果"}
    return row | {"year": at, "value": value}


def test_a_share_in_per_cent_beside_shares() -> None:
    assert found(external_results=table("external_results", result(0.85, 2024), result(0.87, 2025))) == []
    assert found(external_results=table("external_results", result(0.85, 2024), result(87.0, 2025))) == [
        ("guard_share", "warning")
    ]
    assert found(external_results=table("external_results", result(8.0, 2024), result(9.0, 2025))) == []
