"""Accounts and grants: who may decide over whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from tests.web.accounts.test_signing_in import sign_in, signed_in

from junheng.model.errors import Refused


@pytest.fixture
def acts(desk: Any) -> Any:
    from junheng.web.accounts import actions

    return actions


def last_event() -> Any:
    from junheng.web.audit.models import AuditEvent

    return AuditEvent.objects.order_by("-seq").first()


def grant(acts: Any, people: dict[str, Any], who: str, role: str, unit: Any, **more: Any) -> Any:
    person = people[who] if isinstance(who, str) else who
    given = {"by": people["security_admin"], "reason": "test", "valid_from": timezone.localdate()} | more
    return acts.propose_grant(person=person, role=role, unit=unit, **given)


def refusal(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def test_a_new_person_has_a_temporary_password_and_no_right(
    acts: Any, desk: Any, people: dict[str, Any]
) -> None:
    person, password = acts.create_person(
        username=" Li.Na ",
        name="李娜",
        unit=desk.unit("school"),
        by=people["system_admin"],
        phone="13900001234",
    )
    assert (person.username, person.must_change_password, person.roles) == ("li.na", True, [])
    assert person.check_password(password)
    assert "13900001234" not in person.phone_sealed
    event = last_event()
    assert (event.verb, event.object, event.actor) == ("person.created", "li.na", "system_admin")
    assert "13900001234" not in str(event.diff)


@pytest.mark.parametrize("username", ["ab", "李娜", "a b", "-x-", "a@b", ""])
def test_account_names_have_one_form(acts: Any, desk: Any, people: dict[str, Any], username: str) -> None:
    with refusal("accounts.username_form"):
        acts.create_person(username=username, name="x", unit=desk.unit("school"), by=people["system_admin"])


def test_a_name_is_taken_once(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    with refusal("accounts.username_taken"):
        acts.create_person(username="PLANNER", name="x", unit=desk.unit("region"), by=people["system_admin"])


@pytest.mark.parametrize(
    "role", ["security_admin", "auditor", "planner", "leader", "school_clerk", "superior"]
)
def test_only_the_system_administrator_makes_accounts(
    acts: Any, desk: Any, people: dict[str, Any], role: str
) -> None:
    with pytest.raises(PermissionDenied):
        acts.create_person(username="newcomer", name="x", unit=desk.unit("school"), by=people[role])


@pytest.mark.parametrize("role", ["system_admin", "auditor", "planner", "leader", "school_clerk", "superior"])
def test_only_the_security_administrator_grants(
    acts: Any, desk: Any, people: dict[str, Any], role: str
) -> None:
    with pytest.raises(PermissionDenied):
        grant(acts, people, "principal", "school_clerk", desk.unit("school"), by=people[role])


def test_nobody_reaches_above_her_units(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    with pytest.raises(PermissionDenied):
        acts.set_password(person=people["superior"], by=people["system_admin"], reason="x")
    with pytest.raises(PermissionDenied):
        grant(acts, people, "leader", "superior", desk.unit("above"))


def test_an_account_with_a_role_above_is_not_taken_over_from_below(
    acts: Any, desk: Any, people: dict[str, Any]
) -> None:
    superior = people["superior"]
    superior.unit = desk.unit("region")
    superior.save()
    with refusal("accounts.holds_above"):
        acts.set_password(person=superior, by=people["system_admin"], reason="x")


def test_nobody_manages_her_own_account(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    admin, security = people["system_admin"], people["security_admin"]
    for act in (acts.set_password, acts.stop_person, acts.end_sessions, acts.release_lock):
        with refusal("accounts.own_account"):
            act(person=admin, by=admin, reason="x")
    with refusal("accounts.grant_to_self"):
        grant(acts, people, "security_admin", "leader", desk.unit("region"))
    own = security.grants.get()
    with refusal("accounts.grant_to_self"):
        acts.end_grant(grant=own, by=security, reason="x")
    with refusal("accounts.own_account"):
        acts.reset_second_factor(person=security, by=security, reason="x")


def test_an_ordinary_role_holds_at_once_and_ends_the_sessions(
    acts: Any, desk: Any, people: dict[str, Any]
) -> None:
    client = Client()
    sign_in(client, "principal")
    given = grant(acts, people, "principal", "school_clerk", desk.unit("school"))
    assert given.state == "confirmed"
    assert not signed_in(client)
    assert desk.person("principal").may("fill", desk.unit("school"))
    assert not desk.person("principal").may("fill", desk.unit("other_school"))
    assert last_event().verb == "grant.given"
    assert last_event().diff["after"]["role"] == "school_clerk"


def test_a_sensitive_role_takes_two_people(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    given = grant(acts, people, "leader", "auditor", desk.unit("region"))
    assert given.state == "proposed"
    assert not desk.person("leader").may("audit")
    with refusal("accounts.two_people"):
        acts.confirm_grant(grant=given, by=people["security_admin"])
    with pytest.raises(PermissionDenied):
        acts.confirm_grant(grant=given, by=people["system_admin"])
    acts.confirm_grant(grant=given, by=people["security_admin_2"])
    assert desk.person("leader").may("audit")
    with refusal("accounts.grant_state"):
        acts.confirm_grant(grant=given, by=people["security_admin_2"])


def test_a_refused_proposal_gives_nothing(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    given = grant(acts, people, "leader", "auditor", desk.unit("region"))
    acts.refuse_grant(grant=given, by=people["security_admin_2"], reason="not her job")
    assert not desk.person("leader").may("audit")
    with refusal("accounts.grant_state"):
        acts.confirm_grant(grant=given, by=people["security_admin_2"])


def test_the_three_administrations_are_never_one_persons(
    acts: Any, desk: Any, people: dict[str, Any]
) -> None:
    with refusal("accounts.three_administrators"):
        grant(acts, people, "system_admin", "auditor", desk.unit("region"))
    grant(acts, people, "leader", "auditor", desk.unit("region"))
    with refusal("accounts.three_administrators"):
        grant(acts, people, "leader", "system_admin", desk.unit("region"))


@pytest.mark.parametrize(
    ("role", "unit"), [("school_clerk", "region"), ("planner", "school"), ("superior", "region")]
)
def test_a_role_is_granted_only_on_its_levels(
    acts: Any, desk: Any, people: dict[str, Any], role: str, unit: str
) -> None:
    with refusal("accounts.wrong_level"):
        grant(acts, people, "principal", role, desk.unit(unit))


def test_a_grant_holds_from_its_first_to_its_last_day(
    acts: Any, desk: Any, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    first, last = today + timedelta(days=3), today + timedelta(days=5)
    grant(acts, people, "principal", "school_clerk", desk.unit("school"), valid_from=first, valid_to=last)
    held: list[bool] = []
    for days in (0, 2, 3, 5, 6):
        day: date = today + timedelta(days=days)
        monkeypatch.setattr("junheng.web.accounts.models.timezone.localdate", lambda day=day: day)
        held.append(desk.person("principal").may("fill"))
    assert held == [False, False, True, True, False]


@pytest.mark.parametrize(("first", "last"), [(0, -1), (5, 3), (-9, -3)])
def test_a_period_that_is_over_or_turned_round_is_refused(
    acts: Any, desk: Any, people: dict[str, Any], first: int, last: int
) -> None:
    today = timezone.localdate()
    days = {"valid_from": today + timedelta(days=first), "valid_to": today + timedelta(days=last)}
    with refusal("accounts.wrong_period"):
        grant(acts, people, "principal", "school_clerk", desk.unit("school"), **days)


def test_the_same_grant_is_not_given_twice(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    with refusal("accounts.granted_already"):
        grant(acts, people, "school_clerk", "school_clerk", desk.unit("school"))


def test_ending_a_grant_ends_right_and_sessions(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    client = Client()
    sign_in(client, "planner")
    acts.end_grant(grant=people["planner"].grants.get(), by=people["security_admin"], reason="moved on")
    assert not signed_in(client)
    assert not desk.person("planner").may("forecast")
    assert (last_event().verb, last_event().reason) == ("grant.ended", "moved on")


def test_the_last_administrator_of_a_kind_stays(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    with refusal("accounts.last_administrator"):
        acts.end_grant(grant=people["auditor"].grants.get(), by=people["security_admin"], reason="x")
    acts.end_grant(grant=people["security_admin_2"].grants.get(), by=people["security_admin"], reason="x")


def test_stopping_an_account_ends_its_sessions_and_sign_in(
    acts: Any, desk: Any, people: dict[str, Any]
) -> None:
    client = Client()
    sign_in(client, "planner")
    acts.stop_person(person=people["planner"], by=people["system_admin"], reason="left the bureau")
    assert not signed_in(client)
    sign_in(client, "planner")
    assert not signed_in(client)
    _, password = acts.resume_person(person=people["planner"], by=people["system_admin"], reason="came back")
    sign_in(client, "planner", password)
    assert signed_in(client) is False, "the temporary password must be changed first"
    assert client.get("/accounts/password/").status_code == 200


def test_passwords_and_factors_of_administrators_are_two_peoples_business(
    acts: Any, desk: Any, people: dict[str, Any]
) -> None:
    from allauth.mfa.models import Authenticator

    acts.set_password(person=people["auditor"], by=people["system_admin"], reason="forgotten")
    with pytest.raises(PermissionDenied):
        acts.reset_second_factor(person=people["auditor"], by=people["system_admin"], reason="lost phone")
    assert Authenticator.objects.filter(user=people["auditor"]).exists()
    acts.reset_second_factor(person=people["auditor"], by=people["security_admin"], reason="lost phone")
    assert not Authenticator.objects.filter(user=people["auditor"]).exists()


def test_an_act_that_fails_leaves_no_event(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    before = last_event().seq
    with refusal("accounts.username_taken"):
        acts.create_person(username="planner", name="x", unit=desk.unit("region"), by=people["system_admin"])
    assert last_event().seq == before


def test_installation_is_over_once_somebody_may_grant(acts: Any, desk: Any) -> None:
    with refusal("accounts.installed_already"):
        acts.install_people(people=[acts.Installed("first.admin", "x", desk.unit("region"), "system_admin")])


def test_people_who_could_confirm_are_told(acts: Any, desk: Any, people: dict[str, Any]) -> None:
    from junheng.web.notices.models import Notice

    grant(acts, people, "leader", "auditor", desk.unit("region"))
    told = set(Notice.objects.filter(code="accounts.notice_proposed").values_list("to__username", flat=True))
    assert told == {"security_admin_2"}
