"""The way of a submission: each step by whom, from where, with what; two people; stale forms; reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.web.desks import Desk

from junheng.model.errors import Refused
from junheng.web.audit.checking import verify
from junheng.web.audit.models import AuditEvent
from junheng.web.data_centre.collecting import actions
from junheng.web.data_centre.models import Collection, Submission
from junheng.web.data_centre.workflow import STEPS
from junheng.web.notices.models import Notice

Part = Callable[[str], Submission]
YEAR = 2025


def url(desk: Desk, unit: str, tail: str) -> str:
    return f"/{desk.units[unit]}/{YEAR}/data/{tail}"


def step(client: Any, desk: Desk, unit: str, one: Submission, verb: str, **sent: Any) -> Any:
    return client.post(
        url(desk, unit, f"submissions/{one.pk}/steps/{verb}/"), {"row_version": one.row_version, **sent}
    )


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as error:
        call()
    return error.value.code


def test_the_whole_way_by_its_pages(desk: Desk, part: Part, client_for: Any) -> None:
    """Submit → return with opinions → submit → accept → propose → another locks → unlock by two."""
    clerk, county, leader = client_for("school_clerk"), client_for("statistician"), client_for("leader")
    assert step(clerk, desk, "school", part("school"), "submit").status_code == 303
    one = part("school")
    assert (one.state, one.submitted_by) == ("submitted", desk.person("school_clerk"))
    assert one.handed_in["enrolment"]["rows"] > 0 and one.data_version == "v0001"

    answer = step(
        county,
        desk,
        "region",
        one,
        "return",
        **{"opinion-enrolment": "一年级请核对", "row-enrolment": "一年级"},
    )
    assert answer.status_code == 303
    shown = clerk.get(url(desk, "school", f"submissions/{one.pk}/")).content.decode()
    assert part("school").state == "returned" and "一年级请核对" in shown

    step(clerk, desk, "school", part("school"), "submit")
    step(county, desk, "region", part("school"), "accept")
    assert part("school").state == "accepted"
    step(county, desk, "region", part("school"), "ask_lock")
    assert step(county, desk, "region", part("school"), "lock").status_code == 422
    assert step(leader, desk, "region", part("school"), "lock").status_code == 303
    assert part("school").state == "locked"

    step(county, desk, "region", part("school"), "ask_unlock", reason="补报")
    assert step(leader, desk, "region", part("school"), "unlock").status_code == 303
    assert part("school").state == "accepted"
    verbs = list(AuditEvent.objects.filter(verb__startswith="submission.").values_list("verb", flat=True))
    assert [verb.partition(".")[2] for verb in verbs] == [
        "submit", "return", "submit", "accept", "ask_lock", "lock", "ask_unlock", "unlock",
    ]  # fmt: skip
    assert verify().holds


def test_people_are_told(desk: Desk, collection: Collection, part: Part) -> None:
    clerk, county = desk.person("school_clerk"), desk.person("statistician")
    assert Notice.objects.filter(to=clerk, code="data_centre.notice_opened").count() == 1
    actions.submit(submission=part("school"), by=clerk, row_version=1)
    assert Notice.objects.filter(to=county, code="data_centre.notice_submitted").exists()
    actions.send_back(
        submission=part("school"), by=county, row_version=2, opinions=[("enrolment", "", "请核对")]
    )
    assert Notice.objects.filter(to=clerk, code="data_centre.notice_returned").exists()
    assert not Notice.objects.filter(
        to=desk.person("school_clerk_2"), code="data_centre.notice_returned"
    ).exists()


def test_no_step_without_the_right(desk: Desk, part: Part, client_for: Any) -> None:
    """Neighbours find nothing; those who only look are refused; a second person has nothing to confirm."""
    one = part("school")
    seen_from = {"school_clerk_2": "other_school", "town_clerk_2": "other_town", "principal": "school"}
    for role, unit in seen_from.items():
        client = client_for(role)
        wanted = 403 if role == "principal" else 404
        for verb in STEPS:
            answer = step(client, desk, unit, one, verb, reason="x", opinion="x")
            assert answer.status_code == wanted, (role, verb)
    planner = client_for("planner")
    for verb, done in STEPS.items():
        wanted = 422 if done.pair else 403
        assert step(planner, desk, "region", one, verb, reason="x", opinion="x").status_code == wanted, verb
    assert part("school").row_version == 1


def test_no_step_from_another_state(desk: Desk, part: Part) -> None:
    for verb, one in STEPS.items():
        by = desk.person("school_clerk" if verb == "submit" else "statistician")
        for state in set(Submission.STATES) - set(one.sources):
            Submission.objects.filter(pk=part("school").pk).update(state=state)
            assert (
                refused(lambda: actions._take(part("school"), by, verb, 1))
                == "data_centre.submission_in_state"
            )


def test_a_stale_form_is_answered_with_both(desk: Desk, part: Part, client_for: Any) -> None:
    clerk, county = client_for("school_clerk"), client_for("statistician")
    step(clerk, desk, "school", part("school"), "submit")
    old = part("school")
    step(county, desk, "region", old, "return", opinion="请核对")
    answer = step(county, desk, "region", old, "accept")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "statistician 甲" in text and "已退回" in text and "已接收" in text


def test_nothing_is_handed_in_without_rows(desk: Desk, part: Part) -> None:
    Collection.objects.update(year=2031)
    clerk = desk.person("school_clerk")
    assert (
        refused(lambda: actions.submit(submission=part("school"), by=clerk, row_version=1))
        == "data_centre.nothing_to_submit"
    )


def test_a_return_needs_words_and_an_unlock_a_reason(desk: Desk, part: Part) -> None:
    county = desk.person("statistician")
    actions.submit(submission=part("school"), by=desk.person("school_clerk"), row_version=1)
    assert (
        refused(
            lambda: actions.send_back(
                submission=part("school"), by=county, row_version=2, opinions=[("", "", "  ")]
            )
        )
        == "data_centre.return_needs_opinion"
    )
    Submission.objects.filter(pk=part("school").pk).update(state="locked")
    assert (
        refused(
            lambda: actions.propose(submission=part("school"), by=county, verb="ask_unlock", row_version=2)
        )
        == "data_centre.needs_reason"
    )


def test_nobody_accepts_what_she_handed_in(desk: Desk, part: Part) -> None:
    county = desk.person("statistician")
    actions.submit(submission=part("school"), by=county, row_version=1)
    assert (
        refused(lambda: actions.accept(submission=part("school"), by=county, row_version=2))
        == "data_centre.two_people"
    )


def test_the_county_hands_in_when_all_its_schools_are_accepted(
    desk: Desk, collection: Collection, part: Part
) -> None:
    county, city = desk.person("statistician"), desk.person("superior")
    own = part("region")
    assert (
        refused(lambda: actions.submit(submission=own, by=county, row_version=1))
        == "data_centre.schools_not_accepted"
    )
    Submission.objects.filter(collection=collection).exclude(pk=own.pk).update(state="accepted")
    actions.submit(submission=own, by=county, row_version=1)
    with pytest.raises(PermissionDenied):
        actions.accept(submission=part("region"), by=county, row_version=2)
    assert actions.accept(submission=part("region"), by=city, row_version=2).state == "accepted"


def test_reminders_go_once_a_day_to_those_who_are_late(
    desk: Desk, collection: Collection, part: Part, client_for: Any
) -> None:
    actions.submit(submission=part("school"), by=desk.person("school_clerk"), row_version=1)
    Collection.objects.update(due=timezone.localdate() - timedelta(days=1))
    page = client_for("statistician").get(url(desk, "region", f"collections/{collection.pk}/?show=late"))
    assert page.content.decode().count('class="light bad"') >= 20
    late = (
        Submission.objects.filter(collection=collection, state="filling").count() - 1
    )  # but the county's own
    answer = client_for("statistician").post(url(desk, "region", f"collections/{collection.pk}/remind/"))
    assert answer.status_code == 303
    told = Notice.objects.filter(code="data_centre.notice_reminded")
    assert set(told.values_list("to__username", flat=True)) >= {
        "school_clerk_2",
        "town_clerk",
        "town_clerk_2",
    }
    assert not told.filter(to=desk.person("school_clerk")).exists()
    assert Submission.objects.exclude(reminded_on=None).count() == late
    assert actions.remind_late() == 0
    Submission.objects.update(reminded_on=timezone.localdate() - timedelta(days=1))
    assert actions.remind_late() == late
    assert AuditEvent.objects.filter(verb="submission.reminded", actor="timer").exists()


def test_all_at_once(desk: Desk, collection: Collection) -> None:
    county, leader = desk.person("statistician"), desk.person("leader")
    schools = Submission.objects.filter(collection=collection).exclude(unit=collection.unit)
    schools.update(state="submitted", submitted_by=desk.person("school_clerk"))
    every = schools.count()
    assert actions.accept_all(collection=collection, by=county) == every
    assert actions.lock_all(collection=collection, by=county) == every
    assert (
        refused(lambda: actions.lock_all(collection=collection, by=county)) == "data_centre.nothing_for_all"
    )
    assert actions.lock_all(collection=collection, by=leader) == every
    assert set(schools.values_list("state", flat=True)) == {"locked"}
    assert AuditEvent.objects.filter(verb="submission.lock").count() == 1


def test_a_collection_is_asked_for_by_its_form(desk: Desk, client_for: Any) -> None:
    client = client_for("statistician")
    good = {"name": "秋季统计", "tables": ["enrolment", "seats"], "opens": "2026-09-01", "due": "2026-09-30"}
    assert (
        client.post(url(desk, "region", "collections/new/"), {**good, "due": "2026-08-01"}).status_code == 422
    )
    assert client.post(url(desk, "region", "collections/new/"), {**good, "tables": []}).status_code == 422
    assert client.post(url(desk, "region", "collections/new/"), good).status_code == 303
    made = Collection.objects.get()
    assert made.tables == ["seats", "enrolment"]
    assert made.submissions.filter(unit=desk.unit("school")).exists()
    assert client_for("planner").post(url(desk, "region", "collections/new/"), good).status_code == 403


def test_what_waits_stands_on_the_desk(desk: Desk, collection: Collection, part: Part) -> None:
    from junheng.web.data_centre import todos
    from junheng.web.house.scope import Scope

    today = timezone.localdate()

    def codes(role: str) -> list[str]:
        scope = Scope(desk.person(role), desk.unit(desk_unit[role]), YEAR, "see")
        return [one.code.partition(".")[2] for one in todos.mine(scope, today)]

    desk_unit = {"school_clerk": "school", "statistician": "region", "planner": "region"}
    assert codes("school_clerk") == ["todo_fill"]
    assert codes("statistician") == []
    actions.submit(submission=part("school"), by=desk.person("school_clerk"), row_version=1)
    assert codes("school_clerk") == []
    assert codes("statistician") == ["todo_look_through"]
    Collection.objects.update(due=today - timedelta(days=1))
    assert set(codes("statistician")) == {"todo_look_through", "todo_late"}
    assert codes("planner") == []
