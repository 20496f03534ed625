"""Children of the casework beside the tables of the workspace they are checked against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from junheng.model import INPUTS
from junheng.web.admission.models import Child
from junheng.web.workspace import FRAMES, workspace

LINK = "link"


def table(name: str, plan_id: str) -> pl.DataFrame:
    """Rows of a workspace table that belong to a plan; empty where there is none. For jobs and for the
    casework itself: who may see what of it is decided before."""
    store = workspace().store
    newest = store.find()
    if newest is None or name not in newest.tables:
        return INPUTS[name].empty()
    held = newest.tables[name]
    frame = FRAMES.get(("table", held.file), lambda: store.table(name, held))
    return frame.filter(pl.col("plan_id") == plan_id) if "plan_id" in frame.columns else frame


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def wide(children: Iterable[Child], facts: Mapping[str, Any] | Iterable[str]) -> pl.DataFrame:
    """Children with each of the plan's facts as a column, as they stand: a rejected fact is unknown, a
    pending one counts as claimed. For what the plan would make of them, never for the run itself."""
    held = list(children)
    names = [name for name in INPUTS["applicants"].names if name != "plan_id"]
    columns: dict[str, pl.Series] = {
        "applicant_id": pl.Series("applicant_id", [one.applicant_id for one in held], dtype=pl.String)
    }
    for name in names:
        if name in ("applicant_id", "checked_by", "checked_on"):
            continue
        values = [one.row.get(name) for one in held]
        if INPUTS["applicants"].column(name).kind == "date":
            columns[name] = pl.Series(name, [_day(value) for value in values], dtype=pl.Date)
        else:
            columns[name] = pl.Series(name, [value or None for value in values], dtype=pl.String)
    for name in facts:
        if name not in columns:
            columns[name] = pl.Series(name, [_claimed(one, name) for one in held], dtype=pl.String)
    return pl.DataFrame(columns)


def _claimed(child: Child, name: str) -> str | None:
    fact = child.facts.get(name) or {}
    return None if fact.get("state") == Child.REJECTED else (fact.get("value") or None)
