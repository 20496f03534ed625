"""Facts units report about themselves: finance by item, counts, results of others, surveys; and areas."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.model import INPUTS
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.model.stages import STAGES
from junheng.monitoring.school_facts import heads, of_schools, pupils_by_area
from junheng.rules import Standards
from junheng.rules.grains import AREAS, ITEMS

Tables = Mapping[str, pl.DataFrame]
Made = tuple[pl.DataFrame, list[Finding]]
YOUNG = (3, 5)
"""First and last whole year of age of the children kindergartens are for."""
BASES = ("resident", "census", "registered")
"""Bases of a population in order of preference."""
SEXES = 2


def _of_year(tables: Tables, name: str, year: int) -> pl.DataFrame:
    held = tables[name] if name in tables else INPUTS[name].empty()
    return held.filter(pl.col("year") == year)


def _placed(rows: pl.DataFrame, tables: Tables, year: int, places: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the level and the areas of their unit, which is an area or a school."""
    schools = of_schools(tables, year, places).select(
        pl.col("school_id").alias("unit_code"), pl.lit("school").alias("unit_level"), *AREAS
    )
    areas = places.select(
        pl.col("area_code").alias("unit_code"), pl.col("area_level").alias("unit_level"), *AREAS
    )
    known = pl.concat([areas, schools]).unique("unit_code", keep="first", maintain_order=True)
    return rows.join(known, on="unit_code", how="left", maintain_order="left")


def finance(tables: Tables, year: int, region: Region | None, law: Standards, places: pl.DataFrame) -> Made:
    """One row for each unit, stage and basis with every item as a column, and the pupils it is spent on."""
    rows = _of_year(tables, "finance", year).with_columns(pl.col("stage").fill_null(""))
    key = ["unit_code", "stage", "basis"]
    items = [pl.col("amount").filter(pl.col("item") == item).first().alias(item) for item in ITEMS]
    wide = rows.group_by(key, maintain_order=True).agg(*items, pl.col("source").drop_nulls().first())
    schools = of_schools(tables, year, places)
    counted = heads(tables, year, schools, region)
    pupils = pl.concat(
        [
            counted.select(unit_code="school_id", stage="stage", pupils="pupils"),
            pupils_by_area(counted, schools, AREAS[1:]).rename({"area_code": "unit_code"}),
        ]
    ).unique(["unit_code", "stage"], keep="first", maintain_order=True)
    all_stages = pupils.group_by("unit_code").agg(
        pl.lit("").alias("stage"),
        pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()).alias("pupils"),
    )
    known = pl.concat([pupils, all_stages.select(pupils.columns)])
    wide = wide.join(known, on=["unit_code", "stage"], how="left", maintain_order="left")
    small = law["small_school"].get("small")
    least = pl.col("pupils").clip(lower_bound=int(small)) if small is not None else pl.col("pupils")
    wide = wide.with_columns(least.alias("small_pupils"), pl.lit(year, pl.Int32).alias("year"))
    return _placed(wide, tables, year, places), []


def reported_counts(
    tables: Tables, year: int, _region: Region | None, _law: Standards, places: pl.DataFrame
) -> Made:
    """One row for each unit, stage and thing reported."""
    rows = _of_year(tables, "reported_counts", year).with_columns(pl.col("stage").fill_null(""))
    return _placed(rows, tables, year, places), []


def external_results(
    tables: Tables, year: int, _region: Region | None, _law: Standards, places: pl.DataFrame
) -> Made:
    """The newest result of each kind for each unit and stage, of this year or before."""
    held = tables["external_results"] if "external_results" in tables else INPUTS["external_results"].empty()
    known = held.filter(pl.col("year") <= year).with_columns(pl.col("stage").fill_null(""))
    newest = known.sort("result", "unit_code", "stage", "year").unique(
        ["result", "unit_code", "stage"], keep="last", maintain_order=True
    )
    return _placed(newest, tables, year, places), []


def surveys(tables: Tables, year: int, _region: Region | None, _law: Standards, places: pl.DataFrame) -> Made:
    """One row for each survey and group asked."""
    return _placed(_of_year(tables, "surveys", year), tables, year, places), []


def areas(tables: Tables, year: int, region: Region | None, _law: Standards, places: pl.DataFrame) -> Made:
    """One row for each declared area with the children and pupils in it and below it."""
    held = tables["areas"] if "areas" in tables else INPUTS["areas"].empty()
    schools = of_schools(tables, year, places)
    counted = heads(tables, year, schools, region)
    pupils = pupils_by_area(counted, schools, AREAS[1:])
    young = pupils.filter(pl.col("stage") == STAGES[0])
    kindergarten = young.select("area_code", kindergarten_pupils="pupils")
    total = pupils.group_by("area_code").agg(
        pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()).alias("pupils")
    )
    frame = held.join(places.drop("area_level"), on="area_code", how="left", maintain_order="left")
    for part in (total, kindergarten, _children(tables, year, places)):
        frame = frame.join(part, on="area_code", how="left", maintain_order="left")
    return frame, []


def _children(tables: Tables, year: int, places: pl.DataFrame) -> pl.DataFrame:
    """area_code, population_3_5: an area's own count of every age, else the sum of its towns if all have one.

    Of several bases the first of BASES that an area has all ages for is taken, never a mixture.
    """
    people = _of_year(tables, "population", year).filter(pl.col("age").is_between(*YOUNG))
    whole = pl.col("sex").fill_null("0") == "0"
    cells = ["area_code", "basis", "age"]
    told = people.filter(whole).select(*cells, "persons")
    by_sex = (
        people.filter(~whole)
        .group_by(cells)
        .agg(
            pl.when((pl.len() == SEXES) & (pl.col("persons").null_count() == 0)).then(pl.col("persons").sum())
        )
    )
    rows = pl.concat([told, by_sex.join(told, on=cells, how="anti")]).filter(pl.col("persons").is_not_null())
    rank = pl.col("basis").replace_strict(list(BASES), list(range(len(BASES))), default=len(BASES))
    own = (
        rows.group_by("area_code", "basis")
        .agg(pl.col("age").n_unique().alias("ages"), pl.col("persons").sum().alias("population_3_5"))
        .filter(pl.col("ages") == YOUNG[1] - YOUNG[0] + 1)
        .sort("area_code", rank)
        .unique("area_code", keep="first", maintain_order=True)
        .select("area_code", "population_3_5")
    )
    towns = places.filter(pl.col("area_level") == AREAS[-1]).join(own, on="area_code", how="left")
    parts = [own]
    for level in AREAS[1:-1]:
        added = (
            towns.filter(pl.col(level).is_not_null())
            .group_by(pl.col(level).alias("area_code"))
            .agg(pl.when(pl.col("population_3_5").null_count() == 0).then(pl.col("population_3_5").sum()))
        )
        parts.append(added.join(own, on="area_code", how="anti"))
    return pl.concat(parts)
