"""Results child by child: masked names, filters that are links one can send."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.report import format as fmt
from junheng.web.admission.results.presenters import sections
from junheng.web.admission.results.queries import PAGE, Shown
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Page, Paging, Row
from junheng.web.wording import reason, say

ASKED = ("program", "state", "find", "page")
STATES = ("placed", "waiting", "named", "flow", "hand")


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
        meant = known.get(sought.replace("-", "").upper(), sought)
        rows = rows.filter(pl.col("applicant_id").str.contains(meant, literal=True))
    return rows


def page(held: Shown, wanted: Mapping[str, str]) -> Page:
    """The list."""
    rows = chosen(held, wanted)
    paging, everything = sections.paging(held, "children", wanted, rows.height, PAGE)
    number, size = sections.slice_of(wanted, rows.height, PAGE)
    body = sections.board(
        held,
        "children",
        find=wanted["find"],
        tables=(_table(held, wanted, rows.slice((number - 1) * size, size), paging),),
        filters=_filters(held, wanted),
        everything=everything,
    )
    headline = say("results.children_headline", count=fmt.count(rows.height))
    lead = say("results.children_lead") if held.runs else ""
    return sections.page(held, "children", headline, body, lead, "results.about_mask", "results.about_look")


def _filters(held: Shown, wanted: Mapping[str, str]) -> tuple[sections.Filter, ...]:
    known = sorted(held.schools if held.own is None else held.own)
    programs = [(one, held.program(one)) for one in known]
    states = [(one, say(f"results.state_{one}")) for one in STATES]
    return (
        sections.Filter("program", say("draws.col_program"), sections.options(programs, wanted["program"])),
        sections.Filter("state", say("draws.col_state"), sections.options(states, wanted["state"])),
    )


def _table(held: Shown, wanted: Mapping[str, str], rows: pl.DataFrame, paging: Paging | None) -> DataTable:
    head = (
        Head(say("results.col_child")),
        Head(say("results.col_receipt")),
        Head(say("results.col_where"), width=3),
        Head(say("results.col_how"), width=2),
        Head(say("draws.col_choice"), "right"),
        Head(say("results.col_metres"), "right"),
    )
    listed = tuple(_row(held, row) for row in rows.iter_rows(named=True))
    return DataTable(
        "children", say("results.children"), head, listed, paging=paging, empty=say("results.nobody_fits")
    )


def who(held: Shown, applicant_id: str) -> Anchor | str:
    """A child by her number; for who runs the entry with the way to her result."""
    if not held.runs:
        return applicant_id
    at = {"plan_id": held.entry.plan_id, "applicant_id": applicant_id}
    return Anchor(applicant_id, held.scope.url("admission:result_child", **at))


def _row(held: Shown, row: Mapping[str, object]) -> Row:
    one = str(row["applicant_id"])
    where = held.program(str(row["program_id"] or "")) or say(f"results.state_{row['state']}")
    rank, metres = row["choice_rank"], row["metres"]
    cells = (
        who(held, one),
        held.standing.found.receipts.get(one, ""),
        where,
        Cell(how(row), sub=str(row["override"] or "")),
        "" if rank is None else str(rank),
        "" if metres is None else fmt.count(float(str(metres))),
    )
    return Row(cells, key=one)


def how(row: Mapping[str, object]) -> str:
    """How a child came where she is, in a word."""
    return (
        say(f"results.how_{row['reason']}") if row["reason"] in HOW else reason(f"results.how_{row['state']}")
    )


HOW = (
    "ADMITTED",
    "FAMILY_MOVED",
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
