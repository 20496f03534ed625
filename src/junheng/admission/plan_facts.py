"""Facts of children as a plan uses them: each in the type its tests need, only what was checked.

Facts arrive checked, `verified | pending | rejected`. A rejected fact is unknown; a pending one stops the run
unless the plan names the identity such a child gets. No guess is made.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import polars as pl

from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.admission_plan import OWN_FIELDS, AdmissionPlan, Condition

Kind = Literal["day", "whole", "flag", "text"]
_TYPES: dict[Kind, pl.DataType] = {
    "day": pl.Date(),
    "whole": pl.Int64(),
    "flag": pl.Boolean(),
    "text": pl.String(),
}
_TRUE, _FALSE = ("true", "1", "是", "yes"), ("false", "0", "否", "no")


def kinds(plan: AdmissionPlan) -> dict[str, Kind]:
    """Type of each fact, from the tests of the plan; a field that only orders is a flag if its column is."""
    found: dict[str, Kind] = {}

    def look(condition: Condition) -> None:
        for part in condition.parts:
            look(part)
        if condition.kind != "test":
            return
        value = condition.values[0]
        if condition.op in ("before", "from") or isinstance(value, date):
            found[condition.field] = "day"
        elif isinstance(value, bool):
            found.setdefault(condition.field, "flag")
        elif condition.op in ("at_least", "at_most") or isinstance(value, int):
            found.setdefault(condition.field, "whole")
        else:
            found.setdefault(condition.field, "text")

    for one in plan.identities:
        look(one.when)
    for batch in plan.batches:
        look(batch.eligible)
    found.pop("total", None)
    if plan.zone_lists is not None:
        found |= dict.fromkeys(plan.zone_lists.guaranteed, "flag")
    return found


def typed(applicants: pl.DataFrame, plan: AdmissionPlan) -> tuple[pl.DataFrame, list[Finding]]:
    """`applicants` with every fact of the plan in its type, and the faults: a column that is missing, a
    value that is not of the type. Rows count from 2, under the heading."""
    findings: list[Finding] = []
    wanted = kinds(plan)
    columns: list[pl.Series] = []
    for name, kind in wanted.items():
        if name not in applicants.columns:
            about = {"heading": name, "there": ", ".join(applicants.columns)}
            findings.append(
                Finding("admission.column_missing", "error", table="applicants", parameters=about)
            )
            continue
        column = applicants[name]
        read = _read(column, kind)
        for row in (read.is_null() & column.is_not_null()).arg_true().to_list():
            about = {"field": name, "value": str(column[row])}
            findings.append(
                Finding(f"admission.fact_{kind}", "error", "applicants", row=row + 2, parameters=about)
            )
        columns.append(read)
    ordered = plan.zone_lists.order if plan.zone_lists is not None else ()
    for field in (one.removeprefix("-") for one in ordered):
        if field not in (*OWN_FIELDS, *wanted, *applicants.columns):
            about = {"heading": field, "there": ", ".join(applicants.columns)}
            findings.append(
                Finding("admission.column_missing", "error", table="applicants", parameters=about)
            )
    return applicants.with_columns(columns), findings


def _read(column: pl.Series, kind: Kind) -> pl.Series:
    if column.dtype == _TYPES[kind]:
        return column
    if column.dtype == pl.Null:
        return column.cast(_TYPES[kind])
    said = column.cast(pl.String).str.strip_chars()
    said = said.set(said == "", None)
    if kind == "day":
        return said.str.to_date("%Y-%m-%d", strict=False).alias(column.name)
    if kind == "whole":
        return said.cast(pl.Int64, strict=False)
    if kind == "flag":
        low = said.str.to_lowercase()
        frame = pl.DataFrame({"low": low}).select(
            pl.when(pl.col("low").is_in(_TRUE))
            .then(True)
            .when(pl.col("low").is_in(_FALSE))
            .then(False)
            .alias(column.name)
        )
        return frame[column.name]
    return said


def checked(
    applicants: pl.DataFrame, checks: pl.DataFrame | None, plan: AdmissionPlan
) -> tuple[pl.DataFrame, pl.Series]:
    """`applicants` with rejected facts unknown, and who still has a pending one.

    `checks(applicant_id, fact, state)` has a row for facts not simply verified with the child; a child whose
    `checked_by` is blank was not checked at all. Raises BadData `admission.facts_pending` with every pending
    fact where the plan says `pending: stop`.
    """
    facts = plan.facts()
    waiting: dict[str, list[str]] = {}
    rejected: dict[str, list[str]] = {}
    if "checked_by" in applicants.columns:
        blank = applicants.filter(pl.col("checked_by").fill_null("") == "")
        waiting = {one: ["checked_by"] for one in blank["applicant_id"]}
    if checks is not None:
        for row in checks.filter(pl.col("fact").is_in(facts)).iter_rows(named=True):
            if row["state"] == "pending":
                waiting.setdefault(row["applicant_id"], []).append(row["fact"])
            elif row["state"] == "rejected":
                rejected.setdefault(row["fact"], []).append(row["applicant_id"])
    if waiting and plan.pending == "stop":
        found = [
            Finding(
                "admission.fact_pending",
                "error",
                table="applicants",
                value=one,
                parameters={"applicant": one, "field": fact},
            )
            for one, named in sorted(waiting.items())
            for fact in named
        ]
        raise BadData("admission.facts_pending", {"count": len(found)}, found)
    known = [
        pl.when(~pl.col("applicant_id").is_in(named)).then(pl.col(fact)).alias(fact)
        for fact, named in rejected.items()
    ]
    return applicants.with_columns(known), applicants["applicant_id"].is_in(list(waiting))


def meets(condition: Condition) -> pl.Expr:
    """Whether a child meets a condition; an unknown fact passes no test."""
    if condition.kind in ("all", "any"):
        parts = [meets(part) for part in condition.parts]
        if not parts:
            return pl.lit(True)
        return pl.all_horizontal(parts) if condition.kind == "all" else pl.any_horizontal(parts)
    if condition.kind == "not":
        return ~meets(condition.parts[0])
    column, bound = pl.col(condition.field), condition.values[0]
    if condition.op == "in":
        test = column.is_in(list(condition.values))
    elif condition.op == "before":
        test = column < bound
    elif condition.op == "at_most":
        test = column <= bound
    else:
        test = column >= bound
    return test.fill_null(False)
