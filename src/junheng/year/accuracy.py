"""预测回看: what earlier runs forecast against what was counted since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from junheng.model.stages import GRADES, SCHOOL_SYSTEMS, STAGES_BY_KIND, stage_at
from junheng.model.tables.forecast_outputs import FORECAST_ACCURACY

_COUNTED = ("unit_kind", "unit_code", "target_year", "stage", "actual")


@dataclass(frozen=True, slots=True)
class PastRun:
    """An earlier run: its id, the count it started from, and two of its tables."""

    run_id: str
    origin_year: int
    forecast_enrolment: pl.DataFrame
    seat_warnings: pl.DataFrame


def look_back(
    past: Sequence[PastRun], tables: Mapping[str, pl.DataFrame], origin_year: int, region: str
) -> pl.DataFrame:
    """Table `forecast_accuracy`: base-scenario stage totals for years counted since.

    Units are schools (areas where no school is counted) and the region of code `region`.

    A unit not counted in the target year gives no row: a missing count is not an error.
    """
    counted = _counted(tables, origin_year, region)
    if not past or counted is None:
        return FORECAST_ACCURACY.empty()
    rows = [_compare(one, counted) for one in past]
    return FORECAST_ACCURACY.conform(pl.concat(rows)) if rows else FORECAST_ACCURACY.empty()


def _counted(tables: Mapping[str, pl.DataFrame], origin_year: int, region: str) -> pl.DataFrame | None:
    """What was counted by unit, year and stage; the region is the sum of its units."""
    if "enrolment" in tables:
        units = _stage_totals(tables, origin_year).with_columns(unit_kind=pl.lit("school"))
    elif "area_enrolment" in tables:
        units = (
            tables["area_enrolment"]
            .filter((pl.col("year") <= origin_year) & pl.col("pupils").is_not_null())
            .select(
                pl.col("area_code").alias("unit_code"),
                pl.col("year").alias("target_year"),
                "stage",
                actual=pl.col("pupils").cast(pl.Float64),
                unit_kind=pl.lit("area"),
            )
        )
    else:
        return None
    own = pl.col("unit_code") == region
    stages_of_region = units.filter(own)["stage"].unique()
    top = units.filter(
        own | ~pl.col("stage").is_in(stages_of_region.to_list()) & ~_inside_another(tables, units)
    )
    whole = (
        top.group_by("target_year", "stage")
        .agg(pl.col("actual").sum())
        .with_columns(unit_code=pl.lit(region), unit_kind=pl.lit("region"))
    )
    return pl.concat([units.select(_COUNTED), whole.select(_COUNTED)])


def _inside_another(tables: Mapping[str, pl.DataFrame], units: pl.DataFrame) -> pl.Expr:
    """Whether a unit lies in an area that is counted itself and would be added twice."""
    if "areas" not in tables:
        return pl.lit(False)
    parent = tables["areas"].filter(pl.col("parent_code").is_in(units["unit_code"].unique().to_list()))
    return pl.col("unit_code").is_in(parent["area_code"].to_list())


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
        (pl.col("scenario") == "base") & (pl.col("grade") == "all")
    ).rename({"year": "target_year"})
    return (
        forecast.join(counted, on=["unit_kind", "unit_code", "target_year", "stage"], how="inner")
        .with_columns(
            past_run=pl.lit(one.run_id),
            forecast=pl.col("p50"),
            inside_80=pl.col("actual").is_between(pl.col("p10"), pl.col("p90")),
            error=pl.col("p50") - pl.col("actual"),
        )
        .select(FORECAST_ACCURACY.names)
    )
