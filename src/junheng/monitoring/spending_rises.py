"""两个只增不减: education spending of the general public budget never falls, in total and for each pupil.

E_t >= E_{t-1} and E_t / N_t >= E_{t-1} / N_{t-1}, tested separately, equality passes, nominal yuan. Budgets
and final accounts are never compared with each other. Pupils are counted in the autumn of the fiscal year;
the calendar blend (8/12 of the autumn before, 4/12 of this one) stands beside it and is flagged where it
would change the verdict. With falling pupils the total binds, with rising pupils the amount for each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from junheng.model.tables.policy_outputs import SPENDING_RISES
from junheng.monitoring.policy_values import exact

MONTHS_OF_LAST_AUTUMN = 8
MONTHS = 12
CENTS = 100


@dataclass(frozen=True, slots=True)
class Rise:
    """One fiscal year against the one before, for one area, stage ("" all) and basis (budget or final)."""

    area: str
    stage: str
    basis: str
    year: int
    spending: Fraction
    spending_before: Fraction | None
    pupils: Fraction | None
    pupils_before: Fraction | None
    total_kept: bool | None
    per_pupil_kept: bool | None
    per_pupil_kept_blend: bool | None
    binds: str
    next_pupils: Fraction | None
    least_next: Fraction | None

    @property
    def blend_differs(self) -> bool:
        """Whether counting pupils by calendar year would change the verdict."""
        both = self.per_pupil_kept is not None and self.per_pupil_kept_blend is not None
        return both and self.per_pupil_kept != self.per_pupil_kept_blend


def blended(pupils: Mapping[int, Fraction], year: int) -> Fraction | None:
    """Pupils of a calendar year: eight months of the school year before, four of the one that begins in
    it.
    """
    if year not in pupils or year - 1 not in pupils:
        return None
    weight = Fraction(MONTHS_OF_LAST_AUTUMN, MONTHS)
    return weight * pupils[year - 1] + (1 - weight) * pupils[year]


def per_pupil_kept(
    spending: Fraction, pupils: Fraction | None, before: Fraction, pupils_before: Fraction | None
) -> bool | None:
    """E_t / N_t >= E_{t-1} / N_{t-1} by cross-multiplication; None where a number of pupils is unknown or
    0.
    """
    if not pupils or not pupils_before:
        return None
    return spending * pupils_before >= before * pupils


def binding(pupils: Fraction | None, pupils_before: Fraction | None) -> str:
    """Which line asks for more: `total` with falling pupils, `per_pupil` with rising ones, else `both`."""
    if pupils is None or pupils_before is None:
        return ""
    if pupils == pupils_before:
        return "both"
    return "per_pupil" if pupils > pupils_before else "total"


def least_next(spending: Fraction, pupils: Fraction | None, next_pupils: Fraction | None) -> Fraction | None:
    """The least budget of next year that keeps both, max(E_t, E_t N_{t+1} / N_t), to the cent above."""
    if not pupils or next_pupils is None:
        return None
    needed = max(spending, spending * next_pupils / pupils)
    return Fraction(math.ceil(needed * CENTS), CENTS)


def rises(finance: pl.DataFrame, pupils: pl.DataFrame) -> Iterator[Rise]:
    """Every year of every series of `public_budget_education` in `finance`.

    `pupils` has columns area, stage ("" all), year, pupils, counted (False where forecast). The first year
    of a series has nothing before it: its verdicts are None.
    """
    held = finance.filter(pl.col("item") == "public_budget_education")
    heads: dict[tuple[str, str], dict[int, Fraction]] = {}
    for row in pupils.iter_rows(named=True):
        if row["pupils"] is not None:
            of_area = heads.setdefault((row["area"], row["stage"] or ""), {})
            of_area[int(row["year"])] = exact(row["pupils"])
    series: dict[tuple[str, str, str], dict[int, Fraction]] = {}
    for row in held.iter_rows(named=True):
        if row["amount"] is not None:
            key = (row["unit_code"], row["stage"] or "", row["basis"])
            series.setdefault(key, {})[int(row["year"])] = exact(row["amount"])
    for (area, stage, basis), amounts in sorted(series.items()):
        counted = heads.get((area, stage), {})
        for year in sorted(amounts):
            yield _rise((area, stage, basis), year, amounts, counted)


def _rise(
    key: tuple[str, str, str], year: int, amounts: Mapping[int, Fraction], counted: Mapping[int, Fraction]
) -> Rise:
    spending, before = amounts[year], amounts.get(year - 1)
    pupils, pupils_before, coming = counted.get(year), counted.get(year - 1), counted.get(year + 1)
    kept = blend = None
    if before is not None:
        kept = per_pupil_kept(spending, pupils, before, pupils_before)
        blend = per_pupil_kept(spending, blended(counted, year), before, blended(counted, year - 1))
    return Rise(
        *key, year, spending, before, pupils, pupils_before,
        None if before is None else spending >= before, kept, blend, binding(pupils, pupils_before),
        coming, least_next(spending, pupils, coming),
    )  # fmt: skip


def table(found: Iterable[Rise], run: str = "") -> pl.DataFrame:
    """Rows of `spending_rises`."""

    def shown(value: Fraction | None) -> float | None:
        return None if value is None else float(value)

    rows = [
        {
            "run": run, "area": one.area, "stage": one.stage, "basis": one.basis, "year": one.year,
            "spending": shown(one.spending), "spending_before": shown(one.spending_before),
            "pupils": shown(one.pupils), "pupils_before": shown(one.pupils_before),
            "total_kept": one.total_kept, "per_pupil_kept": one.per_pupil_kept,
            "per_pupil_kept_blend": one.per_pupil_kept_blend, "blend_differs": one.blend_differs,
            "binds": one.binds, "next_pupils": shown(one.next_pupils), "least_next": shown(one.least_next),
        }
        for one in found
    ]  # fmt: skip
    return SPENDING_RISES.conform(pl.DataFrame(rows, schema=SPENDING_RISES.schema()))
