"""Sensitive roles and their second factor."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.checks import run_checks
from django.test import Client
from django.test.utils import override_settings
from tests.web.accounts.test_signing_in import sign_in, signed_in
from tests.web.desks import TOTP_SECRET

SET_UP = "/accounts/mfa/set-up/"


def code(secret: str, at: float | None = None) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(at or time.time()) // 30)))


def test_sign_in_asks_for_the_code(desk: Any) -> None:
    client = Client()
    assert sign_in(client, "auditor").headers["Location"] == "/accounts/mfa/authenticate/"
    assert not signed_in(client)
    wrong = client.post("/accounts/mfa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert "验证码不对" in wrong.content.decode()
    client.post("/accounts/mfa/authenticate/", {"code": code(TOTP_SECRET)})
    assert signed_in(client)
    assert client.get("/").headers["Location"].startswith(f"/{desk.units['region']}/")


@pytest.mark.parametrize(("late", "comes_in"), [(30, True), (-30, True), (75, False), (-75, False)])
def test_a_clock_may_differ_by_one_step(desk: Any, late: int, comes_in: bool) -> None:
    client = Client()
    sign_in(client, "auditor")
    client.post("/accounts/mfa/authenticate/", {"code": code(TOTP_SECRET, time.time() - late)})
    assert signed_in(client) is comes_in


def test_a_form_without_a_code_is_a_fault_and_not_an_error(desk: Any) -> None:
    client = Client()
    sign_in(client, "auditor")
    assert client.post("/accounts/mfa/authenticate/", {}).status_code == 200
    assert not signed_in(client)


def test_a_sensitive_role_is_led_to_set_one_up_and_then_comes_in(desk: Any, people: dict[str, Any]) -> None:
    Authenticator.objects.filter(user=people["auditor"]).delete()
    client = Client()
    sign_in(client, "auditor")
    for path in ("/", f"/{desk.units['region']}/2027/manage/", "/units.json"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith(SET_UP), path
    page = client.get(SET_UP).content.decode()
    assert "必须设置第二因素" in page
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret is not None
    done = client.post(SET_UP, {"code": code(secret.group(1))})
    assert done.headers["Location"] == "/accounts/mfa/codes/"
    codes = client.get("/accounts/mfa/codes/").content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code>", codes)) == 10
    assert client.get("/").headers["Location"].startswith(f"/{desk.units['region']}/")
    assert "<code>" not in client.get("/accounts/mfa/codes/").content.decode(), "shown once"


def test_a_factor_set_up_elsewhere_must_be_shown_in_this_session(desk: Any, people: dict[str, Any]) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    Authenticator.objects.filter(user=people["auditor"]).delete()
    client = Client()
    sign_in(client, "auditor")
    TOTP.activate(people["auditor"], TOTP_SECRET)
    answer = client.get("/")
    assert answer.headers["Location"].startswith("/accounts/mfa/reauthenticate/")
    client.post("/accounts/mfa/reauthenticate/", {"code": code(TOTP_SECRET), "next": "/"})
    assert not client.get("/").headers["Location"].startswith("/accounts/")


def test_the_factor_cannot_be_removed_while_a_role_needs_it(desk: Any, people: dict[str, Any]) -> None:
    client = desk.client("auditor")
    assert "不能取消" in client.get("/accounts/mfa/remove/").content.decode()
    client.post("/accounts/mfa/remove/")
    assert Authenticator.objects.filter(user=people["auditor"], type="totp").exists()


def test_others_may_set_one_up_and_remove_it(desk: Any) -> None:
    client = Client()
    sign_in(client, "planner")
    page = client.get(SET_UP).content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret is not None
    client.post(SET_UP, {"code": code(secret.group(1))})
    assert Authenticator.objects.filter(user__username="planner", type="totp").exists()
    client.post("/accounts/mfa/remove/")
    assert not Authenticator.objects.filter(user__username="planner", type="totp").exists()


def test_the_secret_does_not_lie_open_in_the_database(desk: Any, people: dict[str, Any]) -> None:
    for held in Authenticator.objects.filter(user=people["auditor"]):
        assert TOTP_SECRET not in str(held.data)
        assert held.data.get("secret", held.data.get("seed")).startswith("test.aes256gcm.")


def test_a_demonstration_offers_it_and_stays_on_its_machine(desk: Any, people: dict[str, Any]) -> None:
    Authenticator.objects.filter(user=people["auditor"]).delete()
    client = Client()
    sign_in(client, "auditor")
    with override_settings(DEMO=True):
        assert not client.get("/").headers["Location"].startswith("/accounts/")
    with override_settings(DEMO=True, ALLOWED_HOSTS=["desk.example.edu"]):
        assert "accounts.E003" in [found.id for found in run_checks(tags=["security"])]


@pytest.mark.parametrize("key", ["too short", ""])
def test_weak_field_keys_stop_the_start(desk: Any, key: str) -> None:
    with override_settings(FIELD_KEYS={"a": key}, FIELD_KEY="a"):
        assert "accounts.E001" in [found.id for found in run_checks(tags=["security"])]
