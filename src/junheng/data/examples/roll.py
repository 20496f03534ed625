"""The roll of teachers of an example region, under numbers that name nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from junheng.data.examples.chance import stream
from junheng.data.examples.recipe import Recipe, School

Row = dict[str, Any]


def teachers(recipe: Recipe, conditions: Iterable[Row], seed: int) -> list[Row]:
    """Every teacher of the last year: as many of each kind as the table of conditions counts, and a few
    part-timers it leaves out."""
    last = recipe.counted[-1]
    rows: list[Row] = []
    for row in conditions:
        if row["year"] == last and row.get("full_time_teachers"):
            rows += _stage(recipe, recipe.schools_by_id[row["school_id"]], row, seed)
    random = stream(seed, "roll numbers")
    for number, place in enumerate(random.permutation(len(rows)), start=1):
        rows[int(place)]["teacher_id"] = f"T{recipe.region.code}-{number:05d}"
    return rows


def _stage(recipe: Recipe, school: School, counts: Row, seed: int) -> list[Row]:
    given = recipe["roll"]
    stage, year, count = counts["stage"], counts["year"], counts["full_time_teachers"]
    random = stream(seed, "roll", school.id, stage)
    extra = int(random.binomial(count, given["part_time"]))
    subjects = _subjects(recipe, counts, random)
    degrees = _degrees(recipe, stage, count, counts["degree_teachers"], random)
    backbone = _backbone(recipe, count, counts["backbone_teachers"], random)
    certified = _some(count, counts["certified_teachers"], random)
    trained = _some(count, counts["trained_teachers"], random)
    ages = np.clip(random.normal(given["age"], given["age_sd"], count + extra), 22, 60).astype(int)
    stays = np.minimum(random.geometric(1.0 / given["stay"], count + extra), ages - 21)
    exchanged = random.random(count + extra) < given["exchanged"]
    sources = [s.id for s in recipe.schools if stage in s.stages and s.id != school.id and s.open_in(year)]
    rows: list[Row] = []
    for place in range(count + extra):
        full = place < count
        age, since = int(ages[place]), max(year - int(stays[place]) + 1, school.opened)
        moved = bool(full and exchanged[place] and sources and since >= year - 2)
        rows.append(
            {
                "year": year,
                "school_id": school.id,
                "stage": stage,
                "subject": subjects[place] if full else given["part_time_subject"],
                "degree": degrees[place] if full else "bachelor",
                "backbone_level": backbone[place] if full else "ordinary",
                "certified": bool(certified[place]) if full else True,
                "training_hours": _hours(recipe, bool(trained[place]) if full else True, random),
                "employment": _employment(recipe, school, random) if full else "part_time",
                "birth_year": year - age,
                "at_school_since": since,
                "exchanged_from": sources[int(random.integers(len(sources)))] if moved else None,
                "post_rank": _rank(recipe, age, random),
            }
        )
    return rows


def _subjects(recipe: Recipe, counts: Row, random: np.random.Generator) -> list[str]:
    """One subject for each full-time teacher: PE, music and art as counted, the rest by hours taught."""
    stage = counts["stage"]
    named = ["pe"] * counts["pe_teachers"] + ["music"] * counts["music_teachers"]
    named += ["art"] * counts["art_teachers"]
    shares: dict[str, float] = recipe["roll"]["subjects"][stage]
    weights = np.array(list(shares.values()))
    rest = counts["full_time_teachers"] - len(named)
    drawn = random.choice(list(shares), size=rest, p=weights / weights.sum())
    return [str(subject) for subject in random.permutation([*named, *drawn])]


def _degrees(recipe: Recipe, stage: str, count: int, above: int, random: np.random.Generator) -> list[str]:
    """Degrees such that `above` of `count` are above the one the stage requires."""
    given = recipe["roll"]["degrees"][stage]
    high = random.choice(list(given["above"]), size=above, p=list(given["above"].values()))
    low = [given["required"]] * (count - above)
    return [str(degree) for degree in random.permutation([*high, *low])]


def _backbone(recipe: Recipe, count: int, recognised: int, random: np.random.Generator) -> list[str]:
    given = recipe["roll"]["backbone"]
    levels = random.choice(list(given), size=recognised, p=list(given.values()))
    others = random.random(count - recognised) < recipe["roll"]["school_level"]
    below = ["school" if one else "ordinary" for one in others]
    return [str(level) for level in random.permutation([*levels, *below])]


def _some(count: int, chosen: int, random: np.random.Generator) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """`count` flags of which `chosen` are set, in random order."""
    return random.permutation(np.arange(count) < chosen)


def _hours(recipe: Recipe, enough: bool, random: np.random.Generator) -> float:
    given = recipe["conditions"]["teachers"]
    asked = given["trained_hours"]
    if enough:
        return float(round(asked + abs(random.normal(0.0, given["training_spread"]))))
    return float(round(asked * random.uniform(0.4, 0.97)))


def _employment(recipe: Recipe, school: School, random: np.random.Generator) -> str:
    share = recipe["roll"]["contract"]["public" if school.ownership == "public" else "private"]
    return "contract" if random.random() < share else "post"


def _rank(recipe: Recipe, age: int, random: np.random.Generator) -> str:
    """Professional rank, higher with age."""
    steps: list[list[Any]] = recipe["roll"]["ranks"]
    held = [rank for rank, least, share in steps if age >= least and random.random() < share]
    return held[-1] if held else "unranked"
