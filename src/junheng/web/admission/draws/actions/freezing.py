"""Freeze and announcement: what two people confirmed is begun, and what the worker made of it is written
down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.admission.announcement import Source, moment, when
from junheng.admission.plan_announced import refuse_sources
from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import plans as plans_of_entries
from junheng.web.admission import states
from junheng.web.admission.actions.steps import take
from junheng.web.admission.draws import plans
from junheng.web.admission.draws.actions.proposals import Kind, register
from junheng.web.admission.draws.models import Draw, Proposal
from junheng.web.admission.draws.verbs import ANNOUNCE, ASSIGN, FREEZE, TRIAL
from junheng.web.admission.models import Entry
from junheng.web.admission.readiness import readiness
from junheng.web.audit.chain import record as audit
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.notices.actions import tell
from junheng.web.wording import reason

SPARE = 20
MOST_SPARE = 10_000
MOST_SEED = 999_999_999


def register_all() -> None:
    """Name the two verbs of this part that need two people."""
    register(Kind("freeze", (states.PUBLICITY,), check_freeze, freeze, _freeze_link))
    register(Kind("announce", (states.FROZEN,), check_announce, announce, _freeze_link))
    register(Kind("thaw", (states.FROZEN, states.ANNOUNCED), check_thaw, thaw, _freeze_link))
    register(Kind("assign", (states.FROZEN,), check_assign, assign, _freeze_link))


@transaction.atomic
def start_trial(
    *, entry: Entry, by: Any, seed: str, compare: str, plan: str = "", chances: bool = False
) -> Job:
    """Have a trial worked out: a declared seed, another mechanism or plan beside it. PermissionDenied without
    `admit`; Refused for a seed that is no number and a plan there is not. Nothing of it is kept as a
    result."""
    if not by.may(ADMIT, entry.unit):
        raise PermissionDenied(ADMIT)
    if not seed.isascii() or not seed.isdecimal() or len(seed) > 9 or int(seed) > MOST_SEED:
        raise Refused("draws.trial_seed", {})
    if compare not in plans.COMPARISONS:
        raise Refused("draws.trial_compare", {})
    others = Entry.objects.filter(unit=entry.unit, stage=entry.stage).exclude(pk=entry.pk)
    if compare == "plan" and not others.filter(plan_id=plan).exists():
        raise Refused("draws.trial_plan_unknown", {"plan": plan[:80]})
    args = {"entry": entry.pk, "plan_id": entry.plan_id, "seed": int(seed), "compare": compare}
    args |= {"plan": plan, "chances": chances}
    job = jobs.start(verb=TRIAL, args=args, unit=entry.unit, by=by, queue="quick")
    audit("draw.trial", by=by, unit=entry.unit, object=entry.plan_id, diff=args)
    return job


def check_freeze(entry: Entry, args: Mapping[str, Any]) -> None:
    """Everything the freeze waits for is done, and the spare receipts are a sensible number."""
    spare = args.get("spare")
    if not isinstance(spare, int) or not 0 <= spare <= MOST_SPARE:
        raise Refused("draws.spare_odd", {"most": MOST_SPARE})
    if found := readiness(entry).open:
        raise Refused("draws.not_ready", {"count": len(found)})


def freeze(proposal: Proposal, by: Any) -> None:
    """Close the casework and have the lines and their root made."""
    entry = proposal.entry
    taken = take("freeze", entry=entry, by=by, row_version=entry.row_version, diff={"proposal": proposal.pk})
    args = {
        "entry": entry.pk,
        "plan_id": entry.plan_id,
        "proposal": proposal.pk,
        "spare": proposal.args["spare"],
        "frozen_at": _now(),
    }
    proposal.job = jobs.start(verb=FREEZE, args=args, unit=taken.unit, by=by, queue="quick")


@transaction.atomic
def frozen(job: Job, result: Mapping[str, Any]) -> None:
    """Write down what the worker froze; an earlier freeze of the entry gives way and is kept."""
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=job.args["entry"])
    proposal = Proposal.objects.select_related("by", "ended_by").get(pk=job.args["proposal"])
    Draw.objects.filter(entry=entry).exclude(state=Draw.SUPERSEDED).update(state=Draw.SUPERSEDED)
    last = Draw.objects.filter(entry=entry).first()
    draw = Draw.objects.create(
        entry=entry,
        number=1 if last is None else last.number + 1,
        frozen_at=job.args["frozen_at"],
        frozen_by=proposal.by,
        confirmed_by=proposal.ended_by,
        root=result["root"],
        facts=dict(result),
    )
    entry.folder = str(result["folder"])
    entry.save(update_fields=["folder"])
    audit(
        "draw.frozen",
        by=job.owner,
        unit=job.unit,
        object=entry.plan_id,
        diff={"draw": draw.pk, "root": draw.root, "receipts": result["receipts"], "seats": result["seats"]},
    )


@transaction.atomic
def not_frozen(job: Job, failure: Mapping[str, Any]) -> None:
    """The data did not allow the freeze: the casework is open again, and both people are told why."""
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=job.args["entry"])
    proposal = Proposal.objects.select_related("by").get(pk=job.args["proposal"])
    why = reason(str(failure.get("code", "jobs.broke_off")), failure.get("parameters") or {})
    if entry.state == states.FROZEN:
        take("thaw", entry=entry, by=job.owner, row_version=entry.row_version, reason=why[:300])
    tell(
        to={proposal.by, job.owner},
        code="draws.notice_not_frozen",
        link=_freeze_link(entry),
        title=entry.title,
    )


def check_announce(entry: Entry, args: Mapping[str, Any]) -> None:
    """There is a freeze to announce, sources and plan agree on the ring, and every event lies ahead."""
    draw = entry.draws.exclude(state=Draw.SUPERSEDED).first()
    if draw is None or draw.state != Draw.FROZEN or not draw.facts.get("draw"):
        raise Refused("draws.nothing_frozen", {})
    if plan := plans_of_entries.of(entry).plan:
        refuse_sources(plan, [Source(**one) for one in args.get("sources", ())])
    for source in args.get("sources", ()):
        if when(source["at"]) <= timezone.now():
            raise Refused("admission.event_early", {
                "source": source["name"], "value": source["at"], "announced": _now()})  # fmt: skip


def announce(proposal: Proposal, by: Any) -> None:
    """Have the announcement written; it is dated by this moment."""
    entry = proposal.entry
    args = {
        "entry": entry.pk,
        "plan_id": entry.plan_id,
        "proposal": proposal.pk,
        "sources": proposal.args["sources"],
        "announced_at": _now(),
    }
    proposal.job = jobs.start(verb=ANNOUNCE, args=args, unit=entry.unit, by=by, queue="quick")


@transaction.atomic
def announced(job: Job, result: Mapping[str, Any]) -> None:
    """Write down what was announced and take the entry a step further."""
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=job.args["entry"])
    proposal = Proposal.objects.select_related("by", "ended_by").get(pk=job.args["proposal"])
    draw = Draw.objects.select_for_update(of=("self",)).get(pk=result["draw"])
    draw.announcement, draw.state = dict(result["announcement"]), Draw.ANNOUNCED
    draw.announced_by, draw.announced_confirmed = proposal.by, proposal.ended_by
    draw.row_version += 1
    draw.save()
    take(
        "announce",
        entry=entry,
        by=job.owner,
        row_version=entry.row_version,
        diff={"draw_id": draw.announcement["draw_id"], "root": draw.root},
        file_sha256=str(result["sha256"]),
    )


def check_assign(entry: Entry, args: Mapping[str, Any]) -> None:
    """There is a freeze that scores decide."""
    draw = entry.draws.exclude(state=Draw.SUPERSEDED).first()
    if draw is None or draw.state != Draw.FROZEN or draw.facts.get("draw"):
        raise Refused("draws.nothing_frozen", {})


def assign(proposal: Proposal, by: Any) -> None:
    """Have the frozen lists admitted by their scores."""
    draw = proposal.entry.draws.exclude(state=Draw.SUPERSEDED).get()
    args = {"entry": proposal.entry.pk, "draw": draw.pk, "proposal": proposal.pk}
    proposal.job = jobs.start(verb=ASSIGN, args=args, unit=proposal.entry.unit, by=by, queue="quick")


def check_thaw(entry: Entry, args: Mapping[str, Any]) -> None:
    """A freeze is taken back only while no announced event has taken place."""
    draw = entry.draws.exclude(state=Draw.SUPERSEDED).first()
    begun = draw is not None and any(
        when(one["at"]) <= timezone.now() for one in draw.announcement.get("sources", ())
    )
    if draw is None or draw.state not in (Draw.FROZEN, Draw.ANNOUNCED) or begun:
        raise Refused("draws.thaw_late", {})


def thaw(proposal: Proposal, by: Any) -> None:
    """Open the casework again; the freeze and its announcement stay in the history, and public."""
    entry = proposal.entry
    Draw.objects.filter(entry=entry).exclude(state=Draw.SUPERSEDED).update(state=Draw.SUPERSEDED)
    why = proposal.reason or reason("draws.verb_thaw")
    take("thaw", entry=entry, by=by, row_version=entry.row_version, reason=why)


def _freeze_link(entry: Entry) -> str:
    return reverse(
        "admission:freeze", kwargs={"unit": entry.unit.code, "year": entry.year, "plan_id": entry.plan_id}
    )


def _now() -> str:
    return moment(timezone.localtime().isoformat(timespec="seconds"))
