"""Grades, stages and the two school systems."""

from __future__ import annotations

import pytest

from junheng.model.codes import CODE_LISTS
from junheng.model.stages import (
    GRADES,
    STAGES,
    STAGES_BY_KIND,
    entry_age,
    grade_number,
    grades_of,
    next_grade,
    stage_at,
    stage_of,
)


def test_the_sixth_grade_is_primary_under_six_three_and_junior_under_five_four() -> None:
    assert stage_of("G06", "63") == "primary"
    assert stage_of("G06", "54") == "junior"


@pytest.mark.parametrize("system", ["63", "54"])
def test_every_grade_has_one_stage_and_the_stages_share_all_grades(system: str) -> None:
    shared = [grade for stage in STAGES for grade in grades_of(stage, system)]
    assert shared == list(GRADES)


def test_children_enter_the_first_grade_at_six_and_kindergarten_at_three() -> None:
    assert entry_age("G01") == 6
    assert entry_age("K1") == 3


def test_grades_follow_each_other_from_nursery_to_the_twelfth() -> None:
    chain = ["K0"]
    while (following := next_grade(chain[-1])) is not None:
        chain.append(following)
    assert chain == list(GRADES)
    assert [grade_number(grade) for grade in chain] == list(range(-3, 13))


def test_an_unknown_grade_is_named() -> None:
    with pytest.raises(ValueError, match="G13"):
        grade_number("G13")


def test_special_schools_keep_their_own_stage() -> None:
    assert stage_at("G03", "513") == "special"
    assert stage_at("G03", "211") == "primary"


def test_every_declared_kind_of_school_has_stages() -> None:
    assert set(STAGES_BY_KIND) == set(CODE_LISTS["school_kind"].entries)
