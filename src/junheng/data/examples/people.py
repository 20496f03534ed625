"""Births by area and month, the children of each area before the simulation, and women who may bear more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.data.examples.chance import stream
from junheng.data.examples.recipe import Recipe

WOMEN_AGES = range(18, 50)
_BEFORE = 18
"""Years of births needed before the simulation starts."""


@dataclass(frozen=True)
class Births:
    """`monthly[area, year - first_year, month - 1]` counted births."""

    first_year: int
    monthly: NDArray[np.int64]

    def cohort(self, year: int) -> NDArray[np.int64]:
        """[area] children born from September of `year - 1` to August of `year`: those aged nought on 31
        August."""
        at = year - self.first_year
        before = self.monthly[:, at - 1, 8:].sum(axis=1)
        return before + self.monthly[:, at, :8].sum(axis=1)

    def of_year(self, year: int) -> NDArray[np.int64]:
        """[area] births of a calendar year."""
        return self.monthly[:, year - self.first_year].sum(axis=1)


def births(recipe: Recipe, seed: int) -> Births:
    """Poisson births about the national shape, the county's level, each area's drifting share and the
    months."""
    given = recipe["births"]
    national = {int(year): float(value) for year, value in given["national"]}
    first = recipe["years"]["warm_up"] - _BEFORE - 1
    years = np.arange(first, recipe["years"]["last"] + 1)
    level = np.array([national[int(year)] for year in years]) * given["county_peak"] / national[2016]
    base = recipe["years"]["births_from"]
    logs = np.array(
        [np.log(a.births_share) + a.births_growth * (np.maximum(years, base) - base) for a in recipe.areas]
    )
    share = np.exp(logs) / np.exp(logs).sum(axis=0)
    months = np.array(given["months"]) / np.sum(given["months"])
    monthly = np.empty((len(recipe.areas), len(years), 12), dtype=np.int64)
    for index, area in enumerate(recipe.areas):
        random = stream(seed, "births", area.code)
        noise = np.exp(random.normal(0.0, given["noise"], len(years)))
        expected = level * share[index] * noise
        monthly[index] = random.poisson(expected[:, None] * months[None, :])
    return Births(first, monthly)


def women(recipe: Recipe, born: Births, years: range) -> NDArray[np.int64]:
    """[area, year, age 18-49] women, set so that births of 2020 follow the recipe's fertility, then aged
    forward and back by cohort with each area's growth."""
    given = recipe["women"]
    national = {int(year): float(value) for year, value in recipe["births"]["national"]}
    rates = np.array([given["shape"][(age - 15) // 5] for age in WOMEN_AGES])
    rates = rates / rates.sum() * given["fertility_2020"]
    ages = np.array(WOMEN_AGES)
    shape = np.array([national[max(2020 - int(age), min(national))] for age in ages])
    result = np.empty((len(recipe.areas), len(years), len(ages)), dtype=np.int64)
    for index, area in enumerate(recipe.areas):
        recent = np.mean([born.of_year(year)[index] for year in (2019, 2020, 2021)])
        scale = recent / float(shape @ rates)
        for place, year in enumerate(years):
            cohorts = [national.get(year - int(age), national[min(national)]) for age in ages]
            growth = np.exp(area.births_growth * (year - 2020))
            result[index, place] = np.round(np.array(cohorts) * scale * growth)
    return result
