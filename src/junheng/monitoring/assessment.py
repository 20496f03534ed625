"""Judges a county by an official assessment: items, evidence, conditions, vetoes, verdict.

The assessment is data; what no verb can say is a named check. Everything that is not known stays unknown and
never passes; one failure decides whatever else is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from junheng.model.errors import Refused
from junheng.model.region import Region
from junheng.monitoring import quality_balance
from junheng.monitoring.assessment_basis import Basis
from junheng.monitoring.assessment_checks import Check, Checked, class_sizes, school_size, special_rooms
from junheng.monitoring.assessment_evidence import examine
from junheng.monitoring.assessment_logic import conjunction, less_sure, line
from junheng.monitoring.assessment_money import (
    small_school_funds,
    special_school_funds,
    teacher_pay,
    training_funds,
)
from junheng.monitoring.assessment_readings import OF_COUNTY, OF_SCHOOL, Readings, citations
from junheng.monitoring.assessment_reported import retention, twice
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.monitoring.assessment_row import ExceptionRow, ItemRow, ResultRow, every, joined
from junheng.monitoring.facts import gathered
from junheng.monitoring.measuring import measure_facts
from junheng.monitoring.status import MET, NOT_COMPUTABLE, NOT_EXAMINED, UNMET
from junheng.rules import Standards, Value
from junheng.rules.assessment import Assessment, Condition, Item, Part

if TYPE_CHECKING:
    from junheng.monitoring.quality_balance import SchoolVerdicts

PRECONDITION, VETO = "precondition", "veto"
_UNITS = "school_stage"
CHECKS: Mapping[str, Check] = {
    "special_rooms": special_rooms,
    "school_size": school_size,
    "class_sizes": class_sizes,
    "small_school_funds": small_school_funds,
    "special_school_funds": special_school_funds,
    "teacher_pay": teacher_pay,
    "training_funds": training_funds,
    "retention": retention,
}
"""What an assessment's file may name under `check`."""


def assess(
    tables: Mapping[str, pl.DataFrame],
    assessment: Assessment,
    *,
    year: int,
    law: Standards,
    region: Region,
    files: Mapping[str, str] | None = None,
    state: str = "",
    data_version: str = "",
) -> AssessmentResult:
    """The county `region` in the school year that begins in `year`, by `assessment` (`law.assessment(id)`).

    Tables of several counties are read for this one alone: schools whose areas belong to it.
    `files` maps names of evidence files to the SHA-256 they have today (None: nobody looked). `state` is
    where the official procedure stands, the first state by default. Refused for a state or a check nobody
    knows.
    """
    known = [one.id for one in assessment.workflow]
    if state and state not in known:
        raise Refused("monitoring.assess.unknown_state", {"state": state, "known": ", ".join(known)})
    indicators = {name: law.indicator(name) for name in assessment.indicators()}
    grains = {one.grain for one in indicators.values()} | {_UNITS}
    facts = {grain: gathered(tables, grain, year, region, law) for grain in sorted(grains)}
    measured = measure_facts(facts, indicators, year=year, data_version=data_version)
    frame = facts[_UNITS].frame.filter(pl.col("status") == "open")
    inside = pl.col("county") == region.code
    units = frame.filter(inside) if frame.select(inside.any()).item() else frame
    basis = Basis(tables, year, region, law, units, files)
    readings = Readings(
        measured.tables["indicator_values"], measured.tables["indicator_excluded"], indicators
    )
    return _Judging(assessment, basis, readings, state or (known[0] if known else ""), data_version).result(
        measured.tables
    )


class _Judging:
    """One assessment of one county while it is worked out."""

    def __init__(
        self, assessment: Assessment, basis: Basis, readings: Readings, state: str, data_version: str
    ) -> None:
        self.assessment, self.basis, self.readings = assessment, basis, readings
        self.state, self.data_version = state, data_version
        self.county = basis.region.code
        self.checked: dict[str, Checked] = {}
        self.exceptions: list[ExceptionRow] = []

    def result(self, measured: Mapping[str, pl.DataFrame]) -> AssessmentResult:
        """Everything judged, in order of the assessment."""
        pupils = {
            (school.school_id, stage): held.pupils
            for school in self.basis.schools
            for stage, held in school.stages.items()
        }
        schools = quality_balance.judge_schools(self.assessment, self.readings, pupils)
        verdicts = {(row.area, row.stage): row for row in schools.results}
        rows: list[ItemRow] = list(schools.items)
        ruled = {item.id for item in quality_balance.ruled(self.assessment)}
        for item in self.assessment.items:
            for stage in item.stages or ("",):
                if item.id in ruled:
                    rows.append(quality_balance.of_county(item, stage, self.county, schools.items, verdicts))
                else:
                    rows += self._item(item, stage)
        for group, conditions in (
            (PRECONDITION, self.assessment.preconditions),
            (VETO, self.assessment.vetoes),
        ):
            rows += [self._condition(one, group) for one in conditions]
        results = [self._county(rows, schools), *schools.results]
        cited = self._citations(rows)
        return AssessmentResult(
            assessment=self.assessment,
            region=self.basis.region,
            year=self.basis.year,
            state=self.state,
            items=tuple(rows),
            results=tuple(results),
            exceptions=(*schools.exceptions, *self.exceptions),
            schools={school.school_id: school for school in self.basis.schools},
            citations=tuple(cited),
            topics={value.topic: self._named_topic(value.topic) for value in cited},
            measured=dict(measured),
        )

    def _item(self, item: Item, stage: str) -> list[ItemRow]:
        """The item's own row after the rows of its parts and units."""
        rows: list[ItemRow] = []
        parts: list[ItemRow] = []
        single = len(item.parts) == 1
        for number, part in enumerate(item.parts, start=1):
            name = "" if single else part.indicator or part.check or f"evidence_{number}"
            blank = ItemRow(
                item=item.id, group=item.group, level=OF_COUNTY, area=self.county, stage=stage, part=name
            )
            below, own = self._part(item, part, blank)
            rows += below
            parts.append(own)
        if single:
            return [*rows, parts[0]]
        whole = ItemRow(
            item=item.id, group=item.group, level=OF_COUNTY, area=self.county, stage=stage, kind="all",
            status=conjunction(row.status for row in parts), status_reason="all_of_parts",
            n_units=len(parts),
            n_unmet=sum(row.status == UNMET for row in parts),
            n_unknown=sum(row.status not in (MET, UNMET) for row in parts),
            evidence=joined(row.evidence for row in parts),
            rule_ids=joined(row.rule_ids for row in parts),
            verified=less_sure(row.verified for row in parts),
        )  # fmt: skip
        return [*rows, *parts, whole]

    def _part(self, item: Item, part: Part, blank: ItemRow) -> tuple[list[ItemRow], ItemRow]:
        if part.evidence:
            return self._evidence(item, part.evidence, replace(blank, kind="evidence"))
        if part.check:
            return self._check(part.check, replace(blank, kind="check"))
        kind = "balance" if self.readings.indicators[part.indicator].measure == "cv" else "indicator"
        blank = replace(blank, kind=kind, indicator=part.indicator)
        if item.level == "school":
            below = self._by_school(blank)
            return below, every(below, blank)
        if twice(self.basis, self.readings.indicators[part.indicator]):
            return [], replace(blank, status=NOT_COMPUTABLE, status_reason="reported_twice")
        held = self.readings.of(part.indicator, OF_COUNTY, self.county, blank.stage)
        if not held:
            # what was established stage by stage counts for an item judged once, and the other way round
            held = self.readings.of(part.indicator, OF_COUNTY, self.county)
            held = [row for row in held if not blank.stage or not row["stage"]]
        if len(held) <= 1:
            return [], self.readings.filled(blank, held[0] if held else None)
        below = [
            self.readings.filled(replace(blank, stage=row["stage"], part=blank.part or "by_stage"), row)
            for row in held
        ]
        return below, every(below, blank)

    def _by_school(self, blank: ItemRow) -> list[ItemRow]:
        found: list[ItemRow] = []
        known = {school.school_id for school in self.basis.schools}
        for school, stage in self.readings.units(blank.indicator):
            if school not in known or (blank.stage and stage != blank.stage):
                continue
            held = self.readings.of(blank.indicator, OF_SCHOOL, school, stage)
            row = replace(blank, level=OF_SCHOOL, area=school, stage=stage)
            found.append(self.readings.filled(row, held[0] if held else None))
        return found

    def _check(self, name: str, blank: ItemRow) -> tuple[list[ItemRow], ItemRow]:
        check = CHECKS.get(name)
        if check is None:
            raise Refused(
                "monitoring.assess.unknown_check", {"check": name, "known": ", ".join(sorted(CHECKS))}
            )
        done = check(self.basis, blank)
        self.exceptions += done.exceptions
        shown = list(done.shown)
        if len(done.rows) == 1 and (done.rows[0].level, done.rows[0].area) == (blank.level, blank.area):
            return shown, replace(done.rows[0], part=blank.part)
        return [*shown, *done.rows], every(done.rows, blank, none_concerned=done.none_concerned)

    def _evidence(self, item: Item, code: str, blank: ItemRow) -> tuple[list[ItemRow], ItemRow]:
        if item.level == "school":
            below = [
                self._examined(code, replace(blank, level=OF_SCHOOL, area=school.school_id))
                for school in self.basis.compulsory()
            ]
            return below, every(below, blank)
        return [], self._examined(code, blank)

    def _examined(self, code: str, row: ItemRow) -> ItemRow:
        found = examine(
            self.basis.tables.get("evidence"), self.assessment.id, code, row.area, self.basis.year,
            self.basis.files,
        )  # fmt: skip
        return replace(
            row,
            status=found.status,
            status_reason=found.reason,
            reason_parameters=found.parameters,
            evidence=";".join(found.ids),
        )

    def _condition(self, one: Condition, group: str) -> ItemRow:
        """A precondition or a veto: by its indicator, and by evidence of its id where there is any. A veto is
        `unmet` when found; what nobody looked at is `not_examined` and keeps the county from passing."""
        row = ItemRow(item=one.id, group=group, level=OF_COUNTY, area=self.county, kind="evidence")
        by_evidence = self._examined(one.id, row)
        if not one.indicator:
            return by_evidence
        held = self.readings.of(one.indicator, OF_COUNTY, self.county)
        blank = replace(row, kind="indicator", indicator=one.indicator)
        measured = self.readings.filled(blank, held[0] if held else None)
        if by_evidence.status == NOT_EXAMINED and not by_evidence.evidence:
            return measured
        decided = by_evidence if by_evidence.status == UNMET or measured.status == MET else measured
        return replace(
            decided,
            status=conjunction((measured.status, by_evidence.status)),
            evidence=by_evidence.evidence,
        )

    def _county(self, rows: Iterable[ItemRow], schools: SchoolVerdicts) -> ResultRow:
        """The verdict: schools, items of the county rule, conditions, vetoes. Items are counted as the list
        of the assessment does, two stages once; variation coefficients belong to their resource item."""
        whole = [row for row in rows if row.level == OF_COUNTY and not row.part and row.kind != "beside"]
        rule, groups = self.assessment.county_rule, ()
        if rule is not None:
            groups = (*rule.groups, PRECONDITION, VETO)
        asked = [row for row in whole if not groups or row.group in groups]
        share = rule.schools.of() if rule is not None and rule.schools else None
        statuses = [row.status for row in asked]
        if self.assessment.school_rule is not None:
            statuses.append(self._schools(schools.results, share))
        status = conjunction(statuses)
        found = [row.item for row in whole if row.group == VETO and row.status == UNMET]
        failing = [_named(row) for row in asked if row.status == UNMET and row.group != VETO]
        weak = sorted({row.area for row in schools.results if row.status == UNMET})
        unknown = [_named(row) for row in asked if row.status not in (MET, UNMET)]
        reason = "all_met"
        if found:
            reason = "veto_found"
        elif status == UNMET:
            reason = "county_unmet"
        elif status != MET:
            reason = "county_unknown"
        by_item: dict[str, list[str]] = {}
        for row in whole:
            if row.group not in (PRECONDITION, VETO) and row.kind != "balance":
                by_item.setdefault(row.item, []).append(row.status)
        counted = [conjunction(statuses) for statuses in by_item.values()]
        return ResultRow(
            level=OF_COUNTY,
            area=self.county,
            stage="",
            status=status,
            status_reason=reason,
            reason_parameters={"vetoes": found, "items": failing, "schools": len(weak), "unknown": unknown},
            pupils=sum(row.pupils or 0 for row in schools.results) if schools.results else None,
            n_items=len(counted),
            n_met=counted.count(MET),
            n_unmet=counted.count(UNMET),
            n_unknown=sum(one not in (MET, UNMET) for one in counted),
            state=self.state,
            rule_version=self.assessment.rule_version,
            data_version=self.data_version,
            verified=less_sure(row.verified for row in whole),
        )

    def _schools(self, results: Sequence[ResultRow], share: Value | None) -> str:
        """Whether the schools pass: all, or at least the share asked for; decided as soon as it can be."""
        if not results:
            return NOT_EXAMINED
        if share is None:
            return conjunction(row.status for row in results)
        wanted = line(share.number) * len(results)
        passing = sum(row.status == MET for row in results)
        failing = sum(row.status == UNMET for row in results)
        if Fraction(passing) >= wanted:
            return MET
        return (
            UNMET
            if len(results) - failing < wanted
            else conjunction(row.status for row in results if row.status != UNMET)
        )

    def _named_topic(self, topic: str) -> tuple[str, str]:
        held = self.basis.law[topic]
        return held.zh, held.en

    def _citations(self, rows: Iterable[ItemRow]) -> list[Value]:
        """Every standard the rows rest on, in order of first use, each with where it comes from."""
        named = joined(row.rule_ids for row in rows).split(";")
        found = {value.rule_id: value for value in citations(self.readings.indicators.values())}
        for rule_id in named:
            topic, _, rest = rule_id.partition(".")
            key = rest.partition("@")[0]
            if rule_id not in found and topic in self.basis.law.topics():
                value = self.basis.value(topic, key)
                if value is not None:
                    found[value.rule_id] = value
        return [found[one] for one in named if one in found]


def _named(row: ItemRow) -> str:
    return f"{row.item}:{row.stage}" if row.stage else row.item
