"""The result of verb `seats`: four declared tables, reasons, checks and a summary."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from junheng.forecast.seat_balance import seat_tables
from junheng.forecast.seat_balance.class_practice import practised_classes
from junheng.forecast.seat_balance.remedies import Bench, partners
from junheng.forecast.seat_balance.seat_problem import SEAT_STAGES, SeatProblem
from junheng.forecast.seat_balance.seat_standards import SeatStandards
from junheng.forecast.seat_balance.warning_memory import hold
from junheng.forecast.seat_balance.warnings import Parts, Warned, two_largest_drivers
from junheng.forecast.seat_messages import say
from junheng.model.reason import Finding, Language
from junheng.model.tables.seat_outputs import CLASS_SIZE_ROOM, SEAT_HORIZON, SEAT_OUTLOOK, SEAT_WARNINGS
from junheng.rules import Value

Ratios = Callable[[], pl.DataFrame | None]
"""Gives the table `forecast_parameters` when an explanation asks for it."""


@dataclass(frozen=True)
class SeatOutlook:
    """Seats short or idle. `tables`: seat_outlook, seat_horizon, seat_warnings, class_size_room. `citations`:
    every standard used, each once. `findings`: what was missing or assumed."""

    scenario: str
    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...] = ()
    citations: tuple[Value, ...] = ()
    _bench: Bench | None = None
    _warned: Mapping[str, Warned] = field(default_factory=dict[str, Warned])
    _parameters: Ratios | None = None
    _failed: tuple[str, ...] = ()
    _sharing: Mapping[int, str] = field(default_factory=dict[int, str])
    _problem: SeatProblem | None = None

    @staticmethod
    def nothing(scenario: str, *findings: Finding) -> SeatOutlook:
        """An outlook without rows that says why."""
        tables = (SEAT_OUTLOOK, SEAT_HORIZON, SEAT_WARNINGS, CLASS_SIZE_ROOM)
        return SeatOutlook(scenario, {table.name: table.empty() for table in tables}, findings)

    @staticmethod
    def build(
        problem: SeatProblem,
        standards: SeatStandards,
        bench: Bench,
        warned: Sequence[Warned],
        findings: Sequence[Finding],
        previous: pl.DataFrame | None,
        parts: Parts | None,
        parameters: Ratios | None,
        sharing: Mapping[int, str],
    ) -> SeatOutlook:
        """Tables from the bench; warnings are held as the run before demands."""
        rows: list[dict[str, Any]] = []
        for one in warned:
            rows.append(_row(one, problem, two_largest_drivers(parts, one, bench)))
        rows = hold(rows, previous, problem.scenario, int(bench.levels["step_down_runs"]))
        warnings_table = pl.DataFrame(rows, schema=SEAT_WARNINGS.schema()) if rows else SEAT_WARNINGS.empty()
        tables = {
            "seat_outlook": seat_tables.outlook_table(problem, bench),
            "seat_horizon": seat_tables.horizon_table(problem, bench),
            "seat_warnings": SEAT_WARNINGS.conform(warnings_table),
            "class_size_room": seat_tables.room_table(problem, bench, standards),
        }
        failed = seat_tables.failed_checks(problem, bench)
        return SeatOutlook(
            problem.scenario, tables, tuple(findings), _citations(bench, standards, warned), bench,
            {one.warning_id: one for one in warned}, parameters, failed, sharing, problem,
        )  # fmt: skip

    def explain(self, warning_id: str, language: Language = "zh") -> dict[str, Any]:
        """Why a warning stands: its numbers, rule with citation, ratios behind the forecast, neighbours' free
        seats, classes as the school has formed them so far, and every lever tried with what it would leave.
        KeyError for an unknown id."""
        rows = self.tables["seat_warnings"].filter(pl.col("warning_id") == warning_id).to_dicts()
        if not rows:
            raise KeyError(warning_id)
        row = rows[0]
        reason = json.loads(row["reason_parameters"] or "{}")
        one, bench = self._warned.get(warning_id), self._bench
        out: dict[str, Any] = {
            "warning": row,
            "reason": say(row["reason_code"], reason, language),
            "numbers": {key: value for key, value in reason.items() if key != "drivers"},
            "advice": say("seats.building_unwise", {}, language) if reason.get("building_unwise") else "",
            "drivers": reason.get("drivers", []),
            "outlook": self._about("seat_outlook", row).to_dicts(),
            "horizon": self._about("seat_horizon", row).to_dicts(),
            "rule": None,
            "levers_tried": [],
            "neighbours": [],
            "ratios": [],
        }
        if one is None or bench is None:
            return out
        if one.rule is not None:
            rule = one.rule
            out["rule"] = {
                "rule_id": rule.rule_id,
                "value": rule.value,
                "unit": rule.unit,
                "verified": rule.verified,
                "citation": rule.citation(language),
            }
        out["levers_tried"] = [
            {
                "lever": tried.lever,
                "words": say(f"forecast.lever.{tried.lever}", tried.parameters, language),
                "from_year": tried.from_year,
                "residual_p": round(tried.residual_p, 4),
                "closes": tried.closes,
            }
            for tried in one.tried
        ]
        stage = SEAT_STAGES.index(one.stage)
        if stage in bench.stages:
            out["neighbours"] = partners(bench, stage, one.unit_code, one.first)
            out["sharing_by"] = self._sharing.get(stage, "none")
        if self._problem is not None and one.unit_kind == "school":
            out["practice"] = practised_classes(self._problem, one.unit_code, one.stage, one.first)
        ratios = self._parameters() if self._parameters is not None else None
        if ratios is not None:
            out["ratios"] = ratios.filter(pl.col("unit_code") == one.unit_code).to_dicts()
        return out

    def _about(self, table: str, row: Mapping[str, Any]) -> pl.DataFrame:
        frame = self.tables[table].filter(
            (pl.col("unit_kind") == row["unit_kind"])
            & (pl.col("unit_code") == row["unit_code"])
            & (pl.col("stage") == row["stage"])
        )
        if "year" in frame.columns:
            frame = frame.filter(pl.col("year").is_between(row["from_year"], row["to_year"]))
        return frame

    def check(self) -> list[str]:
        """Names of failed checks (children and seats add up over schools); empty when all hold."""
        return list(self._failed)

    def summary(self) -> dict[str, Any]:
        """Warnings by level, and by stage the region's first shortage, peak and worst gap."""
        levels = self.tables["seat_warnings"].group_by("level").len().sort("level")
        region = self.tables["seat_horizon"].filter(pl.col("unit_kind") == "region")
        return {
            "scenario": self.scenario,
            "warnings": dict(levels.iter_rows()),
            "stages": {
                row["stage"]: {
                    "first_short_year": row["first_short_year_p50"],
                    "peak_year": row["peak_year"],
                    "peak_gap": row["peak_gap"],
                    "first_underuse_year": row["first_underuse_year"],
                }
                for row in region.iter_rows(named=True)
            },
            "findings": [finding.code for finding in self.findings],
        }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _row(one: Warned, problem: SeatProblem, causes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "scenario": problem.scenario,
        "warning_id": one.warning_id,
        "level": one.level,
        "kind": one.kind,
        "unit_kind": one.unit_kind,
        "unit_code": one.unit_code,
        "stage": one.stage,
        "from_year": problem.years[one.first],
        "to_year": problem.years[one.last],
        "probability": round(one.probability, 4),
        "pupils_affected": round(one.pupils, 1),
        "reason_code": one.reason_code,
        "reason_parameters": _json({**one.parameters, "drivers": causes}),
        "lever": one.remedy.lever if one.remedy else None,
        "lever_parameters": _json(
            {**one.remedy.parameters, "from_year": one.remedy.from_year, "closes": one.remedy.closes}
        )
        if one.remedy
        else None,
        "residual_p": round(one.remedy.residual_p, 4) if one.remedy else None,
        "rule_id": one.rule.rule_id if one.rule else None,
        "verified": one.rule.verified if one.rule else None,
    }


def _citations(bench: Bench, standards: SeatStandards, warned: Sequence[Warned]) -> tuple[Value, ...]:
    """Every standard behind the seats, once each, in order of rule id."""
    used: dict[str, Value] = {}
    for n in range(len(bench.cells.behind)):
        for value in bench.cells.behind[n].values():
            used[value.rule_id] = value
    for stage in bench.stages:
        name = SEAT_STAGES[stage]
        for value in (standards.elastic(0, name), standards.pupils_per_post(0, name)):
            if value is not None:
                used[value.rule_id] = value
    for one in warned:
        if one.rule is not None:
            used[one.rule.rule_id] = one.rule
    now = standards.by_year[0]
    for topic, key in (("warning_levels", "p_red"), ("large_class", "large"), ("lead_time", "build")):
        used[now[topic][key].rule_id] = now[topic][key]
    return tuple(used[rule_id] for rule_id in sorted(used) if np.isfinite(used[rule_id].number))
