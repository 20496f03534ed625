"""The page on a person's tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.api.models import ApiToken
from junheng.web.api.queries import Mine
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Crumb, Light, Page
from junheng.web.house.scope import Scope
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Line:
    """A token in the list; `end` is where it is ended."""

    name: str
    beginning: str
    grant: str
    light: Light
    made: str
    used: str
    until: str
    end: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds."""

    grant: str = ""
    name: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The list, the form, and a new key, which is shown this once."""

    lines: tuple[Line, ...]
    action: str
    grants: tuple[tuple[str, str], ...]
    typed: Typed
    first: str
    last: str
    key: str = ""
    fault: str = ""


def tokens(
    scope: Scope,
    mine: Mine,
    today: date,
    last: date,
    *,
    key: str = "",
    fault: str = "",
    typed: Typed | None = None,
) -> Page:
    """`key` right after one was made; `fault` with what was `typed` when it was refused."""
    open_ones = [token for token in mine.tokens if token.open]
    nearest = min((token.valid_to for token in open_ones), default=None)
    return Page(
        say("api.title"),
        say("api.headline", count=len(open_ones), day=nearest.isoformat())
        if nearest
        else say("api.headline_none"),
        crumbs=crumbs(scope, "desk:home", Crumb(say("api.title"))),
        lead=say("api.lead"),
        body=Tokens(
            tuple(_line(scope, token) for token in mine.tokens),
            scope.url("tokens:mine"),
            tuple((str(grant.pk), _grant(grant)) for grant in mine.grants),
            typed or Typed(until=last.isoformat()),
            today.isoformat(),
            last.isoformat(),
            key,
            fault,
        ),
    )


def _line(scope: Scope, token: ApiToken) -> Line:
    state = "open" if token.open else "ended"
    return Line(
        token.name,
        f"{token.beginning}…",
        _grant(token.grant),
        Light("good" if token.open else "none", say(f"api.state_{state}")),
        _moment(token.created_at),
        _moment(token.used_at),
        token.valid_to.isoformat(),
        scope.url("tokens:end", token=token.pk) if token.open else "",
    )


def _grant(grant: object) -> str:
    role, unit = getattr(grant, "role", ""), getattr(grant, "unit", None)
    return say("api.grant_of", role=say(f"accounts.role_{role}"), unit=unit.name if unit is not None else "")


def _moment(at: datetime | None) -> str:
    return fmt.BLANK if at is None else timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
