"""Tables of a plan checked before anybody is admitted: all faults at once, each with its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from junheng.model.reason import Finding
from junheng.rules.admission_plan import AdmissionPlan

Tables = Mapping[str, pl.DataFrame]


def needed(plan: AdmissionPlan) -> dict[str, tuple[str, ...]]:
    """Columns each table of a plan must have, besides its facts."""
    wanted: dict[str, tuple[str, ...]] = {
        "programs": ("program_id", "school_id", "seats"),
        "applicants": ("applicant_id",),
        "applications": ("applicant_id", "choice_rank", "program_id"),
    }
    own = ["applicant_id"]
    if plan.stage == "senior_high":
        wanted["applications"] = ("applicant_id", "batch", "choice_rank", "program_id")
        wanted["exam_scores"] = ("applicant_id", "subject", "points", "unit")
        to = {one.quota.to for one in plan.batches if one.quota is not None}
        own += ["origin_school_id"] * ("origin_school" in to) + ["district"] * ("district" in to)
    else:
        wanted["programs"] = ("program_id", "school_id", "seats", "ownership")
        own += ["own_program_id"]
        own += ["birth_date"] * (plan.age is not None)
        own += ["family_id", "address_id"] * (plan.address is not None)
        if plan.zone_lists is not None and plan.zone_lists.lifts:
            wanted["programs"] = (*wanted["programs"], "grade")
        if plan.private is not None:
            wanted["applications"] = ("applicant_id", "batch", "choice_rank", "program_id")
        if plan.placement is not None:
            own += ["home_zone", "address_id"]
            wanted["zone_programs"] = ("zone_id", "program_id", "ring")
            wanted["travel"] = ("from_id", "to_id", "metres")
    if plan.address is not None:
        wanted["address_uses"] = ("address_id", "family_id", "school_id", "first_year")
    wanted["applicants"] = tuple(dict.fromkeys(own))
    return wanted


def faults(tables: Tables, plan: AdmissionPlan) -> list[Finding]:
    """Everything wrong with the tables of a plan; rows count from 2, under the heading."""
    missing = list(_missing(tables, plan))
    if missing:
        return missing
    found = [*_programs(tables["programs"]), *_twice(tables["applicants"], "applicant_id", "applicants")]
    found += _unknown(tables, "applications", "applicant_id", "applicants", "applicant_id")
    found += _unknown(tables, "applications", "program_id", "programs", "program_id")
    if plan.stage != "senior_high":
        found += _unknown(tables, "applicants", "own_program_id", "programs", "program_id")
    if plan.placement is not None:
        found += _unknown(tables, "zone_programs", "program_id", "programs", "program_id")
        found += _unknown(tables, "applicants", "home_zone", "zone_programs", "zone_id")
    if "families" in tables:
        found += _unknown(tables, "families", "applicant_id", "applicants", "applicant_id")
    return [*found, *_lists(tables["applications"], plan), *_first(tables, plan)]


def _missing(tables: Tables, plan: AdmissionPlan) -> Iterator[Finding]:
    for name, columns in needed(plan).items():
        if name not in tables:
            yield Finding("admission.table_missing", "error", table=name, parameters={"table": name})
            continue
        there = tables[name].columns
        for column in columns:
            if column not in there:
                about = {"heading": column, "there": ", ".join(there)}
                yield Finding("admission.column_missing", "error", table=name, parameters=about)


def _programs(programs: pl.DataFrame) -> Iterator[Finding]:
    yield from _twice(programs, "program_id", "programs")
    if not programs.schema["seats"].is_integer():
        about = {"value": str(programs.schema["seats"]), "column": "seats"}
        yield Finding("admission.not_whole", "error", "programs", column="seats", parameters=about)
        return
    wrong = programs.with_row_index("row", 2).filter(pl.col("seats").is_null() | (pl.col("seats") < 0))
    for row, seats in wrong.select("row", "seats").iter_rows():
        about = {"value": "" if seats is None else str(seats), "column": "seats", "limit": 0}
        yield Finding("admission.too_small", "error", "programs", row=row, column="seats", parameters=about)


def _twice(table: pl.DataFrame, column: str, name: str) -> Iterator[Finding]:
    rows = table.select(column).with_row_index("row", 2)
    again = rows.with_columns(pl.col("row").min().over(column).alias("first")).filter(
        pl.col("row") > pl.col("first")
    )
    for row, value, first in again.select("row", column, "first").iter_rows():
        about = {"value": value, "first": first}
        yield Finding("admission.repeated_id", "error", name, row=row, column=column, parameters=about)


def _unknown(tables: Tables, name: str, column: str, other: str, key: str) -> Iterator[Finding]:
    known = tables[other][key].unique()
    rows = tables[name].select(column).with_row_index("row", 2)
    strange = rows.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known.implode()))
    for row, value in strange.iter_rows():
        about = {"value": value}
        yield Finding("admission.unknown_id", "error", name, row=row, column=column, parameters=about)


def _limits(plan: AdmissionPlan) -> dict[str, int]:
    limits = {one.id: one.choices for one in plan.batches}
    if plan.private is not None:
        limits["private"] = plan.private.choices
    if plan.zone_lists is not None and plan.zone_lists.choices is not None:
        limits["public"] = plan.zone_lists.choices
    return limits


def _lists(applications: pl.DataFrame, plan: AdmissionPlan) -> Iterator[Finding]:
    rows = applications.with_row_index("row", 2)
    if "batch" not in rows.columns:
        rows = rows.with_columns(pl.lit("public").alias("batch"))
    known = [one.id for one in plan.batches] or ["public", "private"]
    for row, batch in rows.filter(~pl.col("batch").is_in(known)).select("row", "batch").iter_rows():
        about = {"value": batch, "known": ", ".join(known)}
        yield Finding("admission.batch_unknown", "error", "applications", row=row, parameters=about)
    who = ["applicant_id", "batch"]
    for column, code in (("program_id", "admission.program_twice"), ("choice_rank", "admission.rank_twice")):
        again = rows.with_columns(pl.col("row").min().over([*who, column]).alias("first")).filter(
            pl.col("row") > pl.col("first")
        )
        for row, applicant, value, first in again.select("row", "applicant_id", column, "first").iter_rows():
            about = {"applicant": applicant, "value": value, "first": first}
            yield Finding(code, "error", "applications", row=row, column=column, parameters=about)
    ranked = rows.unique([*who, "choice_rank"]).with_columns(
        pl.col("choice_rank").rank("ordinal").over(who).cast(pl.Int64).alias("expected")
    )
    gaps = ranked.filter(pl.col("choice_rank") != pl.col("expected")).sort("row").unique(who, keep="first")
    for one in gaps.sort("row").iter_rows(named=True):
        about = {
            "applicant": one["applicant_id"],
            "value": one["choice_rank"],
            "expected": one["expected"],
        }
        yield Finding("admission.rank_gap", "error", "applications", row=one["row"], parameters=about)
    for batch, most in _limits(plan).items():
        long = rows.filter((pl.col("batch") == batch) & (pl.col("choice_rank") > most))
        for row, applicant in long.select("row", "applicant_id").iter_rows():
            about = {"applicant": applicant, "most": most}
            yield Finding("admission.list_long", "error", "applications", row=row, parameters=about)


def _first(tables: Tables, plan: AdmissionPlan) -> Iterator[Finding]:
    """Where the plan fixes the first choice to the school of registration."""
    if plan.zone_lists is None or plan.zone_lists.first_choice != "registering_school":
        return
    rows = tables["applications"].with_row_index("row", 2)
    if "batch" in rows.columns:
        rows = rows.filter(pl.col("batch") == "public")
    rows = rows.filter(pl.col("choice_rank") == 1).join(
        tables["applicants"].select("applicant_id", "own_program_id"), on="applicant_id"
    )
    wrong = rows.filter(~pl.col("program_id").eq_missing(pl.col("own_program_id")))
    for one in wrong.sort("row").iter_rows(named=True):
        about = {
            "applicant": one["applicant_id"],
            "program": one["program_id"],
            "own": one["own_program_id"] or "–",
        }
        yield Finding("admission.first_choice", "error", "applications", row=one["row"], parameters=about)
