"""Rules across rows and tables, on tables as a workspace holds them and as an import brings them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from junheng.data import check_tables
from junheng.data.messages import MESSAGES
from junheng.model import INPUTS, Region, words

REGION = Region("990101", "云州县")


def table(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """A conforming frame from a few cells."""
    return INPUTS[name].conform(pl.DataFrame(list(rows), infer_schema_length=None))


def school(code: str = "a", kind: str = "211", **more: Any) -> dict[str, Any]:
    return {"school_id": code, "name": f"学校{code}", "kind": kind, "area_code": "990101", **more}


def count(pupils: int, grade: str = "G01", year: int = 2025, code: str = "a", **more: Any) -> dict[str, Any]:
    return {"school_id": code, "year": year, "grade": grade, "pupils": pupils, **more}


def found(**tables: pl.DataFrame) -> list[tuple[str, str]]:
    """(code, severity) of every finding, each proven to have words in both languages."""
    findings = check_tables(tables, REGION)
    for finding in findings:
        for language in ("zh", "en"):
            assert words(MESSAGES, finding.code, {"value": finding.value, **finding.parameters}, language)
    return [(f.code.removeprefix("intake."), f.severity) for f in findings]


def test_sound_tables_have_no_fault() -> None:
    assert (
        found(
            schools=table("schools", school()), enrolment=table("enrolment", count(40), count(42, year=2024))
        )
        == []
    )


@pytest.mark.parametrize(
    ("kind", "system", "grade", "code"),
    [
        ("211", None, "G07", "grade_outside_kind"),
        ("211", None, "G06", None),
        ("211", "54", "G06", "grade_outside_kind"),
        ("311", "54", "G06", None),
        ("312", None, "G09", None),
        ("312", None, "G10", "grade_outside_kind"),
        ("345", None, "G12", None),
        ("342", None, "G09", "grade_outside_kind"),
        ("111", None, "K2", None),
        ("211", None, "K3", "attached_kindergarten"),
        ("514", None, "G08", None),
    ],
)
def test_grade_outside_the_schools_kind(kind: str, system: str | None, grade: str, code: str | None) -> None:
    severity = "note" if code == "attached_kindergarten" else "error"
    schools = table("schools", school(kind=kind, school_system=system))
    expected = [(code, severity)] if code else []
    assert found(schools=schools, enrolment=table("enrolment", count(40, grade))) == expected


def test_a_grade_of_earlier_years_outside_the_kind_is_only_doubted() -> None:
    rows = table("enrolment", count(40, "G07", year=2020), count(40, "G03", year=2021))
    assert found(schools=table("schools", school(kind="211")), enrolment=rows) == [
        ("grade_outside_kind", "warning")
    ]


def test_references() -> None:
    schools = table("schools", school(area_code="990101009"))
    assert found(schools=schools) == [("reference_table_missing", "error")]
    areas = table(
        "areas", {"area_code": "990101001", "name": "城关", "level": "town", "parent_code": "990101"}
    )
    assert found(areas=areas, schools=schools) == [("unknown_reference", "error")]
    assert found(enrolment=table("enrolment", count(40))) == [("reference_table_missing", "error")]


@pytest.mark.parametrize(
    ("to", "known"), [("b", True), ("outside", True), ("private", True), ("ghost", False)]
)
def test_leavers_go_to_a_school_listed_outside_or_to_a_private_one(to: str, known: bool) -> None:
    flow = {"from_school_id": "a", "to_school_id": to, "year": 2025, "from_grade": "G06", "pupils": 9}
    faults = found(
        schools=table("schools", school("a"), school("b", "311")), grade_flows=table("grade_flows", flow)
    )
    assert (("unknown_reference", "error") not in faults) is known


def test_ranges_and_empty_cells() -> None:
    rows = table("enrolment", count(-1), count(30_000, "G02"))
    assert sorted(found(schools=table("schools", school()), enrolment=rows)) == [
        ("negative", "error"),
        ("too_large", "error"),
    ]
    assert found(schools=table("schools", school(name=None))) == [("required_empty", "error")]


@pytest.mark.parametrize(
    ("before", "after", "doubted"),
    [(40, 400, True), (400, 40, True), (40, 390, False), (4, 40, False), (0, 400, False)],
)
def test_jumps(before: int, after: int, doubted: bool) -> None:
    rows = table("enrolment", count(before, year=2024), count(after))
    assert found(schools=table("schools", school()), enrolment=rows) == [("jump", "warning")] * doubted


def test_jumps_need_the_year_before() -> None:
    rows = table("enrolment", count(40, year=2022), count(400))
    assert found(schools=table("schools", school()), enrolment=rows) == []


def test_births_of_one_basis_jump_but_bases_are_never_compared() -> None:
    birth = {"area_code": "990101", "month": 0}
    one = {**birth, "year": 2023, "basis": "certificate", "births": 410}
    assert found(
        births=table("births", one, {**birth, "year": 2024, "basis": "certificate", "births": 4100})
    ) == [("jump", "warning")]
    assert (
        found(births=table("births", one, {**birth, "year": 2024, "basis": "registration", "births": 4100}))
        == []
    )


def test_parts_classes_and_lives() -> None:
    schools = table("schools", school(opened_year=2020, closed_year=2025))
    assert found(schools=schools, enrolment=table("enrolment", count(40, year=2024, boarders=41))) == [
        ("part_exceeds_whole", "error")
    ]
    assert found(schools=schools, enrolment=table("enrolment", count(40, year=2024, classes=0))) == [
        ("pupils_without_class", "warning")
    ]
    assert found(schools=schools, enrolment=table("enrolment", count(400, year=2024, classes=2))) == [
        ("class_too_full", "warning")
    ]
    assert found(schools=schools, enrolment=table("enrolment", count(40, year=2019))) == [
        ("before_opening", "warning")
    ]
    assert found(schools=schools, enrolment=table("enrolment", count(40, year=2025))) == [
        ("after_closing", "warning")
    ]
    assert found(schools=table("schools", school(opened_year=2020, closed_year=2010))) == [
        ("closed_before_opened", "error")
    ]


def test_stated_totals() -> None:
    schools = table("schools", school())
    rows = table("enrolment", count(100), count(100, "G02"))
    total = {"area_code": "990101", "year": 2025, "stage": "primary"}
    assert (
        found(
            schools=schools, enrolment=rows, area_enrolment=table("area_enrolment", {**total, "pupils": 201})
        )
        == []
    )
    assert found(
        schools=schools, enrolment=rows, area_enrolment=table("area_enrolment", {**total, "pupils": 203})
    ) == [("total_off", "warning")]


def test_same_names_and_circular_areas() -> None:
    twins = table("schools", school("a", name="一小"), school("b", name="一小"))
    assert found(schools=twins) == [("same_name", "warning")] * 2
    areas = table(
        "areas",
        {"area_code": "1", "name": "甲", "level": "town", "parent_code": "2"},
        {"area_code": "2", "name": "乙", "level": "town", "parent_code": "1"},
    )
    assert found(areas=areas) == [("circular_area", "error")] * 2


def test_the_order_of_rows_changes_nothing() -> None:
    rows = table("enrolment", *(count(-p, f"G0{p}") for p in range(1, 7)))
    schools = table("schools", school())
    straight = check_tables({"schools": schools, "enrolment": rows}, REGION)
    turned = check_tables({"schools": schools, "enrolment": rows.reverse()}, REGION)
    assert sorted(map(repr, straight)) == sorted(map(repr, turned))


def test_leading_zeros_that_excel_took_away() -> None:
    schools = table("schools", school("0019"), school("7"))
    rows = table("enrolment", count(40, code="19"), count(40, code="20"), count(40, code="7"))
    assert sorted(found(schools=schools, enrolment=rows)) == [
        ("leading_zeros_lost", "error"),
        ("unknown_reference", "error"),
    ]
