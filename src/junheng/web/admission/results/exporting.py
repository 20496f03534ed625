"""Tables of results as files."""

from __future__ import annotations

import polars as pl
from django.http import Http404

from junheng.model.column import Column, Table
from junheng.web.admission.results.queries import Shown

FORMS = ("xlsx", "csv")
TABLES = ("assignment", "cutoffs", "waiting_list", "quota_use", "placement_prices", "vacancies", "moved")


def asked(held: Shown, what: str, form: str) -> tuple[Table, pl.DataFrame]:
    """A table by its name. Http404 for others, and for what holds children where the person does not run
    the entry."""
    if what not in TABLES or form not in FORMS or not held.runs:
        raise Http404
    frame = _frame(held, what)
    columns = tuple(
        Column(
            name,
            "integer" if kind.is_integer() else "flag" if kind == pl.Boolean else "text",
            name,
            name,
            name,
            name,
        )
        for name, kind in frame.schema.items()
    )
    return Table(f"admission_{what}", what, what, what, what, key=(frame.columns[0],), columns=columns), frame


def _frame(held: Shown, what: str) -> pl.DataFrame:
    now = held.standing
    if what == "assignment":
        return now.now
    if what == "waiting_list":
        return now.waiting
    if what in ("vacancies", "moved"):
        if not now.rounds:
            raise Http404
        return now.rounds[-1].tables[what]
    frame = now.result.tables[what]
    if what == "cutoffs":
        return frame.drop("next_in_line")
    return frame
