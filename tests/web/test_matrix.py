"""The matrix: address × method × role × (own, child, parent, sibling unit) → what must be answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.web import desks
from tests.web.addresses import addresses, matrix, path_of, rows
from tests.web.objects import strangers

from junheng.web.accounts.roles import ROLES

YEAR = 2026
METHODS = ("GET", "POST")
REFUSED = (403, 404)
NEIGHBOURS = {"school_clerk_2": "other_school", "town_clerk_2": "other_town"}
"""People of a role on the unit beside: nothing of the first one's is theirs."""
OWNED = {"evidence_piece", "submission", "correction", "upload", "job", "file", "api_token", "school"}
"""Kinds of objects that belong to a unit or a person, not to everybody who sees the region."""


class Standing:
    """One desk for the whole matrix, with an object of every kind addresses name and one client a person."""

    def __init__(self, desk: Any, objects: dict[str, Any]) -> None:
        self.desk, self.objects = desk, objects
        self._clients: dict[str | None, Client] = {}

    def client(self, person: str | None) -> Client:
        """The person's client, made once."""
        if person not in self._clients:
            self._clients[person] = self.desk.client(person)
        return self._clients[person]

    def sign_in_again(self) -> None:
        """Forget the clients: their sessions were ended."""
        self._clients.clear()

    def path(self, role: str, name: str) -> str:
        """An address on the role's own unit."""
        return path_of(name, self.desk.units[desks.ROLES_ON[role]], YEAR, self.objects)

    def ask(self, person: str | None, method: str, name: str, unit: str, objects: Any = None) -> int:
        """What an address under a unit answers."""
        path = path_of(name, unit, YEAR, objects or self.objects)
        form = rows("scoped")[name].get("form") or {} if method == "POST" else {}
        sent = {field: self.objects.get(made, made) for field, made in form.items()}
        return getattr(self.client(person), method.lower())(path, sent).status_code


@pytest.fixture(scope="module")
def standing(seeds: desks.Seeds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    copy, objects = seeds.furnished(tmp_path_factory.mktemp("matrix"))
    with desks.pointed(copy):
        yield Standing(copy, objects)
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


def holds(role: str, permission: str) -> bool:
    """Whether the matrix gives the role the permission on its unit."""
    return permission == "any" or permission in matrix()["roles"][role]


def reached(row: dict[str, Any], method: str) -> set[str]:
    """Roles that this row lets through on their own unit."""
    only = row.get("only") or list(desks.ROLES_ON)
    if isinstance(only, dict):
        only = only.get(method) or list(desks.ROLES_ON)
    return {role for role in only if holds(role, row[method])}


def walked() -> Iterator[tuple[str, dict[str, Any], str]]:
    for name, row in rows("scoped").items():
        yield from ((name, row, method) for method in METHODS if method in row)


def relations(desk: Any, role: str) -> dict[str, str]:
    """Units as seen from where the role stands."""
    by_place = {
        "school": {"parent": "town", "sibling": "other_school"},
        "town": {"parent": "region", "sibling": "other_town"},
        "region": {"parent": "above"},
        "above": {},
    }[desks.ROLES_ON[role]]
    return {relation: desk.units[name] for relation, name in by_place.items()}


@pytest.mark.parametrize("role", desks.ROLES_ON)
def test_on_the_own_unit(standing: Standing, role: str) -> None:
    """In reach: 403 without the permission, 403 or 404 for what is not hers, an answer for what is."""
    wrong: list[str] = []
    unit = standing.desk.units[desks.ROLES_ON[role]]
    for name, row, method in walked():
        status = standing.ask(role, method, name, unit)
        if not holds(role, row[method]):
            good = status == 403
        elif role not in reached(row, method):
            good = status in REFUSED
        else:
            good = status < 500 and status not in (400, 401, 405, *REFUSED)
        if not good:
            wrong.append(f"{method} {name}: {status}")
    assert wrong == []


@pytest.mark.parametrize("role", [role for role, place in desks.ROLES_ON.items() if place != "above"])
def test_above_and_beside_there_is_nothing(standing: Standing, role: str) -> None:
    wrong = [
        f"{method} {name} {relation}: {status}"
        for name, _, method in walked()
        for relation, unit in relations(standing.desk, role).items()
        if (status := standing.ask(role, method, name, unit)) != 404
    ]
    assert wrong == []


def test_units_below_are_open_to_those_above(standing: Standing) -> None:
    """Pages about the unit itself open for a unit below; administrators see no more there than at home."""
    wrong: list[str] = []
    for role, below in (("superior", "region"), ("statistician", "town"), ("town_clerk", "school")):
        for name, row, method in walked():
            if method == "GET" and not row.get("with") and role in reached(row, method) and "only" not in row:
                status = standing.ask(role, method, name, standing.desk.units[below])
                wrong += [] if status in (200, 302) else [f"{name} {role}: {status}"]
    for role in ("system_admin", "security_admin", "auditor"):
        for name, row, method in walked():
            if row[method] == "see":
                status = standing.ask(role, method, name, standing.desk.units["school"])
                wrong += [] if status == 403 else [f"{method} {name} {role}: {status}"]
    assert wrong == []


def test_strangers_are_led_to_the_login_page(standing: Standing) -> None:
    wrong = [
        f"{method} {name}: {status}"
        for name, _, method in walked()
        if (status := standing.ask(None, method, name, standing.desk.units["region"])) != 302
    ]
    assert wrong == []


def test_made_up_objects_are_not_there(standing: Standing) -> None:
    """404 for ids nobody has, one at a time, the other parts of the address being real."""
    wrong: list[str] = []
    unknown = strangers()
    for name, row, method in walked():
        for made in set((row.get("with") or {}).values()):
            if unknown[made] == standing.objects[made]:
                continue
            role = sorted(reached(row, method))[0]
            unit = standing.desk.units[desks.ROLES_ON[role]]
            status = standing.ask(role, method, name, unit, {**standing.objects, made: unknown[made]})
            wrong += [] if status == 404 else [f"{method} {name} with a made-up {made}, {role}: {status}"]
    assert wrong == []


@pytest.mark.parametrize("person", NEIGHBOURS)
def test_objects_of_neighbours_are_not_there(standing: Standing, person: str) -> None:
    """Ids of the first school's things under the second one's own address."""
    role, unit = desks.SECONDS[person]
    wrong = [
        f"{method} {name}: {status}"
        for name, row, method in walked()
        if OWNED & set((row.get("with") or {}).values()) and holds(role, row[method])
        if (status := standing.ask(person, method, name, standing.desk.units[unit])) not in REFUSED
    ]
    assert wrong == []


def test_files_and_tokens_are_their_owners_alone(standing: Standing) -> None:
    """A second planner of the same bureau does not find them either."""
    for name, method in (("files:stored", "GET"), ("tokens:end", "POST")):
        assert standing.ask("planner_2", method, name, standing.desk.units["region"]) == 404


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [("draft", {"planner"}), ("reviewed", {"planner", "leader"})],
    ids=["draft", "reviewed"],
)
def test_runs_not_published_are_for_those_who_make_them(
    standing: Standing, state: str, seen_by: set[str]
) -> None:
    """Drafts are for who forecasts, reviewed ones also for who publishes: pages, files and the API."""
    from junheng.web.runs.models import RunRecord

    before = RunRecord.objects.get().state
    wrong: list[str] = []
    RunRecord.objects.update(state=state)
    try:
        for role, place in desks.ROLES_ON.items():
            unit = standing.desk.units[place]
            found = {
                f"GET {name}": standing.ask(role, "GET", name, unit)
                for name, row, method in walked()
                if "run" in (row.get("with") or {}).values()
                and method == "GET"
                and role in reached(row, method)
            }
            if holds(role, "see"):
                run = standing.objects["run"]
                for path in (f"runs/{run}", f"runs/{run}/tables/seat_warnings"):
                    found[path] = standing.client(role).get(f"/api/v1/{path}").status_code
            wrong += [
                f"{address} {role}: {status}"
                for address, status in found.items()
                if (status == 404) == (role in seen_by)
            ]
    finally:
        RunRecord.objects.update(state=before)
    assert wrong == []


def test_nothing_of_the_neighbours_is_on_a_schools_pages(standing: Standing) -> None:
    """Whatever a school or a town opens, files too, names no school of another town, but for lists of what a
    child may choose."""
    from junheng.web.units.models import Unit

    units, wrong = standing.desk.units, []
    for role in ("school_clerk", "principal", "town_clerk"):
        home = standing.desk.unit("school" if desks.ROLES_ON[role] == "school" else "town")
        schools = Unit.objects.filter(level="school").exclude(path__startswith=home.path)
        foreign = {one.name for one in schools} - set(
            Unit.objects.filter(path__startswith=home.path).values_list("name", flat=True)
        )
        codes = {one.code for one in schools}
        for name, row, method in walked():
            if method != "GET" or row.get("choices") or role not in reached(row, method):
                continue
            path = path_of(name, units[desks.ROLES_ON[role]], YEAR, standing.objects)
            response = standing.client(role).get(path)
            content = b"".join(response) if response.streaming else response.content
            text = content.decode(errors="replace")
            wrong += [f"{name} {role}: {one}" for one in sorted(foreign | codes) if one in text][:5]
    assert wrong == []


def test_the_api(standing: Standing) -> None:
    """The same scope for programs: own units and those below answer, all others are not there."""
    units, wrong = standing.desk.units, []
    for path, row in rows("api").items():
        one, named = path.replace("{run}", standing.objects["run"]), row["permission"]
        stranger = standing.client(None).get(f"/api/v1/{one}")
        wrong += [] if stranger.status_code == 401 else [f"{path} a stranger: {stranger.status_code}"]
        for role, place in desks.ROLES_ON.items():
            asked = {"own": units[place], **relations(standing.desk, role)}
            if not row.get("unit") and "{unit}" not in path:
                asked = {"own": ""}
            for relation, unit in asked.items():
                query = f"?unit={unit}" if row.get("unit") else ""
                address = f"/api/v1/{one.replace('{unit}', unit)}{query}"
                status = standing.client(role).get(address).status_code
                refused = 404 if row.get("hidden") else 403
                wanted = 404 if relation != "own" else 200 if holds(role, named) else refused
                wrong += [] if status == wanted else [f"{path} {role} {relation}: {status}"]
    assert wrong == []


def test_unsafe_requests_need_the_token(standing: Standing) -> None:
    """POST without the CSRF token is refused wherever it is allowed at all, with a sentence."""
    from django.urls import reverse

    clients = {role: standing.desk.client(role, enforce_csrf_checks=True) for role in desks.ROLES_ON}
    wrong: list[str] = []
    for name, row, method in walked():
        if method == "POST":
            role = sorted(reached(row, method))[0]
            path = path_of(name, standing.desk.units[desks.ROLES_ON[role]], YEAR, standing.objects)
            status = clients[role].post(path).status_code
            wrong += [] if status == 403 else [f"{name} {role}: {status}"]
    for kind in ("open", "signed_in"):
        for name, row in rows(kind).items():
            if "POST" in row and row["POST"] not in (404, 405):
                status = clients["planner"].post(reverse(name, kwargs=_parts(row, standing))).status_code
                wrong += [] if status == 403 else [f"{name}: {status}"]
    assert wrong == []


def test_open_and_own_addresses(standing: Standing) -> None:
    from django.urls import reverse

    wrong: list[str] = []
    for kind, person in (("open", None), ("signed_in", "planner")):
        for name, row in rows(kind).items():
            for method in (one for one in METHODS if one in row):
                path = reverse(name, kwargs=_parts(row, standing))
                wanted = row[method] if isinstance(row[method], list) else [row[method]]
                status = getattr(standing.desk.client(person), method.lower())(path).status_code
                wrong += [] if status in wanted else [f"{method} {name}: {status}"]
                if kind == "signed_in":
                    status = getattr(standing.client(None), method.lower())(path).status_code
                    wrong += [] if status == 302 else [f"{method} {name} a stranger: {status}"]
    assert wrong == []


def _parts(row: dict[str, Any], standing: Standing) -> dict[str, Any]:
    return {part: standing.objects[made] for part, made in (row.get("with") or {}).items()}
