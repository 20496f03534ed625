"""Greedy additions for one variation coefficient where prices, sizes or reach of measures differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.monitoring.levelling_up import level_up
from junheng.monitoring.pass_problem import Cost, County, Standing, cv_within

_PARTS = 400
"""A measure in hundredths is taken in portions of about this share of all that is missing; thinning trims
the last."""
_RANK = 1e4


@dataclass(frozen=True, eq=False)
class _Offer:
    move: NDArray[np.int64]
    place: NDArray[np.int64]
    adds: NDArray[np.float64]
    price: NDArray[np.float64]
    portion: NDArray[np.int64]
    left: NDArray[np.int64]


def descend(
    county: County, standing: Standing, steps: Mapping[int, int], cell: tuple[int, str, int]
) -> dict[int, int]:
    """More steps by move, each time the one that takes most off P·Σ(x²/p) − (1+τ²)X² for its price, until the
    coefficient is within its line or nothing helps. What an exchange adds leaves the unit with most a
    pupil."""
    item, stage, k = cell
    units = county.of_stage[stage]
    units = units[county.known[item, units] & (standing.pupils[k, units] > 0)]
    x, p = standing.have[k, item, units].astype(float), standing.pupils[k, units].astype(float)
    keep = county.full[k, item, units].astype(float)
    limit = county.cv_limit[item, stage]
    factor = 1 + float(limit) ** 2
    offer = _offers(county, units, steps, cell, level_up(x, p, float(limit)).added)
    exchange = np.array([county.moves[m].exchange for m in offer.move.tolist()], dtype=bool)
    more = np.zeros(len(offer.move), dtype=np.int64)
    pupils, total = p.sum(), x.sum()
    while True:
        if cv_within(np.floor(x).astype(np.int64), p.astype(np.int64), limit):
            break
        able = more < offer.left
        size = np.minimum(offer.portion, np.maximum(offer.left - more, 0))
        add = offer.adds * size
        change = pupils * (2 * x[offer.place] * add + add * add) / p[offer.place]
        bought = change - factor * (2 * total * add + add * add)
        moved, giver = _with_giver(x, p, keep, np.where(exchange, add, 0.0), offer.place, pupils)
        value = np.where(exchange, change + moved, bought) / (offer.price * size + 1e-12)
        value[~able | (exchange & (giver < 0))] = np.inf
        if not len(value) or value.min() >= 0:
            break
        best = int(value.argmin())
        more[best] += size[best]
        x[offer.place[best]] += add[best]
        if exchange[best]:
            x[giver[best]] -= add[best]
        else:
            total += add[best]
    return {int(m): int(n) for m, n in zip(offer.move, more, strict=True) if n}


def _with_giver(
    x: NDArray[np.float64],
    p: NDArray[np.float64],
    keep: NDArray[np.float64],
    add: NDArray[np.float64],
    place: NDArray[np.int64],
    pupils: float,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """What the best giver's loss changes, and who that is (−1: nobody can spare it), for each offer that
    moves."""
    moved, giver = np.zeros(len(add)), np.full(len(add), -1, dtype=np.int64)
    if not add.any():
        return moved, giver
    order = np.argsort(-x / p, kind="stable")
    for o in np.flatnonzero(add).tolist():
        amount = float(add[o])
        spare = order[(x[order] - amount >= keep[order]) & (order != place[o])]
        if len(spare):
            g = int(spare[0])
            giver[o] = g
            moved[o] = pupils * (amount * amount - 2 * x[g] * amount) / p[g]
    return moved, giver


def _offers(
    county: County,
    units: NDArray[np.intp],
    steps: Mapping[int, int],
    cell: tuple[int, str, int],
    missing: float,
) -> _Offer:
    item, _, k = cell
    place = {int(u): n for n, u in enumerate(units)}
    rows: list[tuple[int, int, float, float, int, int]] = []
    for m, move in enumerate(county.moves):
        for e in move.effects:
            if e.item == item and e.unit in place and e.amount[k] > 0 and not move.fewer:
                adds = float(e.amount[k])
                left = 10**12 if move.cap is None else move.cap - steps.get(m, 0)
                portion = max(1, round(missing / (_PARTS * adds)))
                rows.append((m, place[e.unit], adds, _price(move.cost), portion, left))
    columns = list(zip(*rows, strict=True)) or [()] * 6
    return _Offer(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=float),
        np.array(columns[3], dtype=float),
        np.array(columns[4], dtype=np.int64),
        np.array(columns[5], dtype=np.int64),
    )


def _price(cost: Cost) -> float:
    """One number for a cost in ranks: earlier ranks weigh ten thousand times the next."""
    price = 0.0
    for part in cost:
        price = price * _RANK + float(part)
    return price
