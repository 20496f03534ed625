"""Children of new dwellings beyond the ordinary pace of building, which past migration already carries.

Stock of children in a grade = excess dwellings x share moved in x children a dwelling; children who
arrive are
what the stock grows beyond those who only moved up a grade. Rates are assumptions of the rule book until a
region has its own, and the draws spread them widely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.problem import Problem
from junheng.model.stages import grades_of

Floats = NDArray[np.float64]
WINDOW = 5
"""Years whose average completions are ordinary."""


def housing_children(
    problem: Problem,
    start: Floats,
    years: tuple[int, ...],
    carried: Mapping[int, Floats],
    delay: Callable[[str], float] | None = None,
) -> Floats:
    """float64[U, H, G]: children arriving in new dwellings, by the schools of the area or the nearest
    above it.

    start: float64[U, G] pupils at the origin. carried: by intake grade, float64[H], share of last year's
    pupils
    of the grade below that the entry forecast already follows. delay: by area code, further years for
    dwellings to come.
    """
    out = np.zeros((len(problem.schools), len(years), len(problem.grades)))
    table, book = problem.table("housing"), problem.assumption("housing")
    if table is None or not book:
        return out
    for area in sorted(table["area_code"].unique().to_list()):
        rows = table.filter(pl.col("area_code") == area)
        stock = _stock(problem, rows, book, (problem.origin_year, *years), delay(area) if delay else 0.0)
        arriving = np.zeros((len(years), len(problem.grades)))
        arriving[:, 0] = stock[1:, 0]
        for g in range(1, len(problem.grades)):
            follow = carried.get(g, np.ones(len(years)))
            arriving[:, g] = np.maximum(stock[1:, g] - follow * stock[:-1, g - 1], 0.0)
        for g in range(len(problem.grades)):
            if arriving[:, g].any():
                out[:, :, g] += _shares(problem, area, start[:, g])[:, None] * arriving[None, :, g]
    return out


def occupied(book: Mapping[str, Any], since: float) -> float:
    """Share of dwellings moved into `since` years after handover, between whole years in proportion."""
    path = [0.0, *[float(value) for value in book["occupancy"]]]
    return float(np.interp(since + 1.0, np.arange(len(path)), path))


def _stock(
    problem: Problem, rows: pl.DataFrame, book: Mapping[str, Any], years: tuple[int, ...], delay: float
) -> Floats:
    """float64[1 + H, G]: children of excess dwellings, above those already there at the origin."""
    origin = problem.origin_year
    done: dict[int, float] = {}
    for year, dwellings in rows.select("handover_year", "dwellings").iter_rows():
        done[year] = done.get(year, 0.0) + dwellings
    ordinary = sum(done.get(year, 0.0) for year in range(origin - WINDOW + 1, origin + 1)) / WINDOW
    ceiling = float(book.get("entrants_per_dwelling_ceiling", 1.0))
    stock = np.zeros((len(years), len(problem.grades)))
    has_status = "status" in rows.columns
    for row in rows.iter_rows(named=True):
        handover = int(row["handover_year"])
        if handover <= origin - WINDOW or done[handover] <= 0:
            continue
        status = (row["status"] if has_status else None) or "approved"
        future = handover > origin
        chance = float(book["completion_probability"][status]) if future else 1.0
        late = float(book["expected_delay_years"][status]) + delay if future else 0.0
        excess = row["dwellings"] * max(0.0, 1.0 - ordinary / done[handover]) * chance
        moved_in = np.array([occupied(book, year - handover - late) for year in years])
        per_grade = _per_grade(problem, book["pupils_per_dwelling"][row["kind"]], ceiling)
        stock += excess * (moved_in - moved_in[0])[:, None] * per_grade[None, :]
    return stock


def _per_grade(problem: Problem, by_stage: Mapping[str, Any], ceiling: float) -> Floats:
    out = np.zeros(len(problem.grades))
    for stage, pupils in by_stage.items():
        grades = [g for g in grades_of(stage, problem.region.school_system) if g != "K0"]
        for grade in grades:
            if grade in problem.grades:
                out[problem.grades.index(grade)] = min(float(pupils) / len(grades), ceiling)
    return out


def _shares(problem: Problem, area: str, pupils: Floats) -> Floats:
    """float64[U]: shares of the grade's pupils among the schools of the area, or of the first area above."""
    for code in [*problem.ancestors(area), ""]:
        inside = np.zeros(len(pupils))
        if code in problem.areas:
            rows = problem.members(code)
            inside[rows] = pupils[rows]
        elif code in {"", problem.region.code}:
            inside = pupils.copy()
        if inside.sum() > 0:
            return inside / inside.sum()
    return np.zeros(len(pupils))
