"""Births as evidence on entry in the backtest: pools five or six years back times a yield that follows the
times.

Children born before September enter with the year's cohort, later ones a year after, so the pool of an entry
year is two thirds of the births `age` years back and one third of those a year earlier (month by month where
a region counts months; see the projection's births). The pool is combined with the adaptive level by past
errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from junheng.forecast.entry import adaptive_level
from junheng.forecast.panel import Floats, Panel, read_rows
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import Structure, find
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.model.stages import entry_age, grade_number

EARLY_SHARE = 2.0 / 3.0
YIELD_YEARS = 4
_PRIOR_WEIGHT = 0.5
_PRIOR_ORIGINS = 3.0
_TYPICAL_GAP = 0.04
"""Log difference of the two evidences that counts as one origin's worth of information on their weight."""
_UNIT_PSEUDO = 300.0
_LATEST_ENTRY = 1
"""Births speak to kindergarten and first grade; entry at later grades comes from other schools."""


@dataclass
class BirthsEntry:
    """Factor on entry at the panel's first grade, from births known to the year before each origin.

    births: float64[B, Y] by unit (or one row for the whole region), calendar years from `first_year`.
    """

    panel: Panel
    births: Floats
    first_year: int
    by_unit: bool
    parameters: Parameters = DEFAULT
    _trials: dict[tuple[int, int], tuple[Floats, Floats]] = field(
        default_factory=dict[tuple[int, int], tuple[Floats, Floats]]
    )

    @staticmethod
    def from_long(frame: pl.DataFrame, panel: Panel, parameters: Parameters = DEFAULT) -> BirthsEntry:
        """Read `year, births` or `unit, year, births`; BadData lists every fault."""
        rows, by_unit = read_rows(frame, "births")
        first, last = int(rows["year"].min()), int(rows["year"].max())  # type: ignore[arg-type]
        if by_unit:
            known = set(panel.units)
            strangers = sorted(set(rows["unit"].to_list()) - known)
            if strangers and not known & set(rows["unit"].to_list()):
                fault = Finding(
                    "backtest_births_units",
                    "error",
                    column="unit",
                    parameters={"units": ", ".join(strangers[:5])},
                )
                raise BadData("backtest_bad_table", {"faults": 1}, [fault])
            order = {unit: i for i, unit in enumerate(panel.units)}
            rows = rows.filter(pl.col("unit").is_in(list(panel.units)))
            table = np.full((len(panel.units), last - first + 1), np.nan)
            at = rows["unit"].replace_strict(order, return_dtype=pl.Int64).to_numpy()
        else:
            table = np.full((1, last - first + 1), np.nan)
            at = np.zeros(rows.height, dtype=np.int64)
        table[at, rows["year"].to_numpy() - first] = rows["value"].to_numpy()
        return BirthsEntry(panel, table, first, by_unit, parameters)

    @property
    def speaks(self) -> bool:
        """Whether the panel begins at a grade that children enter from home."""
        return grade_number(self.panel.grades[0]) <= _LATEST_ENTRY

    def pool(self, year: int, known_until: int) -> Floats:
        """float64[B]: children of the age of entry in `year`; births after `known_until` repeat the last
        known."""
        age = entry_age(self.panel.grades[0])
        early, late = self._births(year - age, known_until), self._births(year - age - 1, known_until)
        return EARLY_SHARE * early + (1.0 - EARLY_SHARE) * late

    def _births(self, year: int, known_until: int) -> Floats:
        at = min(year, known_until, self.first_year + self.births.shape[1] - 1) - self.first_year
        if at < 0:
            return np.full(len(self.births), np.nan)
        return self.births[:, at]

    def factor(self, panel: Panel, structure: Structure, horizon: int) -> Floats | None:
        """float64[U or 1, H, G] on the adaptive level; None where births say nothing about this panel."""
        if not self.speaks:
            return None
        level, pools = self._evidence(structure.origin, horizon, structure)
        weight = self._weight(structure.origin, horizon)
        trended = self._level(panel, structure, horizon, self.parameters)
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = np.log(pools / level)
        result = np.ones((len(gap), horizon, structure.offered.shape[1]))
        lifted = np.exp(weight[None, :] * np.clip(np.where(np.isfinite(gap), gap, 0.0), -0.7, 0.7))
        result[:, :, 0] = lifted * np.where(trended > 0, level / np.maximum(trended, 1e-9), 1.0)
        return result

    def _level(self, panel: Panel, structure: Structure, horizon: int, parameters: Parameters) -> Floats:
        level = adaptive_level(panel, structure.origin, structure, parameters, horizon)[:, :, 0]
        level = np.nan_to_num(level)
        return level if self.by_unit else level.sum(axis=0, keepdims=True)

    def _evidence(
        self, origin: int, horizon: int, structure: Structure | None = None
    ) -> tuple[Floats, Floats]:
        """(adaptive level, births x yield), float64[B, H] each, as known at the origin."""
        key = (origin, horizon)
        if key in self._trials:
            return self._trials[key]
        seen = structure or find(self.panel, origin, self.parameters)
        level = self._level(self.panel, seen, horizon, replace(self.parameters, entry_growth_share=0.0))
        at = self.panel.year_index(origin)
        counts = np.where(seen.dented[:, : at + 1], np.nan, self.panel.pupils[:, : at + 1, 0])
        counts = np.where(seen.intake[:, :1], counts, np.nan)
        if not self.by_unit:
            empty = np.isnan(counts).all(axis=0)
            counts = np.where(empty, np.nan, np.nansum(counts, axis=0))[None, :]
        past = np.stack([self.pool(year, origin - 1) for year in self.panel.years[: at + 1]], axis=1)
        known = ~np.isnan(counts) & ~np.isnan(past) & (past > 0)
        recent = known & (np.cumsum(known[:, ::-1], axis=1)[:, ::-1] <= YIELD_YEARS)
        came = np.where(recent, counts, 0.0).sum(axis=1)
        born = np.where(recent, past, 0.0).sum(axis=1)
        common = came.sum() / born.sum() if born.sum() > 0 else np.nan
        pseudo = _UNIT_PSEUDO if self.by_unit else 0.0
        share = (came + pseudo * common) / np.maximum(born + pseudo, 1e-9)
        ahead = np.stack([self.pool(origin + lead, origin - 1) for lead in range(1, horizon + 1)], axis=1)
        found = (level, ahead * share[:, None])
        self._trials[key] = found
        return found

    def _weight(self, origin: int, horizon: int) -> Floats:
        """float64[H]: least-squares weight of births against the level over past errors, shrunk to one
        half."""
        at = self.panel.year_index(origin)
        top = np.full(horizon, _PRIOR_WEIGHT * _PRIOR_ORIGINS * _TYPICAL_GAP**2)
        bottom = np.full(horizon, _PRIOR_ORIGINS * _TYPICAL_GAP**2)
        for year in self.panel.years[1:at]:
            start = self.panel.year_index(year)
            level, pools = self._evidence(year, horizon)
            for lead in range(1, min(horizon, at - start) + 1):
                entered = self.panel.pupils[:, start + lead, 0]
                if not self.by_unit:
                    entered = np.array([np.nan if np.isnan(entered).all() else np.nansum(entered)])
                ok = (entered > 0) & (level[:, lead - 1] > 0) & (pools[:, lead - 1] > 0)
                if not ok.any():
                    continue
                error = np.log(entered[ok] / level[ok, lead - 1])
                gap = np.log(pools[ok, lead - 1] / level[ok, lead - 1])
                share = entered[ok] / entered[ok].sum()
                top[lead - 1] += float((share * gap * error).sum())
                bottom[lead - 1] += float((share * gap * gap).sum())
        return np.clip(top / bottom, 0.0, 1.0)
