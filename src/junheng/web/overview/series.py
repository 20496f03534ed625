"""Long tables by unit, stage and year that the map, the table and the figures are read from.

Worked out once a run from whole tables (see `runs.reading.derived`) and filtered to the scope afterwards.
Every unit of the tree has its rows: a town, the region, and the city and province above it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.model import Region
from junheng.report.reading import Reading, ReportInput
from junheng.web.units import tree

COUNTED = {
    "unit_code": pl.String,
    "stage": pl.String,
    "year": pl.Int32,
    "pupils": pl.Int64,
    "schools": pl.UInt32,
}
AHEAD = {
    "unit_code": pl.String,
    "stage": pl.String,
    "year": pl.Int32,
    "p10": pl.Float64,
    "p50": pl.Float64,
    "p90": pl.Float64,
}
SEATS = {
    "unit_code": pl.String,
    "stage": pl.String,
    "year": pl.Int32,
    "demand": pl.Float64,
    "seats": pl.Float64,
    "short": pl.Float64,
    "short_low": pl.Float64,
    "short_high": pl.Float64,
    "spare": pl.Float64,
}
LEAST_SHORT = 0.5
"""Fewer than half a seat is none, as in the report."""


def counted(tables: Mapping[str, pl.DataFrame], region: Region, paths: Mapping[str, str]) -> pl.DataFrame:
    """Pupils counted and schools that have pupils, of each unit and of all units above it (`COUNTED`).

    `paths` gives each unit's path in the tree. Schools the tree does not know are left out.
    """
    rows = Reading(ReportInput(region, tables), "zh").enrolled
    schools = (
        rows.group_by("school_id", "stage", "year")
        .agg(pl.col("pupils").sum())
        .filter(pl.col("pupils") > 0)
        .drop_nulls("stage")
    )
    joined = schools.join(_above(paths), left_on="school_id", right_on="below", how="inner")
    return (
        joined.group_by("unit_code", "stage", "year")
        .agg(pl.col("pupils").sum(), pl.col("school_id").n_unique().cast(pl.UInt32).alias("schools"))
        .select(list(COUNTED))
        .cast(COUNTED)  # type: ignore[arg-type]
        .sort("unit_code", "stage", "year")
    )


def schools_of(tables: Mapping[str, pl.DataFrame], region: Region, paths: Mapping[str, str]) -> pl.DataFrame:
    """Schools with pupils in any stage by unit and year: a school of two stages counts once."""
    rows = Reading(ReportInput(region, tables), "zh").enrolled.filter(pl.col("pupils") > 0)
    joined = (
        rows.select("school_id", "year")
        .unique()
        .join(_above(paths), left_on="school_id", right_on="below", how="inner")
    )
    return joined.group_by("unit_code", "year").agg(pl.len().alias("schools")).sort("unit_code", "year")


def ahead(frame: pl.DataFrame | None, region: Region, paths: Mapping[str, str]) -> pl.DataFrame:
    """Pupils forecast of each unit (`AHEAD`). Units without rows of their own get the sum of those below;
    their range is the sum of the ranges and so rather wide."""
    if frame is None:
        return pl.DataFrame(schema=AHEAD)
    rows = frame.filter(pl.col("grade") == "all").select(list(AHEAD))
    return _risen(rows.cast(AHEAD), region, paths, ("p10", "p50", "p90"))  # type: ignore[arg-type]


def seats(frame: pl.DataFrame | None, region: Region, paths: Mapping[str, str]) -> pl.DataFrame:
    """Demand, seats, and seats short or to spare of each unit (`SEATS`).

    Shortages never cancel against spare seats elsewhere: a unit that has towns below is short by the sum of
    what its towns are short, with the range summed the same way, as the report does.
    """
    if frame is None:
        return pl.DataFrame(schema=SEATS)
    gap = pl.col("gap_p50")
    short = gap > LEAST_SHORT
    rows = frame.select(
        "unit_code",
        "unit_kind",
        "stage",
        "year",
        pl.col("demand_p50").alias("demand"),
        (pl.col("demand_p50") - gap).clip(lower_bound=0).alias("seats"),
        pl.when(short).then(gap).otherwise(0.0).alias("short"),
        pl.when(short).then(pl.col("gap_p10").clip(lower_bound=0)).otherwise(0.0).alias("short_low"),
        pl.when(short).then(pl.col("gap_p90")).otherwise(0.0).alias("short_high"),
        (-gap).clip(lower_bound=0).alias("spare"),
    )
    own = rows.drop("unit_kind")
    towns = rows.filter(pl.col("unit_kind") == "area").drop("unit_kind")
    whole = _risen(own, region, paths, ("demand", "seats", "short", "short_low", "short_high", "spare"))
    if towns.is_empty():
        return whole.select(list(SEATS))
    leaves = _leaves(towns["unit_code"].unique().to_list(), paths)
    summed = (
        towns.filter(pl.col("unit_code").is_in(leaves))
        .join(_above(paths), left_on="unit_code", right_on="below", how="inner", suffix="_above")
        .filter(pl.col("unit_code") != pl.col("unit_code_above"))
        .group_by("unit_code_above", "stage", "year")
        .agg(pl.col("short", "short_low", "short_high", "spare").sum())
        .rename({"unit_code_above": "unit_code"})
    )
    keys = ["unit_code", "stage", "year"]
    merged = whole.join(summed, on=keys, how="left", suffix="_towns")
    return merged.with_columns(
        pl.coalesce(f"{name}_towns", name).alias(name)
        for name in ("short", "short_low", "short_high", "spare")
    ).select(list(SEATS))


def _above(paths: Mapping[str, str]) -> pl.DataFrame:
    """(unit_code, below): every unit with itself and every unit it lies in."""
    by_path = {path: code for code, path in paths.items()}
    pairs = [
        (by_path[path], code)
        for code, own in paths.items()
        for path in tree.ancestors(own)
        if path in by_path
    ]
    return pl.DataFrame(pairs, schema={"unit_code": pl.String, "below": pl.String}, orient="row")


def _leaves(codes: list[str], paths: Mapping[str, str]) -> list[str]:
    """Those of `codes` with none of `codes` below them."""
    known = {paths[code]: code for code in codes if code in paths}
    inner = {above for path in known for above in tree.ancestors(path)[:-1]}
    return [code for path, code in known.items() if path not in inner]


def _risen(
    rows: pl.DataFrame, region: Region, paths: Mapping[str, str], values: tuple[str, ...]
) -> pl.DataFrame:
    """`rows` with rows for units that have none: above the region the region's own, in between the sum of the
    leaves below."""
    have = set(rows["unit_code"].unique().to_list())
    own_path = paths.get(region.code, "")
    above = [code for code, path in paths.items() if path != own_path and own_path.startswith(path)]
    parts = [rows]
    if region.code in have:
        regional = rows.filter(pl.col("unit_code") == region.code)
        parts += [regional.with_columns(pl.lit(code).alias("unit_code")) for code in above]
    wanted = [code for code in paths if code not in have and code not in above and _has_below(code, paths)]
    if wanted:
        leaves = _leaves(list(have), paths)
        summed = (
            rows.filter(pl.col("unit_code").is_in(leaves))
            .join(_above(paths), left_on="unit_code", right_on="below", how="inner", suffix="_above")
            .filter(pl.col("unit_code_above").is_in(wanted))
            .group_by("unit_code_above", "stage", "year")
            .agg(pl.col(*values).sum())
            .rename({"unit_code_above": "unit_code"})
        )
        parts.append(summed.select(rows.columns).cast(dict(rows.schema)))  # type: ignore[arg-type]
    return pl.concat(parts)


def _has_below(code: str, paths: Mapping[str, str]) -> bool:
    own = paths[code]
    return any(path != own and path.startswith(own) for path in paths.values())
