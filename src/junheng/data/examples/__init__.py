"""Example regions, synthesised from a recipe and declared synthetic: `create` makes a workspace of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.data.digest import bytes_digest
from junheng.data.examples import (
    admission,
    capacity,
    conditions,
    geography,
    people,
    planning,
    premises,
    records,
    reporting,
    roll,
    spending,
)
from junheng.data.examples.choosing import choosing
from junheng.data.examples.recipe import PARTS, Recipe, load
from junheng.data.examples.schooling import History, Schooling
from junheng.data.workspace import Workspace
from junheng.model.errors import WorkspaceError

__all__ = ["create", "names", "synthesise"]

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Names of the example regions there are recipes for."""
    return sorted(path.parent.name for path in _FOLDER.glob("*/recipe.toml"))


def create(path: Path | str, *, seed: int = 1, name: str | None = None) -> Workspace:
    """A new workspace with an example region (the first, unless named).

    It holds the tables as its first version, the map, and a note that all of it is synthetic. The same seed
    gives the same bytes. WorkspaceError when the folder holds a workspace already or no such example exists.
    """
    name = name or names()[0]
    recipe = _recipe(name)
    tables, boundaries = synthesise(recipe, seed)
    ws = Workspace.create(path, recipe.region)
    sources = [_FOLDER / name / part for part in ("recipe.toml", *PARTS)]
    opened = datetime(recipe["years"]["last"] + 1, 3, 1, tzinfo=UTC)  # a date of the recipe, not of any clock
    ws.commit(
        tables,
        at=opened,
        note=recipe["region"]["note"],
        sources=[(f"{name}/{source.name}", bytes_digest(source.read_bytes())) for source in sources],
        mode="replace",
    )
    ws.set_boundaries(boundaries)
    (ws.path / "README.md").write_text(_readme(recipe, seed), encoding="utf-8")
    _own_rules(name, ws)
    admission.write_plans(recipe, ws.path)
    return ws


def _own_rules(name: str, ws: Workspace) -> None:
    """The region's own plan, as a bureau would write it into its workspace."""
    own = _FOLDER / name / "rules"
    for path in sorted(own.rglob("*.yaml")):
        place = ws.path / "rules" / path.relative_to(own)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())


def synthesise(recipe: Recipe, seed: int) -> tuple[dict[str, pl.DataFrame], Mapping[str, Any]]:
    """(declared frames by table name, GeoJSON of the areas) of a recipe. A first simulation without limits
    says how many rooms each school was built with; the second lives with them."""
    rings = geography.cells(recipe, seed)
    at = geography.places(recipe, rings, seed)
    born = people.births(recipe, seed)
    history, built = simulate(recipe, born, seed)
    enrolled = records.enrolment(recipe, history, built, seed)
    schools, campuses = records.schools(recipe, at)
    rows = {
        "areas": records.areas(recipe),
        "schools": schools,
        "campuses": campuses,
        "enrolment": enrolled,
        "seats": records.seats(recipe, built, enrolled),
        "school_events": records.school_events(recipe),
        "births": records.births(recipe, born),
        "population": records.population(recipe, history, born, seed),
        "housing": records.housing(recipe),
        "grade_flows": records.grade_flows(recipe, history),
        "area_links": records.area_links(recipe),
        "scenario_levers": records.scenario_levers(recipe),
    }
    rows |= _monitored(recipe, built, enrolled, rows["population"], seed)
    frames = records.conform(rows) | admission.tables(recipe, history, built, at, seed)
    return frames, geography.boundaries(recipe, rings)


def _monitored(
    recipe: Recipe,
    built: NDArray[np.int64],
    enrolled: list[dict[str, Any]],
    persons: list[dict[str, Any]],
    seed: int,
) -> dict[str, list[dict[str, Any]]]:
    """The tables monitoring reads, from the schools' pupils and classrooms."""
    counted = conditions.Counted.of(recipe, enrolled)
    held = conditions.school_years(recipe, counted, built, seed)
    return {
        "school_years": held,
        "classes": premises.classes(recipe, enrolled, seed),
        "rooms": premises.rooms(recipe, counted, seed),
        "teachers": roll.teachers(recipe, held, seed),
        "finance": spending.finance(recipe, counted, seed),
        "reported_counts": reporting.reported_counts(recipe, counted, enrolled, held, persons, seed),
        "external_results": planning.external_results(recipe),
        "surveys": planning.surveys(recipe),
        "evidence": planning.evidence(recipe),
        "improvement_levers": planning.improvement_levers(recipe),
        "policy_tasks": planning.policy_tasks(recipe),
        "policy_progress": planning.policy_progress(recipe),
        "projects": planning.projects(recipe),
    }


def simulate(recipe: Recipe, born: people.Births, seed: int) -> tuple[History, Any]:
    """(history of children and pupils, rooms by school, stage and year)."""
    model = choosing(recipe, seed)
    free = Schooling(recipe, born, model, seed, None).run()
    built = capacity.rooms(recipe, free)
    return Schooling(recipe, born, model, seed, capacity.caps(recipe, built)).run(), built


def _recipe(name: str) -> Recipe:
    if name not in names():
        raise WorkspaceError("example_unknown", {"name": name, "known": ", ".join(names())})
    return load(_FOLDER / name / "recipe.toml")


def _readme(recipe: Recipe, seed: int) -> str:
    region = recipe.region
    return (
        f"# {region.name} {region.name_en}\n\n{recipe['region']['note']}\n\n"
        f"由配方和随机种子 {seed} 合成；没有任何一个学生、学校或地方是真实的。\n"
        f"Synthesised from a recipe with seed {seed}; no child, school or place in it is real.\n"
    )
