"""Who gives what is exchanged: donors lose as much and are never taken below their own requirement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from junheng.monitoring.pass_problem import Cost, County, Ints, Standing
from junheng.monitoring.school_programme import Asked, Programme, programme

Gift = tuple[int, int, int]
"""(move of the receiver, unit that gives, steps)."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Gifts found for a set of exchanges, and the moves that found fewer donors than steps, with what they
    got."""

    gifts: tuple[Gift, ...]
    scarce: Mapping[int, int]


def settle(
    county: County, chosen: Mapping[int, Programme], asked: Asked
) -> tuple[dict[int, int], tuple[Gift, ...], dict[int, Programme]]:
    """Donors for every exchange chosen; where they do not suffice, caps go to whom an exchange saves most.

    Returns caps by move, gifts, and programmes solved again under the caps.
    """
    caps, now = dict(asked.caps or {}), dict(chosen)
    while True:
        steps = {m: n for one in now.values() for m, n in one.steps.items()}
        wanted = {m: n for m, n in steps.items() if county.moves[m].exchange and n}
        if not wanted:
            return caps, (), now
        without = county.after({m: n for m, n in steps.items() if m not in wanted})
        order = sorted(wanted, key=lambda m: (_negative(_saving(county, now, m, asked, caps)), m))
        supply = donors(county, without, [(m, wanted[m]) for m in order])
        if not supply.scarce:
            return caps, supply.gifts, now
        caps |= supply.scarce
        for block in {county.moves[m].block for m in supply.scarce}:
            now[block] = programme(county, block, replace(asked.of(county, block), caps=caps))


def donors(county: County, standing: Standing, wanted: Sequence[tuple[int, int]]) -> Supply:
    """Gifts for (move, steps) in order, one step at a time from whoever has most a pupil and can spare it."""
    lines = county.required(pupils=standing.pupils)
    spare: dict[tuple[int, int], int] = {}
    gifts: dict[tuple[int, int], int] = {}
    scarce: dict[int, int] = {}
    receiving = {e.unit for m, _ in wanted for e in county.moves[m].effects}
    for m, count in wanted:
        move = county.moves[m]
        stage = county.units[move.effects[0].unit].stage
        first = move.effects[0].item
        for got in range(count):
            best: tuple[Fraction, int] | None = None
            for u in county.of_stage[stage].tolist():
                if u in receiving or not _can_give(county, standing, lines, spare, m, u):
                    continue
                left = int(standing.have[0, first, u]) - spare.get((first, u), 0)
                rate = Fraction(left, int(standing.pupils[0, u]))
                if best is None or rate > best[0]:
                    best = (rate, u)
            if best is None:
                scarce[m] = got
                break
            gifts[m, best[1]] = gifts.get((m, best[1]), 0) + 1
            for e in move.effects:
                spare[e.item, best[1]] = spare.get((e.item, best[1]), 0) + int(max(e.amount))
    return Supply(tuple((m, u, n) for (m, u), n in gifts.items()), scarce)


def _can_give(
    county: County, standing: Standing, lines: Ints, spare: Mapping[tuple[int, int], int], m: int, u: int
) -> bool:
    for e in county.moves[m].effects:
        left = standing.have[:, e.item, u] - spare.get((e.item, u), 0) - int(max(e.amount))
        if not county.known[e.item, u] or (left < lines[:, e.item, u]).any():
            return False
    return bool((standing.pupils[:, u] > 0).all())


def _saving(
    county: County, chosen: Mapping[int, Programme], m: int, asked: Asked, caps: Mapping[int, int]
) -> Cost | None:
    """What the school would pay more without this exchange; None where it could not do without."""
    block = county.moves[m].block
    other = programme(county, block, replace(asked.of(county, block), caps={**caps, m: 0}))
    if other.out_of_reach:
        return None
    return tuple(a - b for a, b in zip(other.cost, chosen[block].cost, strict=True))


def _negative(saving: Cost | None) -> tuple[bool, Cost]:
    """Sorts those who cannot do without first, then the greatest saving."""
    return (saving is not None, tuple(-c for c in saving or ()))


def kept(gifts: Sequence[Gift], steps: Mapping[int, int]) -> tuple[Gift, ...]:
    """The gifts still needed for `steps`; thinning a plan only takes steps away."""
    left, out = dict(steps), list[Gift]()
    for m, unit, count in gifts:
        use = min(count, left.get(m, 0))
        left[m] = left.get(m, 0) - use
        if use:
            out.append((m, unit, use))
    return tuple(out)
