"""The tables a plan leaves: who goes where, lines, waiting lists, quotas used, prices of 统筹, and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from junheng.admission.plan_batches import BatchRun
from junheng.admission.plan_entry import EntryRun
from junheng.admission.plan_lists import UNKNOWN

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanResult

RANKS = 3
"""Ranks counted one by one in the summary; later ones together."""


def tables(result: PlanResult) -> dict[str, pl.DataFrame]:
    """Every table by name: `assignment`, `application_reasons`, `cutoffs`, `waiting_list`, `quota_use`,
    `batch_log`, `placement_prices`, `admission_summary`."""
    return {
        "assignment": result.assignment,
        "application_reasons": result.application_reasons,
        "cutoffs": cutoffs(result),
        "waiting_list": waiting_list(result),
        "quota_use": quota_use(result),
        "batch_log": batch_log(result),
        "placement_prices": placement_prices(result),
        "admission_summary": admission_summary(result),
    }


def cutoffs(result: PlanResult) -> pl.DataFrame:
    """`batch, program_id, reserve_id, state (open, full), seats, filled, over, applicants, last_key,
    next_in_line` of every pool. `last_key` is the key of the last admitted of a full pool, `field=value`
    parted by `; `: the identity's id, points, days, metres, the place in the order of tickets."""
    parts: list[pl.DataFrame] = []
    for one in result.stages:
        fields = [name for name in one.cutoffs.columns if name.startswith("last_")]
        told = [
            pl.concat_str(pl.lit(name.removeprefix("last_") + "="), _shown(result, name, one.cutoffs))
            for name in fields
        ]
        parts.append(
            one.cutoffs.select(
                pl.lit(one.stage_id).alias("batch"),
                *("program_id", "reserve_id", "state", "seats", "filled", "over", "applicants"),
                pl.concat_str(told, separator="; ").alias("last_key"),
                "next_in_line",
            )
        )
    return pl.concat(parts).sort("batch", "program_id", "reserve_id", maintain_order=True)


def _shown(result: PlanResult, column: str, frame: pl.DataFrame) -> pl.Expr:
    """A field of a key as text that needs no language."""
    plan, name, value = result.problem.plan, column.removeprefix("last_"), pl.col(column)
    if name in ("ticket", "lottery", "band", "trait", "guaranteed", "distance", "choice"):
        return value.cast(pl.String)
    if name == "class":
        ids = [one.id for one in plan.identities]
        known = {2 * at + late: one + "+private" * late for at, one in enumerate(ids) for late in (0, 1)}
        return value.replace_strict(known, default=None, return_dtype=pl.String)
    if plan.score is not None:
        unit = plan.score.unit
        return (-value * unit.numerator / unit.denominator).cast(pl.String).str.strip_suffix(".0")
    kind = result.problem.standing.schema.get(name.removeprefix("-"), pl.Int64())
    plain = -value if name.startswith("-") else value
    if kind == pl.Boolean:
        plain_text = pl.when(plain == 0).then(pl.lit("true")).otherwise(pl.lit("false"))
    elif kind == pl.Date:
        plain_text = pl.when(value != UNKNOWN).then(plain).cast(pl.Int32).cast(pl.Date).cast(pl.String)
    else:
        plain_text = plain.cast(pl.String)
    return pl.when(value == UNKNOWN).then(pl.lit("")).otherwise(plain_text)


def waiting_list(result: PlanResult) -> pl.DataFrame:
    """`batch, program_id, reserve_id, position, applicant_id`: who wants a full pool more than what she
    holds."""
    parts = [one.waiting.select(pl.lit(one.stage_id).alias("batch"), pl.all()) for one in result.stages]
    return pl.concat(parts).sort("batch", "program_id", "reserve_id", "position")


def quota_use(result: PlanResult) -> pl.DataFrame:
    """`batch, origin_school_id, program_id, given, used, moved, moved_to`: quota seats of every origin (a
    junior school or district) and programme."""
    schema = {
        "batch": pl.String,
        "origin_school_id": pl.String,
        "program_id": pl.String,
        "given": pl.Int64,
        "used": pl.Int64,
        "moved": pl.Int64,
        "moved_to": pl.String,
    }
    if not isinstance(result.run, BatchRun):
        return pl.DataFrame(schema=schema)
    log = result.run.log
    return (
        log.filter(pl.col("origin") != "")
        .select(
            "batch",
            pl.col("origin").alias("origin_school_id"),
            "program_id",
            "given",
            "used",
            "moved",
            "moved_to",
        )
        .cast(pl.Schema(schema))
        .sort("batch", "origin_school_id", "program_id")
    )


def batch_log(result: PlanResult) -> pl.DataFrame:
    """`batch, program_id, seats, used, left, moved, moved_to` of every stage and programme."""
    if isinstance(result.run, BatchRun):
        counted = result.run.log.group_by("batch", "program_id", "moved_to", maintain_order=True).agg(
            pl.col("seats", "used", "moved").sum()
        )
    else:
        parts = [
            one.cutoffs.group_by("program_id")
            .agg(pl.col("seats", "over").sum())
            .with_columns(
                pl.lit(one.stage_id).alias("batch"),
                pl.col("program_id")
                .replace_strict(one.filled, default=0, return_dtype=pl.Int64)
                .alias("used")
                if one.filled
                else pl.lit(0, pl.Int64).alias("used"),
                pl.lit(0, pl.Int64).alias("moved"),
                pl.lit("").alias("moved_to"),
            )
            for one in result.stages
        ]
        counted = pl.concat(parts)
    return (
        counted.with_columns((pl.col("seats") - pl.col("used")).clip(lower_bound=0).alias("left"))
        .select("batch", "program_id", "seats", "used", "left", "moved", "moved_to")
        .sort("batch", "program_id")
    )


def placement_prices(result: PlanResult) -> pl.DataFrame:
    """`step, identity, program_id, seats, metres`: by class placed (or all at once, identity blank) the seats
    it found at each programme and the price of a seat there, the metres one more seat would save; null where
    there is no proof."""
    schema = {
        "step": pl.Int64,
        "identity": pl.String,
        "program_id": pl.String,
        "seats": pl.Int64,
        "metres": pl.Int64,
    }
    placed = result.run.placed if isinstance(result.run, EntryRun) else None
    if placed is None:
        return pl.DataFrame(schema=schema)
    parts = [
        pl.DataFrame(
            {
                "step": [step] * placed.program_id.len(),
                "identity": [identity] * placed.program_id.len(),
                "program_id": placed.program_id,
                "seats": one.seats,
                "metres": one.prices if one.prices is not None else [None] * placed.program_id.len(),
            },
            schema=schema,
        )
        for step, (one, identity) in enumerate(
            zip(placed.flow.stages, placed.identities, strict=True), start=1
        )
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def admission_summary(result: PlanResult) -> pl.DataFrame:
    """Counts by `by` (all, zone, identity, school) and its `id`: applicants, placed, waiting, named, by rank
    of the choice (`rank_1` … `rank_later`), `guaranteed`, `by_flow`, metres from home (`metres_p50`,
    `metres_p90`) and `near_share`, the share of the placed at a programme of the own zone; null where the
    tables do not tell. By school the applicants are those placed there."""
    rows = _rows(result)
    parts = [_counted(rows.with_columns(pl.lit("").alias("id")), "all")]
    for by, column in (("zone", "home_zone"), ("identity", "identity"), ("school", "school_id")):
        held = rows.filter(pl.col(column).is_not_null() & (pl.col(column) != ""))
        parts.append(_counted(held.with_columns(pl.col(column).alias("id")), by))
    return pl.concat(parts)


def _rows(result: PlanResult) -> pl.DataFrame:
    tables = result.problem.tables
    rows = result.assignment.join(
        result.problem.standing.select("applicant_id", "identity", "home_zone", "address_id"),
        on="applicant_id",
    ).join(tables["programs"].select("program_id", "school_id"), on="program_id", how="left")
    near = pl.lit(None, pl.Boolean)
    if "zone_programs" in tables:
        own = tables["zone_programs"].filter(pl.col("ring") == "zone").select("zone_id", "program_id")
        own = own.unique().with_columns(pl.lit(True).alias("near"))
        rows = rows.join(
            own, left_on=["home_zone", "program_id"], right_on=["zone_id", "program_id"], how="left"
        )
        near = pl.when(pl.col("program_id").is_not_null()).then(pl.col("near").fill_null(False))
    metres = pl.col("metres")
    if "travel" in tables:
        ways = tables["travel"].select("from_id", "to_id", pl.col("metres").alias("way"))
        rows = rows.join(
            ways.unique(["from_id", "to_id"]),
            left_on=["address_id", "school_id"],
            right_on=["from_id", "to_id"],
            how="left",
        )
        metres = pl.coalesce("metres", "way")
    return rows.with_columns(near.alias("near"), metres.cast(pl.Int64).alias("metres"))


def _counted(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    placed = pl.col("state") == "placed"
    rank = pl.col("choice_rank")
    return (
        rows.group_by("id")
        .agg(
            pl.len().cast(pl.Int64).alias("applicants"),
            placed.sum().cast(pl.Int64).alias("placed"),
            (pl.col("state") == "waiting").sum().cast(pl.Int64).alias("waiting"),
            (pl.col("state") == "named").sum().cast(pl.Int64).alias("named"),
            *((rank == n).sum().cast(pl.Int64).alias(f"rank_{n}") for n in range(1, RANKS + 1)),
            (rank > RANKS).sum().cast(pl.Int64).alias("rank_later"),
            (pl.col("reason") == "GUARANTEED").sum().cast(pl.Int64).alias("guaranteed"),
            (pl.col("batch") == "placement").sum().cast(pl.Int64).alias("by_flow"),
            pl.col("metres").filter(placed).quantile(0.5, "nearest").cast(pl.Int64).alias("metres_p50"),
            pl.col("metres").filter(placed).quantile(0.9, "nearest").cast(pl.Int64).alias("metres_p90"),
            pl.col("near").filter(placed).mean().alias("near_share"),
        )
        .select(pl.lit(by).alias("by"), pl.all())
        .sort("id")
    )
