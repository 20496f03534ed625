"""Bound twins: parted only at a last seat, and then as the plan says."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.unit.admission.markets import Small, draw, united

from junheng.admission.families import assign_twins
from junheng.admission.messages import MESSAGES
from junheng.admission.problem import Market
from junheng.model.errors import BadData
from junheng.model.reason import words as sentence


def with_twins(rng: random.Random) -> tuple[Market, list[tuple[int, int]]]:
    """A market in which some child has a twin: the same list, the next ticket."""
    small = draw(rng, 6, 3, 2, 2, full=True)
    tickets = {c: 10 * t for c, t in small.ticket.items()}
    lists, priority = dict(small.lists), dict(small.priority)
    twins = [c for c in small.lists if rng.random() < 0.4]
    for c in twins:
        lists[f"{c}t"], tickets[f"{c}t"] = small.lists[c], tickets[c] + 1
        priority |= {(f"{c}t", p): small.priority[c, p] for p in small.lists[c]}
    market = united([Small(small.seats, lists, tickets, priority)])
    names = [name.split("/")[1] for name in market.applicant_id]
    return market, [(names.index(c), names.index(f"{c}t")) for c in twins]


def places(market: Market, held: np.ndarray) -> np.ndarray:
    return held - market.start[:-1]


def test_expansion_keeps_every_pair_together_and_hurts_nobody() -> None:
    rng = random.Random(1)
    grown = 0
    for _ in range(500):
        market, pairs = with_twins(rng)
        found = assign_twins(market, market.keys().words, pairs)
        at = places(market, found.held)
        assert found.parted == () and all(at[a] == at[b] for a, b in pairs)
        assert (found.held <= found.without_link).all()
        assert found.expanded.sum() <= len(pairs) * market.seats.size
        grown += int(found.expanded.sum() > 0)
    assert grown > 50


def test_a_skipped_last_seat_lets_both_go_on_together() -> None:
    rng = random.Random(2)
    skipped = 0
    for _ in range(500):
        market, pairs = with_twins(rng)
        found = assign_twins(market, market.keys().words, pairs, "skip")
        at = places(market, found.held)
        assert found.parted == () and all(at[a] == at[b] for a, b in pairs)
        placed = found.held < market.start[1:]
        taken = np.bincount(market.program[found.held[placed]], minlength=market.seats.size)
        assert (taken <= market.seats).all() and not found.expanded.any()
        skipped += int((found.held != found.without_link).any())
    assert skipped > 50


def test_split_says_who_is_parted() -> None:
    market = united(
        [
            Small(
                {"p": 1, "q": 5},
                {"a": ["p", "q"], "b": ["p", "q"]},
                {"a": 1, "b": 2},
                {(c, p): 0 for c in "ab" for p in "pq"},
            )
        ]
    )
    words = market.keys().words
    assert assign_twins(market, words, [(0, 1)], "split").parted == (0,)
    assert places(market, assign_twins(market, words, [(0, 1)], "skip").held).tolist() == [1, 1]
    assert assign_twins(market, words, [(0, 1)]).expanded.tolist() == [1, 0]


def test_links_that_contradict_are_faults() -> None:
    small = Small(
        {"p": 1}, {"a": ["p"], "b": [], "c": ["p"]}, {"a": 1, "b": 2, "c": 3}, {("a", "p"): 0, ("c", "p"): 0}
    )
    market = united([small])
    with pytest.raises(BadData) as refused:
        assign_twins(market, market.keys().words, [(0, 1), (0, 2)])
    found = refused.value.findings
    assert [one.code for one in found] == [
        "admission.twins_lists", "admission.twins_tickets", "admission.twins_twice"
    ]  # fmt: skip
    assert "00000/a and 00000/b" in sentence(MESSAGES, found[0].code, found[0].parameters, "en")
