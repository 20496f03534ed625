"""两个只增不减: total and per pupil apart, equality passes, budget never against final account."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.monitoring.spending_rises import Rise, binding, blended, least_next, rises


def _finance(*rows: tuple[int, str, float]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unit_code": ["990101"] * len(rows),
            "stage": [None] * len(rows),
            "year": [year for year, _, _ in rows],
            "item": ["public_budget_education"] * len(rows),
            "basis": [basis for _, basis, _ in rows],
            "amount": [amount for _, _, amount in rows],
        },
        schema_overrides={"stage": pl.String},
    )


def _pupils(counts: dict[int, float]) -> pl.DataFrame:
    rows = [{"area": "990101", "stage": "", "year": year, "pupils": heads} for year, heads in counts.items()]
    return pl.DataFrame(
        rows, schema={"area": pl.String, "stage": pl.String, "year": pl.Int64, "pupils": pl.Float64}
    )


def _last(spending: tuple[float, float], heads: tuple[float, float]) -> Rise:
    finance = _finance((2024, "final", spending[0]), (2025, "final", spending[1]))
    return list(rises(finance, _pupils({2024: heads[0], 2025: heads[1]})))[-1]


@pytest.mark.parametrize(
    ("spending", "heads", "total", "per_pupil", "binds"),
    [
        ((100.0, 100.0), (10, 10), True, True, "both"),
        ((100.0, 99.99), (10, 10), False, False, "both"),
        ((100.0, 100.01), (10, 10), True, True, "both"),
        # pupils fall: per pupil is easy, the total binds
        ((100.0, 99.0), (10, 9), False, True, "total"),
        # pupils rise: the total is kept and the amount for each is not
        ((100.0, 109.99), (10, 11), True, False, "per_pupil"),
        ((100.0, 110.0), (10, 11), True, True, "per_pupil"),
    ],
)
def test_each_line_is_tested_for_itself(
    spending: tuple[float, float], heads: tuple[float, float], total: bool, per_pupil: bool, binds: str
) -> None:
    found = _last(spending, heads)
    assert (found.total_kept, found.per_pupil_kept, found.binds) == (total, per_pupil, binds)


def test_equality_per_pupil_passes_where_floats_would_not() -> None:
    found = _last(
        (0.1 * 3, 0.7), (3, 7)
    )  # 0.30000000000000004 against 0.7: a tenth for each but for the float
    assert _last((0.3, 0.7), (3, 7)).per_pupil_kept is True
    assert found.per_pupil_kept is False


def test_budgets_are_never_compared_with_final_accounts() -> None:
    finance = _finance((2024, "budget", 100.0), (2025, "final", 90.0))
    found = list(rises(finance, _pupils({2024: 10, 2025: 10})))
    assert [one.total_kept for one in found] == [None, None]


def test_unknown_pupils_leave_the_amount_for_each_unknown() -> None:
    found = _last((100.0, 120.0), (0, 10))
    assert (found.total_kept, found.per_pupil_kept) == (True, None)


def test_a_gap_in_the_series_compares_nothing() -> None:
    finance = _finance((2022, "final", 100.0), (2024, "final", 90.0))
    assert [one.total_kept for one in rises(finance, _pupils({}))] == [None, None]


def test_calendar_pupils_weigh_eight_months_of_last_autumn_and_are_flagged_where_they_decide() -> None:
    heads = {2022: Fraction(12), 2023: Fraction(12), 2024: Fraction(12), 2025: Fraction(9)}
    assert blended(heads, 2025) == 11
    finance = _finance((2024, "final", 120.0), (2025, "final", 100.0))
    found = list(rises(finance, _pupils({year: float(n) for year, n in heads.items()})))[-1]
    assert (found.per_pupil_kept, found.per_pupil_kept_blend, found.blend_differs) == (True, False, True)


@pytest.mark.parametrize(
    ("now", "coming", "least"), [(10, 9, "100"), (10, 10, "100"), (10, 11, "110"), (3, 4, "133.34")]
)
def test_the_least_next_budget_keeps_both(now: int, coming: int, least: str) -> None:
    found = least_next(Fraction(100), Fraction(now), Fraction(coming))
    assert found == Fraction(least)


@given(st.integers(1, 10**9), st.integers(1, 10**6), st.integers(1, 10**6))
def test_the_least_next_budget_is_enough_and_a_cent_less_is_not(cents: int, now: int, coming: int) -> None:
    spending, pupils, after = Fraction(cents, 100), Fraction(now), Fraction(coming)
    least = least_next(spending, pupils, after)
    assert least is not None
    assert least >= spending and least * pupils >= spending * after
    less = least - Fraction(1, 100)
    assert less < spending or less * pupils < spending * after


def test_which_line_binds() -> None:
    assert [binding(Fraction(n), Fraction(10)) for n in (9, 10, 11)] == ["total", "both", "per_pupil"]
    assert binding(None, Fraction(1)) == ""
