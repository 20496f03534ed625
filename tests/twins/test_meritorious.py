"""Overlapping reserves beside the rule as its paper writes it: matchings by trying them all, programmes that
choose from lists of names, and every stable outcome of the smallest markets."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

import numpy as np

from junheng.admission.deferred_acceptance import TAIL
from junheng.admission.meritorious import TRAITS, Meritorious, cumulative_offers
from junheng.admission.meritorious_check import rechoose

MARKETS = 3_000
CLASSES = 5


@dataclass(frozen=True)
class Held:
    """`reserves` by programme: (trait, seats); `keeps`: unfilled reserved seats stay empty; `key` of (child,
    programme): band of the choice, class, child."""

    lists: list[list[int]]
    seats: list[int]
    reserves: list[list[tuple[int, int]]]
    keeps: list[bool]
    traits: list[set[int]]
    key: dict[tuple[int, int], tuple[int, int, int]]

    def matched(self, children: tuple[int, ...], room: tuple[tuple[int, int], ...]) -> int:
        """Size of the greatest matching, by trying every seat for every child."""
        if not children:
            return 0
        first, rest = children[0], children[1:]
        best = self.matched(rest, room)
        for at, (trait, left) in enumerate(room):
            if left and trait in self.traits[first]:
                less = (*room[:at], (trait, left - 1), *room[at + 1 :])
                best = max(best, 1 + self.matched(rest, less))
        return best

    def choice(self, program: int, children: set[int]) -> set[int]:
        """Whom a programme takes."""
        room, seats = tuple(self.reserves[program]), self.seats[program]
        queue = sorted(children, key=lambda child: self.key[child, program])
        others = seats - sum(n for _, n in room) if self.keeps[program] else seats
        reserved: list[int] = []
        open_: list[int] = []
        for band in sorted({self.key[child, program][0] for child in queue}):
            here = [child for child in queue if self.key[child, program][0] == band]
            for child in here:
                grows = self.matched((*reserved, child), room) > self.matched(tuple(reserved), room)
                if grows and len(reserved) + len(open_) < seats:
                    reserved.append(child)
            for child in here:
                full = len(open_) >= others if self.keeps[program] else len(reserved) + len(open_) >= seats
                if child not in reserved and not full:
                    open_.append(child)
        return {*reserved, *open_}

    def admitted(self) -> list[int]:
        """Offers child by child; -1 where none is left."""
        at = [0] * len(self.lists)
        holds: list[set[int]] = [set() for _ in self.seats]
        moving = list(range(len(self.lists)))
        while moving:
            child = moving.pop()
            if at[child] == len(self.lists[child]):
                continue
            program = self.lists[child][at[child]]
            asked = holds[program] | {child}
            holds[program] = self.choice(program, asked)
            for out in asked - holds[program]:
                at[out] += 1
                moving.append(out)
        where = {child: program for program, held in enumerate(holds) for child in held}
        return [where.get(child, -1) for child in range(len(self.lists))]

    def stable(self, got: tuple[int, ...]) -> bool:
        """Whether every programme would choose whom it holds from all who like it at least as much."""
        for program in range(len(self.seats)):
            likes = {
                child
                for child, mine in enumerate(self.lists)
                if program in mine and (got[child] < 0 or mine.index(program) <= mine.index(got[child]))
            }
            if self.choice(program, likes) != {c for c, p in enumerate(got) if p == program}:
                return False
        return True


def drawn(rng: random.Random, children: int, programs: int, *, contested: bool = False) -> Held:
    """`contested`: full lists and few seats, so that more than one outcome is stable."""
    seats = [rng.randrange(1, 3) if contested else rng.randrange(0, 4) for _ in range(programs)]
    reserves: list[list[tuple[int, int]]] = []
    for total in seats:
        own: list[tuple[int, int]] = []
        for trait in rng.sample(range(3), rng.randrange(4)):
            own.append((trait, rng.randrange(0, total - sum(n for _, n in own) + 1)))
        reserves.append(own)
    longest = [programs if contested else rng.randrange(programs + 1) for _ in range(children)]
    lists = [rng.sample(range(programs), most) for most in longest]
    banded = 0 if contested else rng.choice([0, 0, 1, 2])
    key = {
        (child, program): (at // banded if banded else 0, rng.randrange(CLASSES), child)
        for child, mine in enumerate(lists)
        for at, program in enumerate(mine)
    }
    traits = [{t for t in range(3) if rng.random() < 0.45} for _ in range(children)]
    return Held(lists, seats, reserves, [rng.random() < 0.3 for _ in seats], traits, key)


def engine(one: Held) -> tuple[list[int], tuple[object, ...]]:
    """(programme of each child, what `rechoose` is asked with)."""
    start = np.cumsum([0, *map(len, one.lists)]).astype(np.int64)
    rows = [(child, program) for child, mine in enumerate(one.lists) for program in mine]
    levels = [one.key[row][0] * CLASSES + one.key[row][1] for row in rows]
    words = np.array([p | level << TAIL for (_, p), level in zip(rows, levels, strict=True)], np.int64)
    marks = np.array(
        [sum(1 << t for t in one.traits[c]) | one.key[c, p][0] << TRAITS for c, p in rows], np.int64
    )
    flat = [pair for own in one.reserves for pair in own]
    rule = Meritorious(
        np.cumsum([0, *map(len, one.reserves)]).astype(np.int64),
        np.array([t for t, _ in flat], np.int64),
        np.array([n for _, n in flat], np.int64),
        np.array(one.keeps, bool),
        tuple(f"r{at}" for at in range(len(flat))),
    )
    seats = np.array(one.seats, np.int32)
    held = cumulative_offers(seats, start, words, marks, rule)
    got = [rows[at][1] if at < start[c + 1] else -1 for c, at in enumerate(held.tolist())]
    return got, (seats, start, words, marks, rule, held)


def test_offers_give_what_the_rule_written_plainly_gives() -> None:
    rng = random.Random("meritorious")
    for _ in range(MARKETS):
        one = drawn(rng, rng.randrange(1, 7), rng.randrange(1, 4))
        got, asked = engine(one)
        assert got == one.admitted(), one
        proof = rechoose(*asked)  # type: ignore[arg-type]
        assert proof.certificate.stable, one
        for program, own in enumerate(one.reserves):
            inside = [c for c, p in enumerate(got) if p == program and proof.reserve[c] >= 0]
            best = one.matched(tuple(c for c, p in enumerate(got) if p == program), tuple(own))
            assert len(inside) == best or any(one.key[row][0] for row in one.key), one
            rule = asked[4]
            assert isinstance(rule, Meritorious)
            assert all(int(rule.bit[proof.reserve[c]]) in one.traits[c] for c in inside)
            assert all(
                sum(1 for c in inside if proof.reserve[c] == rule.first[program] + at) <= n
                for at, (_, n) in enumerate(own)
            )


def test_of_all_stable_outcomes_it_is_the_best_for_every_child() -> None:
    rng = random.Random("all stable")
    several = 0
    for _ in range(600):
        one = drawn(rng, 4, 3, contested=True)
        got, _ = engine(one)
        stable = [held for held in product(*([*mine, -1] for mine in one.lists)) if one.stable(held)]
        assert tuple(got) in stable

        def rank(child: int, program: int, one: Held = one) -> int:
            return one.lists[child].index(program) if program >= 0 else len(one.lists[child])

        for other in stable:
            assert all(
                rank(c, mine) <= rank(c, theirs)
                for c, (mine, theirs) in enumerate(zip(got, other, strict=True))
            )
        several += len(stable) > 1
    assert several > 5


def test_the_certificate_refuses_every_other_outcome_that_is_not_stable() -> None:
    rng = random.Random("refuses")
    refused = 0
    for _ in range(150):
        one = drawn(rng, rng.randrange(2, 5), rng.randrange(1, 4))
        _, (seats, start, words, marks, rule, held) = engine(one)
        assert isinstance(held, np.ndarray) and isinstance(start, np.ndarray)
        for places in product(*(range(len(mine) + 1) for mine in one.lists)):
            other = start[:-1] + np.array(places)
            got = tuple(
                mine[at] if at < len(mine) else -1 for mine, at in zip(one.lists, places, strict=True)
            )
            proof = rechoose(seats, start, words, marks, rule, other)  # type: ignore[arg-type]
            assert proof.certificate.stable == one.stable(got), one
            refused += not proof.certificate.stable
    assert refused > 1_000
