"""What an assessment says: tables, a card for each school, checks of itself, a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.model.errors import Refused
from junheng.model.region import Region
from junheng.monitoring.assessment_basis import School
from junheng.monitoring.assessment_frames import COUNTY
from junheng.monitoring.assessment_logic import UNKNOWN
from junheng.monitoring.assessment_row import ExceptionRow, ItemRow, ResultRow, frame
from junheng.monitoring.assessment_verdict import failed_checks
from junheng.monitoring.status import MET, UNMET
from junheng.rules import Value
from junheng.rules.assessment import Assessment, Item, State

OF_COUNTY = "county"
OF_SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """One school as its head reads it: its verdict by stage, its resource items, and what else touches it."""

    school: School
    results: tuple[ResultRow, ...]
    items: tuple[ItemRow, ...]
    others: tuple[ItemRow, ...]
    exceptions: tuple[ExceptionRow, ...]


@dataclass(frozen=True)
class AssessmentResult:
    """An assessment of one county in one year; frozen. Same tables and rules, same rows.

    `citations` are the standards the rows rest on, `topics` their (Chinese, English) names.
    """

    assessment: Assessment
    region: Region
    year: int
    state: str
    items: tuple[ItemRow, ...]
    results: tuple[ResultRow, ...]
    exceptions: tuple[ExceptionRow, ...]
    schools: Mapping[str, School]
    citations: tuple[Value, ...]
    topics: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    measured: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The declared output tables by name, with those of the indicators the assessment asked for."""
        same: dict[str, Any] = {"run": "", "assessment": self.assessment.id, "year": self.year}
        return {
            "assessment_items": frame(TABLES["assessment_items"], self.items, **same),
            "assessment_results": frame(TABLES["assessment_results"], self.results, **same),
            "assessment_exceptions": frame(TABLES["assessment_exceptions"], self.exceptions, **same),
            **self.measured,
        }

    @property
    def county(self) -> ResultRow:
        """The verdict on the county."""
        return next(row for row in self.results if row.level == OF_COUNTY)

    def item(self, code: str, stage: str = "") -> ItemRow:
        """The county's row of an item (and stage, where it is judged by stage); KeyError if there is none."""
        for row in self.items:
            if (row.item, row.stage, row.part, row.level) == (code, stage, "", OF_COUNTY):
                return row
        raise KeyError(f"{code} {stage}".strip())

    def of(self, code: str) -> Item:
        """The declaration of an item; KeyError if the assessment has none."""
        return next(item for item in self.assessment.items if item.id == code)

    def explain(self, school_id: str) -> SchoolCard:
        """The card of a school; Refused when the assessment knows no such school."""
        if school_id not in self.schools:
            raise Refused("monitoring.assess.unknown_school", {"school": school_id})
        mine = [row for row in self.items if row.level == OF_SCHOOL and row.area == school_id]
        group = self.assessment.school_rule.group if self.assessment.school_rule else ""
        return SchoolCard(
            self.schools[school_id],
            tuple(row for row in self.results if row.level == OF_SCHOOL and row.area == school_id),
            tuple(row for row in mine if row.group == group),
            tuple(row for row in mine if row.group != group),
            tuple(row for row in self.exceptions if row.area == school_id),
        )

    @property
    def workflow(self) -> tuple[State, ...]:
        """The states of the official procedure, as the rules declare them."""
        return self.assessment.workflow

    def next_states(self) -> tuple[State, ...]:
        """The states that may follow the present one, the usual one first."""
        known = {state.id: state for state in self.workflow}
        here = known.get(self.state)
        return () if here is None else tuple(known[name] for name in here.then)

    def check(self) -> list[str]:
        """Names of what does not hold: an item judged twice or never, a verdict its rows do not bear."""
        held = self.tables
        items, results = (
            held[name].with_columns(pl.lit(self.region.code).alias(COUNTY))
            for name in ("assessment_items", "assessment_results")
        )
        return failed_checks(self.assessment, items, results)["check"].to_list()

    def summary(self) -> dict[str, Any]:
        """The verdict in a few numbers."""
        schools = [row for row in self.results if row.level == OF_SCHOOL]
        whole = [row for row in self.items if row.level == OF_COUNTY and not row.part]

        def listed(group: str, statuses: tuple[str, ...]) -> list[str]:
            return [
                f"{row.item}:{row.stage}" if row.stage else row.item
                for row in whole
                if row.group == group and row.status in statuses
            ]

        groups = list(dict.fromkeys(row.group for row in whole))
        return {
            "assessment": self.assessment.id,
            "year": self.year,
            "state": self.state,
            "status": self.county.status,
            "reason": self.county.status_reason,
            "schools": {
                "judged": len(schools),
                **{status: sum(row.status == status for row in schools) for status in (MET, UNMET)},
                "unknown": sum(row.status in UNKNOWN for row in schools),
            },
            "groups": {
                group: {
                    "items": sum(row.group == group for row in whole),
                    "met": sum(row.group == group and row.status == MET for row in whole),
                    "unmet": listed(group, (UNMET,)),
                    "unknown": listed(group, UNKNOWN),
                }
                for group in groups
            },
            "exceptions": len(self.exceptions),
        }
