"""Evidence documents and deletion of what is due."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.web.accounts.test_signing_in import sign_in

from junheng.model.errors import Refused
from junheng.report.content import Report, Table


def rows(report: Report, key: str) -> list[tuple[str, ...]]:
    found = [b for s in report.sections for b in s.blocks if isinstance(b, Table) and b.key == key]
    return [tuple(str(cell) for cell in row) for table in found for row in table.rows]


@pytest.fixture
def documents(desk: Any) -> Any:
    from junheng.web.privacy import documents

    return documents


def test_minors_counts_unmaskings_and_exports_by_role_of_the_year(
    documents: Any, people: dict[str, Any]
) -> None:
    from junheng.web.audit.chain import record
    from junheng.web.privacy.actions import note_incident

    year = timezone.localtime().year
    record("person.unmasked", by=people["system_admin"], object="x")
    record("export.taken", by=people["planner"], object="a.xlsx")
    record("export.taken", by=people["planner"], object="b.xlsx")
    record("export.made", by="worker", object="b.xlsx")
    note_incident(by="test", what="a list was sent to the wrong school", persons=12, minors=10)
    report = documents.minors(year, "zh")
    assert rows(report, "unmasked") == [("系统管理员", "1")]
    assert rows(report, "exported") == [("系统进程", "1"), ("规划员", "2")]
    assert [row[1:] for row in rows(report, "incidents")] == [
        ("a list was sent to the wrong school", "12", "10")
    ]
    assert "个涉及未成年人个人的字段" in report.headline
    assert not report.headline.startswith("本系统存储 0 个")
    before = documents.minors(year - 1, "zh")
    assert rows(before, "unmasked") + rows(before, "exported") + rows(before, "incidents") == []


def test_a_person_gets_all_that_is_held_on_her(documents: Any, desk: Any, people: dict[str, Any]) -> None:
    from django.test import Client

    sign_in(Client(), "planner")
    report = documents.subject("planner", "en")
    facts = dict(rows(report, "facts"))
    assert (facts["account name"], facts["sessions"]) == ("planner", "1")
    assert [row[0] for row in rows(report, "grants")] == ["planner"]
    assert ("accounts.Grant.user", "1") in rows(report, "references")
    assert ("runs.RunRecord.reviewed_by", "1") in rows(report, "references")
    assert ("signed in", "1") in rows(report, "acts")
    with pytest.raises(Refused, match=r"no_such_person"):
        documents.subject("nobody", "en")


def test_the_review_names_leavers_unused_grants_and_missing_factors(
    documents: Any, desk: Any, people: dict[str, Any]
) -> None:
    from allauth.mfa.models import Authenticator

    from junheng.web.accounts.actions import stop_person
    from junheng.web.privacy import access, catalogue

    stop_person(person=people["planner"], by=people["system_admin"], reason="left")
    Authenticator.objects.filter(user=people["auditor"]).delete()
    leader = people["leader"]
    leader.last_login = timezone.now() - timedelta(days=catalogue.limit("unused_days") + 1)
    leader.save()
    clerk = people["school_clerk"].grants.get()
    clerk.valid_to = timezone.localdate() + timedelta(days=3)
    clerk.save()
    flags = {one.grant.user.username: one.flags for one in access.review()}
    assert flags["planner"] == ("leaver",)
    assert flags["auditor"] == ("no_factor",)
    assert flags["leader"] == ("unused",)
    assert flags["school_clerk"] == ("ends_soon",)
    assert flags["system_admin"] == ()
    names = [row[0].split()[0] for row in rows(documents.review("zh"), "review")]
    assert names[:2] == ["planner", "auditor"], "the gravest first"


def test_what_is_due_goes_and_nothing_else(desk: Any, people: dict[str, Any]) -> None:
    from allauth.mfa.models import Authenticator
    from axes.models import AccessAttempt
    from django.contrib.sessions.models import Session
    from django.test import Client

    from junheng.web.accounts.actions import change_person, set_password, stop_person
    from junheng.web.audit.models import AuditEvent
    from junheng.web.jobs.models import Job
    from junheng.web.notices.models import Notice
    from junheng.web.privacy.actions import delete_due
    from junheng.web.privacy.retention.actions import due

    now, admin = timezone.now(), people["system_admin"]
    long_ago = now - timedelta(days=400)
    for name in ("planner", "leader"):
        person = people[name]
        change_person(
            person=person,
            by=admin,
            name=person.name,
            unit=person.unit,
            email="x@edu.example",
            phone="139000012345",
        )
        set_password(person=person, by=admin, reason="x")
        stop_person(person=person, by=admin, reason="left")
    type(admin).objects.filter(username="planner").update(ended_at=long_ago)
    Authenticator.objects.create(user=people["planner"], type="totp", data={})
    sign_in(Client(), "superior")
    for number, moment in enumerate((long_ago, now)):
        Job.objects.create(
            verb="x",
            owner=admin,
            unit=admin.unit,
            log="secret",
            args={"a": 1},
            ended_at=moment,
            result={"r": 1},
        )
        Notice.objects.create(to=admin, code="house.saved", read_at=moment)
        attempt = AccessAttempt.objects.create(
            username=f"u{number}", ip_address="192.0.2.1", failures_since_start=1
        )
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=moment)
        Session.objects.create(session_key=f"k{number}" * 10, session_data="", expire_date=moment)
    counts = {one.period.name: one.count for one in due()}
    assert counts == {
        "account": 1,
        "session": 1,
        "lockout": 1,
        "notice": 1,
        "job_log": 1,
        "upload": 0,
        "admission": 0,
    }
    assert delete_due(by="test") == counts
    assert {one.period.name: one.count for one in due()} == dict.fromkeys(counts, 0)
    gone, kept = desk.person("planner"), desk.person("leader")
    assert (gone.email, gone.phone_sealed, gone.has_usable_password(), gone.name) == (
        "",
        "",
        False,
        people["planner"].name,
    )
    assert not gone.passwords.exists()
    assert not Authenticator.objects.filter(user=gone).exists()
    assert (kept.email, bool(kept.phone_sealed)) == ("x@edu.example", True)
    assert [job.log for job in Job.objects.order_by("pk")] == ["", "secret"]
    assert [job.result for job in Job.objects.order_by("pk")] == [{"r": 1}, {"r": 1}]
    event = AuditEvent.objects.get(verb="privacy.retention_applied")
    assert event.diff == {"deleted": counts}


def test_uploads_never_committed_lose_their_files(desk: Any, people: dict[str, Any]) -> None:
    from django.conf import settings

    from junheng.web.data_centre.models import Upload
    from junheng.web.privacy.actions import delete_due

    unit, by = desk.unit("school"), people["school_clerk"]
    old = timezone.now() - timedelta(days=400)
    for folder, state, at in (("a", "faulty", old), ("b", "committed", old), ("c", "faulty", timezone.now())):
        place = Path(settings.DESK) / "uploads" / folder
        place.mkdir(parents=True)
        (place / "x.xlsx").write_bytes(b"x")
        Upload.objects.create(
            unit=unit, year=2026, folder=folder, by=by, at=at, state=state, files=[{"name": "x.xlsx"}]
        )
    assert delete_due(by="test")["upload"] == 1
    assert [(Path(settings.DESK) / "uploads" / name).exists() for name in "abc"] == [False, True, True]
    assert [bool(upload.files) for upload in Upload.objects.order_by("folder")] == [False, True, True]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_document_is_worded_in_both_languages_and_forms(
    documents: Any, people: dict[str, Any], language: Any
) -> None:
    from junheng.report.html_page import page
    from junheng.web.privacy.markdown import markdown

    reports = [
        documents.fields(language),
        documents.retained(language),
        documents.subject("auditor", language),
        documents.minors(2026, language),
        documents.review(language),
    ]
    for report in reports:
        text = markdown(report)
        assert text.startswith("# ")
        assert text.count("\n## ") == len(report.sections)
        assert report.headline in page(report)


def test_markdown_shows_what_is_in_cells_as_text() -> None:
    from junheng.report.content import Head, Section
    from junheng.web.privacy.markdown import markdown

    table = Table("t", "", (Head("a"),), (("x | *y* <script>\nz",),))
    report = Report("en", "t", "b", "p", "", "h", (), (Section("s", "s", (table,)),), "v", "f", ())
    assert r"| x \| \*y\* \<script\> z |" in markdown(report)
