"""Versions of the tables and their differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import Http404

from junheng.data.versions import Change, Version
from junheng.model import INPUTS
from junheng.model.errors import WorkspaceError
from junheng.web.data_centre.models import Submission, Upload
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.workspace import workspace

SHOWN_KEYS = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A version and, when it came by this application, who made it and for which unit."""

    version: Version
    upload: Upload | None


def versions(scope: Scope) -> list[Listed]:
    """Every version, the newest first."""
    held = {
        one.version_id: one
        for one in Upload.objects.exclude(version_id="").select_related("by", "unit").order_by("pk")
    }
    return [Listed(one, held.get(one.id)) for one in reversed(workspace().versions())]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version changed against another: counts by table over the whole region, and the first rows
    inside the scope with both values: (table, key, column, before, after)."""

    listed: Listed
    against: str
    counts: dict[str, Change]
    cells: tuple[tuple[str, dict[str, Any], str, Any, Any], ...]
    newest: str
    handed_in: int
    known: tuple[str, ...]
    rows: dict[str, int]
    """Rows by table inside the scope."""


def difference(scope: Scope, version: str, against: str) -> Difference:
    """The change from `against` (the version before when empty) to `version`; Http404 for unknown ones."""
    listed = versions(scope)
    ids = [one.version.id for one in listed]
    if version not in ids or (against and against not in ids):
        raise Http404
    at = ids.index(version)
    before = against or (ids[at + 1] if at + 1 < len(ids) else "")
    try:
        counts = workspace().difference(before or None, version)
    except WorkspaceError:
        counts = {}
    cells = _cells(scope, before, version, counts)
    closed = Submission.objects.filter(state__in=Submission.CLOSED).count()
    rows = {}
    for name in listed[at].version.tables:
        frame = reading.table(scope, name, version)
        rows[name] = 0 if frame is None else frame.height
    return Difference(listed[at], before, counts, cells, ids[0], closed, tuple(ids), rows)


def _cells(
    scope: Scope, before: str, after: str, counts: dict[str, Change]
) -> tuple[tuple[str, dict[str, Any], str, Any, Any], ...]:
    found: list[tuple[str, dict[str, Any], str, Any, Any]] = []
    for name in counts:
        table = INPUTS[name]
        key = list(table.key)
        values = [column for column in table.names if column not in key]
        was = reading.table(scope, name, before) if before else None
        now = reading.table(scope, name, after)
        if was is None or now is None or not values:
            continue
        both = now.join(was, on=key, how="inner", suffix="__was", nulls_equal=True)
        different = pl.any_horizontal([pl.col(v).ne_missing(pl.col(f"{v}__was")) for v in values])
        for row in both.filter(different).head(SHOWN_KEYS).iter_rows(named=True):
            found += [
                (name, {k: row[k] for k in key}, v, row[f"{v}__was"], row[v])
                for v in values
                if row[v] != row[f"{v}__was"]
            ]
        if len(found) >= SHOWN_KEYS:
            break
    return tuple(found[:SHOWN_KEYS])


def known() -> set[str]:
    """Ids of all versions."""
    return {one.id for one in workspace().versions()}
