"""Which pages there are, in the users' words, and who sees them in the rail."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.web.accounts import roles
from junheng.web.house.page import Crumb
from junheng.web.house.scope import Scope
from junheng.web.units.models import Unit
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the rail: its address name, the permissions any of which shows it."""

    key: str
    view: str
    permissions: tuple[str, ...]


ENTRIES = (
    Entry("desk", "desk:home", roles.PERMISSIONS),
    Entry("overview", "overview:map", (roles.SEE,)),
    Entry("data", "data:index", (roles.SEE,)),
    Entry("forecast", "forecast:seats", (roles.SEE,)),
    Entry("balance", "balance:board", (roles.SEE,)),
    Entry("plan", "plan:index", (roles.SEE,)),
    Entry("admission", "admission:index", (roles.SEE,)),
    Entry("reports", "manage:reports", (roles.SEE,)),
    Entry("publication", "publication:index", (roles.PUBLISH,)),
    Entry("manage", "manage:index", (roles.PEOPLE, roles.GRANTS, roles.AUDIT, roles.OPERATE)),
)


def rail(scope: Scope, current: str) -> list[dict[str, object]]:
    """Entries this person may open for this unit."""
    return [
        {
            "text": say(f"house.page_{entry.key}"),
            "href": scope.url(entry.view),
            "current": entry.key == current,
        }
        for entry in ENTRIES
        if any(scope.may(permission) for permission in entry.permissions)
    ]


def crumbs(scope: Scope, view: str, *more: Crumb) -> tuple[Crumb, ...]:
    """省-市-县-校 down to the unit shown; units above the person's reach are named without a link."""
    found: list[Crumb] = []
    for unit in scope.register.above(scope.unit.path):
        last = unit.path == scope.unit.path and not more
        reachable = scope.user.may(scope.permission, unit)
        if unit.name == unit.code and not reachable:
            continue  # a unit above that nobody named says nothing
        address = (
            Scope(scope.user, unit, scope.year, scope.permission, scope.stage).url(view)
            if reachable and not last
            else ""
        )
        found.append(Crumb(name_of(unit, scope.language), address))
    return (*found, *more)


def name_of(unit: Unit, language: str) -> str:
    """A unit's name in the reader's language."""
    return unit.name_en if language == "en" and unit.name_en else unit.name
