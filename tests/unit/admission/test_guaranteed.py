"""Guaranteed seats: never refused, never displaced; the rest fill what is left."""

from __future__ import annotations

import random

import numpy as np
from tests.unit.admission.markets import Small, draw, united

from junheng.admission.certificate import certify
from junheng.admission.deferred_acceptance import deferred_acceptance
from junheng.admission.priority import keys


def slow(small: Small, promised: set[tuple[str, str]]) -> dict[str, str]:
    """Every programme keeps all its guaranteed and the best others while seats are left."""
    at = dict.fromkeys(small.lists, 0)
    while True:
        applied: dict[str, list[str]] = {p: [] for p in small.seats}
        for child, list_ in small.lists.items():
            if at[child] < len(list_):
                applied[list_[at[child]]].append(child)
        refused: list[str] = []
        for p, seats in small.seats.items():
            sure = [c for c in applied[p] if (c, p) in promised]
            rest = sorted(
                (c for c in applied[p] if (c, p) not in promised), key=lambda c, p=p: small.key(c, p)
            )
            refused += rest[max(seats - len(sure), 0) :]
        if not refused:
            return {c: list_[at[c]] for c, list_ in small.lists.items() if at[c] < len(list_)}
        for child in refused:
            at[child] += 1


def test_guaranteed_seats_are_kept_whatever_the_seats() -> None:
    rng = random.Random(11)
    over = 0
    for _ in range(3000):
        small = draw(rng, 7, 3, 2, 2)
        promised = {(c, list_[-1]) for c, list_ in small.lists.items() if list_ and rng.random() < 0.5}
        market = united([small])
        names = [name.split("/")[1] for name in market.applicant_id]
        offered = [name.split("/")[1] for name in market.program_id]
        child = market.child_of_row()
        sure = np.array(
            [(names[c], offered[p]) in promised for c, p in zip(child, market.program, strict=True)], bool
        )
        words = keys(market.program, None, market.priority, sure).words
        held = deferred_acceptance(market.seats, market.start, words, guaranteed=True)
        got = {
            names[c]: offered[market.program[row]]
            for c, row in enumerate(held.tolist())
            if row < market.start[c + 1]
        }
        assert got == slow(small, promised), (small, promised)
        assert {c for c, _ in promised} <= set(got)
        proof = certify(market.seats, market.start, words, held, guaranteed=True)
        assert proof.best
        over += int((proof.filled > market.seats).any())
    assert over > 100
