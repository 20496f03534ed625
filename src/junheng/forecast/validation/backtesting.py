"""The verb `backtest`: our method beside the common ones on any long table, under identical masks.

Headline rows score the units counted in every counted year of the file (where these are too few, all units),
percentage errors over those with fifty pupils or more in the target year. Units that opened or closed are
learnt from like all others and scored in the slice `units`. Every ratio, weight and range known at an origin
comes from target years at or before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import polars as pl

from junheng.data import longtable
from junheng.forecast.entry_births import BirthsEntry
from junheng.forecast.panel import Flags, Panel, flags
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.problem import Problem
from junheng.forecast.structure import counted_years
from junheng.forecast.validation import baselines, rolling_origin
from junheng.forecast.validation.backtest_findings import findings_of
from junheng.forecast.validation.backtest_result import BacktestResult
from junheng.forecast.validation.backtest_slices import Ledger
from junheng.forecast.validation.range_feedback import published
from junheng.forecast.validation.rolling_origin import OURS
from junheng.model.errors import BadData
from junheng.model.reason import Finding

METHODS = (OURS, *baselines.BASELINES)
FIRST_HISTORY = 4
"""Counted years an origin has behind it (its own included) unless the caller names origins."""
LEAST_HISTORY = 2
_FEW_UNITS = 10
_FEW_SHARE = 0.1


class Progress(Protocol):
    """Told the code of the step, how far it is and of how much."""

    def __call__(self, code: str, done: int | None = None, total: int | None = None) -> object: ...


def backtest(
    frame: pl.DataFrame | Problem,
    births: pl.DataFrame | None = None,
    origins: Iterable[int] | None = None,
    max_lead: int = 5,
    methods: Sequence[str] = METHODS,
    progress: Progress | None = None,
    parameters: Parameters = DEFAULT,
) -> BacktestResult:
    """Rolling-origin scores of `methods` on a long table `unit, year, grade, pupils`, or on the schools of a
    problem with the births of its region.

    births: `year, births` or `unit, year, births`. origins: years to forecast from; by default every counted
    year from the fourth on that has a later one. BadData lists every fault of the tables at once, or says
    that the years are too few. ValueError for an unknown method or a lead below one.
    """
    if isinstance(frame, Problem):
        frame, of_region = longtable.of_tables(frame.tables)
        births = of_region if births is None else births
    unknown = [method for method in methods if method not in METHODS]
    if unknown or max_lead < 1:
        raise ValueError(f"unknown methods {unknown}" if unknown else "max_lead starts at 1")
    panel = Panel.from_long(frame)
    counted = counted_years(panel)
    scored, dropped = _origins(panel, counted, origins, max_lead)
    evidence = BirthsEntry.from_long(births, panel, parameters) if births is not None else None
    factor = evidence.factor if evidence is not None and evidence.speaks else None

    def step(done: int, total: int) -> None:
        if progress is not None:
            progress("backtest_origin", done, 2 * total)

    said = rolling_origin.run(panel.until(scored[-1]), max_lead, parameters, factor, step)
    everywhere = headline_units(panel, counted)
    ledger = Ledger(panel, everywhere, max_lead)
    ranges = published(panel, said, scored, max_lead)
    for done, year in enumerate(scored):
        origin = said[year]
        for method in methods:
            cells = (
                origin.combined
                if method == OURS
                else baselines.forecast(method, panel, origin.structure, max_lead, parameters)
            )
            ledger.add(method, origin, cells, ranges[year] if method == OURS else None)
        if progress is not None:
            progress("backtest_origin", len(said) + done + 1, len(said) + len(scored))
    notes = findings_of(panel, counted, said, everywhere, scored, dropped, evidence)
    return BacktestResult(ledger.table(methods), ledger.slices(), notes, tuple(scored))


def headline_units(panel: Panel, counted: Flags) -> Flags:
    """bool[U]: units counted in every counted year; all units where these are too few to stand for the
    panel."""
    everywhere = flags((panel.counted | ~counted[None, :]).all(axis=1))
    enough = everywhere.sum() >= max(min(_FEW_UNITS, len(panel.units)), _FEW_SHARE * len(panel.units))
    return everywhere if enough else np.ones(len(panel.units), dtype=np.bool_)


def _origins(
    panel: Panel, counted: Flags, wanted: Iterable[int] | None, max_lead: int
) -> tuple[list[int], list[int]]:
    """Origins to score and those asked for that cannot be."""
    years = [year for year, known in zip(panel.years, counted.tolist(), strict=True) if known]
    least = LEAST_HISTORY if wanted is not None else min(FIRST_HISTORY, max(LEAST_HISTORY, len(years) - 1))
    able = [
        year
        for i, year in enumerate(years)
        if i + 1 >= least and any(year < later <= year + max_lead for later in years)
    ]
    asked = able if wanted is None else sorted(set(wanted))
    scored = [year for year in asked if year in able]
    if not scored:
        parameters = {
            "years": ", ".join(str(year) for year in years[:40]),
            "least": LEAST_HISTORY + 1,
            "asked": "–" if wanted is None else ", ".join(str(year) for year in asked[:40]),
        }
        fault = Finding("backtest_too_few_years", "error", column="year", parameters=parameters)
        raise BadData("backtest_too_few_years", parameters, [fault])
    return scored, [year for year in asked if year not in able]
