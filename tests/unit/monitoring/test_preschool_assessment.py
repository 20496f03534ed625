"""普及普惠: the three rates, conditions, sizes of classes and staff, each on both sides of its line."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.monitoring.counties import TOWN, YEAR, conditions, judged, school, tables

from junheng.monitoring.assessment_result import AssessmentResult

GOOD = {
    "full_time_teachers": 20,
    "certified_teachers": 20,
    "building_area": 3132.0,
    "activity_area": 2451.0,
    "outdoor_area": 1200.0,
    "planned_year": 2017,
}
"""Conditions of a kindergarten with 300 children, each exactly at its line."""


def county(
    *,
    first: dict[str, Any] | None = None,
    second: dict[str, Any] | None = None,
    ownership: tuple[str, str] = ("public", "private_inclusive"),
    heads: tuple[int, int] = (300, 300),
    children: int = 700,
    classes: list[dict[str, Any]] | None = None,
) -> AssessmentResult:
    """Two kindergartens; the second was planned before the newer norm."""
    schools = [school("K", "111", ownership=ownership[0]), school("L", "111", ownership=ownership[1])]
    rows = [
        {"school_id": code, "year": YEAR, "grade": "K2", "pupils": count}
        for code, count in zip(("K", "L"), heads, strict=True)
    ]
    held = [
        conditions("K", "kindergarten", **{**GOOD, **(first or {})}),
        conditions("L", "kindergarten", **{**GOOD, "planned_year": 2016, **(second or {})}),
    ]
    population = [
        {"area_code": TOWN, "year": YEAR, "age": age, "sex": "0", "basis": "resident", "persons": number}
        for age, number in zip(
            (3, 4, 5), (children // 3, children // 3, children - 2 * (children // 3)), strict=True
        )
    ]
    others = {"classes": classes} if classes is not None else {}
    return judged(tables(schools, rows, held, population=population, **others), "preschool")


def size(grade: str, count: int, number: int, mixed: bool | None = None) -> dict[str, Any]:
    return {
        "school_id": "K", "year": YEAR, "class_id": f"{grade}{number}", "grade": grade, "pupils": count,
        "mixed_age": mixed,
    }  # fmt: skip


@pytest.mark.parametrize(("children", "status"), [(705, "met"), (706, "unmet")])
def test_gross_enrolment_is_of_any_age_over_three_to_five(children: int, status: str) -> None:
    """600 of 705 are 85.1 %, of 706 84.99 %."""
    assert county(children=children).item("A1").status == status


@pytest.mark.parametrize(
    ("ownership", "heads", "inclusive", "public"),
    [
        (("public", "private_inclusive"), (300, 300), "met", "met"),
        (("public", "private_inclusive"), (299, 300), "met", "unmet"),
        (("public", "private"), (400, 100), "met", "met"),
        (("public", "private"), (399, 101), "unmet", "met"),
    ],
)
def test_inclusive_and_public_shares(
    ownership: tuple[str, str], heads: tuple[int, int], inclusive: str, public: str
) -> None:
    found = county(ownership=ownership, heads=heads)
    assert (found.item("A2").status, found.item("A3").status) == (inclusive, public)


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ({}, {}, "met"),
        ({"building_area": 3131.99}, {}, "unmet"),
        ({"activity_area": 2450.99}, {}, "unmet"),
        ({"outdoor_area": 1199.99}, {}, "unmet"),
        ({}, {"outdoor_area": 1199.99}, "unmet"),
        ({"outdoor_area": None}, {}, "not_computable"),
        ({"building_area": 1.0, "outdoor_area": None}, {}, "unmet"),
    ],
)
def test_conditions_by_when_a_kindergarten_was_planned(
    first: dict[str, Any], second: dict[str, Any], status: str
) -> None:
    assert county(first=first, second=second).item("D1").status == status


def test_half_of_the_older_ones_suffice_and_all_of_the_newer_are_asked() -> None:
    one_old_fails = county(first={"planned_year": 2016, "outdoor_area": 1.0})
    parts = {row.part: row for row in one_old_fails.items if row.item == "D1" and row.part}
    assert parts["preschool_conditions_old"].value == 0.5
    assert parts["preschool_conditions_old"].status == "met"


@pytest.mark.parametrize(
    ("sizes", "status"),
    [
        ([("K1", 25, None), ("K2", 30, None), ("K3", 35, None)], "met"),
        ([("K1", 26, None)] * 3 + [("K3", 35, None)] * 17, "met"),  # 17 of 20 are 85 %
        ([("K1", 26, None)] * 4 + [("K3", 35, None)] * 16, "unmet"),
        ([("K1", 30, True)], "met"),
        ([("K3", 31, True)], "unmet"),
    ],
)
def test_sizes_of_classes(sizes: list[tuple[str, int, bool | None]], status: str) -> None:
    listed = [size(grade, count, n, mixed or False) for n, (grade, count, mixed) in enumerate(sizes)]
    assert county(classes=listed).item("D2").status == status


@pytest.mark.parametrize(
    ("teachers", "certified", "staffed", "certificates"),
    [(20, 20, "met", "met"), (19, 19, "unmet", "met"), (20, 19, "met", "unmet")],
)
def test_teachers_and_certificates(teachers: int, certified: int, staffed: str, certificates: str) -> None:
    change = {"full_time_teachers": teachers, "certified_teachers": certified}
    found = county(first=change)
    assert (found.item("D3").status, found.item("D4").status) == (staffed, certificates)


def test_eighteen_items_and_what_nobody_examined_keeps_it_open() -> None:
    found = county()
    assert found.check() == []
    assert found.county.n_items == 18
    assert found.county.status in ("not_examined", "not_computable")
    assert found.item("B1").status == "not_examined"
