"""Freeze and announcement: two people, what is refused, what is written down."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.web.admission import drawing
from tests.web.desks import Desk

from junheng.model.errors import Refused
from junheng.web.admission.draws.actions import proposals
from junheng.web.admission.draws.models import Draw, Proposal
from junheng.web.admission.models import Child
from junheng.web.audit.models import AuditEvent
from junheng.web.jobs.models import Job


def test_a_freeze_takes_two_people_and_closes_the_casework(desk: Desk) -> None:
    entry = drawing.begun(desk)
    one, other = desk.person(drawing.ONE), desk.person(drawing.OTHER)
    made = proposals.propose(entry=entry, verb="freeze", by=one, args={"spare": 5})
    with pytest.raises(Refused) as alone:
        proposals.confirm(proposal=made, by=one, row_version=made.row_version)
    assert alone.value.code == "draws.two_people"
    with pytest.raises(Refused) as twice:
        proposals.propose(entry=entry, verb="freeze", by=other, args={"spare": 5})
    assert twice.value.code == "draws.proposed_already"
    with pytest.raises(PermissionDenied):
        proposals.confirm(proposal=made, by=desk.person("planner"), row_version=made.row_version)
    with pytest.raises(Refused) as old:
        proposals.confirm(proposal=made, by=other, row_version=made.row_version + 1)
    assert old.value.code == "draws.dealt_with"
    proposals.confirm(proposal=made, by=other, row_version=made.row_version)
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    entry.refresh_from_db()
    draw = Draw.objects.get(entry=entry)
    assert (entry.state, draw.state, draw.number) == ("frozen", Draw.FROZEN, 1)
    assert draw.facts["receipts"] == entry.children.exclude(state=Child.WITHDRAWN).count()
    assert (desk.workspace / "admission" / entry.plan_id / "seal.json").stat().st_mode & 0o77 == 0
    verbs = list(AuditEvent.objects.filter(verb__startswith="draw.").values_list("verb", flat=True))
    assert {"draw.freeze_proposed", "draw.freeze_confirmed", "draw.frozen"} <= set(verbs)


def test_a_pending_fact_or_objection_keeps_the_freeze_back(desk: Desk) -> None:
    entry = drawing.begun(desk)
    child = entry.children.exclude(facts={}).first()
    name = next(iter(child.facts))
    child.facts[name]["state"] = Child.PENDING
    child.save()
    with pytest.raises(Refused) as refused:
        proposals.propose(entry=entry, verb="freeze", by=desk.person(drawing.ONE), args={"spare": 5})
    assert refused.value.code == "draws.not_ready"
    page = desk.client(drawing.ONE).get(address(desk, entry.plan_id, "freeze/"))
    assert "1 项材料待核" in listed(page)
    own = desk.client(drawing.ONE).get(address(desk, entry.plan_id, "readiness/"))
    assert listed(page) == listed(own), "one list, on both pages"


def test_tables_that_do_not_fit_the_plan_keep_the_freeze_back(desk: Desk) -> None:
    entry = drawing.begun(desk)
    child = entry.children.exclude(choices={}).first()
    child.choices = {batch: ["nowhere"] for batch in child.choices}
    child.save()
    with pytest.raises(Refused) as refused:
        proposals.propose(entry=entry, verb="freeze", by=desk.person(drawing.ONE), args={"spare": 5})
    assert refused.value.code == "draws.not_ready"
    page = desk.client(drawing.ONE).get(address(desk, entry.plan_id, "freeze/"))
    assert "招生数据有 1 处错误" in listed(page) and "nowhere" in page.content.decode()


def test_what_is_proposed_can_be_taken_back_and_stays_in_the_history(desk: Desk) -> None:
    entry = drawing.begun(desk)
    one = desk.person(drawing.ONE)
    made = proposals.propose(entry=entry, verb="freeze", by=one, args={"spare": 5}, reason="试一试")
    proposals.withdraw(proposal=made, by=one)
    with pytest.raises(Refused):
        proposals.confirm(proposal=made, by=desk.person(drawing.OTHER), row_version=2)
    page = desk.client(drawing.ONE).get(address(desk, entry.plan_id, "freeze/")).content.decode()
    assert "试一试" in page
    assert "已撤回" in page
    assert Proposal.objects.get().state == Proposal.WITHDRAWN


def test_the_announcement_names_sources_that_lie_ahead(desk: Desk) -> None:
    entry = drawing.frozen(desk)
    one = desk.person(drawing.ONE)
    with pytest.raises(Refused) as early:
        proposals.propose(entry=entry, verb="announce", by=one, args={"sources": [drawing.source(-5)]})
    assert early.value.code == "admission.event_early"
    drawing.together(desk, entry, "announce", sources=[drawing.source()])
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    draw = Draw.objects.get(entry=entry)
    said = draw.announcement
    assert draw.state == Draw.ANNOUNCED
    assert said["root"] == draw.root
    assert len(said["spare_receipts"]) == 5
    client = desk.client(drawing.ONE)
    paper = client.get(address(desk, entry.plan_id, "commitment/"))
    assert paper.status_code == 200
    assert all(receipt in paper.content.decode() for receipt in said["spare_receipts"])
    notary = client.get(address(desk, entry.plan_id, "commitment/notary/"))
    assert notary.headers["Content-Type"] == "application/zip"
    assert desk.client("planner").get(address(desk, entry.plan_id, "commitment/")).status_code == 403


def test_a_freeze_is_taken_back_before_its_event_and_made_anew(desk: Desk) -> None:
    first = drawing.announced(desk)
    entry = first.entry
    receipts = set(first.announcement["spare_receipts"])
    page = desk.client(drawing.ONE).get(address(desk, entry.plan_id, "freeze/"))
    assert "要解除封存" in page.content.decode()
    drawing.together(desk, entry, "thaw")
    entry.refresh_from_db()
    first.refresh_from_db()
    assert (entry.state, first.state) == ("publicity", Draw.SUPERSEDED)
    assert desk.client(drawing.ONE).get(address(desk, entry.plan_id, "ceremony/")).status_code == 404
    child = entry.children.exclude(state=Child.WITHDRAWN).first()
    child.state = Child.WITHDRAWN
    child.save()
    drawing.together(desk, entry, "freeze", spare=5)
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    second = Draw.objects.get(entry=entry, number=2)
    assert second.root != first.root
    assert (desk.workspace / "admission" / entry.plan_id / "superseded" / "1" / "draw").is_dir()
    drawing.together(desk, entry, "announce", sources=[drawing.source()])
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    second.refresh_from_db()
    assert set(second.announcement["spare_receipts"]) == receipts  # bound to the season, not to the freeze


def listed(page: Any) -> str:
    """The list of conditions."""
    text: str = page.content.decode()
    return text[text.index('<ul class="points">') :].partition("</ul>")[0]


def address(desk: Desk, plan_id: str, path: str) -> str:
    return f"/{desk.units['region']}/{drawing.YEAR}/admission/{plan_id}/{path}"
