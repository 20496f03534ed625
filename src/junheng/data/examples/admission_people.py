"""What the three entries of an example share: homes, programmes, days, numbers that name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.data.examples.chance import stream
from junheng.data.examples.geography import Points, minutes
from junheng.data.examples.recipe import Recipe, School
from junheng.data.examples.schooling import History

Whole = NDArray[np.int64]
_EPOCH = date(1970, 1, 1).toordinal()
_AREAS_NEAR, _AREAS_FAR = 2, 3
"""Areas whose schools count as neighbouring, and as within the district's reach, by minutes on the road."""


@dataclass(frozen=True)
class Known:
    """What the simulation knows of the region."""

    recipe: Recipe
    history: History
    built: Whole
    at: Points
    seed: int

    @property
    def year(self) -> int:
        """Year of the entries."""
        return self.recipe["admission"]["year"]

    @cached_property
    def near(self) -> Whole:
        """[area, area] place of an area in the order of minutes from another, nought for itself."""
        return np.argsort(np.argsort(minutes(self.recipe), axis=1), axis=1)

    def children(self, age: int) -> Whole:
        """[area] children of an age in the last year counted."""
        return self.history.children[:, age, -1]

    def rooms(self, school: School, stage: str) -> float:
        """Ordinary classrooms of a stage in the year of the entries, building until then included."""
        place = school.stages.index(stage)
        last = self.recipe.counted[-1]
        held = float(self.built[self.recipe.schools.index(school), place, -1])
        for entry in self.recipe["building"]:
            if (
                entry["school"] == school.name
                and entry["stage"] == stage
                and last < entry["year"] <= self.year
            ):
                held += entry["rooms"]
        return held


@dataclass(frozen=True)
class Programs:
    """Programmes of an entry: index of the school of each, seats, and the declared rows."""

    school: Whole
    seats: Whole
    rows: pl.DataFrame

    @property
    def ids(self) -> pl.Series:
        """Their ids."""
        return self.rows["program_id"]


def programs(known: Known, stage: str, given: Mapping[str, Any], letter: str, coming: Whole) -> Programs:
    """One programme for each school that is neither private nor closed and teaches the grade; seats in whole
    classes by the rooms there are, about `seats_over` for each child who comes (`coming` [area]) in the
    county town, which counts as one, and in every other area."""
    schools = [
        one
        for one in known.recipe.schools
        if one.ownership != "private"
        and one.teaches(given["grade"], known.year)
        and one.stage(given["grade"]) == stage
    ]
    grades = [sum(one.stage(g) == stage for g in one.grades if g != "K0") for one in schools]
    rooms = np.array([known.rooms(one, stage) / n for one, n in zip(schools, grades, strict=True)])
    town = np.array([one.kind == "street" for one in known.recipe.areas])
    part = np.where(town, -1, np.arange(town.size))
    of = part[[one.area for one in schools]]
    need = np.array([coming[part == one].sum() / rooms[of == one].sum() for one in of])
    factor = given["seats_over"] * need / given["class_size"]
    classes = np.maximum(1, np.round(rooms * factor)).astype(np.int64)
    village = np.array([one.village for one in schools])
    small = village & (classes == 1)
    seats = classes * np.where(small, given["village_class"], given["class_size"])
    rows = pl.DataFrame(
        {
            "program_id": [f"{one.id}-{letter}" for one in schools],
            "school_id": [one.id for one in schools],
            "zone_id": [known.recipe.areas[one.area].code for one in schools],
            "seats": seats,
            "ownership": [one.ownership for one in schools],
        }
    )
    index = np.array([known.recipe.schools.index(one) for one in schools])
    return Programs(index, seats, rows)


def rings(known: Known, held: Programs) -> Whole:
    """[area, programme] 1 within the zone, 2 in a neighbouring one, 3 further in the district, 0 out of
    reach. Schools of the centres alone take children of other zones."""
    area = np.array([one.area for one in known.recipe.schools])[held.school]
    village = np.array([one.village for one in known.recipe.schools])[held.school]
    order = known.near[:, area]
    ring = np.where(order == 0, 1, np.where(order <= _AREAS_NEAR, 2, np.where(order <= _AREAS_FAR, 3, 0)))
    return np.where((order > 0) & village[None, :], 0, ring)


RING = np.array(["", "zone", "neighbours", "district"])


def zone_rows(known: Known, held: Programs, ring: Whole) -> pl.DataFrame:
    """The rows of `zone_programs`."""
    area, program = np.nonzero(ring)
    codes = np.array([one.code for one in known.recipe.areas])
    return pl.DataFrame(
        {"zone_id": codes[area], "program_id": held.ids.gather(program), "ring": RING[ring[area, program]]}
    )


def wished(known: Known, held: Programs) -> NDArray[np.float64]:
    """[programme] size of its school, more where families seek it beyond its size."""
    more: Mapping[str, float] = known.recipe["admission"]["sought"]
    weighed = np.array([one.size * more.get(one.name, 1.0) for one in known.recipe.schools])
    return weighed[held.school]


def homes(known: Known, held: Programs, area: Whole, random: np.random.Generator) -> Points:
    """[child, 2] homes, each about a school of its area, larger schools drawing more."""
    of = np.array([one.area for one in known.recipe.schools])[held.school]
    size = wished(known, held)
    spread = known.recipe["admission"]["spread"]
    found = np.empty((area.size, 2))
    for place, one in enumerate(known.recipe.areas):
        here = np.flatnonzero(area == place)
        near = np.flatnonzero(of == place)
        drawn = random.choice(near, here.size, p=size[near] / size[near].sum())
        shift = random.normal(0.0, spread[one.kind] / np.sqrt(2), (here.size, 2))
        found[here] = known.at[held.school[drawn]] + shift
    return found


def metres(known: Known, home: Points, held: Programs) -> Whole:
    """[child, programme] metres on the road, in tens."""
    apart = home[:, None, :] - known.at[held.school][None, :, :]
    road = np.hypot(apart[..., 0], apart[..., 1]) * known.recipe["map"]["detour"]
    return np.maximum(np.round(road * 100).astype(np.int64) * 10, 50)


def drawn_identity(known: Known, shares: Mapping[str, list[float]], area: Whole, draw: Points) -> Whole:
    """Place in the list of identities of each child, by the kind of its area and a number in [0, 1)."""
    kinds = [one.kind for one in known.recipe.areas]
    up_to = np.array([np.cumsum(shares[kind])[:-1] for kind in kinds])
    return (draw[:, None] >= up_to[area]).sum(axis=1)


def twin_of(count: int, share: float, area: Whole, random: np.random.Generator) -> Whole:
    """For each child the child whose home and papers it has: itself, or for the second of two the first."""
    source = np.arange(count)
    first = np.flatnonzero((random.random(count - 1) < share / 2) & (area[1:] == area[:-1]))
    first = first[np.append(True, np.diff(first) > 1)] if first.size else first
    source[first + 1] = first
    return source


def numbered(prefix: str, numbers: Whole, width: int = 5) -> pl.Series:
    """Ids as P00001 from numbers counted from nought."""
    return prefix + pl.Series(numbers + 1).cast(pl.String).str.zfill(width)


def digests(known: Known, plan: str, count: int) -> pl.Series:
    """What stands for keyed hashes of identity numbers: nobody's."""
    drawn = stream(known.seed, "identity", plan).integers(0, 1 << 48, count)
    return pl.Series([f"I{number:012x}" for number in drawn.tolist()])


def days(first: date, after: Whole) -> pl.Series:
    """Days counted from `first`."""
    return pl.Series((first.toordinal() - _EPOCH + after).astype(np.int32)).cast(pl.Date)


def between(first: date, last: date, random: np.random.Generator, count: int) -> pl.Series:
    """Random days between two, both included."""
    return days(first, random.integers(0, (last - first).days + 1, count))


def checks(known: Known, count: int, random: np.random.Generator) -> pl.DataFrame:
    """`checked_by, checked_on` of papers: a few were missing at first and were checked later."""
    given = known.recipe["admission"]
    first = date.fromisoformat(given["checked_from"])
    late = random.random(count) < given["papers_late"]
    after = random.integers(0, given["checked_days"], count) + np.where(late, given["checked_days"], 0)
    who = np.where(late, "区级复核", "报名点")
    return pl.DataFrame({"checked_by": who, "checked_on": days(first, after), "late": late})
