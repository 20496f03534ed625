"""The casework of an entry as tables of the workspace: what the draw is held on once it is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from junheng.data.admission_folder import SUPPORT
from junheng.model import INPUTS
from junheng.model.tables import admission
from junheng.web.admission.casework import LINK
from junheng.web.admission.models import Child
from junheng.web.workspace import workspace

FROM_CASEWORK = ("applicants", "applicant_facts", "applications", "applicant_families")


def tables(entry: Any) -> dict[str, pl.DataFrame]:
    """Tables of the entry's plan, by their names in the model: children, facts and choices from the casework,
    everything else from the newest data. Children who withdrew are left out."""
    store = workspace().store
    newest = store.find()
    held = {} if newest is None else newest.tables
    found: dict[str, pl.DataFrame] = {}
    for table in admission.TABLES:
        if table.name in FROM_CASEWORK or table.name not in held:
            continue
        frame = store.table(table.name, held[table.name])
        own = frame.filter(pl.col("plan_id") == entry.plan_id) if "plan_id" in frame.columns else frame
        found[table.name] = own
    for name in SUPPORT:
        if name in held:
            found[name] = store.table(name, held[name])
    children = list(
        entry.children.exclude(state=Child.WITHDRAWN)
        .order_by("applicant_id")
        .values("applicant_id", "row", "facts", "choices", "state", "by__username", "school__code")
    )
    known = _distances(
        entry, store.table("applications", held["applications"]) if "applications" in held else None
    )
    found["applicants"] = _frame("applicants", (_applicant(entry, one) for one in children))
    found["applicant_facts"] = _frame("applicant_facts", _facts(entry, children))
    found["applications"] = _frame("applications", _choices(entry, children, known))
    found["applicant_families"] = _frame("applicant_families", _links(entry, children))
    if "exam_scores" in found:
        ids = found["applicants"]["applicant_id"].implode()
        found["exam_scores"] = found["exam_scores"].filter(pl.col("applicant_id").is_in(ids))
    return found


def _applicant(entry: Any, child: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: value for name, value in child["row"].items() if value not in ("", None)}
    row |= {"plan_id": entry.plan_id, "applicant_id": child["applicant_id"]}
    row.setdefault("identity_code", child["applicant_id"])
    if child["school__code"]:
        row.setdefault("school_id", child["school__code"])
    if child["state"] == Child.BUREAU_CHECKED:
        row.setdefault("checked_by", child["by__username"])
    return row


def _links(entry: Any, children: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Families in the casework; only children who chose to be bound or are known as siblings."""
    for child in children:
        if child["row"].get(LINK) and child["row"].get("family_id"):
            yield {
                "plan_id": entry.plan_id,
                "family_id": child["row"]["family_id"],
                "applicant_id": child["applicant_id"],
                "link": child["row"][LINK],
            }


def _facts(entry: Any, children: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for child in children:
        for name, fact in sorted(child["facts"].items()):
            yield {
                "plan_id": entry.plan_id,
                "applicant_id": child["applicant_id"],
                "fact": name,
                "value": _text(fact.get("value")),
                "state": fact.get("state") or Child.PENDING,
                "checked_by": fact.get("by") or None,
                "checked_on": str(fact.get("on") or "")[:10] or None,
                "paper": fact.get("paper") or None,
            }


def _choices(
    entry: Any, children: Iterable[Mapping[str, Any]], known: Mapping[tuple[str, str], int]
) -> Iterable[dict[str, Any]]:
    for child in children:
        for batch, programs in sorted(child["choices"].items()):
            for rank, program in enumerate(programs, start=1):
                yield {
                    "plan_id": entry.plan_id,
                    "applicant_id": child["applicant_id"],
                    "batch": batch,
                    "program_id": program,
                    "choice_rank": rank,
                    "distance_m": known.get((child["applicant_id"], program)),
                }


def _distances(entry: Any, applications: pl.DataFrame | None) -> dict[tuple[str, str], int]:
    """Metres of choices as they came with the data: casework changes choices, not roads."""
    if applications is None or "distance_m" not in applications.columns:
        return {}
    rows = applications.filter((pl.col("plan_id") == entry.plan_id) & pl.col("distance_m").is_not_null())
    return {(one, program): metres for one, program, metres in rows.select(
        "applicant_id", "program_id", "distance_m").iter_rows()}  # fmt: skip


def distances(entry: Any) -> dict[tuple[str, str], int]:
    """Metres of the choices the newest data know."""
    store = workspace().store
    newest = store.find()
    if newest is None or "applications" not in newest.tables:
        return {}
    return _distances(entry, store.table("applications", newest.tables["applications"]))


def _frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows in the schema of a table of the model; columns it does not know are left out."""
    listed = list(rows)
    columns: list[pl.Series] = []
    for column, kind in INPUTS[name].empty().schema.items():
        if kind == pl.Boolean:
            columns.append(pl.Series(column, [row.get(column) for row in listed], dtype=kind))
            continue
        text = pl.Series(column, [_plain(row.get(column)) for row in listed], dtype=pl.String)
        columns.append(text.str.to_date("%Y-%m-%d") if kind == pl.Date else text.cast(kind))
    return pl.DataFrame(columns)


def _plain(value: Any) -> str | None:
    return None if value in ("", None) else str(value)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value)
