"""Small made-up panels for tests of the forecast room."""

from __future__ import annotations

import numpy as np
import polars as pl

from junheng.forecast.panel import Panel


def cohorts(
    units: int = 30,
    years: int = 10,
    grades: int = 6,
    seed: int = 0,
    first_year: int = 2010,
    size: float = 60.0,
) -> pl.DataFrame:
    """A long table of schools whose pupils move up with noise; K3 is the entry grade."""
    rng = np.random.default_rng(seed)
    scale = rng.lognormal(0.0, 0.6, units) * size
    counts = np.zeros((units, years, grades), dtype=np.int64)
    counts[:, 0] = rng.poisson(np.repeat(scale[:, None], grades, axis=1))
    for t in range(1, years):
        counts[:, t, 0] = rng.poisson(scale)
        for g in range(1, grades):
            stay = rng.normal(0.99 + 0.01 * (g % 2), 0.02, units)
            counts[:, t, g] = rng.poisson(np.maximum(counts[:, t - 1, g - 1] * stay, 0.5))
    return long(counts, first_year)


def long(counts: np.ndarray, first_year: int = 2010, grades: tuple[str, ...] = ()) -> pl.DataFrame:
    """unit x year x grade counts (NaN or negative = no row) as a long table."""
    names = grades or ("K3", *(f"G{g:02d}" for g in range(1, counts.shape[2])))
    u, t, g = np.indices(counts.shape)
    values = np.asarray(counts, dtype=np.float64)
    keep = ~np.isnan(values) & (values >= 0)
    return pl.DataFrame(
        {
            "unit": [f"s{i:03d}" for i in u[keep]],
            "year": t[keep] + first_year,
            "grade": [names[i] for i in g[keep]],
            "pupils": values[keep].astype(np.int64),
        }
    )


def panel(units: int = 30, years: int = 10, grades: int = 6, seed: int = 0) -> Panel:
    """The same as a panel."""
    return Panel.from_long(cohorts(units, years, grades, seed))
