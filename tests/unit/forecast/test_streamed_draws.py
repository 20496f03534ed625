"""Large regions: a year at a time gives what the whole would."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.unit.forecast.county import REGION, TOWNS, tables

from junheng import forecast, rules
from junheng.forecast import projection
from junheng.forecast.problem import Problem
from junheng.forecast.projection import housing_sd
from junheng.forecast.range_sizes import widened
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.streamed_draws import yearly
from junheng.forecast.streamed_ranges import streamed_table

DRAWS = 80


def county(levers: list[Lever], **parts: object) -> Projection:
    problem = Problem.from_tables(tables(**parts), rules.load(), REGION)  # type: ignore[arg-type]
    base = forecast.project(problem, years=12, draws=DRAWS)
    return forecast.what_if(base, levers) if levers else base


CHANGES: list[list[Lever]] = [
    [],
    [
        Lever("Close", "school", "P1B", 2028),
        Lever("BoundaryShift", "school", "P1A", 2027, parameters={"to": "P2A", "share": "0.2"}),
    ],
    [Lever("Open", "area", TOWNS[0], 2029, parameters={"kind": "211", "seats": "200"})],
]


@pytest.mark.parametrize("levers", CHANGES)
@pytest.mark.parametrize("flows", [True, False])
def test_a_year_at_a_time_is_the_whole(levers: list[Lever], flows: bool):
    p = county(levers, flows=flows, housing=True, noise=0.05)
    assert p.prepared is not None and p.setup is not None and p.shocks is not None
    shocks = widened(p.prepared, p.shocks, p.seed, DRAWS, housing_sd(p.problem))
    found = np.zeros_like(p.cells)
    for year in yearly(p.setup, shocks):
        for g, units in enumerate(year.units):
            found[units, year.lead, g] = year.draws[g]
    assert p.cells.sum() > 0
    np.testing.assert_allclose(found, p.cells, rtol=2e-6, atol=1e-4)


@pytest.mark.parametrize("levers", CHANGES)
@pytest.mark.parametrize("seats", [True, False])
def test_ranges_of_a_large_region_are_those_of_all_draws(levers: list[Lever], seats: bool):
    """With few draws kept, the table is that of all draws asked for."""
    p = county(levers, housing=True, seats=seats, noise=0.05)
    assert p.held == p.asked == DRAWS
    whole, streamed = p.tables["forecast_enrolment"], streamed_table(p)
    keys = [name for name, kind in whole.schema.items() if kind not in (pl.Float64, pl.Float32)]
    assert streamed.select(keys).equals(whole.select(keys))
    for name in set(whole.columns) - set(keys):
        np.testing.assert_allclose(streamed[name].to_numpy(), whole[name].to_numpy(), rtol=1e-5, atol=1e-3)
    if seats:
        assert (whole["placed_p90"] < whole["p90"]).any()


def test_a_region_over_the_limit_keeps_few_draws_and_ranges_from_all(monkeypatch: pytest.MonkeyPatch):
    whole = county([])
    monkeypatch.setattr(projection, "MEMORY_BYTES", 1)
    monkeypatch.setattr(projection, "FEWEST_DRAWS", 10)
    p = county([])
    assert (p.held, p.asked) == (10, DRAWS)
    ours, all_kept = (x.tables["forecast_enrolment"]["p97_5"].to_numpy() for x in (p, whole))
    np.testing.assert_allclose(ours, all_kept, rtol=1e-5, atol=1e-3)
    told = p.tables["forecast_findings"].filter(pl.col("code") == "draws_streamed")
    assert told.height == 1
    assert p.check() == []
