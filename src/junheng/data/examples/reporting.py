"""What units of an example region report as counts: enrolment, retention, exchange, care and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from junheng.data.examples.chance import stream
from junheng.data.examples.conditions import Counted
from junheng.data.examples.recipe import Recipe

Row = dict[str, Any]
_COMPULSORY = ("primary", "junior")
_PRESCHOOL_AGES = (3, 4, 5)
_LEFT = 3
"""Years from the first grade of junior school to leaving it."""


def reported_counts(
    recipe: Recipe,
    counted: Counted,
    enrolled: Iterable[Row],
    conditions: Iterable[Row],
    persons: Iterable[Row],
    seed: int,
) -> list[Row]:
    """The county's own figures, and retention of each junior school; denominators come from the tables."""
    grades = _by_grade(enrolled)
    people: dict[int, int] = {}
    for row in persons:
        if row["age"] in _PRESCHOOL_AGES:
            people[row["year"]] = people.get(row["year"], 0) + row["persons"]
    staff = list(conditions)
    rows: list[Row] = []
    for year in recipe["reported"]["years"]:
        of_year = _Year(recipe, counted, grades, year, rows)
        of_year.enrolment()
        of_year.kindergartens(people[year])
        of_year.care()
        of_year.staff([row for row in staff if row["year"] == year])
        of_year.retention(seed)
    return rows


def _by_grade(enrolled: Iterable[Row]) -> dict[tuple[str, str, int], Row]:
    return {(row["school_id"], row["grade"], row["year"]): row for row in enrolled}


class _Year:
    def __init__(
        self,
        recipe: Recipe,
        counted: Counted,
        grades: dict[tuple[str, str, int], Row],
        year: int,
        rows: list[Row],
    ) -> None:
        self.recipe, self.counted, self.grades, self.year = recipe, counted, grades, year
        self.given, self.rows = recipe["reported"], rows

    def add(
        self, measure: str, part: float, whole: float, stage: str | None = None, unit: str | None = None
    ) -> None:
        self.rows.append(
            {
                "unit_code": unit or self.recipe.region.code,
                "stage": stage,
                "year": self.year,
                "measure": measure,
                "numerator": round(part),
                "denominator": round(whole),
                "source": self.given["source"],
            }
        )

    def pupils(self, stage: str, kept: Callable[[Any], bool] | None = None) -> int:
        """Pupils of a stage in schools that are kept."""
        return sum(
            self.counted.pupils(school.id, stage, self.year)
            for school in self.recipe.schools
            if kept is None or kept(school)
        )

    def entrants(self, grade: str) -> int:
        """Entrants of public schools of towns without boarders."""
        return sum(
            self.grades.get((school.id, grade, self.year), {}).get("pupils", 0)
            for school in self.recipe.schools
            if school.ownership == "public" and not school.village and not school.boarding
        )

    def enrolment(self) -> None:
        """Nearby, compulsory, migrant and senior enrolment, places by quota, disabled children."""
        given = self.given
        for stage, grade in (("primary", "G01"), ("junior", "G07")):
            whole = self.entrants(grade)
            self.add("nearby_enrolment", whole * given["nearby"][stage], whole, stage)
            disabled = self.pupils(stage) * given["disabled"][stage]
            self.add("disabled_enrolment", disabled * given["disabled"]["enrolled"], disabled, stage)
            all_pupils = self.pupils(stage)
            self.add("compulsory_enrolment", all_pupils * given["compulsory"], all_pupils, stage)
            migrants = sum(
                row["migrant_pupils"]
                for (school, grade, year), row in self.grades.items()
                if year == self.year and self.recipe.schools_by_id[school].stage(grade) == stage
            )
            self.add("migrant_public", migrants * given["migrant_public"], migrants, stage)
        places = self.entrants_of("G10") * given["quota"]["good"]
        self.add("quota_share", places * given["quota"]["share"], places, "senior")
        young = self.pupils("senior") / self.recipe["enrolling"]["senior"][-1][1]
        self.add("senior_enrolment", young * given["senior_gross"], young, "senior")

    def entrants_of(self, grade: str) -> int:
        """Pupils of a grade in all schools."""
        return sum(
            row["pupils"] for (_, g, year), row in self.grades.items() if (g, year) == (grade, self.year)
        )

    def kindergartens(self, children: int) -> None:
        """Gross enrolment of the three preschool years, inclusive and public places."""
        enrolled = sum(self.entrants_of(grade) for grade in ("K1", "K2", "K3"))
        whole = self.pupils("kindergarten")
        inclusive = self.pupils("kindergarten", lambda school: school.ownership != "private")
        public = self.pupils("kindergarten", lambda school: school.ownership == "public")
        self.add("kindergarten_gross", enrolled, children, "kindergarten")
        self.add("kindergarten_inclusive", inclusive, whole, "kindergarten")
        self.add("kindergarten_public", public, whole, "kindergarten")

    def care(self) -> None:
        """Fitness, eyesight, after-school service, full courses."""
        given = self.given
        for measure in ("fitness_good", "myopia", "after_school"):
            for stage, share in given[measure].items():
                whole = self.pupils(stage)
                self.add(measure, whole * share, whole, stage)
        open_ = [s for s in self.recipe.schools if set(s.stages) & set(_COMPULSORY) and s.open_in(self.year)]
        self.add("course_complete", len(open_) * given["course_complete"], len(open_))

    def staff(self, conditions: list[Row]) -> None:
        """Teachers exchanged of those eligible, backbone teachers among them."""
        given = self.given["exchange"]
        teachers = sum(row.get("full_time_teachers", 0) for row in conditions if row["stage"] in _COMPULSORY)
        eligible = round(teachers * given["eligible"])
        exchanged = round(eligible * given["share"])
        self.add("exchange", exchanged, eligible)
        self.add("exchange_backbone", exchanged * given["backbone"], exchanged)

    def retention(self, seed: int) -> None:
        """Leavers of each junior school over those who began three years before, by both formulas."""
        given, entered = self.given, self.year - _LEFT + 1
        sums = np.zeros((2, 2))
        for school in self.recipe.schools:
            begun = self.grades.get((school.id, "G07", entered), {}).get("pupils", 0)
            if "junior" not in school.stages or not begun:
                continue
            random = stream(seed, "retention", school.id, self.year)
            kept = np.minimum(random.normal(given["retention"], given["retention_spread"], 2), 1.0)
            for place, measure in enumerate(("retention_a", "retention_b")):
                part = round(begun * kept[place])
                sums[place] += part, begun
                self.add(measure, part, begun, "junior", school.id)
        for place, measure in enumerate(("retention_a", "retention_b")):
            self.add(measure, sums[place, 0], sums[place, 1], "junior")
