"""The cheapest set of measures with which every school passes and every variation coefficient is within
its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from junheng.monitoring import pass_bound, pass_descent, pass_donors, pass_polish
from junheng.monitoring.levelling_up import excess, whole_steps
from junheng.monitoring.pass_donors import Gift
from junheng.monitoring.pass_problem import Cost, County, Ints, Standing, add_costs
from junheng.monitoring.school_programme import Asked, Programme, Shortfall, programme

Cell = tuple[int, str, int]
_ROUNDS = 40
_SHARES = (Fraction(1001, 1000), Fraction(3, 4))
"""Shares of the prices that pay for the coefficients at which schools choose once more: measures that do
not differ at those prices differ a little beyond, in favour of what helps the coefficients."""


@dataclass(frozen=True, eq=False)
class CountyPlan:
    """Steps by move, who gives what is moved, cost, and how sure it is that nothing cheaper passes.

    bound: no plan costs less. status: `proved` (cost = bound), `within` (cost − bound is the gap),
    `infeasible` (`out_of_reach` and `broken` say what stays). schools_only: the cost if only schools had to
    pass, not the county's coefficients. raised: hundredths asked of units for the county's sake.
    pupils_fixed:
    the bound holds among plans that take the same pupils away; of all plans `schools_only` is the bound.
    """

    county: County
    steps: Mapping[int, int]
    gifts: tuple[Gift, ...]
    cost: Cost
    bound: Cost
    status: str
    schools_only: Cost
    out_of_reach: tuple[Shortfall, ...] = ()
    broken: tuple[Cell, ...] = ()
    raised: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    pupils_fixed: bool = False

    @property
    def standing(self) -> Standing:
        """Where every unit stands after the plan."""
        return self.county.after(self.steps, self.gifts)

    @property
    def gap(self) -> Fraction:
        """Share of the cost that might still be saved, in the first rank in which cost and bound differ."""
        for cost, bound in zip(self.cost, self.bound, strict=True):
            if cost > bound:
                return (cost - bound) / cost
        return Fraction(0)


def county_plan(county: County) -> CountyPlan:
    """Every school's optimum, levelled until every coefficient holds, re-chosen, then thinned.

    Schools raised for the county no longer need their resting item, so that all programmes are solved again
    with what was asked of them until nothing changes. Measures that take pupils away are chosen by the
    schools'
    programmes; where coefficients are left to mend, the county is levelled with the pupils so found and with
    all pupils kept, and the cheaper plan taken. Raises nothing: what cannot pass is in the plan's status.
    """
    first = solve(county, Asked())
    takers = [m for m, move in enumerate(county.moves) if move.fewer]
    if not takers:
        return _planned(county, first)
    chosen = {m: one.steps.get(m, 0) for one in first.values() for m in takers if one.steps.get(m, 0)}
    whole = _planned(county, first, level=False)
    if whole.status == "proved" or whole.out_of_reach:
        return whole
    plans: list[CountyPlan] = []
    for fewer in (chosen, {}) if chosen else ({},):
        kept_pupils = _with_pupils(county, fewer)
        plan = _planned(kept_pupils, solve(kept_pupils, Asked()))
        plans.append(_with_takers(county, plan, fewer, whole.schools_only))
    return min(plans, key=lambda plan: (plan.status == "infeasible", plan.cost))


def _with_pupils(county: County, fewer: Mapping[int, int]) -> County:
    """The county with pupils taken away as `fewer` says and no measure left that takes any."""
    moves = tuple(replace(m, effects=(), fewer=(), cap=0) if m.fewer else m for m in county.moves)
    return replace(county, pupils=county.after(fewer).pupils, moves=moves)


def _with_takers(
    county: County, plan: CountyPlan, fewer: Mapping[int, int], schools_only: Cost
) -> CountyPlan:
    """A plan made with fixed pupils, with what fixing them cost, thinned once more. Its bound holds
    among plans
    with these pupils; `schools_only` is what no plan at all can undercut."""
    ranks = len(plan.cost)
    steps = pass_polish.thinned(county, {**plan.steps, **fewer}, plan.gifts)
    cost = add_costs([(county.moves[m].cost, n) for m, n in steps.items()], ranks)
    taken = add_costs([(county.moves[m].cost, n) for m, n in fewer.items()], ranks)
    among = tuple(min(a + b, c) for a, b, c in zip(plan.bound, taken, cost, strict=True))
    bound = max(among, schools_only)
    return replace(
        plan,
        county=county,
        steps=steps,
        gifts=pass_donors.kept(plan.gifts, steps),
        cost=cost,
        bound=bound,
        status=plan.status if plan.status == "infeasible" else "proved" if bound == cost else "within",
        schools_only=schools_only,
        pupils_fixed=True,
    )


def _planned(county: County, first: Mapping[int, Programme], *, level: bool = True) -> CountyPlan:
    ranks = len(county.moves[0].cost) if county.moves else 1
    schools_only = add_costs([(one.cost, 1) for one in first.values() if one.cost], ranks)
    short = tuple(s for one in first.values() for s in one.out_of_reach)
    best = _levelled(county, first, None, level)
    bound = schools_only
    if best.ends and not short and best.raised.any():
        after = county.after(best.steps, best.gifts).have
        dual = pass_bound.lower_bound(county, first, schools_only, best.raised, after, best.cost)
        bound = dual.bound
        for share in _SHARES if dual.prices else ():
            prices = pass_bound.prices_at(county, dual, share)
            other = _levelled(county, solve(county, Asked(prices=prices)), prices)
            if other.ends and other.cost < best.cost:
                best = other
        bound = pass_bound.next_possible(county, bound)
    short = short or best.out_of_reach
    status = "infeasible" if short or not best.ends else "proved" if bound == best.cost else "within"
    return CountyPlan(
        county,
        best.steps,
        best.gifts,
        best.cost,
        bound,
        status,
        schools_only,
        short,
        best.broken,
        best.raised,
    )


@dataclass(frozen=True, eq=False)
class _Levelled:
    """A plan in which everything that can hold holds. ends: whether everything does."""

    steps: dict[int, int]
    gifts: tuple[Gift, ...]
    cost: Cost
    raised: Ints
    broken: tuple[Cell, ...]
    out_of_reach: tuple[Shortfall, ...]
    ends: bool


def _levelled(
    county: County, first: Mapping[int, Programme], prices: Mapping[int, Cost] | None, level: bool = True
) -> _Levelled:
    """Raise units until every coefficient holds, solving the programmes again as their resting items free
    up."""
    raised = np.zeros_like(county.have)
    caps: dict[int, int] = {}
    chosen, gifts = dict(first), ()
    for _ in range(_ROUNDS):
        caps, gifts, chosen = pass_donors.settle(county, chosen, Asked(raised, prices, caps))
        steps = {m: n for one in chosen.values() for m, n in one.steps.items()}
        standing = county.after(steps, gifts)
        asked = raised.copy()
        for cell in _worst(county, standing):
            _ask(county, standing, steps, cell, asked)
        if not level or not (asked > raised).any():
            break
        raised = asked
        chosen = solve(county, Asked(raised, prices, caps), chosen)
    steps = {m: n for one in chosen.values() for m, n in one.steps.items() if n}
    steps = pass_polish.thinned(county, steps, gifts)
    gifts = pass_donors.kept(gifts, steps)
    standing = county.after(steps, gifts)
    ranks = len(county.moves[0].cost) if county.moves else 1
    cost = add_costs([(county.moves[m].cost, n) for m, n in steps.items()], ranks)
    broken = tuple(standing.broken())
    short = tuple(s for one in chosen.values() for s in one.out_of_reach)
    ends = not broken and not short and bool(standing.passing().all())
    return _Levelled(steps, gifts, cost, raised, broken, short, ends)


def _worst(county: County, standing: Standing) -> list[Cell]:
    """Of each coefficient that is over its line the future in which it is furthest over: what mends that one
    mostly mends the others, and asking for all at once would ask too much."""
    found: dict[tuple[int, str], tuple[float, Cell]] = {}
    for cell in standing.broken():
        amounts, pupils = standing.group(*cell)
        limit = float(county.cv_limit[cell[:2]])
        over = excess(amounts.astype(float), pupils.astype(float), limit)
        if cell[:2] not in found or over > found[cell[:2]][0]:
            found[cell[:2]] = (over, cell)
    return [cell for _, cell in found.values()]


def solve(
    county: County, asked: Asked, before: Mapping[int, Programme] | None = None
) -> dict[int, Programme]:
    """Programmes of every school; one that is already passing and asked nothing has no measures.

    A school that cannot be raised as asked keeps what it had `before`.
    """
    passing = Standing(county, county.have, county.pupils).passing()
    out: dict[int, Programme] = {}
    for block, units in enumerate(county.units_of):
        mine = asked.of(county, block)
        if passing[:, list(units)].all() and mine.raised is None:
            out[block] = Programme()
            continue
        found = programme(county, block, mine)
        if found.out_of_reach and before is not None and not before[block].out_of_reach:
            found = before[block]
        out[block] = found
    return out


def _ask(county: County, standing: Standing, steps: Mapping[int, int], cell: Cell, asked: Ints) -> None:
    """Raise `asked` in one cell until its coefficient is within the line, counting what is already added."""
    item, stage, k = cell
    units = county.of_stage[stage]
    units = units[county.known[item, units] & (standing.pupils[k, units] > 0)]
    amounts, pupils = standing.have[k, item, units], standing.pupils[k, units]
    step = _one_price(county, units, item, steps)
    limit = county.cv_limit[item, stage]
    if step is not None:
        size, caps = step
        counts = whole_steps(amounts, pupils, size, limit, caps)
        if counts is not None:
            add = counts * size
            now = standing.have[k, item, units] - county.have[k, item, units]
            at = (k, item, units[add > 0])
            asked[at] = np.maximum(asked[at], (now + add)[add > 0])
            return
    more = pass_descent.descend(county, standing, steps, cell)
    for m, count in more.items():
        for e in county.moves[m].effects:
            if e.item == item and e.unit in units:
                now = int(standing.have[k, item, e.unit] - county.have[k, item, e.unit])
                add = int(e.amount[k] * count)
                asked[k, item, e.unit] = max(int(asked[k, item, e.unit]), now + add)


def _one_price(
    county: County, units: np.ndarray, item: int, steps: Mapping[int, int]
) -> tuple[int, Ints] | None:
    """(step in hundredths, most steps left by unit) where one and the same measure at one price is the
    cheapest everywhere in the group; None where prices or sizes differ, or the measure moves instead of
    adding."""
    cheapest: dict[int, tuple[Cost, int]] = {}
    for m, move in enumerate(county.moves):
        for e in move.effects:
            if e.item == item and e.amount[0] > 0:
                if move.exchange or move.fewer or len(set(e.amount)) > 1 or e.amount[0].denominator > 1:
                    return None
                each = tuple(c / e.amount[0] for c in move.cost)
                left = None if move.cap is None else move.cap - steps.get(m, 0)
                if left == 0:
                    continue
                if e.unit not in cheapest or each < cheapest[e.unit][0]:
                    cheapest[e.unit] = (each, m)
    mine = {int(u): cheapest[int(u)] for u in units if int(u) in cheapest}
    if not mine or len({price for price, _ in mine.values()}) > 1:
        return None
    sizes = {e.amount[0] for _, m in mine.values() for e in county.moves[m].effects if e.item == item}
    if len(sizes) > 1:
        return None
    most = np.zeros(len(units), dtype=np.int64)
    for place, u in enumerate(units.tolist()):
        if u in mine:
            cap = county.moves[mine[u][1]].cap
            most[place] = 10**9 if cap is None else cap - steps.get(mine[u][1], 0)
    return int(next(iter(sizes))), most
