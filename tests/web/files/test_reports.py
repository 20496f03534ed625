"""Reports open under their own policy, in the form each person may see, and are refused once altered."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.utils import timezone

YEAR = 2026


def place(desk: Any, unit: str, form: str, query: str = "") -> str:
    return f"/{desk.units[unit]}/{YEAR}/files/report/{run_of(desk).name}/{form}/{query}"


def run_of(desk: Any) -> Any:
    (folder,) = (desk.workspace / "runs").glob("year-*")
    return folder


def test_the_page_opens_under_a_policy_of_its_own(desk: Any) -> None:
    answer = desk.client("planner").get(place(desk, "region", "html"))
    assert answer.status_code == 200
    assert answer.content == (run_of(desk) / "report.html").read_bytes()
    policy = answer.headers["Content-Security-Policy"]
    parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert parts["default-src"] == "'none'" and "script-src" not in parts and "sandbox" in parts
    assert "allow-same-origin" not in parts["sandbox"] and "allow-scripts" not in parts["sandbox"]
    ours = (
        desk.client("planner")
        .get(f"/{desk.units['region']}/{YEAR}/reports/")
        .headers["Content-Security-Policy"]
    )
    assert "unsafe-inline" not in ours


@pytest.mark.parametrize(("form", "beginning"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF-")])
def test_forms_are_taken_as_the_run_stored_them(desk: Any, form: str, beginning: bytes) -> None:
    names = {"docx": "report.docx", "xlsx": "tables.xlsx", "pdf": "report.pdf"}
    answer = desk.client("leader").get(place(desk, "region", form))
    assert answer.status_code == 200 and answer.content.startswith(beginning)
    assert answer.content == (run_of(desk) / names[form]).read_bytes()
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_altered_file_is_not_opened(desk: Any) -> None:
    from junheng.web.wording import say

    path = run_of(desk) / "report.html"
    path.write_bytes(path.read_bytes().replace(b"</h1>", b" </h1>", 1))
    answer = desk.client("planner").get(place(desk, "region", "html"))
    assert answer.status_code == 409
    assert (
        say("runs.file_changed", "zh", run=run_of(desk).name, file="report.html") in answer.content.decode()
    )


def _made(desk: Any, client: Any, path: str) -> bytes:
    from junheng.web.files.models import StoredFile
    from junheng.web.jobs.tasks import run_job

    asked = client.get(path)
    assert asked.status_code == 200 and b"<form" in asked.content
    assert client.post(path).status_code == 302
    file = StoredFile.objects.get(ready_at=None)
    assert run_job.func(file.job_id, 1) == "done"
    return client.get(path, follow=True).content


def test_schools_and_superiors_get_the_public_form(desk: Any) -> None:
    """A clerk's report of the region hides small counts, which the bureau's shows."""
    client = desk.client("school_clerk")
    page = _made(desk, client, place(desk, "school", "html")).decode()
    assert "&lt;10" in page
    assert "&lt;10" not in (run_of(desk) / "report.html").read_text(encoding="utf-8")
    asked = client.get(place(desk, "school", "html", "?audience=bureau"), follow=True)
    assert asked.content.decode() == page  # asking for the other form gives the same
    superior = desk.client("superior").get(place(desk, "above", "html"))
    assert b"<form" in superior.content  # not the bureau's stored one: hers is still to be made


def test_another_language_is_made_from_the_stored_run(desk: Any) -> None:
    content = _made(desk, desk.client("planner"), place(desk, "region", "docx", "?language=en"))
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        text = re.sub(r"<[^>]+>", "", held.read("word/document.xml").decode())
    assert "School-age children and seats" in text


def test_drafts_are_for_those_who_forecast(desk: Any) -> None:
    from junheng.web.runs.models import RunRecord

    RunRecord.objects.update(state=RunRecord.DRAFT)
    assert desk.client("planner").get(place(desk, "region", "html")).status_code == 200
    for role, unit in (("leader", "region"), ("school_clerk", "school"), ("superior", "above")):
        assert desk.client(role).get(place(desk, unit, "html")).status_code == 404
    RunRecord.objects.update(state=RunRecord.REVIEWED)
    assert desk.client("leader").get(place(desk, "region", "html")).status_code == 200  # she is to publish it
    assert desk.client("superior").get(place(desk, "above", "html")).status_code == 404


def test_a_run_that_kept_no_basis_says_so(desk: Any) -> None:
    import json

    record = run_of(desk) / "run.json"
    content = json.loads(record.read_text(encoding="utf-8"))
    del content["files"]["basis.json"]
    record.write_text(json.dumps(content), encoding="utf-8")
    client = desk.client("planner")
    path = place(desk, "region", "pdf", "?language=en")
    from junheng.web.files.models import StoredFile
    from junheng.web.jobs.models import Job
    from junheng.web.jobs.tasks import run_job

    client.post(path)
    file = StoredFile.objects.get(ready_at=None, created_at__lte=timezone.now())
    assert run_job.func(file.job_id, 1) == "failed"
    assert Job.objects.get(pk=file.job_id).failure["code"] == "runs.no_basis"
