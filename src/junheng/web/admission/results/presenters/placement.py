"""Use of quotas, and children placed near home with the prices that prove it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.report import format as fmt
from junheng.web.admission.results.presenters import sections
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import DataTable, Head, Page, Row
from junheng.web.wording import say

MOST = 400
"""Rows a table shows; the file holds the rest."""
BEYOND = 1_000_000
"""Metres from which a price stands for an earlier aim: another child beyond the limit, or without a seat."""


def page(held: Shown, wanted: Mapping[str, str]) -> Page:
    """The section of quotas and placement."""
    tables = held.standing.result.tables
    found: list[DataTable] = []
    if tables["quota_use"].height:
        found.append(_quotas(held, tables["quota_use"]))
    if tables["placement_prices"].height:
        found.append(_prices(held, tables["placement_prices"]))
    by_flow = held.standing.now.filter(pl.col("reason") == "PLACED_BY_FLOW")
    metres = by_flow["metres"].median()
    headline = (
        say("results.placement_headline", count=fmt.count(by_flow.height), metres=fmt.count(metres))  # type: ignore[arg-type]
        if by_flow.height
        else say("results.quota_headline", count=fmt.count(int(tables["quota_use"]["used"].sum() or 0)))
        if tables["quota_use"].height
        else say("results.placement_none")
    )
    body = sections.board(held, "placement", tables=tuple(found))
    return sections.page(held, "placement", headline, body, "", "results.about_price")


def _quotas(held: Shown, frame: pl.DataFrame) -> DataTable:
    rows = tuple(
        Row(
            (
                _batch_name(held, row["batch"]),
                held.names.get(row["origin_school_id"]) or row["origin_school_id"],
                held.program(row["program_id"]),
                fmt.count(row["given"]),
                fmt.count(row["used"]),
                fmt.count(row["moved"]),
            )
        )
        for row in frame.head(MOST).iter_rows(named=True)
    )
    names = ("batch", "origin", "program")
    head = (
        *(Head(say(f"results.col_{one}"), width=2) for one in names),
        *(Head(say(f"results.col_{one}"), "right") for one in ("given", "used", "moved")),
    )
    more = say("results.more_in_file", shown=MOST, all=fmt.count(frame.height)) if frame.height > MOST else ""
    return DataTable("quotas", say("results.quotas"), head, rows, note=more)


def _batch_name(held: Shown, batch: str) -> str:
    return next((one.name for one in held.standing.found.problem.plan.batches if one.id == batch), batch)


def _prices(held: Shown, frame: pl.DataFrame) -> DataTable:
    plan = held.standing.found.problem.plan
    names = {one.id: "" if one.protected else one.name for one in plan.identities}
    placed = held.standing.result.assignment.filter(pl.col("reason") == "PLACED_BY_FLOW")
    by = dict(
        placed.group_by("program_id")
        .agg(pl.len(), pl.col("metres").median())
        .select("program_id", pl.struct("len", "metres"))
        .iter_rows()
    )
    rows = tuple(
        Row(
            (
                names.get(row["identity"] or "", "") or say("draws.other_classes"),
                held.program(row["program_id"]),
                fmt.count(row["seats"]),
                fmt.count(by[row["program_id"]]["len"]) if row["program_id"] in by else fmt.count(0),
                fmt.count(by[row["program_id"]]["metres"]) if row["program_id"] in by else fmt.BLANK,
                fmt.count(row["metres"]) if row["metres"] < BEYOND else say("results.price_beyond"),
            )
        )
        for row in frame.filter((pl.col("seats") > 0) & (pl.col("metres") > 0))
        .head(MOST)
        .iter_rows(named=True)
    )
    head = (
        Head(say("draws.col_classes")),
        Head(say("draws.col_program"), width=3),
        *(Head(say(f"results.col_{one}"), "right") for one in ("found", "flow", "metres", "price")),
    )
    return DataTable("prices", say("results.prices"), head, rows, note=say("results.prices_note"))
