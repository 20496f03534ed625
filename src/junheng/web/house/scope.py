"""Scope: who looks at which unit, year and stage. Every view of a room begins with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from junheng.model.reason import Language
from junheng.model.stages import STAGES
from junheng.web import wording
from junheng.web.accounts.models import Grant, User
from junheng.web.units.models import Unit
from junheng.web.units.register import Register, register

YEARS = range(1990, 2101)
_REGISTER = "_register"


@dataclass(frozen=True, slots=True)
class Scope:
    """A person's view: `unit` and all below it, the school year beginning in `year`, a stage or all ("")."""

    user: User
    unit: Unit
    year: int
    permission: str
    stage: str = ""
    language: Language = "zh"

    @property
    def register(self) -> Register:
        """The tree of units as the request found it; looked up once for each person object, which lives as
        long as a request."""
        return _register(self.user)

    def of_anyone(self) -> Scope:
        """The same view by nobody in particular who holds the person's grants on this unit."""
        anyone = User(pk=0)
        anyone.hold_only(self.grants)
        vars(anyone)[_REGISTER] = self.register
        return replace(self, user=anyone)

    @property
    def grants(self) -> list[Grant]:
        """The person's grants that reach this unit."""
        return [grant for grant in self.user.current_grants() if grant.unit.holds(self.unit)]

    def may(self, permission: str) -> bool:
        """Whether the person also holds another permission on this unit."""
        return self.user.may(permission, self.unit)

    def on(self, unit: Unit) -> Scope:
        """The same view of a unit inside this one; Http404 outside."""
        if not self.unit.holds(unit):
            raise Http404
        return replace(self, unit=unit)

    def url(self, name: str, **parts: Any) -> str:
        """Address of a scoped page for this unit and year; the stage is kept."""
        query = parts.pop("query", None)
        address = reverse(name, kwargs={"unit": self.unit.code, "year": self.year, **parts})
        pairs = [f"stage={self.stage}"] if self.stage else []
        if query:
            pairs.append(query)
        return f"{address}?{'&'.join(pairs)}" if pairs else address


def _register(user: Any) -> Register:
    kept: dict[str, Any] = vars(user)
    if _REGISTER not in kept:
        kept[_REGISTER] = register()
    return kept[_REGISTER]


def resolve(request: HttpRequest, unit: str, year: int, permission: str) -> Scope:
    """The scope of a request. Http404 for units outside the person's reach, years and stages that do not
    exist; PermissionDenied where she sees the unit but lacks the permission on it."""
    user: Any = request.user
    stage = request.GET.get("stage", "")
    if year not in YEARS or (stage and stage not in STAGES):
        raise Http404
    found = _register(user).by_code.get(unit)
    if found is None:
        raise Http404
    if not user.may(permission, found):
        if any(found.path.startswith(grant.unit.path) for grant in user.current_grants()):
            raise PermissionDenied(permission)
        raise Http404
    return Scope(user, found, year, permission, stage, wording.language())


View = Callable[..., HttpResponseBase]


def scoped(permission: str) -> Callable[[View], View]:
    """Give a view its scope: `view(request, scope, **rest)` under `<unit>/<year>/…`. The permission stays
    readable on the view as `.permission`, for the test that walks all addresses."""

    def decorate(view: View) -> View:
        @wraps(view)
        def served(request: HttpRequest, unit: str, year: int, **rest: Any) -> HttpResponseBase:
            return view(request, resolve(request, unit, year, permission), **rest)

        served.permission = permission  # type: ignore[attr-defined]
        return served

    return decorate
