"""Draws keep the calibrated spread at every level: cells, schools, region."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.forecast.calibration import Spread
from junheng.forecast.cohort_simulation import Intake, Noise, Setup, simulate
from junheng.forecast.preparation import Prepared
from junheng.forecast.process_draws import keys, normals, tail_weights
from junheng.forecast.range_sizes import steps

TOTALS = Spread(1.5e-4, 1.5, 1.5, 1.2, nu=np.inf)
CELLS = Spread(7e-4, 1.0, 0.9, 0.9, nu=np.inf)
SCHOOLS, GRADES, HORIZON, DRAWS = 60, 6, 5, 4000


@pytest.fixture(scope="module")
def draws() -> np.ndarray:
    """float32[U, H, G, D] of 60 equal schools whose ratios are one and whose entry is level."""
    start = np.full((SCHOOLS, GRADES), 80.0)
    stepped = np.ones((SCHOOLS, GRADES), dtype=bool)
    stepped[:, 0] = False
    flat = np.ones((SCHOOLS, HORIZON, GRADES))
    intake = Intake(0, ~stepped[:, 0], np.full((SCHOOLS, HORIZON), 80.0), (), (), np.zeros((0, HORIZON)))
    setup = Setup(start, stepped, flat, flat, flat * 0, (intake,), ())
    prepared = object.__new__(Prepared)
    object.__setattr__(prepared, "totals", TOTALS)
    object.__setattr__(prepared, "cells", CELLS)
    region, unit, cell = steps(prepared, flat * 80.0, stepped)
    codes, years = tuple(f"s{i}" for i in range(SCHOOLS)), tuple(range(2026, 2026 + HORIZON))
    noise = Noise(
        normals(1, "region", ("",), years, DRAWS)[0], normals(1, "unit", codes, years, DRAWS),
        keys(1, "cell", codes, years), region, unit, cell, np.zeros((HORIZON, GRADES, DRAWS), np.float32),
        np.ones((HORIZON, DRAWS), np.float32), tail_weights(1, DRAWS, np.inf),
    )  # fmt: skip
    return simulate(setup, noise)


@pytest.mark.parametrize("lead", [1, 3, 5])
def test_cells_schools_and_region_have_their_own_calibrated_spread(draws: np.ndarray, lead: int):
    h = lead - 1
    cells = np.log(draws[:, h].astype(float)).std(axis=-1)
    assert cells.mean() == pytest.approx(float(CELLS.sd(lead, 80.0)), rel=0.08)
    schools = np.log(draws[:, h].sum(axis=1, dtype=float)).std(axis=-1)
    assert schools.mean() == pytest.approx(float(TOTALS.sd(lead, 480.0)), rel=0.08)
    region = np.log(draws[:, h].sum(axis=(0, 1), dtype=float)).std()
    assert region == pytest.approx(float(TOTALS.sd(lead, 480.0 * SCHOOLS)), rel=0.10)


def test_sums_stay_on_the_central_path(draws: np.ndarray):
    whole = draws.sum(axis=(0, 2), dtype=float)
    assert np.allclose(np.median(whole, axis=1), 480.0 * SCHOOLS, rtol=0.004)
