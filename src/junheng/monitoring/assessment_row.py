"""One judged item as a row, the same for schools, stages and the county."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import polars as pl

from junheng.model.column import Table
from junheng.monitoring.status import NOT_EXAMINED

NAMED_UNITS = 12
"""Units named in a reason; all stand in the table as rows of their own."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A row of `assessment_items`; `part` is "" for the whole item, `stage` "" where stages count as one."""

    item: str
    group: str
    level: str
    area: str
    stage: str = ""
    part: str = ""
    kind: str = ""
    indicator: str = ""
    value: float | None = None
    num: float | None = None
    den: float | None = None
    threshold: float | None = None
    op: str = ""
    status: str = NOT_EXAMINED
    status_reason: str = ""
    reason_parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    floor: float | None = None
    floor_status: str = ""
    missing_full: float | None = None
    missing_floor: float | None = None
    missing_unit: str = ""
    most_pupils: int | None = None
    n_units: int | None = None
    n_unmet: int | None = None
    n_unknown: int | None = None
    evidence: str = ""
    rule_ids: str = ""
    verified: str = ""
    flags: str = ""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row of `assessment_results`."""

    level: str
    area: str
    stage: str
    status: str
    status_reason: str
    reason_parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    pupils: int | None = None
    n_items: int = 0
    n_met: int = 0
    n_unmet: int = 0
    n_unknown: int = 0
    floors_unmet: int | None = None
    state: str = ""
    rule_version: str = ""
    data_version: str = ""
    verified: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """A row of `assessment_exceptions`: why a unit is left out or judged by another line."""

    reason: str
    area: str
    stage: str = ""
    item: str = ""
    pupils: int | None = None
    rule_ids: str = ""
    verified: str = ""


def frame(table: Table, rows: Iterable[Any], **same: Any) -> pl.DataFrame:
    """Rows as the declared table; `same` are columns equal in all rows. Mappings become JSON."""
    records: list[dict[str, Any]] = []
    for row in rows:
        record = {one.name: getattr(row, one.name) for one in fields(row)} | same
        if isinstance(record.get("reason_parameters"), Mapping):
            record["reason_parameters"] = json.dumps(
                record["reason_parameters"], ensure_ascii=False, sort_keys=True
            )
        records.append(record)
    if not records:
        return table.empty()
    return table.conform(pl.DataFrame(records, schema=table.schema(), strict=False))
