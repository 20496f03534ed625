"""What an example region spends on its schools: budgets and final accounts by year."""

from __future__ import annotations

from typing import Any

import numpy as np

from junheng.data.examples.chance import stream
from junheng.data.examples.conditions import Counted
from junheng.data.examples.recipe import Recipe, School

Row = dict[str, Any]


def finance(recipe: Recipe, counted: Counted, seed: int) -> list[Row]:
    """Rows of the county and of every school it funds; the budget lies near the final account."""
    given = recipe["money"]
    random = stream(seed, "budget")
    rows: list[Row] = []

    def both(unit: str, year: int, item: str, amount: float, stage: str | None = None) -> None:
        head = {"unit_code": unit, "stage": stage, "year": year, "item": item, "source": given["source"]}
        planned = amount * (1.0 + given["budget_noise"] * random.normal())
        rows.append(head | {"basis": "budget", "amount": round(planned, -2)})
        rows.append(head | {"basis": "final", "amount": round(amount, 2)})

    for year in given["years"]:
        _county(recipe, counted, year, both)
    for school in recipe.schools:
        luck = stream(seed, "money", school.id).normal()
        for year in given["years"]:
            if pupils := counted.by_school.get((school.id, year)):
                _school(recipe, school, counted, year, pupils, luck, both)
    return rows


def _county(recipe: Recipe, counted: Counted, year: int, both: Any) -> None:
    given, code = recipe["money"], recipe.region.code
    total = recipe.at_year(given["education"], year)
    both(code, year, "public_budget_education", total)
    for stage, share in given["stage_share"].items():
        both(code, year, "public_budget_education", total * share, stage)
    both(code, year, "fiscal_education_total", total * given["fiscal_over_budget"])
    both(code, year, "teacher_pay_average", recipe.at_year(given["teacher_pay"], year))
    both(code, year, "civil_servant_pay_average", recipe.at_year(given["civil_servant_pay"], year))
    inclusive = sum(
        counted.pupils(school.id, "kindergarten", year)
        for school in recipe.schools
        if school.ownership == "private_inclusive"
    )
    both(code, year, "inclusive_subsidy", inclusive * given["inclusive_subsidy"])


def _school(
    recipe: Recipe, school: School, counted: Counted, year: int, pupils: int, luck: float, both: Any
) -> None:
    """Public funds by pupils, a small primary school as for a hundred; training as a share of them."""
    given = recipe["money"]
    if school.ownership != "public":
        return
    growth = (1.0 + given["public_funds_growth"]) ** (year - given["years"][-1])
    funds = 0.0
    for stage in school.stages:
        count = counted.pupils(school.id, stage, year)
        if school.kind in ("211", "218"):
            count = max(count, given["small_school"])
        funds += count * given["public_funds"][stage] * growth
    both(school.id, year, "public_funds", funds)
    if school.stages == ("special",):
        both(school.id, year, "special_needs_funds", funds)
    training = given["training_share"]
    share = float(np.clip(training["mean"] + training["sd"] * luck, training["least"], None))
    both(school.id, year, "training_funds", funds * share)
