"""Two people for what cannot be taken back: one proposes, another confirms what was proposed, unchanged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission.draws.models import Proposal
from junheng.web.admission.draws.people import holders
from junheng.web.admission.models import Entry
from junheng.web.audit.chain import record as audit
from junheng.web.notices.actions import tell

REASON = 300


@dataclass(frozen=True, slots=True)
class Kind:
    """One verb of two people: the states of the entry in which it may be done, what is checked both times,
    what happens on confirmation (in its transaction), and the page it is done on."""

    verb: str
    states: tuple[str, ...]
    check: Callable[[Any, Mapping[str, Any]], None]
    carry_out: Callable[[Any, Any], None]
    link: Callable[[Any], str]


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Name a verb, from the `ready` of an AppConfig."""
    _KINDS[kind.verb] = kind


@transaction.atomic
def propose(*, entry: Any, verb: str, by: Any, args: Mapping[str, Any], reason: str = "") -> Proposal:
    """Propose what another person is to confirm. PermissionDenied without `admit`; Refused in another state
    of the entry, while the same is proposed already, and for what the verb's own check finds."""
    kind, held = _KINDS[verb], _locked(entry, by)
    if held.state not in kind.states:
        raise Refused("draws.not_now", {"verb": f"draws.verb_{verb}", "state": f"draws.entry_{held.state}"})
    if Proposal.objects.filter(entry=held, verb=verb, state=Proposal.OPEN).exists():
        raise Refused("draws.proposed_already", {"verb": f"draws.verb_{verb}"})
    kind.check(held, args)
    made = Proposal.objects.create(
        entry=held, verb=verb, args=dict(args), reason=reason.strip()[:REASON], by=by
    )
    audit(
        f"draw.{verb}_proposed",
        by=by,
        unit=held.unit,
        object=held.plan_id,
        reason=made.reason,
        diff={"proposal": made.pk, **made.args},
    )
    tell(
        to=holders(ADMIT, held.unit, besides=by),
        code="draws.notice_proposed",
        link=kind.link(held),
        verb=f"draws.verb_{verb}",
        title=held.title,
        who=by.name,
    )
    return made


@transaction.atomic
def confirm(*, proposal: Proposal, by: Any, row_version: int) -> Proposal:
    """Confirm what somebody else proposed; it is carried out at once or begun. PermissionDenied without
    `admit`; Refused for one's own proposal, one dealt with meanwhile, and what no longer holds."""
    held = Proposal.objects.select_for_update(of=("self",)).select_related("by").get(pk=proposal.pk)
    entry, kind = _locked(held.entry, by), _KINDS[held.verb]
    if held.state != Proposal.OPEN or held.row_version != row_version:
        raise Refused("draws.dealt_with", {})
    if held.by_id == by.pk:
        raise Refused("draws.two_people", {})
    if entry.state not in kind.states:
        raise Refused(
            "draws.not_now", {"verb": f"draws.verb_{held.verb}", "state": f"draws.entry_{entry.state}"}
        )
    kind.check(entry, held.args)
    held.state, held.ended_by, held.ended_at = Proposal.CONFIRMED, by, timezone.now()
    held.row_version += 1
    held.entry = entry
    kind.carry_out(held, by)
    held.save()
    audit(
        f"draw.{held.verb}_confirmed",
        by=by,
        unit=entry.unit,
        object=entry.plan_id,
        diff={"proposal": held.pk, "proposed_by": held.by.username},
    )
    return held


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Any) -> Proposal:
    """Take a proposal back, by anyone who might confirm it: it stays in the history. Refused when it was
    dealt with."""
    held = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    entry = _locked(held.entry, by)
    if held.state != Proposal.OPEN:
        raise Refused("draws.dealt_with", {})
    held.state, held.ended_by, held.ended_at = Proposal.WITHDRAWN, by, timezone.now()
    held.row_version += 1
    held.save()
    audit(
        "draw.withdrawn",
        by=by,
        unit=entry.unit,
        object=entry.plan_id,
        diff={"proposal": held.pk, "verb": held.verb},
    )
    return held


def _locked(entry: Any, by: Any) -> Any:
    held = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entry.pk)
    if not by.may(ADMIT, held.unit):
        raise PermissionDenied(ADMIT)
    return held


def link_of(proposal: Proposal) -> str:
    """The page a proposal is dealt with on."""
    return _KINDS[proposal.verb].link(proposal.entry)
