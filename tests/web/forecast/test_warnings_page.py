"""预警清单: all of them, filtered, ordered, told with standard and remedy, taken out as files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import polars as pl
from tests.web.desks import Desk

from junheng.report import format as fmt
from junheng.web.audit.models import AuditEvent

Table = Callable[[str], pl.DataFrame]
Get = Callable[..., Any]


def keys(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return re.findall(r'<tr data-key="([^"]+)">', answer.content.decode())


def test_the_count_stands_in_sentence_lights_and_tab(get: Get, table: Table) -> None:
    rows = table("seat_warnings")
    page = get("planner", "warnings/").content.decode()
    assert f"预警清单 {rows.height}" in page
    for level, word in (("red", "红色"), ("orange", "橙色"), ("yellow", "黄色")):
        count = rows.filter(pl.col("level") == level).height
        assert f"{word}预警 {fmt.count(count)} 条" in page


def test_pages_hold_every_warning_once(get: Get, table: Table) -> None:
    found: list[str] = []
    number = 1
    while part := keys(get("planner", "warnings/", page=number)):
        if found and part[0] in found:
            break
        found += part
        number += 1
    assert sorted(found) == sorted(table("seat_warnings")["warning_id"])


def test_filters(get: Get, table: Table, desk: Desk) -> None:
    rows = table("seat_warnings")
    red = rows.filter(pl.col("level") == "red", pl.col("stage") == "junior")
    assert sorted(keys(get("planner", "warnings/", level="red", stage="junior"))) == sorted(red["warning_id"])
    small = rows.filter(pl.col("kind") == "small_school")
    assert set(keys(get("planner", "warnings/", kind="small_school"))) <= set(small["warning_id"])
    town = desk.units["town"]
    schools = pl.read_parquet(next((desk.workspace / "data").rglob("*schools*.parquet")))
    inside = {town, *schools.filter(pl.col("area_code") == town)["school_id"]}
    wanted = rows.filter(pl.col("unit_code").is_in(list(inside)), pl.col("level") == "red")
    assert sorted(keys(get("planner", "warnings/", area=town, level="red"))) == sorted(wanted["warning_id"])
    assert keys(get("planner", "warnings/", level="purple")) != []


def test_most_pressing_first(get: Get, table: Table) -> None:
    import json

    rows = {row["warning_id"]: row for row in table("seat_warnings").iter_rows(named=True)}
    order = keys(get("planner", "warnings/", sort="deadline", kind="shortage"))
    years = [
        rows[one]["from_year"] - json.loads(rows[one]["reason_parameters"])["lead_time"] for one in order
    ]
    assert len(years) > 3
    assert years == sorted(years)


def test_each_leads_to_its_unit_with_standard_and_mark(get: Get, desk: Desk) -> None:
    page = get("planner", "warnings/", level="red").content.decode()
    assert re.search(rf'href="/{desk.units["region"]}/2026/forecast/\d+/\?stage=\w+"', page)
    assert "【待核】" in page
    assert "最小措施" in page


def test_files_hold_the_rows_shown_and_are_written_down(get: Get, table: Table) -> None:
    red = table("seat_warnings").filter(pl.col("level") == "red")
    answer = get("planner", "warnings/list.xlsx", level="red")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    ids = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert set(red["warning_id"]) <= ids
    text = get("planner", "warnings/list.csv", level="red").content.decode("utf-8-sig")
    assert sum(line.startswith(("base,", '"base"')) for line in text.splitlines()) == red.height
    assert AuditEvent.objects.filter(verb="export.taken").count() == 2
    assert get("planner", "warnings/list.exe").status_code == 404


def test_schools_take_their_own_only(get: Get, table: Table, desk: Desk) -> None:
    own = desk.units["school"]
    mine = table("seat_warnings").filter(pl.col("unit_code") == own)
    assert sorted(keys(get("school_clerk", "warnings/", unit="school"))) == sorted(mine["warning_id"])
    text = get("school_clerk", "warnings/list.csv", unit="school").content.decode("utf-8-sig")
    assert desk.units["other_school"] not in text
