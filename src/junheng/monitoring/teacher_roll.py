"""Counts of teachers by school and stage out of the roll of teachers, where the school reported none."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.model import INPUTS
from junheng.model.monitoring_codes import ART_SUBJECTS, DEGREE_NUMBERS, RECOGNISED
from junheng.rules import Standards

KEY = ("school_id", "stage", "year")
SHARED = "shared"


def reported(tables: Mapping[str, pl.DataFrame], year: int, law: Standards) -> pl.DataFrame:
    """Rows of `school_years` of a year, counts of teachers left blank filled from `teachers`.

    A count given stands, and so does one the stages of a school share. A count from the roll is blank while
    any teacher of the stage has the attribute unknown.
    """
    empty = INPUTS["school_years"].empty()
    rows = tables.get("school_years", empty).filter(pl.col("year") == year)
    roll = tables.get("teachers")
    if roll is None or roll.is_empty():
        return rows
    here = roll.filter((pl.col("year") == year) & pl.col("school_id").is_not_null())
    if here.is_empty():
        return rows
    counts = _counts(here, law).with_columns(pl.col("year").cast(rows.schema["year"]))
    names = [name for name in counts.columns if name not in KEY]
    shared = (
        rows.filter(pl.col("stage") == SHARED)
        .select("school_id", *(pl.col(name).is_not_null().alias(f"{name}_shared") for name in names))
        .unique("school_id")
    )
    counts = (
        counts.join(shared, on="school_id", how="left")
        .with_columns(
            pl.when(~pl.col(f"{name}_shared").fill_null(value=False)).then(pl.col(name)).alias(name)
            for name in names
        )
        .select(*KEY, *names)
    )
    merged = rows.join(counts, on=list(KEY), how="full", coalesce=True, suffix="_roll").sort(KEY)
    return merged.with_columns(
        pl.coalesce(name, f"{name}_roll").cast(rows.schema[name]).alias(name) for name in names
    ).select(rows.columns)


def with_roll(tables: Mapping[str, pl.DataFrame], year: int, law: Standards) -> dict[str, pl.DataFrame]:
    """`tables` with the `school_years` of one year as `reported` has them."""
    held = tables.get("school_years", INPUTS["school_years"].empty())
    own = reported(tables, year, law)
    return {**tables, "school_years": pl.concat([held.filter(pl.col("year") != year), own])}


def _counts(roll: pl.DataFrame, law: Standards) -> pl.DataFrame:
    """Full-time teachers of each school and stage by what they have."""
    degree = pl.col("degree").replace_strict(DEGREE_NUMBERS, default=None, return_dtype=pl.Int64)
    needed = {key: law["teacher_degrees"].get(key) for key in law["teacher_degrees"]}
    least = pl.col("stage").replace_strict(needed, default=None, return_dtype=pl.Float64)
    hours = law["training"].get("hours")
    has = {
        "degree_teachers": degree <= least,
        "backbone_teachers": pl.col("backbone_level").is_in(RECOGNISED),
        "pe_teachers": pl.col("subject") == "pe",
        "music_teachers": pl.col("subject") == "music",
        "art_teachers": pl.col("subject").is_in(ART_SUBJECTS),
        "certified_teachers": pl.col("certified"),
        "trained_teachers": pl.col("training_hours") >= pl.lit(hours, pl.Float64),
    }
    full = roll.filter(pl.col("employment").fill_null("post") != "part_time")
    return (
        full.with_columns(test.alias(name) for name, test in has.items())
        .group_by(KEY)
        .agg(
            pl.len().cast(pl.Int64).alias("full_time_teachers"),
            *(pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).alias(name) for name in has),
        )
    )
