"""What a page consists of. Presenters fill it, one template shows it; nothing in it is a live object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from junheng.report.content import Cell, Head, KeyFigure

__all__ = [
    "Absent",
    "Anchor",
    "Cell",
    "Crumb",
    "DataTable",
    "Download",
    "Head",
    "Island",
    "KeyFigure",
    "Light",
    "Method",
    "Page",
    "Paging",
    "Provenance",
    "Row",
]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link as a cell or in a list."""

    text: str
    href: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the breadcrumb; the last has no address."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Light:
    """A state by shape, word and colour."""

    kind: Literal["good", "near", "bad", "unseen", "none", "red", "orange", "yellow"]
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `key` ties it to the figure beside it."""

    cells: tuple[str | Cell | Anchor | Light, ...]
    key: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """Where one stands in a long list. Addresses are empty at the ends."""

    number: int
    pages: int
    count: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table on a page. `sorts` gives for a column's index the address that sorts by it."""

    key: str
    caption: str
    head: tuple[Head, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = ""
    paging: Paging | None = None
    sorts: dict[int, str] = field(default_factory=dict[int, str])
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Island:
    """A figure drawn in the browser from `spec`. `fallback` is the address of the same figure as a still
    picture (SVG); the table beside it says the same in numbers."""

    kind: Literal["chart", "map", "grid"]
    key: str
    title: str
    spec: dict[str, Any]
    fallback: str = ""
    note: str = ""
    height: int = 320

    @property
    def script_id(self) -> str:
        """Id of the element that carries the specification."""
        return f"spec-{self.key}"


@dataclass(frozen=True, slots=True)
class Method:
    """口径: what a figure counts. `entries` are (term, explanation) in order; `sources` name table, version
    and date; `citations` carry how sure each standard is."""

    entries: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, ...], ...] = ()
    citations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which run a page shows. `newer` is said when data have changed since."""

    run_id: str
    href: str
    line: str
    newer: str = ""
    rerun: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """Why there is nothing to show and what to do about it."""

    title: str
    text: str
    actions: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """A file one can take from the page."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page: one sentence that answers its question, then figures, tables and where they come from.

    `headline` may set words bold with <b>…</b>; all else is escaped. `links` are the addresses of those bold
    words in order, "" for none: a number of the headline leads to where it comes from. `body` is the room's
    own part.
    """

    title: str
    headline: str
    crumbs: tuple[Crumb, ...] = ()
    lead: str = ""
    lights: tuple[Light, ...] = ()
    key_figures: tuple[KeyFigure, ...] = ()
    downloads: tuple[Download, ...] = ()
    method: Method | None = None
    provenance: Provenance | None = None
    absent: Absent | None = None
    tabs: tuple[tuple[Anchor, bool], ...] = ()
    body: Any = None
    links: tuple[str, ...] = ()
