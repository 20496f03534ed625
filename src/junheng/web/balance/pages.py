"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Callable

from junheng.web.house.page import Paging

ROWS = 60
"""Rows of a long table on one page."""


def asked_page(text: str, count: int) -> int:
    """The page asked for, within those there are."""
    pages = max(1, -(-count // ROWS))
    return min(int(text), pages) if text.isdecimal() and 0 < len(text) < 5 and int(text) else 1


def paging(number: int, count: int, place: Callable[[int], str]) -> Paging | None:
    """Where one stands among `count` rows; None when they fit on one page. `place` gives a page's address."""
    pages = -(-count // ROWS)
    if pages < 2:
        return None
    before = place(number - 1) if number > 1 else ""
    after = place(number + 1) if number < pages else ""
    return Paging(number, pages, count, before, after)
