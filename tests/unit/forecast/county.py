"""A small county for the projection tests: two towns, all stages, births by town, exact cohorts."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from junheng.model import INPUTS, Region

REGION = Region("990102", "小县")
TOWNS = ("990102001", "990102002")
FIRST, LAST = 2014, 2025
SCHOOLS: tuple[tuple[str, str, str], ...] = (
    ("K1A", "111", TOWNS[0]), ("K1B", "111", TOWNS[0]), ("K2A", "111", TOWNS[1]),
    ("P1A", "211", TOWNS[0]), ("P1B", "211", TOWNS[0]), ("P2A", "211", TOWNS[1]),
    ("J1", "311", TOWNS[0]), ("J2", "311", TOWNS[1]), ("S1", "342", TOWNS[0]),
)  # fmt: skip
SHARE = {"K1A": 0.6, "K1B": 0.4, "K2A": 1.0, "P1A": 0.55, "P1B": 0.45, "P2A": 1.0}
GENERAL = 0.55
"""Share of grade 9 leavers who enter general senior school."""


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a declared input table."""
    return INPUTS[name].conform(pl.DataFrame(rows, schema=INPUTS[name].schema(), orient="row"))


def births_of(town: int, year: int) -> int:
    """Births of a calendar year, divisible by three: high to 2016, then falling."""
    level = (240, 120)[town]
    return int(level - max(0, year - 2016) * level // 20) // 3 * 3


def cohort(town: int, entered: int) -> float:
    """Births of the children aged six on 31 August of `entered`."""
    return 2.0 * births_of(town, entered - 6) / 3.0 + births_of(town, entered - 7) / 3.0


def tables(
    *,
    flows: bool = True,
    births: bool = True,
    kindergartens: bool = True,
    housing: bool = False,
    seats: bool = False,
    noise: float = 0.0,
    seed: int = 1,
    yield_: float = 1.0,
) -> dict[str, pl.DataFrame]:
    """Declared tables; without noise every cohort moves up whole."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    kinds = {code: kind for code, kind, _ in SCHOOLS}
    for code, kind, town_code in SCHOOLS:
        town = TOWNS.index(town_code)
        if kind == "111" and not kindergartens:
            continue
        for year in range(FIRST, LAST + 1):
            for grade, pupils in _pupils(code, kind, town, year).items():
                value = pupils * yield_ * float(np.exp(noise * rng.standard_normal()))
                rows.append(
                    {"school_id": code, "year": year, "grade": grade, "pupils": round(value), "classes": None}
                )
    out = {
        "areas": table(
            "areas",
            [
                {"area_code": REGION.code, "name": "小县", "level": "county"},
                *[
                    {"area_code": code, "name": code, "level": "town", "parent_code": REGION.code}
                    for code in TOWNS
                ],
            ],
        ),
        "schools": table(
            "schools",
            [
                {"school_id": code, "name": code, "kind": kind, "area_code": town, "opened_year": 1990}
                for code, kind, town in SCHOOLS
                if kindergartens or kind != "111"
            ],
        ),
        "enrolment": table("enrolment", rows),
    }
    if births:
        out["births"] = table(
            "births",
            [
                {
                    "area_code": code, "year": year, "month": 0, "basis": "certificate",
                    "births": births_of(town, year),
                }
                for town, code in enumerate(TOWNS)
                for year in range(2000, LAST + 1)
            ],
        )  # fmt: skip
    if flows:
        out["grade_flows"] = table("grade_flows", _flows(kinds))
    if housing:
        project = {
            "project_id": "H1", "area_code": TOWNS[0], "kind": "commercial", "dwellings": 1000,
            "handover_year": 2027, "status": "building",
        }  # fmt: skip
        out["housing"] = table("housing", [project])
    if seats:
        out["seats"] = table(
            "seats",
            [
                {"school_id": code, "stage": stage, "year": LAST, "seats_approved": number, "status": "open"}
                for code, stage, number in (
                    ("P1A", "primary", 500), ("P1B", "primary", 1000), ("P2A", "primary", 700),
                    ("J1", "junior", 560), ("J2", "junior", 340),
                )
            ],
        )  # fmt: skip
    return out


def _pupils(code: str, kind: str, town: int, year: int) -> dict[str, float]:
    """Pupils by grade: cohorts move up whole; half of town 1's leavers go to J1, 40 % to J2, 10 % away."""
    share = SHARE.get(code, 0.0)
    if kind == "111":
        return {f"K{k}": share * cohort(town, year + 4 - k) for k in (1, 2, 3)}
    if kind == "211":
        return {f"G{g:02d}": share * cohort(town, year - g + 1) for g in range(1, 7)}
    if kind == "311":
        to = {"J1": (0.8, 0.1), "J2": (0.1, 0.85)}[code]
        return {
            f"G{g:02d}": to[0] * cohort(0, year - g + 1) + to[1] * cohort(1, year - g + 1) for g in (7, 8, 9)
        }
    return {
        f"G{g:02d}": GENERAL * (0.9 * cohort(0, year - g + 1) + 0.95 * cohort(1, year - g + 1))
        for g in (10, 11, 12)
    }


def _flows(kinds: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for year in range(2019, LAST + 1):
        for code, kind, town_code in SCHOOLS:
            town = TOWNS.index(town_code)
            if kind == "211":
                leavers = SHARE[code] * cohort(town, year - 6)
                split = (("J1", (0.8, 0.1)[town]), ("J2", (0.1, 0.85)[town]), ("outside", (0.1, 0.05)[town]))
                rows += [_flow(code, to, year, "G06", leavers * part) for to, part in split]
            if kind == "311":
                leavers = _pupils(code, kind, town, year - 1)["G09"]
                rows.append(_flow(code, "S1", year, "G09", leavers * GENERAL))
                rows.append(_flow(code, "outside", year, "G09", leavers * (1.0 - GENERAL)))
    del kinds
    return rows


def _flow(from_: str, to: str, year: int, grade: str, pupils: float) -> dict[str, Any]:
    return {
        "from_school_id": from_, "to_school_id": to, "year": year, "from_grade": grade,
        "pupils": round(pupils),
    }  # fmt: skip
