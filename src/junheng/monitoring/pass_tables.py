"""A plan carried out on paper: the tables as they would be with its measures done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from junheng.model import INPUTS
from junheng.model.region import Region
from junheng.monitoring.pass_county import PassCase
from junheng.monitoring.pass_levers import EXCHANGE, NEW_TEACHERS, SPLITTABLE
from junheng.monitoring.pass_problem import Move
from junheng.monitoring.school_facts import SHARED, with_stage

COLUMNS: Mapping[str, str] = {
    "degree_teachers": "degree_teachers",
    "backbone_teachers": "backbone_teachers",
    "pe_art_teachers": "pe_teachers",
    "teaching_area": "teaching_area",
    "sports_area": "sports_ground_area",
    "equipment_value": "equipment_value",
    "multimedia_rooms": "multimedia_rooms",
}
"""What a lever raises -> the column of `school_years` it is written to."""
WITH_A_TEACHER = ("full_time_teachers", "certified_teachers", "staff")
"""Counted with every teacher who comes."""

Key = tuple[str, str]
"""(school, stage)."""


def planned_tables(
    tables: Mapping[str, pl.DataFrame],
    case: PassCase,
    steps: Mapping[int, int],
    gifts: Sequence[tuple[int, int, int]],
    year: int,
    region: Region,
) -> dict[str, pl.DataFrame]:
    """`tables` with every step done in `year`; donors lose what they give, reduced intake leaves its
    pupils out.

    What stages share is added to the shared row of the school, anything else to the row of the stage.
    """
    county = case.county
    adds: dict[tuple[Key, str], Fraction] = {}
    fewer: dict[Key, int] = {}
    frame = tables["school_years"]
    shared = _shared_columns(frame, year)

    def add(school: str, stage: str, column: str, amount: Fraction) -> None:
        where = SHARED if (school, column) in shared else stage
        adds[(school, where), column] = adds.get(((school, where), column), Fraction(0)) + amount

    for m, count in steps.items():
        move = county.moves[m]
        for unit, pupils in move.fewer:
            key = (county.units[unit].school, county.units[unit].stage)
            fewer[key] = fewer.get(key, 0) + pupils * count
        for school, stage, column, amount in _written(case, move, count):
            add(school, stage, column, amount)
    for m, unit, count in gifts:
        move, giver = county.moves[m], county.units[unit]
        for _, _, column, amount in _written(case, move, count):
            add(giver.school, giver.stage, column, -amount)
    out = dict(tables)
    out["school_years"] = _raised(frame, year, adds)
    if fewer:
        out["enrolment"] = _with_fewer(tables, year, fewer, region)
    return out


def _written(case: PassCase, move: Move, count: int) -> list[tuple[str, str, str, Fraction]]:
    """(school, stage, column, amount) of what a move adds; what several stages share is added once."""
    lever = case.levers[move.lever]
    amount = Fraction(str(lever["per_unit"])) * move.size * count
    out: list[tuple[str, str, str, Fraction]] = []
    seen: set[str] = set()
    for e in move.effects:
        unit, code = case.county.units[e.unit], case.items[e.item].code
        if code in seen and code in SPLITTABLE:
            continue
        seen.add(code)
        out.append((unit.school, unit.stage, COLUMNS[code], amount))
    if move.kind in (*NEW_TEACHERS, EXCHANGE) and move.effects:
        unit = case.county.units[move.effects[0].unit]
        out += [(unit.school, unit.stage, column, amount) for column in WITH_A_TEACHER]
    return out


def _shared_columns(frame: pl.DataFrame, year: int) -> set[tuple[str, str]]:
    rows = frame.filter((pl.col("year") == year) & (pl.col("stage") == SHARED))
    columns = [COLUMNS[code] for code in SPLITTABLE]
    return {
        (row["school_id"], column)
        for row in rows.iter_rows(named=True)
        for column in columns
        if row.get(column) is not None
    }


def _raised(frame: pl.DataFrame, year: int, adds: Mapping[tuple[Key, str], Fraction]) -> pl.DataFrame:
    rows = frame.to_dicts()
    place = {(row["school_id"], row["stage"]): row for row in rows if row["year"] == year}
    for (key, column), amount in adds.items():
        row = place.get(key)
        if row is None:
            row = place[key] = {"school_id": key[0], "stage": key[1], "year": year}
            rows.append(row)
        if row.get(column) is None and column in WITH_A_TEACHER:
            continue
        value = Fraction(str(row.get(column) or 0)) + amount
        row[column] = int(value) if value.denominator == 1 else round(float(value), 2)
    schema: dict[str, Any] = {**INPUTS["school_years"].schema(), **frame.schema}
    return pl.DataFrame(rows, schema={name: schema[name] for name in frame.columns})


def _with_fewer(
    tables: Mapping[str, pl.DataFrame], year: int, fewer: Mapping[Key, int], region: Region
) -> pl.DataFrame:
    """Pupils taken one by one from the largest grade of the stage, so that it loses exactly as many."""
    frame = tables["enrolment"]
    rows = frame.to_dicts()
    stages = with_stage(frame, tables["schools"].rename({"kind": "school_kind"}), region)["stage"].to_list()
    for (school, stage), count in fewer.items():
        mine = [
            row
            for row, taught in zip(rows, stages, strict=True)
            if (row["school_id"], row["year"], taught) == (school, year, stage) and row["pupils"]
        ]
        for _ in range(count):
            largest = max(mine, key=lambda row: row["pupils"])
            largest["pupils"] -= 1
    return pl.DataFrame(rows, schema=frame.schema)
