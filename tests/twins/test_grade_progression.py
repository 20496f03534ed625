"""The array formulas of the progression ratios equal a plain loop over units, years and grades."""

from __future__ import annotations

import math

import numpy as np
import pytest

from junheng.forecast.grade_progression import advance, estimate
from junheng.forecast.panel import Panel
from junheng.forecast.parameters import DEFAULT
from junheng.forecast.structure import Structure, find


def slow_ratios(panel: Panel, origin: int, structure: Structure) -> list[list[float]]:
    """Design 3.4 in plain loops."""
    p = DEFAULT
    last = panel.year_index(origin)
    units, grades = range(len(panel.units)), range(len(panel.grades))
    steps = {
        (u, t, g): (float(panel.pupils[u, t, g]), float(panel.pupils[u, t - 1, g - 1]))
        for u in units
        for t in range(1, last + 1)
        for g in grades
        if g > 0 and structure.usable[u, t, g]
    }
    pooled = {t: 0.5 ** ((last - t) / p.pooled_half_life) for t in range(last + 1)}
    group = []
    for g in grades:
        num = sum(pooled[t] * n for (_, t, k), (n, _) in steps.items() if k == g)
        den = sum(pooled[t] * d for (_, t, k), (_, d) in steps.items() if k == g)
        group.append(num / den if den > 0 else 1.0)
    came = sum(pooled[t] * n for (_, t, _), (n, _) in steps.items())
    due = sum(pooled[t] * d * group[g] for (_, t, g), (_, d) in steps.items())
    county = (came + p.county_pseudo_pupils) / (due + p.county_pseudo_pupils)

    def gain(drift: float, by_year: dict[int, float]) -> float:
        recent = [by_year[t] for t in range(last, last - 3, -1) if t in by_year]
        size = (sum(recent) / len(recent) if recent else 0.0) + 1.0
        signal = drift * size / p.sampling
        return (-signal + math.sqrt(signal * signal + 4 * signal)) / 2

    def unit_and_cells(counts: dict[tuple[int, int, int], tuple[float, float]]) -> list[list[float]]:
        result = []
        for u in units:
            own = {(t, g): v for (unit, t, g), v in counts.items() if unit == u}
            by_year: dict[int, float] = {}
            for (t, g), (_, d) in own.items():
                by_year[t] = by_year.get(t, 0.0) + d * group[g]
            k = gain(p.unit_drift, by_year)
            a = sum((1 - k) ** (last - t) * n for (t, _), (n, _) in own.items())
            e = sum((1 - k) ** (last - t) * d * group[g] for (t, g), (_, d) in own.items())
            unit = (a + p.unit_pseudo_pupils * county) / (e + p.unit_pseudo_pupils)
            unit = min(max(unit, p.unit_clip[0]), p.unit_clip[1])
            row = []
            for g in grades:
                prior = group[g] * unit
                cell = {t: v for (t, grade), v in own.items() if grade == g}
                k = gain(p.cell_drift, {t: d * prior for t, (_, d) in cell.items()})
                a = sum((1 - k) ** (last - t) * n for t, (n, _) in cell.items())
                e = sum((1 - k) ** (last - t) * d * prior for t, (_, d) in cell.items())
                ratio = prior * (a + p.cell_pseudo_pupils) / (e + p.cell_pseudo_pupils)
                row.append(min(max(ratio, min(p.cell_floor * group[g], p.cap)), p.cap))
            result.append(row)
        return result

    first = unit_and_cells(steps)
    drawn_in = {}
    for (u, t, g), (n, d) in steps.items():
        due = d * first[u][g]
        edge = p.outlier * math.sqrt(due + (p.outlier_spread * due) ** 2)
        drawn_in[u, t, g] = (min(max(n, max(due - edge, 0.0)), due + edge), d)
    return unit_and_cells(drawn_in)


def ragged(seed: int) -> Panel:
    """Units that open, close, skip years and jump."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.lognormal(3.5, 1.2, (14, 1, 1)) * np.ones((14, 8, 5))).astype(float)
    counts[rng.random(counts.shape) < 0.04] = np.nan
    counts[0, :3] = np.nan
    counts[1, 5:] = np.nan
    counts[2, 4] = np.nan
    counts[3, 6] *= 4
    counts[4, :, 3:] = np.nan
    return Panel(
        tuple(f"u{i:02d}" for i in range(14)),
        tuple(range(2010, 2018)),
        ("K3", "G01", "G02", "G03", "G04"),
        counts,
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("origin", [2011, 2014, 2017])
def test_ratios_equal_the_loops(seed: int, origin: int) -> None:
    panel = ragged(seed)
    structure = find(panel, origin)
    fast = estimate(panel, origin, structure).ratio
    slow = np.array(slow_ratios(panel, origin, structure))
    assert structure.stepped.any()
    assert np.isnan(fast[~structure.stepped]).all()
    np.testing.assert_allclose(fast[structure.stepped], slow[structure.stepped], rtol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_advance_equals_the_loops(seed: int) -> None:
    panel = ragged(seed)
    structure = find(panel, 2017)
    ratio = estimate(panel, 2017, structure).ratio
    rng = np.random.default_rng(seed)
    draws, horizon = 3, 6
    units, grades = ratio.shape
    last = np.maximum(structure.counts[None] * rng.normal(1, 0.05, (draws, 1, 1)), 0)
    entry = rng.uniform(10, 50, (draws, units, horizon, grades))
    fast = advance(last, ratio, entry, structure)
    for d in range(draws):
        for u in range(units):
            before = list(last[d, u])
            for h in range(horizon):
                now = [0.0] * grades
                for g in range(grades):
                    if structure.intake[u, g]:
                        now[g] = entry[d, u, h, g]
                    elif structure.stepped[u, g] and g:
                        now[g] = before[g - 1] * ratio[u, g]
                np.testing.assert_allclose(fast[d, u, h], now, rtol=1e-9)
                before = now
