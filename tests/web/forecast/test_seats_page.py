"""学位供需: every number on the page is the run's; each person sees her own rows; empty states help."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import polars as pl
from tests.web.desks import Desk

from junheng.report import format as fmt
from junheng.web.runs.models import RunRecord

Table = Callable[[str], pl.DataFrame]
Get = Callable[..., Any]


def areas(table: Table, stage: str) -> pl.DataFrame:
    rows = table("seat_outlook").filter(pl.col("scenario") == "base", pl.col("unit_kind") == "area")
    return rows.filter(pl.col("stage") == stage)


def worst(rows: pl.DataFrame) -> tuple[int, float]:
    """Year and seats of the largest sum of shortages."""
    short = rows.filter(pl.col("gap_p50") > 0.5).group_by("year").agg(pl.col("gap_p50").sum()).sort("year")
    year, seats = max(short.iter_rows(), key=lambda row: row[1])
    return year, seats


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return unescape(re.sub(r"<[^>]+>", "", answer.content.decode()))


def spec(answer: Any, key: str) -> dict[str, Any]:
    found = re.search(rf'<script id="spec-{key}"[^>]*>(.*?)</script>', answer.content.decode(), re.S)
    assert found
    return json.loads(found.group(1))


def cells(answer: Any, table_id: str) -> dict[str, list[str]]:
    """Rows of a table by their key."""
    html = answer.content.decode()
    body = html[html.index(f'id="t-{table_id}"') :]
    body = body[: body.index("</table>")]
    return {
        key: [
            unescape(re.sub(r"<[^>]+>", " ", cell)).strip()
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        ]
        for key, row in re.findall(r'<tr data-key="([^"]+)">(.*?)</tr>', body, re.S)
    }


def test_the_sentence_is_the_runs(get: Get, table: Table) -> None:
    rows = areas(table, "junior")
    year, seats = worst(rows)
    left = rows.filter(pl.col("year") == year)["gap_shared"].clip(lower_bound=0).sum()
    page = text(get("planner", stage="junior"))
    assert f"{year} 年有" in page
    assert f"{fmt.count(seats)} 个" in page
    assert f"仍缺 {fmt.count(left)} 个" in page


def test_the_stage_shown_first_is_the_one_most_short(get: Get, table: Table) -> None:
    sums = {}
    for stage in ("kindergarten", "primary", "junior", "senior"):
        by_year = areas(table, stage).group_by("year").agg(pl.col("gap_p50").clip(lower_bound=0).sum())
        sums[stage] = by_year["gap_p50"].max()
    chosen = max(sums, key=lambda stage: sums[stage])
    names = {"kindergarten": "学前", "primary": "小学", "junior": "初中", "senior": "高中"}
    assert f"{names[chosen]}（缺口最大）" in text(get("planner"))


def test_every_cell_is_the_runs_gap(get: Get, table: Table) -> None:
    shown = cells(get("planner", stage="junior"), "heat")
    rows = areas(table, "junior").sort("year")
    codes = set(rows["unit_code"])
    assert codes <= set(shown)
    for code in codes:
        gaps = rows.filter(pl.col("unit_code") == code)["gap_p50"].to_list()[:8]
        assert shown[code][1:] == [fmt.signed(gap) for gap in gaps], code


def test_later_years_and_other_measures(get: Get, table: Table) -> None:
    rows = areas(table, "primary").filter(pl.col("year") == 2040)
    later = cells(get("planner", stage="primary", show="chance", **{"from": 2034}), "heat")
    for code, chance in rows.select("unit_code", "p_short").iter_rows():
        assert later[code][-1] == fmt.percent(chance)
    use = cells(get("planner", stage="primary", show="use", **{"from": 2034}), "heat")
    for code, share in rows.select("unit_code", "utilisation").iter_rows():
        assert use[code][-1] == fmt.percent(share)


def test_nonsense_in_the_address_is_passed_over(get: Get) -> None:
    for query in ({"from": "x", "show": "<b>", "page": "-1"}, {"from": "9" * 9, "page": "9999"}):
        assert get("planner", **query).status_code == 200
    assert get("planner", stage="nursery").status_code == 404


def test_bars_and_rows_share_keys_and_numbers(get: Get, table: Table) -> None:
    answer = get("planner", stage="junior")
    bars = spec(answer, "bars")
    year, _ = worst(areas(table, "junior"))
    rows = areas(table, "junior").filter(pl.col("year") == year)
    gaps = dict(rows.select("unit_code", "gap_p50").iter_rows())
    assert {one["key"] for one in bars["items"]} == set(gaps)
    assert all(one["text"] == fmt.signed(gaps[one["key"]]) for one in bars["items"])
    assert {one["key"] for one in bars["items"]} <= set(cells(answer, "heat"))


def test_the_fan_is_the_runs(get: Get, desk: Desk, table: Table) -> None:
    fan = spec(get("planner", stage="primary"), "fan")
    rows = table("forecast_enrolment").filter(
        pl.col("unit_kind") == "region", pl.col("stage") == "primary", pl.col("grade") == "all"
    )
    held = {row["year"]: row for row in rows.iter_rows(named=True)}
    assert [one["year"] for one in fan["ahead"]] == sorted(held)
    for one in fan["ahead"]:
        row = held[one["year"]]
        assert one["text"] == fmt.count(row["p50"])
        assert one["bands"]["95"] == [round(row["p2_5"], 2), round(row["p97_5"], 2)]
        assert one["bands"]["80"] == [round(row["p10"], 2), round(row["p90"], 2)]
    assert {one["kind"] for one in fan["basis"]} >= {"counted", "known", "assumption"}


def test_an_area_shows_its_schools(get: Get, desk: Desk, table: Table) -> None:
    shown = cells(get("planner", unit="town", stage="primary"), "heat")
    areas_of = pl.read_parquet(next((desk.workspace / "data").rglob("*schools*.parquet")))
    mine = set(areas_of.filter(pl.col("area_code") == desk.units["town"])["school_id"])
    rows = table("seat_outlook").filter(pl.col("unit_kind") == "school", pl.col("stage") == "primary")
    assert set(shown) - {desk.units["town"]} == mine & set(rows["unit_code"])


def test_a_school_sees_its_own_rows_only(get: Get, desk: Desk) -> None:
    own, other = desk.units["school"], desk.units["other_school"]
    answer = get("school_clerk", unit="school")
    assert answer.status_code == 200
    assert other not in answer.content.decode()
    assert get("school_clerk", f"{own}/", unit="school").status_code == 200
    assert get("school_clerk", f"{other}/", unit="school").status_code == 404
    assert get("school_clerk", f"{other}/fan.svg", unit="school").status_code == 404
    assert get("school_clerk").status_code == 404


def test_drafts_are_for_those_who_forecast(get: Get) -> None:
    RunRecord.objects.update(state=RunRecord.DRAFT)
    assert "还没有发布学位预测" in text(get("school_clerk", unit="school"))
    assert "还没有可看的学位预测" not in text(get("planner"))


def test_without_a_run_the_page_says_what_to_do(get: Get, desk: Desk) -> None:
    RunRecord.objects.all().delete()
    for path in ("", "warnings/", "accuracy/"):
        page = get("planner", path)
        assert "还没有测算过" in text(page)
        assert "/forecast/start/" in page.content.decode()
    for data in (desk.workspace / "data").glob("*.json"):
        data.unlink()
    assert "还没有导入任何数据" in text(get("planner"))


def test_what_it_counts_names_versions_rules_and_findings(get: Get, table: Table) -> None:
    page = text(get("planner", stage="junior"))
    assert "v0001" in page
    assert "待核" in page
    assert f"共 {table('forecast_findings').height} 处。" in page
    assert "运行 year-" in page


def test_english_has_no_chinese_but_names(get: Get, desk: Desk) -> None:
    client = desk.client("planner")
    client.cookies["django_language"] = "en"
    page = client.get(f"/{desk.units['region']}/2026/forecast/", {"stage": "junior"}).content.decode()
    assert "areas lack" in page
    main = page[page.index('class="headline"') : page.index("<footer")]
    main = re.sub(
        r"<t[hd][^>]*>.*?</t[hd]>|<script.*?</script>|《[^》]*》|<a [^>]*>.*?</a>", "", main, flags=re.S
    )
    left = re.findall(r"[\u4e00-\u9fff]{2,}", re.sub(r"<dd>.*?</dd>|<li>.*?</li>", "", main, flags=re.S))
    assert left == []


def test_still_pictures_are_kept_and_scoped(get: Get, desk: Desk) -> None:
    town = desk.units["town"]
    first = get("planner", f"{town}/fan.svg", stage="primary")
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in first.headers["Cache-Control"]
    body = first.content.decode()
    assert (
        body.startswith("<svg xmlns")
        and "@font-face" in body
        and "http://" not in body.replace("http://www.w3.org", "")
    )
    kept = list((desk.workspace / "desk" / "cache" / "figures").glob("*.svg"))
    assert len(kept) == 1
    again = desk.client("planner").get(
        f"/{desk.units['region']}/2026/forecast/{town}/fan.svg",
        {"stage": "primary"},
        headers={"If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304
    assert get("planner", f"{town}/no.svg").status_code == 404
    assert get("planner", f"{town}/fan.svg", run="year-000000000000").status_code == 404


def test_chart_and_picture_tell_the_same(get: Get, desk: Desk) -> None:
    town = desk.units["town"]
    title = spec(get("planner", f"{town}/", stage="primary"), "fan")["title"]
    picture = get("planner", f"{town}/fan.svg", stage="primary").content.decode()
    assert title in picture
