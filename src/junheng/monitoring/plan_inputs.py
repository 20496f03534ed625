"""What tracking needs from a region's tables: its indicators measured for every year, and pupils by area
and year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from junheng.model.region import Region
from junheng.model.stages import stage_of
from junheng.monitoring.measuring import measure
from junheng.monitoring.places import lineage
from junheng.monitoring.plan_course import start_year
from junheng.monitoring.policy_values import statistics_year
from junheng.rules import Standards
from junheng.rules.grains import AREAS
from junheng.rules.indicator import AllOf, Comparison, Condition, Indicator, Literals
from junheng.rules.policies import PolicyDocument

YEARLY = (
    "school_years",
    "enrolment",
    "classes",
    "teachers",
    "finance",
    "reported_counts",
    "external_results",
)
MOST_YEARS = 12
NAMES = {"result": ("external_results", "result"), "unit_count": ("reported_counts", "measure")}
"""Grains of figures reported by name: their table and the column of the name."""
HEADS = {"area": pl.String, "stage": pl.String, "year": pl.Int64, "pupils": pl.Float64}
Tables = Mapping[str, pl.DataFrame]


def indicators_of(documents: Mapping[str, PolicyDocument], law: Standards) -> dict[str, Indicator]:
    """The indicators that targets and tasks of `documents` name, as far as the catalogue holds them."""
    wanted = {target.indicator for document in documents.values() for _, target in document.targets()}
    return {name: one for name, one in law.indicators.items() if name in wanted}


def since(documents: Mapping[str, PolicyDocument]) -> int | None:
    """The first year tracking asks figures of: the one before the earliest start of a plan or target."""
    starts = [
        start
        for document in documents.values()
        for _, target in document.targets()
        if (start := start_year(document, target)) is not None
    ]
    return min(starts) - 1 if starts else None


def years_of(tables: Tables, day: date, first: int | None = None) -> list[int]:
    """Years from `first` on of which the tables hold figures known on `day`, the last dozen at most."""
    found: set[int] = set()
    for name in YEARLY:
        if name in tables:
            found.update(int(year) for year in tables[name]["year"].drop_nulls().unique())
    held = [year for year in sorted(found) if year <= statistics_year(day)]
    return [year for year in held if first is None or year >= first][-MOST_YEARS:]


def reported(tables: Tables, indicator: Indicator) -> bool:
    """Whether anything an indicator of a reported grain asks for was ever reported; True for other grains."""
    if indicator.grain not in NAMES:
        return True
    table, column = NAMES[indicator.grain]
    if table not in tables:
        return False
    wanted = _named(indicator.where, column)
    return not wanted or not wanted.isdisjoint(tables[table][column].drop_nulls().unique())


def _named(condition: Condition | None, column: str) -> set[Literals]:
    """The literals a condition asks `column` to be; empty where it does not say."""
    if isinstance(condition, Comparison):
        return (
            set(condition.operand.literals)
            if condition.column == column and condition.op in ("eq", "in")
            else set()
        )
    if isinstance(condition, AllOf):
        return next((found for part in condition.parts if (found := _named(part, column))), set())
    return set()


def values_of(
    tables: Tables,
    indicators: Mapping[str, Indicator],
    day: date,
    *,
    region: Region | None = None,
    law: Standards | None = None,
    first: int | None = None,
    progress: Callable[..., None] | None = None,
) -> pl.DataFrame:
    """Rows of `indicator_values` of every year from `first` on known on `day`, without lists of units."""
    years = years_of(tables, day, first)
    asked = {name: one for name, one in indicators.items() if reported(tables, one)}
    frames: list[pl.DataFrame] = []
    for done, year in enumerate(years):
        if progress is not None:
            progress("policy.measuring", done, len(years), year=year)
        measured = measure(tables, asked, year=year, region=region, law=law, details=False)
        frames.append(measured.tables["indicator_values"])
    return pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame()


def pupils_of(tables: Tables, region: Region | None = None) -> pl.DataFrame:
    """area, stage ("" all), year, pupils: children counted in autumn for every area its schools lie in."""
    if "enrolment" not in tables or "schools" not in tables:
        return pl.DataFrame(schema=HEADS)
    system = region.school_system if region is not None else "63"
    placed = tables["schools"].select("school_id", "area_code").join(
        lineage(tables, region), on="area_code", how="left"
    )  # fmt: skip
    rows = (
        tables["enrolment"].filter(pl.col("pupils").is_not_null()).join(placed, on="school_id", how="inner")
    )
    grades = {grade: stage_of(grade, system) for grade in rows["grade"].drop_nulls().unique()}
    rows = rows.with_columns(pl.col("grade").replace_strict(grades, default="").alias("stage"))
    frames: list[pl.DataFrame] = []
    for level in AREAS:
        held = rows.filter(pl.col(level).is_not_null() & (pl.col(level) != ""))
        for stage in (pl.lit(""), pl.col("stage")):
            by = (pl.col(level).alias("area"), stage.alias("stage"), pl.col("year").cast(pl.Int64))
            frames.append(held.group_by(by).agg(pl.col("pupils").sum().cast(pl.Float64)))
    joined = pl.concat(frames).select(list(HEADS))
    return joined.unique(["area", "stage", "year"]).sort("area", "stage", "year")


def with_forecast(pupils: pl.DataFrame, forecast: pl.DataFrame | None, area: str) -> pl.DataFrame:
    """`pupils` with the region's forecast median of the years not yet counted (`forecast_enrolment`,
    base).
    """
    if forecast is None or forecast.is_empty():
        return pupils
    coming = (
        forecast.filter(
            (pl.col("scenario") == "base") & (pl.col("unit_kind") == "region") & (pl.col("grade") == "all")
        )
        .select(
            pl.lit(area).alias("area"), pl.col("stage").fill_null(""), pl.col("year").cast(pl.Int64),
            pl.col("p50").cast(pl.Float64).alias("pupils"),
        )
        .sort("stage", "year")
    )  # fmt: skip
    if coming.filter(pl.col("stage") == "").is_empty():
        total = (
            coming.group_by("area", "year")
            .agg(pl.col("pupils").sum())
            .with_columns(pl.lit("").alias("stage"))
        )
        coming = pl.concat([coming, total.select(list(HEADS))])
    counted = pupils.select("area", "stage", "year")
    return pl.concat([pupils, coming.join(counted, on=["area", "stage", "year"], how="anti")])
