"""What is sent by the forms of collections and submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.frame import word

WEEKS = 3
"""Time proposed for a collection; who asks may choose another."""


class CollectionForm(forms.Form):
    """What is asked for, from when, until when."""

    name = forms.CharField(max_length=60)
    tables = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    opens = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    due = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any, *, year: int) -> None:
        today = timezone.localdate()
        first = {
            "name": word("collection_name_default", year=year),
            "tables": ["enrolment", "seats"],
            "opens": today,
            "due": today + timedelta(weeks=WEEKS),
        }
        super().__init__(data, initial=first)
        self.fields["tables"].choices = [(name, ours.name(name)) for name in ours.school_tables()]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = word(f"field_{name}")
            field.error_messages |= {"required": word("field_required"), "invalid": word("field_day")}
        self.fields["due"].help_text = word("field_due_hint")


def day(text: str) -> date:
    """A day as a form sends it; Refused when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("data_centre.field_day", {}) from None


def row_version(sent: Mapping[str, str]) -> int:
    """Of which row the form was made; 0, which none has, when it does not say."""
    text = sent.get("row_version", "")
    return int(text) if text.isdigit() and len(text) < 10 else 0


def opinions(sent: Mapping[str, str], tables: Sequence[str]) -> list[tuple[str, str, str]]:
    """Opinions for the whole, for tables and for rows of them: (table, row, text)."""
    found = [("", "", sent.get("opinion", ""))]
    for table in tables:
        found.append((table, sent.get(f"row-{table}", "")[:60], sent.get(f"opinion-{table}", "")[:300]))
    return found
