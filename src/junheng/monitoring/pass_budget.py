"""In which order schools are put right, what a budget reaches, and what stays unmet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from junheng.monitoring.pass_donors import kept
from junheng.monitoring.pass_plan import CountyPlan
from junheng.monitoring.pass_problem import Standing


@dataclass(frozen=True, eq=False)
class Funding:
    """order: schools (blocks) with measures, first the one to begin with. funded: those the budget reaches.

    spent: what they cost. standing: where every unit stands when only they are done. broken: coefficients
    still over their line then.
    """

    order: tuple[int, ...]
    funded: frozenset[int]
    spent: Fraction
    standing: Standing
    broken: tuple[tuple[int, str, int], ...]


def fund(plan: CountyPlan, budget: Fraction | None) -> Funding:
    """Schools by lead time, the longest first, since what takes years must be begun first; among equals
    the one with most pupils for its cost.

    With a budget: the set of schools with the most pupils that it pays for in full, exact (a 0/1 programme);
    half a school's plan helps nobody to pass. Costs in ranks cannot be held against a budget: all are funded.
    """
    county = plan.county
    costs: dict[int, Fraction] = {}
    lead: dict[int, int] = {}
    for m, n in plan.steps.items():
        move = county.moves[m]
        costs[move.block] = costs.get(move.block, Fraction(0)) + move.cost[0] * n
        lead[move.block] = max(lead.get(move.block, 0), move.lead_years)
    pupils = {b: sum(int(county.pupils[0, u]) for u in county.units_of[b]) for b in costs}
    order = tuple(sorted(costs, key=lambda b: (-lead[b], -Fraction(pupils[b]) / (costs[b] or 1), b)))
    funded = frozenset(order)
    if budget is not None and len(plan.cost) == 1 and sum(costs.values(), Fraction(0)) > budget:
        funded = frozenset(_within(budget, order, costs, pupils))
    steps = {m: n for m, n in plan.steps.items() if county.moves[m].block in funded}
    standing = county.after(steps, kept(plan.gifts, steps))
    spent = sum((costs[b] for b in funded), Fraction(0))
    return Funding(order, funded, spent, standing, tuple(standing.broken()))


def _within(
    budget: Fraction, order: tuple[int, ...], costs: Mapping[int, Fraction], pupils: Mapping[int, int]
) -> list[int]:
    price: Any = np.array([[float(costs[b]) for b in order]])
    limit: Any = np.array([float(budget)])
    found = milp(
        -np.array([float(pupils[b]) for b in order]),
        integrality=np.ones(len(order)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            price / max(float(budget), 1.0), -np.inf, limit / max(float(budget), 1.0)
        ),
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        return []
    chosen = [b for b, x in zip(order, found.x.tolist(), strict=True) if x > 0.5]
    while chosen and sum((costs[b] for b in chosen), Fraction(0)) > budget:
        chosen.remove(min(chosen, key=lambda b: (pupils[b], b)))
    return chosen
