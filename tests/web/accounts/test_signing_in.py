"""Signing in: what is refused, what is asked for first, how long it lasts."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.web.desks import PASSWORD

LOGIN = "/accounts/login/"
HOME = "/accounts/sessions/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "signup",
        "email",
        "confirm-email",
        "password/reset",
        "password/set",
        "login/code/confirm",
        "mfa/webauthn",
        "mfa/codes/download",
        "3rdparty",
        "phone/verify",
    ],
)
def test_only_the_addresses_needed_exist(desk: Any, path: str) -> None:
    assert Client().get(f"/accounts/{path}/").status_code == 404
    assert Client().post(f"/accounts/{path}/", {"username": "me", "password1": PASSWORD}).status_code == 404


def test_sign_in_gives_a_new_session_key(desk: Any) -> None:
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    assert sign_in(client, "planner").status_code == 302
    assert client.session.session_key != before
    assert signed_in(client)


def test_a_session_is_dead_after_signing_out(desk: Any) -> None:
    client = Client()
    sign_in(client, "planner")
    key = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = key
    assert not signed_in(client)


def test_a_stopped_account_learns_so_only_by_its_own_password(desk: Any, people: dict[str, Any]) -> None:
    person = people["planner"]
    person.is_active = False
    person.save()
    wrong = sign_in(Client(), "planner", "not the password")
    assert wrong.status_code == 200
    right = Client()
    sign_in(right, "planner")
    assert not signed_in(right)


def test_the_sixth_try_is_refused_even_with_the_right_password(desk: Any) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    for spelling in (
        "planner",
        "PLANNER",
        " planner",
        "Planner",
        "ｐlanner",
    ):  # one account, however it is written
        answer = sign_in(client, spelling, "wrong password")
    assert answer.status_code == 403
    assert sign_in(client, "planner").status_code == 403
    assert not signed_in(client)


def test_another_account_at_the_same_address_still_works(desk: Any) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(5):
        sign_in(client, "planner", "wrong password")
    other = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(other, "leader")
    assert signed_in(other)
    elsewhere = Client(REMOTE_ADDR="192.0.2.8")
    sign_in(elsewhere, "planner")
    assert signed_in(elsewhere)


def test_releasing_a_lock_lets_the_person_in_and_is_on_record(desk: Any, people: dict[str, Any]) -> None:
    from junheng.web.accounts.actions import release_lock
    from junheng.web.audit.models import AuditEvent

    client = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(5):
        sign_in(client, "planner", "wrong password")
    locked = AuditEvent.objects.get(verb="person.locked_out")
    assert locked.object == "planner"
    release_lock(person=people["planner"], by=people["system_admin"], reason="by telephone")
    sign_in(client, "planner")
    assert signed_in(client)
    assert AuditEvent.objects.filter(verb="person.lock_released", object="planner").count() == 1


def test_what_was_typed_for_an_unknown_account_is_not_kept_in_the_trail(desk: Any) -> None:
    from junheng.web.audit.models import AuditEvent

    client = Client(REMOTE_ADDR="192.0.2.9")
    for _ in range(5):
        sign_in(client, "My-Secret-Password-1", "x")
    assert "secret" not in AuditEvent.objects.get(verb="person.locked_out").object.lower()


def test_too_many_posts_from_an_address_are_answered_with_when_to_come_back(desk: Any) -> None:
    client = Client(REMOTE_ADDR="192.0.2.10")
    answers = [sign_in(client, f"nobody-{number}", "x") for number in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


class Clock:
    """time.time() of the session rules."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time()
        monkeypatch.setattr("junheng.web.accounts.middleware.time.time", lambda: self.now)


def test_a_session_ends_after_half_an_hour_without_use(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    client = Client()
    sign_in(client, "planner")
    for _ in range(3):
        clock.now += 29 * 60
        assert signed_in(client)
    clock.now += 31 * 60
    assert not signed_in(client)
    assert not signed_in(client)


def test_a_session_ends_after_twelve_hours_whatever_its_use(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    client = Client()
    sign_in(client, "planner")
    for _ in range(30):  # 11 hours and a half
        clock.now += 23 * 60
        assert signed_in(client)
    clock.now += 29 * 60 + 59
    assert signed_in(client)
    clock.now += 2 * 60
    assert not signed_in(client)


def test_a_temporary_password_opens_nothing_but_its_change(desk: Any, people: dict[str, Any]) -> None:
    from junheng.web.accounts.actions import set_password

    temporary = set_password(person=people["planner"], by=people["system_admin"], reason="forgotten")
    client = Client()
    sign_in(client, "planner", temporary)
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/password/")
    assert client.get("/units.json").status_code == 302
    fragment = client.get("/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (204, "/accounts/password/")
    new = {"oldpassword": temporary, "password1": "Ein-ganz-neues-9", "password2": "Ein-ganz-neues-9"}
    assert client.post("/accounts/password/", new).status_code == 302
    assert not signed_in(client), "a new password is used at once"
    sign_in(client, "planner", "Ein-ganz-neues-9")
    assert client.get("/").headers["Location"].startswith(f"/{desk.units['region']}/")


def test_a_changed_password_ends_every_other_session(desk: Any) -> None:
    one, other = Client(), Client()
    sign_in(one, "planner")
    sign_in(other, "planner")
    new = {"oldpassword": PASSWORD, "password1": "Ein-ganz-neues-9", "password2": "Ein-ganz-neues-9"}
    one.post("/accounts/password/", new)
    assert not signed_in(other)


def test_none_of_the_last_passwords_again(desk: Any) -> None:
    client = Client()
    present = PASSWORD
    for number in range(5):
        cache.clear()  # changes of password are limited, too
        sign_in(client, "planner", present)
        following = f"Ein-ganz-neues-{number}"
        for refused in (present, PASSWORD):
            form = {"oldpassword": present, "password1": refused, "password2": refused}
            assert client.post("/accounts/password/", form).status_code == 200, "shown again with the fault"
        form = {"oldpassword": present, "password1": following, "password2": following}
        assert client.post("/accounts/password/", form).status_code == 302
        present = following
    cache.clear()
    sign_in(client, "planner", present)
    form = {"oldpassword": present, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/password/", form).status_code == 302, "the sixth before may come back"


def test_own_sessions_are_listed_and_one_can_be_ended(desk: Any) -> None:
    from allauth.usersessions.models import UserSession

    one = Client(headers={"user-agent": "Firefox at home"})
    other = Client(headers={"user-agent": "Chromium at school"})
    stranger = Client()
    sign_in(one, "planner")
    sign_in(other, "planner")
    sign_in(stranger, "leader")
    page = one.get(HOME).content.decode()
    assert "Firefox at home" in page
    assert "Chromium at school" in page
    pk = UserSession.objects.get(user_agent="Chromium at school").pk
    assert stranger.post(f"/accounts/sessions/{pk}/end/").status_code == 404
    assert signed_in(other)
    assert one.post(f"/accounts/sessions/{pk}/end/").status_code == 302
    assert not signed_in(other)
    assert signed_in(one)


def test_the_pages_are_in_both_languages(desk: Any) -> None:
    client = Client()
    assert "账户名" in client.get(LOGIN).content.decode()
    client.cookies["django_language"] = "en"
    page = client.get(LOGIN).content.decode()
    body = page[page.index("<main") :]
    assert "Account name" in body
    assert not re.search(r"[\u4e00-\u9fff]", body)
