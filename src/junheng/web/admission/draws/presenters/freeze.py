"""Freeze and announcement on one page: what is missing, what two people do, what can no longer be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.admission.announcement import RING
from junheng.report import format as fmt
from junheng.web.admission import states
from junheng.web.admission.draws import source_form
from junheng.web.admission.draws.actions.freezing import SPARE
from junheng.web.admission.draws.models import Draw
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.draws.queries import Frozen
from junheng.web.admission.draws.source_form import SourceRow
from junheng.web.admission.presenters import readiness
from junheng.web.house.page import Anchor, Cell, DataTable, Download, Head, Page, Row
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Form:
    """What may be proposed now: the freeze with its spare receipts, or the announcement with its sources."""

    verb: str
    action: str
    spare: str = ""
    rows: tuple[SourceRow, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    lasting: tuple[str, ...] = ()
    thaw: bool = False


def page(held: Frozen, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """The freeze of an entry as it stands."""
    scope, entry = held.scope, held.entry
    return Page(
        title=say("draws.freeze_title", title=entry.title),
        headline=_headline(held),
        lead=say("draws.freeze_lead") if not states.reached(entry.state, states.FROZEN) else "",
        crumbs=parts.trail(scope, entry, say("draws.tab_freeze")),
        tabs=parts.tabs(scope, entry, "freeze"),
        downloads=_downloads(held),
        method=parts.method("draws.about_root", "draws.about_receipt", "draws.about_seed", "draws.about_two"),
        body=parts.Body(
            jobs=held.jobs,
            tables=_tables(held),
            pending=tuple(parts.pending(scope, one, _terms(one)) for one in held.proposals),
            fault=fault,
            points=readiness.points(scope, entry, held.ready),
            more=_form(held, sent or {}),
        ),
    )


def _headline(held: Frozen) -> str:
    entry, draw = held.entry, held.draw
    if held.proposals:
        return say("draws.headline_pending", verb=say(f"draws.verb_{held.proposals[0].verb}"))
    if entry.state in states.CASEWORK or entry.state == states.DRAFT:
        missing = len(held.ready.open)
        return say("draws.headline_ready") if not missing else say("draws.headline_missing", count=missing)
    if draw is None:
        return say("draws.headline_freezing")
    receipts = fmt.count(draw.facts.get("receipts"))
    if draw.state == Draw.FROZEN:
        code = "draws.headline_frozen" if draw.facts.get("draw") else "draws.headline_frozen_scores"
        return say(code, count=receipts, when=parts.clock(draw.frozen_at))
    if draw.state == Draw.ANNOUNCED:
        last = max(one["at"] for one in draw.announcement["sources"])
        return say("draws.headline_announced", count=receipts, when=parts.clock(last))
    return say("draws.headline_drawn", count=receipts, when=parts.clock(draw.drawn_at))


def _downloads(held: Frozen) -> tuple[Download, ...]:
    draw, scope, plan_id = held.draw, held.scope, held.entry.plan_id
    if draw is None or not draw.announcement:
        return ()
    return (
        Download(say("draws.to_commitment"), scope.url("admission:commitment", plan_id=plan_id)),
        Download(say("draws.to_notary"), scope.url("admission:notary", plan_id=plan_id)),
        Download(say("draws.to_ceremony"), scope.url("admission:ceremony", plan_id=plan_id)),
    )


def _tables(held: Frozen) -> tuple[DataTable, ...]:
    found = list(readiness.tables(held.ready))
    if held.draw is not None:
        found.append(_facts(held.draw))
        if held.draw.announcement:
            found.append(sources(held.draw))
    if held.history or held.before:
        found.append(_history(held))
    return tuple(found)


def _facts(draw: Draw) -> DataTable:
    said = [
        (say("draws.fact_root"), parts.digest(draw.root)),
        (say("draws.fact_receipts"), fmt.count(draw.facts.get("receipts"))),
        (say("draws.fact_pools"), fmt.count(draw.facts.get("pools"))),
        (say("draws.fact_seats"), fmt.count(draw.facts.get("seats"))),
        (say("draws.fact_spare"), fmt.count(draw.facts.get("spare"))),
        (say("draws.fact_plan"), parts.digest(str(draw.facts.get("plan", "")))),
        (say("draws.fact_frozen"), parts.exact(draw.frozen_at)),
        (
            say("draws.fact_frozen_by"),
            say("draws.two", one=draw.frozen_by.name, other=draw.confirmed_by.name),
        ),
    ]
    if draw.announcement:
        said += [
            (say("draws.fact_draw_id"), draw.announcement["draw_id"]),
            (say("draws.fact_announced"), parts.exact(draw.announcement["announced_at"])),
        ]
    rows = tuple(Row(one) for one in said)
    return DataTable("frozen", say("draws.frozen_caption"), (Head(""), Head("", width=4)), rows)


def sources(draw: Any) -> DataTable:
    """What the seed will be made of."""
    names = ("source", "event", "at", "count", "fallback")
    rows = tuple(
        Row(
            (
                one["name"],
                one["event"],
                parts.exact(one["at"]),
                say("draws.beacon")
                if one["kind"] == "drand"
                else say("draws.ring_numbers")
                if one["kind"] == RING
                else say("draws.numbers_of", count=one["count"]),
                Cell(
                    one["fallback_event"] or fmt.BLANK,
                    sub=parts.exact(one["fallback_at"]) if one["fallback_at"] else "",
                ),
            )
        )
        for one in draw.announcement["sources"]
    )
    head = tuple(Head(say(f"draws.col_{name}")) for name in names)
    return DataTable("sources", say("draws.sources"), head, rows, note=say("draws.sources_note"))


def _history(held: Frozen) -> DataTable:
    head = tuple(Head(say(f"draws.col_{name}")) for name in ("what", "proposed", "ended", "state"))
    rows = [
        Row(
            (
                Cell(say(f"draws.verb_{one.verb}"), sub=one.reason),
                Cell(one.by.name, sub=parts.clock(one.at)),
                Cell(
                    one.ended_by.name if one.ended_by else "",
                    sub=parts.clock(one.ended_at) if one.ended_at else "",
                ),
                say(f"draws.proposal_{one.state}"),
            )
        )
        for one in held.history
    ]
    rows += [
        Row(
            (
                Cell(say("draws.superseded", number=one.number), sub=parts.digest(one.root)),
                Cell(one.frozen_by.name, sub=parts.clock(one.frozen_at)),
                one.confirmed_by.name,
                say("draws.draw_superseded"),
            )
        )
        for one in held.before
    ]
    return DataTable("history", say("draws.history"), head, tuple(rows), note=say("draws.history_note"))


def _terms(proposal: Any) -> tuple[tuple[str, str], ...]:
    args = proposal.args
    if proposal.verb in ("assign", "thaw"):
        return ()
    if proposal.verb == "freeze":
        return ((say("draws.fact_spare"), fmt.count(args["spare"])),)
    return tuple(
        (one["name"], say("draws.term_source", event=one["event"], at=parts.exact(one["at"])))
        for one in args.get("sources", ())
    )


def _form(held: Frozen, sent: Mapping[str, str]) -> Form | None:
    scope, entry = held.scope, held.entry
    action = scope.url("admission:freeze", plan_id=entry.plan_id)
    if entry.state == states.PUBLICITY and held.proposed("freeze") is None:
        lasting = tuple(say(f"draws.lasting_{name}") for name in ("children", "seats", "plan", "receipts"))
        return Form("freeze", action, spare=sent.get("spare", str(SPARE)), lasting=lasting)
    if held.draw is None:
        return None
    frozen = held.draw.state == Draw.FROZEN
    may_thaw = held.draw.state in (Draw.FROZEN, Draw.ANNOUNCED) and not held.jobs and not held.proposals
    if not frozen or entry.state != states.FROZEN or held.jobs:
        return Form("", action, thaw=True) if may_thaw and entry.state == states.ANNOUNCED else None
    if not held.draw.facts.get("draw") and held.proposed("assign") is None:
        return Form("assign", action, lasting=(say("draws.lasting_scores"),), thaw=may_thaw)
    if held.draw.facts.get("draw") and held.proposed("announce") is None:
        kinds = tuple((one, say(f"draws.kind_{one}")) for one in source_form.KINDS)
        lasting = tuple(say(f"draws.lasting_{name}") for name in ("sources", "events", "refreeze"))
        return Form(
            "announce",
            action,
            rows=source_form.rows(sent, held.plan),
            kinds=kinds,
            lasting=lasting,
            thaw=may_thaw,
        )
    return None


@dataclass(frozen=True, slots=True)
class Commitment:
    """The commitment as it is pinned to the board: statements, then tables."""

    bureau: str
    root: str
    facts: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    tables: tuple[DataTable, ...]
    spare: tuple[str, ...]
    signed: tuple[str, ...]


def commitment(held: Frozen, names: Mapping[str, str]) -> Page:
    """The commitment page, to be printed. `names` give a pool's name."""
    draw, entry = held.draw, held.entry
    assert draw is not None
    said = draw.announcement
    facts = (
        (say("draws.fact_draw_id"), said["draw_id"]),
        (say("draws.fact_receipts"), fmt.count(said["receipts"])),
        (say("draws.fact_seats"), fmt.count(sum(said["seats"].values()))),
        (say("draws.fact_frozen"), parts.exact(said["frozen_at"])),
        (say("draws.fact_announced"), parts.exact(said["announced_at"])),
        (say("draws.fact_mechanism"), say("draws.mechanism_da")),
        (say("draws.fact_software"), said["software"]),
    )
    seats = DataTable(
        "seats",
        say("draws.seats_caption"),
        (
            Head(say("draws.col_program"), width=3),
            Head(say("draws.col_pool"), width=2),
            Head(say("draws.col_seats"), "right"),
        ),
        tuple(Row((names.get(pool, pool), pool, fmt.count(n))) for pool, n in sorted(said["seats"].items())),
        note=say("draws.seats_note"),
    )
    body = Commitment(
        held.scope.unit.name,
        parts.digest(said["root"]),
        facts,
        tuple(
            say(f"draws.statement_{name}")
            for name in ("before", "fixed", "seed", *_lots(said), "once", "verify")
        ),
        tuple(sorted((name, parts.digest(value)) for name, value in said["digests"].items())),
        (sources(draw), seats),
        tuple(said["spare_receipts"]),
        (
            say("draws.signed_one"),
            say("draws.signed_two"),
            say("draws.signed_notary"),
            say("draws.signed_day"),
        ),
    )
    return Page(
        title=say("draws.commitment_title", title=entry.title),
        headline=say("draws.commitment_title", title=entry.title),
        crumbs=parts.trail(held.scope, entry, say("draws.to_commitment")),
        tabs=(),
        downloads=(
            Download(say("draws.to_notary"), held.scope.url("admission:notary", plan_id=entry.plan_id)),
        ),
        body=body,
    )


def _lots(said: Mapping[str, Any]) -> tuple[str, ...]:
    """How tickets order children, in one or two statements."""
    if said.get("ring"):
        balls = any(one["kind"] == RING for one in said["sources"])
        return ("ring", "ring_balls" if balls else "ring_seed")
    return ("ticket_apart",) if said.get("lottery") else ("ticket",)


def link(held: Frozen) -> Anchor:
    """To the ceremony."""
    return Anchor(say("draws.to_ceremony"), held.scope.url("admission:ceremony", plan_id=held.entry.plan_id))
