"""Kleene's table, the school rule and what is missing, by exact numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.monitoring.assessment_frames import COUNTS, mark_of, sureness
from junheng.monitoring.assessment_frames import conjunction as conjoined
from junheng.monitoring.assessment_logic import conjunction, exact, line, most_pupils
from junheng.monitoring.quality_balance import school_passes, still_missing

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
    cases = list(product(READINGS, repeat=4))
    counts = pl.DataFrame(
        {
            "n_items": len(case),
            "n_met": sum(status == "met" for status, _ in case),
            "n_unmet": sum(status == "unmet" for status, _ in case),
            "floors_unmet": sum(low == "unmet" for _, low in case),
            "floors_met": all(low == "met" for _, low in case),
        }
        for case in cases
    )
    status, _ = school_passes(pl.lit(at_least))
    for case, found in zip(cases, counts.select(status.alias("s"))["s"], strict=True):
        possible = outcomes(case, at_least)
        assert TRUTH.get(found) == (next(iter(possible)) if len(possible) == 1 else None), case


def test_many_statuses_add_up_as_few_do() -> None:
    groups = [group for length in range(4) for group in product(STATUSES, repeat=length)]
    rows = pl.DataFrame(
        [(number, status) for number, group in enumerate(groups) for status in group],
        schema={"group": pl.Int64, "status": pl.String}, orient="row",
    )  # fmt: skip
    everyone = pl.DataFrame({"group": range(len(groups))})
    counted = everyone.join(
        rows.group_by("group").agg(*COUNTS), on="group", how="left", maintain_order="left"
    )
    assert counted.select(conjoined().alias("s"))["s"].to_list() == [conjunction(one) for one in groups]


def test_a_number_of_the_law_is_the_one_written() -> None:
    assert line(4.2) == Fraction(42, 10)
    assert line(0.85) * line(2.3) == Fraction(1955, 1000)
    assert exact(5806.45) == Fraction(580645, 100)


def missing(have: Fraction, pupils: int, per_pupil: Fraction, *, whole: bool) -> Fraction:
    """What `still_missing` says of one school; amounts in hundredths."""
    short = per_pupil.numerator * pupils * 100 - int(have * 100) * per_pupil.denominator
    frame = pl.DataFrame({"short": [short], "below": [per_pupil.denominator], "whole": [whole]})
    found = frame.select(still_missing(pl.col("short"), pl.col("below"), pl.col("whole"))).item()
    return exact(found)


@pytest.mark.parametrize(
    ("have", "pupils", "per_pupil", "whole", "short"),
    [
        (19, 450, Fraction(42, 1000), True, 0),
        (18, 450, Fraction(42, 1000), True, 1),
        (0, 450, Fraction(42, 1000), True, 19),  # 18.9 teachers are 19 people
        (2737, 700, Fraction(45, 10), False, 413),
        (Fraction(199999, 100), 1, 2000, False, Fraction(1, 100)),
    ],
)
def test_what_is_missing_is_just_enough(
    have: float, pupils: int, per_pupil: Fraction, whole: bool, short: float
) -> None:
    found = missing(Fraction(have), pupils, Fraction(per_pupil), whole=whole)
    assert found == short
    assert Fraction(have) + found >= Fraction(per_pupil) * pupils


@given(
    have=st.integers(0, 10**7),
    pupils=st.integers(1, 20_000),
    per_hundred=st.integers(1, 2_000_000),
    whole=st.booleans(),
)
def test_one_step_less_is_not_enough(have: int, pupils: int, per_hundred: int, whole: bool) -> None:
    per_pupil, held = Fraction(per_hundred, 1000), Fraction(have) if whole else Fraction(have, 100)
    short = missing(held, pupils, per_pupil, whole=whole)
    assert (held + short) >= per_pupil * pupils
    if short:
        step = Fraction(1) if whole else Fraction(1, 100)
        assert (held + short - step) < per_pupil * pupils
    most = most_pupils(held, per_pupil)
    assert held >= per_pupil * most
    assert held < per_pupil * (most + 1)


def test_the_least_sure_mark_counts_and_ours_only_alone() -> None:
    marks = [["original", "second-hand", "unverified"], ["ours", "original"], ["ours"], [""]]
    frame = pl.DataFrame({"at": range(len(marks)), "mark": marks}).explode("mark")
    found = frame.group_by("at", maintain_order=True).agg(
        mark_of(sureness(pl.col("mark")).max()).alias("least")
    )
    assert found["least"].to_list() == ["unverified", "original", "ours", ""]
