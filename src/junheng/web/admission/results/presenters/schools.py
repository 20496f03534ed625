"""Admission by school in the order of codes: seats, who came how, what is left, who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from junheng.model.codes import CODE_LISTS
from junheng.report import format as fmt
from junheng.web.admission.results.presenters import sections
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Page, Paging, Row
from junheng.web.wording import say

CHOICES = ("first", "second", "later")
HOW = (*CHOICES, "placed", "hand", "sure")
MOST_GROUPS = 24
STATES = ("left", "full", "over", "queue")
"""What the list may be filtered by: seats left, none left, more than planned, a waiting list."""


@dataclass(frozen=True, slots=True)
class School:
    """One programme with its counts; `how` by how children came."""

    program: str
    ownership: str
    zone: str
    seats: int
    taken: int
    how: Mapping[str, int]
    waits: int

    @property
    def left(self) -> int:
        """Seats left; negative where more sit than planned."""
        return self.seats - self.taken


def counted(held: Shown) -> list[School]:
    """Every programme the person sees, by code."""
    now = held.standing.now.filter(pl.col("state") == "placed")
    rank = pl.col("choice_rank")
    how = (
        pl.when(pl.col("override") != "").then(pl.lit("hand"))
        .when(pl.col("reason") == "PLACED_BY_FLOW").then(pl.lit("placed"))
        .when(rank.is_null()).then(pl.lit("sure"))
        .when(rank == 1).then(pl.lit("first"))
        .when(rank == 2).then(pl.lit("second"))
        .otherwise(pl.lit("later"))
    )  # fmt: skip
    came: dict[str, dict[str, int]] = {}
    for program, name, n in now.group_by("program_id", how.alias("how")).len().iter_rows():
        came.setdefault(program, {})[name] = n
    queues = held.standing.waiting.group_by("program_id").agg(pl.col("applicant_id").n_unique())
    waits = dict(queues.iter_rows()) if held.runs else {}
    programs = held.standing.found.problem.tables["programs"].sort("program_id")
    rows = programs.select("program_id", "ownership", "zone_id", "seats").iter_rows()
    return [
        School(
            one,
            owner or "",
            zone or "",
            seats,
            sum(came.get(one, {}).values()),
            came.get(one, {}),
            waits.get(one, 0),
        )
        for one, owner, zone, seats in rows
        if held.own is None or one in held.own
    ]


def page(held: Shown, wanted: Mapping[str, str]) -> Page:
    """The section of schools."""
    every = counted(held)
    rows = [one for one in every if _fits(one, wanted["state"])]
    paging, everything = sections.paging(held, "schools", wanted, len(rows))
    listed = ((one, say(f"results.schools_{one}")) for one in STATES)
    found = sections.Filter(
        "state", say("results.filter_schools"), sections.options(list(listed), wanted["state"])
    )
    number, size = sections.slice_of(wanted, len(rows))
    body = sections.board(
        held,
        "schools",
        tables=(table(held, rows[(number - 1) * size : number * size], paging=paging),),
        filters=(found,),
        everything=everything,
    )
    told = {
        "count": fmt.count(len(every)),
        "full": fmt.count(sum(one.left <= 0 for one in every)),
        "left": fmt.count(sum(max(one.left, 0) for one in every)),
    }
    return sections.page(
        held, "schools", say("results.schools_headline", **told), body, "", "results.about_waiting"
    )


def _fits(one: School, state: str) -> bool:
    if state == "queue":
        return one.waits > 0
    if state == "over":
        return one.left < 0
    if state == "full":
        return one.left <= 0
    return one.left > 0 if state == "left" else True


def table(held: Shown, rows: list[School], paging: Paging | None = None) -> DataTable:
    """Schools with their counts."""
    shown = _columns(rows)
    head = (
        Head(say("draws.col_program"), width=3),
        Head(say("results.col_code")),
        *(Head(say(f"results.col_{one}"), "right") for one in ("seats", "taken", *shown, "left")),
        *([Head(say("results.col_waiting"), "right")] if held.runs else []),
    )
    lines = tuple(_row(held, one, shown) for one in rows)
    note, empty = say("results.by_school_note"), say("results.no_school")
    caption = say("results.by_school")
    return DataTable("schools", caption, head, lines, note=note, empty=empty, paging=paging)


def _columns(rows: list[School]) -> list[str]:
    """Ways of coming that anybody came by; choices always."""
    return [
        one for one in HOW if one in ("first", "second", "later") or any(row.how.get(one) for row in rows)
    ]


def _row(held: Shown, one: School, shown: list[str]) -> Row:
    name = Anchor(held.program(one.program), sections.address(held, "children", f"program={one.program}"))
    left = fmt.count(one.left) if one.left >= 0 else Cell(fmt.signed(one.left), light="yellow")
    queue: str | Anchor = fmt.count(one.waits)
    if one.waits:
        queue = Anchor(fmt.count(one.waits), sections.address(held, "waiting", f"program={one.program}"))
    cells = (
        name,
        one.program,
        fmt.count(one.seats),
        fmt.count(one.taken),
        *(fmt.count(one.how.get(way, 0)) for way in shown),
        left,
        *([queue] if held.runs else []),
    )
    return Row(cells, key=one.program)


def sums(held: Shown, every: list[School]) -> DataTable:
    """The same, summed by zone (by ownership, where there are no zones) and as a whole."""
    shown = _columns(every)
    rows = [_sum(name, listed, shown) for name, listed in _groups(held, every)]
    rows.append(_sum(say("results.all_schools"), every, shown, bold=True))
    names = ("programs", "seats", "taken", *shown, "left", "over", "waiting")
    head = (
        Head(say("results.col_group"), width=2),
        *(Head(say(f"results.col_{one}"), "right") for one in names),
    )
    return DataTable("sums", say("results.sums"), head, tuple(rows), note=say("results.sums_note"))


def _groups(held: Shown, every: list[School]) -> list[tuple[str, list[School]]]:
    """Schools by zone or ownership with its name; none where all are of one kind or kinds are too many."""
    for name in ("zone", "ownership"):
        kinds: dict[str, list[School]] = {}
        for one in every:
            kinds.setdefault(getattr(one, name), []).append(one)
        if 1 < len(kinds) <= MOST_GROUPS:
            return [(_called(held, kind), kinds[kind]) for kind in sorted(kinds)]
    return []


def _called(held: Shown, kind: str) -> str:
    words = CODE_LISTS["ownership"].entries
    if kind in words:
        return words[kind][0 if held.scope.language == "zh" else 1]
    return held.names.get(kind) or kind or say("results.no_group")


def _sum(name: str, listed: list[School], shown: list[str], *, bold: bool = False) -> Row:
    counts = (
        len(listed),
        sum(one.seats for one in listed),
        sum(one.taken for one in listed),
        *(sum(one.how.get(way, 0) for one in listed) for way in shown),
        sum(max(one.left, 0) for one in listed),
        sum(max(-one.left, 0) for one in listed),
        sum(one.waits for one in listed),
    )
    return Row((Cell(name, bold=bold), *(Cell(fmt.count(n), bold=bold) for n in counts)))
