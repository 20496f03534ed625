"""Results child by child: masked names, filters that are links one can send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl

from junheng.report import format as fmt
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.queries import PAGE, Shown
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Page, Paging, Row
from junheng.web.wording import reason, say

ASKED = ("program", "state", "waiting", "find", "page")
STATES = ("placed", "waiting", "named", "flow", "hand")


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters above the list."""

    action: str
    programs: tuple[parts.Choice, ...]
    states: tuple[parts.Choice, ...]
    find: str
    waiting: str


def asked(query: Mapping[str, str]) -> dict[str, str]:
    """What the person chose."""
    return {name: query.get(name, "")[:64] for name in ASKED}


def chosen(held: Shown, wanted: Mapping[str, str]) -> pl.DataFrame:
    """Children as filtered, by their number."""
    rows = held.standing.now
    if held.own is not None:
        rows = rows.filter(pl.col("program_id").is_in(sorted(held.own)))
    if wanted["program"]:
        rows = rows.filter(pl.col("program_id") == wanted["program"])
    if wanted["waiting"]:
        waits = held.standing.waiting.filter(pl.col("program_id") == wanted["waiting"]).select(
            "applicant_id", "position"
        )
        rows = rows.join(waits.unique("applicant_id", keep="first"), on="applicant_id").sort("position")
    state = wanted["state"]
    if state == "flow":
        rows = rows.filter(pl.col("reason") == "PLACED_BY_FLOW")
    elif state == "hand":
        rows = rows.filter(pl.col("override") != "")
    elif state in STATES:
        rows = rows.filter(pl.col("state") == state)
    if wanted["find"]:
        receipts = held.standing.found.receipts
        known = {receipt.replace("-", ""): one for one, receipt in receipts.items()}
        sought = wanted["find"].strip()
        who = known.get(sought.replace("-", "").upper(), sought)
        rows = rows.filter(pl.col("applicant_id").str.contains(who, literal=True))
    return rows


def page(held: Shown, wanted: Mapping[str, str]) -> Page:
    """The list."""
    scope, entry = held.scope, held.entry
    rows = chosen(held, wanted)
    number = _number(wanted["page"], rows.height)
    return Page(
        title=say("results.children_title", title=entry.title),
        headline=say("results.children_headline", count=fmt.count(rows.height)),
        lead=say("results.children_lead") if held.runs else "",
        crumbs=parts.trail(scope, entry, say("draws.tab_results"), say("results.children")),
        tabs=parts.tabs(scope, entry, "results"),
        method=parts.method("results.about_mask", "results.about_look"),
        body=parts.Body(tables=(_table(held, wanted, rows, number),), more=_filters(held, wanted)),
    )


def _number(text: str, rows: int) -> int:
    last = max((rows + PAGE - 1) // PAGE, 1)
    return min(max(int(text), 1), last) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _filters(held: Shown, wanted: Mapping[str, str]) -> Filters:
    known = sorted(held.schools if held.own is None else held.own)
    return Filters(
        held.scope.url("admission:result_children", plan_id=held.entry.plan_id),
        tuple(parts.Choice(one, held.program(one), one == wanted["program"]) for one in known),
        tuple(parts.Choice(one, say(f"results.state_{one}"), one == wanted["state"]) for one in STATES),
        wanted["find"],
        wanted["waiting"],
    )


def _table(held: Shown, wanted: Mapping[str, str], rows: pl.DataFrame, number: int) -> DataTable:
    shown = rows.slice((number - 1) * PAGE, PAGE)
    head = [
        Head(say("results.col_child")),
        Head(say("results.col_receipt")),
        Head(say("results.col_where"), width=3),
        Head(say("results.col_how"), width=2),
        Head(say("draws.col_choice"), "right"),
        Head(say("results.col_metres"), "right"),
    ]
    if wanted["waiting"]:
        head.append(Head(say("results.col_position"), "right"))
    pages = max((rows.height + PAGE - 1) // PAGE, 1)
    address = held.scope.url
    kept = {name: value for name, value in wanted.items() if value and name != "page"}

    def to(other: int) -> str:
        query = urlencode({**kept, "page": other})
        return address("admission:result_children", plan_id=held.entry.plan_id, query=query)

    paging = Paging(
        number,
        pages,
        rows.height,
        to(number - 1) if number > 1 else "",
        to(number + 1) if number < pages else "",
    )
    listed = tuple(_row(held, row, bool(wanted["waiting"])) for row in shown.iter_rows(named=True))
    return DataTable(
        "children",
        say("results.children"),
        tuple(head),
        listed,
        paging=paging,
        empty=say("results.nobody_fits"),
    )


def _row(held: Shown, row: Mapping[str, object], waiting: bool) -> Row:
    who = str(row["applicant_id"])
    first: Anchor | str = who
    if held.runs:
        first = Anchor(
            who, held.scope.url("admission:result_child", plan_id=held.entry.plan_id, applicant_id=who)
        )
    where = held.program(str(row["program_id"] or "")) or say(f"results.state_{row['state']}")
    rank, metres = row["choice_rank"], row["metres"]
    cells = [
        first,
        held.standing.found.receipts.get(who, ""),
        where,
        Cell(how(row), sub=str(row["override"] or "")),
        "" if rank is None else str(rank),
        "" if metres is None else fmt.count(float(str(metres))),
    ]
    if waiting:
        cells.append(str(row.get("position", "")))
    return Row(tuple(cells), key=who)


def how(row: Mapping[str, object]) -> str:
    """How a child came where she is, in a word."""
    return (
        say(f"results.how_{row['reason']}") if row["reason"] in HOW else reason(f"results.how_{row['state']}")
    )


HOW = (
    "ADMITTED",
    "GUARANTEED",
    "PLACED_BY_FLOW",
    "PLACED_BY_HAND",
    "WAITING",
    "NO_SEAT_LEFT",
    "NO_LIST",
    "NOT_ADMITTED",
    "INELIGIBLE",
    "ADDRESS_LOCKED",
    "WITHDREW",
    "NO_ANSWER",
)
