"""Signing in by unified identity, against an issuer that sometimes lies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.test.utils import override_settings
from tests.web.accounts.issuer import CLIENT, FORGED, Issuer, serving
from tests.web.accounts.test_signing_in import signed_in

LOGIN, CALLBACK = "/accounts/oidc/unified/login/", "/accounts/oidc/unified/callback/"


@pytest.fixture
def issuer(desk: Any) -> Iterator[Issuer]:
    with serving() as found:
        app = {
            "provider_id": "unified",
            "name": "统一身份认证",
            "client_id": CLIENT,
            "secret": "of the test",
            "settings": {"server_url": found.address},
        }
        with override_settings(
            SOCIALACCOUNT_PROVIDERS={"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        ):
            yield found


@pytest.fixture
def known(issuer: Issuer, desk: Any, people: dict[str, Any]) -> Any:
    from junheng.web.accounts.actions import change_person

    person = people["planner"]
    change_person(
        person=person,
        by=people["system_admin"],
        name=person.name,
        unit=person.unit,
        email="",
        identity="sub-1",
    )
    return person


def leave(client: Client, issuer: Issuer) -> dict[str, str]:
    """To the issuer; what it was asked."""
    answer = client.post(LOGIN)
    assert answer.status_code == 302, answer.content.decode()[:300]
    assert answer.headers["Location"].startswith(f"{issuer.address}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    issuer.nonce, issuer.challenge = asked["nonce"], asked["code_challenge"]
    return asked


def come_back(client: Client, issuer: Issuer) -> Any:
    asked = leave(client, issuer)
    return client.get(CALLBACK, {"code": "c", "state": asked["state"]})


def test_a_known_person_comes_in(known: Any, issuer: Issuer) -> None:
    client = Client()
    assert come_back(client, issuer).status_code == 302
    assert signed_in(client)
    assert client.session["_auth_user_id"] == str(known.pk)


def test_the_sign_in_page_offers_it(issuer: Issuer, desk: Any) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert f'action="{LOGIN}"' in page
    assert "用统一身份认证登录" in page


def test_the_request_carries_state_nonce_and_a_challenge(known: Any, issuer: Issuer) -> None:
    asked = leave(Client(), issuer)
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert len(asked["nonce"]) >= 32
    assert asked["state"]
    assert leave(Client(), issuer)["nonce"] != asked["nonce"]


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": None},
        {"iss": "http://elsewhere"},
        {"exp": int(time.time()) - 10},
        {"exp": None},
    ],
)
def test_a_token_that_is_not_in_order_lets_nobody_in(known: Any, issuer: Issuer, lie: dict[str, Any]) -> None:
    issuer.answer = lie
    client = Client()
    answer = come_back(client, issuer)
    assert answer.status_code == 403
    assert "无效或已过期" in answer.content.decode()
    assert not signed_in(client)


def test_a_forged_signature_lets_nobody_in(known: Any, issuer: Issuer) -> None:
    issuer.forged = True
    client = Client()
    assert come_back(client, issuer).status_code == 403
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("key", "algorithm", "headers"),
    [
        (None, "none", {"kid": "one"}),
        ("the public key, used as a secret of 32 bytes", "HS256", {"kid": "one"}),
        (FORGED, "RS256", {}),
        (FORGED, "RS256", {"kid": "two"}),
    ],
)
def test_a_token_signed_otherwise_lets_nobody_in(
    known: Any, issuer: Issuer, key: Any, algorithm: str, headers: dict[str, Any]
) -> None:
    client = Client()
    asked = leave(client, issuer)
    issuer.raw = issuer.signed(key, algorithm, headers)
    assert client.get(CALLBACK, {"code": "c", "state": asked["state"]}).status_code == 403
    assert not signed_in(client)


@pytest.mark.parametrize("raw", ["", "garbage", "a.b.c"])
def test_what_is_not_a_token_lets_nobody_in(known: Any, issuer: Issuer, raw: str) -> None:
    client = Client()
    asked = leave(client, issuer)
    issuer.raw = raw
    assert client.get(CALLBACK, {"code": "c", "state": asked["state"]}).status_code == 403


def test_an_issuer_that_is_down_is_said_in_a_sentence(known: Any, issuer: Issuer) -> None:
    client = Client()
    asked = leave(client, issuer)
    issuer.stop()
    for answer in (client.post(LOGIN), client.get(CALLBACK, {"code": "c", "state": asked["state"]})):
        assert answer.status_code == 502
        assert "连不上" in answer.content.decode()


def test_another_browsers_answer_lets_nobody_in(known: Any, issuer: Issuer) -> None:
    asked = leave(Client(), issuer)
    victim = Client()
    assert victim.get(CALLBACK, {"code": "c", "state": asked["state"]}).status_code == 403
    assert not signed_in(victim)


def test_a_stolen_code_is_worth_nothing_without_the_verifier(known: Any, issuer: Issuer) -> None:
    client = Client()
    asked = leave(client, issuer)
    issuer.challenge = "of another request"
    assert client.get(CALLBACK, {"code": "c", "state": asked["state"]}).status_code == 403
    assert not signed_in(client)


def test_an_unknown_person_is_told_whom_to_ask(known: Any, issuer: Issuer) -> None:
    from junheng.web.accounts.models import User

    before = User.objects.count()
    issuer.sub = "sub-2"
    issuer.answer = {"preferred_username": "planner", "email": "planner@example.edu"}
    client = Client()
    answer = come_back(client, issuer)
    assert answer.status_code == 403
    assert "联系本单位的系统管理员" in answer.content.decode()
    assert not signed_in(client)
    assert User.objects.count() == before
    assert SocialAccount.objects.count() == 1


def test_a_stopped_person_stays_out(known: Any, issuer: Issuer, people: dict[str, Any]) -> None:
    from junheng.web.accounts.actions import stop_person

    stop_person(person=people["planner"], by=people["system_admin"], reason="left")
    client = Client()
    assert come_back(client, issuer).status_code == 403
    assert not signed_in(client)


def test_a_sensitive_role_shows_its_second_factor_here_too(issuer: Issuer, people: dict[str, Any]) -> None:
    SocialAccount.objects.create(user=people["auditor"], provider="unified", uid="sub-1")
    client = Client()
    assert come_back(client, issuer).headers["Location"] == "/accounts/mfa/authenticate/"
    assert not signed_in(client)


def test_where_one_goes_afterwards_is_an_address_of_ours(known: Any, issuer: Issuer) -> None:
    client = Client()
    for target, wanted in (("/units.json", "/units.json"), ("https://evil.example/", "/")):
        answer = client.post(LOGIN, {"next": target})
        asked = {
            name: value[0] for name, value in parse_qs(urlsplit(answer.headers["Location"]).query).items()
        }
        issuer.nonce, issuer.challenge = asked["nonce"], asked["code_challenge"]
        back = client.get(CALLBACK, {"code": "c", "state": asked["state"]})
        assert back.headers["Location"] == wanted
        client.logout()


def test_without_an_issuer_there_is_no_such_address(desk: Any) -> None:
    assert Client().post(LOGIN).status_code == 404
    assert Client().get(CALLBACK).status_code == 404
    assert Client().get(LOGIN).status_code == 405


def test_an_identity_belongs_to_one_account(known: Any, people: dict[str, Any]) -> None:
    from junheng.model.errors import Refused
    from junheng.web.accounts.actions import change_person

    leader = people["leader"]
    with pytest.raises(Refused, match=r"identity_taken"):
        change_person(
            person=leader, by=people["system_admin"], name="x", unit=leader.unit, email="", identity="sub-1"
        )
