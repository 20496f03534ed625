"""What all pages of the data centre share: tabs, breadcrumb, words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.accounts.roles import FILL, IMPORT
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Anchor, Crumb, Paging
from junheng.web.house.scope import Scope
from junheng.web.units.models import Unit
from junheng.web.wording import say

TABS = (
    ("index", "data:index"),
    ("progress", "data:progress"),
    ("uploads", "data:uploads"),
    ("versions", "data:versions"),
    ("doubts", "data:doubts"),
)
SHOWN = 100


def word(code: str, **parameters: Any) -> str:
    """A sentence of this room."""
    return say(f"data_centre.{code}", **parameters)


def tabs(scope: Scope, here: str) -> tuple[tuple[Anchor, bool], ...]:
    """The room's pages; uploads only for those who may bring something."""
    return tuple(
        (Anchor(word(f"tab_{key}"), scope.url(view)), key == here)
        for key, view in TABS
        if key != "uploads" or may_upload(scope)
    )


def trail(scope: Scope, *more: Crumb) -> tuple[Crumb, ...]:
    """The breadcrumb: units, then the room, then what is below it."""
    room = Crumb(say("house.page_data"), scope.url("data:index") if more else "")
    return crumbs(scope, "data:index", room, *more)


def may_upload(scope: Scope) -> bool:
    """Whether the person may bring tables of this unit."""
    return scope.may(FILL) or scope.may(IMPORT)


def upload_href(scope: Scope, query: str = "") -> str:
    """Where tables are brought in: by those who import for the region, or by those who fill for a unit."""
    return scope.url("data:import" if scope.may(IMPORT) else "data:upload", query=query)


def unit_name(scope: Scope, unit: Unit) -> str:
    """A unit's name in the reader's language."""
    return name_of(unit, scope.language)


def moment(value: datetime | str | None) -> str:
    """A moment in the bureau's clock; stored ISO text as well."""
    if not value:
        return fmt.BLANK
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return timezone.localtime(when).strftime("%Y-%m-%d %H:%M")


def span(first: int | None, last: int | None) -> str:
    """Years as one reads them."""
    if first is None or last is None:
        return fmt.BLANK
    return str(first) if first == last else f"{first}–{last}"


def paging(href: str, number: int, count: int, size: int = SHOWN) -> Paging | None:
    """Where one stands in a long list at `href`, which ends in ? or &; None when all fits."""
    pages = max(1, -(-count // size))
    if pages == 1:
        return None
    return Paging(
        number,
        pages,
        count,
        f"{href}page={number - 1}" if number > 1 else "",
        f"{href}page={number + 1}" if number < pages else "",
    )


def page_number(asked: str, count: int, size: int = SHOWN) -> int:
    """The page asked for, brought between the first and the last."""
    pages = max(1, -(-count // size))
    return min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 7 else 1
