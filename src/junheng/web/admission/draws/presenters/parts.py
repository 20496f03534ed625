"""Parts the pages around a draw share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from junheng.admission.announcement import CLOCK
from junheng.report import format as fmt
from junheng.web.admission.presenters import parts as of_entry
from junheng.web.house.page import Crumb, DataTable, Method
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import JobView
from junheng.web.wording import reason, say

tabs = of_entry.tabs


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a form's list."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """A proposal that waits for a second person. `may` is whether this person may confirm it."""

    number: int
    title: str
    told: str
    terms: tuple[tuple[str, str], ...]
    row_version: int
    action: str
    may: bool
    own: str = ""


def trail(scope: Scope, entry: Any, *more: str) -> tuple[Crumb, ...]:
    """Region, entry, then further steps."""
    return of_entry.trail(scope, entry, *((text, "") for text in more))


def pending(scope: Scope, proposal: Any, terms: Iterable[tuple[str, str]]) -> Pending:
    """A proposal as it is shown to whoever might confirm it."""
    own = proposal.by_id == scope.user.pk
    verb = say(f"draws.verb_{proposal.verb}")
    return Pending(
        proposal.pk,
        say("draws.waits_for_second", verb=verb),
        say(
            "draws.proposed_by",
            who=proposal.by.name,
            when=clock(proposal.at),
            why=proposal.reason or fmt.BLANK,
        ),
        tuple(terms),
        proposal.row_version,
        scope.url("admission:proposal", plan_id=proposal.entry.plan_id, proposal=proposal.pk),
        not own,
        say("draws.own_proposal") if own else "",
    )


def clock(moment: datetime | str) -> str:
    """A moment to the minute, on the country's clock."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found.astimezone(CLOCK).strftime("%Y-%m-%d %H:%M")


def exact(moment: datetime | str) -> str:
    """A moment to the second."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found.astimezone(CLOCK).strftime("%Y-%m-%d %H:%M:%S")


def digest(text: str) -> str:
    """A digest in groups of eight, as it is compared by eye."""
    return " ".join(text[at : at + 8] for at in range(0, len(text), 8))


def program(names: Mapping[str, str], schools: Mapping[str, str], program_id: str) -> str:
    """A programme by its school's name; its id where the school is not known."""
    return names.get(schools.get(program_id, ""), "") or program_id


def method(*codes: str) -> Method:
    """口径: terms with what each counts."""
    return Method(tuple((say(f"{one}_term"), say(f"{one}_text")) for one in codes))


def sentence(code: str, parameters: Mapping[str, Any] | None = None) -> str:
    """A code of any room in words."""
    return reason(code, parameters or {})


@dataclass(frozen=True, slots=True)
class Body:
    """What the pages of this part show below their headline."""

    jobs: tuple[JobView, ...] = ()
    tables: tuple[DataTable, ...] = ()
    pending: tuple[Pending, ...] = ()
    fault: str = ""
    findings: tuple[str, ...] = ()
    """Faults of a file that was not taken."""
    points: tuple[Any, ...] = ()
    """Conditions of the freeze, before it."""
    more: Any = None
