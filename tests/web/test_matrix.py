"""The matrix: address × method × role × (own, child, parent, sibling unit) → what must be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from tests.web import desks
from tests.web.addresses import addresses, matrix, path_of, rows
from tests.web.objects import made_objects, strangers

from junheng.web.accounts.roles import ROLES

YEAR = 2026
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
REFUSED = (403, 404)


@pytest.fixture(scope="module")
def standing(seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One desk for the whole matrix, with an object of every kind addresses name."""
    copy = seeds.copy("sqlite", tmp_path_factory.mktemp("matrix"))
    with desks.pointed(copy):
        yield copy, made_objects(copy)
    seeds.remove(copy)


def test_every_address_has_a_row() -> None:
    known = {*rows("open"), *rows("signed_in"), *rows("scoped"), *(matrix().get("elsewhere") or ())}
    here = {one.name for one in addresses()}
    assert sorted(here - known) == [], "addresses without a row in tests/web/matrix.yaml"
    assert sorted(known - here) == [], "rows of addresses that are gone"


def test_scoped_addresses_stand_under_a_unit_and_a_year() -> None:
    scoped = {one.name for one in addresses() if one.scoped}
    assert scoped == set(rows("scoped"))


def test_roles_are_what_the_matrix_says() -> None:
    assert {name: sorted(role.permissions) for name, role in ROLES.items()} == {
        name: sorted(permissions) for name, permissions in matrix()["roles"].items()
    }


def relations(desk: Any, role: str) -> dict[str, str]:
    """Units as seen from where the role stands."""
    units = desk.units
    by_place = {
        "school": {"own": "school", "parent": "town", "sibling": "other_school"},
        "town": {"own": "town", "child": "school", "parent": "region", "sibling": "other_town"},
        "region": {"own": "region", "child": "town", "parent": "above"},
        "above": {"own": "above", "child": "region"},
    }[desks.ROLES_ON[role]]
    return {relation: units[name] for relation, name in by_place.items()}


@pytest.mark.parametrize("role", [*desks.ROLES_ON, None], ids=str)
def test_answers(standing: Any, role: str | None) -> None:
    """Out of reach 404; in reach without the permission 403 or 404; with it neither; a stranger: login."""
    desk, objects = standing
    wrong: list[str] = []
    units = relations(desk, role) if role else {"own": desk.units["region"]}
    permissions = set(matrix()["roles"][role]) if role else set()
    client = desk.client(role)
    for name, row in rows("scoped").items():
        for method, permission in row.items():
            if method in ("with", "page"):
                continue
            for relation, unit in units.items():
                status = _ask(client, method, path_of(name, unit, YEAR, objects))
                if role is None:
                    good = status == 302
                elif relation in ("parent", "sibling"):
                    good = status == 404
                elif permission not in permissions and permission != "any":
                    good = status in REFUSED
                else:
                    own_object = relation == "own" or not row.get("with")
                    good = status < 500 and (status not in REFUSED or not own_object or "with" in row)
                if not good:
                    wrong.append(f"{method} {name} {relation}: {status}")
    assert wrong == []


def test_permitted_reach_their_objects(standing: Any) -> None:
    """Each address that names an object answers to someone who may see it, and 404 for made-up ids."""
    desk, objects = standing
    wrong: list[str] = []
    for name, row in rows("scoped").items():
        if not row.get("with"):
            continue
        for method, permission in row.items():
            if method != "GET":
                continue
            answers = {}
            for role, unit in desks.ROLES_ON.items():
                if permission == "any" or permission in matrix()["roles"][role]:
                    path = path_of(name, desk.units[unit], YEAR, objects)
                    answers[role] = _ask(desk.client(role), method, path)
                    other = _ask(
                        desk.client(role), method, path_of(name, desk.units[unit], YEAR, strangers())
                    )
                    if other not in (404, 403):
                        wrong.append(f"{method} {name} with a made-up object, {role}: {other}")
            if not any(status in (200, 302) for status in answers.values()):
                wrong.append(f"{method} {name} answers nobody: {answers}")
    assert wrong == []


def test_unsafe_requests_need_the_token(standing: Any) -> None:
    """POST without the CSRF token is refused wherever it is allowed at all."""
    desk, objects = standing
    let_through: list[str] = []
    for name, row in rows("scoped").items():
        for method, permission in row.items():
            if method not in UNSAFE:
                continue
            role, unit = next(
                (role, desk.units[unit])
                for role, unit in desks.ROLES_ON.items()
                if permission == "any" or permission in matrix()["roles"][role]
            )
            client = desk.client(role, enforce_csrf_checks=True)
            status = _ask(client, method, path_of(name, unit, YEAR, objects))
            if status not in REFUSED:
                let_through.append(f"{method} {name} {role}: {status}")
    assert let_through == []


def test_open_and_own_addresses(standing: Any) -> None:
    from django.urls import reverse

    desk, _ = standing
    for name, methods in rows("open").items():
        for method, status in methods.items():
            wanted = status if isinstance(status, list) else [status]
            assert _ask(desk.client(None), method, reverse(name)) in wanted, name
    for name, methods in rows("signed_in").items():
        for method in methods:
            path = reverse(name)
            assert _ask(desk.client(None), method, path) == 302, name
            assert _ask(desk.client("planner"), method, path) < 500, name


def _ask(client: Client, method: str, path: str) -> int:
    call: Callable[..., Any] = getattr(client, method.lower())
    return call(path).status_code
