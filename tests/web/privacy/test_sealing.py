"""Sealing, rotating and showing personal values."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from tests.web.desks import PASSWORD

from junheng.model.errors import Refused
from junheng.web.privacy import masking

NUMBER = "13900001234"
KEYS = {"old": "o" * 40, "new": "n" * 40}


@pytest.fixture
def with_phone(desk: Any, people: dict[str, Any]) -> Any:
    from junheng.web.accounts.actions import change_person

    person = people["planner"]
    return change_person(
        person=person,
        by=people["system_admin"],
        name=person.name,
        unit=person.unit,
        email="a.b@edu.example",
        phone=NUMBER,
    )


@pytest.mark.parametrize("cipher", ["aes256gcm", "sm4gcm"])
def test_what_is_sealed_opens_and_shows_nothing(cipher: str) -> None:
    from junheng.web.accounts.sealing import key_of, seal, unseal

    with override_settings(FIELD_CIPHER=cipher):
        sealed = seal(NUMBER, field="f")
        assert NUMBER not in sealed
        assert seal(NUMBER, field="f") != sealed, "equal values do not look equal"
        assert key_of(sealed) == "test"
        assert sealed.split(".")[1] == cipher
    assert unseal(sealed, field="f") == NUMBER, "whatever the cipher now"
    assert (seal("", field="f"), unseal("", field="f")) == ("", "")


def test_a_sealed_value_does_not_open_elsewhere_or_altered() -> None:
    from junheng.web.accounts.sealing import seal, unseal

    sealed = seal(NUMBER, field="f")
    key, cipher, nonce, text = sealed.split(".")
    flipped = ("A" if text[5] != "A" else "B").join((text[:5], text[6:]))
    for field, value in (
        ("g", sealed),
        ("f", f"{key}.{cipher}.{nonce}.{flipped}"),
        ("f", f"{key}.sm4gcm.{nonce}.{text}"),
        ("f", f"{key}.{cipher}.{nonce}"),
        ("f", f"{key}.{cipher}.!.!"),
        ("f", NUMBER),
    ):
        with pytest.raises(Refused, match=r"sealed_broken"):
            unseal(value, field=field)


def test_a_wrong_or_absent_key_opens_nothing() -> None:
    from junheng.web.accounts.sealing import seal, unseal

    with override_settings(FIELD_KEYS=KEYS, FIELD_KEY="old"):
        sealed = seal(NUMBER, field="f")
    with (
        override_settings(FIELD_KEYS={"old": "x" * 40}, FIELD_KEY="old"),
        pytest.raises(Refused, match=r"sealed_broken"),
    ):
        unseal(sealed, field="f")
    with (
        override_settings(FIELD_KEYS={"new": "n" * 40}, FIELD_KEY="new"),
        pytest.raises(Refused, match=r"unknown_key"),
    ):
        unseal(sealed, field="f")


def dump() -> str:
    """Every text the database holds."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows: list[str] = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)


@pytest.mark.both_databases
def test_a_dump_of_the_database_holds_no_number(with_phone: Any) -> None:
    held = dump()
    assert NUMBER not in held
    assert with_phone.phone_sealed in held


@pytest.mark.both_databases
def test_keys_are_rotated_in_one_go(with_phone: Any, people: dict[str, Any]) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import decrypt
    from tests.web.desks import TOTP_SECRET

    from junheng.web.accounts.actions import PHONE
    from junheng.web.accounts.sealing import key_of, unseal
    from junheng.web.privacy.actions import rotate

    test_key = {"test": "test-only-field-key-" + "0123456789abcdef" * 2}
    with override_settings(FIELD_KEYS=test_key | KEYS, FIELD_KEY="new"):
        assert rotate(by="test") > 1
        assert rotate(by="test") == 0
    with override_settings(FIELD_KEYS={"new": KEYS["new"]}, FIELD_KEY="new"):
        with_phone.refresh_from_db()
        assert key_of(with_phone.phone_sealed) == "new"
        assert unseal(with_phone.phone_sealed, field=PHONE) == NUMBER
        factor = Authenticator.objects.get(user=people["auditor"], type="totp")
        assert decrypt(factor.data["secret"]) == TOTP_SECRET


def test_a_rotation_that_cannot_read_one_changes_none(with_phone: Any) -> None:
    from junheng.web.privacy.actions import rotate

    before = with_phone.phone_sealed
    with override_settings(FIELD_KEYS=KEYS, FIELD_KEY="new"), pytest.raises(Refused):
        rotate(by="test")
    with_phone.refresh_from_db()
    assert with_phone.phone_sealed == before


@pytest.mark.parametrize(
    ("shown", "value"),
    [("****1234", NUMBER), ("****5678", "020-12345678"), ("****", "12345"), ("", "")],
)
def test_numbers_are_shown_by_their_last_four(shown: str, value: str) -> None:
    assert masking.number(value) == shown


def test_names_and_addresses_are_masked() -> None:
    assert (masking.name("欧阳娜娜"), masking.name("李"), masking.name("")) == ("欧*", "李*", "")
    assert (masking.email("wang.li@edu.cn"), masking.email("nonsense"), masking.email("")) == (
        "w*@edu.cn",
        "",
        "",
    )


def address(desk: Any, username: str, page: str = "") -> str:
    return f"/{desk.units['region']}/2027/manage/people/{username}/{page}"


def test_no_page_shows_the_number_or_the_address(desk: Any, with_phone: Any) -> None:
    client = desk.client("system_admin")
    for path in (
        address(desk, "planner"),
        address(desk, "planner", "change/"),
        f"/{desk.units['region']}/2027/manage/people/",
    ):
        page = client.get(path).content.decode()
        assert NUMBER not in page, path
    page = client.get(address(desk, "planner")).content.decode()
    assert "****1234" in page
    assert "a.b@edu.example" not in page


def test_the_number_is_shown_for_a_purpose_after_proving_oneself_again(desk: Any, with_phone: Any) -> None:
    from junheng.web.audit.models import AuditEvent

    client = desk.client("system_admin")
    path = address(desk, "planner", "phone/")
    asked = client.get(path)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    suspended = client.post(path, {"reason": "call back"})
    assert suspended.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not AuditEvent.objects.filter(verb="person.unmasked").exists()
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})
    assert NUMBER in answer.content.decode(), "what was asked for goes on after the password"
    assert "no-store" in answer.headers["Cache-Control"]
    event = AuditEvent.objects.get(verb="person.unmasked")
    assert (event.actor, event.object, event.reason) == ("system_admin", "planner", "call back")
    assert NUMBER not in str(event.diff)
    empty = client.post(path, {"reason": "  "})
    assert empty.status_code == 422
    assert NUMBER not in empty.content.decode()
    assert NUMBER not in client.get(path).content.decode()
    assert AuditEvent.objects.filter(verb="person.unmasked").count() == 1


def test_only_who_looks_after_the_person_may_ask(desk: Any, with_phone: Any, people: dict[str, Any]) -> None:
    from junheng.web.privacy.actions import unmask_phone

    for role in ("security_admin", "auditor", "leader", "superior"):
        with pytest.raises(PermissionDenied):
            unmask_phone(person=with_phone, by=people[role], purpose="curious")


def test_the_days_limit_is_kept_and_told_to_the_auditor_once(
    desk: Any, with_phone: Any, people: dict[str, Any]
) -> None:
    from junheng.web.notices.models import Notice
    from junheng.web.privacy import catalogue
    from junheng.web.privacy.actions import TooMany, unmask_phone

    for _ in range(catalogue.limit("unmask_a_day")):
        unmask_phone(person=with_phone, by=people["system_admin"], purpose="many calls")
    for _ in range(2):
        with pytest.raises(TooMany):
            unmask_phone(person=with_phone, by=people["system_admin"], purpose="one more")
    told = Notice.objects.filter(code="privacy.notice_unmask_limit")
    assert [notice.to.username for notice in told] == ["auditor"]
    client: Client = desk.client("system_admin")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.post(address(desk, "planner", "phone/"), {"reason": "one more"})
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
