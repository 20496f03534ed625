"""The form that grants a role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from junheng.web.accounts.roles import ROLES
from junheng.web.house.scope import Scope
from junheng.web.manage.administration.grants import queries
from junheng.web.wording import say


class GrantForm(forms.Form):
    """Who, which role, where, from when to when, and why."""

    def __init__(self, scope: Scope, data: Any = None, person: str = "") -> None:
        super().__init__(
            data, initial={"unit": scope.unit.code, "valid_from": timezone.localdate(), "person": person}
        )
        self.scope = scope
        self.fields["person"] = _text("person", 60, list="people-offered", autocomplete="off")
        self.fields["role"] = forms.ChoiceField(
            label=say("admin.field_role"),
            choices=[("", "")] + [(name, say(f"accounts.role_{name}")) for name in ROLES],
            error_messages={"required": say("admin.needed"), "invalid_choice": say("admin.needed")},
        )
        self.fields["unit"] = _text("grant_unit", 100, list="units-offered", autocomplete="off")
        self.fields["valid_from"] = _day("valid_from", required=True)
        self.fields["valid_to"] = _day("valid_to", required=False)
        self.fields["reason"] = forms.CharField(
            label=say("admin.field_reason"),
            max_length=200,
            error_messages={"required": say("admin.reason_needed")},
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean_person(self) -> Any:
        """Somebody of the reader's units."""
        found = queries.person_named(self.scope, self.cleaned_data["person"].strip())
        if found is None:
            raise forms.ValidationError(say("admin.no_such_person"))
        return found

    def clean_unit(self) -> Any:
        """A unit the reader grants on."""
        found = queries.unit_of(self.scope, self.cleaned_data["unit"].strip())
        if found is None:
            raise forms.ValidationError(say("admin.no_such_unit"))
        return found


def _text(name: str, longest: int, **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=say(f"admin.field_{name}"),
        help_text=say(f"admin.hint_{name}"),
        max_length=longest,
        error_messages={"required": say("admin.needed")},
        widget=forms.TextInput(attrs=attributes),
    )


def _day(name: str, *, required: bool) -> forms.DateField:
    return forms.DateField(
        label=say(f"admin.field_{name}"),
        required=required,
        input_formats=["%Y-%m-%d"],
        error_messages={"required": say("admin.needed"), "invalid": say("admin.day_form")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
