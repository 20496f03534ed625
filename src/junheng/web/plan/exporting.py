"""Clauses and tasks as rows of their tables, codes in words, for a file to be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from django.http import Http404

from junheng.model import TABLES
from junheng.web.files.contents import Contents, Wanted
from junheng.web.files.protection import audience
from junheng.web.house.scope import Scope
from junheng.web.plan import queries
from junheng.web.plan.presenters import document, task_list, words
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason

OF = {"clauses": "policy_clauses", "tasks": "policy_reminders"}
FORMS = ("xlsx", "csv")


def asked(scope: Scope, what: str, form: str, query: Mapping[str, str]) -> tuple[Wanted, Contents]:
    """What is to be taken, as it is filtered on the page. Http404 for other tables and forms, and for clauses
    where the person does not see the region."""
    if what not in OF or form not in FORMS:
        raise Http404
    held = queries.ledger(scope)
    frame = _clauses(held, query) if what == "clauses" else _tasks(held, query)
    run = "" if held.record is None else held.record.run_id
    table = TABLES[OF[what]]
    contents = Contents(table, frame, held.version, run, audience(scope, "export"))
    return Wanted(run or "input", table.name, form), contents


def _clauses(held: Ledger, query: Mapping[str, str]) -> pl.DataFrame:
    if not held.whole:
        raise Http404
    wanted = document.asked(query)
    name = query.get("document", "")
    chosen = [held.document(name)] if name else list(held.documents.values())
    pairs = [pair for one in chosen for pair in document.chosen(held, one, wanted)]
    frame = _rows(held, "policy_clauses", [(one.document, one.clause) for _, one in pairs])
    worded = {
        "force": [reason(f"policy.force_{one}") for one in frame["force"]],
        "standing": [reason(f"policy.standing_{one}") for one in frame["standing"]],
        "status": [reason(f"policy.status_{one}") for one in frame["status"]],
        "reason": [words.why_clause(held, one) for _, one in pairs],
    }
    return _with(frame, worded).drop("run", "reason_parameters")


def _tasks(held: Ledger, query: Mapping[str, str]) -> pl.DataFrame:
    chosen = task_list.chosen(held, task_list.asked(query))
    frame = _rows(held, "policy_reminders", [(one.document, one.task_id) for one in chosen])
    worded = {
        "state": [reason(f"policy.task_{one}") for one in frame["state"]],
        "last_status": [reason(f"plan.status_{one}") if one else "" for one in frame["last_status"]],
    }
    return _with(frame, worded).drop("run")


def _rows(held: Ledger, table: str, keys: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Rows of a table of tracking by their keys, in the order of the page."""
    frame = held.held.tracking.tables[table]
    name = TABLES[table].key[-1]
    at = {key: number for number, key in enumerate(keys)}
    order = [at.get(key) for key in frame.select("document", name).iter_rows()]
    placed = frame.with_columns(pl.Series("__at", order, dtype=pl.Int64))
    return placed.filter(pl.col("__at").is_not_null()).sort("__at").drop("__at")


def _with(frame: pl.DataFrame, worded: Mapping[str, list[str]]) -> pl.DataFrame:
    return frame.with_columns(pl.Series(name, texts, dtype=pl.String) for name, texts in worded.items())
