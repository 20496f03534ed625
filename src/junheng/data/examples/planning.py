"""What an example region has been told and plans: outside results, surveys, evidence, measures, tasks."""

from __future__ import annotations

from typing import Any

from junheng.data.digest import bytes_digest
from junheng.data.examples.recipe import Recipe

Row = dict[str, Any]


def external_results(recipe: Recipe) -> list[Row]:
    """As the recipe lists them, for the county."""
    code = recipe.region.code
    return [{"unit_code": code} | dict(entry) for entry in recipe["results"]]


def surveys(recipe: Recipe) -> list[Row]:
    """As the recipe lists them, for the county."""
    code = recipe.region.code
    return [{"unit_code": code} | dict(entry) for entry in recipe["surveys"]]


def evidence(recipe: Recipe) -> list[Row]:
    """As the recipe lists them, numbered; the digest is that of the file's name, for there is no file."""
    rows: list[Row] = []
    for number, entry in enumerate(recipe["evidence"], start=1):
        digest = bytes_digest(entry["file_name"].encode()).removeprefix("sha256:")
        head = {"evidence_id": f"E{entry['year']}-{number:03d}", "unit_code": recipe.region.code}
        rows.append(head | {"file_sha256": digest} | dict(entry))
    return rows


def improvement_levers(recipe: Recipe) -> list[Row]:
    """As the recipe lists them; a school is named and its id filled in."""
    return [_at_school(recipe, entry) for entry in recipe["improvement"]]


def policy_tasks(recipe: Recipe) -> list[Row]:
    """As the recipe lists them; the county is in charge where no school is named."""
    return [{"unit_code": recipe.region.code} | _at_school(recipe, entry) for entry in recipe["tasks"]]


def policy_progress(recipe: Recipe) -> list[Row]:
    """As the recipe lists it."""
    return [{"unit_code": recipe.region.code} | _at_school(recipe, entry) for entry in recipe["progress"]]


def projects(recipe: Recipe) -> list[Row]:
    """As the recipe lists them."""
    note = recipe["region"]["note"]
    return [
        {"unit_code": recipe.region.code, "source": note} | _at_school(recipe, entry)
        for entry in recipe["projects"]
    ]


def _at_school(recipe: Recipe, entry: Row) -> Row:
    row = {name: value for name, value in entry.items() if name != "school"}
    return row | {"unit_code": recipe.school(entry["school"]).id} if "school" in entry else row
