"""The form that names a unit."""

from __future__ import annotations

from typing import Any

from django import forms

from junheng.web.units.models import Unit
from junheng.web.wording import say


class NameForm(forms.Form):
    """A name in Chinese, and in English if there is one."""

    def __init__(self, unit: Unit, data: Any = None) -> None:
        super().__init__(data, initial={"name": unit.name, "name_en": unit.name_en})
        self.fields["name"] = forms.CharField(
            label=say("admin.field_unit_name"),
            max_length=100,
            error_messages={"required": say("admin.needed")},
        )
        self.fields["name_en"] = forms.CharField(
            label=say("admin.field_unit_name_en"), max_length=200, required=False
        )
