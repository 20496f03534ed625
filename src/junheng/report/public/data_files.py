"""The published tables as CSV and JSON, from the same protected slices as the pages."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from junheng.data.csv_out import csv_bytes
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.public.tables import Slices
from junheng.report.reading import Reading

FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "pupils": (
        ("area_code", "field_area_code"),
        ("name", "field_name"),
        ("stage", "field_stage"),
        ("year", "field_year"),
        ("kind", "field_kind"),
        ("pupils", "field_value"),
        ("low", "field_low"),
        ("high", "field_high"),
        ("hidden", "field_hidden"),
    ),
    "seats": (
        ("area_code", "field_area_code"),
        ("name", "field_name"),
        ("stage", "field_stage"),
        ("year", "field_year"),
        ("seats", "field_seats"),
        ("utilisation", "field_utilisation"),
        ("balance", "field_balance"),
        ("hidden", "field_hidden"),
    ),
    "tight": (
        ("area_code", "field_area_code"),
        ("name", "field_name"),
        ("stage", "field_stage"),
        ("first_year", "field_first"),
        ("last_year", "field_last"),
        ("short", "field_value"),
        ("hidden", "field_hidden"),
    ),
    "school_counts": (
        ("area_code", "field_area_code"),
        ("name", "field_name"),
        ("stage", "field_stage"),
        ("schools", "field_schools"),
    ),
    "schools": (
        ("area_code", "field_area_code"),
        ("area", "field_name"),
        ("school", "field_name"),
        ("kind", "field_school_kind"),
        ("ownership", "field_ownership"),
    ),
}
"""Columns of the published tables with the code of what each means."""


def data_files(zh: Reading, held: Slices) -> dict[str, bytes]:
    """CSV and JSON of every published table, and what each column means."""

    def place(area: str) -> str:
        return zh.name("area", area) if area else wording.say("public.all_areas", "zh")

    whole = fmt.half_up
    rows: dict[str, list[tuple[Any, ...]]] = {
        "pupils": [
            (
                one.area,
                place(one.area),
                one.stage,
                one.year,
                "expected" if one.expected else "counted",
                None if one.value is None else int(whole(one.value)),
                None if one.low is None else int(whole(one.low)),
                None if one.high is None else int(whole(one.high)),
                int(bool(one.hidden)),
            )
            for one in held.pupils
        ],
        "seats": [
            (
                one.area,
                place(one.area),
                one.stage,
                one.year,
                None if one.seats is None else int(whole(one.seats)),
                None if one.utilisation is None else whole(one.utilisation, 3),
                None if one.balance is None else int(whole(one.balance)),
                int(bool(one.hidden)),
            )
            for one in held.seats
        ],
        "tight": [
            (
                one.area,
                place(one.area),
                one.stage,
                one.first,
                one.last,
                None if one.most is None else int(whole(one.most)),
                int(bool(one.hidden)),
            )
            for one in held.tight
        ],
        "school_counts": [(area, place(area), stage, count) for area, stage, count in held.school_counts],
        "schools": [
            (
                one.area,
                place(one.area),
                one.name,
                wording.code_name("school_kind", one.kind or None, "zh"),
                wording.code_name("ownership", one.ownership or None, "zh"),
            )
            for one in held.schools
        ],
    }
    files: dict[str, bytes] = {}
    for table, fields in FIELDS.items():
        names = [name for name, _ in fields]
        frame = pl.DataFrame(rows[table], schema=names, orient="row", infer_schema_length=None)
        files[f"data/{table}.csv"] = csv_bytes(frame)
        content = {"table": table, "columns": names, "rows": [list(row) for row in rows[table]]}
        files[f"data/{table}.json"] = as_json(content)
    files["data/fields.csv"] = csv_bytes(_fields())
    return files


def _fields() -> pl.DataFrame:
    rows = [
        (table, name, wording.say(f"public.{code}", "zh"), wording.say(f"public.{code}", "en"))
        for table, fields in FIELDS.items()
        for name, code in fields
    ]
    return pl.DataFrame(rows, schema=["table", "column", "meaning_zh", "meaning_en"], orient="row")


def as_json(content: Any) -> bytes:
    """Compact JSON, one line."""
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
