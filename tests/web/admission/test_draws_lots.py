"""A ring and a ticket for each programme at the desk: announced as the plan says, typed twice in the order
the balls came, drawn, verified."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.web.admission import drawing
from tests.web.desks import Desk

from junheng.data.admission_folder import AdmissionFolder
from junheng.model.errors import Refused
from junheng.web.admission.draws.actions import ceremony, proposals
from junheng.web.admission.draws.models import Draw
from junheng.web.admission.models import Entry
from junheng.web.admission.results import late_actions
from junheng.web.jobs.models import Job

PLAN = "2027-kindergarten"


def by_balls(text: str) -> str:
    """The example's plan as a ring whose start and step are drawn on the spot."""
    balls = "{source: 摇球, event: 现场, day: 2027-06-03, gives: ring}"
    return by_seed(text).replace("day: 2027-06-03}]", f"day: 2027-06-03}}, {balls}]")


def by_seed(text: str) -> str:
    return text.replace("  seed: [", "  order: ring\n  seed: [")


def by_programme(text: str) -> str:
    text = text.replace("twins: {mode: shared_ticket, last_seat: expand_by_one}", "twins: {mode: none}")
    return text.replace("  seed: [", "  lottery: programme\n  seed: [")


def announced(desk: Desk, entry: Entry, *more: dict[str, Any]) -> Draw:
    drawing.together(desk, entry, "announce", sources=[drawing.source(), *more])
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    return Draw.objects.get(entry=entry)


def balls(**more: Any) -> dict[str, Any]:
    return drawing.source(name="摇球", kind="ring", event="现场", count=2, **more)


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=2))


def typed(draw: Draw, *numbers: tuple[int, ...]) -> list[dict[str, Any]]:
    return [
        {"source": one["name"], "event": one["event"], "numbers": [str(number) for number in mine]}
        for one, mine in zip(draw.announcement["sources"], numbers, strict=True)
    ]


def verified(desk: Desk, draw: Draw) -> Path:
    """The draw held, published and verified by the program that is handed out; the publication."""
    draw = ceremony.hold(draw=draw, by=desk.person(drawing.ONE))
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    draw.refresh_from_db()
    assert draw.outcome["clean"], draw.outcome["checks"]
    drawing.together(desk, Entry.objects.get(pk=draw.entry_id), "publish", level="list")
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    place = AdmissionFolder(desk.workspace, PLAN).path("published")
    command = [sys.executable, str(place / "verify_admission.py"), str(place)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    return place


def test_a_ring_by_balls_typed_twice_in_the_order_they_came(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, client_for: Any
) -> None:
    entry = drawing.frozen(desk, PLAN, by_balls)
    page = client_for(drawing.ONE).get(f"/{desk.units['region']}/{drawing.YEAR}/admission/{PLAN}/freeze/")
    assert 'value="ring" selected' in page.content.decode()  # the plan's own proposal
    with pytest.raises(Refused) as caught:
        proposals.propose(
            entry=entry, verb="announce", by=desk.person(drawing.ONE), args={"sources": [drawing.source()]}
        )
    assert caught.value.code == "admission.ring_from_balls"
    draw = announced(desk, entry, balls())
    assert draw.announcement["ring"] is True
    later(monkeypatch)
    with pytest.raises(Refused) as odd:  # no such number in the ring
        ceremony.type_numbers(draw=draw, by=desk.person(drawing.ONE), typed=typed(draw, (3, 1, 4), (0, 7)))
    assert odd.value.code == "admission.ring_drawn"
    ceremony.type_numbers(draw=draw, by=desk.person(drawing.ONE), typed=typed(draw, (3, 1, 4), (600, 7)))
    ceremony.type_numbers(draw=draw, by=desk.person(drawing.OTHER), typed=typed(draw, (3, 1, 4), (7, 600)))
    with pytest.raises(Refused) as unlike:  # the same two balls the other way round are not the same
        ceremony.hold(draw=draw, by=desk.person(drawing.ONE))
    assert unlike.value.code == "draws.not_agreed"
    base = f"/{desk.units['region']}/{drawing.YEAR}/admission/{PLAN}/ceremony/"
    ceremony.advance(draw=draw, by=desk.person(drawing.ONE), to="events")
    ceremony.advance(draw=draw, by=desk.person(drawing.ONE), to="numbers")
    shown = client_for(drawing.ONE).get(base).content.decode()
    assert "摇球：起始号" in shown and "摇球：间隔" in shown and "两人录入不一致" in shown
    for role, first in ((drawing.ONE, (3, 1, 4)), (drawing.OTHER, (4, 3, 1))):
        ceremony.type_numbers(draw=draw, by=desk.person(role), typed=typed(draw, first, (600, 7)))
    place = verified(desk, draw)
    assert json.loads((place / "seed.json").read_text())["ring"] == {"start": 600, "step": 7}
    first = (place / "ring.csv").read_text().splitlines()[1:3]
    assert [row.split(",")[:2] for row in first] == [["1", "600"], ["2", "607"]]
    for step, told in (("seed", "起始号"), ("tickets", "在环上取完")):
        draw.refresh_from_db()
        ceremony.advance(draw=draw, by=desk.person(drawing.ONE), to=step)
        assert told in client_for(drawing.ONE).get(base).content.decode()


def test_a_ring_by_the_seed_asks_for_no_balls(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = drawing.frozen(desk, PLAN, by_seed)
    with pytest.raises(Refused) as caught:
        proposals.propose(
            entry=entry, verb="announce", by=desk.person(drawing.ONE),
            args={"sources": [drawing.source(), balls()]},
        )  # fmt: skip
    assert caught.value.code == "admission.ring_from_seed"
    draw = announced(desk, entry)
    later(monkeypatch)
    for role in (drawing.ONE, drawing.OTHER):
        ceremony.type_numbers(draw=draw, by=desk.person(role), typed=typed(draw, (3, 1, 4)))
    ring = json.loads((verified(desk, draw) / "seed.json").read_text())["ring"]
    assert 1 <= ring["start"] <= draw.announcement["receipts"]


def test_a_ticket_for_each_programme(desk: Desk, monkeypatch: pytest.MonkeyPatch, client_for: Any) -> None:
    draw = announced(desk, drawing.frozen(desk, PLAN, by_programme))
    assert draw.announcement["lottery"] == "programme"
    base = f"/{desk.units['region']}/{drawing.YEAR}/admission/{PLAN}/"
    assert "每个项目各有一个随机号" in client_for(drawing.ONE).get(base + "commitment/").content.decode()
    later(monkeypatch)
    for role in (drawing.ONE, drawing.OTHER):
        ceremony.type_numbers(draw=draw, by=desk.person(role), typed=typed(draw, (3, 1, 4)))
    verified(desk, draw)
    late = drawing.came_late(desk, Entry.objects.get(pk=draw.entry_id), "L-1", "ILATE-1")
    late = late_actions.decide(
        row=late, by=desk.person(drawing.OTHER), row_version=late.row_version, accepted=True
    )
    assert client_for(drawing.ONE).get(base + "answers/").status_code == 200
