"""The harness itself: a desk on each database, and a browser that notices."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.web.browsing import totp
from tests.web.desks import PASSWORD, ROLES_ON, Desk

from junheng.web.accounts.models import User
from junheng.web.audit import checking
from junheng.web.runs.models import RunRecord


@pytest.mark.both_databases
def test_a_desk_has_people_units_and_a_published_run(
    desk: Desk, people: dict[str, Any], database: str
) -> None:
    assert connection.vendor == database
    assert {role: people[role].roles for role in ROLES_ON} == {role: [role] for role in ROLES_ON}
    assert desk.unit("school").path.startswith(desk.unit("town").path)
    assert [run.state for run in RunRecord.objects.all()] == ["published"]
    assert checking.verify().holds


@pytest.mark.both_databases
def test_desks_are_separate(desk: Desk, people: dict[str, Any]) -> None:
    assert not User.objects.filter(username="left-behind").exists()
    User.objects.create(username="left-behind")


test_desks_are_separate_again = test_desks_are_separate


def test_a_client_is_signed_in(desk: Desk, client_for: Any) -> None:
    assert client_for("planner").session["_auth_user_id"] == str(desk.person("planner").pk)
    assert "_auth_user_id" not in client_for(None).session


def test_passwords_and_second_factors_work(desk: Desk) -> None:
    from allauth.mfa.models import Authenticator

    auditor = desk.person("auditor")
    assert auditor.check_password(PASSWORD)
    assert Authenticator.objects.get(user=auditor).wrap().validate_code(totp())
