"""The ceremony, one step a screen: what is shown, what is proved by it, what the operator may press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from junheng.admission.announcement import RING, when
from junheng.admission.seeds import seed_of
from junheng.report import format as fmt
from junheng.web.admission.draws import announced
from junheng.web.admission.draws import ceremony_steps as steps
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.draws.presenters.ceremony_typing import Compared, Field, compared, fields
from junheng.web.admission.draws.queries import Held
from junheng.web.house.page import Page
from junheng.web.wording import reason, say

FIRST_TICKETS = 6
CHECKS = tuple(f"V{number}" for number in range(1, 11))


@dataclass(frozen=True, slots=True)
class Stage:
    """A step in the row at the top."""

    number: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class Press:
    """The one thing that can be pressed: what it sends, and its words."""

    verb: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One screen. `poll` is asked while something may change by itself; `seen` is what it was made from."""

    step: str
    stages: tuple[Stage, ...]
    heading: str
    proved: str
    action: str
    poll: str
    clock: str
    facts: tuple[tuple[str, str], ...] = ()
    digest: tuple[str, ...] = ()
    canonical: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    head: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    compared: tuple[Compared, ...] = ()
    said: str = ""
    verdict: str = ""
    well: bool = True
    checks: tuple[tuple[str, str, str], ...] = ()
    press: Press | None = None
    back: Press | None = None
    fault: str = ""
    leave: str = ""


def page(held: Held, now: datetime, fault: str = "") -> Page:
    """The screen of the step that stands in the database."""
    return Page(
        title=say("draws.ceremony_title", title=held.entry.title),
        headline=say("draws.ceremony_title", title=held.entry.title),
        body=screen(held, now, fault),
    )


def seen(held: Held, now: datetime) -> str:
    """What a screen is made from: as long as it stays, the screen need not change."""
    draw = held.draw
    ready = steps.open_now(_following(draw.step), draw, now) if draw.step != steps.END else True
    living = "" if held.job is None else str(held.job.living)
    return "-".join((draw.step, str(draw.row_version), str(len(held.typed)), str(ready), living))


def clock(held: Held, now: datetime) -> str:
    """How long it is to the last event, or how far the draw is."""
    draw = held.draw
    if draw.canonical:
        return held.job.sentence if held.job is not None and held.job.living else ""
    last = steps.due(draw)
    left = int((last - now).total_seconds()) if last is not None else 0
    if left <= 0:
        return say("draws.clock_over")
    days, rest = divmod(left, 86_400)
    hours, rest = divmod(rest, 3600)
    shown = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    return say("draws.clock_days", days=days, clock=shown) if days else say("draws.clock", clock=shown)


def screen(held: Held, now: datetime, fault: str = "") -> Ceremony:
    """Everything on the screen."""
    draw, scope, plan_id = held.draw, held.scope, held.entry.plan_id
    step = draw.step
    at = steps.STEPS.index(step)
    shown = _SCREENS[step](held, now)
    press = shown.pop("press", None)
    key = seen(held, now)
    waits = (press is None and step != steps.END) or step in (steps.COMMITMENT, steps.EVENTS)
    back = Press("advance", steps.STEPS[at - 1], say("draws.back")) if at else None
    return Ceremony(
        step=step,
        stages=tuple(
            Stage(fmt.count(number + 1), say(f"draws.step_{name}"), _state(number, at))
            for number, name in enumerate(steps.STEPS)
        ),
        heading=say(f"draws.heading_{step}"),
        proved=say(f"draws.proved_{_kind_of(draw, step)}"),
        action=scope.url("admission:ceremony", plan_id=plan_id),
        poll=scope.url("admission:clock", query=f"seen={key}", plan_id=plan_id) if waits else "",
        clock=clock(held, now),
        press=press,
        back=back,
        fault=fault,
        leave=scope.url("admission:freeze", plan_id=plan_id),
        **shown,
    )


def _kind_of(draw: Any, step: str) -> str:
    """Words of a step; how tickets order children differs with the draw."""
    if step != steps.TICKETS:
        return step
    if draw.announcement.get("ring"):
        return "ring"
    return "tickets_apart" if draw.announcement.get("lottery") else step


def _state(number: int, at: int) -> str:
    return "done" if number < at else "now" if number == at else "ahead"


def _following(step: str) -> str:
    return steps.STEPS[min(steps.STEPS.index(step) + 1, len(steps.STEPS) - 1)]


def _on(held: Held, now: datetime, code: str = "draws.go_on") -> Press | None:
    """To the next step, once it is open."""
    to = _following(held.draw.step)
    return Press("advance", to, say(code)) if steps.open_now(to, held.draw, now) else None


def _commitment(held: Held, now: datetime) -> dict[str, Any]:
    said = held.draw.announcement
    return {
        "digest": _grouped(said["root"]),
        "facts": (
            (say("draws.fact_receipts"), fmt.count(said["receipts"])),
            (say("draws.fact_seats"), fmt.count(sum(said["seats"].values()))),
            (say("draws.fact_pools"), fmt.count(len(said["seats"]))),
            (say("draws.fact_frozen"), parts.exact(said["frozen_at"])),
            (say("draws.fact_announced"), parts.exact(said["announced_at"])),
            (say("draws.fact_draw_id"), said["draw_id"]),
        ),
        "press": _on(held, now),
    }


def _events(held: Held, now: datetime) -> dict[str, Any]:
    rows = tuple(
        (
            one["name"],
            one["event"],
            parts.exact(one["at"]),
            _count(one),
            say("draws.event_over" if when(one["at"]) <= now else "draws.event_ahead"),
        )
        for one in held.draw.announcement["sources"]
    )
    names = ("source", "event", "at", "count", "state")
    return {
        "head": tuple(say(f"draws.col_{name}") for name in names),
        "rows": rows,
        "press": _on(held, now, "draws.to_numbers"),
    }


def _numbers(held: Held, now: datetime) -> dict[str, Any]:
    draw, attempt = held.draw, held.attempt
    if draw.canonical:
        return {"compared": compared(held), "verdict": say("draws.agreed"), "press": _on(held, now)}
    if draw.results:
        press = Press("hold", steps.SEED, say("draws.make_seed"))
        return {"compared": compared(held), "verdict": say("draws.agreed"), "press": press}
    shown: dict[str, Any] = {}
    if len(attempt) == 2:
        shown = {
            "compared": compared(held),
            "verdict": say("draws.differ"),
            "well": False,
            "said": say("draws.type_again"),
        }
    elif len(attempt) == 1:
        shown = {"said": say("draws.one_typed", who=attempt[0].by.name)}
    if held.mine is not None:
        return shown | {"said": say("draws.wait_for_second")}
    number = attempt[0].attempt if attempt else 1
    typed_word = say("draws.type_first") if len(attempt) != 1 else say("draws.type_second")
    press = Press("type", "", typed_word)
    return {"said": say("draws.type_apart", attempt=number), **shown, "fields": fields(draw), "press": press}


def _seed(held: Held, now: datetime) -> dict[str, Any]:
    return {
        "canonical": held.draw.canonical,
        "digest": _grouped(held.draw.digest),
        "facts": (
            (say("draws.fact_drawn"), parts.exact(held.draw.drawn_at)),
            *_ring(held.draw),
            (say("draws.fact_repeat"), f"printf '%s' '{held.draw.canonical}' | sha256sum"),
        ),
        "press": _on(held, now),
    }


def _ring(draw: Any) -> tuple[tuple[str, str], ...]:
    """Start and step, once the seed is made."""
    if not draw.announcement.get("ring"):
        return ()
    seed = seed_of(announced.read(draw), announced.results(draw.results), draw.drawn_at)
    start, step = seed.ring or (0, 0)
    return ((say("draws.fact_start"), fmt.count(start)), (say("draws.fact_step"), fmt.count(step)))


def _tickets(held: Held, now: datetime) -> dict[str, Any]:
    outcome = held.draw.outcome
    if not outcome:
        return {"said": _under_way(held)}
    if outcome.get("ring"):
        walked = tuple(
            (fmt.count(place), fmt.count(number), receipt)
            for place, (number, receipt) in enumerate(outcome["ring"][:FIRST_TICKETS], start=1)
        )
        return {
            "head": tuple(say(f"draws.col_{name}") for name in ("place", "ring_number", "receipt")),
            "rows": walked,
            "facts": _ring(held.draw),
            "said": say("draws.ring_said", count=fmt.count(outcome["receipts"])),
            "press": _on(held, now),
        }
    rows = tuple(
        (fmt.count(number), receipt, ticket[:32])
        for number, (receipt, ticket) in enumerate(outcome["tickets"][:FIRST_TICKETS], start=1)
    )
    return {
        "head": tuple(say(f"draws.col_{name}") for name in ("place", "receipt", "ticket")),
        "rows": rows,
        "said": say("draws.tickets_said", count=fmt.count(outcome["receipts"])),
        "press": _on(held, now),
    }


def _placement(held: Held, now: datetime) -> dict[str, Any]:
    outcome = held.draw.outcome
    if not outcome:
        return {"said": _under_way(held)}
    whole = outcome["sums"]["total"]
    facts = [
        (say("draws.fact_children"), fmt.count(whole["children"])),
        (say("draws.fact_in"), fmt.count(whole["children"] - whole["waiting"] - whole["without"])),
        (say("draws.fact_first"), fmt.count(whole["first"])),
        (say("draws.fact_second"), fmt.count(whole["second"])),
        (say("draws.fact_later"), fmt.count(whole["later"])),
        (say("draws.fact_sure"), fmt.count(whole["sure"])),
        (say("draws.fact_flow"), fmt.count(whole["placed"])),
        (say("draws.fact_out"), fmt.count(whole["waiting"] + whole["without"])),
    ]
    return {"facts": tuple(facts), "press": _on(held, now)}


def _checks(held: Held, now: datetime) -> dict[str, Any]:
    outcome = held.draw.outcome
    if not outcome:
        return {"said": _under_way(held)}
    found = {one["number"]: one for one in outcome["checks"]}
    checks = tuple(_check(number, found.get(number)) for number in CHECKS)
    clean = outcome["clean"]
    return {
        "checks": checks,
        "verdict": say("draws.all_agree" if clean else "draws.not_all_agree"),
        "well": clean,
        "press": _on(held, now),
    }


def _check(number: str, one: Mapping[str, Any] | None) -> tuple[str, str, str]:
    told = say(f"draws.check_{number.lower()}")
    if one is None:
        return number, told, "unseen"
    return number, told if one["right"] else one["sentence"], "good" if one["right"] else "bad"


def _end(held: Held, now: datetime) -> dict[str, Any]:
    draw = held.draw
    return {
        "facts": (
            (say("draws.fact_draw_id"), draw.announcement["draw_id"]),
            (say("draws.fact_seed"), draw.digest),
            (say("draws.fact_root"), draw.root),
        ),
        "said": say("draws.end_said"),
    }


def _under_way(held: Held) -> str:
    if held.job is None:
        return ""
    return held.job.sentence


def _count(source: Mapping[str, Any]) -> str:
    if source["kind"] == "drand":
        return say("draws.beacon")
    if source["kind"] == RING:
        return say("draws.ring_numbers")
    return say("draws.numbers_of", count=fmt.count(source["count"]))


def _grouped(digest: str) -> tuple[str, ...]:
    """A digest in four lines of four groups, to be compared from the back of a hall."""
    groups = [digest[at : at + 4] for at in range(0, len(digest), 4)]
    return tuple(" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4))


def checked(outcome: Mapping[str, Any]) -> str:
    """The verdict of a draw in one sentence."""
    bad = [one for one in outcome.get("checks", ()) if not one["right"]]
    if bad:
        return reason(
            "admission.verifier_disagrees", {"number": bad[0]["number"], "sentence": bad[0]["sentence"]}
        )
    return say("draws.all_agree")


_SCREENS = {
    steps.COMMITMENT: _commitment,
    steps.EVENTS: _events,
    steps.NUMBERS: _numbers,
    steps.SEED: _seed,
    steps.TICKETS: _tickets,
    steps.PLACEMENT: _placement,
    steps.CHECKS: _checks,
    steps.END: _end,
}
