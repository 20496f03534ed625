"""The mechanisms again as anybody would write them, over dictionaries, on 10,000 random markets each."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from tests.unit.admission.markets import Small, draw, split, united

from junheng.admission.mechanisms import Mechanism, order_of, run

MARKETS = 10_000
Bands = tuple[int, ...]


def deferred_acceptance(market: Small, bands: Bands = ()) -> dict[str, str]:
    """Rounds of applications; every programme keeps the best of those it holds and the new ones."""

    def key(child: str, program: str) -> tuple[int, ...]:
        choice = market.lists[child].index(program)
        return (band_of(choice, bands), *market.key(child, program))

    following = dict.fromkeys(market.lists, 0)
    kept: dict[str, list[str]] = {program: [] for program in market.seats}
    moving = set(market.lists)
    while moving:
        for child in moving:
            if following[child] < len(market.lists[child]):
                kept[market.lists[child][following[child]]].append(child)
        moving = set()
        for program, seats in market.seats.items():
            kept[program].sort(key=lambda child, program=program: key(child, program))
            for child in kept[program][seats:]:
                following[child] += 1
                moving.add(child)
            del kept[program][seats:]
    return {child: program for program, children in kept.items() for child in children}


def band_of(choice: int, bands: Bands) -> int:
    """Number of the band of a choice from 0; the last size goes on."""
    if not bands:
        return 0
    end = band = 0
    while True:
        end += bands[min(band, len(bands) - 1)]
        if choice < end:
            return band
        band += 1


def immediate_acceptance(market: Small, bands: Bands = ()) -> dict[str, str]:
    """Round k: every programme fills its seats left with those who listed it k-th, for good."""
    left = dict(market.seats)
    got: dict[str, str] = {}
    for choice in range(max(map(len, market.lists.values()))):
        for program in market.seats:
            here = [
                c
                for c, list_ in market.lists.items()
                if c not in got and list_[choice : choice + 1] == [program]
            ]
            here.sort(key=lambda child, program=program: market.key(child, program))
            for child in here[: left[program]]:
                got[child] = program
                left[program] -= 1
    return got


def parallel(market: Small, bands: Bands) -> dict[str, str]:
    """Band after band: deferred acceptance among those still without a seat, on the seats left, for good."""
    got: dict[str, str] = {}
    left = dict(market.seats)
    for band in range(max(map(len, market.lists.values()), default=0)):
        lists = {
            child: [p for at, p in enumerate(list_) if band_of(at, bands) == band]
            for child, list_ in market.lists.items()
            if child not in got
        }
        now = deferred_acceptance(Small(left, lists, market.ticket, market.priority))
        got |= now
        for program in now.values():
            left[program] -= 1
    return got


def serial_dictatorship(market: Small, bands: Bands = ()) -> dict[str, str]:
    """By ticket, each takes the best that is left."""
    left = dict(market.seats)
    got: dict[str, str] = {}
    for child in sorted(market.lists, key=market.ticket.__getitem__):
        for program in market.lists[child]:
            if left[program]:
                left[program] -= 1
                got[child] = program
                break
    return got


def top_trading_cycles(market: Small, bands: Bands = ()) -> dict[str, str]:
    """Follow the arrows from anybody until they close; that cycle trades."""
    left = dict(market.seats)
    lists = {child: list(list_) for child, list_ in market.lists.items()}
    got: dict[str, str] = {}
    while True:
        lists = {c: [p for p in list_ if left[p]] for c, list_ in lists.items() if c not in got}
        lists = {c: list_ for c, list_ in lists.items() if list_}
        if not lists:
            return got
        path = [next(iter(lists))]
        while True:
            program = lists[path[-1]][0]
            best = min((c for c in lists if program in lists[c]), key=lambda c, p=program: market.key(c, p))
            if best in path:
                break
            path.append(best)
        for child in path[path.index(best) :]:
            got[child] = lists[child][0]
            left[lists[child][0]] -= 1


TWINS: list[tuple[Mechanism, Callable[[Small, Bands], dict[str, str]], list[Bands]]] = [
    ("da", deferred_acceptance, [()]),
    ("ia", immediate_acceptance, [()]),
    ("parallel", parallel, [(1,), (2,), (1, 2), (3, 1, 2), (9,)]),
    ("sd", serial_dictatorship, [()]),
    ("ttc", top_trading_cycles, [()]),
]


@pytest.mark.parametrize(("mechanism", "twin", "bands"), TWINS, ids=[m for m, *_ in TWINS])
def test_the_engine_does_what_its_twin_does(
    mechanism: Mechanism, twin: Callable[[Small, Bands], dict[str, str]], bands: list[Bands]
) -> None:
    rng = random.Random(f"twin {mechanism}")
    for sizes in bands:
        count = MARKETS // len(bands)
        markets = [draw(rng, 8, 5, 3, rng.choice([1, 2, 4])) for _ in range(count)]
        market = united(markets)
        outcome = run(market, mechanism, order_of(market, mechanism, sizes))
        found = split(market, outcome.held, count)
        for small, engine in zip(markets, found, strict=True):
            assert engine == twin(small, sizes), (small, sizes)


def test_keys_led_by_the_band_give_the_same_as_band_after_band() -> None:
    rng = random.Random(5)
    for _ in range(300):
        small, sizes = draw(rng, 7, 5, 2), rng.choice([(1,), (2,), (1, 2)])
        assert deferred_acceptance(small, sizes) == parallel(small, sizes)
