"""What a forecast refuses, all at once, and what it doubts but uses."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.model import INPUTS
from junheng.model.reason import Finding
from junheng.model.stages import GRADES, STAGES, grades_of, stages_of_kind

_SHOWN = 200
"""Faults of one kind listed one by one; the rest are only counted."""

READ = (
    "areas", "schools", "enrolment", "area_enrolment", "births", "population", "housing", "grade_flows",
    "seats", "school_events", "area_links", "control_totals",
)  # fmt: skip

Tables = Mapping[str, pl.DataFrame]


def check(tables: Tables) -> tuple[list[Finding], list[Finding]]:
    """(faults that stop the forecast, doubts it goes on with)."""
    faults: list[Finding] = []
    if "enrolment" not in tables and "area_enrolment" not in tables:
        return [Finding("enrolment_empty", "error", "enrolment", parameters={"year": ""})], []
    for name in READ:
        if name in tables:
            faults += _types(name, tables[name])
    if faults:
        return faults, []
    for name in READ:
        if name in tables:
            faults += _keys(name, tables[name]) + _numbers(name, tables[name])
    faults += _references(tables) + _kinds(tables) + _births(tables)
    return faults, []


def _types(name: str, frame: pl.DataFrame) -> list[Finding]:
    """Columns missing or of a type that has lost something: a number for an identifier, text for a year."""
    faults: list[Finding] = []
    table = INPUTS[name]
    for column in table.columns:
        here = {"table": name, "column": column.name}
        if column.name not in frame.columns:
            if column.required or column.name in table.key:
                faults.append(Finding("column_missing", "error", name, column=column.name, parameters=here))
            continue
        held = frame.schema[column.name]
        if held == pl.Null:
            continue
        if column.kind == "code" and held.is_numeric():
            faults.append(Finding("identifier_is_number", "error", name, column=column.name, parameters=here))
        elif column.kind in ("year", "month", "integer", "number", "share") and not held.is_numeric():
            example = next((str(value) for value in frame[column.name].drop_nulls().head(1)), "")
            code = "year_not_mapped" if column.kind == "year" else "not_a_number"
            faults.append(
                Finding(
                    code,
                    "error",
                    name,
                    column=column.name,
                    value=example,
                    parameters={**here, "value": example},
                )
            )
    return faults


def _rows(name: str, frame: pl.DataFrame, test: pl.Expr, code: str, column: str) -> list[Finding]:
    """One finding a row that meets `test`; rows count from 2, as under a heading."""
    bad = frame.with_row_index("row", offset=2).filter(test.fill_null(False))
    listed: list[Finding] = []
    keys = [key for key in INPUTS[name].key if key in frame.columns]
    for row in bad.head(_SHOWN).iter_rows(named=True):
        value = "" if row.get(column) is None else str(row[column])
        where = " ".join(str(row[key]) for key in keys)
        listed.append(
            Finding(
                code, "error", name, row=int(row["row"]), column=column, value=value,
                parameters={"table": name, "column": column, "value": value, "key": where, "row": int(row["row"])},
            )
        )  # fmt: skip
    if bad.height > _SHOWN:
        listed.append(
            Finding("more_of_the_same", "error", name, column=column,
                    parameters={"table": name, "code": code, "count": bad.height - _SHOWN})
        )  # fmt: skip
    return listed


def _keys(name: str, frame: pl.DataFrame) -> list[Finding]:
    key = [column for column in INPUTS[name].key if column in frame.columns]
    return _rows(name, frame, ~pl.struct(key).is_first_distinct(), "key_repeated", key[0])


def _numbers(name: str, frame: pl.DataFrame) -> list[Finding]:
    faults: list[Finding] = []
    for column in INPUTS[name].columns:
        if column.name not in frame.columns or not frame.schema[column.name].is_numeric():
            continue
        value = pl.col(column.name)
        if frame.schema[column.name].is_float():
            faults += _rows(name, frame, ~value.is_finite(), "not_a_number", column.name)
        if column.kind in ("integer", "year", "month") and frame.schema[column.name].is_float():
            faults += _rows(name, frame, value != value.round(), "fractional", column.name)
        if column.minimum is not None:
            code = "negative" if column.minimum == 0 else "below_minimum"
            faults += _rows(name, frame, value < column.minimum, code, column.name)
        if column.maximum is not None:
            faults += _rows(name, frame, value > column.maximum, "above_maximum", column.name)
    return faults


def _references(tables: Tables) -> list[Finding]:
    faults: list[Finding] = []
    if "enrolment" in tables and "schools" not in tables:
        return [Finding("table_missing", "error", "schools", parameters={"table": "schools"})]
    if "schools" in tables:
        schools = tables["schools"]["school_id"].unique().to_list()
        for name, column in (
            ("enrolment", "school_id"), ("seats", "school_id"), ("school_events", "school_id"),
            ("grade_flows", "from_school_id"),
        ):  # fmt: skip
            if name in tables:
                unknown = ~pl.col(column).is_in(schools)
                faults += _rows(name, tables[name], unknown, "school_unknown", column)
        if "grade_flows" in tables:
            allowed = [*schools, "outside", "private"]
            unknown = ~pl.col("to_school_id").is_in(allowed)
            faults += _rows("grade_flows", tables["grade_flows"], unknown, "school_unknown", "to_school_id")
    if "areas" in tables:
        areas = tables["areas"]["area_code"].unique().to_list()
        for name in ("schools", "births", "population", "housing", "area_enrolment", "control_totals"):
            if name in tables:
                unknown = ~pl.col("area_code").is_in(areas)
                faults += _rows(name, tables[name], unknown, "area_unknown", "area_code")
    return faults


def _kinds(tables: Tables) -> list[Finding]:
    """Grades outside a school's kind, unknown grades and stages."""
    faults: list[Finding] = []
    if "area_enrolment" in tables:
        unknown = ~pl.col("stage").is_in(STAGES)
        faults += _rows("area_enrolment", tables["area_enrolment"], unknown, "stage_unknown", "stage")
    if "enrolment" not in tables or "schools" not in tables:
        return faults
    enrolment, schools = tables["enrolment"], tables["schools"]
    unknown = ~pl.col("grade").is_in(GRADES)
    faults += _rows("enrolment", enrolment, unknown, "grade_unknown", "grade")
    outside: list[tuple[str, str]] = []
    for kind in schools["kind"].unique().to_list():
        stages = stages_of_kind(kind)
        if not stages:
            faults += _rows("schools", schools, pl.col("kind") == kind, "kind_unknown", "kind")
        if not stages or stages == ("special",):
            continue
        allowed = {grade for stage in stages for system in ("63", "54") for grade in grades_of(stage, system)}
        outside += [(kind, grade) for grade in GRADES if grade not in allowed]
    kind_of = dict(zip(schools["school_id"].to_list(), schools["kind"].to_list(), strict=True))
    kind = pl.col("school_id").replace_strict(kind_of, default="", return_dtype=pl.String)
    wrong = pl.concat_str(kind, pl.lit(" "), pl.col("grade")).is_in([f"{k} {g}" for k, g in outside])
    faults += _rows("enrolment", enrolment, wrong & (pl.col("pupils") > 0), "grade_outside_kind", "grade")
    return faults


def _births(tables: Tables) -> list[Finding]:
    if "births" not in tables:
        return []
    births = tables["births"]
    return _rows(
        "births", births, pl.col("basis").is_null() | (pl.col("basis") == ""), "births_without_basis", "basis"
    )
