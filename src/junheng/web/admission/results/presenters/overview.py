"""Results of an entry at a glance: sums first, whether the checks agree, what is to be done with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.web.admission import states
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.presenters import checks, schools, sections
from junheng.web.admission.results.queries import Shown
from junheng.web.house.page import Absent, Page
from junheng.web.wording import reason, say


@dataclass(frozen=True, slots=True)
class Form:
    """The publication as it may be proposed: the level, and what each level means."""

    action: str
    levels: tuple[parts.Choice, ...]
    told: str


def page(held: Shown, fault: str = "") -> Page:
    """Where the result of an entry begins; a school sees its own rows."""
    if held.held is None:
        return _none(held)
    every = schools.counted(held)
    body = sections.board(
        held,
        "overview",
        jobs=held.jobs,
        pending=tuple(
            parts.pending(held.scope, one, _terms(one)) for one in held.proposals if one.verb == "publish"
        ),
        fault=fault,
        tables=(schools.sums(held, every) if held.runs else schools.table(held, every),),
        verdict=checks.verdict(held) if held.runs else None,
        checks=sections.address(held, "checks"),
        more=_form(held),
    )
    made = sections.page(
        held, "overview", _headline(held), body, "", "results.about_waiting", "results.about_small"
    )
    return replace(made, key_figures=_figures(held) if held.runs else ())


def _none(held: Shown) -> Page:
    code, parameters = held.fault or ("results.none_text", {})
    body = sections.board(held, "overview", jobs=held.jobs)
    made = sections.page(held, "overview", say("results.none_headline"), body)
    return replace(
        made, method=None, downloads=(), absent=Absent(say("results.none_title"), reason(code, parameters))
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
    """Where everybody stands: the counts add up to all children."""
    now = held.standing.now
    unit = say("draws.unit_children")
    rank, reason_, by_hand = pl.col("choice_rank"), pl.col("reason"), pl.col("override") != ""
    seated = pl.col("state") == "placed"
    ways = {
        "first": rank == 1,
        "second": rank == 2,
        "later": rank > 2,
        "sure": seated & rank.is_null() & (reason_ != "PLACED_BY_FLOW") & ~by_hand,
        "placed": seated & (reason_ == "PLACED_BY_FLOW"),
        "hand": seated & by_hand,
        "waiting": pl.col("state") == "waiting",
        "without": ~seated & (pl.col("state") != "waiting"),
    }
    counts = now.select(pl.when(way).then(1).sum().alias(name) for name, way in ways.items()).row(
        0, named=True
    )
    always = ("first", "second", "later", "without")
    return tuple(
        KeyFigure(
            say(f"results.place_{name}"),
            fmt.count(n),
            unit,
            fmt.percent(n / now.height if now.height else None),
        )
        for name, n in counts.items()
        if n or name in always
    )


def _own(held: Shown, frame: pl.DataFrame) -> pl.DataFrame:
    if held.own is None:
        return frame
    return frame.filter(pl.col("program_id").is_in(sorted(held.own)))


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
