"""A whole plan over its tables: `market` freezes the problem, `run_plan` admits, `PlanResult` answers for
every child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from junheng.admission.eligibility import REFUSED, standing
from junheng.admission.messages import MESSAGES
from junheng.admission.plan_batches import BatchRun, run_plan_batches
from junheng.admission.plan_compare import PlanComparison, compare
from junheng.admission.plan_entry import EntryRun, run_entry
from junheng.admission.plan_outputs import tables
from junheng.admission.plan_programme import TABLE as LOTTERY
from junheng.admission.plan_programme import parted, refuse_without
from junheng.admission.plan_reasons import explain
from junheng.admission.plan_stage import StageOutcome
from junheng.admission.plan_tables import faults
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding, Language, words
from junheng.rules import RuleBook, lint_plan
from junheng.rules.admission_plan import AdmissionPlan, Condition, Identity, Rule


@dataclass(frozen=True, slots=True)
class PlanMarket:
    """The problem: the plan, its checked tables, where each child stands, and what the lint noticed."""

    plan: AdmissionPlan
    tables: Mapping[str, pl.DataFrame]
    standing: pl.DataFrame
    notices: tuple[Finding, ...] = ()


def market(
    tables: Mapping[str, pl.DataFrame],
    plan: AdmissionPlan,
    rules: RuleBook | None = None,
    region: str | None = None,
) -> PlanMarket:
    """The problem of a plan over its tables (see `plan_tables.needed`; `fact_checks`, `address_uses`,
    `families`, `reserves`, `quotas`, `origin_schools` where there are any).

    Raises BadData with all faults at once: `admission.plan_unlawful` where the lint of `rules` finds errors,
    `admission.bad_plan_tables`, `admission.bad_facts`, `admission.facts_pending`.
    """
    told = lint_plan(plan, rules, region) if rules is not None else []
    errors = [one for one in told if one.severity == "error"]
    if errors:
        raise BadData("admission.plan_unlawful", {"count": len(errors), "plan": plan.title}, errors)
    wrong = faults(tables, plan)
    if wrong:
        raise BadData("admission.bad_plan_tables", {"count": len(wrong)}, wrong)
    known = dict(tables)
    for column in ("home_zone", "address_id", "family_id"):
        if column not in known["applicants"].columns:
            blank = pl.lit(None, pl.String).alias(column)
            known["applicants"] = known["applicants"].with_columns(blank)
    people = (
        standing(
            known["applicants"],
            plan,
            checks=known.get("fact_checks"),
            address_uses=known.get("address_uses"),
        )
        if plan.identities
        else _seniors(known, plan)
    )
    return PlanMarket(plan, known, people, (*told, *_nobody(plan, known, people)))


def _nobody(plan: AdmissionPlan, tables: Mapping[str, pl.DataFrame], people: pl.DataFrame) -> list[Finding]:
    """A notice where reserves may overlap and no child holds two of their traits."""
    if plan.overlap != "meritorious":
        return []
    named = {one.trait for one in plan.reserves}
    if "reserves" in tables:
        named = set(tables["reserves"]["trait"].drop_nulls())
    held = [
        pl.col(one).cast(pl.Boolean).fill_null(False).cast(pl.Int64) for one in named & set(people.columns)
    ]
    if len(held) > 1 and (people.select(pl.sum_horizontal(held).max()).item() or 0) > 1:
        return []
    return [Finding("admission.overlap_nobody", "warning", "reserves")]


def _seniors(tables: Mapping[str, pl.DataFrame], plan: AdmissionPlan) -> pl.DataFrame:
    """Senior plans have no identities: facts in their types, nobody refused as a whole."""

    everybody = Identity("all", plan.title, Condition("all"), "zone_lists", False, False, Rule("identities"))
    return standing(
        tables["applicants"], replace(plan, identities=(everybody,)), checks=tables.get("fact_checks")
    )


def run_plan(problem: PlanMarket, tickets: pl.DataFrame) -> PlanResult:
    """Run a plan. `tickets(applicant_id, ticket)` for every applicant, lower first, from the public draw.

    A plan of a ring wants what `plan_ring.ring_tickets` gives (Refused `admission.ring_numbers`), one with
    tickets for each programme rows with a `program_id` beside the own ones, where it is blank (Refused
    `admission.lottery_tickets`). Raises BadData `admission.tickets_missing` for children without one, and
    what the stages raise.
    """
    tickets, lottery = parted(tickets)
    if lottery is not None:
        problem = replace(problem, tables={**problem.tables, LOTTERY: lottery})
    refuse_without(problem.plan, problem.tables)
    missing = problem.standing.join(tickets, on="applicant_id", how="anti")["applicant_id"]
    if missing.len():
        found = [
            Finding("admission.ticket_missing", "error", "tickets", value=one, parameters={"applicant": one})
            for one in missing
        ]
        raise BadData("admission.tickets_missing", {"count": len(found)}, found)
    if problem.plan.draw is not None and problem.plan.draw.ring and "number" not in tickets.columns:
        raise Refused("admission.ring_numbers", {"plan": problem.plan.title})
    kept = [one for one in ("applicant_id", "ticket", "number") if one in tickets.columns]
    order = order_of(problem, tickets)
    if problem.plan.stage == "senior_high":
        done = run_plan_batches(problem.plan, problem.tables, problem.standing, order)
    else:
        done = run_entry(problem.plan, problem.tables, problem.standing, order)
        problem = replace(problem, tables=done.tables)
    return PlanResult(problem, done, tickets.select(kept))


def order_of(problem: PlanMarket, tickets: pl.DataFrame) -> pl.DataFrame:
    """Children by ticket: `applicant_id, ticket, drawn` (dense rank); twins bound together stand side by
    side at the better ticket."""
    order = tickets.join(problem.standing.select("applicant_id"), on="applicant_id").select(
        "applicant_id", pl.col("ticket"), pl.col("ticket").rank("dense").cast(pl.Int64).alias("drawn")
    )
    return with_twins(problem, order)


def with_twins(problem: PlanMarket, order: pl.DataFrame) -> pl.DataFrame:
    """An order with bound twins side by side."""
    lists = problem.plan.zone_lists
    order = order.with_columns(pl.col("drawn").alias("family"))
    if lists is not None and lists.twins.mode == "shared_ticket" and "families" in problem.tables:
        bound = problem.tables["families"].filter(pl.col("link") == "twins")
        order = order.join(bound.select("applicant_id", link="family_id"), on="applicant_id", how="left")
        order = order.with_columns(
            pl.when(pl.col("link").is_not_null())
            .then(pl.col("drawn").min().over("link"))
            .otherwise("drawn")
            .alias("family")
        )
    return order.sort("family", "drawn", "applicant_id").select("applicant_id", "ticket", "drawn")


@dataclass(frozen=True)
class PlanResult:
    """What a plan did, with a reason for every child and every application."""

    problem: PlanMarket
    run: EntryRun | BatchRun
    tickets: pl.DataFrame

    @property
    def stages(self) -> tuple[StageOutcome, ...]:
        """Outcomes in the plan's order."""
        return self.run.stages

    @cached_property
    def assignment(self) -> pl.DataFrame:
        """A row for every applicant: `applicant_id, state (placed, waiting, named), batch, program_id,
        reserve_id, choice_rank, reason, metres`."""
        parts = [
            one.assignment.select(
                "applicant_id",
                pl.lit(one.stage_id).alias("batch"),
                "program_id",
                "reserve_id",
                pl.col("choice_rank").cast(pl.Int64),
                pl.col("code").alias("reason"),
                pl.lit(None, pl.Int64).alias("metres"),
            )
            for one in self.stages
        ]
        if isinstance(self.run, EntryRun) and self.run.placed is not None:
            parts.append(
                self.run.placed.rows.select(
                    "applicant_id",
                    pl.lit("placement").alias("batch"),
                    "program_id",
                    pl.lit("").alias("reserve_id"),
                    pl.lit(None, pl.Int64).alias("choice_rank"),
                    pl.lit("PLACED_BY_FLOW").alias("reason"),
                    pl.col("metres").cast(pl.Int64),
                )
            )
        sits = pl.concat(parts) if parts else None
        everybody = self.problem.standing.select("applicant_id", "identity_no", "code")
        if sits is None:
            raise BadData("admission.plan_empty", {"plan": self.problem.plan.title})
        waits = pl.concat([one.waiting.select("applicant_id") for one in self.stages])["applicant_id"]
        refused = pl.col("identity_no") == REFUSED
        after = self.problem.plan.after
        if after is None or after.second_round == "none":
            waits = waits.clear()
        on_list = pl.col("applicant_id").is_in(waits.unique().implode())
        handed = self.problem.tables["applications"]["applicant_id"].unique().implode()
        listed = pl.col("applicant_id").is_in(handed)
        must = pl.lit(self.problem.plan.placement is not None)
        return (
            everybody.join(sits, on="applicant_id", how="left")
            .with_columns(
                pl.when(pl.col("program_id").is_not_null())
                .then(pl.lit("placed"))
                .when(on_list & ~refused & ~must)
                .then(pl.lit("waiting"))
                .otherwise(pl.lit("named"))
                .alias("state"),
                pl.when(pl.col("program_id").is_not_null())
                .then("reason")
                .when(refused)
                .then(pl.col("code"))
                .when(must)
                .then(pl.lit("NO_SEAT_LEFT"))
                .when(on_list)
                .then(pl.lit("WAITING"))
                .when(~listed)
                .then(pl.lit("NO_LIST"))
                .otherwise(pl.lit("NOT_ADMITTED"))
                .alias("reason"),
            )
            .select(
                *("applicant_id", "state", "batch", "program_id", "reserve_id", "choice_rank"),
                *("reason", "metres"),
            )
            .sort("applicant_id")
        )

    @cached_property
    def application_reasons(self) -> pl.DataFrame:
        """A row for every application to a pool: `applicant_id, batch, choice_rank, program_id, reserve_id,
        code, field, mine, last`; for applications a rule kept out `field` names the rule."""
        parts = [
            one.reasons.select(
                "applicant_id",
                pl.lit(one.stage_id).alias("batch"),
                *("choice_rank", "program_id", "reserve_id", "code", "field", "mine", "last"),
            )
            for one in self.stages
        ]
        if isinstance(self.run, BatchRun):
            parts.append(
                self.run.refused.select(
                    *("applicant_id", "batch", "choice_rank", "program_id"),
                    pl.lit("").alias("reserve_id"),
                    "code",
                    pl.col("rule").alias("field"),
                    "mine",
                    "last",
                )
            )
        return pl.concat(parts).sort("applicant_id", "batch", "choice_rank", maintain_order=True)

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table the plan leaves, by name (see `plan_outputs.tables`)."""
        return tables(self)

    def compare(self, other: PlanResult) -> PlanComparison:
        """How this run and another of the same children differ (see `plan_compare`)."""
        return compare(self, other)

    def explain(
        self, applicant_id: str, language: Language = "zh", what_if: Mapping[str, Any] | None = None
    ) -> str:
        """Identity, address and every choice of a child with its reason; with `what_if` (see
        `plan_what_if.rerun`) of the plan run again with this child otherwise, others unchanged. Refused
        `admission.applicant_unknown`."""
        if what_if is None:
            return explain(self, applicant_id, language)
        from junheng.admission.plan_what_if import rerun  # noqa: PLC0415 - it runs plans itself

        again = rerun(self, applicant_id, what_if)
        head = words(MESSAGES, "admission.what_if", {}, language)
        return "\n".join((head, explain(again, applicant_id, language)))

    def enough(self, applicant_id: str, language: Language = "zh") -> list[str]:
        """What would have been enough for each refused choice, others unchanged (see `plan_enough`)."""
        from junheng.admission.plan_enough import enough  # noqa: PLC0415 - it runs plans itself

        return enough(self, applicant_id, language)

    def check(self) -> tuple[str, ...]:
        """What fails, empty when nothing does: a stage's proof, a child twice or missing, a programme over
        its seats beyond what is declared, seats that came from nowhere, a placement without its prices, a
        child of a compulsory stage neither placed nor refused by a rule."""
        found = [f"{one.stage_id}:{what}" for one in self.stages for what in one.failed]
        rows = self.assignment
        if rows.height != self.problem.standing.height or rows["applicant_id"].n_unique() != rows.height:
            found.append("children")
        seats = dict(self.problem.tables["programs"].select("program_id", "seats").iter_rows())
        over: dict[str, int] = {}
        for one in self.stages:
            for name, n in one.over.items():
                over[name] = over.get(name, 0) + n
        taken = rows.drop_nulls("program_id").group_by("program_id").len()
        for name, n in taken.iter_rows():
            if n > seats[name] + over.get(name, 0):
                found.append(f"seats:{name}")
        if isinstance(self.run, EntryRun) and self.run.placed is not None and not self.run.placed.flow.proved:
            found.append("placement")
        if self.problem.plan.compulsory:
            found += [
                f"unplaced:{one}"
                for one in rows.filter(pl.col("reason") == "NO_SEAT_LEFT")["applicant_id"].to_list()
            ]
        return tuple(found)

    def _linked(self) -> dict[str, Any]:
        """How it went for families bound as a block, which is a heuristic; nothing where none are."""
        told = [one.families.counts() for one in self.stages if one.families is not None]
        return {"families": {"mode": "block", "heuristic": True, **told[0]}} if told else {}

    def summary(self) -> dict[str, Any]:
        """Counts of the run."""
        rows = self.assignment
        placed = rows.filter(pl.col("state") == "placed")
        return {
            "plan": self.problem.plan.id,
            "applicants": rows.height,
            "states": dict(rows.group_by("state").len().sort("state").iter_rows()),
            "by_batch": dict(placed.group_by("batch").len().sort("batch").iter_rows()),
            "reasons": dict(rows.group_by("reason").len().sort("reason").iter_rows()),
            "over": {one.stage_id: one.over for one in self.stages if one.over},
            **self._linked(),
            "failed": list(self.check()),
        }
