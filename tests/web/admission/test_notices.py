"""Notices for many: as a job, of a school or all, fetched by who asked, written down."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.utils import timezone
from tests.web.admission import drawing
from tests.web.admission.test_result_papers import words
from tests.web.desks import Desk

from junheng.report.admission.envelope import personal_code
from junheng.web.admission.draws.secrets import secret_of
from junheng.web.admission.models import Entry
from junheng.web.admission.results import standing
from junheng.web.admission.results.notices import queries
from junheng.web.audit.models import AuditEvent
from junheng.web.files import actions as files
from junheng.web.files.models import StoredFile
from junheng.web.jobs.models import Job

PLAN = "2027-kindergarten"


@pytest.fixture
def frozen(desk: Desk) -> Entry:
    return drawing.frozen(desk)


def address(desk: Desk, path: str = "") -> str:
    return f"/{desk.units['region']}/{drawing.YEAR}/admission/{PLAN}/notices/{path}"


def asked(desk: Desk, **sent: str) -> Any:
    return desk.client(drawing.ONE).post(address(desk), {"form": "zip", "school": "", **sent})


def fetched(desk: Desk, **sent: str) -> tuple[StoredFile, bytes]:
    """Asked for on the page, made by the worker, fetched by who asked."""
    answer = asked(desk, **sent)
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    file = StoredFile.objects.get(token=job.result["file"])
    page = desk.client(drawing.ONE).get(address(desk)).content.decode()
    assert file.name in page
    at = f"/{desk.units['region']}/{drawing.YEAR}/files/stored/{file.token}/"
    answer = desk.client(drawing.ONE).get(at)
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    assert desk.client(drawing.OTHER).get(at).status_code == 404, "only by who asked"
    return file, answer.content


def documents(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return [words(held.read(name)) for name in held.namelist()]


def test_receipt_slips_of_a_school_before_the_draw(desk: Desk, frozen: Entry) -> None:
    assert asked(desk, kind="result").status_code == 422, "there is no result yet"
    for wrong in ({"kind": "letter"}, {"kind": "receipt", "form": "exe"}, {"kind": "receipt", "school": "1"}):
        assert asked(desk, **wrong).status_code == 422
    assert desk.client("planner").get(address(desk)).status_code == 403
    children = frozen.children.exclude(school=None).select_related("school").order_by("applicant_id")
    school = children[0].school
    own = [one.applicant_id for one in children if one.school == school]
    file, content = fetched(desk, kind="receipt", school=school.code, number="云教招〔2027〕12号")
    slips = documents(content)
    assert file.rows == len(own) == len(slips)
    for who, slip in zip(own, slips, strict=True):
        assert who in slip and personal_code(secret_of(PLAN), PLAN, who) in slip
        assert "云教招〔2027〕12号" in slip
    event = AuditEvent.objects.get(verb="admission.notices_asked")
    assert event.diff == {"kind": "receipt", "school": school.code, "form": "zip", "papers": len(own)}
    assert AuditEvent.objects.get(verb="export.made").file_sha256 == file.sha256
    assert AuditEvent.objects.filter(verb="export.taken", actor=drawing.ONE).count() == 1
    files.purge(now=file.expires_at + timedelta(seconds=1))
    gone = desk.client(drawing.ONE).get(f"/{desk.units['region']}/{drawing.YEAR}/files/stored/{file.token}/")
    assert gone.status_code == 404


def test_notices_tell_where_children_stand(
    desk: Desk, frozen: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing.together(desk, frozen, "announce", sources=[drawing.source()])
    assert drawing.carry_out().state == Job.DONE
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=2))
    drawing.drawn(desk)
    entry = Entry.objects.get(plan_id=PLAN)
    held = standing.standing(entry)
    kinds = queries.papers(held)
    page = desk.client(drawing.ONE).get(address(desk)).content.decode()
    assert f"{kinds.height:,} 份" in page
    program = kinds.filter(pl.col("kind") == "admission")["program_id"][0]
    school = held.found.problem.tables["programs"].filter(pl.col("program_id") == program)["school_id"][0]
    own = kinds.filter((pl.col("program_id") == program) & (pl.col("kind") == "admission"))
    file, content = fetched(desk, kind="admission", school=school)
    told = documents(content)
    assert file.rows == own.height == len(told)
    assert all(who in one for who, one in zip(own.sort("applicant_id")["applicant_id"], told, strict=True))
    without = kinds.filter(pl.col("program_id").is_null())
    everyone = queries.children_of(entry, "result", "")
    schools = set(queries.printing(scope_of(desk), PLAN).schools)
    parts = [queries.children_of(entry, "result", one) for one in schools]
    assert everyone == set(kinds["applicant_id"]) == set().union(*parts)
    assert sum(len(one) for one in parts) == len(everyone), "each child's paper goes to one school"
    assert set(without["applicant_id"]) <= everyone
    small = min((one for one in parts if one), key=len)
    chosen = next(one for one in schools if queries.children_of(entry, "result", one) == small)
    file, content = fetched(desk, kind="result", school=chosen, form="pdf")
    assert content.startswith(b"%PDF") and file.rows == len(small)


def scope_of(desk: Desk) -> Any:
    from junheng.web.house.scope import Scope

    return Scope(desk.person(drawing.ONE), desk.unit("region"), drawing.YEAR, "admit")
