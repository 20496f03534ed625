"""What these pages share: their tabs, paging, moments."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.accounts import roles
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Crumb, Paging
from junheng.web.house.scope import Scope
from junheng.web.wording import say

_TABS = (
    ("people", "manage:people", roles.PEOPLE),
    ("tree", "manage:tree", roles.PEOPLE),
    ("grants", "manage:grants", roles.GRANTS),
    ("review", "manage:grants_review", roles.GRANTS),
    ("trail", "manage:trail", roles.AUDIT),
    ("trail_review", "manage:trail_review", roles.AUDIT),
)


def tabs(scope: Scope, here: str) -> tuple[tuple[Anchor, bool], ...]:
    """Pages this person may open; none where there is only one."""
    mine = [(name, view) for name, view, permission in _TABS if scope.may(permission)]
    shown = tuple((Anchor(say(f"admin.tab_{name}"), scope.url(view)), name == here) for name, view in mine)
    return shown if len(shown) > 1 else ()


def where(scope: Scope, tab: str, *more: Crumb) -> tuple[Crumb, ...]:
    """The breadcrumb: units, the page, and an item of it."""
    view = next(view for name, view, _ in _TABS if name == tab)
    own = Crumb(say(f"admin.tab_{tab}"), scope.url(view) if more else "")
    return crumbs(scope, view, own, *more)


def paging(request: HttpRequest, count: int, size: int) -> Paging:
    """Where the page asked for stands; a number there is not means the nearest there is."""
    pages = max(1, -(-count // size))
    asked = request.GET.get("page", "1")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 10 else 1

    def at(other: int) -> str:
        query = request.GET.copy()
        query["page"] = str(other)
        return f"?{query.urlencode()}"

    before = at(number - 1) if number > 1 else ""
    after = at(number + 1) if number < pages else ""
    return Paging(number, pages, count, before, after)


def moment(at: datetime | None) -> str:
    """To the minute, in the bureau's time."""
    return fmt.BLANK if at is None else timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def span(first: date, last: date | None) -> str:
    """From a day to another, or without an end."""
    if last is None:
        return say("admin.span_open", first=first.isoformat())
    return say("admin.span", first=first.isoformat(), last=last.isoformat())
