"""What hostile people type, send and name things: never a fault of ours, never run, always shown as text.

On PostgreSQL, which refuses texts too long and NUL where SQLite does not mind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import reverse
from tests.web import desks
from tests.web.addresses import addresses, rows
from tests.web.objects import made_objects
from tests.web.security.forms import PAYLOADS, SCRIPT, Form, forms_of
from tests.web.test_matrix import YEAR, Standing, reached, walked

PARAMETERS = [
    *("q", "page", "sort", "stage", "from", "to", "show", "kind", "level", "area", "state", "role", "verb"),
    *("version", "scenario", "of", "person", "table", "day", "date", "unit", "year", "with", "run", "runs"),
    *("other", "school", "form", "language", "audience", "follows", "number", "seen", "actor", "since"),
    *("until", "next", "tab", "measure"),
]
IN_PATHS = ("...", "²", "a\x00b", "%2e%2e%2fdesk.sqlite3", SCRIPT.replace("/", ""), "x" * 2000)
AWAY = ("/accounts/logout/",)


@pytest.fixture(scope="module")
def standing(seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    copy = seeds.copy("postgresql", tmp_path_factory.mktemp("payloads"))
    with desks.pointed(copy):
        held = Standing(copy, made_objects(copy))
        for person in desks.ROLES_ON:
            held.client(person).raise_request_exception = False
        yield held
    seeds.remove(copy)


def opened(standing: Standing) -> Iterator[tuple[str, str, str, str]]:
    """(name, role, path, page) of every page, as the first role that may open it."""
    for name, row, method in walked():
        if method != "GET" or row.get("page") is False:
            continue
        role = next(one for one in desks.ROLES_ON if one in reached(row, "GET"))
        path = standing.path(role, name)
        response = standing.client(role).get(path)
        if response.status_code == 200:
            yield name, role, path, response.content.decode()


def forms(standing: Standing) -> list[tuple[str, str, Form]]:
    """(role, address, form) of every form there is, once."""
    found: dict[tuple[str, str, tuple[str, ...]], tuple[str, str, Form]] = {}
    for _, role, path, page in opened(standing):
        for form in forms_of(page):
            target = urljoin(path, form.action)
            if target not in AWAY:
                route = urlsplit(target).path
                found.setdefault((route, form.method, tuple(sorted(form.held))), (role, target, form))
    return list(found.values())


def send(standing: Standing, role: str, target: str, form: Form, data: dict[str, str]) -> Any:
    client = standing.client(role)
    call = client.get if form.method == "get" else client.post
    path = target.partition("?")[0] if form.method == "get" else target
    return call(path, data)


def test_addresses_take_whatever_is_asked(standing: Standing) -> None:
    """Nonsense behind the question mark and within the path: no 5xx."""
    wrong: list[str] = []
    for name, row, method in walked():
        if method != "GET":
            continue
        role = next(one for one in desks.ROLES_ON if one in reached(row, "GET"))
        client, path = standing.client(role), standing.path(role, name)
        for payload in PAYLOADS:
            response = client.get(path, dict.fromkeys(PARAMETERS, payload[:3000]))
            where = f"{name} {payload[:12]!r}"
            wrong += [f"{where}: {response.status_code}"] if response.status_code >= 500 else []
            if not response.streaming and "html" in response.headers.get("Content-Type", ""):
                wrong += [f"{where}: live"] if SCRIPT.encode() in response.content else []
    assert not wrong, "\n".join(wrong)


def test_parts_of_addresses_take_whatever_is_written(standing: Standing) -> None:
    wrong: list[str] = []
    parts = {one.name: one.parts for one in addresses()}
    for name, row in rows("scoped").items():
        texts = [
            part for part, made in (row.get("with") or {}).items() if isinstance(standing.objects[made], str)
        ]
        method = "GET" if "GET" in row else "POST"
        role = next(one for one in desks.ROLES_ON if one in reached(row, method))
        for part in texts:
            assert part in parts[name]
            for payload in (
                "..",
                "²",
                "a\x00b",
                "%2e%2e%2fdesk.sqlite3",
                SCRIPT.replace("/", ""),
                "x" * 2000,
            ):
                held = {one: standing.objects[made] for one, made in row["with"].items()} | {part: payload}
                unit = standing.desk.units[desks.ROLES_ON[role]]
                path = reverse(name, kwargs={"unit": unit, "year": row.get("year", YEAR), **held})
                call = standing.client(role).get if method == "GET" else standing.client(role).post
                status = call(path).status_code
                wrong += (
                    [f"{name} {part}={payload[:12]!r}: {status}"] if status not in (400, 403, 404) else []
                )
    for unit in ("²", "a\x00b", "x" * 2000, "'; DROP TABLE"):
        status = standing.client("planner").get(f"/{unit}/2026/").status_code
        wrong += [f"unit {unit[:9]!r}: {status}"] if status not in (400, 404) else []
    for year in (0, 1, 99999, 10**30):
        status = standing.client("planner").get(f"/{standing.desk.units['region']}/{year}/").status_code
        wrong += [f"year {year}: {status}"] if status != 404 else []
    assert not wrong, "\n".join(wrong)


def test_forms_take_whatever_is_typed(standing: Standing) -> None:
    """Typed into the fields, and forged into hidden ones and choices: no 5xx, nothing of it live."""
    every, wrong = forms(standing), []
    assert len(every) > 30
    for role, target, form in every:
        for payload in PAYLOADS:
            for how, data in (("typed", form.filled(payload)), ("forged", form.forged(payload))):
                if not data or (how == "typed" and not form.free):
                    continue
                response = send(standing, role, target, form, data)
                where = f"{form.method} {target} {how} {payload[:12]!r}"
                if response.status_code >= 500:
                    wrong.append(f"{where}: {response.status_code}")
                elif not response.streaming and SCRIPT.encode() in response.content:
                    wrong.append(f"{where}: the script stands in the page")
    assert not wrong, "\n".join(wrong)


def test_what_was_typed_is_text_wherever_it_is_shown(standing: Standing) -> None:
    """After all that, every page, the audit trail among them, shows it escaped; no account was lost."""
    from junheng.web.accounts.models import Grant, User
    from junheng.web.units.models import Unit

    User.objects.update(is_active=True, must_change_password=False)  # some were stopped by forged forms
    Grant.objects.update(state=Grant.CONFIRMED, valid_to=None)
    standing.sign_in_again()

    Unit.objects.filter(level__in=("school", "area")).update(name=PAYLOADS[0][:60])
    User.objects.filter(username="school_clerk").update(name=PAYLOADS[0][:60])
    wrong, escaped = [], 0
    for name, role, _, page in opened(standing):
        wrong += [f"{name} {role}"] if SCRIPT in page or "<img src=x" in page else []
        escaped += "&lt;script&gt;alert(1)" in page
    assert not wrong, "\n".join(wrong)
    assert escaped > 20, "the names do stand in the pages"
    assert User.objects.count() >= len(desks.ROLES_ON)
