"""`junheng forecast what-if`: scenarios beside the base on the same draws, stored as runs of their own."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from junheng.cli import forecast_answers as answers
from junheng.cli import projecting, speech
from junheng.cli.arguments import Draws, Folder, Origin, Out, Seed, Years
from junheng.model.errors import BadData

if TYPE_CHECKING:
    from junheng.data import Workspace
    from junheng.data.runs import Record
    from junheng.forecast.result import Projection
    from junheng.forecast.scenarios.comparison import Comparison
    from junheng.forecast.seat_balance.seat_outlook import SeatOutlook
    from junheng.rules import RuleBook
    from junheng.year import PastRun

VERB = "scenario"
LEVERS = "levers"
"""Name under which a run's record keeps the digest of its levers among the inputs."""
FORECASTS = ("forecast_enrolment", "forecast_drivers")
SEATS = ("seat_outlook", "seat_horizon", "seat_warnings")


@dataclass(frozen=True)
class Told:
    """A scenario worked out: the levers it was made of, its projection and seats, and how it differs."""

    levers: pl.DataFrame
    plan: Projection
    outlook: SeatOutlook
    comparison: Comparison


def what_if(
    workspace: Folder,
    levers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="情景措施表（模板见 forecast template），默认用工作区中的。File of levers; the workspace's by default.",
            show_default=False,
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="只算此情景：表中的，或内置的如 low_births。Only this one, from the table or built in.",
            show_default=False,
        ),
    ] = None,
    origin: Origin = None,
    years: Years = 15,
    draws: Draws = 1000,
    seed: Seed = 1,
    out: Out = None,
    save: Annotated[
        bool, typer.Option("--save", help="把每个情景存为一次运行。Store each scenario as a run.")
    ] = False,
) -> None:
    """比较情景与基准：差值的中位数与 80% 区间（同一组抽样）。

    Compare scenarios with the base on the same draws: median and 80 % range of the difference.
    """
    from junheng import rules
    from junheng.cli.year import past_runs
    from junheng.data import Workspace

    opened = Workspace.open(workspace)
    book = rules.load(*opened.rule_folders())
    given = _levers_given(opened, levers)
    base = projecting.project(opened, book, origin, years, draws, seed)
    past = _run_before(past_runs(opened), base.problem.origin_year)
    before = _seats(base, past)
    results: list[Told] = []
    stored: list[dict[str, Any]] = []
    for name, rows in _chosen(base, given, scenario).items():
        with speech.progress() as step:
            step("cli.scenario_step", scenario=name)
            told = _tell(base, before, name, rows, past)
        results.append(told)
        answers.show_difference(name, told.comparison)
        answers.show_years_gained(told.comparison)
        speech.say("cli.what_if_warnings", before=answers.levels(before), after=answers.levels(told.outlook))
        stored.append(
            {
                "run": _save(opened, book, base, before, told, past) if save else None,
                "scenario": name,
                "base_warnings": projecting.warning_counts(before),
                "warnings": projecting.warning_counts(told.outlook),
            }
        )
    if out is not None:
        _write(out, results)
    speech.answer(**(stored[0] if len(stored) == 1 else {}), scenarios=stored)


def recompute(
    workspace: Workspace, version: str, book: RuleBook, record: Record, levers: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The output tables of a stored scenario, from the version it used and its stored levers."""
    from junheng.cli.year import past_runs

    chosen = record.options
    base = projecting.project(
        workspace, book, chosen["origin_year"], chosen["years"], chosen["draws"], chosen["seed"], version
    )
    past = next(iter(past_runs(workspace, chosen["past"])), None)
    before = _seats(base, past)
    told = _tell(base, before, chosen["scenario"], levers, past)
    return _tables(base, before, told)


def _levers_given(workspace: Workspace, path: Path | None) -> pl.DataFrame:
    from junheng.data import preview
    from junheng.model import INPUTS

    if path is None:
        return workspace.tables().get("scenario_levers", INPUTS["scenario_levers"].empty())
    found = preview(workspace, [path])
    if found.errors or "scenario_levers" not in found.tables:
        raise BadData("cli.levers_faulty", {"path": path, "count": found.errors}, found.findings)
    return found.tables["scenario_levers"]


def _chosen(base: Projection, given: pl.DataFrame, wanted: str | None) -> dict[str, pl.DataFrame]:
    """Levers by scenario: the one wanted, from the table or built in, or every one of the table."""
    from junheng.forecast.scenarios.built_in_scenarios import built_in
    from junheng.forecast.scenarios.levers import levers_table

    ready = built_in(base.problem)
    written = given["scenario"].unique(maintain_order=True).to_list()
    names = [wanted] if wanted else written
    if not names:
        raise BadData("cli.no_levers", {"known": ", ".join(ready)})
    if base.scenario in names:
        raise BadData("cli.scenario_is_base", {"scenario": base.scenario})
    chosen: dict[str, pl.DataFrame] = {}
    for name in names:
        if name in written:
            chosen[name] = given.filter(pl.col("scenario") == name)
        elif name in ready:
            chosen[name] = levers_table(ready[name].levers, name)
        else:
            raise BadData("cli.no_scenario", {"scenario": name, "known": ", ".join([*written, *ready])})
    return chosen


def _run_before(past: Sequence[PastRun], origin_year: int) -> PastRun | None:
    """The newest annual run of an earlier count: its warnings step down slowly, here as in `junheng run`."""
    earlier = [one for one in past if one.origin_year < origin_year]
    return max(earlier, key=lambda one: (one.origin_year, one.run_id), default=None)


def _seats(projection: Projection, past: PastRun | None) -> SeatOutlook:
    from junheng import forecast

    outlook = forecast.seats(projection, previous=past.seat_warnings if past else None)
    projecting.refuse_failed(outlook.check())
    return outlook


def _tell(
    base: Projection, before: SeatOutlook, name: str, levers: pl.DataFrame, past: PastRun | None
) -> Told:
    from junheng import forecast
    from junheng.forecast.scenarios.levers import levers_of
    from junheng.forecast.scenarios.scenario import Scenario

    plan = forecast.what_if(base, Scenario(name, levers_of(levers)))
    projecting.refuse_failed(plan.check())
    outlook = _seats(plan, past)
    return Told(levers, plan, outlook, forecast.compare(base, plan, seats=(before, outlook)))


def _tables(base: Projection, before: SeatOutlook, told: Told) -> dict[str, pl.DataFrame]:
    """Rows of the base and of the scenario, from the same draws; their difference; the levers."""
    pairs = [(FORECASTS, base.tables, told.plan.tables), (SEATS, before.tables, told.outlook.tables)]
    both: dict[str, pl.DataFrame] = {
        name: pl.concat([one[name], other[name]])
        for names, one, other in pairs
        for name in names
        if name in one and name in other
    }
    return {**both, **told.comparison.tables(), "scenario_levers": told.levers}


def _save(
    workspace: Workspace,
    book: RuleBook,
    base: Projection,
    before: SeatOutlook,
    told: Told,
    past: PastRun | None,
) -> str:
    from junheng.data import runs
    from junheng.data.digest import frame_digest

    with speech.progress() as step:
        step("cli.saving")
        tables = _tables(base, before, told)
        options: Mapping[str, Any] = {
            "scenario": told.plan.scenario,
            "origin_year": base.problem.origin_year,
            "years": len(base.years),
            "draws": base.asked,
            "seed": base.seed,
            "past": [past.run_id] if past else [],
        }
        inputs = {**workspace.digests(), LEVERS: frame_digest(told.levers)}
        record = runs.record(VERB, workspace.region, inputs, book.digest(), options, base.seed, tables)
        saved = runs.save(workspace, record, tables)
    speech.say("cli.run_saved", run=saved.id)
    return saved.id


def _write(out: Path, results: Sequence[Told]) -> None:
    """The differences of every scenario as one sheet; text stays text."""
    import xlsxwriter

    from junheng.data.atomic import write_bytes

    held = io.BytesIO()
    frames = [told.comparison.table.with_columns(scenario=pl.lit(told.plan.scenario)) for told in results]
    with xlsxwriter.Workbook(held, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        pl.concat(frames).write_excel(book, worksheet=speech.sentence("cli.scenarios", {}))
    write_bytes(out, held.getvalue())
    speech.say("cli.wrote", path=out)
