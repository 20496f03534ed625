"""What the schools of an example region have: teachers, rooms, grounds and equipment by stage and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.data.examples.chance import stream
from junheng.data.examples.recipe import Recipe, School

Row = dict[str, Any]
_PHYSICAL = (
    "teaching_area",
    "indoor_sports_area",
    "sports_ground_area",
    "extra_sports_area",
    "building_area",
    "site_area",
    "equipment_value",
    "multimedia_rooms",
)
"""What the stages of a school use together: it stands in the row `shared` of a school of several stages."""
_NOISE = ("teachers", "backbone", "specialist", "rooms", "grounds", "equipment", "multimedia", "kindergarten")


@dataclass(frozen=True)
class Counted:
    """Pupils, classes and boarders by (school id, stage, year), and pupils by (school id, year)."""

    by_stage: Mapping[tuple[str, str, int], tuple[int, int]]

    @staticmethod
    def of(recipe: Recipe, enrolled: Iterable[Row]) -> Counted:
        """Sums over the grades of a stage."""
        schools = recipe.schools_by_id
        sums: dict[tuple[str, str, int], tuple[int, int]] = {}
        for row in enrolled:
            key = (row["school_id"], schools[row["school_id"]].stage(row["grade"]), row["year"])
            pupils, classes = sums.get(key, (0, 0))
            sums[key] = (pupils + row["pupils"], classes + row["classes"])
        return Counted(sums)

    def pupils(self, school: str, stage: str, year: int) -> int:
        """Pupils of a stage, 0 where it is not taught."""
        return self.by_stage.get((school, stage, year), (0, 0))[0]

    def classes(self, school: str, stage: str, year: int) -> int:
        """Classes of a stage, 0 where it is not taught."""
        return self.by_stage.get((school, stage, year), (0, 0))[1]

    @cached_property
    def by_school(self) -> dict[tuple[str, int], int]:
        """Pupils of all stages by school and year."""
        sums: dict[tuple[str, int], int] = {}
        for (school, _, year), (pupils, _) in self.by_stage.items():
            sums[school, year] = sums.get((school, year), 0) + pupils
        return sums


def school_years(recipe: Recipe, counted: Counted, built: NDArray[np.int64], seed: int) -> list[Row]:
    """Rows of the table in the collected years; rooms and grounds follow the classrooms a school was built
    with, teachers its classes."""
    rows: list[Row] = []
    for index, school in enumerate(recipe.schools):
        one = _School(recipe, school, counted, built[index], seed)
        for year in recipe["conditions"]["years"]:
            taught = [stage for stage in school.stages if counted.pupils(school.id, stage, year)]
            if taught:
                rows += one.rows(taught, year)
    return rows


class _School:
    def __init__(
        self, recipe: Recipe, school: School, counted: Counted, built: NDArray[np.int64], seed: int
    ) -> None:
        self.recipe, self.school, self.counted, self.built = recipe, school, counted, built
        self.given = recipe["conditions"]
        random = stream(seed, "conditions", school.id)
        drawn: NDArray[np.float64] = random.normal(size=len(_NOISE))
        self.luck: dict[str, float] = dict(zip(_NOISE, drawn.tolist(), strict=True))
        self.draws = random.random(8)
        bent = [one["factors"] for one in self.given["schools"] if one["name"] == school.name]
        self.factors: Mapping[str, float] = bent[0] if bent else {}
        self.area = recipe.areas[school.area]

    def rows(self, taught: list[str], year: int) -> list[Row]:
        """One row a stage; what several stages share goes into a row of its own."""
        by_stage = [self.stage(stage, year) for stage in taught]
        if len(taught) == 1:
            return [by_stage[0] | self.whole(taught, year)]
        shared = self.whole(taught, year) | self.head("shared", year)
        for name in _PHYSICAL:
            shared[name] = round(sum(row.pop(name) for row in by_stage), 2)
        return [*by_stage, shared]

    def head(self, stage: str, year: int) -> Row:
        return {"school_id": self.school.id, "stage": stage, "year": year, "source": self.given["source"]}

    def stage(self, stage: str, year: int) -> Row:
        pupils = self.counted.pupils(self.school.id, stage, year)
        classes = self.counted.classes(self.school.id, stage, year)
        row = self.head(stage, year) | self.teachers(stage, year, pupils, classes)
        if stage == "kindergarten":
            return row | self.kindergarten(year, classes)
        return row | self.premises(stage, year)

    def whole(self, taught: list[str], year: int) -> Row:
        """What a school has once."""
        pupils = sum(self.counted.pupils(self.school.id, stage, year) for stage in taught)
        teachers = sum(self.head_count(stage, year) for stage in taught)
        kindergarten = taught == ["kindergarten"]
        row: Row = {
            "staff": round(teachers * self.given["teachers"]["staff_over_teachers"] + 1),
            "planned_year": self.school.opened - 1,
        }
        if kindergarten:
            care = self.counted.classes(self.school.id, "kindergarten", year)
            row["care_staff"] = round(care * self.given["teachers"]["care_per_class"])
            row["staff"] = row["staff"] + row["care_staff"]
            row["inclusive"] = self.school.ownership != "private"
            return row
        low, high = self.given["rooms"]["smart_from"], self.given["rooms"]["smart_to"]
        years = self.given["years"]
        share = low + (high - low) * (year - years[0]) / (years[-1] - years[0])
        width = [mbps for least, mbps in self.given["rooms"]["bandwidth"] if pupils >= least][-1]
        heads = self.given["teachers"]
        return row | {
            "counsellors": pupils // heads["counsellor_pupils"],
            "part_time_counsellors": -(-pupils // heads["part_time_counsellor_pupils"]),
            "smart_campus": bool(self.draws[0] < share),
            "bandwidth_mbps": float(width),
        }

    # ------------------------------------------------------------ people

    def head_count(self, stage: str, year: int) -> int:
        """Full-time teachers of a stage."""
        given = self.given["teachers"]
        pupils = self.counted.pupils(self.school.id, stage, year)
        classes = self.counted.classes(self.school.id, stage, year)
        per_class = given["per_class"][stage]
        if self.school.village:
            per_class = given["per_class_village"].get(stage, per_class)
        need = (per_class * classes + given["per_pupil"][stage] * pupils) * self.spread("teachers")
        return max(given["least"], round(need * self.factors.get("full_time_teachers", 1.0)))

    def teachers(self, stage: str, year: int, pupils: int, classes: int) -> Row:
        """Full-time teachers and how many of them are what."""
        given = self.given["teachers"]
        count = self.head_count(stage, year)
        degree = given["degree_share"][stage] * self.at(given["degree_path"], year)
        degree += min(degree, 1.0 - degree) * (self.draws[1] - 0.5)
        site = "village" if self.school.village else "street" if self.area.kind == "street" else "town"
        backbone = given["backbone_share"][site] * self.at(given["backbone_path"], year)
        backbone *= self.spread("backbone") * self.factors.get("backbone_teachers", 1.0)
        special = given["specialist_share"][stage] * self.spread("specialist") * count
        parts = _parts(round(special), given["specialist_parts"], int(self.draws[2] * 3))
        row: Row = {
            "full_time_teachers": count,
            "degree_teachers": min(count, round(degree * count)),
            "backbone_teachers": min(count, round(backbone * count)),
            "pe_teachers": parts[0],
            "music_teachers": parts[1],
            "art_teachers": parts[2],
            "certified_teachers": min(count, round(self.at(given["certified_path"], year) * count)),
            "trained_teachers": min(count, round(self.at(given["trained_path"], year) * count)),
        }
        visiting = given["visiting"]
        if self.school.village and stage == "primary" and visiting["from"] <= pupils <= visiting["to"]:
            row["visiting_pe_art_teachers"] = visiting["teachers"]
        return row

    # ------------------------------------------------------------ premises

    def premises(self, stage: str, year: int) -> Row:
        """Rooms, grounds and equipment of one stage, by the classrooms it was built with."""
        given = self.given["rooms"]
        rooms = self.rooms(stage, year)
        site, house = self.site()
        hall = given["hall"]
        has_hall = self.school.opened >= hall["from"] and rooms >= hall["rooms"]
        has_hall = has_hall and self.draws[3] < hall["share"]
        indoor = hall["area"] * rooms if has_hall else 0.0
        core = given["teaching"][stage] * rooms * house * self.spread("rooms") * self.bent("teaching_area")
        ground = given["ground"][stage] * rooms * site * self.spread("grounds")
        years = self.given["years"]
        growth = (1.0 + given["equipment_growth"]) ** (year - years[-1])
        village = self.given["village_rooms"] if self.school.village else 1.0
        equipment = given["equipment"][stage] * rooms * village * growth * self.spread("equipment")
        screens = given["multimedia"][stage] * rooms * self.spread("multimedia")
        screens *= self.at(given["multimedia_path"], year) * self.bent("multimedia_rooms")
        building = (core + indoor) * given["building_over_teaching"]
        ground *= self.bent("sports_ground_area")
        return {
            "teaching_area": round(core + indoor, 2),
            "indoor_sports_area": round(indoor, 2),
            "sports_ground_area": round(ground, 2),
            "extra_sports_area": self.factors.get("extra_sports_area", 0.0),
            "building_area": round(building, 2),
            "site_area": round(ground + building * given["site_over_building"], 2),
            "equipment_value": round(equipment * self.bent("equipment_value"), 2),
            "multimedia_rooms": max(1, round(screens)),
        }

    def kindergarten(self, year: int, classes: int) -> Row:
        """Buildings, activity rooms and play area of a kindergarten."""
        given = self.given["rooms"]
        old = given["kindergarten_old"]
        factor = self.spread("kindergarten") * (old["factor"] if self.school.opened < old["before"] else 1.0)
        rooms = max(self.rooms("kindergarten", year), 1)
        building = given["kindergarten_building"] * rooms * factor
        activity = given["kindergarten_activity"] * rooms * factor
        outdoor = given["kindergarten_outdoor"] * rooms * self.spread("grounds")
        return {
            "building_area": round(building, 2),
            "activity_area": round(activity, 2),
            "outdoor_area": round(outdoor, 2),
            "site_area": round(building * 0.8 + outdoor * 1.1, 2),
            "equipment_value": round(
                given["equipment"]["kindergarten"] * rooms * self.spread("equipment"), 2
            ),
            "multimedia_rooms": round(given["multimedia"]["kindergarten"] * classes),
        }

    def site(self) -> tuple[float, float]:
        """Factors of grounds and of rooms by where the school stands and how old it is."""
        given = self.given
        if self.school.village:
            return given["village_site"], given["village_rooms"]
        old = given["old_rooms"] if self.school.opened < given["old_before"] else 1.0
        site = given["street_site"] if self.area.kind == "street" else given["town_site"]
        if self.area.code in given["cramped"]:
            site *= given["cramped_site"]
        return site, old

    def rooms(self, stage: str, year: int) -> int:
        """Ordinary classrooms of the stage."""
        return int(self.built[self.school.stages.index(stage), year - self.recipe.years[0]])

    def spread(self, what: str) -> float:
        return float(np.exp(self.given["noise"][what] * self.luck[what]))

    def bent(self, what: str) -> float:
        return self.factors.get(what, 1.0)

    def at(self, path: list[list[float]], year: int) -> float:
        return self.recipe.at_year(path, year)


def _parts(total: int, shares: list[float], first: int) -> list[int]:
    """`total` split by shares; what rounding leaves over goes round from `first`."""
    parts = [int(total * share) for share in shares]
    for step in range(total - sum(parts)):
        parts[(first + step) % len(parts)] += 1
    return parts
