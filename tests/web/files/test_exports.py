"""Files hold what an independent reading of the workspace holds, by right, protected and counted."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

YEAR = 2026
HEADING_ROWS = 3


def place(desk: Any, unit: str, *parts: str) -> str:
    return f"/{desk.units[unit]}/{YEAR}/files/" + "/".join(parts) + "/"


def stored(desk: Any, table: str) -> pl.DataFrame:
    """An input table as it lies in the workspace, read without the application."""
    manifest = json.loads((desk.workspace / "data" / "manifest.json").read_text(encoding="utf-8"))
    newest = manifest["versions"][-1]
    return pl.read_parquet(desk.workspace / "data" / newest["tables"][table]["file"])


def run_table(desk: Any, table: str) -> tuple[str, pl.DataFrame]:
    (folder,) = (desk.workspace / "runs").glob("year-*")
    return folder.name, pl.read_parquet(folder / "tables" / f"{table}.parquet")


def schools_of(desk: Any, unit: str) -> set[str]:
    """Codes of schools in a town, from the tables alone."""
    schools = stored(desk, "schools")
    return set(schools.filter(pl.col("area_code") == desk.units[unit])["school_id"].to_list())


def from_csv(content: bytes) -> tuple[pl.DataFrame, str]:
    text = content.decode("utf-8-sig")
    *lines, last, end = text.split("\r\n")
    assert end == ""
    return pl.read_csv(io.StringIO("\n".join(lines)), infer_schema=False), last


def test_a_region_gets_every_row_and_a_town_its_own(desk: Any) -> None:
    whole = stored(desk, "enrolment")
    taken = desk.client("planner").get(place(desk, "region", "table", "input", "enrolment", "csv"))
    assert taken.status_code == 200 and whole.height > 5000  # too many to make while one waits: a page asks
    assert "text/html" in taken.headers["Content-Type"]
    clerk = desk.client("town_clerk").get(place(desk, "town", "table", "input", "enrolment", "csv"))
    assert clerk.headers["Content-Type"].startswith("text/csv")
    got, last = from_csv(clerk.content)
    mine = whole.filter(pl.col("school_id").is_in(schools_of(desk, "town")))
    assert sorted(got.rows()) == sorted(mine.with_columns(pl.all().cast(pl.String)).rows())
    assert last.startswith('"# ') and "town_clerk" in last and "v0001" in last


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_each_form_holds_the_same_rows(desk: Any, form: str) -> None:
    run_id, whole = run_table(desk, "seat_horizon")
    taken = desk.client("town_clerk").get(place(desk, "town", "table", run_id, "seat_horizon", form))
    units = {desk.units["town"], *schools_of(desk, "town")}
    mine = whole.filter(pl.col("unit_code").is_in(units) & (pl.col("scenario") == "base"))
    assert taken.status_code == 200 and mine.height > 3
    if form == "parquet":
        table = pq.read_table(io.BytesIO(taken.content))
        got = pl.from_arrow(table)
        assert isinstance(got, pl.DataFrame) and got.equals(mine.select(got.columns))
        assert run_id in table.schema.metadata[b"junheng"].decode()
        return
    book = openpyxl.load_workbook(io.BytesIO(taken.content))
    rows, notes = book.worksheets
    head = [cell.value for cell in rows[2]]
    codes, peaks = head.index("unit_code"), head.index("peak_demand")
    got = sorted((r[codes].value, r[peaks].value) for r in rows.iter_rows(min_row=HEADING_ROWS + 1))
    assert got == sorted(
        (code, round(peak, 3)) for code, peak in mine.select("unit_code", "peak_demand").rows()
    )
    about = {row[0].value: row[1].value for row in notes.iter_rows()}
    assert run_id in about.values() and any("town_clerk" in str(value) for value in about.values())


def test_the_name_says_unit_year_table_and_version(desk: Any) -> None:
    run_id, _ = run_table(desk, "seat_horizon")
    taken = desk.client("planner").get(place(desk, "region", "table", run_id, "seat_horizon", "csv"))
    header = taken.headers["Content-Disposition"]
    assert (
        unquote(header.partition("filename*=utf-8''")[2])
        == f"{desk.units['region']}_{YEAR}_学位时间表_v0001.csv"
    )
    assert taken.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    "hostile", ['=HYPERLINK("http://x","y")', "+1", "@x", "\t=1+1", "-2+3", "=cmd|' /C calc'!A0"]
)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_no_name_becomes_a_formula(desk: Any, hostile: str, form: str) -> None:
    from junheng.data import Workspace

    ws = Workspace.open(desk.workspace)
    school = desk.units["school"]
    renamed = ws.tables()["schools"].with_columns(
        pl.when(pl.col("school_id") == school).then(pl.lit(hostile)).otherwise(pl.col("name")).alias("name")
    )
    ws.commit({"schools": renamed}, at=timezone.now())
    taken = desk.client("principal").get(place(desk, "school", "table", "input", "schools", form))
    assert taken.status_code == 200
    if form == "csv":
        line = taken.content.decode("utf-8-sig").split("\r\n")[1]
        cell = line.split(",", 1)[1].lstrip('"')
        assert cell.startswith("'" + hostile[0])
        return
    sheet = openpyxl.load_workbook(io.BytesIO(taken.content)).worksheets[0]
    column = [cell.value for cell in sheet[2]].index("name")
    cell = sheet[HEADING_ROWS + 1][column]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", hostile, None)
    assert cell.quotePrefix


def test_without_the_right_or_out_of_reach(desk: Any) -> None:
    run_id, _ = run_table(desk, "seat_horizon")
    parts = ("table", run_id, "seat_horizon", "csv")
    assert desk.client("system_admin").get(place(desk, "region", *parts)).status_code == 403
    clerk = desk.client("school_clerk")
    assert clerk.get(place(desk, "school", *parts)).status_code == 200
    for elsewhere in ("other_school", "town", "region"):
        assert clerk.get(place(desk, elsewhere, *parts)).status_code == 404
    assert clerk.get(place(desk, "school", "table", run_id, "no_such", "csv")).status_code == 404
    assert clerk.get(place(desk, "school", "table", "input", "no_such", "csv")).status_code == 404
    assert clerk.get(place(desk, "school", "table", run_id, "seat_horizon", "exe")).status_code == 404
    assert (
        clerk.get(place(desk, "school", "table", "input", "schools", "csv") + "?version=v9999").status_code
        == 404
    )


def test_superiors_get_small_counts_protected(desk: Any) -> None:
    """Counts of 1 to 9 are gone, and none can be had back from a sum over the rows of its town."""
    whole = stored(desk, "enrolment").filter(pl.col("year") == 2025)
    assert whole.filter(pl.col("pupils").is_between(1, 9)).height > 0
    scope_rows = _protected(desk)
    got = scope_rows.filter(pl.col("year") == 2025)
    shown = got.filter(~pl.col("suppressed"))
    assert shown.filter(pl.col("pupils").is_between(1, 9)).is_empty()
    hidden = got.filter("suppressed")
    assert hidden["pupils"].null_count() == hidden.height == hidden["classes"].null_count()
    areas = stored(desk, "schools").select("school_id", "area_code")
    lone = hidden.join(areas, on="school_id").group_by("area_code", "grade").len().filter(pl.col("len") == 1)
    positive = whole.join(areas, on="school_id").filter(pl.col("pupils") > 0)
    counted = positive.group_by("area_code", "grade").len(name="schools")
    alone = lone.join(counted, on=["area_code", "grade"]).filter(pl.col("schools") > 1)
    assert alone.is_empty(), alone
    kept = shown.join(whole, on=["school_id", "year", "grade"], suffix="_true")
    assert kept.height == shown.height and (kept["pupils"] == kept["pupils_true"]).all()


def _protected(desk: Any) -> pl.DataFrame:
    from junheng.web.files.contents import Wanted, contents
    from junheng.web.files.protection import audience
    from junheng.web.house.scope import Scope

    superior = desk.person("superior")
    scope = Scope(superior, desk.unit("region"), YEAR, "export")
    assert audience(scope, "export") == "public"
    assert audience(Scope(desk.person("planner"), scope.unit, YEAR, "export"), "export") == "bureau"
    return contents(scope, Wanted("input", "enrolment", "csv"), "public").frame


def test_each_file_is_in_the_trail_with_rows_and_digest(desk: Any) -> None:
    from hashlib import sha256

    from junheng.web.audit.models import AuditEvent

    run_id, _ = run_table(desk, "seat_horizon")
    taken = desk.client("planner").get(place(desk, "region", "table", run_id, "seat_horizon", "csv"))
    event = AuditEvent.objects.get(verb="export.taken")
    assert event.actor == "planner" and event.run_id == run_id
    assert event.file_sha256 == sha256(taken.content).hexdigest()
    assert event.diff["rows"] == from_csv(taken.content)[0].height


def test_the_day_has_a_limit(desk: Any, settings_of: Any) -> None:
    settings_of(EXPORTS_A_DAY=2)
    run_id, _ = run_table(desk, "seat_horizon")
    client = desk.client("planner")
    path = place(desk, "region", "table", run_id, "seat_horizon", "csv")
    assert [client.get(path).status_code for _ in range(2)] == [200, 200]
    third = client.get(path)
    assert third.status_code == 429 and 0 < int(third.headers["Retry-After"]) <= 24 * 3600
    assert desk.client("leader").get(path).status_code == 200  # each person has her own


@pytest.fixture
def settings_of(desk: Any) -> Any:
    from django.test.utils import override_settings

    held: list[Any] = []

    def change(**values: Any) -> None:
        made = override_settings(**values)
        made.enable()
        held.append(made)

    yield change
    for one in held:
        one.disable()


def _made(desk: Any, client: Any, form: str = "csv") -> Any:
    """Ask for a large table and let a worker make it."""
    from junheng.web.files.models import StoredFile
    from junheng.web.jobs.models import Job
    from junheng.web.jobs.tasks import run_job

    answer = client.post(place(desk, "region", "table", "input", "enrolment", form))
    assert answer.status_code == 302, answer.content.decode()[:500]
    file = StoredFile.objects.get(owner__username="planner", ready_at=None)
    job = Job.objects.get(pk=file.job_id)
    assert run_job.func(job.pk, 1) == "done"
    return StoredFile.objects.get(pk=file.pk)


def test_larger_tables_are_made_in_the_background(desk: Any) -> None:
    client = desk.client("planner")
    file = _made(desk, client)
    whole = stored(desk, "enrolment")
    assert (file.rows, Path(file.name).suffix) == (whole.height, ".csv")
    taken = client.get(place(desk, "region", "stored", file.token))
    got, _ = from_csv(taken.content)
    assert got.height == whole.height
    listed = client.get(place(desk, "region").rstrip("/") + "/")
    assert file.name in listed.content.decode()


def test_a_stored_file_is_its_owners_while_she_may(desk: Any) -> None:
    from junheng.web.accounts.models import Grant
    from junheng.web.files.actions import path_of

    client = desk.client("planner")
    file = _made(desk, client)
    place_of = place(desk, "region", "stored", file.token)
    assert desk.client("planner_2").get(place_of).status_code == 404
    assert oct(path_of(file).stat().st_mode & 0o777) == "0o600"
    path_of(file).write_bytes(b"other")
    assert client.get(place_of).status_code == 409  # no longer what was made
    Grant.objects.filter(user__username="planner").update(state=Grant.ENDED)
    assert client.get(place_of).status_code == 404


def test_files_go_by_themselves(desk: Any) -> None:
    from junheng.web.files.actions import folder, path_of, purge

    client = desk.client("planner")
    file = _made(desk, client)
    (folder() / "left-behind").write_bytes(b"x")
    assert purge() == 1 and path_of(file).is_file()
    assert purge(now=timezone.now() + timedelta(hours=49)) == 1
    assert not path_of(file).exists()
    assert client.get(place(desk, "region", "stored", file.token)).status_code == 404


def test_a_workbook_of_too_many_rows_is_refused_in_words(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from junheng.web.files import actions

    monkeypatch.setattr(actions, "SHEET_ROWS", 6000)
    answer = desk.client("planner").post(place(desk, "region", "table", "input", "enrolment", "xlsx"))
    assert answer.status_code == 422 and "Parquet" in answer.content.decode()
