"""Desks for tests: a database with people, units and a published run, made once and copied for use."""

from __future__ import annotations

import itertools
import json
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.test import Client
from django.test.utils import override_settings
from tests.locks import one_at_a_time

PASSWORD = "Yunzhou-desk-2027"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ROLES_ON = {
    "school_clerk": "school",
    "principal": "school",
    "town_clerk": "town",
    "statistician": "region",
    "planner": "region",
    "admission_officer": "region",
    "leader": "region",
    "inspector": "region",
    "superior": "above",
    "system_admin": "region",
    "security_admin": "region",
    "auditor": "region",
}
"""One account a role, named like the role, on which of the example's units."""
SECONDS = {
    "school_clerk_2": ("school_clerk", "other_school"),
    "town_clerk_2": ("town_clerk", "other_town"),
    "planner_2": ("planner", "region"),
    "admission_officer_2": ("admission_officer", "region"),
    "security_admin_2": ("security_admin", "region"),
}
"""Second people of a role: neighbours, and the other of two people."""
_numbers = itertools.count(1)


@dataclass(slots=True)
class Desk:
    """A workspace with its database. While `pointed` at it, the ORM and the settings speak of it."""

    workspace: Path
    url: str
    kind: str
    units: dict[str, str] = field(default_factory=dict)
    """Codes of `region`, `above`, `town`, `other_town`, `school` (in town), `other_school` (in the other)."""

    def unit(self, name: str) -> Any:
        """One of the named units as a row."""
        from junheng.web.units.models import Unit

        return Unit.objects.get(code=self.units[name])

    def person(self, role: str) -> Any:
        """The account of this role, or of one of the second people."""
        from junheng.web.accounts.models import User

        return User.objects.get(username=role)

    def code_of(self, role: str) -> str:
        """Code of the unit on which the person's role stands."""
        return self.units[ROLES_ON[role] if role in ROLES_ON else SECONDS[role][1]]

    def client(self, role: str | None = None, **headers: Any) -> Client:
        """A test client signed in as `role` (nobody without one), second factor included."""
        client = Client(**headers)
        if role is not None:
            person = self.person(role)
            client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
            session = client.session
            now = time.time()
            methods: list[dict[str, Any]] = [{"method": "password", "at": now, "username": person.username}]
            if person.needs_second_factor:
                methods.append({"method": "mfa", "at": now, "type": "totp"})
            session["account_authentication_methods"] = methods
            session["account_authentication_methods_user"] = str(person.pk)
            session.save()
        return client


@dataclass(slots=True)
class Seeds:
    """Copies of a desk made once: a file copy for SQLite, CREATE DATABASE … TEMPLATE for PostgreSQL.

    `folder` is shared by the processes of a test run; each has a cluster of its own.
    """

    run_workspace: Path
    folder: Path
    cluster: Callable[[], Any]
    _made: dict[str, Desk] = field(default_factory=dict)

    def copy(self, kind: str, folder: Path) -> Desk:
        """A desk of one's own in `folder`."""
        seed = self._seed(kind)
        workspace = Path(shutil.copytree(seed.workspace, folder / "workspace"))
        if kind == "sqlite":
            url = f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}"
        else:
            url = self.cluster().create(f"copy_{next(_numbers)}", "seed")
        return Desk(workspace, url, kind, dict(seed.units))

    def furnished(self, folder: Path) -> tuple[Desk, dict[str, Any]]:
        """A desk on SQLite of one's own with an object of every kind addresses name, and these by name; made
        once for all tests (entries are registered, drawn and published for it)."""
        from tests.web.objects import made_objects

        kept, told = self.folder / "furnished", self.folder / "furnished.json"
        with one_at_a_time("seed-furnished", self.folder):
            if not told.exists():
                made = self.copy("sqlite", self.folder / "furnishing")
                with pointed(made):
                    objects = made_objects(made)
                made.workspace.rename(kept)
                told.write_text(json.dumps(objects))
        workspace = Path(shutil.copytree(kept, folder / "workspace"))
        url = f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}"
        return Desk(workspace, url, "sqlite", dict(self._seed("sqlite").units)), json.loads(told.read_text())

    def remove(self, desk: Desk) -> None:
        """Drop what a copy took."""
        if desk.kind == "postgresql":
            self.cluster().drop(desk.url.partition("?")[0].rpartition("/")[2])
        shutil.rmtree(desk.workspace, ignore_errors=True)

    def _seed(self, kind: str) -> Desk:
        return self._made.get(kind) or self._make(kind)

    def _make(self, kind: str) -> Desk:
        """The seed of this kind: made by the first process of the tests, taken over by the others."""
        told = self.folder / f"{kind}.json"
        with one_at_a_time(f"seed-{kind}", self.folder):
            if told.exists():
                desk = Desk(self.folder / kind, self._place(kind), kind, json.loads(told.read_text()))
                if kind == "postgresql":
                    self.cluster().run("psql", "-qv", "ON_ERROR_STOP=1", "-f", str(self._dump), "-d", "seed")
            else:
                desk = self._new(kind)
                if kind == "postgresql":
                    self.cluster().run("pg_dump", "-f", str(self._dump), "seed")
                told.write_text(json.dumps(desk.units))
        self._made[kind] = desk
        return desk

    @property
    def _dump(self) -> Path:
        return self.folder / "seed.sql"

    def _place(self, kind: str) -> str:
        if kind == "postgresql":
            return str(self.cluster().create("seed"))
        return f"sqlite:///{self.folder / kind / 'desk' / 'desk.sqlite3'}"

    def _new(self, kind: str) -> Desk:
        from junheng.web.operations.setup import prepare

        alone = shutil.ignore_patterns("desk")
        workspace = Path(shutil.copytree(self.run_workspace, self.folder / kind, ignore=alone))
        desk = Desk(workspace, self._place(kind), kind)
        with pointed(desk):
            prepare()
            _fill(desk)
        return desk


class pointed(AbstractContextManager["Desk"]):
    """Point settings and the ORM of this process at a desk; then at what they spoke of before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._settings: Any = None
        self._before: dict[str, Any] = {}

    def __enter__(self) -> Desk:
        from junheng.web.settings import environment

        database = environment.database(self._desk.url)
        database.get("OPTIONS", {}).pop("pool", None)  # a pool would outlive the database
        folder = self._desk.workspace / "desk"
        self._settings = override_settings(
            WORKSPACE=self._desk.workspace,
            DESK=folder,
            MEDIA_ROOT=folder / "files",
            STATIC_ROOT=folder / "static",
        )
        self._settings.enable()
        self._before = dict(connections.settings["default"])
        use_database(database)
        return self._desk

    def __exit__(self, *_: object) -> None:
        use_database(self._before)
        self._settings.disable()


def use_database(database: Mapping[str, Any]) -> None:
    """Make `database` the default connection from now on."""
    with suppress(Exception):
        connections["default"].close()
    connections.settings["default"] = connections.configure_settings({"default": dict(database)})["default"]
    with suppress(AttributeError):
        del connections["default"]
    settings.DATABASES["default"] = connections.settings["default"]
    ContentType.objects.clear_cache()


def _fill(desk: Desk) -> None:
    from junheng.web.accounts.models import Grant, User
    from junheng.web.runs.actions import publish, review
    from junheng.web.runs.models import RunRecord
    from junheng.web.units.models import Unit
    from junheng.web.workspace import region

    towns = [u for u in Unit.objects.filter(level="area") if _school_of(u) is not None]
    region_unit = Unit.objects.get(code=region().code)
    above = Unit.objects.filter(level__in=("province", "city")).order_by("-path").first()
    desk.units = {
        "region": region_unit.code,
        "above": above.code if above else region_unit.code,
        "town": towns[0].code,
        "other_town": towns[1].code,
        "school": _school_of(towns[0]).code,
        "other_school": _school_of(towns[1]).code,
    }
    everyone = {name: (name, unit) for name, unit in ROLES_ON.items()} | SECONDS
    for username, (role, unit) in everyone.items():
        person = User(username=username, name=f"{username} 甲", email="", unit=desk.unit(unit))
        person.set_password(PASSWORD)
        person.save()
        Grant.objects.create(
            user=person,
            role=role,
            unit=desk.unit(unit),
            valid_from=date(2020, 1, 1),
            granted_by=None,
            reason="test",
        )
        if desk.person(username).needs_second_factor:
            from allauth.mfa.totp.internal.auth import TOTP

            TOTP.activate(person, TOTP_SECRET)
    record = RunRecord.objects.get()
    review(run=record, by=desk.person("planner"))
    publish(run=record, by=desk.person("leader"), reason="test")


def _school_of(town: Any) -> Any:
    from junheng.web.units.models import Unit

    found = Unit.objects.within([town.path]).filter(level="school", valid_to__isnull=True)
    return next((school for school in found if len(school.path) == len(town.path) + 4), None)
