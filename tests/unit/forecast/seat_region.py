"""A small region for the seats tests: schools with demand given year by year, no forecast needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from junheng import rules
from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.seat_balance.seat_problem import SeatProblem
from junheng.model import INPUTS, Region
from junheng.model.stages import GRADES, STAGES, stage_at

REGION = Region("990101", "云州")
ORIGIN = 2025


@dataclass(frozen=True)
class School:
    """A school: pupils by grade (one number, or one a year), and its row of `seats`."""

    code: str
    kind: str
    area: str
    pupils: Mapping[str, float | Sequence[float]]
    classes: int | None = None
    rooms: int | None = None
    approved: int | None = None
    beds: int | None = None
    system: str = "63"
    urban_rural: str = "111"
    ownership: str = "public"
    longitude: float | None = None
    latitude: float | None = None
    more_seats: tuple[dict[str, Any], ...] = ()


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a declared input table."""
    schema = INPUTS[name].schema()
    return INPUTS[name].conform(pl.DataFrame(rows, schema=schema) if rows else INPUTS[name].empty())


def problem(
    schools: Sequence[School],
    years: int = 5,
    draws: int = 1,
    spread: float = 0.0,
    seats: bool = True,
    classes: bool = True,
    links: Sequence[tuple[str, str, float]] = (),
    levers: tuple[Lever, ...] = (),
    scenario: str = "base",
    events: Sequence[dict[str, Any]] = (),
    parents: Mapping[str, str] | None = None,
    draws_of: Mapping[str, np.ndarray] | None = None,
) -> SeatProblem:
    """A SeatProblem of `schools`. `spread` is the log sd of a factor by school and draw; `draws_of` gives a
    school's draws outright, float32[H, G, D]."""
    schools = sorted(schools, key=lambda school: school.code)
    grades = tuple(g for g in GRADES if any(g in school.pupils for school in schools))
    horizon = tuple(range(ORIGIN + 1, ORIGIN + 1 + years))
    demand = np.zeros((len(schools), years, len(grades), draws), dtype=np.float32)
    rng = np.random.default_rng(7)
    for u, school in enumerate(schools):
        for g, grade in enumerate(grades):
            demand[u, :, g, :] = np.broadcast_to(np.asarray(school.pupils.get(grade, 0.0)), years)[:, None]
        if spread:
            demand[u] *= np.exp(spread * rng.standard_normal(draws)).astype(np.float32)
        if draws_of and school.code in draws_of:
            demand[u] = draws_of[school.code]
    stage = np.array(
        [[STAGES.index(stage_at(g, s.kind, s.system)) for g in grades] for s in schools], dtype=np.intp
    )
    areas = tuple(sorted({school.area for school in schools}))
    tables: dict[str, pl.DataFrame] = {
        "schools": table("schools", [
            {"school_id": s.code, "name": s.code, "kind": s.kind, "area_code": s.area,
             "ownership": s.ownership, "urban_rural": s.urban_rural, "school_system": s.system,
             "longitude": s.longitude, "latitude": s.latitude}
            for s in schools
        ]),
        "enrolment": table("enrolment", [
            {"school_id": s.code, "year": ORIGIN, "grade": g, "pupils": round(float(np.ravel(p)[0])),
             "classes": max(1, round(float(np.ravel(p)[0]) / 45)) if classes else None}
            for s in schools for g, p in s.pupils.items()
        ]),
    }  # fmt: skip
    if seats:
        rows: list[dict[str, Any]] = []
        for s in schools:
            for name in sorted({stage_at(g, s.kind, s.system) for g in s.pupils}):
                rows.append(
                    {"school_id": s.code, "stage": name, "year": ORIGIN, "classes": s.classes,
                     "rooms": s.rooms, "seats_approved": s.approved, "boarding_beds": s.beds,
                     "status": "open"}
                )  # fmt: skip
            rows += [{"school_id": s.code, **row} for row in s.more_seats]
        tables["seats"] = table("seats", rows)
    if links:
        tables["area_links"] = table(
            "area_links", [{"area_code": a, "other_area_code": b, "minutes": m} for a, b, m in links]
        )
    if events:
        tables["school_events"] = table("school_events", list(events))
    return SeatProblem(
        region=REGION,
        rules=rules.load(),
        tables=tables,
        scenario=scenario,
        origin_year=ORIGIN,
        years=horizon,
        schools=tuple(s.code for s in schools),
        kinds=tuple(s.kind for s in schools),
        systems=tuple(s.system for s in schools),
        grades=grades,
        areas=areas,
        area_of=np.array([areas.index(s.area) for s in schools], dtype=np.intp),
        parent=dict(parents or {}),
        demand=demand,
        cell_stage=np.broadcast_to(stage[:, None, :], (len(schools), years, len(grades))),
        opened=np.zeros(len(schools), dtype=np.int64),
        closed=np.full(len(schools), 9999, dtype=np.int64),
        levers=levers,
    )


def primary(code: str, area: str, each: float | Sequence[float], rooms: int, **more: Any) -> School:
    """A six-grade primary school with `each` pupils in every grade."""
    more.setdefault("kind", "211")
    return School(code, pupils=dict.fromkeys([f"G0{n}" for n in range(1, 7)], each), area=area,
                  classes=more.pop("classes", rooms), rooms=rooms, **more)  # fmt: skip
