"""Tokens: shown once, kept as a digest, one grant and no more, ended at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

YEAR = 2026


def place(desk: Any, role: str, *parts: str) -> str:
    return "/".join((f"/{desk.code_of(role)}/{YEAR}/tokens", *parts)) + "/"


def form_of(desk: Any, role: str, **changes: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=30)
    grant = desk.person(role).current_grants()[0].pk
    return {"grant": str(grant), "name": "每月统计", "until": day.isoformat(), **changes}


def made(desk: Any, role: str) -> str:
    """A token made on the page, read from it as its owner would."""
    answer = desk.client(role).post(place(desk, role), form_of(desk, role))
    assert answer.status_code == 200
    return re.search(r"<code>(jh_[\w-]+)</code>", answer.content.decode()).group(1)  # type: ignore[union-attr]


def status(key: str, path: str = "me") -> int:
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}).status_code


def test_the_key_is_shown_once_and_only_its_digest_kept(desk: Any) -> None:
    from junheng.web.api.models import ApiToken
    from junheng.web.audit.models import AuditEvent

    key = made(desk, "planner")
    assert key not in desk.client("planner").get(place(desk, "planner")).content.decode()
    token = ApiToken.objects.get()
    assert key not in str(token.__dict__) and len(token.digest) == 64
    event = AuditEvent.objects.get(verb="token.created")
    assert key not in str(event.__dict__) and event.diff["role"] == "planner"
    assert status(key) == 200
    token.refresh_from_db()
    assert token.used_at is not None


def test_a_token_opens_its_grant_and_nothing_else(desk: Any) -> None:
    """A planner who also holds a school's grant reads the school alone with that grant's token."""
    from junheng.web.accounts.models import Grant
    from junheng.web.api.actions import create

    person = desk.person("planner")
    school = desk.unit("school")
    grant = Grant.objects.create(user=person, role="principal", unit=school, valid_from=timezone.localdate())
    person = desk.person("planner")
    day = timezone.localdate() + timedelta(days=1)
    _, key = create(by=person, grant=grant.pk, name="x", valid_to=day)
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).json()
    assert [one["unit"] for one in answer["grants"]] == [school.code]
    assert status(key, f"seats?unit={school.code}") == 200
    assert status(key, f"seats?unit={desk.units['region']}") == 404


@pytest.mark.parametrize("how", ["ended", "overdue", "grant", "person"])
def test_it_ends_with_whatever_it_hangs_on(desk: Any, how: str) -> None:
    from junheng.web.accounts.models import Grant, User
    from junheng.web.api.models import ApiToken

    key = made(desk, "planner")
    token = ApiToken.objects.get()
    if how == "ended":
        answer = desk.client("planner").post(place(desk, "planner", str(token.pk), "end"))
        assert answer.status_code == 302
    elif how == "overdue":
        ApiToken.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    elif how == "grant":
        Grant.objects.filter(pk=token.grant_id).update(state=Grant.ENDED)
    else:
        User.objects.filter(pk=token.user_id).update(is_active=False)
    assert status(key) == 401


def test_a_wrong_token_is_401_even_with_a_session(desk: Any) -> None:
    client = desk.client("planner")
    assert client.get("/api/v1/me").status_code == 200
    for key in ("jh_nonsense", "", "é", "x" * 5000):
        assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code in (401, 200)
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer jh_nonsense"}).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"grant": "999999"},
        {"grant": "x"},
        {"until": "2020-01-01"},
        {"until": "2199-01-01"},
        {"until": ""},
        {"name": " "},
    ],
)
def test_what_cannot_be_made_is_said_in_place(desk: Any, changes: dict[str, str]) -> None:
    from junheng.web.api.models import ApiToken

    answer = desk.client("planner").post(place(desk, "planner"), form_of(desk, "planner", **changes))
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_makes_one_for_anothers_grant_or_ends_anothers(desk: Any) -> None:
    from junheng.web.api.models import ApiToken

    grant = desk.person("planner_2").current_grants()[0].pk
    answer = desk.client("planner").post(place(desk, "planner"), form_of(desk, "planner", grant=str(grant)))
    assert answer.status_code == 422
    made(desk, "planner")
    token = ApiToken.objects.get()
    other = desk.client("planner_2").post(place(desk, "planner_2", str(token.pk), "end"))
    assert other.status_code == 404
    token.refresh_from_db()
    assert token.open


def test_roles_that_need_a_second_factor_make_none(desk: Any) -> None:
    from junheng.model.errors import Refused
    from junheng.web.api.actions import create

    person = desk.person("auditor")
    with pytest.raises(Refused, match="no_such_grant"):
        create(by=person, grant=person.current_grants()[0].pk, name="x", valid_to=timezone.localdate())
