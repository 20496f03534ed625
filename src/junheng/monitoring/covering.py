"""The cheapest whole steps of measures that cover several requirements at once, exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from junheng.monitoring.pass_problem import Cost

_TIGHT = 1e-9


@dataclass(frozen=True, slots=True)
class Option:
    """A measure on offer: what one step adds to each requirement, most steps, cost of one."""

    adds: tuple[Fraction, ...]
    cap: int | None
    cost: Cost


@lru_cache(maxsize=65536)
def cover(required: tuple[int, ...], options: tuple[Option, ...]) -> tuple[int, ...] | None:
    """Steps of each option so that Σ adds·steps ≥ required at the least cost, ranks in order; None if
    nothing can.

    One requirement whose options all add the same is filled from the cheapest up, which is exact; anything
    else is an integer programme solved to proof.
    """
    open_rows = tuple(r for r, amount in enumerate(required) if amount > 0)
    if not open_rows:
        return (0,) * len(options)
    useful = [o for o, one in enumerate(options) if any(one.adds[r] > 0 for r in open_rows)]
    if len(open_rows) == 1:
        row = open_rows[0]
        if len({options[o].adds[row] for o in useful}) == 1:
            return _fill(required[row], row, useful, options)
    needs = tuple(required[r] for r in open_rows)
    offered = tuple(
        Option(tuple(options[o].adds[r] for r in open_rows), options[o].cap, options[o].cost) for o in useful
    )
    found = integer_programme(needs, offered)
    if found is None:
        return None
    steps = [0] * len(options)
    for o, count in zip(useful, found, strict=True):
        steps[o] = count
    return tuple(steps)


def _fill(amount: int, row: int, useful: Sequence[int], options: Sequence[Option]) -> tuple[int, ...] | None:
    left = ceil(amount / options[useful[0]].adds[row])
    steps = [0] * len(options)
    for o in sorted(useful, key=lambda o: (options[o].cost, o)):
        cap = options[o].cap
        steps[o] = left if cap is None else min(left, cap)
        left -= steps[o]
        if not left:
            return tuple(steps)
    return None


def integer_programme(required: tuple[int, ...], options: tuple[Option, ...]) -> tuple[int, ...] | None:
    """The same by branch and bound (HiGHS), one solve for each rank of cost, later ranks among the best of
    the first."""
    if not options:
        return None
    rows = np.array([[float(one.adds[r]) for one in options] for r in range(len(required))])
    scale = np.maximum(rows.max(axis=1), 1.0)
    limits = [LinearConstraint(rows / scale[:, None], np.array(required) / scale, np.inf)]
    upper: Any = np.array([most_steps(required, one) for one in options], dtype=float)
    best: tuple[int, ...] | None = None
    for rank in range(len(options[0].cost)):
        price = np.array([float(one.cost[rank]) for one in options])
        if rank and not price.any():
            continue
        unit = price.max() or 1.0
        found = milp(
            price / unit,
            integrality=np.ones(len(options)),
            bounds=Bounds(0, upper),
            constraints=limits,
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            return best
        best = tuple(round(value) for value in found.x.tolist())
        spent = sum(price[o] / unit * n for o, n in enumerate(best))
        limits.append(LinearConstraint((price / unit)[None, :], -np.inf, spent + _TIGHT))
    return best if best is not None and covers(required, options, best) else None


def covers(required: Sequence[int], options: Sequence[Option], steps: Sequence[int]) -> bool:
    """Whether steps cover every requirement, in exact arithmetic."""
    return all(
        sum((one.adds[r] * n for one, n in zip(options, steps, strict=True)), Fraction(0)) >= amount
        for r, amount in enumerate(required)
    )


def most_steps(required: Sequence[int], option: Option) -> int:
    """More steps than this never help: each requirement the option adds to is then covered by it alone."""
    enough = max(
        (ceil(amount / option.adds[r]) for r, amount in enumerate(required) if option.adds[r] > 0), default=0
    )
    return enough if option.cap is None else min(enough, option.cap)
