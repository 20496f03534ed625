"""Overlapping reserves: what a matching saves, and what must not matter."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.admission.markets import Small, draw, united

from junheng.admission.certificate import certify
from junheng.admission.meritorious import MOST_RESERVES, claims, cumulative_offers, meritorious
from junheng.admission.meritorious_check import rechoose
from junheng.admission.problem import Market
from junheng.admission.reserves import Reserve, assign_reserved
from junheng.model.errors import BadData


def one_school(traits: list[str], seats: int) -> Market:
    """Children c0, c1, … in the order of their tickets ask for one school."""
    names = [f"c{at}" for at in range(len(traits))]
    return united(
        [
            Small(
                {"s": seats},
                {name: ["s"] for name in names},
                {name: at for at, name in enumerate(names)},
                {(name, "s"): 0 for name in names},
            )
        ]
    )


def held(traits: list[str], name: str) -> np.ndarray:
    return np.array([name in one for one in traits])


def by_rule(market: Market, reserves: list[Reserve], traits: dict[str, np.ndarray]) -> np.ndarray:
    rule, marks = meritorious(market, reserves, traits)
    words = market.keys().words
    found = cumulative_offers(market.seats, market.start, words, marks, rule)
    assert rechoose(market.seats, market.start, words, marks, rule, found).certificate.stable
    return found


def test_a_seat_the_order_of_reserves_wastes_is_filled_by_the_matching() -> None:
    # the best child holds both traits; by position she fills reserve a, and nobody is left for b
    two = [Reserve("a", 0, 1, "soft", 1, "a"), Reserve("b", 0, 2, "soft", 1, "b")]
    have = ["ab", "", "a", ""]
    market = one_school(have, 2)
    traits = {name: held(have, name) for name in "ab"}
    by_position = assign_reserved(market, two, traits)
    assert (by_position.held < market.start[1:]).tolist() == [True, True, False, False]
    found = by_rule(market, two, traits)
    assert (found < market.start[1:]).tolist() == [True, False, True, False]
    rule, marks = meritorious(market, two, traits)
    named = rechoose(market.seats, market.start, market.keys().words, marks, rule, found).reserve
    assert [rule.names[one] if one >= 0 else "" for one in named] == ["b", "", "a", ""]


def test_hard_reserves_keep_what_nobody_fills_and_soft_ones_give_it_to_all() -> None:
    have = ["", "a", "", ""]
    market = one_school(have, 3)
    traits = {"a": held(have, "a"), "b": held(have, "b")}
    for kind, returns, sits in (
        ("soft", "never", [True, True, True, False]),
        ("hard", "at_once", [True, True, True, False]),
        ("hard", "never", [True, True, False, False]),
    ):
        two = [
            Reserve("a", 0, 1, kind, 1, "a", returns),  # type: ignore[arg-type]
            Reserve("b", 0, 2, kind, 1, "b", returns),  # type: ignore[arg-type]
        ]
        assert (by_rule(market, two, traits) < market.start[1:]).tolist() == sits


def test_what_the_rule_has_no_meaning_for_is_refused_all_at_once() -> None:
    market = one_school(["a"] * 30, 30)
    traits = {"a": held(["a"] * 30, "a"), "b": held(["a"] * 30, "b")}
    wrong = [
        Reserve("x", 0, 1, "hard", 1, "a", "after_run"),
        Reserve("y", 0, 2, "hard", 1, "b"),
        Reserve("open", 0, 3, "open"),
        *(Reserve(f"r{n}", 0, 4 + n, "soft", 1, "a") for n in range(MOST_RESERVES)),
    ]
    with pytest.raises(BadData) as caught:
        meritorious(market, wrong, traits)
    assert {one.code for one in caught.value.findings} == {
        "admission.overlap_after_run", "admission.overlap_mixed", "admission.overlap_open_first",
        "admission.overlap_many",
    }  # fmt: skip
    with pytest.raises(BadData) as caught:
        meritorious(market, [Reserve("x", 0, 1, "soft", 31, "a")], traits)
    assert [one.code for one in caught.value.findings] == ["admission.reserve_over"]
    many = {f"t{n}": held([""] * 30, "x") for n in range(41)}
    own = [Reserve(f"r{n}", 0, n, "soft", 0, f"t{n}") for n in range(41)]
    with pytest.raises(BadData) as caught:
        meritorious(market, own, many)
    assert {one.code for one in caught.value.findings} == {
        "admission.overlap_traits",
        "admission.overlap_many",
    }


def drawn(seed: int) -> tuple[Market, list[Reserve], dict[str, np.ndarray]]:
    rng = random.Random(seed)
    market = united([draw(rng, 9, 4, 4, rng.choice([1, 3]))])
    child = market.child_of_row()
    traits = {name: (np.array([rng.random() < 0.5 for _ in range(market.children)]))[child] for name in "abc"}
    reserves: list[Reserve] = []
    for program, seats in enumerate(market.seats.tolist()):
        left = seats
        for at, name in enumerate(rng.sample("abc", 3), start=1):
            count = rng.randrange(left + 1)
            left -= count
            reserves.append(Reserve(f"{name}{program}", program, at, "soft", count, name))
    return market, reserves, traits


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000))
def test_one_more_seat_hurts_no_child_and_its_claims_are_none(seed: int) -> None:
    market, reserves, traits = drawn(seed)
    before = by_rule(market, reserves, traits)
    rule, marks = meritorious(market, reserves, traits)
    assert not claims(market.seats, market.start, market.keys().words, marks, rule, before).any()
    for program in range(market.seats.size):
        more = market.seats.copy()
        more[program] += 1
        assert (by_rule(replace(market, seats=more), reserves, traits) <= before).all()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.randoms())
def test_the_order_of_reserves_and_traits_nobody_has_change_nothing(
    seed: int, shuffled: random.Random
) -> None:
    market, reserves, traits = drawn(seed)
    before = by_rule(market, reserves, traits)
    turned = list(reserves)
    shuffled.shuffle(turned)
    turned = [replace(one, position=at) for at, one in enumerate(turned)]
    assert (by_rule(market, turned, traits) == before).all()
    nobody = {name: np.zeros(market.program.size, bool) for name in traits}
    plain = by_rule(market, [], {})
    assert (by_rule(market, reserves, nobody) == plain).all()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000))
def test_with_one_trait_a_child_it_is_the_soft_reserves_in_front(seed: int) -> None:
    market, reserves, traits = drawn(seed)
    child = market.child_of_row()
    which = np.random.default_rng(seed).integers(0, 4, market.children)[child]
    alone = {name: which == at for at, name in enumerate(traits)}
    one_kind = [one for one in reserves if one.trait == "a"]
    assert (by_rule(market, one_kind, alone) == assign_reserved(market, one_kind, alone).held).all()
    hard = [replace(one, kind="hard") for one in reserves]
    assert (by_rule(market, hard, alone) == assign_reserved(market, hard, alone).held).all()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000), st.data())
def test_a_better_ticket_and_another_trait_never_hurt(seed: int, data: st.DataObject) -> None:
    market, reserves, traits = drawn(seed)
    before = by_rule(market, reserves, traits)
    who = data.draw(st.integers(0, market.children - 1))
    rows = np.arange(market.start[who], market.start[who + 1])
    name = data.draw(st.sampled_from(sorted(traits)))
    gifted = {one: values.copy() for one, values in traits.items()}
    gifted[name][rows] = True
    assert by_rule(market, reserves, gifted)[who] <= before[who]
    better = market.priority.copy()
    better[rows] -= 10
    assert by_rule(replace(market, priority=better), reserves, traits)[who] <= before[who]


def test_without_reserves_it_is_the_kernel() -> None:
    rng = random.Random(3)
    for _ in range(200):
        market = united([draw(rng, 9, 4, 3, 3)])
        found = by_rule(market, [], {})
        assert certify(market.seats, market.start, market.keys().words, found).best
