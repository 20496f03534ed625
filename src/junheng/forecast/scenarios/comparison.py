"""Two projections of the same futures, side by side: the distribution of the difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.quantiles import summarise
from junheng.forecast.result import Projection
from junheng.forecast.seat_balance.seat_outlook import SeatOutlook
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.model.stages import STAGES
from junheng.model.tables.forecast_outputs import QUANTILES, SCENARIO_COMPARISON, SCENARIO_SHORTAGE

Draws = NDArray[np.float32]
GAINED = {
    "unit_kind": pl.String, "unit_code": pl.String, "stage": pl.String, "base_first_short": pl.Int32,
    "plan_first_short": pl.Int32, "years_gained": pl.Int32, "at_least": pl.Boolean,
}  # fmt: skip
COLUMNS = ("base", "plan", "unit_kind", "unit_code", "stage", "year", "lead")


@dataclass(frozen=True, eq=False)
class Comparison:
    """`plan` minus `base`, draw by draw. table: unit, stage, year and the quantiles of the difference of
    demand,
    with the median of each and `p_more`, the probability that the plan has more pupils. first_shortage: unit,
    stage, first year short (median) under each, `years_gained`, and `at_least` where one side is never short
    in the years forecast; empty when no seats were given."""

    base: Projection
    plan: Projection
    table: pl.DataFrame
    first_shortage: pl.DataFrame

    def difference(self, unit_kind: str, code: str, stage: str) -> Draws:
        """float32[D, H]: pupils under the plan minus pupils under the base, in the same futures."""
        return _of(self.plan, unit_kind, code, stage) - _of(self.base, unit_kind, code, stage)

    def waiting(self, unit_kind: str, code: str, stage: str) -> Draws:
        """float32[D, H]: seats saved: children waiting under the base minus those under the plan."""
        return _waiting(self.base, unit_kind, code, stage) - _waiting(self.plan, unit_kind, code, stage)

    def tables(self) -> dict[str, pl.DataFrame]:
        """The declared output tables `scenario_comparison` (every unit, stage and year) and
        `scenario_shortage`. Nobody waits where there are no schools: those columns are then empty."""
        rows = self.table.drop("base").rename({"plan": "scenario"})
        units = rows.select("unit_kind", "unit_code", "stage").unique(maintain_order=True)
        if self.base.prepared is not None and rows.height:
            waiting = [
                np.quantile(self.waiting(*unit), (0.1, 0.5, 0.9), axis=0).T.astype(np.float64)
                for unit in units.iter_rows()
            ]
            named = dict(
                zip(("waiting_p10", "waiting_p50", "waiting_p90"), np.vstack(waiting).T, strict=True)
            )
            rows = rows.with_columns(pl.Series(name, values) for name, values in named.items())
        shortage = self.first_shortage.with_columns(scenario=pl.lit(self.plan.scenario))
        return {
            "scenario_comparison": SCENARIO_COMPARISON.conform(rows),
            "scenario_shortage": SCENARIO_SHORTAGE.conform(shortage),
        }


def compare(
    base: Projection, plan: Projection, seats: tuple[SeatOutlook, SeatOutlook] | None = None
) -> Comparison:
    """Compare two projections of one problem, years, seed and draws; BadData says what differs.

    seats: outlooks of the base and of the plan, for the years that a shortage is put off.
    """
    same = (
        ("years", base.years, plan.years),
        ("seed", base.seed, plan.seed),
        ("draws", base.held, plan.held),
        ("region", base.problem.region.code, plan.problem.region.code),
    )
    faults = [
        Finding("not_comparable", "error", parameters={"what": name, "one": str(one), "other": str(other)})
        for name, one, other in same
        if one != other
    ]
    if faults:
        raise BadData("not_comparable", {"count": len(faults)}, faults)
    frames = [
        _frame(base, plan, kind, code, stage) for kind, code, stage in sorted(_units(base) | _units(plan))
    ]
    return Comparison(base, plan, pl.concat(frames) if frames else pl.DataFrame(), _gained(base, seats))


def _gained(base: Projection, seats: tuple[SeatOutlook, SeatOutlook] | None) -> pl.DataFrame:
    """By unit and stage short under the base or the plan: first years and years gained, negative when lost.

    A side never short counts from the year after the last one forecast; `at_least` marks it.
    """
    if seats is None:
        return pl.DataFrame(schema=GAINED)
    keys = ["unit_kind", "unit_code", "stage"]
    before, after = (
        outlook.tables["seat_horizon"].select(*keys, pl.col("first_short_year_p50").alias(name))
        for outlook, name in zip(seats, ("base_first_short", "plan_first_short"), strict=True)
    )
    one, other = pl.col("base_first_short"), pl.col("plan_first_short")
    beyond = base.years[-1] + 1
    return (
        before.join(after, on=keys, how="inner")
        .filter(one.is_not_null() | other.is_not_null())
        .with_columns(
            years_gained=other.fill_null(beyond) - one.fill_null(beyond),
            at_least=one.is_null() | other.is_null(),
        )
        .sort(keys)
        .cast(GAINED)  # pyright: ignore[reportArgumentType]
    )


def _units(p: Projection) -> set[tuple[str, str, str]]:
    region = p.problem.region.code
    if p.prepared is None:
        return {("region" if area == region else "area", area, stage) for area, stage in p.areas_stage}
    out: set[tuple[str, str, str]] = set()
    for u, s in p.rows.pairs:
        out.add(("school", p.problem.schools[u], STAGES[s]))
        out.add(("region", region, STAGES[s]))
        for area in p.problem.ancestors(p.problem.areas[int(p.problem.area_of[u])]):
            if area in p.problem.areas_below:
                out.add(("area", area, STAGES[s]))
    return out


def _of(p: Projection, kind: str, code: str, stage: str) -> Draws:
    """Demand, zero where the unit does not exist in this projection."""
    if (kind, code, stage) not in _units_of(p):
        return np.zeros((p.held, len(p.years)), dtype=np.float32)
    return p.unit_draws(kind, code, stage)


def _units_of(p: Projection) -> set[tuple[str, str, str]]:
    held = p.__dict__.get("compared_units")
    if held is None:
        held = _units(p)
        p.__dict__["compared_units"] = held
    return held


def _waiting(p: Projection, kind: str, code: str, stage: str) -> Draws:
    if p.prepared is None or (kind, code, stage) not in _units_of(p):
        return np.zeros((p.held, len(p.years)), dtype=np.float32)
    return p.placed[1][p.rows_of(kind, code, stage)].sum(axis=0).T


def _frame(base: Projection, plan: Projection, kind: str, code: str, stage: str) -> pl.DataFrame:
    one, other = _of(base, kind, code, stage), _of(plan, kind, code, stage)
    gained = (other - one).T
    more = (gained > 0).mean(axis=1)
    values = summarise(np.ascontiguousarray(gained).copy())
    data = {name: values[:, q] for q, name in enumerate(QUANTILES)}
    return pl.DataFrame(
        {
            "year": list(base.years),
            "lead": list(range(1, len(base.years) + 1)),
            **data,
            "base_p50": np.median(one, axis=0).astype(np.float64),
            "plan_p50": np.median(other, axis=0).astype(np.float64),
            "p_more": more,
        }
    ).select(
        pl.lit(base.scenario).alias("base"), pl.lit(plan.scenario).alias("plan"),
        pl.lit(kind).alias("unit_kind"),
        pl.lit(code).alias("unit_code"), pl.lit(stage).alias("stage"), pl.all(),
    )  # fmt: skip
