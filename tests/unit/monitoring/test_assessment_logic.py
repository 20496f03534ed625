"""Kleene's table, the school rule and what is missing, by exact numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.monitoring.assessment_logic import (
    compare,
    conjunction,
    exact,
    less_sure,
    line,
    most_pupils,
    school_passes,
    still_missing,
)

STATUSES = ("met", "unmet", "not_computable", "not_examined")
TRUTH = {"met": True, "unmet": False}


@pytest.mark.parametrize("parts", [*product(STATUSES, repeat=2), *product(STATUSES, repeat=3)])
def test_one_failure_decides_and_success_needs_all(parts: tuple[str, ...]) -> None:
    found = conjunction(parts)
    if "unmet" in parts:
        assert found == "unmet"
    elif set(parts) == {"met"}:
        assert found == "met"
    else:
        assert found == ("not_computable" if "not_computable" in parts else "not_examined")


def test_nothing_to_judge_is_never_met() -> None:
    assert conjunction([]) == "not_examined"


READINGS = (("met", "met"), ("unmet", "met"), ("unmet", "unmet"), ("not_computable", "not_computable"))


def outcomes(readings: tuple[tuple[str, str], ...], at_least: int) -> set[bool]:
    """Every verdict the unknown items could still lead to."""
    choices = [
        [("met", "met"), ("unmet", "met"), ("unmet", "unmet")]
        if status == "not_computable"
        else [(status, low)]
        for status, low in readings
    ]
    return {
        sum(status == "met" for status, _ in one) >= at_least and all(low == "met" for _, low in one)
        for one in product(*choices)
    }


@pytest.mark.parametrize("at_least", [2, 3, 4])
def test_the_school_rule_says_what_every_completion_says(at_least: int) -> None:
    """A known verdict is the one any reading of the missing items gives; where they differ it is unknown."""
    for readings in product(READINGS, repeat=4):
        status, _ = school_passes([one for one, _ in readings], [low for _, low in readings], at_least)
        possible = outcomes(readings, at_least)
        assert TRUTH.get(status) == (next(iter(possible)) if len(possible) == 1 else None), readings


def test_a_number_of_the_law_is_the_one_written() -> None:
    assert line(4.2) == Fraction(42, 10)
    assert line(0.85) * line(2.3) == Fraction(1955, 1000)
    assert exact(5806.45) == Fraction(580645, 100)


@pytest.mark.parametrize(
    ("have", "pupils", "per_pupil", "whole", "missing"),
    [
        (19, 450, Fraction(42, 1000), True, 0),
        (18, 450, Fraction(42, 1000), True, 1),
        (0, 450, Fraction(42, 1000), True, 19),  # 18.9 teachers are 19 people
        (2737, 700, Fraction(45, 10), False, 413),
        (Fraction(199999, 100), 1, 2000, False, Fraction(1, 100)),
    ],
)
def test_what_is_missing_is_just_enough(
    have: float, pupils: int, per_pupil: Fraction, whole: bool, missing: float
) -> None:
    found = still_missing(Fraction(have), Fraction(pupils), Fraction(per_pupil), whole=whole)
    assert found == missing
    assert Fraction(have) + found >= Fraction(per_pupil) * pupils


@given(
    have=st.integers(0, 10**7),
    pupils=st.integers(1, 20_000),
    per_hundred=st.integers(1, 2_000_000),
    whole=st.booleans(),
)
def test_one_step_less_is_not_enough(have: int, pupils: int, per_hundred: int, whole: bool) -> None:
    per_pupil, held = Fraction(per_hundred, 1000), Fraction(have) if whole else Fraction(have, 100)
    short = still_missing(held, Fraction(pupils), per_pupil, whole=whole)
    assert (held + short) >= per_pupil * pupils
    if short:
        step = Fraction(1) if whole else Fraction(1, 100)
        assert (held + short - step) < per_pupil * pupils
    most = most_pupils(held, per_pupil)
    assert held >= per_pupil * most
    assert held < per_pupil * (most + 1)


def test_signs_and_sureness() -> None:
    assert compare(Fraction(1), "<=", Fraction(1))
    assert not compare(Fraction(1), "<", Fraction(1))
    assert less_sure(["original", "second-hand", "unverified"]) == "unverified"
    assert less_sure(["ours", "original"]) == "original"
    assert (less_sure(["ours"]), less_sure([""])) == ("ours", "")
