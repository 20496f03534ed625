"""The way of an entry from its plan to its end: which step leads where, who may take it, what it needs."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.web.accounts.roles import ADMIT, PUBLISH

DRAFT, REGISTERING, PUBLICITY, FROZEN, ANNOUNCED, DRAWN, CHECKED, PUBLISHED, CLOSED = (
    "draft",
    "registering",
    "publicity",
    "frozen",
    "announced",
    "drawn",
    "checked",
    "published",
    "closed",
)
STATES = (DRAFT, REGISTERING, PUBLICITY, FROZEN, ANNOUNCED, DRAWN, CHECKED, PUBLISHED, CLOSED)
"""States in order."""
CASEWORK = (REGISTERING, PUBLICITY)
"""States in which children are added, mended and checked in the database; later the folder is read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Any of `permissions` on the entry's unit allows it; `reason` must be given. That freeze,
    announcement, draw and publication take two people is held where they are proposed."""

    verb: str
    sources: tuple[str, ...]
    target: str
    permissions: tuple[str, ...] = (ADMIT,)
    reason: bool = False


STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        Step("open", (DRAFT,), REGISTERING),
        Step("publicise", (REGISTERING,), PUBLICITY),
        Step("resume", (PUBLICITY,), REGISTERING, reason=True),
        Step("freeze", (PUBLICITY,), FROZEN, (ADMIT, PUBLISH)),
        Step("thaw", (FROZEN, ANNOUNCED), PUBLICITY, reason=True),
        Step("announce", (FROZEN,), ANNOUNCED, (ADMIT, PUBLISH)),
        Step("draw", (ANNOUNCED,), DRAWN, (ADMIT, PUBLISH)),
        Step("check", (FROZEN, DRAWN), CHECKED),
        Step("publish", (CHECKED,), PUBLISHED, (ADMIT, PUBLISH)),
        Step("close", (PUBLISHED,), CLOSED, reason=True),
    )
}
"""Steps by verb. An entry without a draw (a score decides) goes from the freeze to the check."""


def reached(state: str, wanted: str) -> bool:
    """Whether an entry in `state` has come as far as `wanted`."""
    return STATES.index(state) >= STATES.index(wanted)
