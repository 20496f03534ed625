"""How much of a forecast is children already counted, already born, or not yet born; and the band it is in."""

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

    Known: the grade in which the cohort sat at the origin is counted, or children of its age (three and over)
    are registered in `population`. Born: by 31 August of the origin, or in recorded births.
    """
    last = problem.panel.pupils[:, -1] if problem.panel.units else np.zeros((0, len(problem.grades)))
    counted = np.nansum(last, axis=0) > 0 if len(last) else np.zeros(len(problem.grades), dtype=np.bool_)
    numbers = [grade_number(grade) for grade in problem.grades]
    seen = {number for number, flag in zip(numbers, counted, strict=True) if flag}
    registered = _registered_ages(problem)
    out = np.zeros((3, len(years), len(problem.grades)))
    for g, grade in enumerate(problem.grades):
        for h, year in enumerate(years):
            was = numbers[g] - (h + 1)
            age = entry_age(grade) - (h + 1)
            if was in seen or age in registered:
                out[0, h, g] = 1.0
                continue
            unborn = 0.0 if age >= 0 else 1.0
            if births is not None and age < 0:
                unborn = min(unborn, births.unborn(entry_age(grade), year))
            out[1, h, g], out[2, h, g] = 1.0 - unborn, unborn
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
