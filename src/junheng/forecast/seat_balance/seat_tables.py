"""Arrays of the seats half as the declared tables, and the checks that they add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.seat_balance.class_size_room import room_for_smaller_classes
from junheng.forecast.seat_balance.remedies import Bench
from junheng.forecast.seat_balance.seat_problem import SEAT_STAGES, SeatProblem
from junheng.forecast.seat_balance.seat_standards import SeatStandards
from junheng.forecast.seat_balance.seat_units import StageUnits
from junheng.forecast.seat_balance.warnings import rule_of
from junheng.model.tables.seat_outputs import CLASS_SIZE_ROOM, SEAT_HORIZON, SEAT_OUTLOOK

Floats = NDArray[np.float64]


def _flat(values: Floats) -> pl.Series:
    return pl.Series(np.ascontiguousarray(values, dtype=np.float64).ravel()).fill_nan(None)


def _keys(problem: SeatProblem, units: StageUnits, years: int) -> dict[str, Any]:
    return {
        "scenario": [problem.scenario] * (len(units.code) * years),
        "unit_kind": np.repeat(np.array(units.kind, dtype=object), years).tolist(),
        "unit_code": np.repeat(np.array(units.code, dtype=object), years).tolist(),
        "stage": [SEAT_STAGES[units.stage]] * (len(units.code) * years),
    }


def outlook_table(problem: SeatProblem, bench: Bench) -> pl.DataFrame:
    """Table `seat_outlook`; numbers unrounded, so that they can be checked."""
    frames: list[pl.DataFrame] = []
    years = len(problem.years)
    for units in bench.stages.values():
        rules = [[rule_of(bench, units, m, h) for h in range(years)] for m in range(len(units.code))]
        gaps = units.gaps
        frames.append(
            pl.DataFrame(
                {
                    **_keys(problem, units, years),
                    "year": list(problem.years) * len(units.code),
                    "demand_p50": _flat(gaps.demand_p50),
                    "seats_standard": _flat(units.standard),
                    "seats_rooms": _flat(units.room_seats),
                    "seats_elastic": _flat(units.elastic),
                    "seats_approved": _flat(units.approved),
                    "gap_p10": _flat(gaps.p10),
                    "gap_p50": _flat(gaps.p50),
                    "gap_p90": _flat(gaps.p90),
                    "expected_short": _flat(gaps.expected_short),
                    "p_short": _flat(gaps.p_short),
                    "p_underuse": _flat(gaps.p_underuse),
                    "gap_shared": _flat(units.gap_shared),
                    "p_short_shared": _flat(units.p_short_shared),
                    "classes_needed": _flat(units.classes_needed),
                    "class_size": _flat(np.where(units.size > 0, units.size, np.nan)),
                    "utilisation": _flat(gaps.utilisation),
                    "rule_id": [rule.rule_id if rule else None for row in rules for rule in row],
                    "verified": [rule.verified if rule else None for row in rules for rule in row],
                },
                strict=False,
            )
        )
    return SEAT_OUTLOOK.conform(pl.concat(frames, how="vertical_relaxed")) if frames else SEAT_OUTLOOK.empty()


def horizon_table(problem: SeatProblem, bench: Bench) -> pl.DataFrame:
    """Table `seat_horizon`."""
    rows: list[dict[str, Any]] = []
    years = problem.years

    def year(h: int) -> int | None:
        return years[h] if h >= 0 else None

    def number(value: float) -> float | None:
        return None if np.isnan(value) else float(value)

    for units in bench.stages.values():
        reach = units.horizon
        for m, (kind, code) in enumerate(zip(units.kind, units.code, strict=True)):
            first, breach = reach.first_short[m], int(reach.breach[m])
            rows.append(
                {
                    "scenario": problem.scenario,
                    "unit_kind": kind,
                    "unit_code": code,
                    "stage": SEAT_STAGES[units.stage],
                    "first_short_year_p10": year(int(first[0])),
                    "first_short_year_p50": year(int(first[1])),
                    "first_short_year_p90": year(int(first[2])),
                    "years_to_breach": years[breach] - problem.origin_year if breach >= 0 else None,
                    "peak_year": year(int(reach.peak[m])),
                    "peak_demand": float(reach.peak_demand[m]),
                    "peak_gap": number(float(reach.peak_gap[m])),
                    "short_years": int(reach.short_years[m]),
                    "utilisation_after": number(float(reach.utilisation_after[m])),
                    "first_underuse_year": year(int(reach.first_underuse[m])),
                }
            )
    if not rows:
        return SEAT_HORIZON.empty()
    return SEAT_HORIZON.conform(pl.DataFrame(rows, schema=SEAT_HORIZON.schema()))


def room_table(problem: SeatProblem, bench: Bench, standards: SeatStandards) -> pl.DataFrame:
    """Table `class_size_room`: one row for each size tried below or at the unit's standard."""
    years = len(problem.years)
    frames: list[pl.DataFrame] = []
    for stage, units in bench.stages.items():
        name, sizes = SEAT_STAGES[stage], bench.cells.steps[stage]
        topic = standards.by_year[0].class_size_steps
        ratio = standards.pupils_per_post(0, name)
        told = [m for m in range(len(units.code)) if not np.isnan(units.rooms[m]).any()]
        if not told or not sizes:
            continue
        rooms = [
            room_for_smaller_classes(
                units.step_classes(m), units.rooms[m], sizes, p_feasible=topic["p_feasible"].number,
                years_ahead=int(topic["years_ahead"].number),
                posts_per_class=units.size[m] / ratio.number if ratio else np.full(years, np.nan),
            )
            for m in told
        ]  # fmt: skip
        each = len(sizes) * years
        frames.append(
            pl.DataFrame(
                {
                    "scenario": [problem.scenario] * (len(told) * each),
                    "unit_kind": [units.kind[m] for m in told for _ in range(each)],
                    "unit_code": [units.code[m] for m in told for _ in range(each)],
                    "stage": [name] * (len(told) * each),
                    "year": list(problem.years) * (len(told) * len(sizes)),
                    "size": np.tile(np.repeat(np.array(sizes, dtype=np.int64), years), len(told)),
                    "p_feasible": _flat(np.stack([room.p_feasible for room in rooms])),
                    "feasible": np.stack([room.feasible for room in rooms]).ravel(),
                    "classes": _flat(np.stack([room.classes for room in rooms])),
                    "posts": _flat(np.stack([room.posts for room in rooms])),
                }
            )
        )
    if not frames:
        return CLASS_SIZE_ROOM.empty()
    return CLASS_SIZE_ROOM.conform(pl.concat(frames, how="vertical_relaxed"))


def failed_checks(problem: SeatProblem, bench: Bench) -> tuple[str, ...]:
    """Checks on every result: the region's children and seats are the sum of its schools', sharing never adds
    to a shortage, probabilities are probabilities, and every child of a stage is counted once."""
    failed: list[str] = []
    for units in bench.stages.values():
        name = SEAT_STAGES[units.stage]
        schools = np.array([kind == "school" for kind in units.kind])
        region = len(units.kind) - 1
        for what, values in (("children", units.demand.mean(axis=-1)), ("seats", np.nan_to_num(units.basis))):
            total = values[schools].sum(axis=0)
            if not np.allclose(total, values[region], rtol=1e-4, atol=0.5):
                failed.append(f"{what}_add_up:{name}")
        for column in (units.gaps.p_short, units.gaps.p_underuse, units.p_short_shared):
            known = column[~np.isnan(column)]
            if known.size and (known.min() < 0 or known.max() > 1):
                failed.append(f"probability:{name}")
        whole = np.array([units.whole(m) for m in range(len(units.kind))])
        left = np.maximum(units.shared[~whole], 0)
        own = np.maximum(units.demand[~whole] - units.basis[~whole][..., None], 0)
        if left.size and (left > own + 0.01 + 1e-4 * own).any():
            failed.append(f"sharing_only_helps:{name}")
    counted = bench.cells.demand.mean(axis=-1, dtype=np.float64).sum(axis=0)
    stages = problem.cell_stage < len(SEAT_STAGES)
    asked = np.zeros(len(problem.years))
    for u in range(len(problem.schools)):
        pupils = np.maximum(np.nan_to_num(problem.demand[u]), 0).mean(axis=-1, dtype=np.float64)
        asked += (pupils * stages[u]).sum(axis=1)
    if not np.allclose(counted, asked, rtol=1e-4, atol=0.5):
        failed.append("every_child_counted_once")
    return tuple(sorted(set(failed)))
