"""Forms about people: what is typed is checked here for its shape, by the actions for all else."""

from __future__ import annotations

from typing import Any

from django import forms

from junheng.web.accounts.models import User
from junheng.web.house.scope import Scope
from junheng.web.manage.administration.people import queries
from junheng.web.wording import say

_SHORT, _REASON = 60, 300
_PHONE = r"^\+?[0-9][0-9 \-]{5,18}[0-9]$"


class PersonForm(forms.Form):
    """Who somebody is and where she works; with a new account, under which name."""

    def __init__(
        self, scope: Scope, data: Any = None, person: User | None = None, identity: str = ""
    ) -> None:
        initial = {"unit": scope.unit.code}
        if person is not None:
            unit = person.unit.code if person.unit else ""
            initial = {"name": person.name, "unit": unit, "email": person.email, "identity": identity}
        super().__init__(data, initial=initial)
        self.scope = scope
        if person is None:
            self.fields["username"] = _text("username", _SHORT, autocomplete="off")
        self.fields["name"] = _text("name", _SHORT, autocomplete="off")
        self.fields["unit"] = _text("unit", 100, list="units-offered", autocomplete="off")
        self.fields["phone"] = forms.RegexField(
            _PHONE,
            required=False,
            label=say("admin.field_phone"),
            help_text=say("admin.hint_phone_kept" if person and person.phone_sealed else "admin.hint_phone"),
            error_messages={"invalid": say("admin.phone_form")},
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        )
        self.fields["email"] = forms.EmailField(
            required=False,
            label=say("admin.field_email"),
            error_messages={"invalid": say("admin.email_form")},
            widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        )
        self.fields["identity"] = _text("identity", 150, required=False, autocomplete="off")

    def clean_unit(self) -> Any:
        """The unit, when the reader may make accounts there."""
        found = queries.unit_of(self.scope, self.cleaned_data["unit"].strip())
        if found is None:
            raise forms.ValidationError(say("admin.no_such_unit"))
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take; an empty telephone field leaves the number as it is."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "phone"} | (
            {"phone": self.cleaned_data["phone"]} if self.cleaned_data["phone"] else {}
        )


class ReasonForm(forms.Form):
    """Why something grave is done."""

    def __init__(self, data: Any = None, *, label: str = "admin.field_reason") -> None:
        super().__init__(data)
        self.fields["reason"] = forms.CharField(
            label=say(label),
            max_length=_REASON,
            error_messages={"required": say("admin.reason_needed")},
            widget=forms.Textarea(attrs={"rows": 2}),
        )


def _text(name: str, longest: int, *, required: bool = True, **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=say(f"admin.field_{name}"),
        help_text=say(f"admin.hint_{name}"),
        max_length=longest,
        required=required,
        error_messages={"required": say("admin.needed")},
        widget=forms.TextInput(attrs=attributes),
    )
