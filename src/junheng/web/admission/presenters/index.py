"""The entries of a region and where each stands."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.web.admission.models import Entry
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import DataTable, Head, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.wording import say


def page(scope: Scope, entries: Sequence[Entry]) -> Page:
    """The list."""
    head = (Head(say("entry.col_entry"), width=3), Head(say("entry.col_year")), Head(say("entry.col_state")))
    rows = tuple(Row((one.title, str(one.year), say(f"entry.state_{one.state}"))) for one in entries)
    table = DataTable("entries", say("entry.entries"), head, rows, empty=say("entry.none"))
    return Page(
        title=say("house.page_admission"),
        headline=say("entry.headline", count=len(entries)),
        crumbs=crumbs(scope, "admission:index"),
        body=(table,),
    )
