"""The unit tree follows the tables, and does nothing where they say nothing new."""

from __future__ import annotations

import pytest
from tests.web.desks import Desk

from junheng.web.units import actions
from junheng.web.units.models import Unit


def test_what_is_unchanged_costs_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(name: str) -> str:
        raise AssertionError(name)

    monkeypatch.setattr(actions, "initials", never)
    assert actions.sync(by="installation") == 0


def test_a_new_name_brings_new_initials(desk: Desk) -> None:
    town = desk.unit("town")
    assert town.initials
    Unit.objects.filter(pk=town.pk).update(name="旧名", initials="jm")
    assert actions.sync(by="installation") == 1
    again = Unit.objects.get(pk=town.pk)
    assert (again.name, again.initials) == (town.name, town.initials)
