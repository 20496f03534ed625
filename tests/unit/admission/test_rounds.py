"""Second rounds: nobody who keeps a seat loses, nothing wanted stays empty, the best claim goes first."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.unit.admission.markets import Small, draw, united

from junheng.admission.deferred_acceptance import LOW, deferred_acceptance
from junheng.admission.problem import Market
from junheng.admission.rounds import ACCEPT, DECLINE, NO_ANSWER, WAIT, Policy, second_round, waiting_lists

POLICIES: tuple[Policy, ...] = ("waiting_list", "rerun", "reverse_lottery")


def first_round(rng: random.Random) -> tuple[Market, np.ndarray, np.ndarray, np.ndarray]:
    market = united([draw(rng, 9, 4, 2, 2, full=rng.random() < 0.7)])
    words = market.keys().words
    held = deferred_acceptance(market.seats, market.start, words)
    answers = np.array([rng.choice([ACCEPT, WAIT, WAIT, DECLINE, NO_ANSWER]) for _ in held], np.int8)
    return market, words, held, answers


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_who_keeps_a_seat_loses_and_no_wanted_seat_stays_empty(policy: Policy) -> None:
    rng = random.Random(policy)
    moves = 0
    for _ in range(500):
        market, words, held, answers = first_round(rng)
        found = second_round(market.seats, market.start, words, held, answers, policy, silence=ACCEPT)
        left = answers == DECLINE
        assert (found.held[left] == market.start[1:][left]).all()
        assert (found.held[~left] <= held[~left]).all()
        kept = np.isin(answers, (ACCEPT, NO_ANSWER)) & (held < market.start[1:])
        assert (found.held[kept] == held[kept]).all()
        placed = found.held < market.start[1:]
        taken = np.bincount(market.program[found.held[placed]], minlength=market.seats.size)
        assert (taken <= market.seats).all()
        for pool, waiting in enumerate(waiting_lists(market.start, words, found.held, market.seats.size)):
            if taken[pool] < market.seats[pool]:
                assert all(left[child] or kept[child] for child in waiting)
        assert found.given_back == int((left & (held < market.start[1:])).sum())
        moves += found.moved.size
    assert moves > 80


@pytest.mark.parametrize("beyond", [0, 1])
def test_vacancies_go_to_the_best_claim_one_by_one(beyond: int) -> None:
    """By the definition: while a wanted seat is free, its best claim takes it. A seat `beyond` the plan
    that is given back is none."""
    rng = random.Random(1)
    for _ in range(500):
        market, words, held, answers = first_round(rng)
        held = deferred_acceptance(market.seats + np.int32(beyond), market.start, words)
        found = second_round(market.seats, market.start, words, held, answers, "waiting_list")
        left = np.isin(answers, (DECLINE, NO_ANSWER))
        now = np.where(left, market.start[1:], held)
        out = left | ((answers == ACCEPT) & (held < market.start[1:]))
        while True:
            placed = now < market.start[1:]
            free = market.seats - np.bincount(market.program[now[placed]], minlength=market.seats.size)
            lists = waiting_lists(market.start, words, now, market.seats.size)
            open_ = [(p, c) for p, list_ in enumerate(lists) if free[p] > 0 for c in list_ if not out[c]][:1]
            if not open_:
                break
            pool, child = open_[0]
            rows = np.arange(market.start[child], market.start[child + 1])
            now[child] = rows[market.program[rows] == pool][0]
        assert (found.held == now).all()


def test_a_rerun_is_never_worse_than_the_waiting_list_and_reversed_tickets_move_fewer() -> None:
    rng = random.Random(3)
    moved = dict.fromkeys(POLICIES, 0)
    for _ in range(400):
        market, words, held, answers = first_round(rng)
        found = {p: second_round(market.seats, market.start, words, held, answers, p) for p in POLICIES}
        assert (found["rerun"].held <= found["waiting_list"].held).all()
        for policy, one in found.items():
            moved[policy] += one.moved.size
    assert moved["reverse_lottery"] <= moved["rerun"]


def test_reversed_tickets_cut_a_chain_short() -> None:
    """The seat of x at p goes to a, hers at q to b, in ticket order; reversed, it goes to c and the chain
    ends."""
    lists = {"x": ["p"], "a": ["p", "q"], "b": ["p", "q", "r"], "c": ["p"]}
    small = Small(
        {"p": 1, "q": 1, "r": 1},
        lists,
        {"x": 0, "a": 1, "b": 2, "c": 3},
        {(c, p): 0 for c in lists for p in lists[c]},
    )
    market = united([small])
    words = market.keys().words
    held = deferred_acceptance(market.seats, market.start, words)
    answers = np.array([DECLINE, WAIT, WAIT, WAIT], np.int8)
    sizes = [
        second_round(market.seats, market.start, words, held, answers, policy).moved.size
        for policy in POLICIES
    ]
    assert sizes == [2, 2, 1]
    assert waiting_lists(market.start, words, held, 3) == [[1, 2, 3], [2], []]
    assert int(words[0]) & LOW == 0
