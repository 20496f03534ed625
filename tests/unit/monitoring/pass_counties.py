"""Made-up counties for the shortest way to pass, and a plain recomputation of who passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from junheng.monitoring.pass_problem import County, Effect, Future, Move, Unit

LINES = {"primary": ("4.2", "1", "0.9", "450"), "junior": ("5.3", "1", "0.9", "580")}
"""Hundredths a pupil: three kinds of teachers, then ㎡."""
LIMITS = {"primary": Fraction(1, 2), "junior": Fraction(45, 100)}
LEVERS = (
    # id, kind, items, hundredths a step, price, cap
    ("recruit", "recruit", (0,), 100, 120, None),
    ("recruit_pe", "recruit_pe_art", (0, 2), 100, 125, None),
    ("upgrade", "upgrade", (0,), 100, 8, 3),
    ("recognise", "recognise", (1,), 100, 3, None),
    ("room", "build", (3,), 10000, 42, None),
)


def county(
    schools: int = 6,
    seed: int = 0,
    *,
    spread: float = 0.5,
    levers: Sequence[tuple[str, str, tuple[int, ...], int, int, int | None]] = LEVERS,
    items: int = 4,
    stages: Sequence[str] = ("primary", "junior"),
    most: int = 900,
    growth: Sequence[float] = (1.0,),
    level: float = 0.95,
    exchange: bool = False,
    fewer: bool = False,
) -> County:
    """Schools of one stage each with amounts scattered about their lines; `growth`: pupils in each future."""
    rng = np.random.default_rng(seed)
    units = tuple(Unit(f"S{n}", str(rng.choice(stages)), n) for n in range(schools))
    now = rng.integers(60, most, schools)
    pupils = np.stack([np.ceil(now * g).astype(np.int64) for g in growth])
    need = {(i, s): Fraction(LINES[s][i]) for s in stages for i in range(items)}
    have = np.zeros((len(growth), items, schools), dtype=np.int64)
    for u, unit in enumerate(units):
        for i in range(items):
            amount = float(need[i, unit.stage]) * now[u] * level * rng.lognormal(0, spread)
            have[:, i, u] = int(amount) // 100 * 100
    moves = [
        Move(
            name,
            kind,
            u,
            tuple(Effect(u, i, (Fraction(adds),) * len(growth)) for i in raised),
            (Fraction(price),),
            cap,
        )
        for name, kind, raised, adds, price, cap in levers
        if all(i < items for i in raised)
        for u in range(schools)
    ]
    if exchange:
        moves += [
            Move(
                "exchange", "exchange", u, (Effect(u, 1, (Fraction(100),) * len(growth)),), (Fraction(2),), 8,
                exchange=True,
            )
            for u in range(schools)
        ]  # fmt: skip
    if fewer:
        moves += [
            Move("fewer", "reduce_intake", u, (), (Fraction(4),), 40, fewer=((u, 1),)) for u in range(schools)
        ]
    return County(
        items=tuple(f"L{i + 1}" for i in range(items)),
        units=units,
        futures=tuple(Future(2025 + n, "now" if not n else "central") for n in range(len(growth))),
        pupils=pupils,
        have=have,
        known=np.ones((items, schools), dtype=bool),
        need=need,
        floor_share=Fraction(85, 100),
        resting=1,
        cv_limit={(i, s): LIMITS[s] for s in stages for i in range(items)},
        moves=tuple(moves),
    )


def amounts(
    where: County, steps: Mapping[int, int], gifts: Sequence[tuple[int, int, int]] = ()
) -> tuple[dict[tuple[int, int, int], Fraction], dict[tuple[int, int], int]]:
    """({(future, item, unit): hundredths}, {(future, unit): pupils}) after measures, in fractions."""
    held = {
        (k, i, u): Fraction(int(where.have[k, i, u]))
        for k in range(len(where.futures))
        for i in range(len(where.items))
        for u in range(len(where.units))
    }
    heads = {
        (k, u): int(where.pupils[k, u]) for k in range(len(where.futures)) for u in range(len(where.units))
    }
    for m, n in steps.items():
        for e in where.moves[m].effects:
            for k, amount in enumerate(e.amount):
                held[k, e.item, e.unit] += amount * n
        for u, pupils in where.moves[m].fewer:
            for k in range(len(where.futures)):
                heads[k, u] -= pupils * n
    for m, unit, n in gifts:
        for e in where.moves[m].effects:
            for k, amount in enumerate(e.amount):
                held[k, e.item, unit] -= amount * n
    return held, heads


def passes(where: County, steps: Mapping[int, int], gifts: Sequence[tuple[int, int, int]] = ()) -> bool:
    """Whether every school and coefficient holds in every future, by the definitions and nothing else."""
    held, heads = amounts(where, steps, gifts)
    for k in range(len(where.futures)):
        for u, unit in enumerate(where.units):
            under = 0
            for i in range(len(where.items)):
                line = where.need[i, unit.stage] * heads[k, u]
                under += held[k, i, u] < line
                if held[k, i, u] < where.floor_share * line:
                    return False
            if under > where.resting:
                return False
        for (i, stage), limit in where.cv_limit.items():
            mine = [u for u, unit in enumerate(where.units) if unit.stage == stage]
            total = sum(heads[k, u] for u in mine)
            whole = sum((held[k, i, u] for u in mine), Fraction(0))
            if not mine or not whole:
                continue
            mean = whole / total
            variance = sum(heads[k, u] * (held[k, i, u] / heads[k, u] - mean) ** 2 for u in mine) / total
            if variance > limit**2 * mean**2:
                return False
    return True


def cost(where: County, steps: Mapping[int, int]) -> Fraction:
    """What the steps cost."""
    return sum((where.moves[m].cost[0] * n for m, n in steps.items()), Fraction(0))
