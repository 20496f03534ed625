"""Versions compared and restored; corrections asked for, decided and put in; templates; doubts."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import polars as pl
import pytest
from tests.web.desks import Desk

from junheng.data import Workspace
from junheng.model.errors import Refused
from junheng.web.data_centre.collecting import actions as collecting
from junheng.web.data_centre.corrections import actions as corrections
from junheng.web.data_centre.models import Correction, Submission, Upload
from junheng.web.jobs import tasks
from junheng.web.jobs.models import Job

YEAR = 2025
Part = Callable[[str], Submission]


def url(desk: Desk, unit: str, tail: str) -> str:
    return f"/{desk.units[unit]}/{YEAR}/data/{tail}"


def first_row(desk: Desk) -> dict[str, Any]:
    held = Workspace.open(desk.workspace).tables()["enrolment"]
    return held.filter(pl.col("school_id") == desk.units["school"], pl.col("year") == YEAR).row(0, named=True)


def one_more_pupil(desk: Desk) -> dict[str, Any]:
    """A second version, in which one grade of the school has a pupil more."""
    workspace, row = Workspace.open(desk.workspace), first_row(desk)
    frame = workspace.tables()["enrolment"]
    mine = (
        (pl.col("school_id") == row["school_id"])
        & (pl.col("year") == YEAR)
        & (pl.col("grade") == row["grade"])
    )
    changed = frame.filter(mine).with_columns(pl.col("pupils") + 1)
    workspace.commit({"enrolment": changed}, at=datetime.now(UTC), note="更正")
    return row


def test_a_version_shows_what_it_changed_with_both_values(desk: Desk, client_for: Any) -> None:
    row = one_more_pupil(desk)
    text = client_for("planner").get(url(desk, "region", "versions/v0002/")).content.decode()
    assert "v0002 与 v0001 相比" in text
    changed = text[text.index("更改的数值") :]
    assert re.search(rf">{row['pupils']}\s*<.*?>{row['pupils'] + 1}\s*<", changed, re.DOTALL)
    neighbour = (
        client_for("school_clerk_2").get(url(desk, "other_school", "versions/v0002/")).content.decode()
    )
    assert "更改的数值" not in neighbour
    assert client_for("planner").get(url(desk, "region", "versions/v0009/")).status_code == 404


def test_going_back_needs_the_right_a_reason_and_the_newest_page(desk: Desk, client_for: Any) -> None:
    row = one_more_pupil(desk)
    planner, here = client_for("planner"), url(desk, "region", "versions/v0001/restore/")
    assert client_for("leader").post(here, {"reason": "x", "newest": "v0002"}).status_code == 403
    assert planner.post(here, {"newest": "v0002"}).status_code == 422
    assert planner.post(here, {"reason": "误导入", "newest": "v0001"}).status_code == 422
    assert planner.post(here, {"reason": "误导入", "newest": "v0002"}).status_code == 303
    job = Job.objects.get(verb="restore")
    tasks.run_job.func(job.pk, 1)
    workspace = Workspace.open(desk.workspace)
    assert workspace.versions()[-1].restores == "v0001"
    assert first_row(desk)["pupils"] == row["pupils"]


def ask(desk: Desk, part: Part, **changes: Any) -> Correction:
    row = first_row(desk)
    sent = {
        "table": "enrolment",
        "key": {name: str(row[name]) for name in ("school_id", "year", "grade")},
        "column": "pupils",
        "after": str(row["pupils"] + 5),
        "reason": "漏报五人",
        **changes,
    }
    return corrections.ask(submission=part("school"), by=desk.person("school_clerk"), **sent)


def test_a_correction_shows_both_numbers_and_is_put_in(desk: Desk, part: Part, client_for: Any) -> None:
    """The school asks by its page, the county approves; the figure passes the checks into a new version
    though the submission is closed."""
    clerk, county, row = client_for("school_clerk"), client_for("statistician"), first_row(desk)
    collecting.submit(submission=part("school"), by=desk.person("school_clerk"), row_version=1)
    form = url(desk, "school", f"submissions/{part('school').pk}/corrections/new/")
    assert clerk.get(form).status_code == 200
    key = json.dumps(
        {name: str(row[name]) for name in ("school_id", "year", "grade")}, ensure_ascii=False, sort_keys=True
    )
    sent = {
        "table": "enrolment",
        "key": key,
        "column": "pupils",
        "after": str(row["pupils"] + 5),
        "reason": "漏报",
    }
    assert clerk.post(form, {**sent, "after": "许多"}).status_code == 422
    assert clerk.post(form, sent).status_code == 303
    held = Correction.objects.get()
    here = url(desk, "region", f"corrections/{held.pk}/")
    text = county.get(here).content.decode()
    assert f"{row['pupils']}" in text and f"{row['pupils'] + 5}" in text and "+5" in text
    assert (
        clerk.post(
            url(desk, "school", f"corrections/{held.pk}/"), {"decide": "approve", "row_version": 1}
        ).status_code
        == 403
    )
    assert county.post(here, {"decide": "refuse", "row_version": 1}).status_code == 422
    assert county.post(here, {"decide": "approve", "row_version": 1}).status_code == 303
    for verb in ("preview", "commit"):
        job = Job.objects.get(verb=verb)
        tasks.run_job.func(job.pk, 1)
    held.refresh_from_db()
    assert (held.state, Upload.objects.get().now) == ("done", "committed")
    assert first_row(desk)["pupils"] == row["pupils"] + 5
    assert first_row(desk)["classes"] == row["classes"]
    assert part("school").state == "submitted"


def test_what_cannot_be_corrected(desk: Desk, part: Part) -> None:
    def code(**changes: Any) -> str:
        with pytest.raises(Refused) as error:
            ask(desk, part, **changes)
        return error.value.code.partition(".")[2]

    assert code() == "correction_not_needed"
    collecting.submit(submission=part("school"), by=desk.person("school_clerk"), row_version=1)
    other = {"school_id": desk.units["other_school"], "year": str(YEAR), "grade": "G01"}
    assert code(key=other) == "correction_unknown"
    assert code(column="grade") == "correction_unknown"
    assert code(table="births") == "correction_unknown"
    assert code(after=str(first_row(desk)["pupils"])) == "correction_same"
    assert code(after="-1") == "correction_number"
    assert code(after="") == "correction_empty"
    assert code(reason=" ") == "needs_reason"
    ask(desk, part)
    assert code() == "correction_asked_already"


def test_a_template_holds_the_units_codes_and_no_counts(desk: Desk, client_for: Any) -> None:
    clerk, school = client_for("school_clerk"), desk.units["school"]
    answer = clerk.get(f"/{school}/2026/data/templates/enrolment.xlsx")
    assert f"filename*=UTF-8''{school}_2026_" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=5) if row[0].value]
    assert rows and {row[0] for row in rows} == {school} and {row[1] for row in rows} == {2026}
    assert all(row[3] is None for row in rows)
    filled = clerk.get(f"/{school}/{YEAR}/data/templates/enrolment.xlsx?filled=1")
    sheet = openpyxl.load_workbook(io.BytesIO(filled.content)).worksheets[0]
    assert first_row(desk)["pupils"] in [row[3].value for row in sheet.iter_rows(min_row=5)]


def test_doubts_are_filtered_and_keep_to_the_scope(desk: Desk, client_for: Any) -> None:
    workspace, school = Workspace.open(desk.workspace), desk.units["school"]
    row = first_row(desk)
    crowded = pl.DataFrame(
        [{**row, "pupils": row["pupils"] * 12, "classes": 1}], schema=workspace.tables()["enrolment"].schema
    )
    workspace.commit({"enrolment": crowded}, at=datetime.now(UTC))
    text = client_for("planner").get(url(desk, "region", "doubts/")).content.decode()
    assert "相差十倍以上" in text and 'class="light near"' in text
    none = client_for("planner").get(url(desk, "region", "doubts/?table=births")).content.decode()
    assert "没有符合条件的疑点" in none
    assert (
        "相差十倍以上" in client_for("school_clerk").get(url(desk, "school", "doubts/")).content.decode()
    ), school
    assert (
        "没有查出疑点"
        in client_for("school_clerk_2").get(url(desk, "other_school", "doubts/")).content.decode()
    )
