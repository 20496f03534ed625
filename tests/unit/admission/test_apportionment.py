"""Seats over schools: a real table, exact numbers, and the laws of each method."""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared

from junheng.admission.apportionment import Minimum, apportion
from junheng.model.errors import Infeasible

RURAL = {5, 6, *range(8, 17), 20}
"""Rows inferred to be weighted; the district's own rule is unpublished."""


@pytest.fixture(scope="module")
def table() -> list[dict[str, int]]:
    with shared("guangzhou/liwan_quota_2026.csv").open(encoding="utf-8-sig") as file:
        return [{k: int(v) for k, v in row.items() if k != "district"} for row in csv.DictReader(file)]


def differing(table: list[dict[str, int]], column: str, seats: tuple[int, ...]) -> dict[int, tuple[int, int]]:
    """Row -> (ours, published) where they are not the same."""
    return {
        row["row"]: (ours, row[column]) for row, ours in zip(table, seats, strict=True) if ours != row[column]
    }


def test_the_real_table_of_province_and_city(table: list[dict[str, int]]) -> None:
    candidates = [row["candidates"] for row in table]
    total = sum(row["quota_province_city"] for row in table)
    assert (len(table), sum(candidates), total) == (33, 6417, 332)
    ours = differing(table, "quota_province_city", apportion(total, candidates).seats)
    print("largest remainder differs:", ours)
    assert set(ours) == {5, 9, 16, 20}
    for rate in ("5.149", "5.17", "5.196"):
        held = apportion(total, candidates, "rate_half_up", rate=Fraction(rate) / 100)
        assert set(differing(table, "quota_province_city", held.seats)) == {9, 16, 20}


def test_the_real_table_of_the_district(table: list[dict[str, int]]) -> None:
    candidates = [row["candidates"] for row in table]
    total = sum(row["quota_district"] for row in table)
    assert total == 2053
    assert all(row["quota_district"] >= 1 for row in table if row["candidates"])
    weights = [n * (Fraction("1.107") if at in RURAL else 1) for at, n in enumerate(candidates, start=1)]
    ours = apportion(total, weights, minimum=Minimum(1), candidates=candidates)
    print("weighted largest remainder differs:", differing(table, "quota_district", ours.seats))
    assert differing(table, "quota_district", ours.seats) == {27: (334, 335), 28: (66, 65)}
    assert ours.gap == 0
    best = max(
        33
        - len(
            differing(table, "quota_district", apportion(total, candidates, "rate_half_up", rate=rate).seats)
        )
        for rate in (Fraction(n, 10_000) for n in range(2900, 3600))
    )
    assert best == 18


counts = st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(any)


@given(st.integers(0, 500), counts, st.sampled_from(["largest_remainder", "webster"]))
def test_the_total_is_kept_and_nobody_without_weight_gets_a_seat(
    total: int, weights: list[int], method: str
) -> None:
    found = apportion(total, weights, method)  # type: ignore[arg-type]
    assert sum(found.seats) == total and found.gap == 0
    assert all(seats == 0 for seats, weight in zip(found.seats, weights, strict=True) if weight == 0)


@given(st.integers(0, 500), counts)
def test_largest_remainder_keeps_within_one_of_the_share(total: int, weights: list[int]) -> None:
    for row in apportion(total, weights).rows:
        assert row.share.__floor__() <= row.seats <= row.share.__floor__() + 1
        assert row.remainder == row.share - row.share.__floor__()


@given(st.integers(0, 200), counts, st.integers(0, 11), st.integers(1, 50))
def test_more_weight_never_costs_a_seat(total: int, weights: list[int], at: int, more: int) -> None:
    at %= len(weights)
    grown = [*weights[:at], weights[at] + more, *weights[at + 1 :]]
    for method in ("largest_remainder", "webster"):
        assert apportion(total, grown, method).seats[at] >= apportion(total, weights, method).seats[at]


@given(st.integers(0, 300), counts)
def test_webster_knows_no_paradox(total: int, weights: list[int]) -> None:
    before, after = (apportion(t, weights, "webster").seats for t in (total, total + 1))
    assert all(b >= a for a, b in zip(before, after, strict=True))


def test_the_alabama_paradox_is_announced() -> None:
    found = apportion(10, [6, 6, 2], codes=["a", "b", "c"])
    assert found.seats == (4, 4, 2) and found.paradox == ("c",)
    assert apportion(11, [6, 6, 2]).seats == (5, 5, 1)


def test_the_rule_that_decided_is_kept() -> None:
    rows = apportion(3, [4, 4, 4, 4], codes=["d", "a", "c", "b"]).rows
    assert [(row.code, row.seats, row.rule) for row in rows] == [
        ("d", 0, "share"), ("a", 1, "tie_code"), ("c", 1, "tie_code"), ("b", 1, "tie_code")
    ]  # fmt: skip
    rows = apportion(7, [30, 10, 10], codes=["a", "b", "c"]).rows
    assert [(row.seats, row.rule) for row in rows] == [(4, "share"), (2, "tie_code"), (1, "share")]
    rows = apportion(2, [5, 3, 1]).rows
    assert [(row.seats, row.rule) for row in rows] == [(1, "share"), (1, "remainder"), (0, "share")]


def test_minimum_from_the_total_and_on_top() -> None:
    within = apportion(10, [98, 1, 1], minimum=Minimum(1))
    assert within.seats == (8, 1, 1) and [row.rule for row in within.rows[1:]] == ["minimum"] * 2
    added = apportion(10, [98, 1, 1], minimum=Minimum(1, added=True))
    assert added.seats == (10, 1, 1) and added.gap == -2
    assert apportion(10, [98, 1, 0], minimum=Minimum(1)).seats == (9, 1, 0)
    assert apportion(10, [98, 1, 5], minimum=Minimum(2, over=1)).seats == (8, 0, 2)


def test_caps_give_the_rest_to_the_others() -> None:
    assert apportion(10, [8, 1, 1], caps=[4, 10, 10]).seats == (4, 3, 3)
    with pytest.raises(Infeasible) as refused:
        apportion(10, [8, 1], caps=[4, 5])
    assert refused.value.code == "admission.caps_under_total"
    with pytest.raises(Infeasible) as refused:
        apportion(2, [8, 1, 1], minimum=Minimum(1))
    assert refused.value.code == "admission.minimum_over_total"


@pytest.mark.parametrize(
    "odd", [{"total": -1}, {"weights": [0.5, 1]}, {"weights": [-1, 2]}, {"codes": ["a", "a"]}]
)
def test_what_is_not_exact_is_refused(odd: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"exact|once"):
        apportion(**{"total": 3, "weights": [1, 2], **odd})  # type: ignore[arg-type]
