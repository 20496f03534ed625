"""A recipe: everything that makes one example region, read from TOML beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from junheng.model import Region
from junheng.model.stages import GRADES, grades_of, stage_of, stages_of_kind

CATEGORY = {
    "111": "11", "119": "11", "211": "21", "218": "21", "219": "21", "311": "31", "312": "31", "319": "31",
    "341": "34", "342": "34", "345": "34", "349": "34", "511": "51", "512": "51", "513": "51", "514": "51",
    "519": "51",
}  # fmt: skip
"""First two digits of a school id by 办学类型 (school and institution code rules of 2011)."""

PARTS = ("conditions.toml", "plans.toml", "admission.toml")
"""Files of a recipe beside recipe.toml."""

TEACHING_POINT_GRADES = ("G01", "G02", "G03")
ATTACHED_GRADES = ("K1", "K2", "K3")
SPECIAL_GRADES = tuple(f"G{n:02d}" for n in range(1, 10))


@dataclass(frozen=True)
class School:
    """One school of a recipe. `size` weighs it against others of its stage; `space` is rooms over need."""

    id: str
    name: str
    kind: str
    area: int
    size: float
    ownership: str
    system: str
    opened: int
    closed: int | None
    boarding: bool
    village: bool
    nursery: int | None
    space: float
    planned_rooms: int | None
    campuses: tuple[str, ...]
    split: bool

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """Grades taught, in order."""
        if self.kind == "218":
            return TEACHING_POINT_GRADES
        if self.kind == "119":
            return ATTACHED_GRADES
        if stages_of_kind(self.kind) == ("special",):
            return SPECIAL_GRADES
        stages = stages_of_kind(self.kind)
        taught = [grade for stage in stages for grade in grades_of(stage, self.system)]
        return tuple(g for g in taught if g != "K0" or self.nursery is not None)

    def stage(self, grade: str) -> str:
        """Stage of a grade at this school."""
        return "special" if stages_of_kind(self.kind) == ("special",) else stage_of(grade, self.system)

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """Stages taught, in order."""
        return stages_of_kind(self.kind)

    def open_in(self, year: int) -> bool:
        """Whether the school has pupils in the school year."""
        return self.opened <= year and (self.closed is None or year < self.closed)

    def teaches(self, grade: str, year: int) -> bool:
        """Whether the school may hold pupils of the grade in the year: a new school fills upward from its
        first grade, or from its second too when it splits off another, and a special school opens in full."""
        if grade not in self.grades or not self.open_in(year):
            return False
        if grade == "K0":
            return self.nursery is not None and year >= self.nursery
        stages = self.stages
        if stages == ("special",):
            return True
        whole = self.system == "54"  # its junior grades wait for its own first pupils
        grades = [g for g in self.grades if (whole or self.stage(g) == self.stage(grade)) and g != "K0"]
        return grades.index(grade) <= year - self.opened + self.split


@dataclass(frozen=True)
class Area:
    """One street, town or township; `at` is its centre in km east and north of the county's origin."""

    code: str
    name: str
    name_en: str
    kind: str
    at: tuple[float, float]
    births_share: float
    births_growth: float
    leaving: float
    pull: float
    residents: int


@dataclass(frozen=True)
class Recipe:
    """An example region; `content` holds the plain numbers by section."""

    content: Mapping[str, Any]
    areas: tuple[Area, ...]
    schools: tuple[School, ...]

    def __getitem__(self, section: str) -> Any:
        return self.content[section]

    @property
    def region(self) -> Region:
        """What goes into region.toml."""
        fields = ("code", "name", "name_en", "bureau", "school_system", "synthetic", "above")
        return Region(**{name: self.content["region"][name] for name in fields})

    @property
    def years(self) -> range:
        """School years simulated, warm-up included."""
        return range(self["years"]["warm_up"], self["years"]["last"] + 1)

    @property
    def counted(self) -> range:
        """School years with published enrolment."""
        return range(self["years"]["first"], self["years"]["last"] + 1)

    @cached_property
    def schools_by_id(self) -> dict[str, School]:
        """Schools by their id."""
        return {school.id: school for school in self.schools}

    def school(self, name: str) -> School:
        """The school of that name; KeyError when the recipe has none."""
        for school in self.schools:
            if school.name == name:
                return school
        raise KeyError(name)

    def at_year(self, path: list[list[float]], year: int) -> float:
        """A value given at a few years, linear between them and level outside."""
        return float(np.interp(year, [point[0] for point in path], [point[1] for point in path]))


def load(path: Path) -> Recipe:
    """Read `recipe.toml` and, beside it, what the schools have and do (`PARTS`). School ids are category,
    region, area and place in the list: 2 + 2 + 3 + 3 digits."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for part in PARTS:
        content |= tomllib.loads((path.parent / part).read_text(encoding="utf-8"))
    region = content["region"]["code"][:2]
    space = content["rooms"]["space"]
    split = {event["school"] for event in content["events"] if event["event"] == "split"}
    areas: list[Area] = []
    schools: list[School] = []
    for index, entry in enumerate(content["areas"]):
        listed = entry.pop("schools")
        areas.append(Area(**(entry | {"at": tuple(entry["at"])})))
        for place, one in enumerate(listed, start=1):
            village = one.get("site", "centre") == "village"
            schools.append(
                School(
                    id=f"{CATEGORY[one['kind']]}{region}{entry['code'][-3:]}{place:03d}",
                    name=one["name"],
                    kind=one["kind"],
                    area=index,
                    size=one["size"],
                    ownership=one.get("ownership", "public"),
                    system=one.get("system", content["region"]["school_system"]),
                    opened=one["opened"],
                    closed=one.get("closed"),
                    boarding=one.get("boarding", False),
                    village=village,
                    nursery=one.get("nursery"),
                    space=one.get("space", space["village" if village else "centre"]),
                    planned_rooms=one.get("planned_rooms"),
                    campuses=tuple(one.get("campuses", ())),
                    split=one["name"] in split,
                )
            )
    return Recipe(content, tuple(areas), tuple(schools))


def grade_at(age: int) -> str | None:
    """Grade of a child of that age on 31 August, None below two."""
    return GRADES[age - 2] if 2 <= age <= 17 else None
