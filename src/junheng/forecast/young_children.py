"""Children from birth to compulsory school by area and age: births carried forward to entry.

Between birth and entry a cohort grows or shrinks by moving, death and coverage. Where children are counted by
age in the area's population, the factor is read there and leans on the region; else it runs evenly on logs
from birth to the yield at entry. Counts of infants fall short, so a factor is never read below age one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.births import BirthsPath
from junheng.forecast.certainty import band
from junheng.forecast.process_draws import normals
from junheng.forecast.quantiles import summarise
from junheng.forecast.school_entry import local_level
from junheng.model import OUTPUTS
from junheng.model.tables.forecast_outputs import QUANTILES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

Floats = NDArray[np.float64]
OLDEST = 14
YEARLY_SD = 0.017
"""Log sd a year of a cohort's change by moving: prior sd of 0.15-0.2 per decade, made independent by year."""
PSEUDO = 400.0
"""Children's worth of belief that an area's factor is the region's."""


def survival(p: Projection, births: BirthsPath) -> Floats:
    """float64[P, OLDEST + 1]: children at each age per birth of their cohort, by births area."""
    entry = _entry_yield(p, births)
    ages = np.arange(OLDEST + 1, dtype=np.float64)
    base = np.exp(np.log(entry)[:, None] * np.minimum(ages / 6.0, 1.0)[None, :])
    counted = _counted(p, births)
    if counted is None:
        return base
    num, den = counted
    with np.errstate(divide="ignore", invalid="ignore"):
        region = np.log(num.sum(axis=0) / den.sum(axis=0))
    known = np.isfinite(region) & (np.arange(OLDEST + 1) >= 1)
    out = base.copy()
    for age in np.flatnonzero(known):
        level = local_level(region[age][None], den.sum(axis=0)[age][None], 0.001)
        rate = np.exp(level)
        out[:, age] = (num[:, age] + PSEUDO * rate) / (den[:, age] + PSEUDO)
    return out


def _entry_yield(p: Projection, births: BirthsPath) -> Floats:
    """float64[P]: entrants per birth at the first grade with births pools; one where unknown."""
    out = np.ones(len(births.areas))
    assert p.prepared is not None
    for grade in ("G01", "K1"):
        if grade in p.problem.grades and p.problem.grades.index(grade) in p.prepared.births_pools:
            pools = p.prepared.births_pools[p.problem.grades.index(grade)]
            for rows, rate in zip(pools.births_of, pools.rate, strict=True):
                out[list(rows)] = rate
            return out
    return out


def _counted(p: Projection, births: BirthsPath) -> tuple[Floats, Floats] | None:
    """(children counted, births of their cohorts), float64[P, ages], from the last population by age."""
    table = p.problem.table("population")
    if table is None:
        return None
    children = table.filter((pl.col("age") <= OLDEST) & (pl.col("year") <= p.problem.origin_year))
    if children.is_empty():
        return None
    bases = (
        children.group_by("basis")
        .agg(pl.col("year").max(), pl.len())
        .sort(["year", "len", "basis"], descending=True)
    )
    children = children.filter(pl.col("basis") == bases["basis"][0])
    year = int(children["year"].max())  # type: ignore[arg-type]
    children = children.filter(pl.col("year") == year)
    if (children["sex"] == "0").any():
        children = children.filter(pl.col("sex") == "0")
    row = {area: i for i, area in enumerate(births.areas)}
    num, den = np.zeros((len(births.areas), OLDEST + 1)), np.zeros((len(births.areas), OLDEST + 1))
    for area, age, persons in (
        children.group_by("area_code", "age")
        .agg(pl.col("persons").sum())
        .sort("area_code", "age")
        .iter_rows()
    ):
        if area not in row:
            continue
        at = year - age - births.years[0]
        if (
            1 <= at < len(births.years)
            and births.recorded[row[area], at]
            and births.recorded[row[area], at - 1]
        ):
            num[row[area], age] = persons
            den[row[area], age] = births.cohort(age, year)[row[area]]
    return (num, den) if den.any() else None


def children_table(p: Projection) -> pl.DataFrame:
    """Children of ages 0-14 on 31 August by area of birth records, areas above them and the region.

    Empty where no births are recorded. Under a scenario births follow its levers.
    """
    table = OUTPUTS["forecast_children"]
    if p.prepared is None or p.prepared.births is None:
        return table.empty()
    births = p.prepared.births
    path = births if p.plan is None else births.scaled(p.plan.births)
    rate, codes = survival(p, births), _codes(p, births)
    draws = min(p.held, 400)
    dev = p.births_deviations[:, :draws]
    moving = normals(p.seed, "young", (p.problem.region.code,), p.years, draws)[0]
    blocks: list[dict[str, Any]] = []
    for age in range(OLDEST + 1):
        for h, year in enumerate(p.years):
            central = path.cohort(age, year) * rate[:, age]
            at = year - age - births.years[0]
            if np.isnan(central).any():
                continue
            late = dev[at] * np.float32(2 / 3) + dev[at - 1] * np.float32(1 / 3)
            ahead = min(h + 1, age + 1)
            walk = moving[h + 1 - ahead : h + 1].sum(axis=0) * np.float32(YEARLY_SD)
            factor = np.exp(late + walk)
            unborn = births.unborn(age, year)
            known = 1.0 if age - (h + 1) >= 3 else 0.0
            share = (known, (1.0 - unborn) * (1.0 - known), unborn * (1.0 - known))
            for code, rows in codes:
                total = float(central[rows].sum())
                noise = normals(p.seed, f"young{age}", (code,), (year,), draws)[0, 0]
                own = np.exp(noise * np.float32(min(np.sqrt(0.5 / max(total, 1.0)), 0.5)))
                values = summarise((total * factor * own).astype(np.float32))
                blocks.append(
                    {
                        "area_code": code, "year": year, "age": age,
                        **dict(zip(QUANTILES, values.tolist(), strict=True)),
                        "share_known": share[0], "share_born": share[1], "share_unborn": share[2],
                        "band": band(share[0], share[2]),
                    }
                )  # fmt: skip
    if not blocks:
        return table.empty()
    frame = pl.DataFrame(blocks).with_columns(
        pl.lit(p.scenario).alias("scenario"), pl.lit(births.basis).alias("basis")
    )
    return table.conform(frame)


def _codes(p: Projection, births: BirthsPath) -> list[tuple[str, list[int]]]:
    """Areas to report with the births areas inside them; the region last."""
    inside: dict[str, list[int]] = {}
    for i, area in enumerate(births.areas):
        for code in p.problem.ancestors(area):
            inside.setdefault(code, []).append(i)
    inside.pop(p.problem.region.code, None)
    return [*sorted(inside.items()), (p.problem.region.code, list(range(len(births.areas))))]
