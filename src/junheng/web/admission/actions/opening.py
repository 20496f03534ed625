"""An entry begun: from a plan file as it lies there, or from another plan under a new name."""

from __future__ import annotations

from typing import Any

from junheng.model.errors import Refused
from junheng.web.admission import plan_queries, plan_text, plans
from junheng.web.admission.actions import plans as actions
from junheng.web.admission.models import Entry

YEARS = range(2000, 2101)


def begin(*, by: Any, adopting: str, source: str, plan_id: str, title: str, entry_year: str) -> Entry:
    """The entry. PermissionDenied and Refused as `actions.plans.begin`; Refused also without a title and
    with a year that is none."""
    if adopting:
        return actions.begin(by=by, plan_id=adopting, text=plans.own()[adopting])
    if not title.strip():
        raise Refused("entry.title_missing", {})
    if not (entry_year.isdecimal() and len(entry_year) == 4 and int(entry_year) in YEARS):
        raise Refused("entry.year_wrong", {"first": YEARS[0], "last": YEARS[-1]})
    text, template = plan_queries.source_text(source)
    text = plan_text.with_numbers(text, {"plan": title, "year": entry_year})
    if (read := plans.reading(text, plan_id).plan) is not None and read.title != title.strip():
        raise Refused("entry.title_signs", {})
    return actions.begin(by=by, plan_id=plan_id, text=text, template=template)
