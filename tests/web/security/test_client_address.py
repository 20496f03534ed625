"""Behind a proxy: whose tries are counted, whatever the client writes into the header."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings
from tests.web.desks import PASSWORD

OURS, THEIRS = "203.0.113.9", "198.51.100.7"


@pytest.mark.parametrize(
    ("proxies", "header", "wanted"),
    [
        (0, OURS, "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, OURS, OURS),
        (1, f"6.6.6.6, {OURS}", OURS),
        (1, f"6.6.6.6, 7.7.7.7, {OURS}", OURS),
        (1, "nonsense", "127.0.0.1"),
        (2, f"6.6.6.6, {OURS}, 10.0.0.2", OURS),
        (2, OURS, "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(proxies: int, header: str, wanted: str) -> None:
    from axes.helpers import get_client_ip_address

    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=header)
    with override_settings(PROXIES=proxies):
        assert get_client_ip_address(request) == wanted


def test_a_lock_holds_for_one_address_and_is_not_slipped_by_a_header(desk: Any) -> None:
    """The same account from the person's own address still works: nobody is locked out from outside."""
    from junheng.web.audit.models import AuditEvent

    def sign_in(header: str, password: str) -> int:
        client = Client()
        client.post(
            "/accounts/login/",
            {"login": "school_clerk", "password": password},
            headers={"X-Forwarded-For": header},
        )
        return "_auth_user_id" in client.session

    with override_settings(PROXIES=1):
        assert not any(sign_in(f"10.0.0.{number}, {THEIRS}", "wrong") for number in range(5))
        assert not sign_in(f"10.9.9.9, {THEIRS}", PASSWORD)
        assert sign_in(OURS, PASSWORD)
    assert OURS in set(AuditEvent.objects.values_list("ip", flat=True))
