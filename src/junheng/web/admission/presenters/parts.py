"""Parts the pages of an entry share: tabs, breadcrumb, lights."""

from __future__ import annotations

from typing import Literal

from django.urls import NoReverseMatch

from junheng.web.admission import states
from junheng.web.admission.models import Child, Entry
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Crumb, Method
from junheng.web.house.scope import Scope
from junheng.web.wording import catalogue, say

Kind = Literal["good", "near", "bad", "unseen", "none", "red", "orange", "yellow"]
LIGHTS: dict[str, Kind] = {
    states.DRAFT: "unseen",
    states.REGISTERING: "near",
    states.PUBLICITY: "near",
    states.FROZEN: "near",
    states.ANNOUNCED: "near",
    states.DRAWN: "near",
    states.CHECKED: "near",
    states.PUBLISHED: "good",
    states.CLOSED: "good",
}
CHILD_LIGHTS: dict[str, Kind] = {
    Child.REGISTERED: "unseen",
    Child.PAPERS_MISSING: "bad",
    Child.SCHOOL_CHECKED: "near",
    Child.BUREAU_CHECKED: "good",
    Child.WITHDRAWN: "none",
}
FACT_LIGHTS: dict[str, Kind] = {Child.VERIFIED: "good", Child.PENDING: "near", Child.REJECTED: "bad"}
_TABS = (
    ("entry", "admission:entry", states.DRAFT, "see"),
    ("plan", "admission:plan", states.DRAFT, "see"),
    ("children", "admission:children", states.REGISTERING, "register"),
    ("publicity", "admission:publicity", states.REGISTERING, "see"),
    ("objections", "admission:objections", states.REGISTERING, "admit"),
    ("readiness", "admission:readiness", states.REGISTERING, "admit"),
    ("trial", "admission:trial", states.REGISTERING, "admit"),
    ("freeze", "admission:freeze", states.REGISTERING, "admit"),
    ("results", "admission:results", states.DRAWN, "see"),
    ("notices", "admission:notices", states.FROZEN, "admit"),
    ("answers", "admission:answers", states.PUBLISHED, "admit"),
    ("overrides", "admission:overrides", states.DRAWN, "admit"),
    ("sunshine", "admission:sunshine", states.FROZEN, "admit"),
)


def tabs(scope: Scope, entry: Entry, here: str) -> tuple[tuple[Anchor, bool], ...]:
    """The pages of an entry this person may open, from the state on in which there is something to see."""
    found: list[tuple[Anchor, bool]] = []
    for name, view, since, permission in _TABS:
        if not scope.may(permission) or not (states.reached(entry.state, since) or name == here):
            continue
        try:
            address = scope.url(view, plan_id=entry.plan_id)
        except NoReverseMatch:
            continue
        code = f"entry.tab_{name}" if f"entry.tab_{name}" in catalogue() else f"draws.tab_{name}"
        found.append((Anchor(say(code), address), name == here))
    return tuple(found)


def trail(scope: Scope, entry: Entry, *more: tuple[str, str]) -> tuple[Crumb, ...]:
    """Region, entry, then (text, address) of further steps."""
    up = scope.url("admission:entry", plan_id=entry.plan_id) if more else ""
    steps = (Crumb(say("house.page_admission"), scope.url("admission:index")), Crumb(entry.title, up))
    return crumbs(scope, "admission:index", *steps, *(Crumb(text, href) for text, href in more))


def method(*names: str) -> Method:
    """口径 of a page."""
    return Method(tuple((say(f"entry.method_{one}"), say(f"entry.method_{one}_text")) for one in names))
