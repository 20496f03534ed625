"""The year of a region: check, forecast, seats, balance. Pure: tables + rules + options -> result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from junheng import forecast
from junheng.data import check_tables
from junheng.forecast.problem import Problem
from junheng.model import Finding, Region
from junheng.model.errors import BadData
from junheng.rules import RuleBook, Value
from junheng.year.accuracy import PastRun, look_back
from junheng.year.balance import balance
from junheng.year.result import Step, YearResult

Progress = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen of a run. `origin_year` None means the last school year counted."""

    origin_year: int | None = None
    years: int = 15
    draws: int = 1000
    seed: int = 1


def run(
    tables: Mapping[str, pl.DataFrame],
    book: RuleBook,
    region: Region,
    options: Options | None = None,
    *,
    past: Sequence[PastRun] = (),
    progress: Progress | None = None,
) -> YearResult:
    """Run the year for one region.

    `past` are earlier runs of this region: those with an earlier origin are held against what was counted
    since, and the newest of them tells which warnings stood before (a level steps down only after two runs).
    Raises BadData naming every fault of the tables, and whatever a room refuses.
    """
    options = options or Options()
    tell = progress or _silence
    tell("year.checking")
    findings = check_tables(tables, region)
    if any(finding.severity == "error" for finding in findings):
        raise BadData("year.faults", {"count": _errors(findings)}, findings)
    steps = [Step("check", "done")]

    if not any(_filled(tables, name) for name in ("enrolment", "area_enrolment")):
        steps += [Step(name, "skipped", "year.no_enrolment") for name in ("forecast", "seats")]
        return _result(region, None, options, steps, {}, findings, (), book, ())

    tell("year.forecasting")
    problem = Problem.from_tables(tables, book, region, origin_year=options.origin_year)
    projection = forecast.project(problem, years=options.years, draws=options.draws, seed=options.seed)
    outputs: dict[str, pl.DataFrame] = dict(projection.tables)
    failed = list(projection.check())
    steps.append(Step("forecast", "done"))

    tell("year.seats")
    earlier = sorted(
        (one for one in past if one.origin_year < problem.origin_year),
        key=lambda one: (one.origin_year, one.run_id),
    )
    outlook = forecast.seats(projection, previous=earlier[-1].seat_warnings if earlier else None)
    outputs |= outlook.tables
    failed += outlook.check()
    steps.append(
        Step("seats", "done" if outlook.tables["seat_outlook"].height else "skipped", "year.no_seats")
    )

    held = balance(tables, book, region, problem.origin_year, tell, projection.tables["forecast_enrolment"])
    if held is not None:
        outputs |= held.tables
        failed += held.failed
        findings += held.findings
    steps.append(Step("monitoring", "skipped" if held is None else "done", "year.no_conditions"))

    tell("year.looking_back")
    accuracy = look_back(earlier, tables, problem.origin_year, region.code)
    if accuracy.height:
        outputs["forecast_accuracy"] = accuracy
    findings = [*findings, *outlook.findings]
    return _result(
        region, problem.origin_year, options, steps, outputs, findings, outlook.citations, book, failed
    )


def _result(
    region: Region,
    origin_year: int | None,
    options: Options,
    steps: Sequence[Step],
    outputs: Mapping[str, pl.DataFrame],
    findings: Sequence[Finding],
    citations: Sequence[Value],
    book: RuleBook,
    failed: Sequence[str],
) -> YearResult:
    return YearResult(
        region=region,
        origin_year=origin_year,
        options=asdict(options),
        steps=tuple(steps),
        tables=dict(outputs),
        findings=tuple(findings),
        citations=tuple(citations),
        rules_digest=book.digest(),
        failed_checks=tuple(failed),
    )


def _filled(tables: Mapping[str, pl.DataFrame], name: str) -> bool:
    return name in tables and tables[name].height > 0


def _errors(findings: Sequence[Finding]) -> int:
    return sum(finding.severity == "error" for finding in findings)


def _silence(*_: Any, **__: Any) -> None:
    """Progress nobody watches."""
