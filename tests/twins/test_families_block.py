"""Families bound to one school before their ranks, beside the procedure as its page tells it, over
dictionaries, and its promises checked pair by pair."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
from tests.twins.test_admission import deferred_acceptance
from tests.unit.admission.markets import Small, draw, united

from junheng.admission.families import settle
from junheng.admission.families_block import Lists
from junheng.admission.families_count import family_count

MARKETS = 1_500
Families = list[tuple[str, ...]]


def with_families(rng: random.Random) -> tuple[Small, Families]:
    """A market and disjoint families of two or three of its children."""
    small = draw(rng, 9, 4, 3, rng.choice([1, 2]))
    names = list(small.lists)
    rng.shuffle(names)
    cuts = sorted({0, *(rng.randrange(len(names) + 1) for _ in range(4))})
    return small, [tuple(names[a:b]) for a, b in pairwise(cuts) if 2 <= b - a <= 3]


def together(got: dict[str, str], family: tuple[str, ...]) -> bool:
    return len({got.get(child, child) for child in family}) == 1


def common(lists: dict[str, list[str]], family: tuple[str, ...], ticket: dict[str, int]) -> list[str]:
    first = min(family, key=ticket.__getitem__)
    shared = [p for p in lists[first] if all(p in lists[child] for child in family)]
    return sorted(shared, key=lambda p: (sum(lists[c].index(p) for c in family), lists[first].index(p)))


def bound(small: Small, families: Families) -> tuple[dict[str, str], dict[str, list[str]], dict[int, str]]:
    """(who sits where, the lists that counted, where families were bound)."""
    lists = {child: list(mine) for child, mine in small.lists.items()}

    def run(now: dict[str, list[str]]) -> dict[str, str]:
        return deferred_acceptance(Small(small.seats, now, small.ticket, small.priority))

    got = run(lists)
    sits: dict[int, str] = {}
    order = sorted(range(len(families)), key=lambda at: min(small.ticket[c] for c in families[at]))
    again = True
    while again:
        again = False
        for at in order:
            family = families[at]
            if at in sits or together(got, family) or not all(small.lists[c] for c in family):
                continue
            for program in common(small.lists, family, small.ticket):
                trial = dict(lists)
                for child in family:
                    trial[child] = small.lists[child][small.lists[child].index(program) :]
                then = run(trial)
                if {then.get(c, "") for c in family} != {program}:
                    continue
                others = [n for n in range(len(families)) if n != at]
                if any(then.get(c) != sits[n] for n in others if n in sits for c in families[n]):
                    continue
                if any(together(got, families[n]) and not together(then, families[n]) for n in others):
                    continue
                lists, got, again = trial, then, True
                sits[at] = program
                break
    return got, lists, sits


def test_families_are_bound_as_the_procedure_says_and_its_promises_hold() -> None:
    rng = random.Random("block")
    united_, still, blocked = 0, 0, 0
    for _ in range(MARKETS):
        small, families = with_families(rng)
        market = united([small])
        names = [name.split("/")[1] for name in market.applicant_id]
        programs = [name.split("/")[1] for name in market.program_id]
        numbers = [tuple(sorted(names.index(child) for child in family)) for family in families]
        words = market.keys().words
        found = settle(market.seats, market.start, words, blocks=numbers)
        got, lists, sits = bound(small, families)
        mine = {
            names[c]: programs[market.program[row]]
            for c, row in enumerate(found.held.tolist())
            if row < market.start[c + 1]
        }
        assert mine == got, (small, families)
        assert {at: programs[p] for at, p in found.bound.items()} == sits
        alone = deferred_acceptance(small)
        for program, seats in small.seats.items():
            assert sum(p == program for p in mine.values()) <= seats
        assert all(together(mine, one) for one in families if together(alone, one))
        for child, wanted in lists.items():  # nobody envies a worse key, no seat is left that somebody wants
            place = wanted.index(mine[child]) if child in mine else len(wanted)
            for program in wanted[:place]:
                holders = [c for c, p in mine.items() if p == program]
                assert len(holders) == small.seats[program]
                assert all(small.key(c, program) < small.key(child, program) for c in holders)
        lists_ = Lists(found.seats, market.start, words, np.arange(market.seats.size))
        told = family_count(lists_, numbers, found.held, found.alone, found.bound)
        listed = [one for one in families if all(small.lists[c] for c in one)]
        apart = [one for one in listed if not together(mine, one)]
        taking = 0
        for family in apart:
            for program in common(small.lists, family, small.ticket):
                asked = {c for c, p in mine.items() if p == program} | set(family)
                best = sorted(asked, key=lambda c, p=program: small.key(c, p))[: small.seats[program]]
                if set(family) <= set(best):
                    taking += 1
                    break
        assert (told.families, told.together, told.moved) == (
            len(listed),
            len(listed) - len(apart),
            len(sits),
        )
        assert told.blocking == taking and told.kept
        within = {c for at in sits for c in families[at]}

        def rank(child: str, where: dict[str, str], small: Small = small) -> int:
            return small.lists[child].index(where[child]) if child in where else len(small.lists[child])

        others = [c for c in small.lists if c not in within]
        assert told.others_worse == sum(rank(c, mine) > rank(c, alone) for c in others)
        assert told.others_better == sum(rank(c, mine) < rank(c, alone) for c in others)
        united_ += len(sits)
        still += len(apart)
        blocked += told.blocking
    assert united_ > 50 and still > 100 and blocked > 0, (united_, still, blocked)


def test_a_family_without_a_common_school_keeps_its_single_outcomes() -> None:
    rng = random.Random("apart")
    for _ in range(200):
        small, families = with_families(rng)
        half = list(small.seats)
        split = {
            child: [p for p in mine if (p in half[::2]) == (at == 0)]
            for family in families
            for at, child in enumerate(family)
            for mine in [small.lists[child]]
        }
        apart = Small(small.seats, {**small.lists, **split}, small.ticket, small.priority)
        pairs = [family[:2] for family in families]
        market = united([apart])
        names = [name.split("/")[1] for name in market.applicant_id]
        numbers = [tuple(names.index(child) for child in pair) for pair in pairs]
        found = settle(market.seats, market.start, market.keys().words, blocks=numbers)
        assert (found.held == found.alone).all() and not found.bound
