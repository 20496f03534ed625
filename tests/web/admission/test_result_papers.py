"""A child's notice and receipt slip from the desk; what a published edition shows the family afterwards."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from docx import Document
from tests.web.admission import drawing
from tests.web.desks import Desk

from junheng.report.admission import envelope_lock as lock
from junheng.report.admission import families_edition
from junheng.report.admission.envelope import personal_code
from junheng.web.admission.draws.secrets import secret_of
from junheng.web.admission.models import Entry
from junheng.web.audit.models import AuditEvent
from junheng.web.jobs.models import Job
from junheng.web.workspace import workspace

PLAN = "2027-kindergarten"


@pytest.fixture
def drawn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Entry:
    drawing.announced(desk)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=2))
    drawing.drawn(desk)
    return Entry.objects.get(plan_id=PLAN)


def words(content: bytes) -> str:
    document: Any = Document(io.BytesIO(content))
    cells = [box.text for table in document.tables for row in table.rows for box in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_papers_of_a_child_and_the_familys_own_page(desk: Desk, drawn: Entry) -> None:
    child = drawn.children.order_by("applicant_id").first()
    assert child is not None
    client = desk.client(drawing.ONE)
    address = f"/{desk.units['region']}/{drawing.YEAR}/admission/{PLAN}/results/children/{child.applicant_id}"
    code = personal_code(secret_of(PLAN), PLAN, child.applicant_id)
    page = client.get(f"{address}/").content.decode()
    assert f"{address}/notice/docx/" in page and f"{address}/slip/pdf/" in page and code not in page
    slip = client.get(f"{address}/slip/docx/")
    assert slip.status_code == 200 and "no-store" in slip.headers["Cache-Control"]
    assert code in words(slip.content) and child.applicant_id not in slip.headers["Content-Disposition"]
    notice = client.get(f"{address}/notice/docx/")
    assert notice.status_code == 200 and child.applicant_id in words(notice.content)
    assert code not in words(notice.content)
    assert client.get(f"{address}/notice/pdf/").content.startswith(b"%PDF")
    assert client.get(f"{address}/notice/exe/").status_code == 404
    assert client.get(f"{address}/other/pdf/").status_code == 404
    assert desk.client("school_clerk").get(f"{address}/slip/pdf/").status_code in (403, 404)
    taken = AuditEvent.objects.filter(verb="export.taken", object__startswith=PLAN)
    assert taken.count() == 3
    assert AuditEvent.objects.filter(verb="admission.result_looked").count() >= 4

    drawing.together(desk, drawn, "publish", level="own")
    job = drawing.carry_out()
    assert job.state == Job.DONE, (job.failure, job.log)
    home = families_edition.folder(workspace().path, PLAN)
    edition = home / families_edition.current(workspace().path, PLAN)
    name, key = lock.name_and_key(lock.read_code(code), PLAN)
    told = json.loads(lock.opened(name, key, (edition / "sealed" / name[:2] / name).read_bytes()))
    assert told["applicant_id"] == child.applicant_id and told["proof"]["line"]
    said = json.loads((edition / "entry.json").read_bytes())
    assert said["bureau"] and "虚构" in said["declared"]
