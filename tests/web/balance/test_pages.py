"""Balance: what each person sees of assessments, warnings, indicators and the way to pass."""

from __future__ import annotations

import io
import re
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest
from tests.web.balance.plans import keep_plan

YEAR = 2026


@pytest.fixture
def page(client_for: Any, desk: Any) -> Any:
    def get(role: str, unit: str, path: str = "", **query: str) -> str:
        code = desk.units.get(unit, unit)
        response = client_for(role).get(f"/{code}/{YEAR}/balance/{path}", query)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    return get


def run_table(desk: Any, name: str) -> pl.DataFrame:
    return pl.read_parquet(next((desk.workspace / "runs").glob(f"*/tables/{name}.parquet")))


def table(html: str, key: str) -> str:
    found = re.search(rf'<table id="t-{key}".*?</table>', html, re.S)
    assert found, key
    return found.group()


def rows_of(html: str, key: str) -> list[str]:
    return re.findall(r"<tr[^>]*>.*?</tr>", table(html, key).split("<tbody>")[1], re.S)


def assessed_school(desk: Any, status: str) -> dict[str, Any]:
    results = run_table(desk, "assessment_results")
    mine = results.filter(
        pl.col("assessment") == "quality_balance", pl.col("level") == "school", pl.col("status") == status
    )
    return mine.row(0, named=True)


def test_what_is_not_met_comes_first_and_every_open_row_is_there(page: Any, desk: Any) -> None:
    items = run_table(desk, "assessment_items").filter(
        pl.col("assessment") == "quality_balance", pl.col("level") == "county", pl.col("part") == ""
    )
    wanted = items.filter(pl.col("status") != "met", pl.col("kind") != "beside").height
    html = page("planner", "region")
    rows = rows_of(html, "open")
    assert len(rows) == wanted
    lights = [re.search(r'class="light (\w+)"', row).group(1) for row in rows]  # type: ignore[union-attr]
    assert lights == sorted(lights, key=["bad", "near", "unseen"].index)
    assert html.index('id="t-open"') < html.index('id="t-wanting"') < html.index('id="t-met-')


def test_the_matrix_shows_each_school_by_word_and_shape_and_leads_to_its_card(page: Any, desk: Any) -> None:
    short = assessed_school(desk, "unmet")
    html = page("planner", "region")
    row = next(row for row in rows_of(html, "wanting") if f"/{short['area']}/" in row)
    items = run_table(desk, "assessment_items").filter(
        pl.col("assessment") == "quality_balance", pl.col("area") == short["area"],
        pl.col("stage") == short["stage"], pl.col("group") == "resources", pl.col("part") == "",
    )  # fmt: skip
    lights = re.findall(r'class="light (\w+)">([^<]+)<', row)[1:]
    assert len(lights) == items.height == 7
    assert sum(kind == "good" for kind, _ in lights) == items.filter(pl.col("status") == "met").height
    assert all(word for _, word in lights)
    assert "本校达标各项" in page("planner", short["area"])


def test_all_schools_stand_on_their_own_page_in_pages(page: Any, desk: Any) -> None:
    results = run_table(desk, "assessment_results").filter(
        pl.col("assessment") == "quality_balance", pl.col("level") == "school"
    )
    first, second = page("leader", "region", "schools/"), page("leader", "region", "schools/", page="2")
    seen = len(rows_of(first, "schools")) + len(rows_of(second, "schools"))
    assert seen == results.height


def test_the_stage_narrows_items_and_schools(page: Any) -> None:
    html = page("planner", "region", stage="junior")
    stages = {re.findall(r"<td[^>]*>([^<]*)</td>", row)[0] for row in rows_of(html, "wanting")}
    assert stages == {"初中"}
    assert ">小学</td>" not in table(html, "open")


def test_a_town_sees_its_own_schools_and_no_county(page: Any, desk: Any) -> None:
    html = page("town_clerk", "town")
    assert 'id="t-open"' not in html
    assert "自评报告" not in html
    inside = {unit.code for unit in desk.unit("town").__class__.objects.within([desk.unit("town").path])}
    named = set(re.findall(r"/(\d{10})/2026/balance", html))
    assert named <= inside


def test_an_item_names_who_weighs_most_and_who_is_left_out(page: Any, desk: Any) -> None:
    worst = run_table(desk, "indicator_worst").filter(pl.col("indicator") == "backbone_teachers_cv")
    html = page("planner", "region", "items/C2/")
    assert len(rows_of(html, "worst")) == worst.height
    assert "按规则不计入" in html
    resources = page("planner", "region", "items/L5/")
    assert '"kind": "bars"' in resources


def test_the_spread_counts_every_school_once(page: Any, desk: Any) -> None:
    items = run_table(desk, "assessment_items").filter(
        pl.col("assessment") == "quality_balance", pl.col("item") == "L5", pl.col("level") == "school",
        pl.col("status").is_in(["met", "unmet"]),
    )  # fmt: skip
    rows = rows_of(page("planner", "region", "items/L5/"), "spread")
    counts = [int(one) for row in rows for one in re.findall(r'<td class="right">(\d+)</td>', row)]
    assert sum(counts) == items.height


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_the_official_report_is_taken_and_written_down(client_for: Any, desk: Any, form: str) -> None:
    from junheng.web.audit.models import AuditEvent

    response = client_for("leader").get(f"/{desk.units['region']}/{YEAR}/balance/report/{form}/")
    assert response.status_code == 200
    names = ZipFile(io.BytesIO(response.content)).namelist()
    assert ("word/document.xml" if form == "docx" else "xl/workbook.xml") in names
    assert AuditEvent.objects.filter(verb="export.taken", object__endswith=form).exists()


def test_the_stage_does_not_cut_the_official_report(client_for: Any, desk: Any) -> None:
    place = f"/{desk.units['region']}/{YEAR}/balance/report/xlsx/"
    whole, narrowed = (client_for("leader").get(place, query).content for query in ({}, {"stage": "junior"}))
    sheets = [ZipFile(io.BytesIO(one)).read("xl/worksheets/sheet1.xml") for one in (whole, narrowed)]
    assert sheets[0] == sheets[1]


def test_who_only_looks_on_from_above_takes_no_official_report(client_for: Any, desk: Any) -> None:
    place = f"/{desk.units['region']}/{YEAR}/balance/report/docx/"
    assert client_for("superior").get(place).status_code == 403


def test_warnings_most_pupils_first_and_of_the_own_units_alone(page: Any, desk: Any) -> None:
    html = page("planner", "region", "warnings/")
    pupils = [
        int(one.replace(",", ""))
        for row in rows_of(html, "warned")
        for one in re.findall(r'<td class="right">([\d,]+)</td>', row)
    ]
    assert pupils == sorted(pupils, reverse=True)
    whole = run_table(desk, "monitoring_warnings")
    school = whole.filter(pl.col("level") == "school")["area"][0]
    own = rows_of(page("planner", school, "warnings/"), "warned")
    assert len(own) == min(60, whole.filter(pl.col("area") == school).height)


def test_the_board_shows_the_first_warnings(page: Any) -> None:
    board, every = page("planner", "region"), page("planner", "region", "warnings/")
    keys = [re.findall(r'data-key="([^"]+)"', table(html, "warned")) for html in (board, every)]
    assert len(keys[0]) == 5
    assert keys[0] == keys[1][:5]


def test_warnings_by_kind(page: Any, desk: Any) -> None:
    wanted = run_table(desk, "monitoring_warnings").filter(pl.col("kind") == "margin").height
    assert len(rows_of(page("planner", "region", "warnings/", kind="margin"), "warned")) == wanted


def test_the_desk_tells_the_planner(client_for: Any, desk: Any) -> None:
    html = client_for("planner").get(f"/{desk.units['region']}/{YEAR}/").content.decode()
    assert f"/{desk.units['region']}/{YEAR}/balance/warnings/" in html


def test_indicators_are_searched_and_told_in_the_words_of_the_rules(page: Any) -> None:
    from junheng.rules.formula import lines
    from junheng.web.workspace import book, region

    found = rows_of(page("leader", "region", "indicators/", q="equipment_value_cv"), "listed")
    assert len(found) == 1
    assert "equipment_value_cv" in found[0]
    from datetime import date

    from django.utils.html import escape

    law = book().at(date(2025, 9, 1), region())
    html = page("leader", "region", "indicators/equipment_value_cv/")
    for _, text in lines(law.indicators["equipment_value_cv"], "zh"):
        assert escape(text) in html


def test_an_indicator_shows_the_values_of_the_run(page: Any, desk: Any) -> None:
    values = run_table(desk, "indicator_values").filter(
        pl.col("indicator") == "equipment_value_cv", pl.col("level") == "county"
    )
    html = page("leader", "region", "indicators/equipment_value_cv/")
    rows = rows_of(html, "values")
    assert len(rows) == values.height
    newest = values.filter(pl.col("year") == 2025, pl.col("stage") == "primary")["value"][0]
    assert f"{newest:.3f}" in rows[0] + rows[1]


def test_the_list_measured_or_not_parts_all(page: Any) -> None:
    def count(**query: str) -> int:
        text = page("leader", "region", "indicators/", **query)
        found = re.search(r"<caption>指标（(\d+) 个）", text)
        assert found
        return int(found.group(1))

    assert count(measured="yes") + count(measured="no") == count()
    assert count(measured="yes") > 20


def test_the_plan_says_cost_bound_and_before_and_after(page: Any, desk: Any) -> None:
    keep_plan(desk)
    html = page("leader", "region", "way/")
    assert "3.60 万元" in html
    assert "3.00 万元" in html
    assert "16.7%" in html
    assert "0.562" in html
    assert "由超线到达标" in html
    assert "2027" in table(html, "breaks")


def test_a_plan_that_cannot_pass_says_so(page: Any, desk: Any) -> None:
    reach = [{"school": desk.units["school"], "stage": "primary", "item": "L5", "missing": 3.5}]
    keep_plan(desk, status="infeasible", out_of_reach=reach, verified=None)
    html = page("planner", "region", "way/")
    assert "够不着" in html
    assert "没有更省" not in html


def test_plans_are_shown_to_the_county_alone_and_name_no_neighbour(page: Any, desk: Any) -> None:
    giver = desk.units["other_school"]
    keep_plan(desk, giver=giver)
    name = desk.unit("other_school").name
    assert name in page("planner", "region", "way/")
    mine = page("planner", "school", "way/")
    assert "3.60 万元" in mine
    assert name not in mine
    assert "3.60" not in page("principal", "school", "way/")


def test_a_plan_on_older_data_says_so(page: Any, desk: Any) -> None:
    from junheng.web.jobs.models import Job

    job = Job.objects.get(pk=keep_plan(desk))
    job.args["version"] = "v0000"
    job.save()
    assert "请重算" in page("planner", "region", "way/")


def test_starting_keeps_the_prices_typed_for_this_calculation_alone(client_for: Any, desk: Any) -> None:
    from pathlib import Path

    from django.conf import settings

    from junheng.web.balance.way_command import arguments
    from junheng.web.jobs.models import Job

    levers = pl.read_parquet(next((desk.workspace / "data").glob("**/improvement_levers*.parquet")))
    place = f"/{desk.units['region']}/{YEAR}/balance/way/start/"
    client = client_for("planner")
    form = {"budget": "2,000,000", "until": "2028"}
    ordered = levers.sort("lever_id").to_dicts()
    for number, row in enumerate(ordered):
        form |= {
            f"cost-{number}": str(row["cost"]),
            f"cap-{number}": "" if row["cap"] is None else str(row["cap"]),
        }
    form["cost-0"] = "12345"
    response = client.post(place, form)
    assert response.status_code == 303
    job = Job.objects.get(verb="pass_plan")
    kept = pl.read_parquet(Path(settings.DESK) / job.args["levers"]).sort("lever_id")
    assert kept["cost"][0] == 12345
    assert kept.height == levers.height
    command = arguments(job)
    assert command[command.index("--horizon") + 1] == "2026,2028"
    assert command[command.index("--budget") + 1] == "2000000.0"
    client.post(place, form)
    assert Job.objects.filter(verb="pass_plan").count() == 1


@pytest.mark.parametrize(
    ("name", "typed"),
    [("budget", "-1"), ("cost-0", "abc"), ("cost-0", ""), ("cap-1", "²"), ("until", "1999")],
)
def test_what_was_typed_wrong_is_said_where_it_stands(
    client_for: Any, desk: Any, name: str, typed: str
) -> None:
    from junheng.web.jobs.models import Job

    form = {f"{field}-{n}": "1" for n in range(12) for field in ("cost", "cap")} | {name: typed}
    response = client_for("planner").post(f"/{desk.units['region']}/{YEAR}/balance/way/start/", form)
    assert response.status_code == 422
    assert f'href="#f-{name}"' in response.content.decode()
    assert not Job.objects.filter(verb="pass_plan").exists()


@pytest.mark.parametrize(
    "path", ["", "schools/", "items/L5/", "items/C2/", "warnings/", "indicators/", "way/"]
)
def test_above_the_county_it_is_the_county(page: Any, desk: Any, path: str) -> None:
    keep_plan(desk)
    assert "<h1" in page("superior", "above", path)


def test_a_region_without_a_run_is_told_what_to_do(client_for: Any, desk: Any) -> None:
    from junheng.web.runs.models import RunRecord

    RunRecord.objects.all().update(verb="scenario")
    for path in ("", "schools/", "warnings/", "indicators/", "indicators/equipment_value_cv/", "way/"):
        response = client_for("planner").get(f"/{desk.units['region']}/{YEAR}/balance/{path}")
        assert response.status_code == 200, path
    assert (
        "导入数据" in client_for("planner").get(f"/{desk.units['region']}/{YEAR}/balance/").content.decode()
    )


def test_a_kindergarten_is_told_that_it_is_not_judged_by_itself(page: Any, desk: Any) -> None:
    assert run_table(desk, "assessment_results").filter(pl.col("area") == desk.units["school"]).is_empty()
    html = page("principal", "school")
    assert "没有一项评估" in html
    assert "导入数据" not in html
