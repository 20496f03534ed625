"""Where each administrator begins: what there is to look after, with how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Crumb, Page
from junheng.web.house.scope import Scope
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to look after: its name and purpose, where it is done, how much there is."""

    title: str
    text: str
    href: str
    count: str
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A group of duties under one permission."""

    title: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the landing page before it is worded: code, address name, count, what waits."""

    code: str
    view: str
    count: int | None = None
    waiting: int = 0


def landing(scope: Scope, parts: Sequence[tuple[str, Sequence[Entry]]]) -> Page:
    """Groups in order; each only with what this person may do."""
    shown = tuple(
        Part(say(f"manage.part_{name}"), tuple(_duty(scope, entry) for entry in entries))
        for name, entries in parts
        if entries
    )
    waiting = sum(entry.waiting for _, entries in parts for entry in entries)
    return Page(
        say("house.page_manage"),
        say("manage.landing_waiting" if waiting else "manage.landing_nothing", count=fmt.count(waiting)),
        crumbs=crumbs(scope, "manage:index", Crumb(say("house.page_manage"))),
        body=shown,
    )


def _duty(scope: Scope, entry: Entry) -> Duty:
    return Duty(
        say(f"manage.duty_{entry.code}"),
        say(f"manage.duty_{entry.code}_text"),
        scope.url(entry.view),
        "" if entry.count is None else fmt.count(entry.count),
        say("manage.duty_waiting", count=fmt.count(entry.waiting)) if entry.waiting else "",
    )
