"""Placements by hand: the ground, the document, two people, and what each does to others before it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.actions import grounds
from junheng.web.admission.results.queries import Overridden
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Light, Page, Row
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Waiting:
    """An override that waits for its second person, with its effect in sentences."""

    title: str
    told: str
    effects: tuple[str, ...]
    action: str
    row_version: int
    may: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What a placement by hand needs."""

    action: str
    programs: tuple[parts.Choice, ...]
    grounds: tuple[parts.Choice, ...]
    sent: Mapping[str, str]
    waiting: tuple[Waiting, ...]


def page(held: Overridden, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """Every placement by hand of an entry."""
    shown = held.shown
    signed = sum(one.approved_by_id is not None for one, _ in held.rows)
    return Page(
        title=say("results.overrides_title", title=shown.entry.title),
        headline=say(
            "results.overrides_headline", signed=fmt.count(signed), open=fmt.count(len(held.rows) - signed)
        ),
        lead=say("results.overrides_lead"),
        crumbs=parts.trail(shown.scope, shown.entry, say("draws.tab_overrides")),
        tabs=parts.tabs(shown.scope, shown.entry, "overrides"),
        method=parts.method("results.about_override", "results.about_ground", "draws.about_two"),
        body=parts.Body(tables=(_table(held),), fault=fault, more=_form(held, sent or {})),
    )


def ground(held: Any, code: str) -> str:
    """A ground in words."""
    both = grounds().entries.get(code)
    return code if both is None else both[0 if held.scope.language == "zh" else 1]


def _table(held: Overridden) -> DataTable:
    shown = held.shown
    rows = tuple(
        Row(
            (
                Anchor(
                    one.child.applicant_id,
                    shown.scope.url(
                        "admission:result_child",
                        plan_id=shown.entry.plan_id,
                        applicant_id=one.child.applicant_id,
                    ),
                ),
                shown.program(one.program_id),
                Cell(ground(shown, one.ground), sub=one.document_no),
                Cell(one.by.name, sub=parts.clock(one.at)),
                Cell(one.approved_by.name, sub=parts.clock(one.approved_at))
                if one.approved_by
                else fmt.BLANK,
                Light("good", say("results.signed"))
                if one.approved_by
                else Light("unseen", say("results.unsigned")),
            ),
            key=str(one.pk),
        )
        for one, _ in held.rows
    )
    names = ("child", "where", "ground", "by", "approved", "state")
    head = tuple(
        Head(say(f"results.col_{name}"), width=2 if name in ("where", "ground") else 1) for name in names
    )
    return DataTable(
        "overrides",
        say("draws.tab_overrides"),
        head,
        rows,
        note=say("results.overrides_note"),
        empty=say("results.no_override"),
    )


def _form(held: Overridden, sent: Mapping[str, str]) -> Form:
    shown = held.shown
    at = 0 if shown.scope.language == "zh" else 1
    return Form(
        shown.scope.url("admission:overrides", plan_id=shown.entry.plan_id),
        tuple(
            parts.Choice(one, f"{shown.program(one)} {one}", one == sent.get("program_id"))
            for one in sorted(shown.schools)
        ),
        tuple(
            parts.Choice(one, both[at], one == sent.get("ground")) for one, both in grounds().entries.items()
        ),
        sent,
        tuple(_waiting(held, one, effect) for one, effect in held.rows if effect is not None),
    )


def _waiting(held: Overridden, one: Any, effect: Any) -> Waiting:
    shown = held.shown
    own = one.by_id == shown.scope.user.pk
    return Waiting(
        say("results.override_title", who=one.child.applicant_id, where=shown.program(one.program_id)),
        say(
            "results.override_told",
            ground=ground(shown, one.ground),
            document=one.document_no,
            who=one.by.name,
            when=parts.clock(one.at),
        ),
        tuple(effects(held, effect)),
        shown.scope.url("admission:override_approve", plan_id=shown.entry.plan_id, override=one.pk),
        one.row_version,
        not own,
    )


def effects(held: Overridden, effect: Any) -> list[str]:
    """What it does to others, in sentences."""
    shown = held.shown
    where = shown.program(effect.program_id)
    if effect.already:
        return [say("results.effect_already", where=where)]
    found = [
        say("results.effect_over", where=where, over=fmt.count(-effect.left))
        if effect.left < 0
        else say("results.effect_left", where=where, left=fmt.count(effect.left))
    ]
    if effect.from_program:
        before = shown.program(effect.from_program)
        code = "results.effect_following" if effect.following else "results.effect_given_back"
        found.append(say(code, where=before, who=effect.following))
    found.append(say("results.effect_nobody_loses"))
    return found
