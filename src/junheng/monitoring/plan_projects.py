"""What projects add to a target that counts what is new: delivered so far, and under contract by year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl

from junheng.monitoring import natural_units
from junheng.monitoring.plan_course import start_year
from junheng.monitoring.policy_values import Measured, exact, statistics_year
from junheng.rules.policies import Clause, PolicyDocument, Target

UNDER_CONTRACT = ("contracted", "building")
Deliveries = tuple[dict[int, Measured], list[tuple[int, Fraction]]]


def deliveries(
    projects: pl.DataFrame | None, document: PolicyDocument, clause: Clause, target: Target, day: date
) -> Deliveries:
    """({year: delivered since the start}, [(year of delivery, quantity under contract)]) of the target's
    projects.

    A project belongs to a target when it names its document and clause, a stage of its scope (or none) and a
    unit that is the target's. Delivered means done with a date not after `day`; a planned or stopped one
    counts for nothing. Empty where no project belongs to it.
    """
    if projects is None or projects.is_empty() or target.basis != "flow":
        return {}, []
    stages = target.scope.get("stage", ())
    wanted = (stages,) if isinstance(stages, str) else stages
    begin, now = start_year(document, target), statistics_year(day)
    done: dict[int, Fraction] = {}
    coming: list[tuple[int, Fraction]] = []
    ours = projects.filter((pl.col("document") == document.id) & (pl.col("clause") == clause.id))
    for row in ours.iter_rows(named=True):
        if not natural_units.same(target, row["unit"] or ""):
            continue
        if wanted and row["stage"] and row["stage"] not in wanted:
            continue
        delivered: date | None = row["delivery_on"]
        if delivered is None:
            continue
        year, quantity = _counts_in(delivered), exact(row["quantity"])
        if row["status"] == "done" and delivered <= day:
            done[year] = done.get(year, Fraction(0)) + quantity
        elif row["status"] in UNDER_CONTRACT:
            coming.append((max(year, now + 1) if delivered <= day else year, quantity))
    if not done and not coming:
        return {}, []
    total, figures = Fraction(0), dict[int, Measured]()
    for year in range(min([*done, now if begin is None else min(begin, now)]), now + 1):
        total += done.get(year, Fraction(0))
        figures[year] = Measured(total, short=_left(target, total))
    return figures, coming


def _counts_in(delivered: date) -> int:
    """Seats ready by the autumn serve that school year; later ones count in the calendar year they come
    in.
    """
    return delivered.year


def _left(target: Target, done: Fraction) -> Fraction | None:
    return None if target.value is None else max(Fraction(0), exact(target.value) - done)
