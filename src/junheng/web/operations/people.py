"""The first people of a desk: two administrators in production, one account a role in the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from junheng.model.errors import Refused
from junheng.web.accounts.actions import Installed, install_people
from junheng.web.accounts.models import User
from junheng.web.operations.actions import renew_passwords
from junheng.web.units.models import Unit
from junheng.web.wording import say
from junheng.web.workspace import region

FIRST = {"system": "system_admin", "security": "security_admin", "security2": "security_admin"}
"""Accounts a production desk begins with. Two for grants: a sensitive role takes two people."""
DEMONSTRATION = {
    "leader": ("leader", "region"),
    "planner": ("planner", "region"),
    "statistician": ("statistician", "region"),
    "inspector": ("inspector", "region"),
    "admission": ("admission_officer", "region"),
    "admission2": ("admission_officer", "region"),
    "superior": ("superior", "above"),
    "town": ("town_clerk", "town"),
    "principal": ("principal", "school"),
    "clerk": ("school_clerk", "school"),
    "system": ("system_admin", "region"),
    "security": ("security_admin", "region"),
    "security2": ("security_admin", "region"),
    "auditor": ("auditor", "region"),
}
"""One account a role, a second granter and a second admission officer, on which of the region's units."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account as it is told once."""

    username: str
    role: str
    unit: str
    password: str


def create_first() -> list[Login]:
    """The two administrators of a new desk, with temporary passwords. Refused when somebody has grants."""
    unit = _region()
    return _installed([(username, role, unit) for username, role in FIRST.items()], must_change=True)


def create_demonstration() -> list[Login]:
    """One account a role; none when they are there already."""
    if User.objects.exists():
        return []
    units = _units()
    people = [(name, role, units[place]) for name, (role, place) in DEMONSTRATION.items()]
    return _installed(people, must_change=False)


def renew_demonstration() -> list[Login]:
    """New passwords for the demonstration's accounts."""
    units = _units()
    passwords = renew_passwords(usernames=list(DEMONSTRATION))
    return [
        Login(name, say(f"accounts.role_{role}"), units[place].name, passwords[name])
        for name, (role, place) in DEMONSTRATION.items()
        if name in passwords
    ]


def _installed(people: list[tuple[str, str, Any]], *, must_change: bool) -> list[Login]:
    named = [Installed(username, say(f"accounts.role_{role}"), unit, role) for username, role, unit in people]
    passwords = install_people(people=named, must_change=must_change)
    return [Login(one.username, one.name, one.unit.name, passwords[one.username]) for one in named]


def _region() -> Unit:
    found = Unit.objects.filter(code=region().code).first()
    if found is None:
        raise Refused("serve.not_prepared", {})
    return found


def _units() -> dict[str, Unit]:
    """The region, what stands above it, its first town with a school and that town's first school."""
    own = _region()
    above = Unit.objects.filter(level__in=("province", "city"), path__lt=own.path).order_by("-path").first()
    schools = Unit.objects.within([own.path]).filter(level="school", valid_to__isnull=True)
    school = schools.first() or own
    town = Unit.objects.filter(path=school.path[:-4], level="area").first() or own
    return {"region": own, "above": above or own, "town": town, "school": school}
