"""What schools have must hold together: parts and wholes, stages, classes, the roll of teachers."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.unit.data.test_checking import count, found, school, table


def year(stage: str = "primary", code: str = "a", **more: Any) -> dict[str, Any]:
    return {"school_id": code, "stage": stage, "year": 2025, **more}


def faults(*rows: dict[str, Any], kind: str = "211", **tables: pl.DataFrame) -> list[tuple[str, str]]:
    """What is said of these conditions of school `a`, which has forty pupils."""
    schools = tables.pop("schools", table("schools", school(kind=kind)))
    pupils = tables.pop("enrolment", table("enrolment", count(40)))
    return found(schools=schools, enrolment=pupils, school_years=table("school_years", *rows), **tables)


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("full_time_teachers", "degree_teachers"),
        ("full_time_teachers", "backbone_teachers"),
        ("full_time_teachers", "certified_teachers"),
        ("full_time_teachers", "trained_teachers"),
        ("staff", "full_time_teachers"),
        ("staff", "care_staff"),
        ("teaching_area", "indoor_sports_area"),
        ("building_area", "teaching_area"),
        ("building_area", "activity_area"),
    ],
)
def test_a_part_is_never_more_than_its_whole(whole: str, part: str) -> None:
    assert faults(year(**{whole: 300, part: 300})) == []
    assert faults(year(**{whole: 300, part: 301})) == [("more_than_whole", "error")]
    assert faults(year(**{part: 301})) == []  # what is not known cannot be exceeded


def test_specialists_together_are_teachers_too() -> None:
    assert faults(year(full_time_teachers=6, pe_teachers=3, music_teachers=2, art_teachers=1)) == []
    assert faults(year(full_time_teachers=5, pe_teachers=3, music_teachers=2, art_teachers=1)) == [
        ("specialists_exceed", "error")
    ]


def test_negative_counts_are_refused() -> None:
    assert faults(year(teaching_area=-1.0)) == [("negative", "error")]


@pytest.mark.parametrize(
    ("life", "code"),
    [
        ({"opened_year": 2025}, None),
        ({"opened_year": 2026}, "conditions_before_opening"),
        ({"closed_year": 2026}, None),
        ({"closed_year": 2025}, "conditions_after_closing"),
    ],
)
def test_conditions_outside_a_schools_life(life: dict[str, int], code: str | None) -> None:
    told = faults(year(), schools=table("schools", school(**life)))
    assert [c for c, _ in told if c.startswith("conditions")] == ([code] if code else [])


def test_a_stage_the_school_does_not_teach() -> None:
    assert faults(year(), year("junior")) == [
        ("stage_not_taught", "error"),
        ("conditions_no_pupils", "warning"),
    ]
    assert faults(year(), year("shared")) == [("shared_by_one_stage", "error")]
    assert faults(year(), year("shared"), kind="312") == []


def test_conditions_without_pupils_in_a_counted_year() -> None:
    assert faults(year(), enrolment=table("enrolment", count(40, year=2024))) == []  # 2025 not counted yet
    assert faults(year(), enrolment=table("enrolment", count(0))) == [("conditions_nought", "warning")]
    other = table("enrolment", count(40, code="b"))
    both = table("schools", school(), school("b", name="另一所"))
    assert faults(year(), enrolment=other, schools=both) == [("conditions_no_pupils", "warning")]


def test_what_is_told_apart_is_not_shared_as_well() -> None:
    parts = (year(teaching_area=600.0), year("junior", teaching_area=400.0))
    pupils = table("enrolment", count(40), count(40, "G07"))
    once = faults(*parts, year("shared", teaching_area=50.0), kind="312", enrolment=pupils)
    twice = faults(*parts, year("shared", teaching_area=1000.0), kind="312", enrolment=pupils)
    assert once == [] and twice == [("shared_counted_twice", "error")]


def test_two_schools_with_the_same_measures() -> None:
    both = table("schools", school(), school("b", name="另一所"))
    pupils = table("enrolment", count(40), count(40, code="b"))
    same = {"teaching_area": 800.5, "sports_ground_area": 1200.0, "equipment_value": 90000.0}
    twins = faults(year(**same), year(code="b", **same), schools=both, enrolment=pupils)
    assert twins == [("twin_conditions", "warning")] * 2
    other = same | {"equipment_value": 90001.0}
    assert faults(year(**same), year(code="b", **other), schools=both, enrolment=pupils) == []


def a_class(pupils: int, number: int = 1, **more: Any) -> dict[str, Any]:
    row = {"school_id": "a", "year": 2025, "class_id": f"G01-{number}", "grade": "G01", "pupils": pupils}
    return row | more


def classes(*rows: dict[str, Any], **counts: Any) -> list[tuple[str, str]]:
    return found(
        schools=table("schools", school()),
        enrolment=table("enrolment", count(80, **counts)),
        classes=table("classes", *rows),
    )


def test_classes_add_up_to_their_grade() -> None:
    assert classes(a_class(41), a_class(39, 2), classes=2) == []
    assert classes(a_class(41), a_class(38, 2), classes=2) == [("classes_sum_off", "warning")]
    assert classes(a_class(41), a_class(39, 2), classes=3) == [("classes_count_off", "warning")]
    assert classes(a_class(41), a_class(12, 2, mixed_age=True), classes=2) == []  # grades share a class


def test_a_room_is_given_up_after_it_was_taken() -> None:
    room = {"school_id": "a", "room_id": "1", "kind": "music", "year_from": 2020, "year_to": 2019}
    told = found(schools=table("schools", school()), rooms=table("rooms", room))
    assert told == [("room_backwards", "error")]


def teacher(number: str, **more: Any) -> dict[str, Any]:
    return {"teacher_id": number, "year": 2025, "school_id": "a", "stage": "primary", **more}


def test_the_roll_and_the_counts_agree() -> None:
    roll = table(
        "teachers",
        teacher("1", subject="pe", backbone_level="county", certified=True, employment="post"),
        teacher("2", subject="music", backbone_level="school", certified=True),
        teacher("3", subject="chinese", backbone_level="ordinary", certified=True, employment="part_time"),
    )
    right = {"full_time_teachers": 2, "backbone_teachers": 1, "pe_teachers": 1, "music_teachers": 1}
    assert faults(year(**right, art_teachers=0, certified_teachers=2), teachers=roll) == []
    for column in right:
        wrong = {"full_time_teachers": 2, column: 0}
        assert faults(year(**wrong), teachers=roll) == [("roll_differs", "warning")]
    assert faults(year(), teachers=roll) == []  # blank: the roll counts


def test_a_blank_on_the_roll_proves_nothing() -> None:
    roll = table("teachers", teacher("1", subject="pe"), teacher("2"))
    assert faults(year(full_time_teachers=2, pe_teachers=2), teachers=roll) == []


def test_an_identity_card_is_no_number_for_a_teacher() -> None:
    roll = table("teachers", teacher("99010119880101001X"))
    assert found(schools=table("schools", school()), teachers=roll) == [("identity_as_number", "error")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"numerator": 10, "denominator": 10}, []),
        ({"numerator": 11, "denominator": 10}, [("share_over_all", "error")]),
        ({"numerator": 0, "denominator": 0}, [("share_of_none", "error")]),
        (
            {"numerator": 11, "denominator": 10, "measure": "kindergarten_gross"},
            [("gross_over_all", "warning")],
        ),
    ],
)
def test_reported_counts(row: dict[str, Any], code: list[tuple[str, str]]) -> None:
    full = {"unit_code": "990101", "year": 2025, "measure": "exchange"} | row
    assert found(reported_counts=table("reported_counts", full)) == code


def test_answers_of_a_survey() -> None:
    asked = {"survey_id": "s", "group": "parents", "unit_code": "990101", "year": 2025, "asked": 10}
    assert found(surveys=table("surveys", asked | {"answered": 9, "satisfied": 9})) == []
    assert found(surveys=table("surveys", asked | {"answered": 11, "satisfied": 9})) == [
        ("more_than_whole", "error")
    ]
    assert found(surveys=table("surveys", asked | {"answered": 8, "satisfied": 9})) == [
        ("more_than_whole", "error")
    ]


def test_a_review_is_signed_and_comes_after() -> None:
    piece = {"evidence_id": "e", "assessment": "quality_balance", "item": "G1", "unit_code": "990101"}
    piece |= {"year": 2025, "claim": "met", "provided_on": date(2025, 11, 1)}
    signed = {"outcome": "confirmed", "reviewed_by": "督导室", "reviewed_on": date(2025, 11, 1)}
    assert found(evidence=table("evidence", piece | signed)) == []
    assert found(evidence=table("evidence", piece | {"outcome": "confirmed"})) == [
        ("outcome_unsigned", "error")
    ]
    early = signed | {"reviewed_on": date(2025, 10, 31)}
    assert found(evidence=table("evidence", piece | early)) == [("reviewed_too_early", "error")]


def test_progress_belongs_to_a_task() -> None:
    done = {"document": "p", "task_id": "1", "reported_on": date(2026, 1, 1), "status": "done"}
    task = {"document": "p", "task_id": "1", "title": "任务"}
    progress = table("policy_progress", done)
    assert found(policy_progress=progress, policy_tasks=table("policy_tasks", task)) == []
    other = table("policy_tasks", task | {"task_id": "2"})
    assert found(policy_progress=progress, policy_tasks=other) == [("task_unknown", "error")]
    assert found(policy_progress=progress) == [("task_unknown", "error")]


def test_delivery_follows_the_contract() -> None:
    project = {"project_id": "1", "unit_code": "990101", "kind": "sports", "quantity": 1.0, "unit": "所"}
    dates = {"contracted_on": date(2026, 1, 2), "delivery_on": date(2026, 1, 1)}
    assert found(projects=table("projects", project | dates)) == [("delivery_backwards", "error")]


def test_a_unit_is_a_school_or_an_area() -> None:
    row = {"year": 2025, "item": "public_funds", "basis": "final", "amount": 9e6}
    schools = table("schools", school())
    for unit, told in (("a", []), ("990101", []), ("nowhere", [("unknown_reference", "error")])):
        assert found(schools=schools, finance=table("finance", row | {"unit_code": unit})) == told


def test_money_is_kept_to_the_cent() -> None:
    row = {"unit_code": "990101", "year": 2025, "item": "public_funds", "basis": "final"}
    assert found(finance=table("finance", row | {"amount": 9_000_000.1 + 0.2})) == []
    assert found(finance=table("finance", row | {"amount": 9_000_000.125})) == [("too_fine", "warning")]


@pytest.mark.parametrize(
    ("raises", "sound"),
    [
        ("degree_teachers", True),
        ("degree_teachers; pe_art_teachers", True),
        ("pupils", True),
        ("pupils;teaching_area", False),
        ("teachers", False),
        (";", False),
    ],
)
def test_a_lever_raises_what_is_known(raises: str, sound: bool) -> None:
    lever = {"lever_id": "1", "kind": "recruit", "raises": raises, "per_unit": 1.0, "cost": 1.0}
    told = found(improvement_levers=table("improvement_levers", lever))
    assert told == ([] if sound else [("raises_unknown", "error")])
