"""Everything odd in the data, what was done about it, and what it is worth in pupils at lead five."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.births import BirthsPath
from junheng.forecast.problem import Problem
from junheng.forecast.streamed_ranges import streams
from junheng.model import OUTPUTS
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.forecast.area_level.area_paths import AreaForecast, AreaSeries
    from junheng.forecast.result import Projection

Floats = NDArray[np.float64]
_LISTED = 60
"""Findings of one code listed one by one, largest effect first; the rest are counted."""
COPIED_LEAST = 60.0
"""Pupils a school needs for a repeated year to be a sign of copying."""
FAR_FROM_ONE = 0.25


class Found:
    """Rows of `forecast_findings` in the making."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(
        self, code: str, severity: str, table: str, *, kind: str = "region", unit: str = "",
        year: int | None = None,
        grade: str | None = None, observed: float | None = None, expected: float | None = None,
        action: str = "",
        effect: float | None = None, said: Mapping[str, Any] | None = None, **parameters: Any,
    ) -> None:  # fmt: skip
        """One finding; `effect` is pupils at lead five, None where it cannot be said."""
        self.rows.append(
            {
                "code": code, "severity": severity, "table": table, "unit_kind": kind, "unit_code": unit,
                "year": year,
                "grade": grade, "observed": observed, "expected": expected, "action": action,
                "effect": effect,
                "parameters": json.dumps({**(said or {}), **parameters}, ensure_ascii=False, sort_keys=True),
            }
        )  # fmt: skip

    def carried(self, findings: Iterable[Finding]) -> None:
        """Findings made while the tables were read."""
        for one in findings:
            p = dict(one.parameters)
            unit = str(p.get("school") or p.get("area") or "")
            kind = "school" if p.get("school") else "area" if p.get("area") else "region"
            self.add(
                one.code, one.severity, one.table, kind=kind, unit=unit,
                year=p["year"] if isinstance(p.get("year"), int) else None, action=f"{one.code}_action",
                said=p,
            )  # fmt: skip

    def frame(self) -> pl.DataFrame:
        """The declared table, ordered by severity, code, unit and year, long lists cut to their largest."""
        table = OUTPUTS["forecast_findings"]
        rank = {"error": 0, "warning": 1, "note": 2}
        kept: list[dict[str, Any]] = []
        for code in sorted({row["code"] for row in self.rows}):
            same = [row for row in self.rows if row["code"] == code]
            same.sort(
                key=lambda r: (-abs(r["effect"] or 0.0), r["unit_code"], r["year"] or 0, r["grade"] or "")
            )
            kept += same[:_LISTED]
            if len(same) > _LISTED:
                more = {**same[0], "unit_code": "", "unit_kind": "region", "year": None, "grade": None}
                more |= {"code": "more_of_the_same", "severity": "note",
                         "observed": float(len(same) - _LISTED),
                         "expected": None, "effect": None, "action": "",
                         "parameters": json.dumps({"code": code, "count": len(same) - _LISTED,
                                                   "table": same[0]["table"]})}  # fmt: skip
                kept.append(more)
        kept.sort(
            key=lambda r: (rank[r["severity"]], r["code"], r["unit_code"], r["year"] or 0, r["grade"] or "")
        )
        for number, row in enumerate(kept, start=1):
            row["finding_id"] = f"F{number:04d}"
        return table.conform(
            pl.DataFrame(kept, schema_overrides=_schema(), infer_schema_length=None)
            if kept
            else table.empty()
        )


def _schema() -> Mapping[str, Any]:
    table = OUTPUTS["forecast_findings"]
    return {column.name: column.polars_type for column in table.columns}


def findings_table(p: Projection) -> pl.DataFrame:
    """Findings about the tables of a projection with schools."""
    assert p.prepared is not None
    found = Found()
    found.carried(p.problem.findings)
    if p.prepared.births is not None:
        found.carried(p.prepared.births.findings)
        _births(p, found)
    _tier(p, found)
    _history(p, found)
    _units(p, found)
    _years(p, found)
    _kindergarten(p, found)
    for one in p.adjustments:
        found.add("control_total_met", "note", "control_totals", year=p.years[one.lead], observed=one.total,
                  action="reconciled", stage=one.stage, total=one.total)  # fmt: skip
    return found.frame()


def _tier(p: Projection, found: Found) -> None:
    problem, prepared = p.problem, p.prepared
    assert prepared is not None
    if problem.missing_table:
        found.add("table_would_narrow", "note", problem.missing_table, action="range_left_wide",
                  missing=problem.missing_table, tier=problem.tier)  # fmt: skip
    if prepared.origins < 5 or len(problem.panel.units) < 30:
        found.add("range_from_similar_regions", "note", "enrolment", observed=float(prepared.origins),
                  expected=5.0,
                  action="pooled_prior", origins=prepared.origins,
                  units=len(problem.panel.units))  # fmt: skip
    if p.held < p.asked:
        code = "draws_streamed" if streams(p) else "fewer_draws"
        found.add(code, "note", "enrolment", observed=float(p.held), expected=float(p.asked),
                  action="draws_reduced", held=p.held, asked=p.asked)  # fmt: skip


def _births(p: Projection, found: Found) -> None:
    prepared = p.prepared
    assert prepared is not None and prepared.births is not None
    births = prepared.births
    if births.last_recorded < p.problem.origin_year - 1:
        found.add("births_late", "warning", "births", observed=float(births.last_recorded),
                  expected=float(p.problem.origin_year - 1), action="births_projected",
                  year=births.last_recorded,
                  last=births.last_recorded, origin=p.problem.origin_year)  # fmt: skip
    missing = ~births.recorded[:, : births.last_recorded - births.years[0] + 1]
    for i, area in enumerate(births.areas):
        years = [births.years[y] for y in np.flatnonzero(missing[i])]
        if years:
            found.add("births_gap", "warning", "births", kind="area", unit=area, year=years[0],
                      action="births_carried",
                      area=area, years=", ".join(str(y) for y in years))  # fmt: skip


def _history(p: Projection, found: Found) -> None:
    """Schools with little history, whole years missing, dents."""
    prepared, problem = p.prepared, p.problem
    assert prepared is not None
    panel, structure = problem.panel, prepared.structure
    counted, by_unit = panel.counted, panel.totals
    for at, year in enumerate(panel.years):
        if not counted[:, at].any():
            found.add(
                "year_missing",
                "note",
                "enrolment",
                year=year,
                observed=0.0,
                action="transitions_skipped",
                missing=year,
            )
    dents = structure.dented.mean(axis=0) > 0.5
    totals = np.nansum(by_unit, axis=0)
    for at in np.flatnonzero(dents):
        around = float((totals[at - 1] + totals[at + 1]) / 2.0)
        found.add("dent_taken_as_missing", "warning", "enrolment", year=panel.years[int(at)],
                  observed=float(totals[at]),
                  expected=around, action="counted_as_missing",
                  effect=float(totals[at]) - around)  # fmt: skip
    years = counted.sum(axis=1)
    for u in np.flatnonzero(structure.open & (years <= 3)):
        code = "one_year_school" if years[u] == 1 else "short_history"
        found.add(code, "note", "enrolment", kind="school", unit=panel.units[int(u)],
                  observed=float(years[u]),
                  expected=4.0, action="leans_on_region", years=int(years[u]))  # fmt: skip
    last_seen = counted[:, -1]
    for u in np.flatnonzero(~last_seen):
        position = int(problem.panel_rows[u])
        last = panel.years[int(np.flatnonzero(counted[u])[-1])]
        if problem.closed[position] > problem.origin_year:
            before = float(by_unit[u, panel.year_index(last)])
            found.add("not_counted_at_origin", "warning", "enrolment", kind="school",
                      unit=panel.units[int(u)], year=last,
                      observed=0.0, expected=before, action="taken_as_closed", effect=-before,
                      last=last)  # fmt: skip


def _units(p: Projection, found: Found) -> None:
    """Full schools, explosive growth, copied years, swapped grades, odd ratios, classes."""
    prepared, problem = p.prepared, p.problem
    assert prepared is not None
    panel, structure = problem.panel, prepared.structure
    lead = min(5, len(p.years)) - 1
    for u in np.flatnonzero(prepared.censored):
        found.add("full_school", "note", "seats", kind="school", unit=problem.schools[int(u)],
                  observed=float(prepared.start[u].sum()), action="demand_censored")  # fmt: skip
    for u in np.flatnonzero(structure.explosive):
        position = int(problem.panel_rows[u])
        now, then = float(structure.counts[u].sum()), float(p.central[position, lead].sum())
        found.add("explosive_growth", "warning", "enrolment", kind="school", unit=panel.units[int(u)],
                  year=problem.origin_year, observed=now, action="ratios_capped",
                  effect=then - now)  # fmt: skip
    pupils = panel.pupils
    same = (np.nan_to_num(pupils[:, 1:]) == np.nan_to_num(pupils[:, :-1])).all(axis=2)
    totals = np.nan_to_num(panel.totals)
    zero = np.nan_to_num(pupils)
    grades = (zero > 0).sum(axis=2)
    both = (zero[:, 1:, 1:] > 0) & (zero[:, :-1, :-1] > 0)
    moved_up = ((zero[:, 1:, 1:] == zero[:, :-1, :-1]) | ~both).all(axis=2)  # equal cohorts look alike
    copied = same & ~moved_up & (totals[:, 1:] >= COPIED_LEAST) & (grades[:, 1:] >= 3)
    for u, at in zip(*np.nonzero(copied), strict=True):
        found.add("year_copied", "warning", "enrolment", kind="school", unit=panel.units[int(u)],
                  year=panel.years[int(at) + 1], observed=float(totals[u, at + 1]),
                  action="kept")  # fmt: skip
    counts = np.where(np.isnan(pupils), 1.0, pupils)
    several = (~np.isnan(pupils)).sum(axis=(1, 2)) >= 12
    tens = ((counts % 10 == 0) | np.isnan(pupils)).all(axis=(1, 2)) & several
    for u in np.flatnonzero(tens):
        found.add(
            "rounded_to_tens", "warning", "enrolment", kind="school", unit=panel.units[int(u)], action="kept"
        )
    for u, at, g in _swapped(pupils):
        found.add("grades_swapped", "warning", "enrolment", kind="school", unit=panel.units[u],
                  year=panel.years[at],
                  grade=problem.grades[g], observed=float(pupils[u, at, g]), expected=float(pupils[u, at,
                                                                                                   g + 1]),
                  action="kept", other=problem.grades[g + 1])  # fmt: skip
    _capped(p, found)


def _swapped(pupils: Floats) -> list[tuple[int, int, int]]:
    """(unit, year, lower grade) where exchanging two grades makes both cohorts fit far better, before
    and after."""
    if pupils.shape[1] < 3 or pupils.shape[2] < 3:
        return []
    logs = np.log(np.where(pupils > 20, pupils, np.nan))
    out: list[tuple[int, int, int]] = []
    for g in range(1, pupils.shape[2] - 1):
        here, up = logs[:, 1:, g], logs[:, 1:, g + 1]
        from_below, from_here = logs[:, :-1, g - 1], logs[:, :-1, g]
        with np.errstate(invalid="ignore"):
            straight = np.abs(here - from_below) + np.abs(up - from_here)
            crossed = np.abs(up - from_below) + np.abs(here - from_here)
            odd = (straight > 0.5) & (crossed < 0.12)
        out += [(int(u), int(at) + 1, g) for u, at in zip(*np.nonzero(odd), strict=True)]
    return out


def _capped(p: Projection, found: Found) -> None:
    """Recent steps beyond the cap, which estimation leaves out."""
    panel, problem = p.problem.panel, p.problem
    assert p.prepared is not None
    pupils = panel.pupils
    lead = min(5, len(p.years)) - 1
    steps = len(panel.years)
    if steps < 2:
        return
    with np.errstate(invalid="ignore"):
        beyond = np.nan_to_num(pupils[:, 1:, 1:]) > 1.6 * pupils[:, :-1, :-1]
    usual = np.median(beyond[:, : max(steps - 3, 1)], axis=1) > 0.5  # entered there in most years
    for back in range(1, min(3, steps)):
        odd = beyond[:, -back] & ~usual & (np.nan_to_num(pupils[:, -back - 1, :-1]) >= 20)
        now, before = pupils[:, -back, 1:], pupils[:, -back - 1, :-1]
        for u, g in zip(*np.nonzero(odd), strict=True):
            row = int(problem.panel_rows[u])
            found.add("step_beyond_cap", "warning", "enrolment", kind="school", unit=panel.units[int(u)],
                      year=panel.years[-back], grade=problem.grades[int(g) + 1], observed=float(now[u, g]),
                      expected=float(before[u, g]), action="left_out_of_ratios",
                      effect=float(p.central[row, lead].sum() - p.prepared.start[row].sum()))  # fmt: skip


def _years(p: Projection, found: Found) -> None:
    """Many schools that enter at once; after a year nobody counted, since the last that was."""
    assert p.prepared is not None
    panel = p.problem.panel
    counted, by_unit = panel.counted, panel.totals
    for at in range(1, len(panel.years)):
        if not counted[:, :at].any():
            continue
        new = counted[:, at] & ~counted[:, :at].any(axis=1)
        share = float(new.sum()) / max(float(counted[:, at].sum()), 1.0)
        if share > 0.08 and new.sum() >= 5:
            pupils = float(np.nansum(by_unit[new, at]))
            found.add("many_enter_at_once", "warning", "enrolment", year=panel.years[at],
                      observed=float(new.sum()),
                      action="own_histories", effect=pupils, share=round(share, 3))  # fmt: skip


def _kindergarten(p: Projection, found: Found) -> None:
    """K3 -> G01 far from one: the kindergartens counted are not those the children come from."""
    grades, prepared = p.problem.grades, p.prepared
    assert prepared is not None
    if "K3" not in grades or "G01" not in grades:
        return
    pool = prepared.leavers_pools.get(grades.index("G01"))
    if pool is None:
        return
    rate = float(np.mean(pool.rate))
    if abs(np.log(max(rate, 1e-9))) > FAR_FROM_ONE:
        found.add("kindergarten_to_primary_far_from_one", "warning", "enrolment", grade="G01",
                  observed=rate, expected=1.0,
                  action="rate_used", rate=round(rate, 3))  # fmt: skip


def area_findings(
    problem: Problem, births: BirthsPath | None, series: list[AreaSeries], forecasts: list[AreaForecast]
) -> pl.DataFrame:
    """Findings of tier D: breaks of level, blanks, late births."""
    found = Found()
    found.carried(problem.findings)
    if births is not None:
        found.carried(births.findings)
    found.add(
        "table_would_narrow", "note", "enrolment", action="range_left_wide", missing="enrolment", tier="D"
    )
    for one in series:
        for broken in one.breaks:
            jump = one.pupils[broken.index] - one.pupils[broken.index - 1]
            found.add("level_break", "warning", "area_enrolment", kind="area", unit=one.area,
                      year=broken.year,
                      observed=float(one.pupils[broken.index]),
                      expected=float(one.pupils[broken.index - 1] * np.exp(broken.expected)),
                      action="one_side_used",
                      effect=float(jump) if broken.index >= len(one.pupils) - 4 else 0.0, stage=one.stage,
                      percent=round(100.0 * (float(np.exp(broken.log_jump)) - 1.0), 1))  # fmt: skip
        blank = int(np.isnan(one.pupils).sum())
        if blank:
            found.add("blank_is_not_zero", "note", "area_enrolment", kind="area", unit=one.area,
                      observed=float(blank),
                      action="skipped", effect=0.0, stage=one.stage, count=blank)  # fmt: skip
    table = problem.tables["area_enrolment"]
    if "entrants" in table.columns:
        blank_years = (
            table.filter(pl.col("entrants").is_null() & pl.col("pupils").is_not_null())
            .group_by("stage", "year")
            .agg(pl.len())
            .sort("stage", "year")
        )
        for stage, year, count in blank_years.iter_rows():
            found.add("entrants_blank", "note", "area_enrolment", year=year, observed=float(count),
                      action="skipped",
                      effect=0.0, stage=stage, count=count)  # fmt: skip
    return found.frame()


__all__ = ["Found", "area_findings", "findings_table"]
