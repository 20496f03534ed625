"""Rules about what units report: counts, surveys, evidence, progress of tasks, projects."""

from __future__ import annotations

import polars as pl

from junheng.data import faults
from junheng.data.cross_rules import Headings, Places, Rules, Tables
from junheng.model import INPUTS, Region
from junheng.model.tables.plans import RAISED

GROSS = ("kindergarten_gross", "senior_enrolment")
"""Rates that count children of any age over those of one age, and so may pass one."""

ALONE = "pupils"
"""A lever that changes how many pupils there are raises nothing else."""


def all_rules(tables: Tables, region: Region, places: Places, headings: Headings) -> list[pl.DataFrame]:
    """Every rule whose tables are there."""
    rules = _Reports(tables, region, places, headings)
    found: list[pl.DataFrame] = []
    if "reported_counts" in tables:
        found.append(rules.more_than_all())
    if "surveys" in tables:
        found.append(rules.answers_exceed())
    if "evidence" in tables:
        found.append(rules.review_unclear())
    if "improvement_levers" in tables:
        found.append(rules.raises_unknown())
    if "policy_progress" in tables:
        found.append(rules.task_unknown())
    if "projects" in tables:
        found.append(rules.delivery_backwards())
    return found


class _Reports(Rules):
    def more_than_all(self) -> pl.DataFrame:
        """A numerator over its denominator, or a denominator of nought."""
        rows = self.tables["reported_counts"]
        over = rows.filter(pl.col("numerator") > pl.col("denominator"))
        gross = pl.col("measure").is_in(GROSS)
        where = ("reported_counts", "numerator")
        return faults.gather(
            [
                self.faults(
                    over.filter(~gross & (pl.col("denominator") > 0)),
                    "intake.share_over_all",
                    "error",
                    *where,
                    whole=pl.col("denominator"),
                ),
                self.faults(
                    over.filter(gross & (pl.col("denominator") > 0)),
                    "intake.gross_over_all",
                    "warning",
                    *where,
                    whole=pl.col("denominator"),
                ),
                self.faults(
                    rows.filter(pl.col("denominator") == 0),
                    "intake.share_of_none",
                    "error",
                    "reported_counts",
                    "denominator",
                ),
            ]
        )

    def answers_exceed(self) -> pl.DataFrame:
        """More satisfied than answered, more answered than asked."""
        rows, declared = self.tables["surveys"], INPUTS["surveys"]
        return faults.gather(
            self.faults(
                rows.filter(pl.col(part) > pl.col(whole)),
                "intake.more_than_whole",
                "error",
                "surveys",
                part,
                whole=pl.col(whole),
                whole_zh=declared.column(whole).zh,
                whole_en=declared.column(whole).en,
            )
            for part, whole in (("answered", "asked"), ("satisfied", "answered"))
        )

    def review_unclear(self) -> pl.DataFrame:
        """An outcome nobody signed, or a review before there was anything to review."""
        rows = self.tables["evidence"]
        unsigned = pl.col("reviewed_by").is_null() | pl.col("reviewed_on").is_null()
        return faults.gather(
            [
                self.faults(
                    rows.filter(pl.col("outcome").is_not_null() & unsigned),
                    "intake.outcome_unsigned",
                    "error",
                    "evidence",
                    "outcome",
                ),
                self.faults(
                    rows.filter(pl.col("reviewed_on") < pl.col("provided_on")),
                    "intake.reviewed_too_early",
                    "error",
                    "evidence",
                    "reviewed_on",
                    limit=pl.col("provided_on"),
                ),
            ]
        )

    def raises_unknown(self) -> pl.DataFrame:
        """A lever that raises something nobody knows, or pupils with anything else."""
        rows = self.tables["improvement_levers"]
        parts = pl.col("raises").str.split(";").list.eval(pl.element().str.strip_chars())
        parts = parts.list.filter(pl.element() != "")
        known = parts.list.eval(pl.element().is_in(RAISED)).list.all() & (parts.list.len() > 0)
        alone = ~parts.list.contains(ALONE) | (parts.list.len() == 1)
        return self.faults(
            rows.filter(~(known & alone)),
            "intake.raises_unknown",
            "error",
            "improvement_levers",
            "raises",
            known="、".join(RAISED),
            known_en=", ".join(RAISED),
        )

    def task_unknown(self) -> pl.DataFrame:
        """Progress of a task that no plan holds."""
        rows, keys = self.tables["policy_progress"], ["document", "task_id"]
        tasks = self.tables.get("policy_tasks", INPUTS["policy_tasks"].empty())
        lost = rows.join(tasks.select(keys), on=keys, how="anti", maintain_order="left")
        return self.faults(lost, "intake.task_unknown", "error", "policy_progress", "task_id")

    def delivery_backwards(self) -> pl.DataFrame:
        """Delivered before the contract was signed."""
        rows = self.tables["projects"].filter(pl.col("delivery_on") < pl.col("contracted_on"))
        return self.faults(
            rows,
            "intake.delivery_backwards",
            "error",
            "projects",
            "delivery_on",
            limit=pl.col("contracted_on"),
        )
