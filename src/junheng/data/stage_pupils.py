"""Pupils of each school by stage and year, from enrolment by grade."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.model import Region
from junheng.model.stages import GRADES, STAGES_BY_KIND, stage_at


def stage_pupils(tables: Mapping[str, pl.DataFrame], region: Region) -> pl.DataFrame:
    """school_id, stage, year, pupils, classes; a grade's stage follows the school's kind and system. Empty
    without schools or enrolment."""
    if "schools" not in tables or "enrolment" not in tables:
        return pl.DataFrame(
            schema={
                "school_id": pl.String,
                "stage": pl.String,
                "year": pl.Int32,
                "pupils": pl.Int64,
                "classes": pl.Int64,
            }
        )
    known = [
        (kind, system, grade, stage_at(grade, kind, system))
        for kind in STAGES_BY_KIND
        for system in ("63", "54")
        for grade in GRADES
    ]
    stages = pl.DataFrame(known, schema=["kind", "__system", "grade", "stage"], orient="row")
    schools = tables["schools"].select(
        "school_id", "kind", pl.col("school_system").fill_null(region.school_system).alias("__system")
    )
    rows = tables["enrolment"].select("school_id", "year", "grade", "pupils", "classes")
    return (
        rows.join(schools.unique("school_id"), on="school_id", how="inner")
        .join(stages, on=["kind", "__system", "grade"], how="inner")
        .group_by("school_id", "stage", "year")
        .agg(pl.col("pupils").sum(), pl.col("classes").sum())
    )
