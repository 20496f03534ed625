"""Sections of a result: their order, the search for one child, long lists page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from junheng.web.accounts.roles import EXPORT
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import Anchor, DataTable, Download, Light, Page, Paging
from junheng.web.jobs.presenters import JobView
from junheng.web.wording import say

VIEWS = {
    "overview": "admission:results",
    "schools": "admission:result_schools",
    "children": "admission:result_children",
    "waiting": "admission:result_waiting",
    "lines": "admission:result_lines",
    "placement": "admission:result_placement",
    "checks": "admission:result_checks",
}
"""Sections in their order, with where each is read."""
FILES = {
    "overview": ("assignment", "cutoffs", "waiting_list"),
    "children": ("assignment",),
    "waiting": ("waiting_list",),
    "lines": ("cutoffs",),
}
"""Files a section offers."""
OWN = ("overview", "children")
"""What a school sees."""
SIZE = 30
EVERYTHING = "all"
"""What is asked for as `page` to see a whole list, for printing."""
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a section's list."""

    name: str
    label: str
    options: tuple[parts.Choice, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """What a section shows below its headline."""

    sections: tuple[tuple[Anchor, bool], ...]
    search: str
    find: str = ""
    jobs: tuple[JobView, ...] = ()
    pending: tuple[parts.Pending, ...] = ()
    fault: str = ""
    tables: tuple[DataTable, ...] = ()
    filters: tuple[Filter, ...] = ()
    everything: str = ""
    verdict: Light | None = None
    checks: str = ""
    more: Any = None


def board(held: Shown, here: str, **parts_of: Any) -> Board:
    """The board of a section, with the way to the others."""
    search = address(held, "children")
    return Board(sections=_sections(held, here), search=search, **parts_of)


def page(held: Shown, here: str, headline: str, body: Any, lead: str = "", *methods: str) -> Page:
    """A section as a page, with the files of its own tables."""
    entry = held.entry
    name = say(f"results.section_{here}")
    trail = (say("draws.tab_results"),) if here == "overview" else (say("draws.tab_results"), name)
    return Page(
        title=say("results.title", title=entry.title) if here == "overview" else f"{name} · {entry.title}",
        headline=headline,
        lead=lead,
        crumbs=parts.trail(held.scope, entry, *trail),
        tabs=parts.tabs(held.scope, entry, "results"),
        downloads=downloads(held, *FILES.get(here, ())),
        method=parts.method(*methods),
        body=body,
    )


def downloads(held: Shown, *files: str) -> tuple[Download, ...]:
    """Tables of the result as workbooks, for who runs the entry and may take files."""
    if not held.runs or not held.scope.may(EXPORT):
        return ()
    return tuple(
        Download(
            say(f"results.file_{what}"),
            held.scope.url("admission:result_file", plan_id=held.entry.plan_id, what=what, form="xlsx"),
        )
        for what in files
    )


def address(held: Shown, section: str, query: str = "") -> str:
    """Where a section is read."""
    return held.scope.url(VIEWS[section], plan_id=held.entry.plan_id, query=query or None)


def _sections(held: Shown, here: str) -> tuple[tuple[Anchor, bool], ...]:
    shown = [one for one in VIEWS if held.runs or one in OWN]
    if held.held is None:
        shown = []
    elif held.runs and not placed(held) and here != "placement":
        shown.remove("placement")
    return tuple((Anchor(say(f"results.section_{one}"), address(held, one)), one == here) for one in shown)


def placed(held: Shown) -> bool:
    """Whether the plan placed anybody, or used quotas."""
    tables = held.standing.result.tables
    return bool(tables["quota_use"].height or tables["placement_prices"].height)


def slice_of(wanted: Mapping[str, str], count: int, size: int = SIZE) -> tuple[int, int]:
    """(number of the page, rows on it) as asked for; everything as one page."""
    text = wanted.get("page", "")
    if text == EVERYTHING:
        return 1, MOST
    last = max(-(-count // size), 1)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    return min(max(number, 1), last), size


def paging(
    held: Shown, section: str, wanted: Mapping[str, str], count: int, size: int = SIZE
) -> tuple[Paging | None, str]:
    """(the way through a long list, where all of it is on one page); nothing where it is short."""
    number, rows = slice_of(wanted, count, size)
    pages = max(-(-count // rows), 1)
    if pages == 1:
        return None, ""
    kept = {name: value for name, value in wanted.items() if value and name != "page"}

    def to(other: int | str) -> str:
        return address(held, section, urlencode({**kept, "page": other}))

    before = to(number - 1) if number > 1 else ""
    after = to(number + 1) if number < pages else ""
    return Paging(number, pages, count, before, after), to(EVERYTHING) if count <= MOST else ""


def options(listed: Sequence[tuple[str, str]], chosen: str) -> tuple[parts.Choice, ...]:
    """Values of a filter, with which is chosen."""
    return tuple(parts.Choice(value, text, value == chosen) for value, text in listed)
