"""Births by area: recorded where they exist, projected beyond, cut into cohorts of one school year.

Beyond the records: women by age carried forward x a fertility schedule x the national path of total fertility
(where the region counts its women), else the last births x the national path of births. Years of the
zodiac and
of policy stay as recorded; no trend is fitted through them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.problem import Problem
from junheng.forecast.process_draws import Shocks, normals
from junheng.model.reason import Finding
from junheng.model.stages import entry_age

Floats = NDArray[np.float64]
_RECENT = 3
"""Years of records that set the level from which births are carried forward."""
_SCHOOL_YEAR_SHARE = 2.0 / 3.0
"""January to August, where no months are counted and the rule book says nothing."""


@dataclass(frozen=True)
class BirthsPath:
    """Births by area and calendar year.

    areas: P codes. years: Y consecutive calendar years. early, late: float64[P, Y], births from January to
    August and from September to December; NaN where unknown. recorded: bool[P, Y]. last_recorded: the last
    calendar year that any area records. basis: the one basis used. sd: float64[Y], log standard deviation of
    the shared path beyond the records, zero before. from_women: whether women by age carried the path.
    deferred: share of a cohort that enters grade 1 at seven.
    """

    areas: tuple[str, ...]
    years: tuple[int, ...]
    early: Floats
    late: Floats
    recorded: NDArray[np.bool_]
    last_recorded: int
    basis: str
    sd: Floats
    from_women: bool
    findings: tuple[Finding, ...] = ()
    deferred: float = 0.0

    @property
    def total(self) -> Floats:
        """float64[P, Y]: births of each calendar year."""
        return self.early + self.late

    def cohort(self, age: int, year: int) -> Floats:
        """float64[P]: births of the children aged `age` on 31 August of `year`; NaN when out of the path."""
        at = year - age - self.years[0]
        if not 1 <= at < len(self.years):
            return np.full(len(self.areas), np.nan)
        return self.early[:, at] + self.late[:, at - 1]

    def entering(self, grade: str, year: int) -> Floats:
        """float64[P]: births of the children of entry age to `grade`; into G01 also those a year late."""
        cohort = self.cohort(entry_age(grade), year)
        if grade != "G01" or self.deferred == 0.0:
            return cohort
        return (1.0 - self.deferred) * cohort + self.deferred * self.cohort(entry_age(grade), year - 1)

    def unborn(self, age: int, year: int) -> float:
        """Share of that cohort born after the records end, by months."""
        born = year - age
        if born <= self.last_recorded:
            return 0.0
        return 1.0 if born - 1 > self.last_recorded else _SCHOOL_YEAR_SHARE

    def scaled(self, factor: Floats) -> BirthsPath:
        """The path with births multiplied by float64[P, Y]."""
        return BirthsPath(
            self.areas, self.years, self.early * factor, self.late * factor, self.recorded,
            self.last_recorded, self.basis, self.sd, self.from_women, self.findings, self.deferred,
        )  # fmt: skip


def births_path(problem: Problem, horizon: int) -> BirthsPath | None:
    """Recorded and projected births to the end of the horizon; None when the region records none."""
    table = problem.table("births")
    if table is None:
        return None
    findings: list[Finding] = []
    table = _one_basis(table, problem.origin_year, findings)
    areas = _finest(problem, table)
    table = table.filter(pl.col("area_code").is_in(list(areas)))
    first, last = (int(table["year"].min()), int(table["year"].max()))  # type: ignore[arg-type]
    years = tuple(range(first, max(problem.origin_year + horizon, last) + 1))
    early, late = _recorded(table, areas, years, problem.assumption("entry"), findings)
    recorded = ~np.isnan(early)
    national = _national(problem, years)
    women = _women_path(problem, areas, years)
    carrier = women if women is not None else np.broadcast_to(national, early.shape)
    _fill(early, late, carrier)
    return BirthsPath(
        areas, years, early, late, recorded, last, str(table["basis"][0]),
        log_spread(problem, years, last), women is not None, tuple(findings),
        float(problem.assumption("entry").get("deferral_share", 0.0)),
    )  # fmt: skip


def deviations(path: BirthsPath, problem: Problem, seed: int, draws: int) -> Shocks:
    """float32[Y, D]: shared log deviations of births from their central path, zero where recorded."""
    return shared_path(problem, path.years, path.last_recorded, path.sd, seed, draws)


def shared_path(
    problem: Problem, years: tuple[int, ...], last: int, sd: Floats, seed: int, draws: int
) -> Shocks:
    """float32[Y, D]: an autoregressive path that starts at zero in `last` and has log spread `sd` each
    year."""
    rho = float(problem.assumption("fertility").get("county_persistence", 0.9))
    ahead = tuple(year for year in years if year > last)
    out = np.zeros((len(years), draws), dtype=np.float32)
    if not ahead or not draws:
        return out
    shocks = normals(seed, "births", ("",), ahead, draws)[0]
    state = np.zeros(draws)
    variance = 0.0
    for step, year in enumerate(ahead):
        state = rho * state + np.sqrt(1.0 - rho * rho) * shocks[step]
        variance = rho * rho * variance + (1.0 - rho * rho)
        at = year - years[0]
        out[at] = (state * (sd[at] / np.sqrt(variance))).astype(np.float32)
    return out


def log_spread(problem: Problem, years: tuple[int, ...], last: int) -> Floats:
    """float64[Y]: log sd of births beyond the year `last`: national path and county, growing from zero."""
    book = problem.assumption("fertility")
    rho = float(book.get("county_persistence", 0.9))
    county = float(book.get("county_log_sd", 0.04))
    national = {int(year): float(sd) for year, sd in book.get("log_sd", {}).items()}
    sd = np.zeros(len(years))
    for at, year in enumerate(years):
        if year <= last:
            continue
        ahead = year - last
        known = 1.0 - rho ** (2 * ahead)
        wide = national.get(year, national[max(national)] if national else 0.17)
        sd[at] = np.sqrt(wide**2 * known + county**2 * known / (1.0 - rho * rho))
    return sd


def _one_basis(table: pl.DataFrame, origin: int, findings: list[Finding]) -> pl.DataFrame:
    """Rows of the one basis with the longest record up to the origin; bases never mix in a series."""
    bases = (
        table.group_by("basis")
        .agg(pl.col("year").n_unique().alias("length"), pl.col("year").max().alias("last"))
        .sort(["length", "last", "basis"], descending=[True, True, False])
    )
    chosen = bases["basis"][0]
    if bases.height > 1:
        others = ", ".join(sorted(set(bases["basis"].to_list()) - {chosen}))
        findings.append(
            Finding("births_bases_apart", "note", "births", parameters={"used": chosen, "others": others})
        )
    del origin
    return table.filter(pl.col("basis") == chosen)


def _finest(problem: Problem, table: pl.DataFrame) -> tuple[str, ...]:
    """Areas with births that contain no other area with births of as recent a year."""
    last = dict(table.group_by("area_code").agg(pl.col("year").max()).iter_rows())
    covered: set[str] = set()
    for area, year in last.items():
        for above in problem.ancestors(area)[1:]:
            if above in last and last[above] <= year:
                covered.add(above)
    kept = sorted(area for area in last if area not in covered)
    if problem.region.code in kept and len(kept) > 1:
        kept.remove(problem.region.code)
    return tuple(kept)


def _recorded(
    table: pl.DataFrame,
    areas: tuple[str, ...],
    years: tuple[int, ...],
    entry: Mapping[str, Any],
    findings: list[Finding],
) -> tuple[Floats, Floats]:
    """Births of January-August and September-December, exact where months exist."""
    share = float(entry.get("same_year_share", _SCHOOL_YEAR_SHARE))
    cut = int(entry.get("first_month", 9))
    shape = (len(areas), len(years))
    whole, early, late = np.full(shape, np.nan), np.zeros(shape), np.zeros(shape)
    months = np.zeros(shape, dtype=np.int64)
    row = {area: i for i, area in enumerate(areas)}
    for area, year, month, births in table.select("area_code", "year", "month", "births").iter_rows():
        at = row[area], year - years[0]
        if month == 0:
            whole[at] = births
        else:
            months[at] += 1
            (early if month < cut else late)[at] += births
    full = months == 12
    off = full & ~np.isnan(whole) & (np.abs(whole - early - late) > 0.5)
    for p, y in zip(*np.nonzero(off), strict=True):
        findings.append(
            Finding(
                "months_off_year", "warning", "births",
                parameters={"area": areas[p], "year": years[y], "months": float(early[p, y] + late[p, y]),
                            "whole": float(whole[p, y])},
            )
        )  # fmt: skip
    early = np.where(full, early, whole * share)
    late = np.where(full, late, whole * (1.0 - share))
    return early, late


def _national(problem: Problem, years: tuple[int, ...]) -> Floats:
    """float64[Y]: the national path of births, flat where the book has none or the region declines it."""
    book = problem.assumption("fertility")
    if not book or problem.region.assumptions.get("national_fertility", 1.0) == 0.0:
        return np.ones(len(years))
    path = {int(year): float(value) for year, value in book["births_thousand"].items()}
    low, high = min(path), max(path)
    return np.array([path[min(max(year, low), high)] for year in years])


def _women_path(problem: Problem, areas: tuple[str, ...], years: tuple[int, ...]) -> Floats | None:
    """float64[P, Y]: women by age carried forward x schedule x total fertility, up to a constant.

    Read from the last year of `population` with women of 15-49 by single age in every area; None without.
    """
    table, book = problem.table("population"), problem.assumption("fertility")
    if table is None or not book or problem.region.assumptions.get("national_fertility", 1.0) == 0.0:
        return None
    women = table.filter((pl.col("sex") == "2") & (pl.col("year") <= problem.origin_year))
    ages = range(15, 50)
    held: Floats | None = None
    base = 0
    for year in sorted(women["year"].unique().to_list(), reverse=True):
        grid = np.full((len(areas), 120), np.nan)
        for area, age, persons in (
            women.filter(pl.col("year") == year).select("area_code", "age", "persons").iter_rows()
        ):
            if area in areas and age < 120:
                grid[areas.index(area), age] = persons
        if not np.isnan(grid[:, 5:50]).any():
            held, base = grid, year
            break
    if held is None:
        return None
    shape = {int(age): float(value) for age, value in book["age_schedule"].items()}
    schedule = np.array([shape.get(age, 0.0) for age in ages])
    path = {int(year): float(value) for year, value in book["total_fertility"].items()}
    out = np.zeros((len(areas), len(years)))
    for at, year in enumerate(years):
        old = np.clip(np.array(ages) - (year - base), 5, 49)
        out[:, at] = (held[:, old] @ schedule) * path[min(max(year, min(path)), max(path))]
    return np.maximum(out, 1e-9)


def _fill(early: Floats, late: Floats, carrier: Floats) -> None:
    """Carry each area's recent level along `carrier` over the years it did not record, in place.

    Gaps inside the record are carried from the records before them (or the first record after).
    """
    for p in range(early.shape[0]):
        seen = np.flatnonzero(~np.isnan(early[p]))
        ratio_early, ratio_late = early[p] / carrier[p], late[p] / carrier[p]
        for at in np.flatnonzero(np.isnan(early[p])):
            past = seen[seen < at][-_RECENT:]
            use = past if past.size else seen[:1]
            weight = 0.5 ** np.arange(use.size - 1, -1, -1)
            early[p, at] = carrier[p, at] * float(np.average(ratio_early[use], weights=weight))
            late[p, at] = carrier[p, at] * float(np.average(ratio_late[use], weights=weight))
