"""A synthetic province for the benchmarks: the example county so many times over, each with its codes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from junheng.data import Workspace, examples
from junheng.model import INPUTS, Region

TABLES = ("areas", "schools", "enrolment", "births", "population", "seats", "housing", "grade_flows")
AREA_IDS = ("area_code", "parent_code")
OTHER_IDS = ("school_id", "from_school_id", "to_school_id", "project_id")


def create(path: Path, counties: int, *, seed: int = 1) -> Workspace:
    """A workspace of a province with `counties` counties (147 schools each), declared synthetic."""
    county = examples.create(path.with_name(path.name + "-county"), seed=seed)
    own, code = county.region, county.region.code[:2]
    region = Region(code=code, name="示例省", name_en="Example Province", synthetic=True)
    held = county.tables()
    known = [*held["schools"]["school_id"], *held["housing"]["project_id"]]
    codes = [f"{code}{1 + n // 90:02d}{1 + n % 90:02d}" for n in range(counties)]
    made: dict[str, pl.DataFrame] = {}
    for name in TABLES:
        copies = [_copied(held[name], own.code, new, n, known) for n, new in enumerate(codes)]
        made[name] = INPUTS[name].conform(pl.concat(copies))
    top = (
        made["areas"]
        .head(1)
        .with_columns(
            area_code=pl.lit(code),
            name=pl.lit(region.name),
            level=pl.lit("province"),
            parent_code=pl.lit(None, dtype=pl.String),
            population_total=pl.lit(None, dtype=made["areas"]["population_total"].dtype),
        )
    )
    areas = made["areas"].with_columns(
        parent_code=pl.when(pl.col("level") == "county").then(pl.lit(code)).otherwise(pl.col("parent_code"))
    )
    made["areas"] = INPUTS["areas"].conform(pl.concat([top, areas]))
    workspace = Workspace.create(path, region)
    workspace.store.commit(made, at=datetime(2025, 9, 1, tzinfo=UTC))
    return workspace


def _copied(frame: pl.DataFrame, old: str, new: str, number: int, known: list[str]) -> pl.DataFrame:
    """One county's rows under another county's codes."""
    changes = [
        pl.concat_str(pl.lit(new), pl.col(name).str.slice(len(old))).alias(name)
        for name in AREA_IDS
        if name in frame.columns
    ]
    changes += [
        pl.when(pl.col(name).is_in(known))
        .then(pl.col(name) + f"{number:03d}")
        .otherwise(pl.col(name))
        .alias(name)
        for name in OTHER_IDS
        if name in frame.columns
    ]
    if "level" in frame.columns:
        changes.append(
            pl.when(pl.col("level") == "county")
            .then(pl.concat_str(pl.col("name"), pl.lit(f"{number + 1}")))
            .otherwise(pl.col("name"))
            .alias("name")
        )
    return frame.with_columns(changes)
