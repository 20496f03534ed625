"""How much of a forecast is children already counted, already born, or not yet born; and the band it is
in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.births import BirthsPath
from junheng.forecast.problem import Problem
from junheng.model.stages import entry_age, grade_number

Floats = NDArray[np.float64]
KNOWN_FROM = 2.0 / 3.0
ASSUMED_FROM = 1.0 / 3.0


def cohort_shares(problem: Problem, births: BirthsPath | None, years: tuple[int, ...]) -> Floats:
    """float64[3, H, G]: shares known, born, unborn of each grade's cohort, by year.

    Known: the share of the cohort that sat in a counted grade at the origin, or all where children of its age
    (three and over) are registered in `population`. Born: by 31 August of the origin, or in recorded births.
    """
    coverage = grade_coverage(problem)
    numbers = [grade_number(grade) for grade in problem.grades]
    seen = dict(zip(numbers, coverage, strict=True))
    registered = _registered_ages(problem)
    out = np.zeros((3, len(years), len(problem.grades)))
    for g, grade in enumerate(problem.grades):
        for h, year in enumerate(years):
            age = entry_age(grade) - (h + 1)
            known = 1.0 if age in registered else float(seen.get(numbers[g] - (h + 1), 0.0))
            unborn = 0.0 if age >= 0 else 1.0
            if births is not None and age < 0:
                unborn = min(unborn, births.unborn(entry_age(grade), year))
            out[0, h, g] = known
            out[1, h, g], out[2, h, g] = (1.0 - known) * (1.0 - unborn), (1.0 - known) * unborn
    return out


def grade_coverage(problem: Problem) -> Floats:
    """float64[G]: how much of its cohort each grade counts at the origin.

    A grade is compared with the grade above it in the year before and now: where far fewer sit in it (nursery
    classes before kindergarten) it knows only that share of the cohort; above half it counts as whole.
    """
    pupils = problem.panel.pupils
    if not len(pupils):
        return np.zeros(len(problem.grades))
    counts = np.nansum(pupils[:, -1], axis=0)
    out = (counts > 0).astype(np.float64)
    for g in range(len(counts) - 1):
        above = counts[g + 1]
        if counts[g] > 0 and above > 0 and counts[g] < 0.5 * above:
            out[g] = counts[g] / above
    return out


def _registered_ages(problem: Problem) -> set[int]:
    table = problem.table("population")
    if table is None:
        return set()
    rows = table.filter((table["year"] == problem.origin_year) & (table["basis"] == "registered"))
    return {int(age) for age in rows["age"].unique().to_list() if age >= 3}


def weighted(shares: Floats, pupils: Floats) -> Floats:
    """float64[3, H]: shares of several grades together. shares [3, H, G], pupils [H, G]."""
    whole = pupils.sum(axis=-1)
    sums = (shares * pupils[None]).sum(axis=-1)
    even = shares.mean(axis=-1)
    return np.where(whole > 0, sums / np.where(whole > 0, whole, 1.0), even)


def band(known: float, unborn: float) -> str:
    """`known`, `partly` or `assumption`."""
    if known >= KNOWN_FROM - 1e-9:
        return "known"
    return "assumption" if unborn > ASSUMED_FROM + 1e-9 else "partly"
