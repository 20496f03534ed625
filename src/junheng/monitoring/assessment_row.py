"""One judged item as a row, the same for schools, stages and the county."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import polars as pl

from junheng.model.column import Table
from junheng.monitoring.assessment_logic import UNKNOWN, conjunction, less_sure
from junheng.monitoring.status import MET, NOT_EXAMINED, UNMET
from junheng.rules.value import Value

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


def cited(values: Iterable[Value | None]) -> dict[str, str]:
    """The columns `rule_ids` and `verified` for the standards a row rests on."""
    held = [value for value in values if value is not None and value.in_force]
    return {
        "rule_ids": ";".join(dict.fromkeys(value.rule_id for value in held)),
        "verified": less_sure(value.verified for value in held),
    }


def every(rows: Sequence[ItemRow], summary: ItemRow, *, none_concerned: bool = False) -> ItemRow:
    """`summary` judged by all of `rows`: met when each is. Where nobody is concerned (no small school, say)
    and `none_concerned` says that this is a known fact, nothing stands against the item and it is met."""
    if not rows:
        status, reason = (MET, "none_concerned") if none_concerned else (NOT_EXAMINED, "nothing_to_judge")
        return replace(summary, status=status, status_reason=reason, n_units=0, n_unmet=0, n_unknown=0)
    unmet = [row for row in rows if row.status == UNMET]
    unknown = [row for row in rows if row.status in UNKNOWN]
    status = conjunction(row.status for row in rows)
    if unmet:
        reason, named = "units_unmet", unmet
    elif unknown:
        reason, named = "units_unknown", unknown
    else:
        reason, named = "all_met", []
    units = list(dict.fromkeys(row.area for row in named))
    return replace(
        summary,
        status=status,
        status_reason=reason,
        reason_parameters={
            **summary.reason_parameters,
            "count": len(units),
            "units": units[:NAMED_UNITS],
            "of": len({row.area for row in rows}),
        },
        n_units=len(rows),
        n_unmet=len(unmet),
        n_unknown=len(unknown),
        rule_ids=joined(row.rule_ids for row in (summary, *rows)),
        verified=less_sure(row.verified for row in (summary, *rows)),
    )


def joined(lists: Iterable[str]) -> str:
    """Several lists separated by semicolons as one, each entry once, in order of first mention."""
    return ";".join(dict.fromkeys(part for one in lists for part in one.split(";") if part))


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
