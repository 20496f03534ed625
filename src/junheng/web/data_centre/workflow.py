"""The way of a submission: which step leads from which state to which, who may take it and what it needs."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.web.accounts.roles import COLLECT, FILL, PUBLISH
from junheng.web.data_centre.models import Submission

_F, _S, _R, _A, _L = (
    Submission.FILLING,
    Submission.SUBMITTED,
    Submission.RETURNED,
    Submission.ACCEPTED,
    Submission.LOCKED,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Any of `permissions` on the unit (of the unit above, for a collecting unit's own part) allows
    it. `reason` must be given; `pair` names the proposal that another person must have made before."""

    verb: str
    sources: tuple[str, ...]
    target: str
    permissions: tuple[str, ...]
    reason: bool = False
    proposes: str = ""
    pair: str = ""


STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        Step("submit", (_F, _R), _S, (FILL,)),
        Step("return", (_S, _A), _R, (COLLECT,), reason=True),
        Step("accept", (_S,), _A, (COLLECT,)),
        Step("ask_lock", (_A,), _A, (COLLECT,), proposes="lock"),
        Step("lock", (_A,), _L, (COLLECT, PUBLISH), pair="lock"),
        Step("ask_unlock", (_L,), _L, (COLLECT,), reason=True, proposes="unlock"),
        Step("unlock", (_L,), _A, (COLLECT, PUBLISH), pair="unlock"),
    )
}
"""Steps by verb."""

LIGHTS = {_F: "unseen", _R: "near", _S: "yellow", _A: "good", _L: "good"}
"""Shape and colour of each state, before the due date; what is late is bad."""
