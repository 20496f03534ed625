"""Rooms each school was built with, the most it can take, and the classes its pupils form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from junheng.data.examples.recipe import Recipe, School
from junheng.data.examples.schooling import History
from junheng.model.stages import GRADES

KINDERGARTEN = ("K1", "K2", "K3")


def class_size(recipe: Recipe, school: School, grade: str) -> int:
    """Pupils a class of the grade is meant for."""
    given = recipe["rooms"]
    if grade == "K0":
        return given["nursery_class_size"]
    if grade in KINDERGARTEN:
        return given["kindergarten_class_size"][KINDERGARTEN.index(grade)]
    return given["class_size"][school.stage(grade)]


def rooms(recipe: Recipe, free: History) -> NDArray[np.int64]:
    """[school, stage place, year] ordinary classrooms: what the pupils of the first years needed in a
    simulation without limits, times the school's `space`, at least one for each grade; then dated
    building."""
    low, high = recipe["rooms"]["first_rooms_years"]
    result = np.zeros((len(recipe.schools), 3, len(recipe.years)), dtype=np.int64)
    for index, school in enumerate(recipe.schools):
        for place, stage in enumerate(school.stages):
            grades = [grade for grade in school.grades if school.stage(grade) == stage and grade != "K0"]
            full = [year for year in recipe.counted if all(school.teaches(grade, year) for grade in grades)]
            years = [year for year in full if low <= year <= high] or full
            need = 0.0
            for grade in grades:
                pupils = free.pupils[:, index, GRADES.index(grade)].sum(axis=0)
                mean = np.mean([pupils[year - free.first] for year in years]) if years else 0.0
                need += float(mean) / class_size(recipe, school, grade)
            count = max(len(grades), round(need * school.space + 0.35))
            if count > 2 * len(grades):  # built in whole streams
                count = round(count / len(grades)) * len(grades)
            result[index, place] = school.planned_rooms or count
    for entry in recipe["building"]:
        school = recipe.school(entry["school"])
        place = school.stages.index(entry["stage"])
        for at, year in enumerate(recipe.years):
            if year >= entry["year"]:
                result[recipe.schools.index(school), place, at] += entry["rooms"]
    return result


def caps(recipe: Recipe, built: NDArray[np.int64]) -> NDArray[np.float64]:
    """[school, grade, year] the most pupils a grade can take: its share of the rooms, crowded."""
    most = recipe["rooms"]["most_in_class"]
    result = np.full((len(recipe.schools), len(GRADES), len(recipe.years)), np.inf)
    for index, school in enumerate(recipe.schools):
        for grade in school.grades:
            stage = school.stage(grade)
            count = sum(school.stage(other) == stage for other in school.grades)
            share = built[index, school.stages.index(stage)] / count
            result[index, GRADES.index(grade)] = share * most[stage]
    return result


def classes(pupils: Sequence[int], sizes: Sequence[int], limit: int) -> list[int]:
    """Classes of each grade: as many as the class size asks for, then merged where that crowds least until
    they fit into `limit` rooms; a grade with pupils keeps one."""
    count = [-(-p // size) for p, size in zip(pupils, sizes, strict=True)]
    while sum(count) > limit:
        merging = [place for place, c in enumerate(count) if c > 1]
        if not merging:
            break
        least = min(merging, key=lambda place: (pupils[place] / (count[place] - 1) / sizes[place], place))
        count[least] -= 1
    return count
