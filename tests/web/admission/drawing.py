"""An entry of the example taken to where a test begins, and jobs carried out at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.web.desks import Desk

from junheng.web.admission import plans
from junheng.web.admission.actions import plans as plan_actions
from junheng.web.admission.actions import registration, steps
from junheng.web.admission.child_form import Filled
from junheng.web.admission.draws.actions import ceremony, proposals
from junheng.web.admission.draws.models import Draw, LateChild, Proposal
from junheng.web.admission.models import Child, Entry
from junheng.web.admission.results import actions as results
from junheng.web.admission.results import late_actions
from junheng.web.jobs import tasks
from junheng.web.jobs.models import Job

YEAR = 2027
PATIENCE = 60.0
"""Seconds a real worker may take."""
ONE, OTHER = "admission_officer", "admission_officer_2"


def begun(
    desk: Desk, plan_id: str = "2027-kindergarten", change: Callable[[str], str] = lambda text: text
) -> Entry:
    """The entry with the example's children, on publicity that is over, everything checked; its plan with a
    `change`."""
    one = desk.person(ONE)
    entry = plan_actions.begin(by=one, plan_id=plan_id, text=change(plans.own()[plan_id]))
    registration.take_in(entry=entry, by=one)
    children = Child.objects.filter(entry=entry)
    for child in children:
        for fact in child.facts.values():
            fact["state"] = Child.VERIFIED if fact["state"] == Child.PENDING else fact["state"]
        child.state = Child.BUREAU_CHECKED
    Child.objects.bulk_update(children, ["facts", "state"], batch_size=500)
    entry.refresh_from_db()
    entry = steps.take("publicise", entry=entry, by=one, row_version=entry.row_version)
    day = timezone.localdate()
    entry.publicity_from, entry.publicity_to = day - timedelta(days=8), day - timedelta(days=1)
    entry.save()
    return entry


def carry_out() -> Job:
    """Do what a worker would do with the newest job; one that a real worker took is waited for."""
    job = Job.objects.order_by("-id")[0]
    tasks.run_job.func(job.pk, job.attempts + 1)
    until = time.monotonic() + PATIENCE
    while True:
        job.refresh_from_db()
        if job.ended_at is not None or time.monotonic() > until:
            return job
        time.sleep(0.2)


def together(desk: Desk, entry: Entry, verb: str, **args: Any) -> Proposal:
    """One proposes, another confirms."""
    made = proposals.propose(entry=entry, verb=verb, by=desk.person(ONE), args=args)
    return proposals.confirm(proposal=made, by=desk.person(OTHER), row_version=made.row_version)


def frozen(
    desk: Desk, plan_id: str = "2027-kindergarten", change: Callable[[str], str] = lambda text: text
) -> Entry:
    """The entry, frozen."""
    entry = begun(desk, plan_id, change)
    together(desk, entry, "freeze", spare=5)
    job = carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    entry.refresh_from_db()
    return entry


def source(seconds: float = 3600, **more: Any) -> dict[str, Any]:
    """A source whose event is so many seconds ahead."""
    at = (timezone.localtime() + timedelta(seconds=seconds)).isoformat(timespec="seconds")
    return {
        "name": "3D", "kind": "numbers", "event": "2027150", "at": at, "count": 3,
        "fallback_event": "", "fallback_at": "", "genesis": 0, "period": 0, **more,
    }  # fmt: skip


def announced(desk: Desk, plan_id: str = "2027-kindergarten", seconds: float = 3600) -> Draw:
    """The draw, announced with one source."""
    entry = frozen(desk, plan_id)
    together(desk, entry, "announce", sources=[source(seconds)])
    job = carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    return Draw.objects.get(entry=entry)


def typed(draw: Draw, *numbers: int) -> list[dict[str, Any]]:
    """Results of its source as a person types them."""
    one = draw.announcement["sources"][0]
    return [{"source": one["name"], "event": one["event"], "numbers": [str(number) for number in numbers]}]


def drawn(desk: Desk, plan_id: str = "2027-kindergarten", seconds: float = 3600) -> Draw:
    """The draw, held and verified. The caller has put the clock behind the event."""
    draw = Draw.objects.filter(entry__plan_id=plan_id).first() or announced(desk, plan_id, seconds)
    ceremony.type_numbers(draw=draw, by=desk.person(ONE), typed=typed(draw, 3, 1, 4))
    ceremony.type_numbers(draw=draw, by=desk.person(OTHER), typed=typed(draw, 1, 4, 3))
    draw = ceremony.hold(draw=draw, by=desk.person(ONE))
    job = carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    draw.refresh_from_db()
    return draw


def published(desk: Desk, plan_id: str = "2027-kindergarten") -> Entry:
    """The entry drawn by an event two seconds ahead, and published."""
    draw = announced(desk, plan_id, seconds=2)
    time.sleep(2.2)
    drawn(desk, plan_id)
    together(desk, draw.entry, "publish", level="list")
    job = carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    return Entry.objects.select_related("unit").get(pk=draw.entry_id)


def late_form(applicant: str, identity: str, programs: list[str]) -> Filled:
    """A child of the kindergarten entry who comes late."""
    row = {"identity_code": identity, "birth_date": "2024-03-05", "sex": "1"}
    facts = {
        "hukou": "local",
        "owner": "",
        "residence_permit": "",
        "sibling_attending": "",
        "staff_child": "",
    }
    return Filled(applicant, "Late Child", None, row, facts, {"public": programs})


def came_late(desk: Desk, entry: Entry, applicant: str, identity: str, role: str = ONE) -> LateChild:
    """A late arrival somebody proposes, for the first two programmes."""
    filled = late_form(applicant, identity, sorted(results.held_programs(entry))[:2])
    return late_actions.propose(entry=entry, filled=filled, document_no="云教9号", by=desk.person(role))


def everything(desk: Desk) -> dict[str, Any]:
    """What the addresses of draws and results name."""
    entry = published(desk)
    children = list(entry.children.order_by("applicant_id").values_list("applicant_id", flat=True)[:2])
    program = sorted(results.held_programs(entry))[0]
    for child, said in zip(children, ("decline", "wait"), strict=True):
        results.answer(entry=entry, number=1, applicant_id=child, said=said, by=desk.person(ONE))
    late = came_late(desk, entry, "L-1", "ILATE-1")
    made = proposals.propose(entry=entry, verb="publish", by=desk.person(OTHER), args={"level": "own"})
    by_hand = results.override(
        entry=entry, applicant_id=children[0], program_id=program, ground="correction",
        document_no="YZ-2027-5", by=desk.person(OTHER),
    )  # fmt: skip
    return {
        "drawn": entry.plan_id,
        "drawn_child": children[0],
        "proposal": made.pk,
        "override": by_hand.pk,
        "late": late.number,
        "result_table": "assignment",
    }
