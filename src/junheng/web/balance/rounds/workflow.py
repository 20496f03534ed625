"""Who may take a case on: the office a state of the rules names, and the person's unit."""

from __future__ import annotations

from typing import Any

from junheng.rules.assessment import OFFICES, Assessment, State
from junheng.web.accounts.roles import EXAMINE, ROLES
from junheng.web.units.register import Register


def state_of(assessment: Assessment, name: str) -> State | None:
    """A state by its id; None where the rules have it no more."""
    return next((one for one in assessment.workflow if one.id == name), None)


def following(assessment: Assessment, name: str) -> tuple[State, ...]:
    """States that may follow, the usual one first."""
    here = state_of(assessment, name)
    known = {one.id: one for one in assessment.workflow}
    return () if here is None else tuple(known[one] for one in here.then if one in known)


def goes_on(assessment: Assessment, source: str, target: str) -> bool:
    """Whether a step leads on, not back."""
    order = [one.id for one in assessment.workflow]
    return source in order and order.index(target) > order.index(source)


def office(source: State, target: State) -> str:
    """The level of government that takes this step."""
    return target.entered_by or source.by or OFFICES[0]


def acting(register: Register, county: Any, level: str) -> Any:
    """The unit that is this office for a county: the nearest above it of the level, or of a higher one where
    the tree has none; the highest there is, else the county itself."""
    if level == OFFICES[0]:
        return county
    above = [unit for unit in register.above(county.path) if unit.path != county.path]
    for wanted in OFFICES[OFFICES.index(level) :]:
        found = [unit for unit in above if unit.level == wanted]
        if found:
            return found[-1]
    return above[0] if above else county


def may(user: Any, register: Register, county: Any, level: str) -> Any:
    """The unit for which the person takes a step of this office; None where she may not. The county's own
    steps are the county's alone: nobody above takes them in its place."""
    unit = acting(register, county, level)
    for grant in user.current_grants():
        reaches = grant.unit.path == unit.path if unit.path == county.path else grant.unit.holds(unit)
        if reaches and EXAMINE in ROLES[grant.role].permissions:
            return unit
    return None
