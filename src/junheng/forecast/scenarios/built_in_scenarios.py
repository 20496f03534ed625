"""Scenarios every bureau asks for, made from the tables at hand."""

from __future__ import annotations

import polars as pl

from junheng.forecast.problem import Problem
from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.scenarios.scenario import Scenario
from junheng.model.errors import Refused

NAMES = (
    "low_births", "high_births", "housing_late", "migration_halved", "migration_doubled", "no_new_capacity",
    "plan_as_approved",
)  # fmt: skip
_RAMP = 10
"""Years over which the births of a low or high scenario part from the median."""


def built_in(problem: Problem) -> dict[str, Scenario]:
    """The built-in scenarios that make sense for the tables present, by name.

    Low and high births end at the edges of the national 80 % band. Without births, a national path, dwellings
    or seats the scenario that needs them is left out.
    """
    first, region = problem.origin_year + 1, problem.region.code
    out: dict[str, Scenario] = {}

    def add(name: str, *levers: Lever) -> None:
        out[name] = Scenario(name, levers)

    def lever(kind: str, parameters: dict[str, str], from_year: int = first, ramp: int = 0) -> Lever:
        return Lever(kind, "region", region, from_year, None, ramp, parameters, "1")

    book = problem.assumption("fertility")
    if book:
        for name, edge in (("low_births", "total_fertility_low"), ("high_births", "total_fertility_high")):
            middle = {int(year): float(value) for year, value in book["total_fertility"].items()}
            band = {int(year): float(value) for year, value in book[edge].items()}
            year = min(max(first + _RAMP, min(band)), max(band))
            factor = f"{band[year] / middle[year]:.6f}"
            add(name, lever("FertilityShift", {"factor": factor}, problem.origin_year, _RAMP))
    if problem.tier != "D":
        if problem.table("housing") is not None:
            add("housing_late", lever("HousingCompletion", {"delay_years": "2"}))
        add("migration_halved", lever("MigrationShift", {"factor": "0.5"}))
        add("migration_doubled", lever("MigrationShift", {"factor": "2"}))
        if problem.table("seats") is not None:
            add("no_new_capacity", *_frozen(problem))
    add("plan_as_approved")
    return out


def scenario_of(problem: Problem, name: str) -> Scenario:
    """A built-in scenario by name; Refused lists those there are."""
    known = built_in(problem)
    if name not in known:
        raise Refused("scenario_unknown", {"name": name, "known": ", ".join(known)})
    return known[name]


def _frozen(problem: Problem) -> tuple[Lever, ...]:
    """Seats of the origin for every school and stage with approved changes to come."""
    seats = problem.tables["seats"]
    if "seats_approved" not in seats.columns:
        return ()
    later = seats.filter(pl.col("year") > problem.origin_year).select("school_id", "stage").unique()
    levers: list[Lever] = []
    for school, stage in sorted(later.iter_rows()):
        now = seats.filter(
            (pl.col("school_id") == school)
            & (pl.col("stage") == stage)
            & (pl.col("year") <= problem.origin_year)
            & pl.col("seats_approved").is_not_null()
        ).sort("year")
        held = int(now["seats_approved"][-1]) if now.height else 0
        levers.append(
            Lever(
                "CapacityChange", "school", school, problem.origin_year + 1, None, 0,
                {"seats": str(held), "stage": stage}, f"{school} {stage}",
            )
        )  # fmt: skip
    return tuple(levers)
