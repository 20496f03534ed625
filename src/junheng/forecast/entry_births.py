"""Births as evidence on entry in the backtest: pools five or six years back times a yield that follows the
times.

Children born before September enter with the year's cohort, later ones a year after, so the pool of an entry
year is two thirds of the births `age` years back and one third of those a year earlier (month by month where
a region counts months; see the projection's births). The pool is combined with the level of recent entry by
weights that start equal, grow with the lead (a level cannot know that fewer children were born) and move
slowly with past errors.

Births of a whole region give the entrants of the whole region, which its schools share as their own levels
stand; a school that closes leaves its children to the others. A file of births that ends too early to know
next year's entrants is not used.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from junheng.forecast.entry import adaptive_level
from junheng.forecast.entry_weights import prior_weight
from junheng.forecast.grade_progression import forgetting, steady_gain
from junheng.forecast.panel import Flags, Floats, Panel, flags, read_rows
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import Structure, counted_years, find
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.model.stages import entry_age, grade_number

EARLY_SHARE = 2.0 / 3.0
YIELD_YEARS = 4
"""Years of entry that the yield is learnt from, the later weighing more the more children enter."""
LEVEL_YEARS = 4
"""Years of entry in the level of a whole region."""
YIELD_DRIFT = 0.0001
"""Yearly process variance q of the log yield."""
_PRIOR_ORIGINS = 20.0
"""Origins' worth of belief in the prior weight of births: few regions have enough past to overrule it."""
_TYPICAL_GAP = 0.04
"""Log difference of the two evidences that counts as one origin's worth of information on their weight."""
_UNIT_PSEUDO = 300.0
_MANY = 0.5
"""Share of units with a dent from which the region's year is left out."""
_LATEST_ENTRY = 1
"""Births speak to kindergarten and first grade; entry at later grades comes from other schools."""

_BIRTHS_FAULTS = {
    "backtest_empty": "backtest_births_empty",
    "backtest_year_unreadable": "backtest_births_year_unreadable",
    "backtest_pupils_not_number": "backtest_births_not_number",
    "backtest_pupils_negative": "backtest_births_negative",
    "backtest_pupils_fractional": "backtest_births_fractional",
    "backtest_key_repeated": "backtest_births_repeated",
}


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
        try:
            rows, by_unit = read_rows(frame, "births")
        except BadData as error:
            faults = [_of_births(finding) for finding in error.findings]
            raise BadData("backtest_births_bad_table", dict(error.parameters), faults) from None
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
                raise BadData("backtest_births_bad_table", {"faults": 1}, [fault])
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
        if self.ended(structure.origin):
            return None
        level, pools = self._evidence(structure.origin, horizon, structure)
        weight = self._weight(structure, horizon)
        trended = self._level(panel, structure, horizon, self.parameters)
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = np.log(pools / level)
        result = np.ones((len(gap), horizon, structure.offered.shape[1]))
        heard = np.isfinite(gap) & (trended > 0)
        lifted = np.exp(weight[None, :] * np.clip(np.where(heard, gap, 0.0), -0.7, 0.7))
        result[:, :, 0] = np.where(heard, lifted * level / np.maximum(trended, 1e-9), 1.0)
        return result

    def ended(self, origin: int) -> bool:
        """Whether the births needed for the year after the origin lie beyond the file."""
        age = entry_age(self.panel.grades[0])
        last = self.first_year + self.births.shape[1] - 1
        return last < origin + 1 - age

    def _level(self, panel: Panel, structure: Structure, horizon: int, parameters: Parameters) -> Floats:
        level = adaptive_level(panel, structure.origin, structure, parameters, horizon)[:, :, 0]
        level = np.nan_to_num(level)
        return level if self.by_unit else level.sum(axis=0, keepdims=True)

    def _evidence(
        self, origin: int, horizon: int, structure: Structure | None = None
    ) -> tuple[Floats, Floats]:
        """(level, births x yield), float64[B, H] each, as known at the origin."""
        key = (origin, horizon)
        if key in self._trials:
            return self._trials[key]
        seen = structure or find(self.panel, origin, self.parameters)
        at = self.panel.year_index(origin)
        counts = self._entered(seen, at)
        past = np.stack([self.pool(year, origin - 1) for year in self.panel.years[: at + 1]], axis=1)
        level = self._calm_level(seen, counts, horizon)
        known = ~np.isnan(counts) & ~np.isnan(past) & (past > 0)
        recent = _latest(known, YIELD_YEARS)
        size = _mean(counts, _latest(~np.isnan(counts), YIELD_YEARS)) + 1.0
        gain = steady_gain(YIELD_DRIFT, np.nan_to_num(size, nan=1.0), self.parameters.entry_sampling)
        weight = forgetting(gain, np.arange(at, -1, -1, dtype=np.float64)) * recent
        came = (weight * np.where(recent, counts, 0.0)).sum(axis=1)
        born = (weight * np.where(recent, past, 0.0)).sum(axis=1)
        common = came.sum() / born.sum() if born.sum() > 0 else np.nan
        pseudo = _UNIT_PSEUDO if self.by_unit else 0.0
        share = (came + pseudo * common) / np.maximum(born + pseudo, 1e-9)
        ahead = np.stack([self.pool(origin + lead, origin - 1) for lead in range(1, horizon + 1)], axis=1)
        found = (level, ahead * share[:, None])
        self._trials[key] = found
        return found

    def _entered(self, structure: Structure, at: int) -> Floats:
        """float64[B, T]: entrants to the year of index `at` as known at the structure's origin, NaN where not
        counted or dented."""
        counts = self.panel.pupils[:, : at + 1, 0]
        dented = structure.dented[:, : at + 1]
        if self.by_unit:
            return np.where(dented | ~structure.intake[:, :1], np.nan, counts)
        counted = counted_years(self.panel.until(structure.origin))[: at + 1]
        missing = np.isnan(counts).all(axis=0) | ~counted | (dented.mean(axis=0) > _MANY)
        return np.where(missing, np.nan, np.nansum(counts, axis=0))[None, :]

    def _calm_level(self, structure: Structure, counts: Floats, horizon: int) -> Floats:
        """float64[B, H]: entry without births. A region's is the mean of its latest years (births follow the
        change, so the level may be slow), a unit's its adaptive level without drift."""
        if self.by_unit:
            still = replace(self.parameters, entry_growth_share=0.0)
            return self._level(self.panel, structure, horizon, still)
        mean = np.nan_to_num(_mean(counts, _latest(~np.isnan(counts), LEVEL_YEARS)))
        return np.repeat(mean[:, None], horizon, axis=1)

    def _weight(self, structure: Structure, horizon: int) -> Floats:
        """float64[H]: least-squares weight of births against the level over past errors, shrunk to the prior
        by lead."""
        at = self.panel.year_index(structure.origin)
        belief = _PRIOR_ORIGINS * _TYPICAL_GAP**2
        top = belief * prior_weight(np.arange(1, horizon + 1, dtype=np.float64))
        bottom = np.full(horizon, belief)
        entrants = self._entered(structure, at)
        for year in self.panel.years[1:at]:
            if self.ended(year):
                continue
            start = self.panel.year_index(year)
            level, pools = self._evidence(year, horizon)
            for lead in range(1, min(horizon, at - start) + 1):
                entered = entrants[:, start + lead]
                ok = (entered > 0) & (level[:, lead - 1] > 0) & (pools[:, lead - 1] > 0)
                if not ok.any():
                    continue
                error = np.log(entered[ok] / level[ok, lead - 1])
                gap = np.log(pools[ok, lead - 1] / level[ok, lead - 1])
                share = entered[ok] / entered[ok].sum()
                top[lead - 1] += float((share * gap * error).sum())
                bottom[lead - 1] += float((share * gap * gap).sum())
        return np.clip(top / bottom, 0.0, 1.0)


def _of_births(fault: Finding) -> Finding:
    """A fault of the table reader in the words of births."""
    code = _BIRTHS_FAULTS.get(fault.code, fault.code)
    column = "births" if fault.column == "pupils" else fault.column
    if fault.code == "backtest_key_repeated":
        column = "year"
    unit = fault.parameters.get("unit", "")
    parameters = {**fault.parameters, "column": column or "", "unit": "" if unit == "all" else unit}
    return replace(fault, code=code, column=column, parameters=parameters)


def _latest(known: Flags, years: int) -> Flags:
    """The last `years` known years of each row."""
    return flags(known & (np.cumsum(known[:, ::-1], axis=1)[:, ::-1] <= years))


def _mean(counts: Floats, taken: Flags) -> Floats:
    """Mean of the taken years of each row, NaN where there are none."""
    number = taken.sum(axis=1)
    total = np.where(taken, counts, 0.0).sum(axis=1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)
