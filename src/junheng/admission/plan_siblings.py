"""Elder siblings who lift younger ones in the same run (dynamic siblings): grades from the top, and who is
admitted to a school makes the flag of the order true for her younger siblings at that school."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.rules.admission_plan import AdmissionPlan

Tables = Mapping[str, pl.DataFrame]


def siblings(tables: Tables) -> pl.DataFrame:
    """`family_id, applicant_id` of children of several grades bound as siblings."""
    if "families" not in tables:
        return pl.DataFrame(schema={"family_id": pl.String, "applicant_id": pl.String})
    return (
        tables["families"]
        .filter(pl.col("link") == "siblings")
        .select("family_id", "applicant_id")
        .unique("applicant_id")
    )


def lift(
    plan: AdmissionPlan, tables: Tables, standing: pl.DataFrame, assignment: pl.DataFrame | None
) -> pl.DataFrame | None:
    """Applications with the column `at_<flag>` as `assignment` (applicant_id, program_id) makes it; None
    where the plan lifts nobody or there are no siblings."""
    lists = plan.zone_lists
    bound = siblings(tables)
    if lists is None or not lists.lifts or assignment is None or not bound.height:
        return None
    flag, at = lists.lifts, f"at_{lists.lifts}"
    offered = tables["programs"].select("program_id", "school_id", "grade")
    elder = (
        bound.join(assignment.select("applicant_id", "program_id"), on="applicant_id")
        .join(offered, on="program_id")
        .group_by("family_id", "school_id")
        .agg(pl.col("grade").max().alias("elder_grade"))
    )
    rows = tables["applications"]
    own = pl.col(flag).cast(pl.Boolean).fill_null(False)
    if at in rows.columns:
        own = pl.coalesce(pl.col(at).cast(pl.Boolean), own)
    return (
        rows.join(standing.select("applicant_id", flag), on="applicant_id", how="left", maintain_order="left")
        .join(bound, on="applicant_id", how="left", maintain_order="left")
        .join(offered, on="program_id", how="left", maintain_order="left")
        .join(elder, on=["family_id", "school_id"], how="left", maintain_order="left")
        .with_columns(
            (own | (pl.col("elder_grade") > pl.col("grade")).fill_null(False)).alias("lifted"),
        )
        .select(*(one for one in rows.columns if one != at), pl.col("lifted").alias(at))
    )
