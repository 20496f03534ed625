"""The ceremony: numbers typed twice, one seed, an interruption, the checks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.web.admission import drawing
from tests.web.desks import Desk

from junheng.model.errors import Refused
from junheng.web.admission.draws.actions import ceremony
from junheng.web.admission.draws.models import Draw, Typed
from junheng.web.jobs.models import Job


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put the clock two hours on: behind the announced event."""

    def go() -> None:
        real = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=2))

    return go


def test_nothing_can_be_typed_before_the_event(desk: Desk) -> None:
    draw = drawing.announced(desk)
    with pytest.raises(Refused) as early:
        ceremony.type_numbers(draw=draw, by=desk.person(drawing.ONE), typed=drawing.typed(draw, 1, 2, 3))
    assert early.value.code == "admission.seed_early"
    with pytest.raises(Refused) as step:
        ceremony.advance(draw=draw, by=desk.person(drawing.ONE), to="numbers")
    assert step.value.code == "draws.step_early"


def test_two_people_type_the_same_before_there_is_a_seed(desk: Desk, later: Any) -> None:
    draw = drawing.announced(desk)
    later()
    one, other = desk.person(drawing.ONE), desk.person(drawing.OTHER)
    with pytest.raises(Refused) as none:
        ceremony.hold(draw=draw, by=one)
    assert none.value.code == "draws.not_agreed"
    with pytest.raises(Refused) as odd:
        ceremony.type_numbers(draw=draw, by=one, typed=drawing.typed(draw, 1, 2))
    assert odd.value.code == "admission.result_count"
    ceremony.type_numbers(draw=draw, by=one, typed=drawing.typed(draw, 3, 1, 4))
    with pytest.raises(Refused) as again:
        ceremony.type_numbers(draw=draw, by=one, typed=drawing.typed(draw, 3, 1, 4))
    assert again.value.code == "draws.typed_already"
    ceremony.type_numbers(draw=draw, by=other, typed=drawing.typed(draw, 3, 1, 5))
    draw.refresh_from_db()
    assert draw.results == []
    with pytest.raises(Refused):
        ceremony.hold(draw=draw, by=one)
    ceremony.type_numbers(draw=draw, by=other, typed=drawing.typed(draw, 3, 1, 4))
    ceremony.type_numbers(draw=draw, by=one, typed=drawing.typed(draw, 4, 3, 1))
    draw.refresh_from_db()
    assert draw.results[0]["numbers"] == [1, 3, 4]
    assert sorted(Typed.objects.values_list("attempt", flat=True)) == [1, 1, 2, 2]
    with pytest.raises(Refused) as closed:
        ceremony.type_numbers(draw=draw, by=one, typed=drawing.typed(draw, 9, 9, 9))
    assert closed.value.code == "draws.numbers_are_in"


@pytest.mark.parametrize("plan_id", ["2027-kindergarten", "2027-primary"])
def test_the_draw_is_held_once_proved_and_resumed_where_it_stood(
    desk: Desk, later: Any, plan_id: str
) -> None:
    drawing.announced(desk, plan_id)
    later()
    draw = drawing.drawn(desk, plan_id)
    assert draw.state == Draw.HELD
    assert draw.outcome["failed"] == []
    assert [one["number"] for one in draw.outcome["checks"] if one["right"]] == [
        f"V{n}" for n in range(1, 11)
    ]
    assert draw.entry.state == "checked"
    with pytest.raises(Refused) as second:
        ceremony.hold(draw=draw, by=desk.person(drawing.OTHER))
    assert second.value.code == "admission.seed_twice"
    path = f"/{desk.units['region']}/{drawing.YEAR}/admission/{plan_id}/ceremony/"
    client = desk.client(drawing.OTHER)
    for step in ("tickets", "placement", "checks", "end"):
        answer = client.post(path, {"verb": "advance", "to": step})
        assert answer.status_code == 303, answer.content.decode()[-2000:]
        screen = desk.client(drawing.ONE).get(path).content.decode()  # another machine, the same step
        assert f'data-step="{step}"' in screen
    assert draw.digest in screen


def test_a_killed_draw_is_taken_up_again_with_the_same_seed(desk: Desk, later: Any) -> None:
    draw = drawing.announced(desk)
    later()
    for person in (drawing.ONE, drawing.OTHER):
        ceremony.type_numbers(draw=draw, by=desk.person(person), typed=drawing.typed(draw, 3, 1, 4))
    draw = ceremony.hold(draw=draw, by=desk.person(drawing.ONE))
    from junheng.web.admission.draws import work

    work.hold(draw.job, lambda *_: None)  # everything was written, then the worker died before saying so
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    seeded = draw.digest
    draw.refresh_from_db()
    assert (draw.digest, draw.state) == (seeded, Draw.HELD)
