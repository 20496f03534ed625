"""Headers of every answer, cookies, and what the production settings add."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.web import desks
from tests.web.addresses import rows
from tests.web.operations.test_deployment import production
from tests.web.test_matrix import Standing, reached, walked

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
OWN = (
    *("/", "/healthz", "/accounts/login/", "/accounts/mfa/", "/accounts/password/", "/accounts/sessions/"),
    *("/go/", "/no/such", "/favicon.ico", "/units.json", "/api/v1/me", "/api/v1/seats", "/api/v1/no"),
)
ADDED = (
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD",
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE",
)  # fmt: skip


@pytest.fixture(scope="module")
def standing(seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    copy, objects = seeds.furnished(tmp_path_factory.mktemp("headers"))
    with desks.pointed(copy):
        yield Standing(copy, objects)
    seeds.remove(copy)


def answers(standing: Standing) -> Iterator[tuple[str, Any]]:
    """(where, answer) of every address under a unit, of the API, of pages without one, of refusals."""
    for name, row, method in walked():
        if method == "GET":
            role = next(one for one in desks.ROLES_ON if one in reached(row, "GET"))
            yield name, standing.client(role).get(standing.path(role, name))
    region = standing.desk.units["region"]
    for path in (*OWN, f"/{region}/2026/manage/audit/"):
        yield path, standing.client("planner").get(path)
    yield "refused without the token", Client(enforce_csrf_checks=True).post("/accounts/login/")
    yield "401", Client().get("/api/v1/me")


def test_every_answer_carries_the_headers(standing: Standing) -> None:
    """Pages, files, the API, refusals. What belongs to a person is kept by nobody on the way."""
    wrong: list[str] = []
    for where, answer in answers(standing):
        wrong += [f"{where}: {name}" for name, value in ALWAYS.items() if answer.headers.get(name) != value]
        if "Content-Security-Policy" not in answer.headers:
            wrong.append(f"{where}: no policy")
        kept = answer.headers.get("Cache-Control", "")
        if ":" in where and answer.status_code == 200 and "no-store" not in kept and "private" not in kept:
            wrong.append(f"{where}: may be kept on the way ({kept!r})")
        if "html" in answer.headers.get("Content-Type", "") and answer.status_code == 200 and ":" in where:
            wrong += [] if "no-store" in kept else [f"{where}: a page may be kept ({kept!r})"]
    assert not wrong, "\n".join(wrong)


def test_cookies_are_kept_from_scripts_and_other_sites(standing: Standing) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "planner", "password": desks.PASSWORD})
    client.post("/language/", {"language": "en"})
    assert set(client.cookies) == {"csrftoken", "sessionid", "django_language"}
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
    assert client.cookies["sessionid"]["max-age"] == "", "it ends with the browser"


def test_production_adds_what_needs_tls(standing: Standing, tmp_path: Path) -> None:
    """Its own settings, applied here: HSTS, everything by TLS, cookies only by TLS."""
    code = (
        "import json; from django.conf import settings as s;"
        f"print(json.dumps({{name: getattr(s, name) for name in {ADDED!r}}}))"
    )
    done = production(tmp_path, "shell", "--no-imports", "-v0", "-c", code)
    added = json.loads(done.stdout.strip().splitlines()[-1])
    with override_settings(**added):
        plain = Client().get("/accounts/login/")
        assert plain.status_code == 301
        assert plain.headers["Location"].startswith("https://")
        client = Client()
        answer = client.get("/accounts/login/", secure=True)
        client.post("/accounts/login/", {"login": "planner", "password": desks.PASSWORD}, secure=True)
        client.post("/language/", {"language": "en"}, secure=True)
        assert set(client.cookies) == {"csrftoken", "sessionid", "django_language"}
        assert all(cookie["secure"] for cookie in client.cookies.values())
    year = 365 * 24 * 3600
    assert answer.headers["Strict-Transport-Security"] == f"max-age={year}; includeSubDomains; preload"


@pytest.mark.parametrize("name", ["demo", "base", "test", "public"])
def test_nothing_is_ever_served_with_debugging_on(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_WORKSPACE", str(tmp_path))
    module = f"junheng.web.settings.{name}"
    before = sys.modules.pop(module, None)
    try:
        assert getattr(importlib.import_module(module), "DEBUG", False) is False
    finally:
        if before is not None:
            sys.modules[module] = before


def test_a_fault_of_ours_shows_no_trace(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 with a number, without the message, a path or a variable; 404 without the list of addresses."""

    def fails(*_: Any) -> None:
        raise RuntimeError("inner-words-of-ours")

    client = standing.desk.client("planner")
    client.raise_request_exception = False
    monkeypatch.setattr("junheng.web.desk.queries.desk", fails)
    monkeypatch.setattr("junheng.web.runs.reading.newest_version", fails)
    for path in (f"/{standing.desk.units['region']}/2026/", "/api/v1/health"):
        answer = client.get(path)
        text = answer.content.decode()
        assert answer.status_code == 500, path
        assert answer.headers["X-Request-Id"], path
        for part in ("inner-words", "Traceback", "RuntimeError", ".py", "SECRET"):
            assert part not in text, path
    missing = client.get("/no/such/place").content.decode()
    assert "urlpatterns" not in missing
    assert "URLconf" not in missing


def test_there_is_a_row_for_what_is_open() -> None:
    """Nothing is open to strangers but what the matrix names; all else needs a session."""
    from django.urls import get_resolver

    opened: set[str] = set()

    def walk(resolver: Any, space: str) -> None:
        for one in resolver.url_patterns:
            if hasattr(one, "url_patterns"):
                walk(one, f"{space}{one.namespace}:" if one.namespace else space)
            elif getattr(one.callback, "login_required", True) is False:
                opened.add(f"{space}{one.name}")

    walk(get_resolver(), "")
    assert {name for name in opened if not name.startswith("api:")} <= {*rows("open"), *rows("signed_in")}
