"""What a trial or a result comes to, in sums: by school, by class and zone, by choice. Nothing here is about
a single child, and children of protected identities stand in the totals only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from junheng.admission import PlanResult


NEAREST = 3
"""Schools with seats left that are named for a zone with children left over."""
PLACES = ("first", "second", "later", "sure", "placed", "waiting", "without")
"""Where children are in: first, second, later choice, guaranteed or own school, coordinated, on a waiting
list, nowhere."""


def people(result: PlanResult) -> pl.DataFrame:
    """A row for each child: `applicant_id, class (name, blank where protected), zone, place, program_id,
    metres`."""
    plan, standing = result.problem.plan, result.problem.standing
    names = {number: "" if one.protected else one.name for number, one in enumerate(plan.identities)}
    zone = pl.col("home_zone") if "home_zone" in standing.columns else pl.lit("")
    held = standing.select(
        "applicant_id",
        pl.col("identity_no").replace_strict(names, default="", return_dtype=pl.String).alias("class"),
        zone.fill_null("").alias("zone"),
    )
    rank = pl.col("choice_rank")
    place = (
        pl.when(pl.col("state") == "waiting").then(pl.lit("waiting"))
        .when(pl.col("state") != "placed").then(pl.lit("without"))
        .when(pl.col("reason") == "PLACED_BY_FLOW").then(pl.lit("placed"))
        .when(rank.is_null()).then(pl.lit("sure"))
        .when(rank == 1).then(pl.lit("first"))
        .when(rank == 2).then(pl.lit("second"))
        .otherwise(pl.lit("later"))
    )  # fmt: skip
    rows = result.assignment.select(
        "applicant_id", place.alias("place"), pl.col("program_id").fill_null(""), "choice_rank", "metres"
    )
    return held.join(rows, on="applicant_id", how="left")


def by(rows: pl.DataFrame, column: str, least: int) -> list[dict[str, Any]]:
    """Children by a column and where they are in; groups of fewer than `least` stand together under ""."""
    few = rows.group_by(column).len().filter(pl.col("len") < least)[column].to_list()
    shown = rows.with_columns(
        pl.when(pl.col(column).is_in(few)).then(pl.lit("")).otherwise(column).alias("of")
    )
    found = (
        shown.group_by("of")
        .agg(pl.len().alias("children"), *((pl.col("place") == one).sum().alias(one) for one in PLACES))
        .sort("of")
    )
    return found.to_dicts()


def ranks(result: PlanResult) -> dict[str, int]:
    """Children by the choice they are admitted to."""
    held = result.assignment.filter(pl.col("choice_rank").is_not_null() & (pl.col("state") == "placed"))
    return {str(rank): n for rank, n in held.group_by("choice_rank").len().sort("choice_rank").iter_rows()}


def schools(result: PlanResult) -> list[dict[str, Any]]:
    """Programmes by their id: seats, who wishes them first, who at all, who is in, what is left."""
    tables = result.problem.tables
    wished = tables["applications"]
    total = wished.group_by("program_id").agg(
        pl.col("applicant_id").n_unique().alias("wished"),
        (pl.col("choice_rank") == 1).sum().alias("first"),
    )
    taken = result.assignment.drop_nulls("program_id").group_by("program_id").len("taken")
    return (
        tables["programs"]
        .select("program_id", "school_id", "seats", "ownership")
        .join(total, on="program_id", how="left")
        .join(taken, on="program_id", how="left")
        .with_columns(pl.col("wished", "first", "taken").fill_null(0).cast(pl.Int64))
        .with_columns(
            left=(pl.col("seats") - pl.col("taken")).clip(0), over=(pl.col("taken") - pl.col("seats")).clip(0)
        )
        .sort("program_id")
        .to_dicts()
    )


def demand(result: PlanResult, rows: pl.DataFrame, least: int) -> list[dict[str, Any]]:
    """First choices of each programme by class: `program_id, class, children`; protected and small classes
    under ""."""
    few = rows.group_by("class").len().filter(pl.col("len") < least)["class"].to_list()
    first = (
        result.problem.tables["applications"]
        .filter(pl.col("choice_rank") == 1)
        .select("applicant_id", "program_id")
    )
    own = result.problem.standing
    if "own_program_id" in own.columns:
        listed = first["applicant_id"].unique().implode()
        own = own.filter(~pl.col("applicant_id").is_in(listed)).select(
            "applicant_id", pl.col("own_program_id").alias("program_id")
        )
        first = pl.concat([first, own.drop_nulls()])
    return (
        first.join(rows.select("applicant_id", "class"), on="applicant_id")
        .with_columns(pl.when(pl.col("class").is_in(few)).then(pl.lit("")).otherwise("class").alias("class"))
        .group_by("program_id", "class")
        .len("children")
        .sort("program_id", "class")
        .to_dicts()
    )


def unplaced(result: PlanResult, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Children without a seat by zone, and the nearest programmes with seats left: `zone, children, nearest:
    [{program_id, left, metres}]` (median metres where distances are known, else by the zone's rings)."""
    out = rows.filter(pl.col("place").is_in(["without", "waiting"]))
    if not out.height:
        return []
    left = {one["program_id"]: one for one in schools(result) if one["left"] > 0}
    tables = result.problem.tables
    found: list[dict[str, Any]] = []
    for zone, count in out.group_by("zone").len().sort("zone").iter_rows():
        ids = out.filter(pl.col("zone") == zone)["applicant_id"]
        found.append({"zone": zone, "children": count, "nearest": _nearest(tables, ids, left)})
    return found


def _nearest(tables: Any, ids: pl.Series, left: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    if "travel" not in tables or not left or "address_id" not in tables["applicants"].columns:
        return []
    by_school = {one["school_id"]: name for name, one in left.items()}
    homes = tables["applicants"].filter(pl.col("applicant_id").is_in(ids.implode()))["address_id"]
    ways = (
        tables["travel"]
        .filter(pl.col("from_id").is_in(homes.implode()) & pl.col("to_id").is_in(list(by_school)))
        .group_by("to_id")
        .agg(pl.col("metres").median())
        .sort("metres", "to_id")
        .head(NEAREST)
    )
    return [
        {"program_id": by_school[to], "left": left[by_school[to]]["left"], "metres": round(metres)}
        for to, metres in ways.iter_rows()
    ]


def total(result: PlanResult, rows: pl.DataFrame) -> dict[str, Any]:
    """Counts of the whole."""
    counts = {one: int((rows["place"] == one).sum()) for one in PLACES}
    metres = rows["metres"].drop_nulls()
    return {
        "children": rows.height,
        **counts,
        "seats": int(result.problem.tables["programs"]["seats"].sum()),
        "metres_median": round(float(metres.median() or 0)) if metres.len() else None,  # type: ignore[arg-type]
        "failed": list(result.check()),
    }


def whole(result: PlanResult, least: int) -> dict[str, Any]:
    """Everything of a result in sums, as it is kept with a job."""
    rows = people(result)
    return {
        "total": total(result, rows),
        "ranks": ranks(result),
        "schools": schools(result),
        "demand": demand(result, rows, least),
        "classes": by(rows, "class", least),
        "zones": by(rows, "zone", least),
        "unplaced": unplaced(result, rows),
    }
