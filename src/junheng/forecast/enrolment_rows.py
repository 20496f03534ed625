"""Rows of `forecast_enrolment` and the order they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.certainty import ASSUMED_FROM, KNOWN_FROM
from junheng.model import OUTPUTS
from junheng.model.tables.forecast_outputs import QUANTILES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

Floats = NDArray[np.float64]
_FILLED = 2000
"""Units, stages and grades gathered before they become a frame."""


class EnrolmentRows:
    """Rows of `forecast_enrolment`, gathered in blocks of whole units that become frames as they fill.

    Units come in the order of the table: areas, the region, schools, each by code.
    """

    def __init__(self, scenario: str, tier: str, years: tuple[int, ...]) -> None:
        self.scenario, self.tier, self.years = scenario, tier, years
        self.frames: list[pl.DataFrame] = []
        self._empty()

    def _empty(self) -> None:
        self.columns: dict[str, list[Any]] = {
            name: [] for name in ("unit_kind", "unit_code", "stage", "grade", "censored")
        }
        self.values: list[NDArray[np.floating]] = []
        self.placed: list[NDArray[np.floating]] = []
        self.shares: list[Floats] = []

    def add(
        self,
        kind: str,
        code: str,
        stage: str,
        grade: str,
        censored: bool,
        values: NDArray[np.floating],
        placed: NDArray[np.floating],
        shares: Floats,
    ) -> None:
        """One unit, stage and grade: values, placed float64[H, 8]; shares float64[3, H]."""
        if len(self.values) >= _FILLED and self.columns["unit_code"][-1] != code:
            self._flush()
        for name, value in zip(self.columns, (kind, code, stage, grade, censored), strict=True):
            self.columns[name].append(value)
        self.values.append(values)
        self.placed.append(placed)
        self.shares.append(shares)

    def _flush(self) -> None:
        horizon, count = len(self.years), len(self.values)
        if not count:
            return
        values = np.array(self.values, dtype=np.float64).reshape(count * horizon, len(QUANTILES))
        placed = np.array(self.placed, dtype=np.float64).reshape(count * horizon, len(QUANTILES))
        shares = np.moveaxis(np.array(self.shares).reshape(count, 3, horizon), 1, 2).reshape(-1, 3)
        at = np.repeat(np.arange(count), horizon)
        data: dict[str, Any] = {
            name: pl.Series(name, column).gather(at) for name, column in self.columns.items()
        }
        data["year"] = np.tile(np.array(self.years, dtype=np.int32), count)
        data["lead"] = np.tile(np.arange(1, horizon + 1), count)
        for q, name in enumerate(QUANTILES):
            data[name] = np.ascontiguousarray(values[:, q])
            data[f"placed_{name}"] = np.ascontiguousarray(placed[:, q])
        for s, name in enumerate(("share_known", "share_born", "share_unborn")):
            data[name] = np.ascontiguousarray(shares[:, s])
        frame = pl.DataFrame(data).with_columns(
            pl.lit(self.scenario).alias("scenario"),
            pl.lit(self.tier).alias("tier"),
            pl.when(pl.col("share_known") >= KNOWN_FROM - 1e-9)
            .then(pl.lit("known"))
            .when(pl.col("share_unborn") > ASSUMED_FROM + 1e-9)
            .then(pl.lit("assumption"))
            .otherwise(pl.lit("partly"))
            .alias("band"),
        )
        table = OUTPUTS["forecast_enrolment"]
        self.frames.append(table.conform(frame))
        self._empty()

    def frame(self) -> pl.DataFrame:
        """The declared table; units were added in its order, so that no sort of the whole is needed."""
        self._flush()
        return pl.concat(self.frames, rechunk=False)


def taught_cells(p: Projection) -> list[tuple[int, int]]:
    """(row of `p.rows`, grade) of every cell of the table, in its order."""
    assert p.prepared is not None and p.setup is not None
    central = np.maximum(p.central, p.base_central)
    taught = p.setup.stepped | p.prepared.intake | (p.prepared.start > 0)
    cells: list[tuple[int, int]] = []
    for r, (u, s) in enumerate(p.rows.pairs):
        mask = p.cell_stage[u] == s
        cells += [
            (r, g) for g in np.flatnonzero((mask & (taught[u] | (central[u] > 0))).any(axis=0)).tolist()
        ]
    return cells
