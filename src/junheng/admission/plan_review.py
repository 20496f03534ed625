"""A plan looked at before the day: every fault of plan and tables at once, and what a run will meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from junheng.admission.eligibility import REFUSED, standing
from junheng.admission.plan_inputs import inputs
from junheng.admission.plan_market import PlanMarket, market
from junheng.admission.plan_tables import faults
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules import RuleBook, lint_plan
from junheng.rules.admission_plan import AdmissionPlan

_OWN_NAMES = {
    "programs": "admission_programs",
    "reserves": "admission_reserves",
    "families": "applicant_families",
    "travel": "admission_travel",
    "quotas": "admission_quotas",
}
_KEYS = ("applicant_id", "batch", "program_id", "choice_rank", "zone_id", "family_id", "reserve_id")


@dataclass(frozen=True, slots=True)
class Review:
    """`findings`: everything wrong and everything to know; `problem` where nothing stops a run."""

    findings: tuple[Finding, ...]
    problem: PlanMarket | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops a run."""
        return tuple(one for one in self.findings if one.severity == "error")


def review(
    tables: Mapping[str, pl.DataFrame], plan: AdmissionPlan, rules: RuleBook, region: str | None = None
) -> Review:
    """Lint of the plan, faults of the model's `tables`, of facts and scores, all at once."""
    found = [*lint_plan(plan, rules, region)]
    if plan.compulsory and tables.get("exam_scores", pl.DataFrame()).height:
        about = {"count": tables["exam_scores"].height}
        found.append(Finding("admission.scores_in_compulsory", "error", "exam_scores", parameters=about))
    try:
        held = inputs(tables, plan)
    except BadData as error:
        return Review((*found, *error.findings), None)
    wrong = faults(held, plan)
    try:
        people = held["applicants"]
        if plan.identities and not any(one.code == "admission.table_missing" for one in wrong):
            standing(people, plan, checks=held["fact_checks"], address_uses=held.get("address_uses"))
    except BadData as error:
        found += error.findings
    found += [_named(one, held) for one in wrong]
    found += _unknown_to_all(held, plan)
    if any(one.severity == "error" for one in found):
        return Review(tuple(found), None)
    try:
        return Review(tuple(found), market(held, plan))
    except BadData as error:
        return Review((*found, *error.findings), None)


def _named(finding: Finding, held: Mapping[str, pl.DataFrame]) -> Finding:
    """A fault under the table's name in the model, with the key of its row: rows of a workspace have no
    numbers anybody could look up."""
    table = _OWN_NAMES.get(finding.table, finding.table)
    if finding.row is None or finding.table not in held:
        return replace(finding, table=table)
    row = held[finding.table].row(finding.row - 2, named=True)
    key = " · ".join(str(row[name]) for name in _KEYS if row.get(name) is not None)
    return replace(finding, table=table, row=None, sheet=key)


def _unknown_to_all(held: Mapping[str, pl.DataFrame], plan: AdmissionPlan) -> list[Finding]:
    """Facts of the plan nobody has a value of: mostly a name written otherwise."""
    people = held["applicants"]
    return [
        Finding(
            "admission.fact_of_nobody",
            "warning",
            "applicant_facts",
            value=name,
            parameters={"field": plan.words.get(name, name), "fact": name},
        )
        for name in plan.facts()
        if name in people.columns and people[name].null_count() == people.height
    ]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run will meet: `identities` (identity, children, to), `programs` (program_id, school_id, seats,
    guaranteed, first, listed: children who name it first, or at all) and `lists` (batch, choices, children),
    with children of lists who hand in none at 0."""

    identities: pl.DataFrame
    programs: pl.DataFrame
    lists: pl.DataFrame


def counts(problem: PlanMarket) -> Counts:
    """Children by identity, demand over seats and lengths of lists."""
    plan, tables, people = problem.plan, problem.tables, problem.standing
    names = [one.name for one in plan.identities]
    numbers = [one.id for one in plan.identities]
    identity = (
        pl.when(pl.col("identity_no") == REFUSED)
        .then(pl.lit("–"))
        .otherwise(pl.col("identity").replace_strict(numbers, names, default="", return_dtype=pl.String))
    )
    identities = (
        people.group_by("identity_no", identity.alias("identity"), "to").len("children").sort("identity_no")
    )
    rows = tables["applications"].join(people.select("applicant_id", "to"), on="applicant_id")
    if "batch" not in rows.columns:
        rows = rows.with_columns(pl.lit("public").alias("batch"))
    listed = rows.filter((pl.col("to") == "zone_lists") | (pl.col("batch") == "private"))
    later = [one.id for one in plan.batches if one.pools == "seats_left"]
    firsts = listed.filter((pl.col("choice_rank") == 1) & ~pl.col("batch").is_in(later))
    first = firsts.group_by("program_id").agg(_children("first"))
    named = listed.group_by("program_id").agg(_children("listed"))
    own = pl.DataFrame(schema={"program_id": pl.String, "guaranteed": pl.UInt32})
    if "own_program_id" in people.columns:
        own = (
            people.filter((pl.col("to") == "own_school") & pl.col("own_program_id").is_not_null())
            .group_by(program_id="own_program_id")
            .len("guaranteed")
        )
    programs = tables["programs"].select("program_id", "school_id", "seats")
    for part in (own, first, named):
        programs = programs.join(part, on="program_id", how="left")
    programs = programs.with_columns(pl.col("guaranteed", "first", "listed").fill_null(0).cast(pl.Int64))
    lists = listed.group_by("batch", "applicant_id").agg(pl.len().alias("choices"))
    lengths = lists.group_by("batch", "choices").len("children")
    if plan.zone_lists is not None:
        without = people.filter(pl.col("to") == "zone_lists").join(lists, on="applicant_id", how="anti")
        if without.height:
            none = pl.DataFrame({"batch": ["public"], "choices": [0], "children": [without.height]})
            lengths = pl.concat([lengths, none.cast(lengths.schema)])
    return Counts(identities.select("identity", "children", "to"), programs, lengths.sort("batch", "choices"))


def _children(name: str) -> pl.Expr:
    return pl.col("applicant_id").n_unique().alias(name)
