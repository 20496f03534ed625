"""Which school a child enters: size, distance, drift and the affinity between one school and the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.data.examples.chance import stream
from junheng.data.examples.geography import minutes
from junheng.data.examples.recipe import Recipe
from junheng.model.stages import GRADES

_NEVER = -1e9


@dataclass(frozen=True)
class Choosing:
    """`logits[stage][area, school]` in the first counted year and `slope[stage][area, school]` a year after
    it; `standing[school, year]`; `affinity[from, to]`; `teaches[grade, school, year]`."""

    logits: dict[str, NDArray[np.float64]]
    slope: dict[str, NDArray[np.float64]]
    standing: NDArray[np.float64]
    affinity: NDArray[np.float64]
    teaches: NDArray[np.bool_]
    special: int | None
    stage: NDArray[np.object_]
    first: int
    start: int

    def probabilities(self, area: int, grade: int, year: int) -> NDArray[np.float64]:
        """[school] chance that a child of the area picks each school that teaches the grade; all nought when
        none does."""
        return self._soft(self._scores(area, grade, year), grade, year)

    def after(self, school: int, area: int, grade: int, year: int) -> NDArray[np.float64]:
        """As `probabilities`, for a child who comes from a school."""
        return self._soft(self._scores(area, grade, year) + self.affinity[school], grade, year)

    def _scores(self, area: int, grade: int, year: int) -> NDArray[np.float64]:
        total = self.standing[:, year - self.start].copy()
        for name in self.logits:
            of_stage = self.stage[grade] == name
            elapsed = max(year - self.first, -6)
            total[of_stage] += (self.logits[name][area] + elapsed * self.slope[name][area])[of_stage]
        return total

    def _soft(self, scores: NDArray[np.float64], grade: int, year: int) -> NDArray[np.float64]:
        teaches = self.teaches[grade, :, year - self.start].copy()
        if self.special is not None:
            teaches[self.special] = False
        if not teaches.any():
            return np.zeros(len(scores))
        weights = np.where(teaches, np.exp(scores - scores[teaches].max()), 0.0)
        return weights / weights.sum()


def choosing(recipe: Recipe, seed: int) -> Choosing:
    """The choice model of a recipe; special schools are entered by another door and never chosen here."""
    given = recipe["choosing"]
    years = recipe.years
    schools = recipe.schools
    road = minutes(recipe)
    at = np.array([school.area for school in schools])
    town = np.array([area.kind == "street" for area in recipe.areas])
    private = np.array([school.ownership == "private" for school in schools])
    village = np.array([school.village for school in schools])
    logits: dict[str, NDArray[np.float64]] = {}
    slope: dict[str, NDArray[np.float64]] = {}
    for name, reach in given["reach"].items():
        width = np.where(private, reach * given["private_reach"], reach)
        logits[name] = np.log([school.size for school in schools])[None, :] - road[:, at] / width[None, :]
        pull = given["town_pull"][name] * (town[at][None, :] & ~town[:, None])
        slope[name] = pull - given["village_fading"] * village[None, :] * (name == "primary")
    standing = np.zeros((len(schools), len(years)))
    affinity = np.zeros((len(schools), len(schools)))
    teaches = np.zeros((len(GRADES), len(schools), len(years)), dtype=bool)
    stage = np.empty((len(GRADES), len(schools)), dtype=object)
    for index, school in enumerate(schools):
        random = stream(seed, "standing", school.id)
        standing[index] = np.cumsum(random.normal(0.0, given["drift"], len(years)))
        affinity[index] = stream(seed, "affinity", school.id).normal(0.0, given["affinity"], len(schools))
        for grade, name in enumerate(GRADES):
            stage[grade, index] = school.stage(name) if name in school.grades else ""
            for place, year in enumerate(years):
                taught = school.teaches(name, year) or (year == years[0] and school.teaches(name, year + 20))
                teaches[grade, index, place] = taught and school.open_in(year)
    special = special_school(recipe)
    first = recipe["years"]["first"]
    return Choosing(logits, slope, standing, affinity, teaches, special, stage, first, years[0])


def special_school(recipe: Recipe) -> int | None:
    """Index of the county's special school, None when the recipe has none."""
    for index, school in enumerate(recipe.schools):
        if school.stages == ("special",):
            return index
    return None
