"""预测回看: what earlier runs forecast against what was counted since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from junheng.model.stages import GRADES, SCHOOL_SYSTEMS, STAGES_BY_KIND, stage_at
from junheng.model.tables.forecast_outputs import FORECAST_ACCURACY


@dataclass(frozen=True, slots=True)
class PastRun:
    """An earlier run: its id, the count it started from, and two of its tables."""

    run_id: str
    origin_year: int
    forecast_enrolment: pl.DataFrame
    seat_warnings: pl.DataFrame


def look_back(past: Sequence[PastRun], tables: Mapping[str, pl.DataFrame], origin_year: int) -> pl.DataFrame:
    """Table `forecast_accuracy`: base-scenario stage totals of schools for years counted since.

    A school whose grade was not counted in the target year gives no row: a missing count is not an error.
    """
    if not past or "enrolment" not in tables:
        return FORECAST_ACCURACY.empty()
    counted = _stage_totals(tables, origin_year)
    rows = [_compare(one, counted) for one in past]
    return FORECAST_ACCURACY.conform(pl.concat(rows)) if rows else FORECAST_ACCURACY.empty()


def _stage_totals(tables: Mapping[str, pl.DataFrame], origin_year: int) -> pl.DataFrame:
    schools = tables["schools"].select("school_id", "kind", system=pl.col("school_system").fill_null("63"))
    stages = pl.DataFrame(
        [
            {"grade": grade, "kind": kind, "system": system, "stage": stage_at(grade, kind, system)}
            for grade in GRADES
            for kind in STAGES_BY_KIND
            for system in SCHOOL_SYSTEMS
        ]
    )
    return (
        tables["enrolment"]
        .filter(pl.col("year") <= origin_year)
        .join(schools, on="school_id", how="inner")
        .join(stages, on=["grade", "kind", "system"], how="inner")
        .group_by("school_id", "year", "stage")
        .agg(actual=pl.col("pupils").sum().cast(pl.Float64))
        .rename({"school_id": "unit_code", "year": "target_year"})
    )


def _compare(one: PastRun, counted: pl.DataFrame) -> pl.DataFrame:
    forecast = one.forecast_enrolment.filter(
        (pl.col("scenario") == "base") & (pl.col("unit_kind") == "school") & (pl.col("grade") == "all")
    ).rename({"year": "target_year"})
    return (
        forecast.join(counted, on=["unit_code", "target_year", "stage"], how="inner")
        .with_columns(
            past_run=pl.lit(one.run_id),
            forecast=pl.col("p50"),
            inside_80=pl.col("actual").is_between(pl.col("p10"), pl.col("p90")),
            error=pl.col("p50") - pl.col("actual"),
        )
        .select(FORECAST_ACCURACY.names)
    )
