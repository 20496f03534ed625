"""Waiting lists: who wants a school more than what she holds, in the order of the admission."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.report import format as fmt
from junheng.web.admission.results.presenters import sections
from junheng.web.admission.results.presenters.children import who
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import Cell, DataTable, Head, Page, Row
from junheng.web.wording import say


def page(held: Shown, wanted: Mapping[str, str]) -> Page:
    """The section of waiting lists."""
    every = held.standing.waiting.sort("program_id", "reserve_id", "position")
    rows = every.filter(pl.col("program_id") == wanted["program"]) if wanted["program"] else every
    paging, everything = sections.paging(held, "waiting", wanted, rows.height)
    number, size = sections.slice_of(wanted, rows.height)
    queues = every.group_by("program_id").agg(pl.col("applicant_id").n_unique()).sort("program_id")
    listed = [
        (one, say("results.queue_of", school=held.program(one), count=fmt.count(n)))
        for one, n in queues.iter_rows()
    ]
    found = sections.Filter("program", say("draws.col_program"), sections.options(listed, wanted["program"]))
    body = sections.board(
        held,
        "waiting",
        tables=(_table(held, rows.slice((number - 1) * size, size), paging),),
        filters=(found,) if listed else (),
        everything=everything,
    )
    told = {"children": fmt.count(every["applicant_id"].n_unique()), "schools": fmt.count(queues.height)}
    headline = say("results.waiting_headline", **told) if every.height else say("results.nobody_waits")
    return sections.page(held, "waiting", headline, body, "", "results.about_waiting", "results.about_look")


def _table(held: Shown, rows: pl.DataFrame, paging: object) -> DataTable:
    now = held.standing.now.select("applicant_id", "state", holds="program_id")
    joined = rows.join(now, on="applicant_id", how="left", maintain_order="left")
    names = ("position", "child", "receipt")
    head = (
        Head(say("draws.col_program"), width=2),
        *(Head(say(f"results.col_{one}"), "right" if one == "position" else "left") for one in names),
        Head(say("results.col_holds"), width=2),
    )
    lines = tuple(_row(held, row) for row in joined.iter_rows(named=True))
    empty = say("results.nobody_waits")
    return DataTable("waiting", say("results.waiting"), head, lines, paging=paging, empty=empty)  # type: ignore[arg-type]


def _row(held: Shown, row: Mapping[str, object]) -> Row:
    one = str(row["applicant_id"])
    holds = held.program(str(row["holds"] or "")) or say(f"results.state_{row['state']}")
    if row["holds"] == row["program_id"]:  # placed there since, by hand or by distance
        holds = say("results.holds_here")
    return Row(
        (
            Cell(held.program(str(row["program_id"])), sub=str(row["reserve_id"] or "")),
            str(row["position"]),
            who(held, one),
            held.standing.found.receipts.get(one, ""),
            holds,
        )
    )
