"""The cheapest way one school passes: which item rests at its floor × an exact covering programme over the
levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import ceil

import numpy as np

from junheng.monitoring.covering import Option, cover
from junheng.monitoring.pass_problem import Cost, County, Ints, add_costs
from junheng.monitoring.shared_programme import shared_programme


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What no lever closes: hundredths of an item of a unit still missing with every measure at its cap."""

    unit: int
    item: int
    missing: int


@dataclass(frozen=True, slots=True)
class Programme:
    """Steps by move and their cost; `out_of_reach` is empty when the school passes."""

    steps: Mapping[int, int] = field(default_factory=dict[int, int])
    cost: Cost = ()
    out_of_reach: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a programme is asked beyond the school rule.

    raised: int64[K, I, U], least hundredths to add for the county's sake. prices: other costs by move (the
    bound's reduced costs). caps: other caps by move (scarce donors).
    """

    raised: Ints | None = None
    prices: Mapping[int, Cost] | None = None
    caps: Mapping[int, int] | None = None

    def of(self, county: County, block: int) -> Asked:
        """The same for one school, without `raised` where nothing is asked of it."""
        units = list(county.units_of[block])
        raised = self.raised if self.raised is not None and self.raised[:, :, units].any() else None
        return Asked(raised, self.prices, self.caps)


NOTHING = Asked()


def programme(county: County, block: int, asked: Asked = NOTHING) -> Programme:
    """The cheapest steps with which every unit of the school passes in every future.

    Exact: a school of one stage is a choice of resting items times independent coverings, compared in exact
    fractions; stages that share measures, or levers that take pupils away, are one integer programme.
    """
    moves = county.moves_of[block]
    units = county.units_of[block]
    costs = {m: (asked.prices or {}).get(m, county.moves[m].cost) for m in moves}
    caps = {m: (asked.caps or {}).get(m, county.moves[m].cap) for m in moves}
    gaps = [_gaps(county, unit, moves, asked.raised) for unit in units]
    joined = len(units) > 1 and any(len({e.unit for e in county.moves[m].effects}) > 1 for m in moves)
    if joined or any(gap is None for gap in gaps) or any(county.moves[m].fewer for m in moves):
        steps = shared_programme(county, block, asked.raised, costs, caps)
    else:
        steps = _apart(
            county, units, [gap for gap in gaps if gap is not None], {m: (caps[m], costs[m]) for m in moves}
        )
    if steps is None:
        return Programme(out_of_reach=out_of_reach(county, block, asked.raised, caps))
    ranks = len(county.moves[moves[0]].cost) if moves else 0
    return Programme(
        {m: n for m, n in steps.items() if n}, add_costs([(costs[m], n) for m, n in steps.items()], ranks)
    )


@dataclass(frozen=True, slots=True)
class _Gap:
    """Hundredths missing to the full line, to the floor, and asked by the county, by item."""

    full: tuple[int, ...]
    least: tuple[int, ...]
    raised: tuple[int, ...]


def _gaps(county: County, unit: int, moves: Sequence[int], raised: Ints | None) -> _Gap | None:
    """The gaps of the one future that asks most of every item at once; None when there is no such future."""
    known = county.known[:, unit, None]
    full = np.where(known, (county.full - county.have)[:, :, unit].T, 0)
    least = np.where(known, (county.least - county.have)[:, :, unit].T, 0)
    worst = int(full.sum(axis=0).argmax())
    if (full > full[:, [worst]]).any() or (least > least[:, [worst]]).any():
        return None
    if any(len(set(e.amount)) > 1 for m in moves for e in county.moves[m].effects):
        return None
    asked = raised[:, :, unit].max(axis=0) if raised is not None else np.zeros(len(county.items), dtype=int)
    return _Gap(tuple(full[:, worst].tolist()), tuple(least[:, worst].tolist()), tuple(asked.tolist()))


def _apart(
    county: County, units: Sequence[int], gaps: Sequence[_Gap], terms: Mapping[int, tuple[int | None, Cost]]
) -> dict[int, int] | None:
    out: dict[int, int] = {}
    for unit, gap in zip(units, gaps, strict=True):
        mine = {m: t for m, t in terms.items() if any(e.unit == unit for e in county.moves[m].effects)}
        steps = _one_unit(county, unit, gap, mine)
        if steps is None:
            return None
        out |= steps
    return out


def _one_unit(
    county: County, unit: int, gap: _Gap, terms: Mapping[int, tuple[int | None, Cost]]
) -> dict[int, int] | None:
    rows = range(len(county.items))
    wanted = [max(gap.full[i], gap.raised[i]) for i in rows]
    rested = [max(gap.least[i], gap.raised[i]) for i in rows]
    if all(amount <= 0 for amount in wanted):
        return {}
    adds = {m: _adds(county, m, unit) for m in terms}
    ranks = len(next(iter(terms.values()))[1]) if terms else 0
    parts = [_Part.of(items, adds, terms, ranks) for items in _components(adds, rows)]
    short = [i for i in rows if wanted[i] > max(rested[i], 0)]
    best: tuple[Cost, dict[int, int]] | None = None
    for count in range(min(county.resting, len(short)) + 1):
        for resting in combinations(short, count):
            amounts = [rested[i] if i in resting else wanted[i] for i in rows]
            found = [part.covered(amounts) for part in parts]
            covered = [one for one in found if one is not None]
            if len(covered) < len(found):
                continue
            cost = add_costs([(one, 1) for _, one in covered], ranks)
            if best is None or cost < best[0]:
                best = (cost, {m: n for steps, _ in covered for m, n in steps.items()})
    return None if best is None else best[1]


@dataclass(frozen=True, slots=True)
class _Part:
    """Items tied together by measures, with the measures that raise them and the ranks of their cost; what
    covers an amount is kept."""

    items: tuple[int, ...]
    moves: tuple[int, ...]
    options: tuple[Option, ...]
    ranks: int
    known: dict[tuple[int, ...], tuple[dict[int, int], Cost] | None]

    @staticmethod
    def of(
        items: tuple[int, ...],
        adds: Mapping[int, Mapping[int, Fraction]],
        terms: Mapping[int, tuple[int | None, Cost]],
        ranks: int,
    ) -> _Part:
        mine = tuple(m for m, raised in adds.items() if any(i in raised for i in items))
        options = tuple(Option(tuple(adds[m].get(i, Fraction(0)) for i in items), *terms[m]) for m in mine)
        return _Part(items, mine, options, ranks, {})

    def covered(self, amounts: Sequence[int]) -> tuple[dict[int, int], Cost] | None:
        """(steps, cost) of the cheapest cover of the amounts of these items; None where nothing covers
        them."""
        required = tuple(max(amounts[i], 0) for i in self.items)
        if required not in self.known:
            self.known[required] = self._cover(required)
        return self.known[required]

    def _cover(self, required: tuple[int, ...]) -> tuple[dict[int, int], Cost] | None:
        if not any(required):
            return {}, (Fraction(0),) * self.ranks
        steps = cover(required, self.options)
        if steps is None:
            return None
        taken = [(one.cost, n) for one, n in zip(self.options, steps, strict=True) if n]
        return dict(zip(self.moves, steps, strict=True)), add_costs(taken, self.ranks)


def _adds(county: County, m: int, unit: int) -> dict[int, Fraction]:
    return {e.item: e.amount[0] for e in county.moves[m].effects if e.unit == unit}


def _components(adds: Mapping[int, Mapping[int, Fraction]], items: range) -> list[tuple[int, ...]]:
    """Items tied together by measures that raise several of them."""
    group = {i: i for i in items}
    for raised in adds.values():
        first, *others = raised
        for other in others:
            old, new = group[other], group[first]
            group = {i: new if g == old else g for i, g in group.items()}
    return [tuple(i for i in items if group[i] == g) for g in dict.fromkeys(group.values())]


def out_of_reach(
    county: County, block: int, raised: Ints | None = None, caps: Mapping[int, int | None] | None = None
) -> tuple[Shortfall, ...]:
    """What stays missing with every measure of the school at its cap, under the kindest choice of resting
    items.

    This is the smallest change that would let the school pass: caps do not compete with each other.
    """
    moves = county.moves_of[block]
    limit = {m: (caps or {}).get(m, county.moves[m].cap) for m in moves}
    out: list[Shortfall] = []
    for unit in county.units_of[block]:
        reach: dict[int, Fraction | None] = {}
        for m in moves:
            for e in county.moves[m].effects:
                if e.unit == unit:
                    cap, now = limit[m], reach.get(e.item, Fraction(0))
                    reach[e.item] = None if cap is None or now is None else now + min(e.amount) * cap
        left: list[tuple[int, int, int]] = []
        for i in range(len(county.items)):
            if not county.known[i, unit] or (i in reach and reach[i] is None):
                continue
            most = reach.get(i) or Fraction(0)
            asked = int(raised[:, i, unit].max()) if raised is not None else 0
            full = int((county.full - county.have)[:, i, unit].max())
            least = int((county.least - county.have)[:, i, unit].max())
            missing = (max(ceil(max(full, asked) - most), 0), max(ceil(max(least, asked) - most), 0))
            if missing[0]:
                left.append((i, *missing))
        rest = sorted(left, key=lambda row: row[2] - row[1])[: county.resting]
        out += [
            Shortfall(unit, i, least if (i, full, least) in rest else full)
            for i, full, least in left
            if ((i, full, least) not in rest or least)
        ]
    return tuple(out)
