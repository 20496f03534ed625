"""The programme of a school whose stages share measures, or whose levers take pupils away: one integer
programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from junheng.monitoring.pass_problem import HUNDREDTH, Cost, County, Ints, stand

Floats = NDArray[np.float64]
_TIGHT = 1e-9
_TRIES = 4
_DUST = 1e-3
"""Parts of a step by which the solver may be out; steps of parts of a unit are rounded up beyond it."""


def shared_programme(
    county: County,
    block: int,
    raised: Ints | None,
    costs: Mapping[int, Cost],
    caps: Mapping[int, int | None],
) -> dict[int, int] | None:
    """Cheapest steps by move so that every unit of the block passes in every future; None if impossible.

    Rows are (future, unit, item): have + Σ adds·n + need·d + s ≥ full, where d are pupils taken away and the
    resting item may use s ≤ (1 − floor share)·need·(p − d). The choice of resting items is binary.
    """
    model = _Model(county, block, raised, caps)
    if model.fulfilled():
        return {}
    best: Floats | None = None
    ranks = len(next(iter(costs.values()))) if costs else 0
    fixed: list[LinearConstraint] = []
    for rank in range(ranks):
        price = np.zeros(model.width)
        price[: len(model.moves)] = [float(costs[m][rank]) for m in model.moves] * model.per_variable
        if rank and not price.any():
            continue
        unit = price.max() or 1.0
        found = model.solve(price / unit, fixed)
        if found is None:
            break
        best = found
        fixed.append(_rows((price / unit)[None, :], -np.inf, float(price @ best) / unit + _TIGHT))
    if best is None:
        return None
    counts = np.ceil(best[: len(model.moves)] * model.per_variable - _DUST).astype(int).tolist()
    return _mended(county, block, raised, dict(zip(model.moves, counts, strict=True)), caps)


def _rows(rows: Any, low: Any, high: Any) -> LinearConstraint:
    """Arrays where the stubs of scipy know numbers only."""
    return LinearConstraint(rows, low, high)


def _between(low: Any, high: Any) -> Bounds:
    return Bounds(low, high)


class _Model:
    def __init__(
        self, county: County, block: int, raised: Ints | None, caps: Mapping[int, int | None]
    ) -> None:
        self.moves = county.moves_of[block]
        self.cells = [
            (k, u, i)
            for k in range(len(county.futures))
            for u in county.units_of[block]
            for i in range(len(county.items))
            if county.known[i, u]
        ]
        n, c = len(self.moves), len(self.cells)
        self.width = n + 2 * c
        # millions of hundredths as whole numbers would only be noise to the solver: those are counted in
        # units of the lever, as parts of one, and rounded up to a step afterwards
        whole = np.array([county.moves[m].size >= 1 for m in self.moves])
        self.per_variable = np.array(
            [1.0 if county.moves[m].size >= 1 else float(1 / county.moves[m].size) for m in self.moves]
        )
        self.integrality = np.concatenate([whole.astype(float), np.zeros(c), np.ones(c)])
        adds, fewer = np.zeros((c, n)), np.zeros((c, n))
        position = {cell: r for r, cell in enumerate(self.cells)}
        for column, m in enumerate(self.moves):
            for e in county.moves[m].effects:
                for k, amount in enumerate(e.amount):
                    if (k, e.unit, e.item) in position:
                        adds[position[k, e.unit, e.item], column] += float(amount)
            for unit, count in county.moves[m].fewer:
                for r, (_, u, _) in enumerate(self.cells):
                    if u == unit:
                        fewer[r, column] += count
        need = np.array([float(county.need_of[i][u]) for _, u, i in self.cells])
        pupils = np.array([float(county.pupils[k, u]) for k, u, _ in self.cells])
        have = np.array([float(county.have[k, i, u]) for k, u, i in self.cells])
        extra = np.array([float(raised[k, i, u]) if raised is not None else 0.0 for k, u, i in self.cells])
        full = np.array([float(county.full[k, i, u]) for k, u, i in self.cells])
        least = np.array([float(county.least[k, i, u]) for k, u, i in self.cells])
        spare = 1 - float(county.floor_share)
        if fewer.any():  # lines move with the pupils; rounding them up first would ask a hundredth too much
            full, least = need * pupils, need * pupils * (1 - spare)
        self.have, self.full, self.least, self.extra = have, full, least, extra
        gap = full - have
        allowance = np.maximum(full - least, 0.0)
        used = adds * self.per_variable
        scale = np.maximum(np.maximum(used.max(axis=1, initial=0), need), HUNDREDTH)[:, None]
        rest, eye, none = np.diag(allowance), np.eye(c), np.zeros((c, c))
        line = np.hstack([used + fewer * need[:, None], rest, none])
        self.constraints = [_rows(line / scale, gap / scale[:, 0], np.inf)]
        self.constraints.append(_rows(np.hstack([np.zeros((c, n)), eye, -eye]), -np.inf, 0))
        if fewer.any():
            self.constraints.append(_rows(np.hstack([fewer / pupils[:, None], eye, none]), -np.inf, 1))
        if extra.any():
            asked = np.hstack([used, none, none])[extra > 0]
            size = scale[extra > 0]
            self.constraints.append(_rows(asked / size, extra[extra > 0] / size[:, 0], np.inf))
        choose = np.zeros((len({(k, u) for k, u, _ in self.cells}), self.width))
        for g, key in enumerate(sorted({(k, u) for k, u, _ in self.cells})):
            for r, (k, u, _) in enumerate(self.cells):
                if (k, u) == key:
                    choose[g, n + c + r] = 1
        self.constraints.append(_rows(choose, -np.inf, county.resting))
        most = [_most(county, m, gap, adds[:, j], extra, caps[m]) for j, m in enumerate(self.moves)]
        self.upper = np.concatenate([np.array(most, dtype=float) / self.per_variable, np.ones(2 * c)])

    def fulfilled(self) -> bool:
        """Whether nothing is missing and nothing asked."""
        return not self.extra.any() and bool((self.have >= self.full).all())

    def solve(self, price: Floats, fixed: list[LinearConstraint]) -> Floats | None:
        """Branch and bound to proof; the choice of resting items is then fixed and solved again, so that no
        item leans on a binary that is only nearly whole."""
        args = {"integrality": self.integrality, "options": {"mip_rel_gap": 0}}
        found = milp(price, bounds=_between(0, self.upper), constraints=[*self.constraints, *fixed], **args)
        if found.x is None:
            return None
        lower, upper = np.zeros(self.width), self.upper.copy()
        chosen = np.round(found.x[-len(self.cells) :])
        if (chosen == found.x[-len(self.cells) :]).all():
            return found.x
        lower[-len(self.cells) :] = upper[-len(self.cells) :] = chosen
        again = milp(price, bounds=_between(lower, upper), constraints=[*self.constraints, *fixed], **args)
        return found.x if again.x is None else again.x


def _most(county: County, m: int, gap: Floats, adds: Floats, extra: Floats, cap: int | None) -> float:
    """More steps than this never help."""
    move = county.moves[m]
    useful = adds > 0
    enough = float(np.ceil(np.maximum(gap, extra)[useful] / adds[useful]).max(initial=0)) + 1
    for unit, count in move.fewer:
        enough = max(enough, float(county.pupils[:, unit].min() // count))
    return enough if cap is None else min(enough, float(cap))


def _mended(
    county: County, block: int, raised: Ints | None, steps: dict[int, int], caps: Mapping[int, int | None]
) -> dict[int, int]:
    """`steps` with as many parts of a unit as exact arithmetic asks for: one more where the solver left a
    hundredth short, one less where it had one to spare."""
    units = list(county.units_of[block])

    def good(some: dict[int, int]) -> bool:
        standing = stand(county, some)
        held = raised is None or bool((standing.have - county.have >= raised)[:, :, units].all())
        return held and bool(standing.passing()[:, units].all())

    parts = [m for m in county.moves_of[block] if county.moves[m].size < 1 and steps[m]]
    for _ in range(_TRIES):
        if good(steps):
            break
        steps = steps | {m: steps[m] + 1 for m in parts if caps[m] is None or steps[m] < (caps[m] or 0)}
    for m in parts:
        for _ in range(_TRIES):
            less = steps | {m: steps[m] - 1}
            if less[m] < 0 or not good(less):
                break
            steps = less
    return steps
