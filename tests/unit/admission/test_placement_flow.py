"""Placement by least distance: against mixed-integer programming, and the prices that prove it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array

from junheng.admission.placement_flow import nearest_in_order, place, prices
from junheng.model.errors import Refused


def town(rng: np.random.Generator, children: int, schools: int, reach: int, filled: float):
    """Children and schools on a plane; each child reaches some of the nearest."""
    home, site = rng.integers(0, 3000, (children, 2)), rng.integers(0, 3000, (schools, 2))
    metres = np.abs(home[:, None] - site[None]).sum(axis=2)
    nearest = np.argsort(metres, axis=1, kind="stable")[:, :reach]
    counts = rng.integers(0 if children < 30 else reach, reach + 1, children)
    kept = np.arange(reach)[None] < counts[:, None]
    seats = rng.multinomial(int(filled * children), np.full(schools, 1 / schools)).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return (
        seats,
        start,
        nearest[kept].astype(np.int32),
        np.take_along_axis(metres, nearest, 1)[kept].astype(np.int64),
    )


def by_solver(seats, start, school, metres, limit) -> tuple[int, int, int]:
    """(unplaced, beyond the limit, metres) of an optimum by HiGHS."""
    children, rows = start.size - 1, school.size
    if rows == 0:
        return children, 0, 0
    child = np.repeat(np.arange(children), np.diff(start))
    one = np.ones(rows)
    each = csr_array((one, (child, np.arange(rows))), (children, rows))
    full = csr_array((one, (school, np.arange(rows))), (seats.size, rows))
    weight = metres + np.where(metres > limit, 10**5, 0) - 10**7
    found = milp(
        weight.astype(float),
        constraints=[LinearConstraint(each, ub=1), LinearConstraint(full, ub=seats)],
        integrality=one,
        bounds=(0, 1),
        options={"mip_rel_gap": 0},
    )
    taken = np.flatnonzero(found.x > 0.5)
    return children - taken.size, int((metres[taken] > limit).sum()), int(metres[taken].sum())


def test_the_flow_is_as_good_as_the_solver() -> None:
    rng = np.random.default_rng(7)
    short = 0
    for _ in range(150):
        children, schools = int(rng.integers(1, 25)), int(rng.integers(4, 8))
        seats, start, school, metres = town(rng, children, schools, 4, float(rng.uniform(0.5, 1.5)))
        found = place(seats, start, school, metres, limit=900)
        assert (found.unplaced, found.beyond, found.metres) == by_solver(seats, start, school, metres, 900)
        assert found.proved
        short += found.unplaced > 0
        assert (np.bincount(school[found.held[found.held < start[1:]]], minlength=seats.size) <= seats).all()
        assert found.extra.sum() == (
            found.unplaced - ((found.held == start[1:]) & (np.diff(start) == 0)).sum()
        )
    assert short > 20


@pytest.mark.parametrize("filled", [1.0, 0.8])
def test_without_a_seat_to_spare_long_chains_of_moves_are_found(filled: float) -> None:
    """Hundreds of children, no seat over or too few: the least there is, by an assignment solver that knows
    no prices and no schools; the last children come by chains through most schools."""
    seats, start, school, metres = town(np.random.default_rng(7), 300, 20, 8, filled)
    seat_of = np.repeat(np.arange(seats.size), seats)
    left_out = 10**6
    cost = np.full((300, 300 + seat_of.size), left_out)
    for child in range(300):
        for row in range(start[child], start[child + 1]):
            cost[child, np.flatnonzero(seat_of == school[row])] = metres[row]
    best = int(cost[linear_sum_assignment(cost)].sum())
    found = place(seats, start, school, metres, limit=10**5)
    assert found.metres + left_out * found.unplaced == best and found.proved
    assert found.unplaced >= 300 - int(seats.sum()) and found.extra.sum() == found.unplaced


def test_prices_prove_an_optimum_and_nothing_else() -> None:
    rng = np.random.default_rng(8)
    refused = 0
    for _ in range(100):
        seats, start, school, metres = town(rng, 12, 5, 4, 1.0)
        found = place(seats, start, school, metres, limit=10**6)
        [stage] = found.stages
        assert stage.prices is not None
        children = np.arange(start.size - 1)
        left = seats - np.bincount(school[found.held[found.held < start[1:]]], minlength=seats.size)
        assert (stage.prices >= 0).all() and (stage.prices[left > 0] == 0).all()
        for child in children:  # nobody would rather pay elsewhere
            rows = slice(start[child], start[child + 1])
            if found.held[child] < start[child + 1]:
                mine = metres[found.held[child]] + stage.prices[school[found.held[child]]]
                assert mine <= (metres[rows] + stage.prices[school[rows]]).min()
        other = nearest_in_order(seats, start, school, metres)
        cost = metres
        worth = (1 << 40) * int((other == start[1:]).sum()) + int(metres[other[other < start[1:]]].sum())
        mine = (1 << 40) * found.unplaced + found.metres
        proof = prices(children, seats.astype(np.int64), start, school, cost, 1 << 40, other)
        assert (proof is not None) == (worth == mine)
        refused += proof is None
    assert refused > 50


def test_more_children_than_seats_at_a_school_prove_nothing() -> None:
    start, school, metres = np.array([0, 1, 2]), np.array([0, 0], np.int32), np.array([5, 6])
    assert prices(np.arange(2), np.array([1]), start, school, metres, 100, np.array([0, 1])) is None


def test_a_lower_class_is_never_moved_by_a_later_one() -> None:
    """Together, the far child takes the near seat of the other; class by class she does not."""
    start = np.array([0, 2, 4])
    school, metres = np.array([0, 1, 0, 1], np.int32), np.array([10, 20, 10, 5000])
    seats = np.array([1, 1], np.int32)
    together = place(seats, start, school, metres, limit=3000)
    ordered = place(seats, start, school, metres, limit=3000, classes=np.array([0, 1]))
    assert (together.metres, together.beyond) == (30, 0) and school[together.held].tolist() == [1, 0]
    assert (ordered.metres, ordered.beyond) == (5010, 1) and school[ordered.held].tolist() == [0, 1]
    assert ordered.proved and len(ordered.stages) == 2


def test_like_children_take_the_nearer_seat_by_ticket() -> None:
    start = np.array([0, 2, 4, 6])
    school, metres = np.array([0, 1] * 3, np.int32), np.array([100, 200] * 3)
    found = place(np.array([1, 1], np.int32), start, school, metres, limit=1000)
    assert [school[row] if row < end else None for row, end in zip(found.held, start[1:], strict=True)] == [
        0,
        1,
        None,
    ]
    assert found.unplaced == 1 and found.extra.tolist() == [1, 0] and found.proved


def test_a_negative_distance_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        place(np.array([1], np.int32), np.array([0, 1]), np.array([0], np.int32), np.array([-1]), limit=5)
    assert refused.value.code == "admission.metres_wrong"
