"""Lines: the last admitted of every full pool, small numbers and protected classes kept back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.report import format as fmt
from junheng.web.admission.results.presenters import sections
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import Cell, DataTable, Head, Light, Page, Row
from junheng.web.wording import reason, say


def page(held: Shown, wanted: Mapping[str, str]) -> Page:
    """The section of lines."""
    frame = held.standing.result.tables["cutoffs"].sort("program_id", "reserve_id", "batch")
    full = int((frame["state"] == "full").sum())
    chosen = frame.filter(frame["state"] == wanted["state"]) if wanted["state"] in ("full", "open") else frame
    paging, everything = sections.paging(held, "lines", wanted, chosen.height)
    number, size = sections.slice_of(wanted, chosen.height)
    listed = [("full", say("results.full")), ("open", say("results.seats_left"))]
    found = sections.Filter("state", say("draws.col_state"), sections.options(listed, wanted["state"]))
    rows = chosen.slice((number - 1) * size, size)
    body = sections.board(
        held,
        "lines",
        tables=(_lines(held, rows, paging),),
        filters=(found,),
        everything=everything,
    )
    headline = say("results.lines_headline", full=fmt.count(full), all=fmt.count(frame.height))
    return sections.page(held, "lines", headline, body, "", "results.about_line", "results.about_small")


def _lines(held: Shown, frame: Any, paging: Any) -> DataTable:
    plan = held.standing.found.problem.plan
    protected = {one.id for one in plan.identities if one.protected}
    rows = tuple(_line(held, row, protected) for row in frame.iter_rows(named=True))
    names = ("seats", "filled", "applicants")
    head = (
        Head(say("draws.col_program"), width=3),
        Head(say("results.col_batch")),
        *(Head(say(f"results.col_{one}"), "right") for one in names),
        Head(say("draws.col_state")),
        Head(say("results.col_line"), width=3),
    )
    note = say("results.lines_note", least=held.least)
    return DataTable("lines", say("results.lines"), head, rows, note=note, paging=paging)


def _line(held: Shown, row: Mapping[str, Any], protected: set[str]) -> Row:
    name = Cell(held.program(row["program_id"]), sub=row["reserve_id"] or "")
    batch = _batch(row["batch"])
    if 0 < row["applicants"] < held.least:
        kept = say("results.kept_back")
        return Row((name, batch, fmt.count(row["seats"]), kept, kept, Light("unseen", kept), kept))
    full = row["state"] == "full"
    light = Light("none", say("results.full")) if full else Light("good", say("results.seats_left"))
    key = row["last_key"] or ""
    shown = (
        fmt.BLANK
        if not full
        else say("results.no_line")
        if not key
        else say("results.kept_class")
        if any(f"class={one}" in key for one in protected)
        else _key(held, key)
    )
    counts = (fmt.count(row["seats"]), fmt.count(row["filled"]), fmt.count(row["applicants"]))
    return Row((name, batch, *counts, light, shown))


def _batch(batch: str) -> str:
    return reason(f"admission.stage.{batch}") if batch in ("private", "zone_lists") else batch


def _key(held: Shown, key: str) -> str:
    """The key of the last admitted in words: its fields with the plan's own words."""
    plan = held.standing.found.problem.plan
    identities = {one.id: one.name for one in plan.identities}
    told: list[str] = []
    for part in key.split("; "):
        name, _, value = part.partition("=")
        if name in ("guaranteed", "trait") or not value:
            continue
        if name == "class":
            value = identities.get(value.removesuffix("+private"), value)
        label = (
            say(f"results.key_{name}")
            if name in ("class", "ticket", "band", "distance")
            else plan.words.get(name.removeprefix("-"), name)
        )
        flag = {"true": "admission.flag_true", "false": "admission.flag_false"}.get(value)
        told.append(say("results.key", name=label, value=reason(flag) if flag else value))
    return fmt.listed(told, held.scope.language)
