"""Classes one by one and special rooms one by one of an example region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from junheng.data.examples.capacity import class_size
from junheng.data.examples.chance import stream
from junheng.data.examples.conditions import Counted
from junheng.data.examples.recipe import Recipe, School

Row = dict[str, Any]


def classes(recipe: Recipe, enrolled: Iterable[Row], seed: int) -> list[Row]:
    """Every class of the years listed one by one; the classes of a grade add up to its enrolment."""
    given = recipe["premises"]
    years = set(given["class_years"])
    rows: list[Row] = []
    for row in enrolled:
        if row["year"] not in years or not row["classes"] or not row["pupils"]:
            continue
        random = stream(seed, "classes", row["school_id"], row["year"], row["grade"])
        meant = class_size(recipe, recipe.schools_by_id[row["school_id"]], row["grade"])
        sizes = _sizes(row["pupils"], row["classes"], given["class_spread"], meant, random)
        for number, pupils in enumerate(sizes, start=1):
            rows.append(
                {
                    "school_id": row["school_id"],
                    "year": row["year"],
                    "class_id": f"{row['grade']}-{number:02d}",
                    "grade": row["grade"],
                    "pupils": pupils,
                    "mixed_age": False,
                }
            )
    return rows


def _sizes(pupils: int, count: int, spread: int, meant: int, random: np.random.Generator) -> list[int]:
    """Sizes of `count` classes that differ a little and sum to `pupils`; no class is put over the size it is
    meant for that could keep it."""
    fair, over = divmod(pupils, count)
    if fair + (over > 0) <= meant < fair + (over > 0) + spread:
        spread = 0
    sizes = np.full(count, fair)
    sizes[:over] += 1
    moved = random.integers(-spread, spread + 1, count // 2)
    for pair, by in enumerate(moved):  # what one class has less the next has more
        if min(sizes[2 * pair], sizes[2 * pair + 1]) > spread:
            sizes[2 * pair] -= by
            sizes[2 * pair + 1] += by
    return [int(size) for size in random.permutation(sizes)]


def rooms(recipe: Recipe, counted: Counted, seed: int) -> list[Row]:
    """Special rooms of every school open in the last year: music and art rooms by its classes, one of each
    further kind its stages need."""
    rows: list[Row] = []
    for school in recipe.schools:
        if school.open_in(recipe.counted[-1]) and school.stages != ("kindergarten",):
            rows += _rooms(recipe, school, counted, stream(seed, "rooms", school.id))
    return rows


def _rooms(recipe: Recipe, school: School, counted: Counted, random: np.random.Generator) -> list[Row]:
    given = recipe["premises"]
    count = sum(counted.classes(school.id, stage, recipe.counted[-1]) for stage in school.stages)
    if school.kind == "218" or count < given["music_least"]:
        wanted = list(given["small_kinds"])
    else:
        need = -(-count // given["classes_for_each"])
        lacking = "music" if random.random() < 0.5 else "art"
        wanted = ["music"] * need + ["art"] * need
        if random.random() < given["short"]:
            wanted.remove(lacking)
        for stage in school.stages:
            wanted += [kind for kind in given["kinds"][stage] if kind not in wanted]
    factor = given["old_factor"] if school.opened < given["old_before"] else 1.0
    if school.kind == "218":
        factor *= recipe["conditions"]["village_rooms"] ** 0.5
    rows: list[Row] = []
    for number, kind in enumerate(wanted, start=1):
        area = given["new_area"][kind] * factor * np.exp(given["area_noise"] * random.normal())
        rows.append(
            {
                "school_id": school.id,
                "room_id": f"S{number:02d}",
                "kind": kind,
                "area": round(float(area), 1),
                "built_year": school.opened,
                "year_from": school.opened,
            }
        )
    return rows
