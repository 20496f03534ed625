"""Every stable outcome of small markets, enumerated: the engine gives the best, the certificate knows it."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from tests.unit.admission.markets import Small, draw, united

from junheng.admission.bands import band_of_choice
from junheng.admission.certificate import certify
from junheng.admission.deferred_acceptance import LOW, deferred_acceptance
from junheng.admission.mechanisms import Mechanism, order_of, run
from junheng.admission.problem import Market
from junheng.admission.trade_log import replay

MARKETS = 10_000


def outcomes(market: Market) -> np.ndarray:
    """Every way to give each child one of her choices or nothing, seats kept: rows of `held`."""
    spans = [range(a, b + 1) for a, b in itertools.pairwise(market.start.tolist())]
    every = np.array(list(itertools.product(*spans)), np.int64).reshape(-1, market.children)
    placed = every < market.start[1:]
    program = np.append(market.program, 0)[every]
    fits = np.ones(every.shape[0], bool)
    for p, seats in enumerate(market.seats.tolist()):
        fits &= ((program == p) & placed).sum(axis=1) <= seats
    return every[fits]


def stable(market: Market, words: np.ndarray, every: np.ndarray) -> np.ndarray:
    """Which outcomes leave no child with a better claim, by the definition and not by cut-offs."""
    placed = every < market.start[1:]
    program = np.where(placed, np.append(market.program, 0)[every], -1)
    level = np.append(words, 0).astype(np.int64)[every] & ~LOW
    good = np.ones(every.shape[0], bool)
    for child in range(market.children):
        for row in range(market.start[child], market.start[child + 1]):
            p = market.program[row]
            wants = every[:, child] > row
            here = program == p
            key = (int(words[row]) & ~LOW) | child
            worse = (here & ((level | np.arange(market.children)) > key)).any(axis=1)
            empty = here.sum(axis=1) < market.seats[p]
            good &= ~(wants & (worse | empty))
    return good


@pytest.mark.parametrize("bands", [(), (1,), (2,)])
def test_the_kernel_finds_the_best_stable_outcome_and_the_certificate_accepts_no_other(
    bands: tuple[int, ...],
) -> None:
    rng = random.Random(f"brute {bands}")
    others = 0
    for _ in range(MARKETS // 3 + 1):
        market = united([draw(rng, 5, 4, 2, 5, full=rng.random() < 0.4)])
        words = market.keys(band_of_choice(bands, market.longest) if bands else None).words
        held = deferred_acceptance(market.seats, market.start, words)
        every = outcomes(market)
        good = every[stable(market, words, every)]
        assert (held <= good).all() and (held == good).all(axis=1).any()
        assert ((good < market.start[1:]) == (held < market.start[1:])).all()  # the same children everywhere
        mine = certify(market.seats, market.start, words, held)
        assert mine.best and (mine.filled <= market.seats).all()
        for row in good:
            if (row != held).any():
                others += 1
                proof = certify(market.seats, market.start, words, row)
                assert proof.stable and proof.cycle and not proof.best
        unstable = every[~stable(market, words, every)]
        for row in unstable[rng.sample(range(len(unstable)), min(2, len(unstable)))]:
            assert not certify(market.seats, market.start, words, row).stable
    assert others > 20 or bands == (1,)  # immediate acceptance has one stable outcome nearly always


def test_seats_over_the_number_are_seen() -> None:
    market = united(
        [Small({"p": 1}, {"a": ["p"], "b": ["p"]}, {"a": 1, "b": 2}, {("a", "p"): 0, ("b", "p"): 0})]
    )
    proof = certify(market.seats, market.start, market.keys().words, np.array([0, 1]))
    assert proof.over.tolist() == [0] and not proof.stable


def test_holding_what_was_not_applied_for_is_refused() -> None:
    market = united([Small({"p": 1}, {"a": ["p"], "b": []}, {"a": 1, "b": 2}, {("a", "p"): 0})])
    with pytest.raises(ValueError, match="did not apply"):
        certify(market.seats, market.start, market.keys().words, np.array([1, 0]))


def lie_pays(small: Small, mechanism: Mechanism, rng: random.Random) -> bool:
    """Whether some child gains by another full order of her list (sampled)."""
    market = united([small])
    honest = run(market, mechanism, order_of(market, mechanism)).held
    names = [name.split("/")[1] for name in market.applicant_id]
    for child, name in enumerate(names):
        true = small.lists[name]
        lies = list(itertools.permutations(true))
        for lie in rng.sample(lies, min(6, len(lies))):
            told = united(
                [Small(small.seats, {**small.lists, name: list(lie)}, small.ticket, small.priority)]
            )
            held = run(told, mechanism, order_of(told, mechanism)).held[child]
            got = true.index(lie[held - told.start[child]]) if held < told.start[child + 1] else len(true)
            if got < honest[child] - market.start[child]:
                return True
    return False


@pytest.mark.parametrize(("mechanism", "pays"), [("da", False), ("sd", False), ("ttc", False), ("ia", True)])
def test_only_immediate_acceptance_rewards_a_lie_when_lists_are_full(
    mechanism: Mechanism, pays: bool
) -> None:
    rng = random.Random(f"lie {mechanism}")
    markets = [draw(rng, 4, 3, 2, 3, full=True) for _ in range(150)]
    assert any(lie_pays(small, mechanism, rng) for small in markets) == pays


def test_after_trading_cycles_nobody_can_gain_without_a_loss() -> None:
    rng = random.Random(3)
    for _ in range(1000):
        market = united([draw(rng, 5, 4, 2, 3)])
        keys = order_of(market, "ttc")
        outcome = run(market, "ttc", keys)
        every = outcomes(market)
        better = (every <= outcome.held).all(axis=1) & (every < outcome.held).any(axis=1)
        assert not better.any()


def test_a_changed_log_of_trades_is_refused() -> None:
    rng = random.Random(8)
    refused = 0
    for _ in range(300):
        market = united([draw(rng, 6, 4, 2, 3)])
        keys = order_of(market, "ttc")
        trades = run(market, "ttc", keys).trades
        assert trades is not None
        assert replay(market.seats, market.start, keys.words, trades)
        for child in range(market.children):
            held = trades.held.copy()
            held[child] = rng.randint(market.start[child], market.start[child + 1])
            if held[child] != trades.held[child]:
                changed = type(trades)(held, trades.log, trades.step)
                assert not replay(market.seats, market.start, keys.words, changed)
                refused += 1
        if trades.log.size > 1:
            short = type(trades)(trades.held, trades.log[:-1], trades.step[:-1])
            assert not replay(market.seats, market.start, keys.words, short)
    assert refused > 300
