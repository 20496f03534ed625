"""The cheapest way one school passes: which item rests at its floor × an exact covering programme over the
levers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from junheng.monitoring.covering import Whole, in_parts, parts_of
from junheng.monitoring.pass_problem import Cost, County, Ints, add_costs
from junheng.monitoring.shared_programme import shared_programme
from junheng.monitoring.unit_programme import Covered, Gap, UnitProgramme


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

    Exact: a school of one stage is a choice of resting items times independent coverings, compared in whole
    parts of a unit of money; stages that share measures, or levers that take pupils away, are one integer
    programme.
    """
    school = school_of(county, block)
    moves = school.moves
    costs = {m: county.moves[m].cost for m in moves}
    if asked.prices:
        costs |= {m: asked.prices[m] for m in moves if m in asked.prices}
    caps = school.caps
    if asked.caps:
        caps = {m: asked.caps.get(m, cap) for m, cap in caps.items()}
    ranks = len(county.moves[moves[0]].cost) if moves else 0
    if school.units is None:
        raised = None if asked.raised is None else asked.raised[:, :, list(county.units_of[block])].tobytes()
        key = (raised, tuple(costs.values()), tuple(caps.values()))
        if key not in school.solved:
            school.solved[key] = shared_programme(county, block, asked.raised, costs, caps)
        steps = school.solved[key]
        if steps is None:
            return Programme(out_of_reach=out_of_reach(county, block, asked.raised, caps))
        cost = add_costs([(costs[m], n) for m, n in steps.items()], ranks)
    else:
        parts = parts_of(costs.values())
        whole = {m: in_parts(cost, parts) for m, cost in costs.items()}
        found = school.cheapest(asked.raised, caps, whole, parts, ranks)
        if found is None:
            return Programme(out_of_reach=out_of_reach(county, block, asked.raised, caps))
        cost, steps = tuple(Fraction(c, parts) for c in found[0]), found[1]
    return Programme({m: n for m, n in steps.items() if n}, cost)


class School:
    """A block made ready to be solved many times. units: its units where they can be solved apart, else None;
    caps: most steps by move. solved: integer programmes by what they were asked, for units that share."""

    def __init__(self, county: County, block: int) -> None:
        self.moves = county.moves_of[block]
        self.caps = {m: county.moves[m].cap for m in self.moves}
        self.solved: dict[Hashable, dict[int, int] | None] = {}
        self.units = self._apart(county, block)

    def _apart(self, county: County, block: int) -> tuple[UnitProgramme, ...] | None:
        units, mine = county.units_of[block], [county.moves[m] for m in self.moves]
        if any(move.fewer for move in mine):
            return None
        if len(units) > 1 and any(len({e.unit for e in move.effects}) > 1 for move in mine):
            return None
        if any(len(set(e.amount)) > 1 for move in mine for e in move.effects):
            return None
        gaps = [Gap.of(county, unit) for unit in units]
        found = [
            UnitProgramme(county, u, self.moves, gap)
            for u, gap in zip(units, gaps, strict=True)
            if gap is not None
        ]
        return tuple(found) if len(found) == len(units) else None

    def cheapest(
        self,
        raised: Ints | None,
        caps: Mapping[int, int | None],
        costs: Mapping[int, Whole],
        parts: int,
        ranks: int,
    ) -> Covered | None:
        """(cost, steps) of all units, costs in whole numbers of `parts`; None where the caps do not suffice.

        Only for a school whose units are solved apart.
        """
        total, steps = (0,) * ranks, dict[int, int]()
        for one in self.units or ():
            asked = None if raised is None else raised[:, :, one.unit].max(axis=0).tolist()
            found = one.cheapest(asked, caps, costs, parts, ranks)
            if found is None:
                return None
            total = tuple(a + b for a, b in zip(total, found[0], strict=True))
            steps |= found[1]
        return total, steps


def school_of(county: County, block: int) -> School:
    """A school made ready, once for a county."""
    if block not in county.ready:
        county.ready[block] = School(county, block)
    return county.ready[block]


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
