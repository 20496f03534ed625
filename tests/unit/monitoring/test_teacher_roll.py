"""Where a school reported no counts of teachers, its roll gives them; what it reported stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from junheng import rules
from junheng.model import INPUTS
from junheng.monitoring.teacher_roll import reported, with_roll

LAW = rules.at(date(2026, 9, 1))


def table(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=INPUTS[name].schema(), orient="row")


def teacher(number: int, **given: Any) -> dict[str, Any]:
    usual = {
        "teacher_id": f"T{number}",
        "year": 2026,
        "school_id": "s",
        "stage": "primary",
        "subject": "chinese",
        "degree": "bachelor",
        "backbone_level": "ordinary",
        "certified": True,
        "training_hours": 360.0,
        "employment": "post",
    }
    return usual | given


ROLL = (
    teacher(1),
    teacher(2, degree="college", subject="pe", backbone_level="county"),
    teacher(3, degree="secondary", subject="art", certified=False),
    teacher(4, subject="arts", employment="contract", training_hours=359.9, backbone_level="school"),
    teacher(5, subject="music", employment="part_time"),
    teacher(6, stage="junior", degree="college"),
    teacher(7, stage="junior", degree="bachelor"),
    teacher(8, stage="senior", degree="master"),
    teacher(9, year=2025, degree="doctor"),
)


def of(frame: pl.DataFrame, stage: str) -> dict[str, Any]:
    return frame.filter(pl.col("stage") == stage).row(0, named=True)


def test_the_roll_counts_full_time_teachers_by_what_they_have() -> None:
    held = table("school_years", {"school_id": "s", "stage": "primary", "year": 2026, "staff": 9})
    found = reported({"school_years": held, "teachers": table("teachers", *ROLL)}, 2026, LAW)
    primary = of(found, "primary")
    assert primary["staff"] == 9
    assert {name: primary[name] for name in primary if name.endswith("_teachers")} == {
        "full_time_teachers": 4,
        "degree_teachers": 3,
        "backbone_teachers": 1,
        "pe_teachers": 1,
        "music_teachers": 0,
        "art_teachers": 2,
        "certified_teachers": 3,
        "trained_teachers": 3,
        "visiting_pe_art_teachers": None,
    }
    assert of(found, "junior")["degree_teachers"] == 1, "college is the required degree there, not above it"
    assert of(found, "senior")["full_time_teachers"] == 1
    assert of(found, "senior")["degree_teachers"] is None, "no rule says what is above the required degree"


def test_a_count_given_stands_and_so_does_one_the_stages_share() -> None:
    held = table(
        "school_years",
        {"school_id": "s", "stage": "primary", "year": 2026, "degree_teachers": 0},
        {"school_id": "s", "stage": "shared", "year": 2026, "backbone_teachers": 7},
    )
    found = reported({"school_years": held, "teachers": table("teachers", *ROLL)}, 2026, LAW)
    assert of(found, "primary")["degree_teachers"] == 0
    assert of(found, "primary")["backbone_teachers"] is None
    assert of(found, "primary")["pe_teachers"] == 1
    assert of(found, "shared")["backbone_teachers"] == 7


def test_an_attribute_unknown_for_one_teacher_leaves_the_count_blank() -> None:
    roll = table("teachers", *ROLL, teacher(10, degree=None, certified=None))
    found = of(reported({"teachers": roll}, 2026, LAW), "primary")
    assert (found["full_time_teachers"], found["degree_teachers"], found["certified_teachers"]) == (
        5,
        None,
        None,
    )
    assert found["trained_teachers"] == 4


def test_only_the_year_asked_for_changes() -> None:
    held = table("school_years", {"school_id": "s", "stage": "primary", "year": 2025})
    found = with_roll({"school_years": held, "teachers": table("teachers", *ROLL)}, 2026, LAW)["school_years"]
    assert found.filter(pl.col("year") == 2025)["full_time_teachers"].to_list() == [None]
    assert found.filter(pl.col("year") == 2026).height == 3


def test_without_a_roll_nothing_is_added() -> None:
    held = table("school_years", {"school_id": "s", "stage": "primary", "year": 2026, "pe_teachers": 2})
    assert reported({"school_years": held}, 2026, LAW).equals(held)
