"""Figures that can be corrected, and corrections asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import Http404

from junheng.model import INPUTS, Column
from junheng.web.data_centre.collecting.queries import rows_of
from junheng.web.data_centre.models import Correction, Submission
from junheng.web.house.scope import Scope
from junheng.web.units import tree

MOST_ROWS = 300


def correction(scope: Scope, number: int) -> Correction:
    """One correction inside the scope; Http404 otherwise."""
    inside = {
        "submission__unit__path__gte": scope.unit.path,
        "submission__unit__path__lt": tree.after(scope.unit.path),
    }
    found = (
        Correction.objects.for_user(scope.user, scope.permission)
        .filter(pk=number, **inside)
        .select_related(
            "submission", "submission__unit", "submission__collection", "submission__collection__unit",
            "asked_by", "decided_by", "upload", "upload__job",
        )
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    return found


def counted(table: str) -> tuple[Column, ...]:
    """Columns of a table that hold figures one may correct: all but the key."""
    return tuple(column for column in INPUTS[table].columns if column.name not in INPUTS[table].key)


def rows(submission: Submission, table: str) -> list[dict[str, Any]]:
    """The unit's rows of a table it has handed in."""
    return rows_of(submission.unit, table, submission.collection.year).head(MOST_ROWS).to_dicts()


def row(submission: Submission, table: str, key: Mapping[str, Any]) -> pl.DataFrame:
    """The one row of the unit with this key; empty when there is none."""
    frame = rows_of(submission.unit, table, submission.collection.year)
    for name in INPUTS[table].key:
        frame = frame.filter(pl.col(name).cast(pl.String).eq_missing(pl.lit(key.get(name), dtype=pl.String)))
    return frame


def table_of(submission: Submission, asked: str) -> str:
    """The table asked for, else the first one handed in."""
    tables = submission.collection.tables
    return asked if asked in tables else tables[0]


def asked(table: str, sent: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of `ask` as a form sends them; a key that cannot be read names no row."""
    try:
        key = json.loads(sent.get("key", ""))
    except ValueError:
        key = {}
    return {
        "table": table,
        "key": {str(k): str(v) for k, v in key.items()} if isinstance(key, dict) else {},
        "column": sent.get("column", ""),
        "after": sent.get("after", ""),
        "reason": sent.get("reason", "")[:300],
    }
