"""The shortest way to pass: made-up counties from balanced to lavish; CPU time, cost, bound and gap.

`python benchmarks/pass_plan.py [schools]`. The bar of the design: a county of 150 schools with proof in 2 s
of CPU. No public tool plans this; the peer is the sum of the schools' own programmes, which leaves the
county's coefficients broken.
"""

from __future__ import annotations

import os
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from junheng.monitoring.pass_plan import county_plan  # noqa: E402
from junheng.monitoring.pass_problem import County, Effect, Future, Move, Unit  # noqa: E402

NEEDS = {
    "primary": ("4.2", "1", "0.9", "450", "750", "200000", "2.3"),
    "junior": ("5.3", "1", "0.9", "580", "1020", "250000", "2.4"),
}
LIMITS = {"primary": Fraction(1, 2), "junior": Fraction(9, 20)}
LEVERS = (
    # lever, kind, items, hundredths a step, yuan a step, most steps
    ("recruit", "recruit", (0,), 100, Fraction(120_000), None),
    ("recruit_pe", "recruit_pe_art", (0, 2), 100, Fraction(125_000), None),
    ("upgrade", "upgrade", (0,), 100, Fraction(8_000), 3),
    ("recognise", "recognise", (1,), 100, Fraction(3_000), None),
    ("build", "build", (3,), 1, Fraction(42), None),
    ("ground", "venue", (4,), 1, Fraction(6), None),
    ("equipment", "buy", (5,), 1, Fraction(1, 100), None),
    ("multimedia", "buy", (6,), 100, Fraction(30_000), None),
)
WHOLE = (0, 1, 2, 6)


def county(schools: int, spread: float, seed: int = 0) -> County:
    """Primary and junior schools, a tenth with both, amounts scattered by a log-normal of `spread`."""
    rng = np.random.default_rng(seed)
    units: list[Unit] = []
    for b in range(schools):
        draw = rng.random()
        stages = ("primary", "junior") if draw < 0.1 else ("primary",) if draw < 0.7 else ("junior",)
        units += [Unit(f"S{b:04}", stage, b) for stage in stages]
    pupils = rng.integers(60, 1900, len(units))
    need = {(i, s): Fraction(line) for s, lines in NEEDS.items() for i, line in enumerate(lines)}
    have = np.zeros((1, 7, len(units)), dtype=np.int64)
    for u, unit in enumerate(units):
        for i in range(7):
            amount = int(float(need[i, unit.stage]) * pupils[u] * rng.lognormal(0.03, spread))
            have[0, i, u] = amount // 100 * 100 if i in WHOLE else amount
    moves = tuple(
        Move(
            name, kind, unit.block, tuple(Effect(u, i, (Fraction(adds),)) for i in items), (price,), cap,
            size=Fraction(1) if adds == 100 else Fraction(1, 100),
        )
        for name, kind, items, adds, price, cap in LEVERS
        for u, unit in enumerate(units)
    )  # fmt: skip
    return County(
        items=tuple(f"L{i}" for i in range(1, 8)),
        units=tuple(units),
        futures=(Future(2025, "now"),),
        pupils=pupils[None, :].astype(np.int64),
        have=have,
        known=np.ones((7, len(units)), dtype=bool),
        need=need,
        floor_share=Fraction(17, 20),
        resting=1,
        cv_limit={(i, s): limit for s, limit in LIMITS.items() for i in range(7)},
        moves=moves,
    )


def main() -> None:
    """Print one line a county."""
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {schools} schools")
    print("spread  coefficients broken  schools' own (M yuan)  plan  bound  gap     CPU s  status")
    for spread in (0.30, 0.40, 0.45, 0.50, 0.55, 0.80):
        where = county(schools, spread)
        begun = time.process_time()
        plan = county_plan(where)
        spent = time.process_time() - begun
        broken = {(i, s) for i, s, _ in where.after({}).broken()}
        own, cost, bound = (float(part[0]) / 1e6 for part in (plan.schools_only, plan.cost, plan.bound))
        print(
            f"{spread:4.2f}  {len(broken):>2} of 14  {own:12.2f}  {cost:10.2f}  {bound:10.2f}  "
            f"{float(plan.gap):7.3%}  {spent:6.2f}  {plan.status}, passes: {plan.standing.passes()}"
        )


if __name__ == "__main__":
    main()
