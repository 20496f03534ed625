"""Sharing free seats: the fast flow against a linear program on every draw."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from junheng.forecast.seat_balance.sharing import share


def least_shortage(gap: np.ndarray, links: np.ndarray) -> float:
    """Σ shortage left, by linear programming over the flows along links."""
    short, free = np.maximum(gap, 0), np.maximum(-gap, 0)
    pairs = np.argwhere(links)
    if not len(pairs):
        return float(short.sum())
    size = len(gap)
    limit = np.zeros((2 * size, len(pairs)))
    for k, (i, j) in enumerate(pairs):
        limit[i, k] = limit[size + j, k] = 1
    found = linprog(-np.ones(len(pairs)), A_ub=limit, b_ub=np.concatenate([short, free]), method="highs")
    return float(short.sum() + found.fun)


@given(st.integers(2, 9), st.integers(0, 10_000), st.floats(0.1, 0.9))
def test_the_flow_is_as_large_as_the_linear_program(areas: int, seed: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    gap = rng.integers(-60, 60, (areas, 2, 4)).astype(np.float32)
    links = rng.random((areas, areas)) < density
    np.fill_diagonal(links, False)
    residual, lent = share(gap, links)
    for h in range(2):
        for d in range(4):
            assert abs(residual[:, h, d].sum() - least_shortage(gap[:, h, d], links)) < 1e-2
    short, free = np.maximum(gap, 0), np.maximum(-gap, 0)
    assert (residual >= -1e-4).all()
    assert (residual <= short + 1e-4).all()
    assert (lent <= free + 1e-4).all()
    np.testing.assert_allclose((short - residual).sum(axis=0), lent.sum(axis=0), atol=1e-2)


def test_rivals_for_the_same_seats_keep_like_shares() -> None:
    gap = np.array([60.0, 60.0, -60.0], dtype=np.float32).reshape(3, 1, 1)
    links = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 0]], dtype=np.bool_)
    residual, _ = share(gap, links)
    assert abs(float(residual[0, 0, 0]) - float(residual[1, 0, 0])) <= 60 / 5 + 1e-3
    assert float(residual.sum()) == 60.0


def test_seats_reach_further_by_taking_turns() -> None:
    """a may use b and c, d only b: the flow moves a to c so that d is served too."""
    gap = np.array([10.0, -10.0, -10.0, 10.0], dtype=np.float32).reshape(4, 1, 1)
    links = np.zeros((4, 4), dtype=np.bool_)
    links[0, 1] = links[0, 2] = links[3, 1] = True
    assert share(gap, links)[0].sum() == 0.0
