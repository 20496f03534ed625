"""The database's casework as the tables of the data model, beside what only the workspace holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from junheng.model import INPUTS
from junheng.web.admission.models import Child, Entry
from junheng.web.workspace import FRAMES, workspace

OF_CHILDREN = ("applicants", "applicant_facts", "applications", "applicant_families")
"""Tables that come from the casework once registration is open."""
BESIDE = (
    "admission_programs",
    "admission_reserves",
    "exam_scores",
    "address_uses",
    "zone_programs",
    "admission_travel",
    "admission_quotas",
)
"""Tables that come from the workspace at every time."""
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


def tables(entry: Entry) -> dict[str, pl.DataFrame]:
    """Every table of the entry: children that did not withdraw from the casework, the rest from the
    workspace; tables without a row are left out, those of children stand."""
    held = {name: table(name, entry.plan_id) for name in BESIDE}
    made = of_children(entry.plan_id, Child.objects.filter(entry=entry).exclude(state=Child.WITHDRAWN))
    metres = table("applications", entry.plan_id)
    if metres.height:
        keys = ["plan_id", "applicant_id", "batch", "program_id"]
        known = metres.select(*keys, "distance_m").filter(pl.col("distance_m").is_not_null())
        chosen = made["applications"].drop("distance_m").join(known, on=keys, how="left")
        made["applications"] = chosen.select(INPUTS["applications"].names)
    return {name: frame for name, frame in held.items() if frame.height} | made


def of_children(plan_id: str, children: Iterable[Child]) -> dict[str, pl.DataFrame]:
    """Children as rows of `applicants`, `applicant_facts`, `applications` and `applicant_families`."""
    people: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    choices: list[dict[str, Any]] = []
    families: list[dict[str, Any]] = []
    for child in children:
        who: dict[str, Any] = {"plan_id": plan_id, "applicant_id": child.applicant_id}
        checked = child.row if child.state == Child.BUREAU_CHECKED else {}
        people.append(
            who
            | {name: child.row.get(name) for name in INPUTS["applicants"].names if name not in who}
            | {"checked_by": checked.get("checked_by"), "checked_on": checked.get("checked_on")}
        )
        for name, fact in child.facts.items():
            facts.append(
                who
                | {
                    "fact": name,
                    "value": fact.get("value") or None,
                    "state": fact.get("state"),
                    "checked_by": fact.get("by") or None,
                    "checked_on": fact.get("on") or None,
                    "paper": fact.get("paper") or None,
                }
            )
        for batch, programs in child.choices.items():
            for rank, program in enumerate(programs, start=1):
                choices.append(
                    who | {"batch": batch, "program_id": program, "choice_rank": rank, "distance_m": None}
                )
        if child.row.get(LINK) and child.row.get("family_id"):
            families.append(who | {"family_id": child.row["family_id"], "link": child.row[LINK]})
    return {
        "applicants": _frame("applicants", people),
        "applicant_facts": _frame("applicant_facts", facts),
        "applications": _frame("applications", choices),
        "applicant_families": _frame("applicant_families", families),
    }


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as the declared table; days are text in the casework."""
    held = INPUTS[name]
    columns: dict[str, pl.Series] = {}
    for column in held.columns:
        values = [row.get(column.name) for row in rows]
        if column.kind == "date":
            values = [_day(value) for value in values]
        columns[column.name] = pl.Series(column.name, values, dtype=column.polars_type)
    return pl.DataFrame(columns)


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
