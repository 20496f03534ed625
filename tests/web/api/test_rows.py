"""Rows by the API are those of the workspace, within the caller's units, by closed parameters."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from junheng.model import INPUTS


def ask(client: Any, path: str, **headers: str) -> Any:
    return client.get(f"/api/v1/{path}", headers=headers)


def all_rows(client: Any, path: str) -> list[dict[str, Any]]:
    """Every page, the way the handbook tells to."""
    joint, rows, page = "&" if "?" in path else "?", [], 1
    while True:
        answer = ask(client, f"{path}{joint}page_size=200&page={page}")
        assert answer.status_code == 200, answer.content
        held = answer.json()
        rows += held["items"]
        if page * 200 >= held["count"]:
            assert len(rows) == held["count"]
            return rows
        page += 1


def stored(desk: Any, table: str) -> pl.DataFrame:
    manifest = json.loads((desk.workspace / "data" / "manifest.json").read_text(encoding="utf-8"))
    return pl.read_parquet(desk.workspace / "data" / manifest["versions"][-1]["tables"][table]["file"])


def run_table(desk: Any, table: str) -> pl.DataFrame:
    (folder,) = (desk.workspace / "runs").glob("year-*")
    return pl.read_parquet(folder / "tables" / f"{table}.parquet").filter(pl.col("scenario") == "base")


def test_rows_of_an_input_table_are_the_stored_ones(desk: Any) -> None:
    got = all_rows(desk.client("planner"), "tables/enrolment/rows?year=2025")
    whole = stored(desk, "enrolment").filter(pl.col("year") == 2025)
    order = ["school_id", "year", "grade"]
    assert got == whole.sort(order).rows(named=True)


def test_a_town_gets_its_own(desk: Any) -> None:
    got = all_rows(desk.client("town_clerk"), "seats?year=2030")
    schools = stored(desk, "schools").filter(pl.col("area_code") == desk.units["town"])["school_id"]
    mine = {desk.units["town"], *schools.to_list()}
    wanted = run_table(desk, "seat_outlook").filter(
        pl.col("unit_code").is_in(mine) & (pl.col("year") == 2030)
    )
    assert len(got) == wanted.height > 0
    assert {row["unit_code"] for row in got} == set(wanted["unit_code"])
    assert ask(desk.client("town_clerk"), f"seats?unit={desk.units['other_town']}").status_code == 404
    assert ask(desk.client("town_clerk"), f"seats?unit={desk.units['region']}").status_code == 404
    narrowed = all_rows(desk.client("planner"), f"seats?year=2030&unit={desk.units['town']}")
    assert narrowed == got


def test_filters_and_sorting(desk: Any) -> None:
    client = desk.client("planner")
    red = all_rows(client, "warnings?level=red&sort=-pupils_affected")
    wanted = run_table(desk, "seat_warnings").filter(pl.col("level") == "red")
    assert len(red) == wanted.height > 0
    affected = [row["pupils_affected"] for row in red if row["pupils_affected"] is not None]
    assert affected == sorted(affected, reverse=True)
    assert all(row["reason_zh"] and row["reason_en"] for row in red)
    pupils = all_rows(client, "pupils?kind=region&grade=all&stage=primary")
    assert [row["year"] for row in pupils] == sorted(row["year"] for row in pupils) and len(pupils) > 5


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("units?nonsense=1", "nonsense"),
        ("seats?sort=nonsense", "sort"),
        ("seats?stage=nonsense", "stage"),
        ("seats?page=0", "page"),
        ("seats?page_size=201", "page_size"),
        ("seats?year=2030&year=2031", "year"),
        ("tables/areas/rows?year=2025", "year"),
        ("me?x=1", "x"),
        ("seats?unit=' or 1=1", "unit"),
    ],
)
def test_what_is_not_declared_is_refused(desk: Any, path: str, name: str) -> None:
    answer = ask(desk.client("planner"), path)
    assert answer.status_code == 422
    held = answer.json()
    assert held["code"] == "api.invalid" and held["detail"] and held["detail_en"]
    assert any(name in fault["where"] for fault in held["faults"]), held


def test_strangers_are_told_401_and_never_led_to_the_login_page(desk: Any) -> None:
    for path in ("me", "units", "nothing/there", "runs"):
        answer = ask(desk.client(None), path)
        assert answer.status_code == (404 if path == "nothing/there" else 401), path
        assert answer.headers["Content-Type"].startswith("application/json")
    assert "Bearer" in ask(desk.client(None), "me").headers["WWW-Authenticate"]


def test_administrators_read_nothing_by_office(desk: Any) -> None:
    for path in ("seats", "runs", "tables/enrolment/rows"):
        answer = ask(desk.client("system_admin"), path)
        assert (answer.status_code, answer.json()["code"]) == (403, "api.forbidden")
    assert ask(desk.client("system_admin"), "units").json()["count"] == 0


def test_it_only_reads(desk: Any) -> None:
    client = desk.client("planner")
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/api/v1/units").status_code == 405


def test_an_altered_table_is_409(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from junheng.web.runs import reading
    from junheng.web.workspace import FrameCache

    monkeypatch.setattr(reading, "FRAMES", FrameCache())  # what was read before the change stays right
    (folder,) = (desk.workspace / "runs").glob("year-*")
    path = folder / "tables" / "seat_horizon.parquet"
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col("peak_demand") + 1).write_parquet(path)
    answer = ask(desk.client("planner"), f"runs/{folder.name}/tables/seat_horizon")
    assert answer.status_code == 409 and answer.json()["code"] == "run_table_changed"


def test_superiors_get_small_counts_protected(desk: Any) -> None:
    rows = all_rows(desk.client("superior"), "tables/enrolment/rows?year=2025")
    assert any(row["suppressed"] for row in rows)
    assert not any(row["pupils"] is not None and 1 <= row["pupils"] <= 9 for row in rows)


def test_rows_about_single_persons_are_not_for_superiors(desk: Any) -> None:
    assert INPUTS["teachers"].of_persons and not INPUTS["school_years"].of_persons
    path = "tables/teachers/rows?year=2025"
    mine = all_rows(desk.client("town_clerk"), path)
    schools = stored(desk, "schools").filter(pl.col("area_code") == desk.units["town"])["school_id"]
    assert mine and {row["school_id"] for row in mine} <= set(schools)
    assert ask(desk.client("planner"), path).status_code == 200
    assert ask(desk.client("superior"), path).status_code == 404


def test_rows_about_children_are_for_who_carries_out_admission(desk: Any) -> None:
    assert stored(desk, "applicants").height > 0
    for who in ("planner", "town_clerk", "leader", "superior"):
        for table in ("applicants", "applicant_facts", "applications", "exam_scores", "address_uses"):
            assert ask(desk.client(who), f"tables/{table}/rows").status_code == 404, (who, table)
    assert ask(desk.client("planner"), "tables/admission_programs/rows").status_code == 200


def test_too_many_are_told_when_to_come_back(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from junheng.web.api.router import api

    monkeypatch.setattr(api.throttle, "num_requests", 3)
    client = desk.client("planner")
    assert [ask(client, "me").status_code for _ in range(3)] == [200] * 3
    fourth = ask(client, "me")
    assert fourth.status_code == 429 and fourth.json()["code"] == "api.too_many"
    assert 1 <= int(fourth.headers["Retry-After"]) <= 60
    assert ask(desk.client("leader"), "me").status_code == 200


def test_nothing_on_the_way_keeps_answers(desk: Any) -> None:
    assert ask(desk.client("planner"), "me").headers["Cache-Control"] == "no-store, private"
