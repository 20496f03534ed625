"""Publishing to everyone: who may, of which run, with which trace, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from junheng.data import publication
from junheng.model.errors import Refused

YEAR = 2026


def events(verb: str) -> list[Any]:
    from junheng.web.audit.models import AuditEvent

    return list(AuditEvent.objects.filter(verb=verb))


def run_id() -> str:
    from junheng.web.runs.models import RunRecord

    return str(RunRecord.objects.get().run_id)


def carried_out(job: Any) -> Any:
    """The job done the way the worker does it."""
    from junheng.web.publication import actions

    actions.made(job, actions.make(job, lambda *_, **__: None))
    return publication.current(job_workspace())


def job_workspace() -> Any:
    from junheng.web.workspace import workspace

    return workspace().path


def test_an_edition_is_published_and_taken_down(desk: Any) -> None:
    from junheng.web.publication import actions

    leader = desk.person("leader")
    job = actions.publish_bundle(run_id=run_id(), by=leader, reason="局务会通过")
    shown = carried_out(job)
    assert shown.endswith(run_id())
    (event,) = events("publication.published")
    (edition,) = publication.editions(desk.workspace)
    assert (event.actor, event.reason, event.file_sha256) == ("leader", "局务会通过", edition.head)
    page = desk.client("leader").get(f"/{desk.units['region']}/{YEAR}/publication/").context["page"]
    assert edition.published in page.headline
    again = actions.publish_bundle(run_id=run_id(), by=leader, reason="再公布一次")
    assert carried_out(again) == shown, "the same content is the same edition"
    actions.withdraw(by=leader, reason="更正")
    assert publication.current(desk.workspace) == "" and events("publication.withdrawn")[0].reason == "更正"
    with pytest.raises(Refused):
        actions.withdraw(by=leader, reason="更正")
    actions.show_edition(name=shown, by=leader, reason="恢复")
    assert publication.current(desk.workspace) == shown


def test_no_cell_of_the_examples_edition_is_small(desk: Any) -> None:
    import csv

    from junheng.web.publication import actions

    name = carried_out(actions.publish_bundle(run_id=run_id(), by=desk.person("leader"), reason="公布"))
    folder = desk.workspace / "public" / name
    with (folder / "data" / "pupils.csv").open(encoding="utf-8-sig", newline="") as stream:
        values = [int(row["pupils"]) for row in csv.DictReader(stream) if row["pupils"]]
    assert values and all(value == 0 or value >= actions.MINIMUM for value in values)
    assert publication.damaged(folder) == []


def test_only_a_published_run_is_shown_to_everyone(desk: Any) -> None:
    from junheng.web.publication import actions
    from junheng.web.runs.models import RunRecord

    held, leader = run_id(), desk.person("leader")
    for state in (RunRecord.DRAFT, RunRecord.REVIEWED, RunRecord.SUPERSEDED):
        RunRecord.objects.update(state=state)
        with pytest.raises(Refused) as refused:
            actions.publish_bundle(run_id=held, by=leader, reason="公布")
        assert refused.value.code == "publication.run_not_published"
    with pytest.raises(Refused):
        actions.publish_bundle(run_id="year-000000000000", by=leader, reason="公布")


def test_it_takes_the_right_and_a_reason(desk: Any) -> None:
    from junheng.web.publication import actions

    for role in ("statistician", "superior", "school_clerk", "auditor", "system_admin"):
        with pytest.raises(PermissionDenied):
            actions.publish_bundle(run_id=run_id(), by=desk.person(role), reason="公布")
        with pytest.raises(PermissionDenied):
            actions.withdraw(by=desk.person(role), reason="撤下")
    with pytest.raises(Refused) as refused:
        actions.publish_bundle(run_id=run_id(), by=desk.person("leader"), reason="  ")
    assert refused.value.code == "publication.reason_missing"
    assert events("publication.published") == []


def test_a_refusal_is_said_in_place(desk: Any) -> None:
    client, base = desk.client("leader"), f"/{desk.units['region']}/{YEAR}/publication/"
    answer = client.post(f"{base}withdraw/", {"reason": "x"})
    assert answer.status_code == 422 and "现在没有公布中的版本" in answer.content.decode()
    answer = client.post(f"{base}show/", {"edition": "../data", "reason": "x"})
    assert answer.status_code == 422
