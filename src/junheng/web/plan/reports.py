"""Reports of tasks: read from the database, with what their evidence is worth now, and as rows of
`policy_progress`."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model import INPUTS
from junheng.web.house.scope import Scope
from junheng.web.plan import evidence
from junheng.web.plan.models import TaskReport
from junheng.web.runs.reading import sees_whole_region
from junheng.web.units import tree

PROGRESS = INPUTS["policy_progress"]
NOT_EXAMINED, EXAMINED, RETURNED = "not_examined", "examined", "returned"


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as it stands. `standing`: not_examined, examined or returned; an examined one whose file has
    changed or gone is not examined any more. `file`: "" without one, else intact, changed or missing."""

    row: TaskReport
    standing: str
    file: str

    @property
    def status(self) -> str:
        """What tracking may count: done only once it is examined."""
        done = self.row.status == TaskReport.DONE
        return TaskReport.DOING if done and self.standing != EXAMINED else self.row.status

    @property
    def awaits(self) -> bool:
        """Whether the unit above has something to examine."""
        return self.standing == NOT_EXAMINED


def inside(scope: Scope) -> list[Reported]:
    """Reports of the scope's unit and of those below it, newest first."""
    rows: Any = TaskReport.objects.select_related("unit", "by", "examined_by")
    if not sees_whole_region(scope):
        path = scope.unit.path
        rows = rows.filter(unit__path__gte=path, unit__path__lt=tree.after(path))
    return [read(row) for row in rows]


def read(row: TaskReport) -> Reported:
    """One report with what its file is worth now."""
    file = evidence.standing(row.folder, row.file, row.sha256) if row.file else ""
    if row.state == TaskReport.RETURNED:
        return Reported(row, RETURNED, file)
    held = row.state == TaskReport.EXAMINED and file in ("", evidence.INTACT)
    return Reported(row, EXAMINED if held else NOT_EXAMINED, file)


def stamp(found: Sequence[Reported]) -> Hashable:
    """What tells these reports from the same ones later."""
    return tuple((one.row.pk, one.row.row_version, one.standing, one.file) for one in found)


def merged(table: pl.DataFrame | None, found: Sequence[Reported]) -> pl.DataFrame | None:
    """Rows of `policy_progress` with the reports that were not returned; of several reports of a task on a
    day the last stands, and a report here before a row of the data."""
    rows: dict[tuple[str, str, Any], dict[str, Any]] = {}
    for one in sorted(found, key=lambda one: one.row.pk):
        if one.standing == RETURNED:
            continue
        row = one.row
        rows[row.document, row.task_id, row.reported_on] = {
            "document": row.document, "task_id": row.task_id, "reported_on": row.reported_on,
            "unit_code": row.unit.code, "reported_by": row.by.name, "status": one.status,
            "value": row.value, "note": row.note or None, "evidence_id": None,
        }  # fmt: skip
    if not rows:
        return table
    ours = PROGRESS.conform(pl.DataFrame(list(rows.values()), schema=PROGRESS.schema()))
    if table is None:
        return ours
    rest = PROGRESS.conform(table.select(PROGRESS.names)).join(ours, on=list(PROGRESS.key), how="anti")
    return pl.concat([rest, ours])
