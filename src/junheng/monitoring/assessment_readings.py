"""Measured rows as an assessment reads them: by indicator, unit and stage; and who was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.monitoring.assessment_logic import less_sure
from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import NO_THRESHOLD, NOT_COMPUTABLE, NOT_EXAMINED
from junheng.rules import Value
from junheng.rules.indicator import Indicator

OF_SCHOOL, OF_COUNTY = "school", "county"
_PEOPLE, _ROOMS, _YUAN = "人", "间", "元"
_REPORTED = ("unit_count", "result")
"""Grains whose absence means that nobody reported or established the figure yet."""


@dataclass(frozen=True)
class Readings:
    """The tables of one measurement. Numbers of the rows are exact to two decimals where they are counted."""

    values: pl.DataFrame
    excluded: pl.DataFrame
    indicators: Mapping[str, Indicator]

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
        found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for row in self.values.iter_rows(named=True):
            found.setdefault((row["indicator"], row["level"], row["area"]), []).append(row)
        return found

    def of(self, indicator: str, level: str, area: str, stage: str = "") -> list[dict[str, Any]]:
        """Rows of a unit: of one stage, or of every stage where none is asked for."""
        held = self._rows.get((indicator, level, area), [])
        return [row for row in held if not stage or row["stage"] == stage]

    def units(self, indicator: str) -> list[tuple[str, str]]:
        """(school, stage) of the rows an indicator has by school, those left out not among them."""
        return [
            (area, row["stage"])
            for (name, level, area), rows in self._rows.items()
            if name == indicator and level == OF_SCHOOL
            for row in rows
            if (area, row["stage"]) not in self.left_out(indicator)
        ]

    def left_out(self, indicator: str) -> Mapping[tuple[str, str], tuple[str, float | None]]:
        """(school, stage) -> (reason, weight) of what an indicator by school leaves out."""
        return self._excluded.get(indicator, {})

    @cached_property
    def _excluded(self) -> dict[str, dict[tuple[str, str], tuple[str, float | None]]]:
        found: dict[str, dict[tuple[str, str], tuple[str, float | None]]] = {}
        for row in self.excluded.iter_rows(named=True):
            if row["level"] == OF_SCHOOL:
                taken = found.setdefault(row["indicator"], {})
                taken[row["area"], row["stage"]] = (row["reason"], row["weight"])
        return found

    def filled(self, blank: ItemRow, row: Mapping[str, Any] | None) -> ItemRow:
        """`blank` with what was measured; without a row nothing is known."""
        indicator = self.indicators[blank.indicator]
        if row is None or (row["n_used"] == 0 and indicator.grain in _REPORTED):
            absent = NOT_EXAMINED if indicator.measure == "lookup" else NOT_COMPUTABLE
            status, reason = absent, "not_reported" if indicator.grain in _REPORTED else "no_rows"
            line = self.line(blank.indicator, blank.stage)
            return replace(
                blank,
                status=status,
                status_reason=reason,
                threshold=None if line is None else line.number,
                op=indicator.threshold.op if indicator.threshold else "",
                rule_ids="" if line is None else line.rule_id,
                verified=less_sure([indicator.source.verified, *([line.verified] if line else [])]),
            )
        line = self.line(blank.indicator, row["stage"])
        status, reason = row["status"], row["status_reason"]
        if status == NO_THRESHOLD:
            status = NOT_COMPUTABLE
        return replace(
            blank,
            value=row["value"],
            num=row["num"],
            den=row["den"],
            threshold=row["threshold"],
            op=row["op"] or "",
            status=status,
            status_reason=reason,
            n_units=row["n_used"],
            n_unknown=row["n_missing"],
            rule_ids="" if line is None else line.rule_id,
            verified=row["verified"] or "",
            flags=row["flags"] or "",
        )

    def line(self, indicator: str, stage: str) -> Value | None:
        """The cited line of an indicator for a stage; None where it has none."""
        threshold = self.indicators[indicator].threshold
        return None if threshold is None else threshold.of(stage)

    def unit_of(self, indicator: str) -> tuple[str, bool]:
        """(what its numerator counts: person, room, yuan or square_metre; whether only whole ones count)."""
        terms = self.indicators[indicator].value.num
        columns = {column.name: column for column in TABLES["school_years"].columns}
        held = columns.get(terms[0].column) if terms else None
        if held is None:
            return "", False
        measure = held.unit.split(" ")[0]
        name = {_PEOPLE: "person", _ROOMS: "room", _YUAN: "yuan"}.get(measure, "square_metre")
        return name, held.kind == "integer"


def citations(indicators: Iterable[Indicator]) -> list[Value]:
    """Every line of the indicators that is in force, each entry once."""
    found: dict[str, Value] = {}
    for one in indicators:
        references = [one.threshold.standard] if one.threshold else []
        references += [rule.cite for rule in one.exclude if rule.cite]
        for reference in references:
            for value in reference.values.values():
                if value.in_force:
                    found[value.rule_id] = value
    return list(found.values())
