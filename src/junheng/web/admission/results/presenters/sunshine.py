"""阳光招生: what happened after the freeze, for supervision, on paper and with a digest of itself."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.presenters.overrides import ground
from junheng.web.admission.results.queries import Sunshine
from junheng.web.audit.verbs import named
from junheng.web.house.page import Cell, DataTable, Head, Page, Row
from junheng.web.wording import say

SHOWN = 300


@dataclass(frozen=True, slots=True)
class Report:
    """Tables of the report and the digest of what they tell."""

    tables: tuple[DataTable, ...]
    digest: str
    signed: tuple[str, ...]


def page(held: Sunshine) -> Page:
    """The report."""
    shown = held.shown
    signed = sum(one.approved_by_id is not None for one in held.overrides)
    looks = sum(n for _, _, n in held.looks)
    return Page(
        title=say("results.sunshine_title", title=shown.entry.title),
        headline=say(
            "results.sunshine_headline",
            overrides=fmt.count(signed),
            looks=fmt.count(looks),
            people=fmt.count(len({who for who, _, _ in held.looks})),
        ),
        lead=say("results.sunshine_lead", when=parts.exact(held.since) if held.since else fmt.BLANK),
        crumbs=parts.trail(shown.scope, shown.entry, say("draws.tab_sunshine")),
        tabs=parts.tabs(shown.scope, shown.entry, "sunshine"),
        method=parts.method("results.about_sunshine", "results.about_digest"),
        body=Report(
            (_draws(held), _steps(held), _overrides(held), _by_ground(held), _looks(held), _events(held)),
            parts.digest(digest(held)),
            (
                say("draws.signed_one"),
                say("draws.signed_two"),
                say("results.signed_discipline"),
                say("draws.signed_day"),
            ),
        ),
    )


def digest(held: Sunshine) -> str:
    """SHA-256 of everything the report tells, so that a print can be held against the trail later."""
    told: dict[str, Any] = {
        "plan": held.shown.entry.plan_id,
        "since": str(held.since),
        "draws": [(one.number, one.root, one.state, one.digest) for one in held.draws],
        "overrides": [
            (
                one.child.applicant_id,
                one.program_id,
                one.ground,
                one.document_no,
                one.by.username,
                one.approved_by.username if one.approved_by else "",
            )
            for one in held.overrides
        ],
        "looks": held.looks,
        "events": [(one.seq, one.hash) for one in held.events],
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _draws(held: Sunshine) -> DataTable:
    rows = tuple(
        Row(
            (
                fmt.count(one.number),
                Cell(
                    parts.exact(one.frozen_at),
                    sub=say("draws.two", one=one.frozen_by.name, other=one.confirmed_by.name),
                ),
                Cell(parts.digest(one.root)),
                Cell(
                    one.announcement.get("draw_id", "") or fmt.BLANK,
                    sub=parts.exact(one.announcement["announced_at"]) if one.announcement else "",
                ),
                Cell(parts.exact(one.drawn_at) if one.drawn_at else fmt.BLANK, sub=one.canonical),
                say(f"results.draw_{one.state}"),
            )
        )
        for one in held.draws
    )
    names = ("number", "frozen", "root", "draw_id", "drawn", "state")
    head = tuple(
        Head(say(f"results.col_{name}"), width=3 if name in ("root", "draw_id") else 2) for name in names
    )
    return DataTable("draws", say("results.draws"), head, rows)


def _steps(held: Sunshine) -> DataTable:
    rows = tuple(
        Row(
            (
                say(f"draws.verb_{one.verb}"),
                Cell(one.by.name, sub=parts.clock(one.at)),
                Cell(one.ended_by.name, sub=parts.clock(one.ended_at)) if one.ended_by else fmt.BLANK,
                say(f"draws.proposal_{one.state}"),
            )
        )
        for one in held.proposals
    )
    head = tuple(Head(say(f"draws.col_{name}")) for name in ("what", "proposed", "ended", "state"))
    return DataTable("steps", say("results.steps"), head, rows)


def _overrides(held: Sunshine) -> DataTable:
    rows = tuple(
        Row(
            (
                one.child.applicant_id,
                one.program_id,
                Cell(ground(held.shown, one.ground), sub=one.document_no),
                Cell(one.by.name, sub=parts.clock(one.at)),
                Cell(one.approved_by.name, sub=parts.clock(one.approved_at))
                if one.approved_by
                else say("results.unsigned"),
            )
        )
        for one in held.overrides
    )
    head = tuple(
        Head(say(f"results.col_{name}"), width=2) for name in ("child", "where", "ground", "by", "approved")
    )
    return DataTable("overrides", say("draws.tab_overrides"), head, rows, empty=say("results.no_override"))


def _by_ground(held: Sunshine) -> DataTable:
    counted = Counter(one.ground for one in held.overrides if one.approved_by_id is not None)
    rows = tuple(Row((ground(held.shown, code), fmt.count(n))) for code, n in sorted(counted.items()))
    head = (Head(say("results.col_ground"), width=3), Head(say("results.col_count"), "right"))
    return DataTable(
        "grounds",
        say("results.public_part"),
        head,
        rows,
        note=say("results.public_part_note"),
        empty=say("results.no_override"),
    )


def _looks(held: Sunshine) -> DataTable:
    rows = tuple(Row((who, whom, fmt.count(n))) for who, whom, n in held.looks[:SHOWN])
    head = (
        Head(say("results.col_who")),
        Head(say("results.col_child"), width=2),
        Head(say("results.col_count"), "right"),
    )
    more = (
        say("results.more_in_trail", shown=SHOWN, all=fmt.count(len(held.looks)))
        if len(held.looks) > SHOWN
        else ""
    )
    return DataTable("looks", say("results.looks"), head, rows, note=more, empty=say("results.no_look"))


def _events(held: Sunshine) -> DataTable:
    rows = tuple(
        Row(
            (
                fmt.count(one.seq),
                parts.exact(one.at),
                one.actor,
                named(one.verb, held.shown.scope.language),
                one.object,
                one.reason,
            )
        )
        for one in held.events[-SHOWN:]
    )
    names = ("seq", "at", "who", "what", "object", "why")
    head = tuple(Head(say(f"results.col_{name}"), "right" if name == "seq" else "left") for name in names)
    return DataTable("events", say("results.events"), head, rows)
