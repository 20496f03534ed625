"""What a change is made of: a log-mean Divisia index on the chain births x yield x progression x share.

For a unit's grade at two dates, pupils = births of its cohort in the area x entrants a birth x regional
progression since entry x the unit's share. The log-mean split (Ang 2005) is exact and free of order. New
dwellings, levers, and schools that open or close are differences between runs of the same central path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.cohort_simulation import central_path
from junheng.forecast.messages import MESSAGES
from junheng.forecast.plan import setup
from junheng.model import OUTPUTS
from junheng.model.reason import Language
from junheng.model.stages import STAGES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

Floats = NDArray[np.float64]
COMPONENTS = ("births", "young_migration", "yield", "progression", "flows", "housing", "policy", "scope")
_DRAWS = 200
"""Draws on which the spread of components is taken."""
_LEADS = (5, 10, 15)


@dataclass(frozen=True)
class Explanation:
    """Change of one unit and stage between two years, in pupils; parts sum to after - before."""

    unit_code: str
    stage: str
    from_year: int
    to_year: int
    before: float
    after: float
    parts: dict[str, float]

    @property
    def change(self) -> float:
        """after - before."""
        return self.after - self.before

    def words(self, language: Language = "zh") -> str:
        """`+412: births +530, moved in +95 ...`, largest first, parts under half a pupil left out."""
        at = 0 if language == "zh" else 1
        listed = sorted(self.parts.items(), key=lambda item: (-abs(item[1]), item[0]))
        said = [
            f"{MESSAGES[f'part_{name}'][at]} {value:+,.0f}" for name, value in listed if abs(value) >= 0.5
        ]
        joint, colon = ("，", "：") if language == "zh" else (", ", ": ")
        nothing = MESSAGES["part_none"][at]
        return f"{self.change:+,.0f}{colon}{joint.join(said) if said else nothing}"


@dataclass(frozen=True)
class Paths:
    """Central paths that differ by one thing: bare; with openings and closings; with new dwellings as
    well."""

    bare: Floats
    moved: Floats
    housed: Floats


def central_paths(p: Projection) -> Paths:
    """Runs behind the differences, float64[U, H, G] each; the last is the base."""
    from junheng.forecast.projection import base_plan  # noqa: PLC0415 - the arrow runs the other way at import

    assert p.prepared is not None
    plan = base_plan(p.prepared)
    whole = setup(p.prepared, plan)
    moved = replace(whole, extra=np.zeros_like(whole.extra))
    bare = replace(moved, moves=())
    return Paths(central_path(bare), central_path(moved), central_path(whole))


def explain(p: Projection, unit_code: str, year: int, stage: str) -> Explanation:
    """Split pupils(year) - pupils(origin) of a school, an area or the region in one stage.

    KeyError for an unknown unit, ValueError for a year outside the forecast.
    """
    if p.prepared is None:
        from junheng.forecast.area_level.area_totals import explain_area  # noqa: PLC0415

        return explain_area(p, unit_code, year, stage)
    if year not in p.years:
        raise ValueError(f"{year} is outside {p.years[0]}-{p.years[-1]}")
    units = _units(p, unit_code)
    h, s = p.years.index(year), STAGES.index(stage)
    chain = p.chain
    parts: dict[str, float] = dict.fromkeys(COMPONENTS, 0.0)
    then_mask, now_mask = p.problem.stage_of_cells()[units] == s, p.base_stage[units, h] == s
    start = p.prepared.start[units]
    before = float((start * then_mask).sum())
    bare, moved, housed = (path[units, h] for path in (p.paths.bare, p.paths.moved, p.paths.housed))
    area = chain.births_area(units)
    for g in np.flatnonzero((then_mask | now_mask).any(axis=0)).tolist():
        then = float((start[:, g] * then_mask[:, g]).sum())
        now = float((bare[:, g] * now_mask[:, g]).sum())
        for name, value in chain.split(area, g, h, now, then).items():
            parts[name] += float(value)
    totals = [float((path * now_mask).sum()) for path in (bare, moved, housed)]
    after = float((p.central[units, h] * (p.cell_stage[units, h] == s)).sum())
    parts["scope"] += totals[1] - totals[0]
    parts["housing"] += totals[2] - totals[1]
    parts["policy"] += after - totals[2]
    parts["flows"] += (after - before) - sum(parts.values())
    return Explanation(unit_code, stage, p.problem.origin_year, year, before, after, parts)


def _units(p: Projection, code: str) -> NDArray[np.intp]:
    if code in p.problem.schools:
        return np.array([p.problem.schools.index(code)], dtype=np.intp)
    if code == p.problem.region.code:
        return np.arange(len(p.problem.schools))
    if code in p.problem.areas:
        return p.problem.members(code)
    raise KeyError(code)


class Chain:
    """Births, entrants and grade totals by cohort, behind and ahead of the origin.

    Axis of years: counted years, then forecast years. grade_total: float64[T + H, G] of the region.
    """

    def __init__(self, p: Projection) -> None:
        assert p.prepared is not None
        self.p, self.prepared, self.problem = p, p.prepared, p.problem
        self.first = self.problem.panel.years[0]
        self.known = len(self.problem.panel.years)
        self.entry = "G01" if "G01" in self.problem.grades else self.problem.grades[0]
        self.units = np.arange(len(self.problem.schools))
        self._series: dict[tuple[int, ...], Floats] = {}
        self._births: dict[tuple[str, str], Floats | None] = {}

    def births_area(self, units: NDArray[np.intp]) -> str:
        """The smallest area with recorded births that holds all the units; the region's code otherwise."""
        births = self.prepared.births
        if births is None:
            return self.problem.region.code
        chains = [
            self.problem.ancestors(code)
            for code in sorted({self.problem.areas[int(self.problem.area_of[u])] for u in units.tolist()})
        ]
        for code in chains[0] if chains else []:
            if all(code in chain for chain in chains) and self._areas_in(code):
                return code
        return self.problem.region.code

    def _areas_in(self, code: str) -> list[int]:
        births = self.prepared.births
        if births is None:
            return []
        if code == self.problem.region.code:
            return list(range(len(births.areas)))
        return [i for i, area in enumerate(births.areas) if code in self.problem.ancestors(area)]

    def totals(self, code: str) -> Floats:
        """float64[T + H, G]: pupils of an area or the region by year and grade, zero where none."""
        members = self.units if code == self.problem.region.code else self.problem.members(code)
        key = tuple(members.tolist()) if len(members) < len(self.units) else ()
        if key not in self._series:
            past = np.nansum(self.prepared.history[members], axis=0)
            past[-1] = self.prepared.start[members].sum(axis=0)
            self._series[key] = np.concatenate([past, self.p.paths.bare[members].sum(axis=0)])
        return self._series[key]

    def cohort_births(self, code: str, grade: str) -> Floats | None:
        """float64[T + H]: births of the cohorts entering `grade`, by year of entry; None without records."""
        if (code, grade) not in self._births:
            births, rows = self.prepared.births, self._areas_in(code)
            if births is None or not rows:
                self._births[code, grade] = None
            else:
                span = range(self.first, self.p.years[-1] + 1)
                self._births[code, grade] = np.array([births.entering(grade, y)[rows].sum() for y in span])
        return self._births[code, grade]

    def split(
        self, area: str, g: int, h: int, now: float | Floats, then: float | Floats
    ) -> dict[str, float | Floats]:
        """Parts of now - then for the grade at position g: `now` may carry a draw axis, and so may the
        parts."""
        chain = self.ratios(area, g, h)
        return log_mean_split(now, then, chain)

    def ratios(self, area: str, g: int, h: int) -> dict[str, float]:
        """log of each factor now over then, for the cohorts in grade g at lead h and at the origin."""
        grades = self.problem.grades
        entry = self.entry if g >= grades.index(self.entry) else grades[min(self._lowest(), g)]
        g0 = grades.index(entry)
        region, local = self.totals(self.problem.region.code), self.totals(area)
        at_now, at_then = self.known + h, self.known - 1
        in_now, in_then = at_now - (g - g0), at_then - (g - g0)
        logs: dict[str, float] = {}
        if in_then < 0 or local[in_then, g0] <= 0 or local[in_now, g0] <= 0 or region[in_then, g0] <= 0:
            return _log("progression", region[at_now, g], region[at_then, g])
        births = self.cohort_births(area, entry)
        entered_now, entered_then = float(local[in_now, g0]), float(local[in_then, g0])
        if births is not None and births[in_now] > 0 and births[in_then] > 0:
            logs |= _log("births", births[in_now], births[in_then])
            logs |= self._yield(local, g0, in_now, in_then, births, entered_now, entered_then)
        else:
            logs |= _log("yield", entered_now, entered_then)
        if g > g0:
            up_now = region[at_now, g] / region[in_now, g0]
            up_then = region[at_then, g] / region[in_then, g0]
            logs |= _log("progression", up_now, up_then)
        return logs

    def _yield(
        self,
        local: Floats,
        g0: int,
        now: int,
        then: int,
        births: Floats,
        entered_now: float,
        entered_then: float,
    ) -> dict[str, float]:
        """Entrants a birth; where the last kindergarten year is counted, what happens before it is moving."""
        grades = self.problem.grades
        if grades[g0] == "G01" and "K3" in grades and then >= 1:
            k3 = grades.index("K3")
            before_now, before_then = float(local[now - 1, k3]), float(local[then - 1, k3])
            if before_now > 0 and before_then > 0:
                return _log("young_migration", before_now / births[now], before_then / births[then]) | _log(
                    "yield", entered_now / before_now, entered_then / before_then
                )
        return _log("yield", entered_now / births[now], entered_then / births[then])

    def _lowest(self) -> int:
        counted = np.flatnonzero(self.prepared.intake.any(axis=0))
        names = [self.problem.grades[g] for g in counted]
        return self.problem.grades.index("K1") if "K1" in names else int(counted[0]) if counted.size else 0


def _log(name: str, now: float, then: float) -> dict[str, float]:
    if now > 0 and then > 0 and np.isfinite(now) and np.isfinite(then):
        return {name: float(np.log(now / then))}
    return {}


def log_mean(one: float | Floats, other: float | Floats) -> Floats:
    """Logarithmic mean (a - b) / ln(a / b), a where they are equal, 0 where either is zero."""
    a, b = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    both = (a > 0) & (b > 0)
    ratio = np.log(np.where(both, a, 1.0) / np.where(both, b, 1.0))
    near = np.abs(ratio) < 1e-9
    value = np.where(near, np.where(both, (a + b) / 2.0, 0.0), (a - b) / np.where(near, 1.0, ratio))
    return np.where(both, value, 0.0)


def log_mean_split(
    now: float | Floats, then: float | Floats, logs: dict[str, float]
) -> dict[str, float | Floats]:
    """Parts by factor from the logs of the factors; what no factor holds is the unit's own share, `flows`."""
    weight = log_mean(now, then)
    parts: dict[str, float | Floats] = {name: weight * value for name, value in logs.items()}
    held = sum(parts.values()) if parts else 0.0
    parts["flows"] = np.asarray(now, dtype=np.float64) - then - held
    return parts


def drivers_table(p: Projection) -> pl.DataFrame:
    """Parts of the change from the origin for areas and the region, with their spread over the draws.

    The spread of a part is that of the draws' own split: births, entry and what follows move with each draw.
    """
    rows: list[tuple[str, str, str, int, int, str, float, float, float]] = []
    codes = [(("area", code)) for code in p.problem.areas_below if p.problem.members(code).size]
    pick = np.linspace(0, p.held - 1, min(p.held, _DRAWS)).astype(np.intp)
    for kind, code in [*codes, ("region", p.problem.region.code)]:
        for s in sorted(set(p.rows.stage[p.rows_of_any(code)].tolist())):
            stage = STAGES[s]
            draws = p.unit_draws(kind, code, stage)[pick]
            for lead in _LEADS:
                if lead > len(p.years):
                    continue
                year = p.years[lead - 1]
                middle = explain(p, code, year, stage)
                spread = _spread(p, middle, draws[:, lead - 1].astype(np.float64), stage, lead - 1, pick)
                for name in COMPONENTS:
                    low, high = np.quantile(spread[name], (0.1, 0.9))
                    rows.append(
                        (
                            kind,
                            code,
                            stage,
                            middle.from_year,
                            year,
                            name,
                            float(low),
                            middle.parts[name],
                            float(high),
                        )
                    )
    names = (
        "unit_kind", "unit_code", "stage", "from_year", "to_year", "component",
        "pupils_p10", "pupils_p50", "pupils_p90",
    )  # fmt: skip
    table = OUTPUTS["forecast_drivers"]
    frame = pl.DataFrame(rows, schema=[(n, table.column(n).polars_type) for n in names], orient="row")
    return table.conform(frame.with_columns(pl.lit(p.scenario).alias("scenario")))


def _spread(
    p: Projection, middle: Explanation, after: Floats, stage: str, h: int, pick: NDArray[np.intp]
) -> dict[str, Floats]:
    """Parts by draw: births move with the draws of births, the rest of the draw's departure with entry or
    progression by how many of the pupils had not entered at the origin."""
    assert p.prepared is not None and p.shocks is not None
    parts = {name: np.full(len(pick), value) for name, value in middle.parts.items()}
    if middle.after <= 0:
        return parts
    away = after - middle.after
    weight = log_mean(after, np.full(len(pick), middle.after))
    grades = [g for g in range(len(p.problem.grades)) if (p.base_stage[:, h, g] == STAGES.index(stage)).any()]
    units = _units(p, middle.unit_code)
    pupils = p.central[units][:, h].sum(axis=0)[grades]
    whole = max(float(pupils.sum()), 1e-9)
    births, entered = np.zeros(len(pick)), 0.0
    entry = p.problem.grades.index(p.chain.entry)
    for g, number in zip(grades, pupils, strict=True):
        back = h - max(g - entry, 0)
        if back >= 0:
            births += number / whole * p.shocks.births[back, min(g, entry)][pick]
            entered += number / whole
    by_births = weight * births
    rest = away - by_births
    parts["births"] = parts["births"] + by_births
    parts["yield"] = parts["yield"] + rest * entered
    parts["progression"] = parts["progression"] + rest * (1.0 - entered)
    return parts
