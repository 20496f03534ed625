"""Classes a school would form if it went on as it has: beside the standard, never instead of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from junheng.forecast.seat_balance.class_forming import practised_sizes
from junheng.forecast.seat_balance.seat_problem import SeatProblem
from junheng.model.stages import STAGES


def practised_classes(problem: SeatProblem, school: str, stage: str, h: int) -> dict[str, Any] | None:
    """Median pupils, practised class size and classes by grade of a school's stage in forecast year h.

    None where the enrolment carries no classes of any school.
    """
    frame = problem.tables.get("enrolment")
    if frame is None or "classes" not in frame.columns:
        return None
    past = frame.filter(
        (pl.col("classes") > 0) & (pl.col("pupils") > 0) & (pl.col("year") <= problem.origin_year)
    )
    if past.is_empty():
        return None
    past = past.sort("year", "school_id", "grade")
    learned = practised_sizes(
        past["school_id"].to_list(), past["grade"].to_list(), past["year"].to_numpy().astype(np.int64),
        past["pupils"].to_numpy(), past["classes"].to_numpy(), problem.origin_year,
    )  # fmt: skip
    u = problem.schools.index(school)
    by_grade: dict[str, dict[str, int]] = {}
    for g in np.flatnonzero(problem.cell_stage[u, h] == STAGES.index(stage)).tolist():
        pupils = round(float(np.median(np.nan_to_num(problem.demand[u, h, g]))))
        if pupils > 0:
            grade = problem.grades[g]
            by_grade[grade] = {
                "pupils": pupils,
                "size": learned.size(school, grade),
                "classes": learned.classes(school, grade, pupils),
            }
    return {"classes": sum(row["classes"] for row in by_grade.values()), "grades": by_grade}
