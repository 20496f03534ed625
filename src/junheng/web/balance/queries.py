"""Assessments and indicators of a run, as one person sees them at one unit."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest

from junheng.monitoring.assessment_basis import School
from junheng.monitoring.assessment_result import OF_COUNTY, AssessmentResult
from junheng.monitoring.assessment_row import ExceptionRow, ItemRow, ResultRow
from junheng.report.assessment.words import Words
from junheng.rules import Standards, Value
from junheng.web.house.navigation import name_of
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import book, region

FIRST = "quality_balance"
"""The assessment shown before anyone chose another."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One assessment of a run at a unit. `result` holds the rows about the unit and those below it alone: a
    school sees no county; of the scope's stage alone where it has one, `whole` of all. `known` are the
    assessments the run judged, by id with their names."""

    scope: Scope
    record: RunRecord
    result: AssessmentResult
    words: Words
    known: tuple[tuple[str, str], ...]
    law: Standards
    whole: AssessmentResult

    @property
    def named(self) -> str:
        """Name of the unit in the reader's language."""
        return name_of(self.scope.unit, self.scope.language)

    @property
    def county(self) -> ResultRow | None:
        """The verdict on the county, for those who see it."""
        return next((row for row in self.result.results if row.level == "county"), None)


def judged(request: HttpRequest, scope: Scope) -> Judged | None:
    """The assessment asked for by `?assessment=`; None where there is no run or it judged none. Http404 for
    one that the run does not know."""
    record = reading.current_once(scope)
    asked = request.GET.get("assessment", "")
    if record is None:
        return None
    held = every(scope, record)
    if not held:
        return None
    if asked and asked not in held:
        raise Http404
    chosen = held[asked or (FIRST if FIRST in held else next(iter(held)))]
    shown = _narrowed(chosen.result, scope.stage)
    words = Words(shown, scope.language, chosen.law.indicators)
    return Judged(scope, record, shown, words, chosen.known, chosen.law, chosen.result)


def every(scope: Scope, record: RunRecord) -> Mapping[str, Judged]:
    """Every assessment of a run inside the scope, by id."""
    return reading.kept(scope, record, "balance", lambda own: _all(own, record))


def coefficients(held: Judged) -> set[str]:
    """The indicators of the county's items of balance."""
    return {row.indicator for row in held.result.items if row.kind == "balance" and row.level == OF_COUNTY}


def values(held: Judged, indicators: Collection[str]) -> list[dict[str, Any]]:
    """Values of the unit itself over the years, whole (no group), of the scope's stage: rows of
    `indicator_values` by indicator, stage and year."""
    return _rows(held, "indicator_values", indicators, "group")


def worst(held: Judged, indicators: Collection[str]) -> list[dict[str, Any]]:
    """Who weighs most in the value of the unit: rows of `indicator_worst`, the heaviest first."""
    return sorted(_rows(held, "indicator_worst", indicators, "group"), key=lambda row: row["rank"])


def left_out(held: Judged, indicators: Collection[str]) -> list[dict[str, Any]]:
    """Whom the unit's value leaves out: rows of `indicator_excluded`."""
    return _rows(held, "indicator_excluded", indicators, "group")


def _rows(held: Judged, table: str, indicators: Collection[str], whole: str) -> list[dict[str, Any]]:
    frame = reading.read(held.scope, held.record, table)
    if frame is None:
        return []
    kept = frame.filter(
        pl.col("indicator").is_in(list(indicators)),
        pl.col("area").is_in(list(_codes(held.scope))),
        pl.col(whole).fill_null("") == "",
    )
    if held.scope.stage:
        kept = kept.filter(pl.col("stage").fill_null("").is_in(["", held.scope.stage]))
    order = [name for name in ("indicator", "stage", "year") if name in kept.columns]
    return kept.sort(order).to_dicts()


def _codes(scope: Scope) -> set[str]:
    """The unit's own code; the region served stands for every unit above it."""
    return {region().code} if reading.sees_whole_region(scope) else {scope.unit.code}


def _narrowed(result: AssessmentResult, stage: str) -> AssessmentResult:
    if not stage:
        return result
    return replace(
        result,
        items=tuple(row for row in result.items if row.stage in ("", stage)),
        results=tuple(row for row in result.results if row.level == OF_COUNTY or row.stage == stage),
        exceptions=tuple(row for row in result.exceptions if row.stage in ("", stage)),
    )


def judged_at_all(scope: Scope) -> bool:
    """Whether the run judged anything, even if nothing of it is about the scope's units."""
    record = reading.current_once(scope)
    return record is not None and "assessment_results" in reading.run(record.run_id).record.outputs


def _all(scope: Scope, record: RunRecord) -> dict[str, Judged]:
    frames = {
        name: reading.read(scope, record, f"assessment_{name}") for name in ("items", "results", "exceptions")
    }
    results = frames["results"]
    if results is None or results.is_empty():
        return {}
    year = int(results["year"].max())  # type: ignore[arg-type]
    law = book().at(date(year, 9, 1), region())
    names = [name for name in law.assessments if name in set(results["assessment"].to_list())]
    known = tuple((name, law.assessments[name].name(scope.language)) for name in names)
    schools = _schools(scope, record)
    found: dict[str, Judged] = {}
    for name in names:
        rows = {kind: _of(frame, name) for kind, frame in frames.items()}
        result = _result(law, name, year, rows, schools)
        words = Words(result, scope.language, law.indicators)
        found[name] = Judged(scope, record, result, words, known, law, result)
    return found


def _of(frame: pl.DataFrame | None, assessment: str) -> list[dict[str, Any]]:
    return [] if frame is None else frame.filter(pl.col("assessment") == assessment).to_dicts()


def _result(
    law: Standards, name: str, year: int, rows: Mapping[str, list[dict[str, Any]]], schools: dict[str, School]
) -> AssessmentResult:
    items = tuple(_row(ItemRow, one) for one in rows["items"])
    results = tuple(_row(ResultRow, one) for one in rows["results"])
    cited = _cited(items)
    return AssessmentResult(
        assessment=law.assessments[name],
        region=region(),
        year=year,
        state=next((row.state for row in results if row.state), ""),
        items=items,
        results=results,
        exceptions=tuple(_row(ExceptionRow, one) for one in rows["exceptions"]),
        schools=schools,
        citations=tuple(cited),
        topics={value.topic: (law[value.topic].zh, law[value.topic].en) for value in cited},
    )


def _row(kind: Any, record: Mapping[str, Any]) -> Any:
    """A stored row as the room's own."""
    held = {one.name: record[one.name] for one in fields(kind) if one.name in record}
    if "reason_parameters" in held:
        held["reason_parameters"] = json.loads(held["reason_parameters"] or "{}")
    return kind(**{name: "" if value is None and name in _TEXTS else value for name, value in held.items()})


_TEXTS = (
    "stage",
    "part",
    "floor_status",
    "missing_unit",
    "evidence",
    "flags",
    "op",
    "rule_ids",
    "verified",
    "state",
)


def _cited(items: tuple[ItemRow, ...]) -> list[Value]:
    named = {one for row in items for one in row.rule_ids.split(";") if one}
    return [entry.value for entry in book().entries() if entry.value.rule_id in named]


def _schools(scope: Scope, record: RunRecord) -> dict[str, School]:
    frame = reading.table(scope, "schools", record.data_version or None)
    if frame is None:
        return {}
    return {
        row["school_id"]: School(
            row["school_id"],
            row["name"] or row["school_id"],
            row["kind"] or "",
            row.get("ownership") or "",
            row.get("urban_rural") or "",
            row.get("boarding"),
            row.get("opened_year"),
        )
        for row in frame.to_dicts()
    }
