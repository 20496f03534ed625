"""Small counts of children leave the bureau hidden."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from junheng.report.suppression import Protection

PUBLIC = Protection("public")


def test_counts_below_the_minimum_are_hidden_and_zero_is_not() -> None:
    assert [PUBLIC.count(n) for n in (0, 1, 9, 9.6, 10, None)] == ["0", "<10", "<10", "10", "10", "—"]


def test_the_bureau_sees_every_count() -> None:
    assert [Protection().count(n) for n in (0, 1, 9, 10)] == ["0", "1", "9", "10"]


def test_ranges_hide_their_small_ends() -> None:
    assert PUBLIC.between(3, 8) == "<10"
    assert PUBLIC.between(3, 25) == "<10 ~ 25"
    assert PUBLIC.between(12, 25) == "12–25"


def test_one_hidden_count_takes_a_second_with_it() -> None:
    assert PUBLIC.hidden([5, 300, 40], ["a", "a", "a"]) == [True, False, True]
    assert PUBLIC.hidden([5, 6, 40], ["a", "a", "a"]) == [True, True, False]
    assert PUBLIC.hidden([5, 40], ["a", "b"]) == [True, False]


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abc")), max_size=20), st.integers(2, 30))
def test_no_hidden_count_can_be_found_by_subtraction(cells: list[tuple[int, str]], minimum: int) -> None:
    hide = Protection("public", minimum).hidden([float(n) for n, _ in cells], [group for _, group in cells])
    for group in "abc":
        mine = [(n, hidden) for (n, name), hidden in zip(cells, hide, strict=True) if name == group]
        assert all(hidden for n, hidden in mine if 0 < n < minimum)
        if sum(hidden for _, hidden in mine) == 1:
            assert not [n for n, hidden in mine if not hidden and n > 0]
