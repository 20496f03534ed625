"""Files in: kept, checked by the command, shown, committed or refused; who may bring and see what."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from tests.web.desks import Desk

from junheng.data import Workspace
from junheng.model.errors import Refused
from junheng.web.audit.models import AuditEvent
from junheng.web.data_centre.collecting import actions as collecting
from junheng.web.data_centre.models import Collection, Submission, Upload
from junheng.web.data_centre.uploads import actions, files

YEAR = 2025
Carry = Callable[[Upload], Upload]


def url(desk: Desk, unit: str, tail: str) -> str:
    return f"/{desk.units[unit]}/{YEAR}/data/{tail}"


def test_faults_are_shown_marked_mended_and_stored(
    desk: Desk, csv: Any, carry_out: Carry, client_for: Any
) -> None:
    """The clerk's whole way: send, faults by cause, marked file, mended file, confirm, version."""
    client, school = client_for("school_clerk"), desk.units["school"]
    answer = client.post(
        url(desk, "school", "upload/"),
        {"files": csv((school, 2026, "一年级", "abc"), (school, 2026, "二年级", -3))},
    )
    assert answer.status_code == 303
    upload = carry_out(Upload.objects.get())
    assert (upload.now, upload.summary["errors"]) == ("faulty", 2)
    text = client.get(answer.headers["Location"]).content.decode()
    assert "“abc”不是数字" in text and "-3" in text
    (mark,) = upload.summary["marked"]
    marked = client.get(url(desk, "school", f"uploads/{upload.pk}/marked/{mark['name']}"))
    assert marked.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(marked.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert (
        client.post(
            url(desk, "school", f"uploads/{upload.pk}/commit/"), {"row_version": upload.row_version}
        ).status_code
        == 422
    )

    kind = pl.col("school_id") == school
    grades = (
        Workspace.open(desk.workspace)
        .tables()["enrolment"]
        .filter(kind, pl.col("year") == YEAR)["grade"]
        .to_list()
    )
    mended = csv(*((school, 2026, grade, 30) for grade in grades))
    client.post(url(desk, "school", "upload/"), {"files": mended, "follows": upload.pk})
    second = carry_out(Upload.objects.first())
    assert (second.now, second.follows) == ("ready", upload)
    answer = client.post(
        url(desk, "school", f"uploads/{second.pk}/commit/"),
        {"row_version": second.row_version, "note": "开学"},
    )
    assert answer.status_code == 303
    done = carry_out(second)
    assert (done.now, done.version_id) == ("committed", "v0002")
    held = Workspace.open(desk.workspace)
    assert held.versions()[-1].note == "开学"
    stored = held.tables()["enrolment"].filter(kind, pl.col("year") == 2026)
    assert sorted(stored["grade"].to_list()) == sorted(grades)
    (event,) = AuditEvent.objects.filter(verb="data.committed")
    assert (
        event.file_sha256
        == hashlib.sha256(files.original(done.folder, "在校生.csv").read_bytes()).hexdigest()
    )
    assert "v0002" in client.get(url(desk, "school", f"uploads/{second.pk}/")).content.decode()


def test_a_school_brings_no_rows_of_another(desk: Desk, csv: Any, carry_out: Carry, client_for: Any) -> None:
    other = desk.units["other_school"]
    client_for("school_clerk").post(
        url(desk, "school", "upload/"), {"files": csv((other, 2026, "一年级", 9))}
    )
    upload = carry_out(Upload.objects.get())
    assert {group["code"] for group in upload.summary["groups"]} >= {"intake.outside_unit"}
    assert upload.now == "faulty"


@pytest.mark.parametrize("role", ["school_clerk_2", "town_clerk_2"])
def test_neighbours_do_not_find_an_upload(desk: Desk, csv: Any, role: str, client_for: Any) -> None:
    client_for("school_clerk").post(
        url(desk, "school", "upload/"), {"files": csv((desk.units["school"], 2026, "一年级", 9))}
    )
    upload = Upload.objects.get()
    client = client_for(role)
    own = "other_school" if role == "school_clerk_2" else "other_town"
    for unit in (own, "school"):
        for tail in ("", "progress/", "mapping/", "mapping.toml", "files/1", "marked/marked-1.xlsx"):
            assert client.get(url(desk, unit, f"uploads/{upload.pk}/{tail}")).status_code == 404
        for tail in ("check/", "commit/", "mapping/", "mapping/draft/", "mapping/use/"):
            assert client.post(url(desk, unit, f"uploads/{upload.pk}/{tail}")).status_code == 404


def test_who_only_looks_brings_nothing(desk: Desk, csv: Any, client_for: Any) -> None:
    file = csv((desk.units["school"], 2026, "一年级", 9))
    for role, unit in (
        ("principal", "school"),
        ("leader", "region"),
        ("superior", "above"),
        ("auditor", "region"),
    ):
        for tail in ("upload/", "import/"):
            assert client_for(role).post(url(desk, unit, tail), {"files": file}).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([], "data_centre.no_files"),
        ([SimpleUploadedFile("空.csv", b"")], "data_centre.file_is_empty"),
        ([SimpleUploadedFile(f"{n}.csv", b"a") for n in range(21)], "data_centre.too_many_files"),
        ([SimpleUploadedFile("大.csv", b"a" * 2000)], "data_centre.files_too_large"),
    ],
)
def test_files_refused_at_the_door(desk: Desk, sent: list[Any], code: str) -> None:
    with override_settings(UPLOAD_LIMIT_BYTES=1000), pytest.raises(Refused, match=code.partition(".")[2]):
        actions.receive(by=desk.person("school_clerk"), unit=desk.unit("school"), year=YEAR, files=sent)
    kept = desk.workspace / "desk" / "uploads"
    assert not kept.exists() or not any(kept.iterdir())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/表.csv", "表.csv"),
        ("C:\\桌面\\在校生.xlsx", "在校生.xlsx"),
        ("a\u202eslx.exe", "a_slx.exe"),
        ("..", "file"),
        ("x" * 300 + ".xlsx", "x" * 95 + ".xlsx"),
    ],
)
def test_names_lead_nowhere_else(sent: str, kept: str) -> None:
    assert files.safe_name(sent) == kept


def test_replacing_needs_the_region_a_reason_and_shows_what_vanishes(
    desk: Desk, csv: Any, carry_out: Carry, client_for: Any
) -> None:
    planner = client_for("planner")
    rows = Workspace.open(desk.workspace).tables()["housing"].head(2)
    file = SimpleUploadedFile("housing.csv", rows.write_csv().encode())
    answer = planner.post(url(desk, "region", "import/"), {"files": file, "mode": "replace"})
    assert answer.status_code == 422 and "理由" in answer.content.decode()
    file.seek(0)
    planner.post(url(desk, "region", "import/"), {"files": file, "mode": "replace", "reason": "重新普查"})
    upload = carry_out(Upload.objects.get())
    text = planner.get(url(desk, "region", f"uploads/{upload.pk}/")).content.decode()
    assert upload.now == "ready" and "将消失" in text and "重新普查" in text
    file.seek(0)
    refused = client_for("town_clerk").post(
        url(desk, "town", "upload/"), {"files": file, "mode": "replace", "reason": "x"}
    )
    assert refused.status_code == 403


def test_what_has_been_handed_in_is_not_overwritten(
    desk: Desk, csv: Any, carry_out: Carry, collection: Collection, part: Any, client_for: Any
) -> None:
    """Neither by the school nor by the county; after a return it may be."""
    school = desk.units["school"]
    held = Workspace.open(desk.workspace).tables()["enrolment"]
    row = held.filter(pl.col("school_id") == school, pl.col("year") == YEAR).row(0, named=True)
    file = csv((school, YEAR, row["grade"], row["pupils"] + 1))
    collecting.submit(submission=part("school"), by=desk.person("school_clerk"), row_version=1)
    client = client_for("statistician")
    client.post(url(desk, "region", "import/"), {"files": file})
    upload = carry_out(Upload.objects.get())
    text = client.get(url(desk, "region", f"uploads/{upload.pk}/")).content.decode()
    assert "已提交单位" in text and 'name="note"' not in text
    commit = url(desk, "region", f"uploads/{upload.pk}/commit/")
    assert client.post(commit, {"row_version": upload.row_version}).status_code == 422
    Submission.objects.filter(pk=part("school").pk).update(state="returned")
    assert client.post(commit, {"row_version": upload.row_version}).status_code == 303


def test_a_commit_after_another_version_is_refused_and_checked_again(
    desk: Desk, csv: Any, carry_out: Carry, client_for: Any
) -> None:
    from datetime import UTC, datetime

    planner = client_for("planner")
    school = desk.units["school"]
    held = Workspace.open(desk.workspace)
    grade = held.tables()["enrolment"].filter(pl.col("school_id") == school)["grade"][0]
    planner.post(url(desk, "region", "import/"), {"files": csv((school, 2026, grade, 31))})
    upload = carry_out(Upload.objects.get())
    held.restore("v0001", at=datetime.now(UTC))
    planner.post(url(desk, "region", f"uploads/{upload.pk}/commit/"), {"row_version": upload.row_version})
    failed = carry_out(upload)
    assert (failed.now, failed.job.failure["code"]) == ("failed", "version_moved")
    assert planner.post(url(desk, "region", f"uploads/{upload.pk}/check/")).status_code == 303
    again = carry_out(failed)
    assert (again.now, again.base_version) == ("ready", "v0002")


def test_progress_asks_for_itself_until_the_job_has_ended(
    desk: Desk, csv: Any, carry_out: Carry, client_for: Any
) -> None:
    client = client_for("school_clerk")
    client.post(url(desk, "school", "upload/"), {"files": csv((desk.units["school"], 2026, "一年级", "x"))})
    upload = Upload.objects.get()
    here = url(desk, "school", f"uploads/{upload.pk}/progress/")
    assert 'hx-trigger="every 1s"' in client.get(here).content.decode()
    carry_out(upload)
    ended = client.get(here)
    assert ended.status_code == 204 and ended.headers["HX-Redirect"].endswith(f"/uploads/{upload.pk}/")
