"""Results of an entry: by school in the order of codes, lines with small numbers kept back, lists, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.web.admission import states
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import Absent, Anchor, Cell, DataTable, Download, Head, Light, Page, Row
from junheng.web.wording import reason, say

MOST = 400
"""Rows a table shows; the file holds the rest."""
BEYOND = 1_000_000
"""Metres from which a price stands for an earlier aim: another child beyond the limit, or without a seat."""


@dataclass(frozen=True, slots=True)
class Form:
    """The publication as it may be proposed: the level, and what each level means."""

    action: str
    levels: tuple[parts.Choice, ...]
    told: str


def page(held: Shown, fault: str = "") -> Page:
    """Everything about the result of an entry."""
    scope, entry = held.scope, held.entry
    if held.held is None:
        return _none(held)
    return Page(
        title=say("results.title", title=entry.title),
        headline=_headline(held),
        crumbs=parts.trail(scope, entry, say("draws.tab_results")),
        tabs=parts.tabs(scope, entry, "results"),
        key_figures=_figures(held) if held.runs else (),
        downloads=_downloads(held),
        method=parts.method(
            "results.about_line", "results.about_waiting", "results.about_price", "results.about_small"
        ),
        body=parts.Body(
            jobs=held.jobs,
            tables=_tables(held),
            pending=tuple(
                parts.pending(scope, one, _terms(one)) for one in held.proposals if one.verb == "publish"
            ),
            fault=fault,
            more=_form(held),
        ),
    )


def _none(held: Shown) -> Page:
    scope, entry = held.scope, held.entry
    code, parameters = held.fault or ("results.none_text", {})
    return Page(
        title=say("results.title", title=entry.title),
        headline=say("results.none_headline"),
        crumbs=parts.trail(scope, entry, say("draws.tab_results")),
        tabs=parts.tabs(scope, entry, "results"),
        absent=Absent(say("results.none_title"), reason(code, parameters)),
        body=parts.Body(jobs=held.jobs),
    )


def _headline(held: Shown) -> str:
    now = held.standing.now if held.runs else _own(held, held.standing.now)
    placed = int((now["state"] == "placed").sum())
    if not held.runs:
        return say("results.headline_school", placed=fmt.count(placed))
    first = int((now["choice_rank"] == 1).sum())
    share = fmt.percent(first / now.height if now.height else None)
    code = "results.headline_published" if held.entry.state == states.PUBLISHED else "results.headline"
    out = fmt.count(now.height - placed)
    return say(code, children=fmt.count(now.height), placed=fmt.count(placed), first=share, out=out)


def _figures(held: Shown) -> tuple[KeyFigure, ...]:
    now = held.standing.now
    unit = say("draws.unit_children")
    place = {
        "first": int((now["choice_rank"] == 1).sum()),
        "second": int((now["choice_rank"] == 2).sum()),
        "later": int((now["choice_rank"] > 2).sum()),
        "placed": int((now["reason"] == "PLACED_BY_FLOW").sum()),
        "waiting": int((now["state"] == "waiting").sum()),
        "without": int((now["state"] == "named").sum()),
    }
    return tuple(
        KeyFigure(
            say(f"draws.place_{name}"),
            fmt.count(n),
            unit,
            fmt.percent(n / now.height if now.height else None),
        )
        for name, n in place.items()
    )


def _downloads(held: Shown) -> tuple[Download, ...]:
    if not held.runs or not held.scope.may("export"):
        return ()
    address = held.scope.url
    return tuple(
        Download(
            say(f"results.file_{what}"),
            address("admission:result_file", plan_id=held.entry.plan_id, what=what, form="xlsx"),
        )
        for what in ("assignment", "cutoffs", "waiting_list")
    )


def _tables(held: Shown) -> tuple[DataTable, ...]:
    found = [_schools(held)]
    if not held.runs:
        return tuple(found)
    found += [_checks(held), _lines(held)]
    result = held.standing.result.tables
    if result["quota_use"].height:
        found.append(_quotas(held, result["quota_use"]))
    if result["placement_prices"].height:
        found.append(_prices(held, result["placement_prices"]))
    return tuple(found)


def _own(held: Shown, frame: pl.DataFrame) -> pl.DataFrame:
    if held.own is None:
        return frame
    return frame.filter(pl.col("program_id").is_in(sorted(held.own)))


def _schools(held: Shown) -> DataTable:
    now = _own(held, held.standing.now)
    counted: dict[str, dict[str, int]] = {}
    for row in now.filter(pl.col("state") == "placed").iter_rows(named=True):
        one = counted.setdefault(
            row["program_id"], dict.fromkeys(("taken", "first", "second", "later", "placed", "hand"), 0)
        )
        one["taken"] += 1
        rank = row["choice_rank"]
        if row["override"]:
            one["hand"] += 1
        elif row["reason"] == "PLACED_BY_FLOW":
            one["placed"] += 1
        elif rank is not None:
            one["first" if rank == 1 else "second" if rank == 2 else "later"] += 1
    programs = held.standing.found.problem.tables["programs"].sort("program_id")
    queues = held.standing.waiting.group_by("program_id").agg(pl.col("applicant_id").n_unique())
    waits = dict(queues.iter_rows()) if held.runs else {}
    rows = tuple(
        _school(held, program, seats, counted.get(program, {}), waits.get(program, 0))
        for program, seats in programs.select("program_id", "seats").iter_rows()
        if held.own is None or program in held.own
    )
    names = ("seats", "taken", "first", "second", "later", "placed", "hand", "left", "waiting")
    head = (
        Head(say("draws.col_program"), width=3),
        *(Head(say(f"results.col_{one}"), "right") for one in names),
    )
    return DataTable("schools", say("results.by_school"), head, rows, note=say("results.by_school_note"))


def _school(held: Shown, program: str, seats: int, one: Mapping[str, int], waits: int) -> Row:
    taken = one.get("taken", 0)
    queue = held.scope.url(
        "admission:result_children", plan_id=held.entry.plan_id, query=f"waiting={program}"
    )
    address = held.scope.url(
        "admission:result_children", plan_id=held.entry.plan_id, query=f"program={program}"
    )
    return Row(
        (
            Anchor(held.program(program), address, sub=program),
            fmt.count(seats),
            fmt.count(taken),
            *(fmt.count(one.get(name, 0)) for name in ("first", "second", "later", "placed", "hand")),
            fmt.count(seats - taken) if seats >= taken else Cell(fmt.signed(seats - taken), light="yellow"),
            Anchor(fmt.count(waits), queue) if waits else fmt.count(waits),
        ),
        key=program,
    )


def _checks(held: Shown) -> DataTable:
    draw = held.draw
    outcome = draw.outcome if draw is not None else {}
    rows = [
        Row(
            (
                one["number"],
                say(f"draws.check_{one['number'].lower()}"),
                Light("good", say("results.right")) if one["right"] else Light("bad", one["sentence"]),
            )
        )
        for one in outcome.get("checks", ())
    ]
    failed = outcome.get("failed", [])
    own = Light("good", say("results.right")) if not failed else Light("bad", fmt.listed(failed[:5]))
    rows.insert(0, Row((say("results.own_check"), say("results.own_check_text"), own)))
    address = held.scope.url("admission:freeze", plan_id=held.entry.plan_id)
    draw_id = draw.announcement.get("draw_id", "") if draw is not None else ""
    rows.append(
        Row(
            (
                say("results.run"),
                Anchor(draw_id or say("results.scores_decide"), address),
                held.entry.plan_digest[:16],
            )
        )
    )
    head = (
        Head(say("results.col_check")),
        Head(say("results.col_what"), width=4),
        Head(say("draws.col_state"), width=3),
    )
    return DataTable("checks", say("results.checks"), head, tuple(rows), note=say("results.checks_note"))


def _lines(held: Shown) -> DataTable:
    frame = held.standing.result.tables["cutoffs"].sort("program_id", "reserve_id", "batch")
    plan = held.standing.found.problem.plan
    protected = {one.id for one in plan.identities if one.protected}
    rows = tuple(_line(held, row, protected) for row in frame.head(MOST).iter_rows(named=True))
    names = ("seats", "filled", "applicants")
    head = (
        Head(say("draws.col_program"), width=3),
        Head(say("results.col_batch")),
        *(Head(say(f"results.col_{one}"), "right") for one in names),
        Head(say("draws.col_state")),
        Head(say("results.col_line"), width=3),
    )
    note = say("results.lines_note", least=held.least)
    return DataTable("lines", say("results.lines"), head, rows, note=note)


def _line(held: Shown, row: Mapping[str, Any], protected: set[str]) -> Row:
    name = Cell(held.program(row["program_id"]), sub=row["reserve_id"] or row["program_id"])
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


def _form(held: Shown) -> Form | None:
    entry = held.entry
    ready = entry.state in (states.CHECKED, states.PUBLISHED)
    if not held.runs or not ready or held.proposed("publish") is not None or held.jobs:
        return None
    plan = held.standing.found.problem.plan
    own = plan.after.publish if plan.after is not None else "own"
    levels = tuple(parts.Choice(one, say(f"results.level_{one}"), one == own) for one in ("own", "list"))
    told = say("results.publish_again" if entry.state == states.PUBLISHED else "results.publish_told")
    return Form(held.scope.url("admission:publish", plan_id=entry.plan_id), levels, told)


def _terms(proposal: Any) -> tuple[tuple[str, str], ...]:
    return ((say("results.level"), say(f"results.level_{proposal.args['level']}")),)
