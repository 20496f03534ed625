"""One entry: where it stands on its way, what is open, and the step that comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from junheng.report import format as fmt
from junheng.web.admission import states
from junheng.web.admission.presenters import index, parts
from junheng.web.admission.queries import Desk
from junheng.web.house.page import Anchor, KeyFigure, Light, Page
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Station:
    """One state on the way: passed, here, or to come."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Form:
    """A step this person may take: what it does, where it is sent, what it asks for."""

    verb: str
    title: str
    text: str
    button: str
    action: str
    row_version: int
    reason: bool = False
    days: bool = False
    primary: bool = True


def page(desk: Desk, fault: str = "", typed: dict[str, str] | None = None) -> Page:
    """The entry's own page."""
    held, entry, scope = desk.held, desk.held.entry, desk.held.scope
    return Page(
        title=entry.title,
        headline=say("entry.headline_entry", title=entry.title, state=say(f"entry.state_{entry.state}")),
        lead=str(index.next_step(held)),
        crumbs=parts.trail(scope, entry),
        tabs=parts.tabs(scope, entry, "entry"),
        key_figures=_figures(desk),
        lights=_lights(desk),
        method=parts.method("states", "counts"),
        body={
            "stations": _stations(desk),
            "forms": _forms(desk),
            "links": _links(desk),
            "job": desk.job,
            "fault": fault,
            "typed": typed or _days(desk),
        },
    )


def _figures(desk: Desk) -> tuple[KeyFigure, ...]:
    held = desk.held
    if not (held.runs or held.takes_part) or not held.counts:
        return ()
    figures = [KeyFigure(say("entry.children"), fmt.count(held.staying), say("entry.children_unit"))]
    for state in index.COUNTED:
        count = held.counts.get(state, 0)
        share = fmt.percent(count / held.staying) if held.staying else ""
        figures.append(
            KeyFigure(say(f"child.state_{state}"), fmt.count(count), say("entry.children_unit"), detail=share)
        )
    return tuple(figures)


def _lights(desk: Desk) -> tuple[Light, ...]:
    entry = desk.held.entry
    found = [Light(parts.LIGHTS[entry.state], say(f"entry.state_{entry.state}"))]
    if faults := len(desk.held.reading.faults):
        found.append(Light("bad", say("entry.faults", count=faults)))
    if desk.objections:
        found.append(Light("orange", say("entry.open_objections", count=desk.objections)))
    return tuple(found)


def _stations(desk: Desk) -> tuple[Station, ...]:
    now = states.STATES.index(desk.held.entry.state)
    return tuple(
        Station(say(f"entry.state_{state}"), "past" if at < now else "here" if at == now else "ahead")
        for at, state in enumerate(states.STATES)
    )


def _forms(desk: Desk) -> tuple[Form, ...]:
    held, entry, scope = desk.held, desk.held.entry, desk.held.scope
    if not held.runs or scope.unit.pk != entry.unit.pk:
        return ()
    found: list[Form] = []

    def form(verb: str, view: str, **more: Any) -> None:
        found.append(
            Form(
                verb,
                say(f"entry.step_{verb}"),
                say(f"entry.step_{verb}_text"),
                say(f"entry.step_{verb}_button"),
                scope.url(view, plan_id=entry.plan_id),
                entry.row_version,
                **more,
            )
        )

    busy = desk.job is not None and desk.job.living
    if entry.state == states.DRAFT and not held.reading.faults and not busy:
        form("open", "admission:take_in")
    if entry.state == states.REGISTERING and not busy:
        form("publicise", "admission:publicise", days=True)
        form("again", "admission:take_in", primary=False)
    if entry.state == states.PUBLICITY:
        form("resume", "admission:resume", reason=True, primary=False)
    return tuple(found)


def _links(desk: Desk) -> tuple[Anchor, ...]:
    """Where children's tables come in and where things are checked."""
    held, entry, scope = desk.held, desk.held.entry, desk.held.scope
    found: list[Anchor] = []
    if held.runs and entry.state in (states.DRAFT, states.REGISTERING):
        found.append(
            Anchor(say("entry.link_tables"), scope.url("data:index"), sub=say("entry.link_tables_text"))
        )
    if held.runs and entry.state in states.CASEWORK:
        href = scope.url("admission:readiness", plan_id=entry.plan_id)
        found.append(Anchor(say("entry.tab_readiness"), href, sub=say("entry.link_ready_text")))
    return tuple(found)


def _days(desk: Desk) -> dict[str, str]:
    """Days of publicity as first offered: none, until somebody types them."""
    entry = desk.held.entry

    def text(day: date | None) -> str:
        return day.isoformat() if day is not None else ""

    return {"publicity_from": text(entry.publicity_from), "publicity_to": text(entry.publicity_to)}
