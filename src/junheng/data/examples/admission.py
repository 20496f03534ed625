"""Children who apply, their papers and wishes, for the three admission plans of an example region."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.data.examples import admission_entry, admission_senior
from junheng.data.examples.admission_people import Known
from junheng.data.examples.geography import Points
from junheng.data.examples.recipe import Recipe
from junheng.data.examples.schooling import History
from junheng.model import INPUTS
from junheng.rules.admission_plans_reader import FOLDER, PACKAGED


def tables(
    recipe: Recipe, history: History, built: NDArray[np.int64], at: Points, seed: int
) -> dict[str, pl.DataFrame]:
    """Declared frames of every plan together; `at` [school, 2] in km. Same seed, same frames."""
    known = Known(recipe, history, built, at, seed)
    parts: dict[str, list[pl.DataFrame]] = {}
    for plan in recipe["admission"]["plans"]:
        stage = plan["id"].partition("-")[2]
        senior = stage == "senior"
        made = admission_senior.tables(known, plan) if senior else admission_entry.tables(known, plan, stage)
        for name, frame in made.items():
            named = [pl.lit(plan["id"]).alias("plan_id")] if "plan_id" in INPUTS[name].names else []
            parts.setdefault(name, []).append(frame.with_columns(named))
    return {name: INPUTS[name].conform(pl.concat(frames, how="diagonal")) for name, frames in parts.items()}


def write_plans(recipe: Recipe, workspace: Path) -> None:
    """The plans of the region: the packaged templates, which say themselves that they are examples."""
    for plan in recipe["admission"]["plans"]:
        text = (PACKAGED / f"{plan['template']}.yaml").read_text(encoding="utf-8")
        head = f"# {recipe.region.name}（{recipe['region']['note']}）\n"
        path = workspace / FOLDER / f"{plan['id']}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + text, encoding="utf-8")
