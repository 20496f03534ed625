"""Class sizes by school, year and grade, read from the rule book for each forecast year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from junheng.model.region import Region
from junheng.model.stages import STAGES
from junheng.rules import RuleBook, Standards, Value

SCHOOL_YEAR_BEGINS = (9, 1)
TEACHING_POINT = "218"
"""办学类型 of teaching points, the incomplete primary schools."""


@dataclass(frozen=True)
class SeatStandards:
    """The standards of each forecast year: `years[h]` is looked up on 1 September of that year."""

    years: tuple[int, ...]
    by_year: tuple[Standards, ...]

    @staticmethod
    def read(book: RuleBook, region: Region, years: Sequence[int]) -> SeatStandards:
        """Look the rule book up once a forecast year."""
        month, day = SCHOOL_YEAR_BEGINS
        return SeatStandards(tuple(years), tuple(book.at(date(year, month, day), region) for year in years))

    def class_size(self, h: int, stage: str, grade: str, rural: bool, point: bool, pooled: bool) -> Value:
        """The class size that holds for a grade: the rural one in rural schools where there is one, the
        mixed-age one for mixed kindergarten classes, otherwise the general one."""
        standard = self.by_year[h]
        if stage == "kindergarten":
            return standard.class_size["mixed_age" if pooled else grade]
        if rural or point:
            key = "incomplete_primary" if point and stage == "primary" else stage
            topic = standard.class_size_rural
            if key in topic and topic[key].in_force:
                return topic[key]
        return standard.class_size[stage]

    def elastic(self, h: int, stage: str) -> Value | None:
        """The elastic class size of a stage, or None where there is none."""
        topic = self.by_year[h].class_size_elastic
        return topic[stage] if stage in topic and topic[stage].in_force else None

    def levels(self, h: int = 0) -> dict[str, float]:
        """The warning levels in force in forecast year `h`, as plain numbers."""
        topic = self.by_year[h].warning_levels
        return {key: topic[key].number for key in topic if topic[key].in_force}

    def steps(self, h: int, stage: str) -> list[float]:
        """Class sizes to try, from the largest down."""
        topic = self.by_year[h].class_size_steps
        prefix = "kindergarten_" if stage == "kindergarten" else "step_"
        found = [topic.get(key) for key in topic if key.startswith(prefix)]
        return sorted({value for value in found if value is not None}, reverse=True)

    def pupils_per_post(self, h: int, stage: str, rural: bool = False) -> Value | None:
        """Pupils for each post of a stage."""
        topic = self.by_year[h].staff_ratio
        key = f"{stage}_rural" if rural and f"{stage}_rural" in topic else stage
        return topic[key] if key in topic and topic[key].in_force else None


def size_table(
    standards: SeatStandards,
    grades: Sequence[str],
    stage_of_cell: NDArray[np.intp],
    rural: bool,
    point: bool,
    pooled: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[tuple[int, str], Value]]:
    """Sizes float64[H, G], elastic sizes float64[H, G] (0 where none), and the Value behind each (h, stage).

    stage_of_cell: int[H, G], position in STAGES. For a stage with several sizes (kindergarten) the Value
    shown is that of its last grade.
    """
    shape = (len(standards.years), len(grades))
    size, elastic = np.zeros(shape), np.zeros(shape)
    behind: dict[tuple[int, str], Value] = {}
    for h in range(shape[0]):
        for g, grade in enumerate(grades):
            stage = STAGES[int(stage_of_cell[h, g])]
            if stage == "special":
                continue
            value = standards.class_size(h, stage, grade, rural, point, pooled)
            if not value.in_force:
                continue
            size[h, g] = value.number
            behind[h, stage] = value
            wide = standards.elastic(h, stage)
            elastic[h, g] = max(wide.number, value.number) if wide is not None else value.number
    return size, elastic, behind
